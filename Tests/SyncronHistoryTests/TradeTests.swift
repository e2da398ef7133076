import SyncronCore
import SyncronMarketData
import Testing

@testable import SyncronHistory

@Suite("Trades")
struct TradeTests {
    @Test("one trade serves the public and both of its accounts, to the last digit")
    func oneRow() throws {
        let temporary = try TemporaryStore()
        let big = Trade(
            market: MarketID(.max), id: TradeID(1), price: Ticks(Limits.orderMagnitude),
            quantity: Steps(Limits.orderMagnitude), notional: Limits.assetSupply, takerSide: .sell,
            makerOrder: OrderID(7), takerOrder: OrderID(1 << 62), makerAccount: AccountID(3),
            takerAccount: AccountID(.max), makerWallet: .margin, takerWallet: .futures,
            makerCommission: Units(.max), takerCommission: Units(Int128(Int64.max) + 1),
            time: start + 5)
        try temporary.store.apply([entry(1, at: start + 5, .traded(big))])
        try temporary.reopen()
        try temporary.store.read { (view) throws in
            #expect(try view.trades(of: big.market, from: TradeID(1), limit: 5) == [PublicTrade(big)])
            let maker = AccountTrade(
                market: big.market, id: big.id, order: big.makerOrder, side: .buy, liquidity: .maker,
                price: big.price, quantity: big.quantity, notional: big.notional, commission: big.makerCommission,
                time: start + 5)
            var taker = maker
            taker.order = big.takerOrder
            taker.side = .sell
            taker.liquidity = .taker
            taker.commission = big.takerCommission
            let ofMaker = AccountTradeQuery(account: AccountID(3), wallet: .margin, market: big.market, limit: 5)
            #expect(try view.trades(ofMaker) == [maker])
            let ofTaker = AccountTradeQuery(account: AccountID(.max), wallet: .futures, market: big.market, limit: 5)
            #expect(try view.trades(ofTaker) == [taker])
            #expect(try view.fills(of: OrderID(7), limit: 5) == [maker])
            #expect(try view.fills(of: OrderID(1 << 62), limit: 5) == [taker])
            var elsewhere = ofMaker
            elsewhere.wallet = .spot
            #expect(try view.trades(elsewhere) == [])
        }
    }

    /// Trades 1 to 12, two in each second: of account 1 as maker the odd ones, as taker those that 3 divides.
    private func twelve() throws -> TemporaryStore {
        let temporary = try TemporaryStore()
        let entries = (UInt64(1)...12).map { id in
            let time = start + Int64((id - 1) / 2) * 1_000
            let maker: (UInt64, UInt32) = id % 2 == 1 ? (100 + id / 6, 1) : (200, 2)
            let taker: (UInt64, UInt32) = id % 3 == 0 ? (300 + id, 1) : (400 + id, 3)
            return entry(
                id, at: time, .traded(trade(id, maker: maker, taker: taker)),
                .traded(trade(id, market: 1, maker: maker, taker: taker)))
        }
        try temporary.store.apply(entries)
        return temporary
    }

    private func ids(
        _ temporary: TemporaryStore, order: UInt64? = nil, from firstID: UInt64? = nil, startTime: Int64? = nil,
        endTime: Int64? = nil, _ rowOrder: RowOrder = .newestFirst, limit: Int = 100
    ) throws -> [UInt64] {
        try temporary.store.read { (view) throws in
            try view.trades(
                AccountTradeQuery(
                    account: AccountID(1), market: MarketID(0), order: order.map { OrderID($0) },
                    firstID: firstID.map { TradeID($0) }, startTime: startTime.map { start + $0 },
                    endTime: endTime.map { start + $0 }, rowOrder: rowOrder, limit: limit))
        }.ids
    }

