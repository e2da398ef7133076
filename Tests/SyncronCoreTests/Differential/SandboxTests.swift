import SyncronCore
import SyncronNode
import Testing

@testable import SyncronSimulator

@Suite("Sandbox")
struct SandboxTests {
    /// A floor whose books stand.
    private func openedFloor(_ door: EngineDoor, seed: UInt64 = 1) async throws -> TradingFloor {
        var floor = try await TradingFloor(door, seed: seed, pause: door.pause)
        while floor.buildingRoundsLeft > 0 { _ = try await floor.round() }
        return floor
    }

    /// Price levels of each side, the thinnest of all markets.
    private func thinnestSide(_ door: EngineDoor) async throws -> Int {
        try await door.query { engine, _ in
            var levels: [Set<Ticks>] = Array(repeating: [], count: engine.markets.count * 2)
            for account in engine.accounts {
                for order in engine.openOrders(of: account.id, wallet: .spot, market: nil) {
                    levels[Int(order.market.raw) * 2 + (order.side == .buy ? 0 : 1)].insert(order.price)
                }
            }
            return levels.map(\.count).min() ?? 0
        }
    }

    /// The most commands that came within one second.
    private func busiestSecond(_ times: [Timestamp]) -> Int {
        var most = 0
        var first = 0
        for (index, time) in times.enumerated() {
            while times[first] + 1_000 <= time { first += 1 }
            most = max(most, index - first + 1)
        }
        return most
    }

    @Test("the books stand soon, over 100 levels deep on each side, at no more than 500 commands a second")
    func building() async throws {
        let door = EngineDoor()
        _ = try await openedFloor(door)
        #expect(try await thinnestSide(door) >= 100)
        let log = await door.log
        #expect(busiestSecond(log.map(\.time)) <= 500)
        #expect(log.count < 2_000)
        let refused = log.compactMap { $0.events.rejection }
        #expect(refused == [], "\(log.filter { $0.events.rejection != nil }.map(\.command))")
    }

    @Test("once the books stand there are fewer than 20 commands a second, some trades, and the books stay deep")
    func trading() async throws {
        let door = EngineDoor()
        var floor = try await openedFloor(door)
        await door.forgetLog()
        let seconds = 150
        for _ in 0..<seconds { _ = try await floor.round() }
        let log = await door.log
        #expect(busiestSecond(log.map(\.time)) < 20)
        let trades = log.reduce(0) { sum, entry in
            sum + entry.events.count { if case .traded = $0 { true } else { false } }
        }
        #expect(trades > seconds && trades < seconds * 4, "\(trades) trades in \(seconds) s")
        #expect(try await thinnestSide(door) >= 100)
        #expect(log.count { $0.events.rejection != nil } * 20 < log.count)
        let markets = log.flatMap(\.events).compactMap { if case .traded(let trade) = $0 { trade.market } else { nil } }
        #expect(Set(markets).count == 4)
    }

    @Test("no account has more open orders in a market than the market allows, less some")
    func orderBound() async throws {
        let door = EngineDoor()
        var floor = try await openedFloor(door)
        for _ in 0..<100 { _ = try await floor.round() }
        let most = try await door.query { engine, _ in
            engine.accounts.flatMap { account in
                engine.markets.map { engine.openOrders(of: account.id, wallet: .spot, market: $0.id).count }
            }.max() ?? 0
        }
        #expect(most > 0 && most <= 190)
    }

    @Test("a restart finds its accounts, orders and funds again")
    func restart() async throws {
        let door = EngineDoor()
        var floor = try await openedFloor(door)
        for _ in 0..<50 { _ = try await floor.round() }
        let before = try await door.query { engine, _ in
            (engine.accountCount, engine.totals.map(\.external), engine.openOrderCount)
        }
        await door.forgetLog()
        var second = try await TradingFloor(door, seed: 2, pause: door.pause)
        #expect(await door.log.isEmpty)
        let report = try await second.round()
        #expect(!report.isBuilding && report.sent <= TradingFloor.commandsPerRound)
        let after = try await door.query { engine, _ in
            (engine.accountCount, engine.totals.map(\.external), engine.openOrderCount)
        }
        #expect(before.0 == after.0 && before.1 == after.1)
        #expect(abs(before.2 - after.2) < 50)
    }

    @Test("someone's bid far above the price is taken")
    func arbitrage() async throws {
        let door = EngineDoor()
        var floor = try await openedFloor(door)
        let demo = try await DemoAccount.ensure(door: door)
        let bid = PlaceOrder(
            account: demo, market: MarketID(0), side: .buy,
            terms: .limit(price: Ticks(6_050_000), quantity: Steps(120_000), timeInForce: .gtc))
        _ = try await door.perform(.placeOrder(bid))
        for _ in 0..<60 { _ = try await floor.round() }
        let left = try await door.query { engine, _ in
            engine.openOrders(of: demo, wallet: .spot, market: nil).count
        }
        #expect(left == 0)
    }

