import GRDB
import SyncronCore
import Testing

@testable import SyncronHistory

@Suite("Applying batches")
struct ApplyTests {
    private let batch = [
        entry(1, opened(1)),
        entry(2, .orderAccepted(order(1, account: 1, side: .sell))),
        entry(3, .orderAccepted(order(2, account: 2)), .traded(trade(1)), recorded(deposit(1))),
        HistoryEntry(
            stamp: Stamp(sequence: Sequence(4), time: start), events: [.timePassed],
            userEvents: [
                StoredUserEvent(
                    account: AccountID(1), seq: 1, stamp: Stamp(sequence: Sequence(4), time: start), body: [1, 2])
            ]),
    ]

    @Test("a batch applied twice changes nothing")
    func twice() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(batch)
        let counts = try temporary.store.read { try $0.counts }
        let candle = try temporary.store.read { try $0.candles(of: MarketID(0), .oneMinute, limit: 10) }
        try temporary.store.apply(batch)
        #expect(try temporary.store.read { try $0.counts } == counts)
        #expect(try temporary.store.read { try $0.candles(of: MarketID(0), .oneMinute, limit: 10) } == candle)
        #expect(candle.first?.tradeCount == 1)
        #expect(try temporary.countedRows() == counts)
        #expect(temporary.store.appliedSequence == Sequence(4))
    }

    @Test("of a batch that overlaps the last one, only what is new is applied")
    func overlap() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(Array(batch[..<3]))
        let more = batch[1...] + [entry(9, .orderAccepted(order(3)))]
        try temporary.store.apply(Array(more))
        #expect(temporary.store.appliedSequence == Sequence(9))
        let counts = try temporary.store.read { try $0.counts }
        #expect([counts.orders, counts.trades, counts.deposits, counts.userEvents] == [3, 1, 1, 1])
    }

    @Test("commands without rows move the applied sequence")
    func emptyCommands() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply([
            entry(1, .begun(Genesis(hasSandbox: false))), entry(2, .rejected(.outOfPlace)), entry(7),
        ])
        #expect(temporary.store.appliedSequence == Sequence(7))
        try temporary.store.apply([])
        #expect(temporary.store.appliedSequence == Sequence(7))
        #expect(try temporary.store.read { try $0.appliedSequence } == Sequence(7))
    }

    @Test("entries out of the journal's order are refused and leave nothing", arguments: [[1, 3, 2], [1, 1]])
    func outOfOrder(sequences: [UInt64]) throws {
        let temporary = try TemporaryStore()
        let entries = sequences.map { entry($0, .orderAccepted(order($0))) }
        let (last, previous) = (Sequence(sequences[sequences.count - 1]), Sequence(sequences[sequences.count - 2]))
        #expect(throws: HistoryFailure.outOfOrder(last, after: previous)) { try temporary.store.apply(entries) }
        #expect(temporary.store.appliedSequence == Sequence(0))
        #expect(try temporary.countedRows() == HistoryCounts())
    }

    @Test("what was applied is there after reopening, and goes on from there")
    func reopening() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(batch)
        let before = try temporary.store.read { view in
            (try view.order(OrderID(2)), try view.counts, try view.fills(of: OrderID(1), limit: 10))
        }
        try temporary.reopen()
        #expect(temporary.store.appliedSequence == Sequence(4))
        let after = try temporary.store.read { view in
            (try view.order(OrderID(2)), try view.counts, try view.fills(of: OrderID(1), limit: 10))
        }
        #expect(after == before)
        try temporary.store.apply(batch + [entry(5, ended(order(2, account: 2, status: .canceled)))])
        #expect(try temporary.store.read { try $0.order(OrderID(2)) }?.status == .canceled)
        #expect(try temporary.store.read { try $0.counts.orders } == 2)
    }

    @Test("a batch that fails midway leaves nothing of itself, and is no reason to try again")
    func midwayFailure() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(batch)
        let before = try temporary.countedRows()
        let failure = #expect(throws: HistoryFailure.self) {
            try temporary.store.apply([
                entry(5, .orderAccepted(order(7)), recorded(deposit(2)), .traded(trade(2))),
                entry(6, .traded(trade(1))),
            ])
        }
        #expect(failure?.isRetryable == false)
        #expect(try temporary.countedRows() == before)
        #expect(try temporary.store.read { try $0.counts } == before)
        #expect(temporary.store.appliedSequence == Sequence(4))
        try temporary.store.apply([entry(5, .orderAccepted(order(7)))])
        #expect(temporary.store.appliedSequence == Sequence(5))
    }

    @Test("a full disk leaves nothing, is retryable, and the same batch succeeds when there is space")
    func fullDisk() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(batch)
        let before = try temporary.countedRows()
        try setPageLimit(of: temporary.store, below: true)
        let large = (5...3_000).map { entry($0, .orderAccepted(order($0, client: "client-\($0)"))) }
        for _ in 1...2 {
            let failure = #expect(throws: HistoryFailure.self) { try temporary.store.apply(large) }
            #expect(failure?.isRetryable == true)
            #expect("\(failure.map { "\($0)" } ?? "")".contains(temporary.path))
            #expect(try temporary.countedRows() == before)
            #expect(temporary.store.appliedSequence == Sequence(4))
        }
        try setPageLimit(of: temporary.store, below: false)
        try temporary.store.apply(large)
        #expect(temporary.store.appliedSequence == Sequence(3_000))
        #expect(try temporary.store.read { try $0.counts.orders } == 2_998)
    }

    /// Lets the file grow by a few pages, or as it likes.
    private func setPageLimit(of store: HistoryStore, below isLow: Bool) throws {
        try store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(isLow ? pages + 5 : 1_000_000)")
        }
    }

    @Test("an order that began before the history did is stored from its next event on")
    func unknownOrder() throws {
        let temporary = try TemporaryStore()
        let late = order(5, status: .partiallyFilled, executed: 3)
        let fill = OrderFill(
            order: late, trade: TradeID(9), price: Ticks(1), quantity: Steps(3), notional: Units(3),
            commission: Units(1), commissionAsset: AssetID(0), liquidity: .maker)
        try temporary.store.apply([entry(1, .orderFilled(fill))])
        #expect(try temporary.store.read { try $0.order(OrderID(5)) } == late)
        #expect(try temporary.store.read { try $0.counts.orders } == 1)
    }

    @Test("makeDurable answers what is applied, and no more than before while a reader holds the file back")
    func durable() throws {
        let temporary = try TemporaryStore { try $0.execute(sql: "PRAGMA busy_timeout = 20") }
        try temporary.store.apply(batch)
        #expect(try temporary.store.makeDurable() == Sequence(4))
        try temporary.store.read { (view) throws in
            _ = try view.appliedSequence
            try temporary.store.apply([entry(5, .orderAccepted(order(8)))])
            #expect(try temporary.store.makeDurable() == Sequence(4))
            #expect(try view.appliedSequence == Sequence(4))
        }
        #expect(try temporary.store.makeDurable() == Sequence(5))
    }

    @Test("a read sees one state, whatever is written meanwhile")
    func isolation() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for sequence in UInt64(1)...300 {
                    try store.apply([entry(sequence, .orderAccepted(order(sequence)), .traded(trade(sequence)))])
                }
            }
            for _ in 1...2 {
                group.addTask {
                    var last: UInt64 = 0
                    while last < 300 {
                        last = try await store.read { view in
                            let sequence = try view.appliedSequence.raw
                            let newest = try view.latestTrades(of: MarketID(0), limit: 1).first?.id.raw ?? 0
                            #expect(newest == sequence)
                            #expect(try view.counts.orders == Int(sequence))
                            return sequence
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