    @Test("an account's trades join both sides by id; one with itself stands there twice")
    func bothSides() throws {
        let temporary = try twelve()
        #expect(try ids(temporary) == [12, 11, 9, 9, 7, 6, 5, 3, 3, 1])
        #expect(try ids(temporary, .oldestFirst) == [1, 3, 3, 5, 6, 7, 9, 9, 11, 12])
        #expect(try ids(temporary, limit: 3) == [12, 11, 9])
        #expect(try ids(temporary, .oldestFirst, limit: 2) == [1, 3])
        #expect(try ids(temporary, limit: 0) == [])
        #expect(try ids(temporary, limit: -1) == [])
        let query = AccountTradeQuery(account: AccountID(1), market: MarketID(0), rowOrder: .oldestFirst, limit: 3)
        let self1 = try temporary.store.read { try $0.trades(query) }.suffix(2)
        #expect(self1.map(\.liquidity) == [.maker, .taker])
        #expect(self1.map(\.side) == [.sell, .buy])
        #expect(self1.map(\.order.raw) == [100, 303])
    }

    @Test("bounds on id and time include their ends")
    func bounds() throws {
        let temporary = try twelve()
        #expect(try ids(temporary, from: 9, .oldestFirst) == [9, 9, 11, 12])
        #expect(try ids(temporary, from: 10, .oldestFirst, limit: 1) == [11])
        #expect(try ids(temporary, startTime: 5_000) == [12, 11])
        #expect(try ids(temporary, startTime: 4_001) == [12, 11])
        #expect(try ids(temporary, endTime: 1_000) == [3, 3, 1])
        #expect(try ids(temporary, startTime: 2_000, endTime: 2_000) == [6, 5])
        #expect(try ids(temporary, from: 6, startTime: 2_000, endTime: 3_000) == [7, 6])
        #expect(try ids(temporary, startTime: 3_000, endTime: 2_000) == [])
        #expect(try ids(temporary, from: .max) == [])
    }

    @Test("the trades of one order are found by it, whoever asks only finds his own")
    func byOrder() throws {
        let temporary = try twelve()
        #expect(try ids(temporary, order: 101, .oldestFirst) == [7, 9, 11])
        #expect(try ids(temporary, order: 101, from: 8, endTime: 4_000, .oldestFirst) == [9])
        #expect(try ids(temporary, order: 303) == [3])
        #expect(try ids(temporary, order: 200) == [])
        let fills = try temporary.store.read { try $0.fills(of: OrderID(200), limit: 4) }
        #expect(fills.filter { $0.market == MarketID(0) }.ids.first == 2)
        #expect(fills.allSatisfy { $0.order == OrderID(200) })
    }

    @Test("fills of an order come oldest first, from an id, cut by the limit")
    func fills() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply(
            (UInt64(1)...6).map { id in
                let (maker, taker): (UInt64, UInt64) = id < 4 ? (50, 51) : (51, 50)
                return entry(id, .traded(trade(id, maker: (maker, 1), taker: (taker, 2))))
            })
        try temporary.store.read { (view) throws in
            let fills = try view.fills(of: OrderID(50), limit: 10)
            #expect(fills.ids == [1, 2, 3, 4, 5, 6])
            #expect(fills.map(\.liquidity) == [.maker, .maker, .maker, .taker, .taker, .taker])
            #expect(try view.fills(of: OrderID(50), from: TradeID(3), limit: 2).ids == [3, 4])
            #expect(try view.fills(of: OrderID(50), limit: 0) == [])
            #expect(try view.fills(of: OrderID(52), limit: 10) == [])
        }
    }

    @Test("public trades go forward from an id and back from the newest")
    func publicTrades() throws {
        let temporary = try twelve()
        try temporary.store.read { (view) throws in
            let market = MarketID(1)
            #expect(try view.trades(of: market, from: TradeID(0), limit: 3).map(\.id.raw) == [1, 2, 3])
            #expect(try view.trades(of: market, from: TradeID(11), limit: 3).map(\.id.raw) == [11, 12])
            #expect(try view.trades(of: market, from: TradeID(13), limit: 3) == [])
            #expect(try view.trades(of: market, from: TradeID(.max), limit: 3) == [])
            #expect(try view.trades(of: market, from: TradeID(1), limit: -3) == [])
            #expect(try view.latestTrades(of: market, limit: 2).map(\.id.raw) == [12, 11])
            #expect(try view.latestTrades(of: market, before: TradeID(3), limit: 9).map(\.id.raw) == [2, 1])
            #expect(try view.latestTrades(of: market, before: TradeID(0), limit: 9) == [])
            #expect(try view.latestTrades(of: MarketID(2), limit: 9) == [])
        }
    }
}
