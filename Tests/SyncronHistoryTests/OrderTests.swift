import SyncronCore
import Testing

@testable import SyncronHistory

@Suite("Orders")
struct OrderTests {
    @Test("every field of an order comes back as it went in, to the last digit of 128 bits")
    func everyField() throws {
        let temporary = try TemporaryStore()
        let amounts: [Int128] = [
            0, 1, -1, Int128(Int64.max), Int128(Int64.max) + 1, Int128(Int64.min), Int128(Int64.min) - 1,
            Limits.assetSupply.raw, .max, .min, 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210,
        ]
        var orders: [OrderState] = []
        for (index, amount) in amounts.enumerated() {
            var state = order(
                UInt64(index) + 1, account: .max, market: .max, wallet: .futures, side: .sell,
                client: "Az09._:/-" + String(repeating: "x", count: 27), at: start, updated: start + 77)
            state.type = index % 2 == 0 ? .market : .limitMaker
            state.timeInForce = .fok
            state.selfTradePrevention = .expireBoth
            state.status = [.new, .partiallyFilled, .filled, .canceled, .expired, .expiredInMatch][index % 6]
            state.price = Ticks(Limits.orderMagnitude)
            state.quantity = Steps(.max)
            state.executed = Steps(.max - 1)
            state.executedNotional = Units(amount)
            state.particulars = UInt128(bitPattern: amount &- 1)
            orders.append(state)
        }
        try temporary.store.apply([
            HistoryEntry(
                stamp: Stamp(sequence: Sequence(1), time: start), events: orders.map { Event.orderAccepted($0) })
        ])
        try temporary.reopen()
        for order in orders {
            #expect(try temporary.store.read { try $0.order(order.id) } == order)
        }
        // The same through the statement that changes a row.
        let changed = orders.map { order in
            var order = order
            order.executedNotional = Units(order.executedNotional.raw ^ 1)
            order.executed = Steps(5)
            order.price = Ticks(4)
            order.quantity = Steps(6)
            order.status = .filled
            order.timeInForce = .ioc
            order.updatedAt = start + 99
            return order
        }
        try temporary.store.apply([
            HistoryEntry(stamp: Stamp(sequence: Sequence(2), time: start), events: changed.map { ended($0) })
        ])
        for order in changed { #expect(try temporary.store.read { try $0.order(order.id) } == order) }
        #expect(try temporary.store.read { try $0.counts.orders } == amounts.count)
    }

    @Test("ids that no order can have find nothing")
    func impossibleIDs() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply([entry(1, .orderAccepted(order(1)))])
        for id in [0, 2, UInt64(Int64.max), UInt64(Int64.max) + 1, .max] {
            #expect(try temporary.store.read { try $0.order(OrderID(id)) } == nil)
            #expect(try temporary.store.read { try $0.fills(of: OrderID(id), limit: 5) } == [])
            let query = OrderQuery(account: AccountID(1), market: MarketID(0), firstID: OrderID(id), limit: 5)
            #expect(try temporary.store.read { try $0.orders(query) }.count == (id == 0 ? 1 : 0), "\(id)")
        }
    }

    @Test("of several events in one batch, the last is stored")
    func lastState() throws {
        let temporary = try TemporaryStore()
        let last = order(1, status: .canceled, executed: 4, notional: 9, updated: start + 5)
        try temporary.store.apply([
            entry(1, .orderAccepted(order(1))),
            entry(2, ended(last)),
        ])
        #expect(try temporary.store.read { try $0.order(OrderID(1)) } == last)
    }

    @Test("a client id finds the newest order of that account, wallet and market")
    func clientID() throws {
        let temporary = try TemporaryStore()
        let orders = [
            order(1, client: "a"), order(2, client: "a"), order(3, client: "b"), order(4, account: 2, client: "a"),
            order(5, market: 1, client: "a"), order(6, wallet: .margin, client: "a"), order(7), order(8),
        ]
        try temporary.store.apply(orders.enumerated().map { entry(UInt64($0) + 1, .orderAccepted($1)) })
        func found(_ account: UInt32, _ wallet: Wallet, _ market: UInt16, _ client: String) throws -> UInt64? {
            try temporary.store.read { (view) throws in
                try view.order(
                    of: AccountID(account), wallet: wallet, market: MarketID(market),
                    clientID: ClientOrderID(client) ?? .none)?.id.raw
            }
        }
        #expect(try found(1, .spot, 0, "a") == 2)
        #expect(try found(1, .spot, 0, "b") == 3)
        #expect(try found(2, .spot, 0, "a") == 4)
        #expect(try found(1, .spot, 1, "a") == 5)
        #expect(try found(1, .margin, 0, "a") == 6)
        #expect(try found(1, .spot, 0, "A") == nil)
        #expect(try found(2, .spot, 0, "b") == nil)
        #expect(try found(1, .spot, 0, "") == nil)
    }

