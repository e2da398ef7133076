import GRDB
import Synchronization
import SyncronCore

/// What must stay queryable for ever: orders, trades, deposits, candles, and for a day the events of each account.
///
/// It is a projection of the journal in one SQLite file: a fold over entries that can be deleted and rebuilt. Each
/// batch is one transaction that also stores the sequence it reaches, so that a batch applied twice changes nothing.
///
/// The file is in WAL mode with `synchronous` NORMAL: a commit is not synced. A power cut may therefore take back the
/// last batches, whole and in order, and never damages the file; the journal, which is the truth, has them still and
/// they are applied again. What may be deleted from the journal is decided by `makeDurable()`, which does sync.
///
/// Writes wait for each other; reads run beside them, each on a snapshot of its own.
public final class HistoryStore: Sendable {
    public let path: String
    let pool: DatabasePool
    private let applied: Mutex<Sequence>
    private let durable: Mutex<Sequence>

    /// Opens the file, or creates it, and brings its tables up to this release.
    public convenience init(path: String) throws(HistoryFailure) {
        try self.init(path: path) { _ in }
    }

    /// `prepare` is called for each connection that is opened: tests listen to its statements.
    init(path: String, prepare: @escaping @Sendable (Database) throws -> Void) throws(HistoryFailure) {
        self.path = path
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(prepare: prepare))
            guard try !pool.read(Schema.migrator.hasBeenSuperseded) else { throw HistoryFailure.newer(path: path) }
            try Schema.migrator.migrate(pool)
            let sequence = try pool.read { try Progress.read(from: $0).sequence }
            applied = Mutex(sequence)
            durable = Mutex(Sequence(0))
        } catch {
            throw HistoryFailure(error, path: path)
        }
    }

    /// The last command that the history holds. What `read` shows is at least as new.
    public var appliedSequence: Sequence { applied.withLock { $0 } }

    /// Adds what `entries` left behind, in one transaction: after a failure nothing of them is there. Entries up to
    /// `appliedSequence` are passed over. Commands that left nothing need no entry.
    ///
    /// - Parameter entries: In the journal's order.
    /// - Throws: `HistoryFailure`; when `isRetryable`, the same batch should be given again later.
    public func apply(_ entries: [HistoryEntry]) throws(HistoryFailure) {
        guard !entries.isEmpty else { return }
        do {
            let reached = try pool.write { try Self.apply(entries, to: $0) }
            applied.withLock { $0 = reached }
        } catch {
            throw HistoryFailure(error, path: path)
        }
    }

    private static func apply(_ entries: [HistoryEntry], to database: Database) throws -> Sequence {
        var progress = try Progress.read(from: database)
        var batch = Batch()
        var previous: Sequence?
        for entry in entries {
            let sequence = entry.stamp.sequence
            if let previous, sequence <= previous { throw HistoryFailure.outOfOrder(sequence, after: previous) }
            previous = sequence
            guard sequence > progress.sequence else { continue }
            batch.add(entry)
        }
        guard let last = previous, last > progress.sequence else { return progress.sequence }
        var writer = BatchWriter(database: database, counts: progress.counts)
        try writer.write(batch)
        progress.counts = writer.counts
        progress.sequence = last
        try progress.write(to: database)
        return last
    }

    /// Syncs the file. Returns the last command that no power cut can take back any more: up to there, segments of the
    /// journal are not needed by the history. While readers hold the file back, it may be an earlier one.
    public func makeDurable() throws(HistoryFailure) -> Sequence {
        do {
            let reached = try pool.writeWithoutTransaction { database -> Sequence? in
                let sequence = try Progress.read(from: database).sequence
                // A checkpoint that copies the whole log syncs first the log and then the file.
                let log = try database.checkpoint(.full)
                return log.walFrameCount == log.checkpointedFrameCount ? sequence : nil
            }
            return durable.withLock { durable in
                if let reached { durable = max(durable, reached) }
                return durable
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return durable.withLock { $0 }
        } catch {
            throw HistoryFailure(error, path: path)
        }
    }

    /// Asks any number of questions of one and the same state. Blocks its thread meanwhile.
    public func read<R>(_ body: (HistoryView) throws -> R) throws(HistoryFailure) -> R {
        do {
            return try pool.read { try body(HistoryView(database: $0)) }
        } catch {
            throw HistoryFailure(error, path: path)
        }
    }

    /// Asks any number of questions of one and the same state, on a thread of the history's.
    public func read<R: Sendable>(
        _ body: @Sendable (HistoryView) throws -> R
    ) async throws(HistoryFailure) -> R {
        do {
            return try await pool.read { try body(HistoryView(database: $0)) }
        } catch {
            throw HistoryFailure(error, path: path)
        }
    }

    /// As `read`, of the state that `entries` would lead to while they cannot be stored: what they change stays in
    /// memory and is forgotten after the answer. Takes its turn among the writes.
    public func read<R: Sendable>(
        ahead entries: [HistoryEntry], _ body: @Sendable (HistoryView) throws -> R
    ) async throws(HistoryFailure) -> R {
        do {
            return try await pool.writeWithoutTransaction { database in
                // A page that does not fit would be written.
                try database.execute(sql: "PRAGMA cache_spill = OFF")
                defer { try? database.execute(sql: "PRAGMA cache_spill = ON") }
                try database.beginTransaction(.immediate)
                defer { try? database.rollback() }
                _ = try Self.apply(entries, to: database)
                return try body(HistoryView(database: database))
            }
        } catch {
            throw HistoryFailure(error, path: path)
        }
    }

    /// Closes the file. After it, every call fails.
    public func close() throws(HistoryFailure) {
        do {
            // Otherwise the log would stay: of the connections, the one that may write is not the last to close. That
            // it is read still is no reason not to close.
            _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            try pool.close()
        } catch {
            throw HistoryFailure(error, path: path)
        }
    }
}

extension HistoryStore {
    private static func configuration(prepare: @escaping @Sendable (Database) throws -> Void) -> Configuration {
        var configuration = Configuration()
        configuration.label = "history"
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = 4
        // Another program may look into the file; a checkpoint also waits for readers in this way.
        configuration.busyMode = .timeout(2)
        configuration.prepareDatabase { database in
            if database.configuration.readonly {
                try database.execute(sql: "PRAGMA cache_size = \(-readerCache)")
            } else {
                // Takes effect on a file without tables only, so that deleted rows can give their space back.
                try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
                try database.execute(sql: "PRAGMA cache_size = \(-writerCache)")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
                try database.execute(sql: "PRAGMA journal_size_limit = \(logSize)")
            }
            try prepare(database)
        }
        return configuration
    }

    /// Kibibytes of pages that the one writer, and each of the readers, keeps in memory.
    private static let writerCache = 32_768
    private static let readerCache = 4_096
    /// Pages of 4 KiB that the log gathers before they are copied into the file: fewer are synced more often.
    private static let checkpointPages = 4_000
    /// Bytes that the log keeps on disk once it has been copied.
    private static let logSize = 67_108_864
}
