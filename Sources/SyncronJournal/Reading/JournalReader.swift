import SyncronCore

/// Reads a journal from any sequence on, in order, checking checksums and chain as it goes. It takes no lock and
/// changes nothing; a journal may be read while it is written.
public struct JournalReader: ~Copyable {
    /// What the end of the written bytes means.
    public enum Mode: Sendable {
        /// Nobody writes: what does not match is damage.
        case settled
        /// Somebody may be writing: a batch may be seen half written, and is looked at again.
        case growing
    }

    /// Batches that go beyond this are left for later. A follower that must not run ahead of what is durable sets it
    /// to the last durable sequence.
    public var limit: Sequence?

    /// Where the reader stands: behind the last batch that it gave. Nil before the first one.
    public private(set) var position: ChainAnchor?

    /// The file, relative to the data directory, in which the reader stands, and how many of its bytes hold what it has
    /// passed. Nil before the first batch.
    public private(set) var reached: (file: String, bytes: Int)?

    private let storage: any Storage
    private let mode: Mode
    private let from: Sequence
    private let anchor: ChainAnchor?
    private var scanner: SegmentScanner?
    private static let looks = 3

    /// Reads from the command after `anchor` on: after a snapshot, whose place in the chain the first batch is
    /// checked against.
    public init(storage: any Storage, after anchor: ChainAnchor, mode: Mode = .settled) {
        self.init(storage: storage, from: anchor.sequence.next, anchor: anchor, mode: mode)
    }

    /// Reads from `sequence` on, which need not be the first of a batch. Damage before it does not matter.
    public init(storage: any Storage, from sequence: Sequence, mode: Mode = .settled) {
        self.init(storage: storage, from: sequence, anchor: nil, mode: mode)
    }

    private init(storage: any Storage, from sequence: Sequence, anchor: ChainAnchor?, mode: Mode) {
        self.storage = storage
        self.mode = mode
        self.anchor = anchor
        from = max(sequence, Sequence(1))
        scanner = nil
    }

    /// The next batch; nil at the end of the journal, where it can be asked again later. A batch in which reading
    /// starts is given without the commands before.
    public mutating func next() throws(JournalFailure) -> Batch? {
        var commands: [Command] = []
        guard let info = try next(into: &commands) else { return nil }
        return Batch(info: info, commands: commands)
    }

    /// Like `next()`, with the commands in place of what `commands` held, whose memory is used again.
    public mutating func next(into commands: inout [Command]) throws(JournalFailure) -> BatchInfo? {
        guard let header = try find(), let extent = try scanner?.extent(of: header), let start = extent.baseAddress
        else { return nil }
        let skipped = from > header.first ? Int(from.raw - header.first.raw) : 0
        commands.removeAll(keepingCapacity: true)
        commands.reserveCapacity(header.count - skipped)
        var failed: (index: Int, offset: Int, what: String)?
        BatchRecords.forEach(in: extent, count: header.count) { index, payload in
            guard index >= skipped, failed == nil else { return }
            do throws(CodingFailure) {
                commands.append(try BatchRecords.command(in: payload))
            } catch {
                failed = (index, payload.baseAddress.map { $0 - start } ?? 0, error.what)
            }
        }
        if let failed, var damage = scanner?.damage("a command that cannot be read: \(failed.what)") {
            damage.offset += failed.offset
            damage.sequence = Sequence(header.first.raw + UInt64(failed.index))
            throw .damaged(damage)
        }
        try pass(header)
        return BatchInfo(
            firstSequence: Sequence(header.first.raw + UInt64(skipped)), count: header.count - skipped,
            time: header.time, rules: header.rules)
    }

    /// Like `next()`, but the commands are not decoded: checksums and chain are verified, and that is all.
    public mutating func nextVerified() throws(JournalFailure) -> BatchInfo? {
        guard let header = try find() else { return nil }
        try pass(header)
        return BatchInfo(firstSequence: header.first, count: header.count, time: header.time, rules: header.rules)
    }

