import Logging
import SyncronCore
import SyncronJournal

/// From where an exchange is rebuilt: from a snapshot, or from nothing.
struct RecoveryStart: Sendable {
    private let snapshot: Snapshot?

    /// Where the journal goes on.
    var anchor: ChainAnchor { snapshot?.info.anchor ?? .start }

    /// Before the first command.
    static let beginning = RecoveryStart(snapshot: nil)

    private init(snapshot: Snapshot?) { self.snapshot = snapshot }

    /// The newest good snapshot, or the beginning.
    static func newest(in storage: any Storage, _ log: Logger) throws(NodeFailure) -> RecoveryStart {
        try newest(in: storage, notAfter: Sequence(.max), log) ?? .beginning
    }

    /// The newest good snapshot that contains no command behind `sequence`, or the beginning. When the journal does
    /// not reach back so far any more, the oldest snapshot there is.
    static func find(
        in storage: any Storage, notAfter sequence: Sequence, _ log: Logger
    ) throws(NodeFailure) -> RecoveryStart {
        if let start = try newest(in: storage, notAfter: sequence, log) { return start }
        let first = try orNodeFailure { () throws(JournalFailure) in try JournalSegments.starts(in: storage).first }
        guard let first, first.raw > 1 else { return .beginning }
        for later in try snapshots(in: storage).reversed() where later >= Sequence(first.raw - 1) {
            guard let snapshot = load(later, from: storage, log) else { continue }
            log.warning("the journal begins at sequence \(first): what was before is missing up to \(later)")
            return RecoveryStart(snapshot: snapshot)
        }
        throw .pruned(needed: sequence.next, first: first)
    }

    private static func newest(
        in storage: any Storage, notAfter sequence: Sequence, _ log: Logger
    ) throws(NodeFailure) -> RecoveryStart? {
        for candidate in try snapshots(in: storage) where candidate <= sequence {
            if let snapshot = load(candidate, from: storage, log) { return RecoveryStart(snapshot: snapshot) }
        }
        return nil
    }

    /// Newest first.
    private static func snapshots(in storage: any Storage) throws(NodeFailure) -> [Sequence] {
        try orNodeFailure { () throws(JournalFailure) in try SnapshotStore(storage: storage).list() }
    }

    private static func load(_ sequence: Sequence, from storage: any Storage, _ log: Logger) -> Snapshot? {
        do throws(JournalFailure) {
            return try SnapshotStore(storage: storage).load(sequence)
        } catch {
            log.warning("a snapshot is passed over: \(error)")
            return nil
        }
    }

    /// The exchange as it was there. `keepsMarketData` false leaves the market data out.
    consuming func exchange(limits: Limits, keepsMarketData: Bool) throws(NodeFailure) -> Exchange {
        if let snapshot { return try Exchange.load(snapshot, limits: limits, keepsMarketData: keepsMarketData) }
        return Exchange(limits: limits, marketData: keepsMarketData ? MarketDataStore() : nil)
    }
}

/// The segments of a journal, by their names.
enum JournalSegments {
    /// The first sequence of each, in order.
    static func starts(in storage: any Storage) throws(JournalFailure) -> [Sequence] {
        try storage.names(in: .journal)
            .filter { $0.hasSuffix(".journal") }
            .compactMap { UInt64($0.prefix { $0 != "." }).map { Sequence($0) } }
            .sorted()
    }

    /// The first sequence of the newest segment that begins with a command older than `time`: all commands before it
    /// are older as well. Nil when there is none.
    static func newestStart(before time: Timestamp, in storage: any Storage) throws(JournalFailure) -> Sequence? {
        var newest: Sequence?
        for start in try starts(in: storage) {
            var reader = JournalReader(storage: storage, from: start, mode: .growing)
            guard let batch = try reader.nextVerified(), batch.time < time else { break }
            newest = start
        }
        return newest
    }
}

func orNodeFailure<R>(_ body: () throws(JournalFailure) -> R) throws(NodeFailure) -> R {
    do throws(JournalFailure) { return try body() } catch { throw .journal(error) }
}
