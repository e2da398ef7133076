import SyncronCore

/// A piece of an account's stream, and what there is of it.
public struct UserEventPage: Sendable, Hashable {
    /// In order, without gaps.
    public var events: [StoredUserEvent]
    /// The oldest event that is kept; `lastSeq` + 1 when none is.
    public var firstSeq: UInt64
    /// The newest event; 0 before the first.
    public var lastSeq: UInt64
}

extension HistoryView {
    /// At most `limit` of the account's events from `seq` on. Events that are past their time at `now` count as gone,
    /// whether or not they have been pruned yet. When `seq` is below the page's `firstSeq`, the page begins there.
    public func userEvents(
        of account: AccountID, from seq: UInt64, now: Timestamp, limit: Int
    ) throws -> UserEventPage {
        guard let stream = try UserStream.of(account, in: database) else {
            return UserEventPage(events: [], firstSeq: 1, lastSeq: 0)
        }
        let byAge = try firstEvent(of: stream, at: now + -HistoryRetention.userEventAge)
        let kept = UInt64(HistoryRetention.userEvents)
        let byCount = stream.lastSeq >= kept ? stream.lastSeq - kept + 1 : 1
        let firstSeq = max(byAge, byCount)
        var events: [StoredUserEvent] = []
        while events.count < limit {
            let next = events.last.map { $0.seq + 1 } ?? max(seq, firstSeq)
            let more = try UserEventRun.events(of: account, from: next, in: database)
            if more.isEmpty { break }
            events.append(contentsOf: more.prefix(limit - events.count))
        }
        return UserEventPage(events: events, firstSeq: firstSeq, lastSeq: stream.lastSeq)
    }

    /// The first event that is kept and happened at `time` or later; `lastSeq` + 1 when none did.
    func firstEvent(of stream: UserStream, at time: Timestamp) throws -> UInt64 {
        try TimeSearch.firstKey(at: time, first: stream.firstSeq, last: stream.lastSeq) { seq in
            try UserEventRun.events(of: stream.account, from: seq, in: database).first
                .map { (key: $0.seq, time: $0.stamp.time) }
        }
    }
}
