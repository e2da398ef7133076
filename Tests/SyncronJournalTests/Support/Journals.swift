import SyncronCore
import Testing

@testable import SyncronJournal

/// Small segments, so that a few batches fill one.
let smallOptions = JournalOptions(segmentBytes: 4_096, batchBytes: 2_048)

func milliseconds(_ count: Int) -> Timestamp { Timestamp(milliseconds: Int64(count)) }

/// Enough to fill several small segments: 400 commands.
let manyBatches = [Int](repeating: 20, count: 20)

/// A number that is its own name.
func tickOrOrder(_ number: Int) -> Command {
    if number % 5 == 0 { return .tick }
    return .placeOrder(
        PlaceOrder(
            account: AccountID(UInt32(number)), market: MarketID(1), side: number % 2 == 0 ? .buy : .sell,
            terms: .limit(price: Ticks(Int64(number)), quantity: Steps(1), timeInForce: .gtc),
            clientOrderID: ClientOrderID("order-\(number)") ?? .none))
}

/// Appends batches of these sizes, each synced, and returns the commands.
@discardableResult
func write(
    batches sizes: [Int], to storage: any Storage, options: JournalOptions = smallOptions
) throws -> [Command] {
    var journal = try Journal.open(storage: storage, options: options)
    return try append(batches: sizes, to: &journal)
}

@discardableResult
func append(batches sizes: [Int], to journal: inout Journal) throws -> [Command] {
    var all: [Command] = []
    for size in sizes {
        let commands = (0..<size).map { tickOrOrder(Int(journal.lastSequence.raw) + 1 + $0) }
        let taken = try journal.append(commands, at: Timestamp(milliseconds: journal.lastTime.milliseconds + 1))
        try #require(taken == size)
        try journal.sync()
        all += commands
    }
    return all
}

/// All batches from `sequence` on.
func read(_ storage: any Storage, from sequence: Sequence = Sequence(1)) throws(JournalFailure) -> [Batch] {
    var reader = JournalReader(storage: storage, from: sequence)
    return try drain(&reader)
}

func drain(_ reader: inout JournalReader) throws(JournalFailure) -> [Batch] {
    var batches: [Batch] = []
    while let batch = try reader.next() { batches.append(batch) }
    return batches
}

/// What opening says; the journal is closed again.
func open(
    _ storage: any Storage, options: JournalOptions = smallOptions, anchor: ChainAnchor = .start
) throws(JournalFailure) -> RecoverySummary {
    let journal = try Journal.open(storage: storage, options: options, anchor: anchor)
    return journal.recovery
}

/// Where the journal's batches stand in the segment that begins with `first`, as their headers say.
func extents(of storage: FaultyStorage, segment first: Sequence = Sequence(1)) throws -> [Range<Int>] {
    let bytes = try #require(storage.bytes(of: FileName.segment(first: first), in: .journal))
    var ranges: [Range<Int>] = []
    var offset = 0
    while offset + BatchHeader.size <= bytes.count {
        let reading = bytes[offset..<offset + BatchHeader.size].withUnsafeBytes { BatchHeader.read($0) }
        guard case .good(let header) = reading else { break }
        ranges.append(offset..<offset + header.length)
        offset += header.length
    }
    return ranges
}

/// The place of the last command of each batch in the chain.
func anchors(of storage: any Storage) throws(JournalFailure) -> [ChainAnchor] {
    var reader = JournalReader(storage: storage, from: Sequence(1))
    var anchors: [ChainAnchor] = []
    while try reader.nextVerified() != nil {
        if let position = reader.position { anchors.append(position) }
    }
    return anchors
}

let firstSegment = FileName.segment(first: Sequence(1))
