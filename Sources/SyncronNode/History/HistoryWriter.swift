import Logging
import SyncronCore
import SyncronHistory

/// The history's thread: stores what was applied, some time after it was. It never ends by itself; what cannot be
/// stored is tried again.
struct HistoryWriter: Sendable {
    let store: HistoryStore
    let tail: HistoryTail
    let clock: NodeClock
    let log: Logger
    /// Of a sandbox account nobody will ask for its events again.
    let directory: @Sendable () -> Directory
    /// Brings the history up to the tail when the tail does not reach back to it.
    let catchUp: HistoryCatchUp

    /// Events and commands of one transaction, when that many are there: some ten thousand orders, a tenth of a second
    /// or two. In larger ones what is changed often is written once instead of many times.
    static let transactionWeight = 60_000
    private static let patience = Duration.milliseconds(250)
    private static let idle = Duration.milliseconds(250)
    private static let retry = Duration.seconds(1)
    private static let pruneInterval = Duration.seconds(60)

    /// Works until the tail is closed and empty.
    func run() {
        if tail.chooseMode() == .catchingUp { catchUp.run(self) }
        var nextPrune = MonotonicTime.now
        while true {
            let weight = Self.transactionWeight
            let batches = tail.next(weight, atMost: weight, patience: Self.patience, until: .now + Self.idle)
            if let batches {
                guard store(HistoryEntry.entries(of: batches, directory())) else { break }
            } else if tail.isClosed {
                break
            }
            if nextPrune <= .now {
                prune()
                nextPrune = .now + Self.pruneInterval
            }
        }
        tail.abandon()
    }

    /// Stores `entries`, however long it takes. False when the tail was closed before it could be done: the next start
    /// takes them from the journal.
    func store(_ entries: [HistoryEntry]) -> Bool {
        var failures = 0
        while let last = entries.last {
            do {
                try store.apply(entries)
                if failures > 0 { log.notice("the history goes on", metadata: ["sequence": "\(last.stamp.sequence)"]) }
                tail.markStored(last.stamp.sequence)
                return true
            } catch {
                tail.markStuck()
                // One line now, and one a minute.
                if failures % 60 == 0 { log.error("the history cannot be written, trying again: \(error)") }
                failures += 1
                if tail.waitUntilClosed(.now + Self.retry) { return false }
            }
        }
        return true
    }

    private func prune() {
        do {
            try store.prune(now: clock.now)
        } catch {
            log.warning("the history cannot be pruned: \(error)")
        }
    }
}

extension HistoryEntry {
    /// What the batches left behind, command by command.
    static func entries(of batches: [AppliedBatch], _ directory: Directory) -> [HistoryEntry] {
        var entries: [HistoryEntry] = []
        entries.reserveCapacity(batches.reduce(0) { $0 + $1.commands.count })
        for batch in batches { batch.appendEntries(to: &entries, isSandbox: directory.isSandbox) }
        return entries
    }
}

extension AppliedBatch {
    /// Appends what the history takes of the batch: one entry for each command.
    func appendEntries(to entries: inout [HistoryEntry], isSandbox: (AccountID) -> Bool) {
        var stored: [StoredUserEvent] = []
        stored.reserveCapacity(userEvents.count)
        var writer = ByteWriter(capacity: 512)
        for event in userEvents where !isSandbox(event.account) { stored.append(StoredUserEvent(event, &writer)) }
        var next = 0
        for command in commands {
            let first = next
            while next < stored.count, stored[next].stamp.sequence == command.stamp.sequence { next += 1 }
            entries.append(
                HistoryEntry(
                    stamp: command.stamp, events: events[command.events], userEvents: stored[first..<next]))
        }
    }
}

extension StoredUserEvent {
    /// `writer` is only where the bytes are made.
    init(_ event: NumberedUserEvent, _ writer: inout ByteWriter) {
        writer.clear()
        writer.encode(event.event)
        self.init(account: event.account, seq: event.seq, stamp: event.stamp, body: writer.array())
    }
}
