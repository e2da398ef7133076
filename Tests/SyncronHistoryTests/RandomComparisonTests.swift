import SyncronCore
import SyncronMarketData
import Testing

@testable import SyncronHistory

/// Random journals, applied in random batches that overlap, with reopening and pruning in between: every answer must
/// be the one that plain lists give.
@Suite("Random journals")
struct RandomComparisonTests {
    @Test("the history answers as plain lists do", arguments: UInt64(1)...6)
    func comparison(seed: UInt64) throws {
        let temporary = try TemporaryStore()
        var journal = RandomJournal(seed: seed)
        var random = SeededGenerator(seed: ~seed)
        var naive = NaiveHistory()
        var recent: [HistoryEntry] = []
        for round in 1...25 {
            let fresh = (0..<random.below(120)).map { _ in journal.next() }
            for entry in fresh { naive.apply(entry) }
            // What is applied again is passed over.
            try temporary.store.apply(recent.suffix(random.below(50)) + fresh)
            recent = (recent + fresh).suffix(100)
            if random.chance(20) { try temporary.reopen() }
            if random.chance(30) {
                naive.prune(now: journal.now)
                try temporary.store.prune(now: journal.now)
            }
            guard round % 5 == 0 else { continue }
            try compare(temporary, naive, journal, &random, "seed \(seed), round \(round)")
        }
        #expect(naive.trades.count > 100 && naive.orders.count > 100, "seed \(seed) tests little")
    }

    private func compare(
        _ temporary: TemporaryStore, _ naive: NaiveHistory, _ journal: RandomJournal,
        _ random: inout SeededGenerator, _ place: Comment
    ) throws {
        let counts = try temporary.countedRows()
        #expect(try temporary.store.read { try $0.counts } == counts, place)
        #expect(counts.orders == naive.orders.count, place)
        #expect(counts.trades == naive.trades.count, place)
        #expect(counts.deposits == naive.deposits.count, place)
        #expect(counts.userEvents == naive.events.count, place)
        for id in 0...(naive.orders.keys.max()?.raw ?? 0) + 1 {
            #expect(try temporary.store.read { try $0.order(OrderID(id)) } == naive.orders[OrderID(id)], place)
        }
        for _ in 1...60 {
            try compareOrders(temporary, naive, journal, &random, place)
            try compareTrades(temporary, naive, journal, &random, place)
            try compareDeposits(temporary, naive, journal, &random, place)
            try compareMarket(temporary, naive, journal, &random, place)
        }
        for account in 1...RandomJournal.accounts {
            let page = try temporary.store.read { view in
                try view.userEvents(of: AccountID(account), from: 1, now: journal.now, limit: .max)
            }
            let cutoff = journal.now + -HistoryRetention.userEventAge
            #expect(
                page.events == naive.events.filter { $0.account == AccountID(account) && $0.stamp.time >= cutoff },
                place)
        }
    }

    private func compareOrders(
        _ temporary: TemporaryStore, _ naive: NaiveHistory, _ journal: RandomJournal,
        _ random: inout SeededGenerator, _ place: Comment
    ) throws {
        let query = OrderQuery(
            account: account(&random), wallet: random.chance(80) ? .spot : .margin, market: market(&random),
            firstID: random.chance(30) ? OrderID(UInt64(random.below(naive.orders.count + 1))) : nil,
            startTime: time(journal, &random), endTime: time(journal, &random),
            rowOrder: random.chance(50) ? .oldestFirst : .newestFirst, limit: 1 + random.below(20))
        #expect(try temporary.store.read { try $0.orders(query) } == naive.orders(query), place)
        let client = ClientOrderID(RandomJournal.clients[random.below(RandomJournal.clients.count)]) ?? .none
        let found = try temporary.store.read { view in
            try view.order(of: query.account, wallet: query.wallet, market: query.market, clientID: client)
        }
        #expect(found == naive.order(query.account, query.wallet, query.market, client), place)
    }

    private func compareTrades(
        _ temporary: TemporaryStore, _ naive: NaiveHistory, _ journal: RandomJournal,
        _ random: inout SeededGenerator, _ place: Comment
    ) throws {
        let order = OrderID(UInt64(random.below(naive.orders.count + 1)))
        let query = AccountTradeQuery(
            account: account(&random), wallet: random.chance(80) ? .spot : .margin, market: market(&random),
            order: random.chance(30) ? order : nil,
            firstID: random.chance(30) ? TradeID(UInt64(random.below(naive.trades.count + 1))) : nil,
            startTime: time(journal, &random), endTime: time(journal, &random),
            rowOrder: random.chance(50) ? .oldestFirst : .newestFirst, limit: 1 + random.below(20))
        #expect(try temporary.store.read { try $0.trades(query) } == naive.trades(query), place)
        let first = TradeID(UInt64(random.below(20)))
        #expect(
            try temporary.store.read { try $0.fills(of: order, from: first, limit: 5) }
                == naive.fills(of: order, from: first, limit: 5), place)
    }

    private func compareDeposits(
        _ temporary: TemporaryStore, _ naive: NaiveHistory, _ journal: RandomJournal,
        _ random: inout SeededGenerator, _ place: Comment
    ) throws {
        let query = DepositQuery(
            account: account(&random), asset: random.chance(50) ? AssetID(UInt16(random.below(3))) : nil,
            status: random.chance(50) ? DepositStatus(rawValue: UInt8(random.below(3))) : nil,
            startTime: time(journal, &random), endTime: time(journal, &random), limit: 1 + random.below(10))
        #expect(try temporary.store.read { try $0.deposits(query) } == naive.deposits(query), place)
    }

    private func compareMarket(
        _ temporary: TemporaryStore, _ naive: NaiveHistory, _ journal: RandomJournal,
        _ random: inout SeededGenerator, _ place: Comment
    ) throws {
        let market = market(&random)
        let all = naive.publicTrades(of: market)
        let id = TradeID(UInt64(random.below(all.count + 2)))
        let limit = 1 + random.below(30)
        let interval = KlineInterval.allCases[random.below(KlineInterval.allCases.count)]
        let startTime = time(journal, &random) ?? .zero
        let endTime = time(journal, &random) ?? .never
        try temporary.store.read { (view) throws in
            #expect(
                try view.trades(of: market, from: id, limit: limit) == Array(all.filter { $0.id >= id }.prefix(limit)),
                place)
            #expect(
                try view.latestTrades(of: market, before: id, limit: limit)
                    == Array(all.filter { $0.id < id }.reversed().prefix(limit)), place)
            let candles = naive.candles(of: market, interval)
            let inside = candles.filter { $0.openTime >= startTime && $0.openTime <= endTime }
            #expect(
                try view.candles(of: market, interval, startTime: startTime, endTime: endTime, limit: limit)
                    == Array(inside.prefix(limit)), place)
            #expect(
                try view.lastCandle(of: market, interval, before: startTime)
                    == candles.last { $0.openTime < startTime }, place)
        }
    }

    private func account(_ random: inout SeededGenerator) -> AccountID {
        AccountID(1 + UInt32(random.below(Int(RandomJournal.accounts))))
    }

    private func market(_ random: inout SeededGenerator) -> MarketID {
        MarketID(UInt16(random.below(Int(RandomJournal.markets))))
    }

    /// No bound, or a time of the journal or a little outside it.
    private func time(_ journal: RandomJournal, _ random: inout SeededGenerator) -> Timestamp? {
        guard random.chance(40) else { return nil }
        let span = journal.now.milliseconds - start.milliseconds
        return start + (Int64(random.below(Int(span) + 2_000)) - 1_000)
    }
}