    /// Orders 1 to 20 of account 1, two in each second, among those of others.
    private func twenty() throws -> TemporaryStore {
        let temporary = try TemporaryStore()
        var entries: [HistoryEntry] = []
        for id in UInt64(1)...20 {
            let time = start + Int64((id - 1) / 2) * 1_000
            entries.append(entry(id * 4, at: time, .orderAccepted(order(id * 10, at: time))))
            entries.append(entry(id * 4 + 1, at: time, .orderAccepted(order(id * 10 + 1, account: 2, at: time))))
            entries.append(entry(id * 4 + 2, at: time, .orderAccepted(order(id * 10 + 2, market: 1, at: time))))
            entries.append(entry(id * 4 + 3, at: time, .orderAccepted(order(id * 10 + 3, wallet: .margin, at: time))))
        }
        try temporary.store.apply(entries)
        return temporary
    }

    private func ids(
        _ temporary: TemporaryStore, from firstID: UInt64? = nil, startTime: Int64? = nil, endTime: Int64? = nil,
        _ rowOrder: RowOrder = .newestFirst, limit: Int = 100
    ) throws -> [UInt64] {
        try temporary.store.read { (view) throws in
            try view.orders(
                OrderQuery(
                    account: AccountID(1), market: MarketID(0), firstID: firstID.map { OrderID($0) },
                    startTime: startTime.map { start + $0 }, endTime: endTime.map { start + $0 }, rowOrder: rowOrder,
                    limit: limit))
        }.ids
    }

    @Test("a list holds one account, wallet and market, in the order asked for, cut by the limit")
    func lists() throws {
        let temporary = try twenty()
        #expect(try ids(temporary) == (1...20).reversed().map { $0 * 10 })
        #expect(try ids(temporary, .oldestFirst) == (1...20).map { $0 * 10 })
        #expect(try ids(temporary, limit: 3) == [200, 190, 180])
        #expect(try ids(temporary, .oldestFirst, limit: 3) == [10, 20, 30])
        #expect(try ids(temporary, limit: 0) == [])
        #expect(try ids(temporary, limit: -1) == [])
        #expect(try ids(temporary, limit: .max).count == 20)
    }

    @Test("bounds on id and time include their ends")
    func bounds() throws {
        let temporary = try twenty()
        #expect(try ids(temporary, from: 190) == [200, 190])
        #expect(try ids(temporary, from: 191) == [200])
        #expect(try ids(temporary, from: 50, .oldestFirst, limit: 2) == [50, 60])
        #expect(try ids(temporary, startTime: 9_000) == [200, 190])
        #expect(try ids(temporary, startTime: 8_001) == [200, 190])
        #expect(try ids(temporary, endTime: 1_000, .oldestFirst) == [10, 20, 30, 40])
        #expect(try ids(temporary, endTime: 999, .oldestFirst) == [10, 20])
        #expect(try ids(temporary, startTime: 3_000, endTime: 3_000) == [80, 70])
        #expect(try ids(temporary, startTime: 3_001, endTime: 3_999) == [])
        #expect(try ids(temporary, startTime: 5_000, endTime: 4_000) == [])
        #expect(try ids(temporary, from: 80, startTime: 3_000, endTime: 3_000) == [80])
        #expect(try ids(temporary, startTime: -1, endTime: .max / 2).count == 20)
        #expect(try ids(temporary, endTime: -1) == [])
        #expect(try ids(temporary, startTime: 9_001) == [])
    }

    @Test("times at the ends of what a number can hold are no trap")
    func extremeTimes() throws {
        let temporary = try twenty()
        let query = OrderQuery(
            account: AccountID(1), market: MarketID(0), startTime: Timestamp(milliseconds: .min), endTime: .never,
            limit: 100)
        #expect(try temporary.store.read { try $0.orders(query) }.count == 20)
        let none = OrderQuery(
            account: AccountID(1), market: MarketID(0), startTime: .never, endTime: Timestamp(milliseconds: .min),
            limit: 100)
        #expect(try temporary.store.read { try $0.orders(none) } == [])
        let empty = try TemporaryStore()
        #expect(try empty.store.read { try $0.orders(query) } == [])
    }
}
