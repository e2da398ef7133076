import SyncronCore
import SyncronMarketData
import Testing

@testable import SyncronHistory

@Suite("Incomes, funding rates and candles of the mark")
struct FuturesTests {
    private func income(
        _ id: UInt64, market: UInt16 = 4, _ kind: Income.Kind, _ amount: Int128, trade: UInt64? = nil,
        _ liquidity: Liquidity = .maker
    ) -> Event {
        .incomeBooked(
            Income(
                id: TransactionID(id), account: AccountID(1), market: MarketID(market), kind: kind,
                amount: Units(amount), fill: trade.map { FillReference(TradeID($0), liquidity) },
                time: start + Int64(id) * 1_000))
    }

    private func transfer(_ id: UInt64, _ from: Wallet, _ to: Wallet) -> Event {
        .transferred(
            Transfer(
                id: TransactionID(id), account: AccountID(1), asset: AssetID(3), amount: Units(50), from: from, to: to,
                time: start + Int64(id) * 1_000))
    }

    private func mark(_ price: Int64, after milliseconds: Int64) -> HistoryEntry {
        let time = start + milliseconds
        let mark = MarkPrice(
            market: MarketID(4), mark: Ticks(price), index: IndexPrice(1), lastFundingRate: .zero, nextFunding: time,
            time: time)
        return entry(UInt64(milliseconds + 1), at: time, .markPriceChanged(mark))
    }

    @Test("incomes are the newest first, with transfers, by market, kind and time")
    func incomes() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply([
            entry(1, transfer(1, .spot, .futures), transfer(2, .spot, .margin)),
            entry(
                2, income(3, .commission, -7, trade: 1), income(4, .realizedProfit, 1 << 80, trade: 1),
                income(5, market: 5, .funding, -2)),
            entry(3, transfer(6, .futures, .spot)),
        ])
        func ids(_ query: IncomeQuery) throws -> [UInt64] {
            try temporary.store.read { try $0.incomes(query).map(\.id.raw) }
        }
        let account = AccountID(1)
        #expect(try ids(IncomeQuery(account: account, limit: 10)) == [6, 5, 4, 3, 1])
        #expect(try ids(IncomeQuery(account: account, limit: 2)) == [6, 5])
        #expect(try ids(IncomeQuery(account: account, market: MarketID(4), limit: 9)) == [4, 3])
        #expect(try ids(IncomeQuery(account: account, kind: .transfer, limit: 9)) == [6, 1])
        #expect(try ids(IncomeQuery(account: account, market: MarketID(5), kind: .transfer, limit: 9)) == [])
        #expect(
            try ids(IncomeQuery(account: account, startTime: start + 3_000, endTime: start + 4_000, limit: 9)) == [
                4, 3,
            ])
        #expect(try ids(IncomeQuery(account: AccountID(2), limit: 9)) == [])
        let rows = try temporary.store.read { try $0.incomes(IncomeQuery(account: account, limit: 9)) }
        #expect(rows.map(\.amount.raw) == [-50, -2, 1 << 80, -7, 50])
        #expect(rows.map(\.asset) == [AssetID(3), nil, nil, nil, AssetID(3)])
        #expect(try temporary.store.read { try $0.counts.incomes } == 5)
    }

    @Test("a trade carries what it realised, and the side of its order")
    func trades() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply([
            entry(
                1, .orderAccepted(order(1, account: 1, market: 4, wallet: .futures)),
                .orderAccepted(order(2, account: 2, market: 4, wallet: .futures)),
                .traded(trade(1, market: 4, wallets: (.futures, .futures))), income(3, .realizedProfit, 11, trade: 1),
                income(4, .commission, -1, trade: 1))
        ])
        let query = AccountTradeQuery(account: AccountID(1), wallet: .futures, market: MarketID(4), limit: 5)
        let rows = try temporary.store.read { try $0.futuresTrades(query) }
        #expect(rows.map(\.realizedProfit) == [Units(11)] && rows.map(\.positionSide) == [.both])
        let other = AccountTradeQuery(account: AccountID(2), wallet: .futures, market: MarketID(4), limit: 5)
        #expect(try temporary.store.read { try $0.futuresTrades(other) }.map(\.realizedProfit) == [.zero])
    }

    @Test("of a trade with oneself each side carries what it realised itself")
    func selfTrade() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply([
            entry(
                1, .orderAccepted(order(1, account: 1, market: 4, wallet: .futures)),
                .orderAccepted(order(2, account: 1, market: 4, wallet: .futures, side: .sell)),
                .traded(
                    trade(1, market: 4, maker: (1, 1), taker: (2, 1), wallets: (.futures, .futures))),
                income(3, .realizedProfit, 11, trade: 1, .taker))
        ])
        let query = AccountTradeQuery(account: AccountID(1), wallet: .futures, market: MarketID(4), limit: 5)
        let rows = try temporary.store.read { try $0.futuresTrades(query) }
        let profits = Dictionary(uniqueKeysWithValues: rows.map { ($0.trade.liquidity, $0.realizedProfit) })
        #expect(profits == [.maker: .zero, .taker: Units(11)])
    }

    @Test("funding rates are the newest first, of one market or all")
    func fundingRates() throws {
        let temporary = try TemporaryStore()
        let rates = [(4, 1), (5, 1), (4, 2)].map { market, hour in
            FundingRate(
                market: MarketID(UInt16(market)), rate: Rate(Int64(market * hour) - 5), mark: Ticks(9),
                time: start + Int64(hour) * 3_600_000)
        }
        try temporary.store.apply(
            rates.enumerated().map { entry(UInt64($0 + 1), at: $1.time, .fundingSettled($1)) })
        func read(_ market: MarketID?, to end: Timestamp? = nil, limit: Int = 9) throws -> [FundingRate] {
            try temporary.store.read { try $0.fundingRates(of: market, endTime: end, limit: limit) }
        }
        #expect(try read(nil) == [rates[2], rates[0], rates[1]])
        #expect(try read(MarketID(4)) == [rates[2], rates[0]])
        #expect(try read(MarketID(4), limit: 1) == [rates[2]])
        #expect(try read(nil, to: rates[0].time) == [rates[0], rates[1]])
    }

    @Test("candles of the mark grow from batch to batch, in every interval")
    func markCandles() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply([mark(100, after: 0), mark(90, after: 1_000)])
        try temporary.store.apply([mark(110, after: 2_000), mark(95, after: 60_000)])
        func read(_ interval: KlineInterval) throws -> [[Int64]] {
            try temporary.store.read { try $0.markCandles(of: MarketID(4), interval, limit: 9) }
                .map { [$0.open.raw, $0.high.raw, $0.low.raw, $0.close.raw] }
        }
        #expect(try read(.oneMinute) == [[100, 110, 90, 110], [95, 95, 95, 95]])
        #expect(try read(.oneMonth) == [[100, 110, 90, 95]])
    }
}