    @Test("a halted market is left alone, and served again when it trades")
    func halt() async throws {
        let door = EngineDoor()
        var floor = try await openedFloor(door)
        _ = try await door.perform(.setMarketStatus(SetMarketStatus(market: MarketID(0), status: .halt)))
        await door.forgetLog()
        for _ in 0..<20 { _ = try await floor.round() }
        #expect(await door.log.allSatisfy { $0.events.rejection != .marketClosed(.halt) })
        _ = try await door.perform(.setMarketStatus(SetMarketStatus(market: MarketID(0), status: .trading)))
        for _ in 0..<20 { _ = try await floor.round() }
        let orders = await door.log.count { entry in
            if case .placeOrder(let order) = entry.command { order.market == MarketID(0) } else { false }
        }
        #expect(orders > 0)
    }

    @Test("an exchange without room is tried again later, less and less often")
    func backOff() async throws {
        let door = EngineDoor()
        let start = await door.now
        await door.fail(with: [.inboxFull, .noSpace, .historyBehind, .inboxFull, .stopping])
        // The last of the outages ends the run.
        await Sandbox.run(door, 1, door.pause)
        let waited = await door.now.milliseconds - start.milliseconds
        #expect(waited == 1_000 + 2_000 + 4_000 + 8_000)
    }

    @Test("stopping ends the trading, and a second start goes on")
    func stopping() async throws {
        let door = EngineDoor()
        let sandbox = Sandbox(door: door, seed: 1, pause: door.pause)
        sandbox.start()
        while await door.log.count < 100 { await Task.yield() }
        await sandbox.stop()
        let count = await door.log.count
        for _ in 0..<1_000 { await Task.yield() }
        #expect(await door.log.count == count)
        sandbox.start()
        while await door.log.count < count + 10 { await Task.yield() }
        await sandbox.stop()
    }

    @Test("an exchange without known assets is left alone")
    func nothingToTrade() async throws {
        let door = EngineDoor([.begin(Genesis(hasSandbox: true))])
        var floor = try await TradingFloor(door, seed: 1, pause: door.pause)
        let report = try await floor.round()
        #expect(report.sent == 0)
    }

    @Test("the demo account is opened and funded once")
    func demo() async throws {
        let door = EngineDoor()
        let account = try await DemoAccount.ensure(door: door)
        let balances = try await door.query { engine, _ in
            engine.balances(of: account, wallet: .spot).map { $0.free.raw / 100_000_000 }
        }
        #expect(balances == [10, 100, 1_000, 100_000])
        let count = await door.log.count
        #expect(try await DemoAccount.ensure(door: door) == account)
        #expect(await door.log.count == count)
        let isSandbox = try await door.query { engine, _ in engine.account(account)?.isSandbox }
        #expect(isSandbox == false)
        let onMargin = try await door.query { engine, _ in
            engine.marginReading(of: account)?.balances.map { $0.free.raw / 100_000_000 }
        }
        #expect(onMargin == [1, 20_000])
    }

    @Test("index prices follow the reference, and some accounts borrow, trade on margin and repay")
    func margin() async throws {
        let door = EngineDoor()
        var floor = try await openedFloor(door)
        for _ in 0..<600 { _ = try await floor.round() }
        let events = await door.log.flatMap(\.events)
        var (loans, repayments, trades, indexes) = (0, 0, 0, 0)
        for event in events {
            if case .loanTaken = event { loans += 1 }
            if case .loanRepaid = event { repayments += 1 }
            if case .traded(let trade) = event, trade.takerWallet == .margin { trades += 1 }
            if case .indexPriceChanged = event { indexes += 1 }
        }
        #expect(loans > 5 && repayments > 5 && trades > 20, "\(loans) loans, \(repayments) back, \(trades) trades")
        #expect(indexes > 1_000)
        let statuses = try await door.query { engine, _ in
            engine.accounts.compactMap { engine.marginReading(of: $0.id)?.status }
        }
        #expect(statuses == [.normal, .normal])
    }

    @Test("an index price that somebody else has fixed stays")
    func fixedIndex() async throws {
        let door = EngineDoor()
        var floor = try await openedFloor(door)
        let bitcoin = AssetID(0)
        let fixed = IndexPrice(100_000_000)
        _ = try await door.perform(.setIndexPrices(SetIndexPrices([IndexQuote(asset: bitcoin, price: fixed)])))
        for _ in 0..<20 { _ = try await floor.round() }
        let (price, other) = try await door.query { engine, _ in
            (engine.indexPrice(of: bitcoin), engine.indexPrice(of: AssetID(1)))
        }
        #expect(price == fixed && other != nil)
    }
}
