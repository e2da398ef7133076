import Logging
import SyncronCore
import SyncronHistory
import SyncronJournal

/// Brings a history that is far behind up to what is applied, while the node serves: an exchange of its own follows
/// the journal from an older snapshot, until the tail in memory reaches back to what is stored.
struct HistoryCatchUp: Sendable {
    let storage: any Storage
    let limits: Limits
    let log: Logger
    private static let retry = Duration.seconds(10)

    init(storage: any Storage, limits: Limits, log: Logger) {
        self.storage = storage
        self.limits = limits
        self.log = log
    }

    /// Returns when the tail can be stored live, or was closed.
    func run(_ writer: HistoryWriter) {
        log.notice(
            "the history catches up", metadata: ["from": "\(writer.tail.stored)", "to": "\(writer.tail.applied)"])
        while !writer.tail.isClosed {
            do throws(NodeFailure) {
                try bringUp(writer)
                return log.notice("the history has caught up", metadata: ["sequence": "\(writer.tail.stored)"])
            } catch {
                if case .unavailable = error { return }
                log.error("the history cannot catch up, trying again: \(error)")
                _ = writer.tail.waitUntilClosed(.now + Self.retry)
            }
        }
    }

    private func bringUp(_ writer: HistoryWriter) throws(NodeFailure) {
        let tail = writer.tail
        let start = try RecoveryStart.find(in: storage, notAfter: tail.stored, log)
        var anchor = start.anchor
        var exchange = try start.exchange(limits: limits, keepsMarketData: false)
        repeat {
            // Batches are read only once they are applied: until then nobody may see them.
            let stored = tail.stored
            let replay = Replay(storage: storage, mode: .growing, until: tail.applied, keepsUserEventsAfter: stored)
            var load = Load()
            anchor = try replay.run(&exchange, after: anchor) { (exchange, draft) throws(NodeFailure) in
                load.commands += draft.commands.count
                if draft.lastSequence > stored { load.add(draft.finish(), exchange.userEvents) }
                if load.isFull { try load.unload(writer) }
            }
            try load.unload(writer)
        } while !tail.meet(stored: anchor.sequence)
    }

    /// What goes into one transaction.
    private struct Load {
        var entries: [HistoryEntry] = []
        var events = 0
        /// Those that the history has already, too.
        var commands = 0

        var isFull: Bool { max(events, commands) >= HistoryWriter.transactionWeight }

        mutating func add(_ batch: AppliedBatch, _ log: UserEventLog) {
            batch.appendEntries(to: &entries) { log.isSandbox($0) }
            events += batch.events.count
        }

        mutating func unload(_ writer: HistoryWriter) throws(NodeFailure) {
            guard writer.store(entries), !writer.tail.isClosed else { throw .unavailable(.stopping) }
            entries.removeAll(keepingCapacity: true)
            events = 0
            commands = 0
        }
    }
}
