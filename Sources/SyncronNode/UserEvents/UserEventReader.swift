import SyncronCore
import SyncronHistory

/// Reads an account's stream back: what the history has stored of it, and behind it what waits to be stored.
struct UserEventReader: Sendable {
    let store: HistoryStore
    let tail: HistoryTail
    let patience: Duration

    /// At most `limit` events from `seq` on. `newest` is the number of the account's newest event, asked for before.
    func page(
        of account: AccountID, from seq: UInt64, newest: UInt64, now: Timestamp, limit: Int
    ) async throws -> UserStreamPage {
        // What waits is looked at first: an event that is stored meanwhile is then seen twice, never missed.
        let oldest = now + -HistoryRetention.userEventAge
        let waiting = try await waitingEvents(of: account).filter { $0.stamp.time >= oldest }
        let stored = try await store.read { view in
            try view.userEvents(of: account, from: seq, now: now, limit: limit)
        }
        var events: [NumberedUserEvent] = []
        for event in stored.events {
            events.append(
                try NumberedUserEvent(account: account, seq: event.seq, stamp: event.stamp, body: event.body))
        }
        let reached = events.last?.seq ?? max(stored.lastSeq, seq - min(seq, 1))
        if reached >= stored.lastSeq {
            let rest = waiting.drop { $0.seq <= reached || $0.seq < seq }
            events.append(contentsOf: rest.prefix(limit - events.count))
        }
        let oldestStored = stored.firstSeq <= stored.lastSeq ? stored.firstSeq : nil
        let oldestWaiting = waiting.first { $0.seq > stored.lastSeq }?.seq
        return UserStreamPage(
            firstSeq: oldestStored ?? oldestWaiting ?? newest + 1, events: events, lastSeq: newest)
    }

    /// The account's events that are not stored yet. While the history catches up, nobody knows them all.
    private func waitingEvents(of account: AccountID) async throws -> [NumberedUserEvent] {
        if let batches = tail.pending {
            return batches.flatMap { batch in batch.userEvents.filter { $0.account == account } }
        }
        guard await tail.storesAll(by: .now + patience) else { throw Unavailable.historyBehind }
        return []
    }
}
