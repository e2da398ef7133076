import Foundation
import GRDB
import SyncronCore
import Testing

@testable import SyncronHistory

@Suite("Events of accounts")
struct UserEventTests {
    private let kept = UInt64(HistoryRetention.userEvents)

    private func page(
        _ temporary: TemporaryStore, account: UInt32 = 1, from seq: UInt64, now: Timestamp = start, limit: Int = 10
    ) throws -> UserEventPage {
        try temporary.store.read { try $0.userEvents(of: AccountID(account), from: seq, now: now, limit: limit) }
    }

    @Test("events come back in order from a seq, byte for byte")
    func reading() throws {
        let temporary = try TemporaryStore()
        var entries = stream(of: 1, seqs: 1...5, from: 1)
        entries[2].userEvents[0].body = []
        entries[3].userEvents[0].body = Array(0...255)
        entries[0].userEvents.append(
            StoredUserEvent(account: AccountID(2), seq: 1, stamp: entries[0].stamp, body: [9]))
        try temporary.store.apply(entries)
        try temporary.reopen()
        let all = try page(temporary, from: 0)
        #expect(all.events == entries.compactMap(\.userEvents.first))
        #expect((all.firstSeq, all.lastSeq) == (1, 5))
        #expect(try page(temporary, from: 4).events.seqs == [4, 5])
        #expect(try page(temporary, from: 2, limit: 2).events.seqs == [2, 3])
        #expect(try page(temporary, from: 6).events == [])
        #expect(try page(temporary, from: .max).events == [])
        #expect(try page(temporary, from: 1, limit: 0).events == [])
        #expect(try page(temporary, from: 1, limit: -1).events == [])
        #expect(try page(temporary, account: 2, from: 1).events.map(\.body) == [[9]])
    }

    @Test("an account that was never told anything has an empty stream")
    func nothing() throws {
        let temporary = try TemporaryStore()
        #expect(try page(temporary, from: 1) == UserEventPage(events: [], firstSeq: 1, lastSeq: 0))
    }

