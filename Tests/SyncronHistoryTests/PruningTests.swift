import GRDB
import SyncronCore
import Testing

@testable import SyncronHistory

@Suite("Pruning")
struct PruningTests {
    private let hour: Int64 = 3_600_000

    /// Account 1 is a customer, account 2 belongs to the sandbox.
    private func store(_ orders: [OrderState]) throws -> TemporaryStore {
        let temporary = try TemporaryStore()
        var entries = [entry(1, opened(1), opened(2, sandbox: true))]
        for state in orders {
            var new = state
            new.status = .new
            new.executed = .zero
            new.updatedAt = state.createdAt
            let sequence = UInt64(entries.count + 1)
            entries.append(entry(sequence, at: state.createdAt, .orderAccepted(new)))
            if state.status == .new { continue }
            entries.append(entry(sequence + 1, at: state.updatedAt, ended(state)))
            // One batch for what is new and one for what ends, so that rows are changed as well as added.
            if sequence % 3 == 0 {
                try temporary.store.apply(entries)
            }
        }
        try temporary.store.apply(entries)
        return temporary
    }

    @Test("only unfilled, ended orders of sandbox accounts go, an hour after their end")
    func whatGoes() throws {
        let orders = [
            order(1, account: 2, status: .canceled), order(2, account: 2, status: .expired),
            order(3, account: 2, status: .expiredInMatch), order(4, account: 1, status: .canceled),
            order(5, account: 2), order(6, account: 2, status: .filled, executed: 1_000),
            order(7, account: 2, status: .canceled, executed: 1),
            order(8, account: 2, status: .canceled, updated: start + 1), order(9, account: 3, status: .canceled),
        ]
        let temporary = try store(orders)
        #expect(try temporary.store.prune(now: start + hour).orders == 0)
        #expect(try temporary.store.prune(now: start + hour + 1).orders == 3)
        try temporary.store.read { (view) throws in
            for order in orders {
                #expect(try (view.order(order.id) == nil) == (order.id.raw <= 3), "\(order.id)")
            }
            let query = OrderQuery(account: AccountID(2), market: MarketID(0), rowOrder: .oldestFirst, limit: 9)
            #expect(try view.orders(query).ids == [5, 6, 7, 8])
            #expect(try view.counts.orders == 6)
        }
        #expect(try temporary.store.prune(now: start + hour + 2).orders == 1)
        #expect(try temporary.countedRows() == temporary.store.read { try $0.counts })
    }

    @Test("an order that lives for days goes an hour after its end, not after its beginning")
    func longLife() throws {
        let temporary = try store([order(1, account: 2, status: .canceled, updated: start + 100 * hour)])
        #expect(try temporary.store.prune(now: start + 101 * hour).orders == 0)
        #expect(try temporary.store.prune(now: start + 101 * hour + 1).orders == 1)
    }

    @Test("times are found in what is left between the deleted orders")
    func timesAfterPruning() throws {
        let orders = (UInt64(1)...60).map { id in
            order(
                id, account: id % 7 == 0 ? 1 : 2, status: .canceled, at: start + Int64(id) * 10,
                updated: start + Int64(id) * 10)
        }
        let temporary = try store(orders)
        #expect(try temporary.store.pruneSandboxOrders(olderThan: start + 500) > 40)
        for bound in stride(from: Int64(0), through: 620, by: 5) {
            let query = OrderQuery(
                account: AccountID(1), market: MarketID(0), startTime: start + bound, endTime: start + bound + 150,
                rowOrder: .oldestFirst, limit: 100)
            let expected = orders.filter {
                $0.account == AccountID(1) && $0.createdAt >= start + bound && $0.createdAt <= start + bound + 150
            }
            #expect(try temporary.store.read { try $0.orders(query) } == expected, "from \(bound)")
        }
    }

    @Test("one round deletes a bounded number, the next ones the rest, and the file gives its space back")
    func rounds() throws {
        let temporary = try TemporaryStore()
        let count = HistoryRetention.rowsPerRound + 2_000
        let client = String(repeating: "c", count: 30)
        try temporary.store.apply([entry(1, opened(2, sandbox: true))])
        try temporary.store.apply([
            HistoryEntry(
                stamp: Stamp(sequence: Sequence(2), time: start),
                events: (1...count).map { id in
                    .orderAccepted(
                        order(UInt64(id), account: 2, status: .expired, client: "\(client)\(id)"))
                })
        ])
        let pages = try pageCount(temporary)
        let later = start + 2 * hour
        var rounds: [PruneSummary] = []
        repeat { rounds.append(try temporary.store.prune(now: later)) } while rounds.last != PruneSummary()
        #expect(rounds.map(\.orders).prefix(3) == [HistoryRetention.rowsPerRound, 2_000, 0])
        #expect(rounds.allSatisfy { $0.pages <= HistoryRetention.pagesPerRound })
        let left = try pageCount(temporary)
        #expect(rounds.map(\.pages).reduce(0, +) == pages - left)
        #expect(left <= HistoryRetention.sparePages + 100 || pages <= HistoryRetention.sparePages + 100)
        #expect(try temporary.countedRows() == HistoryCounts())
    }

    @Test("space is given back down to the reserve")
    func reserve() throws {
        let temporary = try TemporaryStore()
        // Some 20 MB of events, which are all deleted.
        var entries = stream(of: 1, seqs: 1...2_500, from: 1)
        for index in entries.indices { entries[index].userEvents[0].body = Array(repeating: 7, count: 8_000) }
        try temporary.store.apply(entries)
        let full = try pageCount(temporary)
        #expect(full > 3 * HistoryRetention.sparePages)
        try temporary.store.pruneUserEvents(olderThan: start + 100_000)
        #expect(try pageCount(temporary) == full)
        let reclaimed = try temporary.store.reclaimSpace(atMost: .max)
        #expect(reclaimed > HistoryRetention.sparePages)
        #expect(try pageCount(temporary) == full - reclaimed)
        let free = try pragma(temporary, "freelist_count")
        #expect(free <= HistoryRetention.sparePages && free > HistoryRetention.sparePages / 2)
        #expect(try temporary.store.reclaimSpace(atMost: .max) == 0)
    }

    private func pageCount(_ temporary: TemporaryStore) throws -> Int { try pragma(temporary, "page_count") }

    private func pragma(_ temporary: TemporaryStore, _ name: String) throws -> Int {
        try temporary.store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA \(name)") ?? 0 }
    }
}