    /// The next batch that holds something from `from` on, good and not passed yet.
    private mutating func find() throws(JournalFailure) -> BatchHeader? {
        var looks = 0
        while try openIfNeeded() {
            if try passEarlierBatch() { continue }
            guard let finding = try scanner?.look() else { return nil }
            looks += 1
            switch finding {
            case .batch(let header):
                if let limit, header.last > limit { return nil }
                return header
            case .blank, .torn:
                // What was read ahead may have been written since.
                scanner?.forget()
                if looks == 1 { continue }
                switch try goOn(isLastLook: looks >= Self.looks) {
                case .moved: looks = 0
                case .lookAgain: continue
                case .atEnd: return nil
                }
            case .damaged(let damage):
                if mode == .growing && looks < Self.looks {
                    scanner?.forget()
                } else if try scanner?.skipDamage(upTo: Sequence(from.raw - 1)) != true {
                    throw .damaged(damage)
                }
            }
        }
        return nil
    }

    private mutating func pass(_ header: BatchHeader) throws(JournalFailure) {
        if let damage = try scanner?.pass(header) { throw .damaged(damage) }
        position = scanner?.place
        if let file = scanner?.bytes.name, let bytes = scanner?.position { reached = (file, bytes) }
    }

    /// Goes over a batch that lies wholly before `from`, without reading it.
    private mutating func passEarlierBatch() throws(JournalFailure) -> Bool {
        guard let next = scanner?.next, next < from, let header = try scanner?.lookAtHeader(), header.last < from
        else { return false }
        scanner?.passUnread(header)
        return true
    }

    /// False while the journal is empty.
    private mutating func openIfNeeded() throws(JournalFailure) -> Bool {
        if scanner != nil { return true }
        let segments = try Segments.list(in: storage)
        guard let earliest = segments.first else { return false }
        guard let segment = Segments.holding(from, of: segments) else {
            throw .missing(wanted: from, first: earliest)
        }
        scanner = try SegmentScanner(first: segment, in: storage, anchor: anchor)
        return true
    }

    private enum Continuation {
        case moved, lookAgain, atEnd
    }

    /// There is no whole batch here: is this the end of the segment, or of the journal, or is one missing?
    private mutating func goOn(isLastLook: Bool) throws(JournalFailure) -> Continuation {
        guard let current = scanner?.bytes.first, let next = scanner?.next else { return .atEnd }
        guard let later = try Segments.list(in: storage).first(where: { $0 > current }) else {
            return try goOnInLastSegment()
        }
        if later == next {
            try open(later, chain: scanner?.chain)
            return .moved
        }
        // The writer may have come here, and gone on to another segment, since the look.
        if mode == .growing && !isLastLook { return .lookAgain }
        if try scanner?.skipDamage(upTo: Sequence(from.raw - 1)) == true { return .moved }
        if later <= from {
            try open(later, chain: nil)
            return .moved
        }
        guard let damage = scanner?.damage("a batch is missing: the next segment begins at sequence \(later)") else {
            return .atEnd
        }
        throw .damaged(damage)
    }

    /// Where nobody writes, a whole batch behind this place shows that one is missing.
    private mutating func goOnInLastSegment() throws(JournalFailure) -> Continuation {
        guard mode == .settled, let behind = try scanner?.nextWholeBatch() else { return .atEnd }
        if try scanner?.skipDamage(upTo: Sequence(from.raw - 1)) == true { return .moved }
        guard let damage = scanner?.damage(missingBatch(before: behind.offset)) else { return .atEnd }
        throw .damaged(damage)
    }

    private mutating func open(_ segment: Sequence, chain: ChainHash?) throws(JournalFailure) {
        let time = scanner?.time ?? .zero
        scanner = try SegmentScanner(first: segment, in: storage, chain: chain, time: time, anchor: anchor)
    }
}