    @Test("the last 10,000 events are readable, whether the older ones are deleted yet or not")
    func count() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(stream(of: 1, seqs: 1...kept, from: 1))
        #expect(try page(temporary, from: 1).firstSeq == 1)
        try temporary.store.apply(stream(of: 1, seqs: kept + 1...kept + 500, from: kept + 1))
        var first = try page(temporary, from: 1, limit: 1)
        #expect((first.firstSeq, first.events.seqs, first.lastSeq) == (501, [501], kept + 500))
        #expect(try temporary.keptUserEvents() == HistoryRetention.userEvents + 500)
        // Beyond the slack they are deleted.
        try temporary.store.apply(stream(of: 1, seqs: kept + 501...kept + 2_000, from: kept + 501))
        first = try page(temporary, from: 1, limit: 1)
        #expect((first.firstSeq, first.events.seqs) == (2_001, [2_001]))
        #expect(try temporary.keptUserEvents() == HistoryRetention.userEvents)
        #expect(try temporary.countedRows() == temporary.store.read { try $0.counts })
    }

    @Test(
        "one batch with more events than are kept stores the last of them, and leaves no hole in what is counted as kept",
        arguments: [50, 900] as [UInt64])
    func largeBatch(surplus: UInt64) throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(stream(of: 1, seqs: 1...3, from: 1))
        try temporary.store.apply(stream(of: 1, seqs: 4...kept + surplus, from: 4))
        let first = try page(temporary, from: 1, limit: 1)
        #expect((first.firstSeq, first.events.seqs, first.lastSeq) == (surplus + 1, [surplus + 1], kept + surplus))
        let rows = try temporary.store.pool.read {
            try Int.fetchOne($0, sql: "SELECT sum(last_seq + 1 - first_seq) FROM user_event_runs") ?? 0
        }
        #expect(try temporary.keptUserEvents() == rows)
        #expect(try temporary.countedRows() == temporary.store.read { try $0.counts })
    }

    @Test("events older than a day count as gone before they are pruned, and are gone after")
    func age() throws {
        let temporary = try TemporaryStore()
        let hour: Int64 = 3_600_000
        try temporary.store.apply(stream(of: 1, seqs: 1...48, from: 1, at: start, step: hour))
        let now = start + 48 * hour
        // The event of 24 hours ago is kept, the one before it is not.
        var first = try page(temporary, from: 1, now: now, limit: 1)
        #expect((first.firstSeq, first.events.seqs, first.lastSeq) == (25, [25], 48))
        #expect(try temporary.keptUserEvents() == 48)
        #expect(try temporary.store.prune(now: now).userEvents == 24)
        first = try page(temporary, from: 1, now: now, limit: 1)
        #expect((first.firstSeq, first.events.seqs, first.lastSeq) == (25, [25], 48))
        #expect(try temporary.keptUserEvents() == 24)
        #expect(try temporary.store.prune(now: now).userEvents == 0)
    }

    @Test("a stream whose events are all gone keeps its count and goes on")
    func allGone() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(stream(of: 1, seqs: 1...5, from: 1) + stream(of: 2, seqs: 1...1, from: 6))
        let later = start + 2 * HistoryRetention.userEventAge
        #expect(try page(temporary, from: 1, now: later) == UserEventPage(events: [], firstSeq: 6, lastSeq: 5))
        #expect(try temporary.store.prune(now: later).userEvents == 6)
        #expect(try page(temporary, from: 1, now: later) == UserEventPage(events: [], firstSeq: 6, lastSeq: 5))
        try temporary.store.apply(stream(of: 1, seqs: 6...7, from: 10, at: later))
        let page = try page(temporary, from: 1, now: later)
        #expect((page.firstSeq, page.events.seqs, page.lastSeq) == (6, [6, 7], 7))
        #expect(try temporary.store.prune(now: later).userEvents == 0)
        #expect(try temporary.countedRows() == temporary.store.read { try $0.counts })
    }

    @Test("a burst lies in few rows, which go when the last of their events does")
    func runs() throws {
        let temporary = try TemporaryStore()
        let hour: Int64 = 3_600_000
        try temporary.store.apply(stream(of: 1, seqs: 1...48, from: 1, at: start, step: hour))
        try temporary.store.apply(stream(of: 1, seqs: 49...50, from: 49, at: start + 48 * hour, step: hour))
        #expect(try temporary.rowCount(of: "user_event_runs") == 2)
        #expect(try page(temporary, from: 48, now: start + 49 * hour).events.seqs == [48, 49, 50])
        #expect(try temporary.store.prune(now: start + 71 * hour).userEvents == 47)
        #expect(try temporary.rowCount(of: "user_event_runs") == 2)
        #expect(try page(temporary, from: 1, now: start + 71 * hour).events.seqs == [48, 49, 50])
        #expect(try temporary.store.prune(now: start + 72 * hour).userEvents == 1)
        #expect(try temporary.rowCount(of: "user_event_runs") == 1)
        // Large events fill a row sooner.
        var large = stream(of: 2, seqs: 1...10, from: 51)
        for index in large.indices { large[index].userEvents[0].body = Array(repeating: UInt8(index), count: 9_000) }
        try temporary.store.apply(large)
        #expect(try temporary.rowCount(of: "user_event_runs") == 6)
        #expect(try page(temporary, account: 2, from: 2, limit: 7).events == large[1..<8].map { $0.userEvents[0] })
    }

    @Test("a row that says something else than its bytes is damage, not an endless list")
    func damagedRun() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(stream(of: 1, seqs: 1...3, from: 1))
        for change in [
            "first_seq = 4", "first_seq = 2", "last_seq = 1000000000000", "events = x'00'",
            "events = CAST(events || x'00' AS BLOB)",
        ] {
            try temporary.store.pool.write { try $0.execute(sql: "UPDATE user_event_runs SET \(change)") }
            #expect(throws: HistoryFailure.self, "\(change)") { try page(temporary, from: 1) }
            try temporary.store.pool.write { database in
                try database.execute(sql: "DELETE FROM user_event_runs")
                var run = UserEventRun(stream(of: 1, seqs: 1...1, from: 1)[0].userEvents[0])
                for entry in stream(of: 1, seqs: 2...3, from: 2) { run.append(entry.userEvents[0]) }
                try database.insert([run], UserEventRun.insert, columns: UserEventRun.columnCount) { $0.write(to: &$1) }
            }
        }
        #expect(try page(temporary, from: 1).events.seqs == [1, 2, 3])
        try temporary.store.pool.write { try $0.execute(sql: "UPDATE user_streams SET first_seq = 5") }
        #expect(throws: HistoryFailure.self) { try page(temporary, from: 1) }
        #expect(throws: HistoryFailure.self) { try temporary.store.apply(stream(of: 1, seqs: 4...4, from: 4)) }
        #expect(throws: HistoryFailure.self) {
            try temporary.store.prune(now: start + 2 * HistoryRetention.userEventAge)
        }
    }

    @Test("events that an earlier release stored, each in a row of its own, are there after the step to this one")
    func migration() throws {
        let temporary = try TemporaryStore()
        let path = temporary.path + ".old"
        let entries = stream(of: 1, seqs: 5...300, from: 1) + stream(of: 2, seqs: 1...1, from: 400)
        let old = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(old, upTo: "4 futures")
        try old.write { database in
            for event in entries.flatMap(\.userEvents) {
                try database.execute(
                    sql: "INSERT INTO user_events (account, seq, sequence, time, body) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        event.account.raw, Int64(event.seq), Int64(event.stamp.sequence.raw),
                        event.stamp.time.milliseconds, Data(event.body),
                    ])
            }
            let time = start.milliseconds
            try database.execute(sql: "INSERT INTO user_streams VALUES (1, 5, 300, \(time)), (2, 1, 1, \(time))")
            try database.execute(sql: "UPDATE progress SET sequence = 400, user_events = 290")
        }
        try old.close()
        let store = try HistoryStore(path: path)
        for (account, from) in [(UInt32(1), UInt64(5)), (2, 1)] {
            let page = try store.read {
                try $0.userEvents(of: AccountID(account), from: from, now: start, limit: 1_000)
            }
            #expect(page.events == entries.flatMap(\.userEvents).filter { $0.account.raw == account })
        }
        try store.apply(stream(of: 1, seqs: 301...302, from: 401))
        #expect(
            try store.read { try $0.userEvents(of: AccountID(1), from: 299, now: start, limit: 9) }.events.seqs == [
                299, 300, 301, 302,
            ])
        #expect(try store.read { try $0.counts.userEvents } == 299)
    }
}
