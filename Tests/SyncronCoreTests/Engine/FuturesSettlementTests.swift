import SyncronCore
import Testing

/// Who pays for a loss: the account itself as long as it has anything, and insurance only then.
@Suite("Losses on perpetuals")
struct FuturesSettlementTests {
    private typealias S = FuturesStage

    private func rejection(_ events: [Event]) -> Rejection? {
        if case .rejected(let rejection) = events.first { rejection } else { nil }
    }

    private func mark(_ stage: inout FuturesStage, _ cents: Int64) {
        stage.index(cents)
        stage.trade(S.carol, S.bob, 1, at: cents)
        stage.wait(milliseconds: 1_000)
    }

    private func isolate(_ stage: inout FuturesStage, _ account: AccountID) {
        stage.perform(.setMarginType(SetMarginType(account: account, market: S.perpetual, type: .isolated)))
    }

    @Test("an isolated position is not sold so badly that the wallet cannot bear it")
    func isolatedLoss() {
        var stage = S(wallet: 3_100)
        for account in [S.bob, S.carol] { stage.transfer(account, S.units(1_000_000), .spot, .futures) }
        isolate(&stage, S.alice)
        stage.trade(S.alice, S.bob, 1_000, at: 60_000_00)
        #expect(rejection(stage.order(S.alice, .sell, 1_000, at: 20_000_00)) == .belowMaintenance)
        #expect(rejection(stage.order(S.alice, .sell, 900, at: 20_000_00)) == .belowMaintenance)
        #expect(rejection(stage.order(S.alice, .sell, 1_000, at: 57_000_00)) == nil)
        #expect(stage.engine.insuranceFund(of: S.usdt) == S.units(1_000_000))
    }

    @Test("a loss above the wallet is paid by the profit of the account's other positions")
    func profitPays() {
        var stage = S(wallet: 6_200)
        for account in [S.bob, S.carol] { stage.transfer(account, S.units(1_000_000), .spot, .futures) }
        stage.perform(.setPositionMode(SetPositionMode(account: S.alice, isHedge: true)))
        stage.order(S.bob, .sell, 1_000, at: 60_000_00)
        stage.order(S.alice, .buy, 1_000, at: 60_000_00, positionSide: .long)
        stage.order(S.bob, .buy, 1_000, at: 60_000_00)
        stage.order(S.alice, .sell, 1_000, at: 60_000_00, positionSide: .short)
        mark(&stage, 70_000_00)
        let before = stage.engine.futuresReading(of: S.alice)
        let insurance = stage.engine.insuranceFund(of: S.usdt)
        stage.order(S.bob, .sell, 1_000, at: 70_000_00)
        stage.order(S.alice, .buy, 1_000, at: 70_000_00, positionSide: .short)
        let after = stage.engine.futuresReading(of: S.alice)
        // 10,000 are realised with 6,140 in the wallet: the long pays what is lacking, and the fee of 35.
        #expect(after.crossWallet == .zero)
        #expect(after.crossProfit == before.crossWallet + before.crossProfit - S.units(35))
        #expect(after.positions.map(\.entryPrice) == [63_895_00])
        #expect(stage.engine.insuranceFund(of: S.usdt) == insurance)
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    @Test("nobody gains by a last price that no mark confirms, and no profit leaves by way of isolated margin")
    func unconfirmedProfit() {
        var fresh = S(wallet: 200_000, hasIndex: false)
        // Without any price an order is covered by its margin and fee alone.
        #expect(rejection(fresh.order(S.alice, .buy, 50_000, at: 60_000_00)) == nil)
        #expect(
            rejection(fresh.order(S.alice, .buy, 20_000, at: 60_000_00)).map { "\($0)" }?.contains("Balance") == true)
        fresh.perform(.cancelAllOrders(CancelAllOrders(account: S.alice, market: nil, wallet: .futures)))
        fresh.trade(S.alice, S.bob, 100, at: 1_000_00)
        fresh.trade(S.carol, S.bob, 1, at: 100_000_00)
        #expect(fresh.engine.futuresReading(of: S.alice).positions.map(\.profit) == [.zero])
        #expect(fresh.engine.futuresReading(of: S.bob).crossProfit < .zero)

        var stage = S(wallet: 6_100)
        stage.transfer(S.bob, S.units(1_000_000), .spot, .futures)
        stage.trade(S.alice, S.bob, 2_000, at: 60_000_00)
        mark(&stage, 70_000_00)
        #expect(stage.engine.futuresReading(of: S.alice).withdrawable == .zero)
        let other = stage.engine.futuresReading(of: S.alice)
        #expect(other.available > S.units(10_000) && other.crossWallet == S.units(6_040))
    }

    @Test("an isolated position without a wallet pays its funding out of what is set aside")
    func isolatedMargin() {
        var stage = S(sinceFunding: -30_000, wallet: 3_030)
        isolate(&stage, S.alice)
        stage.order(S.bob, .sell, 1_000, at: 60_000_00)
        stage.order(S.alice, .buy, 1_000, at: 60_000_00)
        #expect(stage.engine.futuresReading(of: S.alice).crossWallet == .zero)
        #expect(stage.engine.futuresReading(of: S.alice).isolatedWallet == S.units(3_000))
        stage.wait(milliseconds: 31_000)
        // 0.01 % of 60,000, out of what is set aside.
        #expect(stage.engine.futuresReading(of: S.alice).isolatedWallet == S.units(2_994))
        #expect(stage.engine.insuranceFund(of: S.usdt) == S.units(1_000_000))
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    @Test("orders that only reduce count together: two may not turn the position for nothing")
    func reducingTogether() {
        var stage = S(wallet: 3_030)
        stage.transfer(S.bob, S.units(1_000_000), .spot, .futures)
        stage.trade(S.alice, S.bob, 1_000, at: 60_000_00)
        #expect(rejection(stage.order(S.alice, .sell, 400, at: 60_500_00)) == nil)
        #expect(rejection(stage.order(S.alice, .sell, 600, at: 60_500_00)) == nil)
        let more = rejection(stage.order(S.alice, .sell, 1_000, at: 60_500_00))
        #expect(more == .insufficientBalance(asset: S.usdt, required: Units(8_025_000_000), available: .zero))
        #expect(rejection(stage.order(S.alice, .sell, 1_000, at: 60_500_00, reduceOnly: true)) == nil)
        // What does not stay closes now, whatever rests.
        stage.order(S.bob, .buy, 300, at: 59_900_00)
        #expect(rejection(stage.place(S.alice, .sell, .market(quantity: Steps(1_000)))) == nil)
        #expect(stage.engine.futuresReading(of: S.alice).positions.map(\.position.quantity) == [Steps(700)])
    }

    @Test("a protected stop waits until mark and last price are near again, and holds back no other")
    func priceProtect() {
        var stage = S(wallet: 1_000_000)
        stage.trade(S.alice, S.bob, 100, at: 60_000_00)
        stage.trade(S.carol, S.bob, 100, at: 60_000_00)
        let stop = FuturesTrigger(.stop, at: Ticks(59_000_00), workingType: .markPrice)
        var protected = stop
        protected.isProtected = true
        stage.place(S.alice, .sell, .market(quantity: .zero), closePosition: true, trigger: protected)
        stage.place(S.carol, .sell, .market(quantity: .zero), closePosition: true, trigger: stop)
        stage.order(S.bob, .buy, 1_000, at: 56_000_00)
        // The last price stays at 60,000 while the mark falls to 56,500.
        stage.index(56_500_00)
        stage.wait(milliseconds: 1_000)
        #expect(stage.engine.futuresReading(of: S.carol).positions.isEmpty)
        #expect(stage.engine.futuresReading(of: S.alice).positions.isEmpty)
    }

    @Test(
        "nothing fires and nobody is liquidated while the market is halted, and all is made up for when it trades again"
    )
    func halted() {
        var stage = S(wallet: 3_100)
        for account in [S.bob, S.carol] { stage.transfer(account, S.units(1_000_000), .spot, .futures) }
        stage.trade(S.alice, S.bob, 1_000, at: 60_000_00)
        stage.order(S.carol, .buy, 5_000, at: 57_050_00)
        let stop = FuturesTrigger(.stop, at: Ticks(58_000_00), workingType: .markPrice)
        stage.place(S.bob, .sell, .market(quantity: Steps(10)), trigger: stop)
        stage.perform(.setMarketStatus(SetMarketStatus(market: S.perpetual, status: .halt)))
        stage.index(50_000_00)
        let silent = stage.wait(milliseconds: 3_000)
        #expect(!silent.contains { if case .traded = $0 { true } else { false } })
        #expect(!silent.contains { if case .orderForced = $0 { true } else { false } })
        #expect(stage.engine.futuresReading(of: S.alice).positions.count == 1)
        stage.index(57_000_00)
        stage.wait(milliseconds: 1_000)
        stage.perform(.setMarketStatus(SetMarketStatus(market: S.perpetual, status: .trading)))
        let events = stage.wait(milliseconds: 1_000)
        #expect(events.contains { if case .orderForced(let it) = $0 { it.account == S.alice } else { false } })
        #expect(events.contains { if case .orderTriggered = $0 { true } else { false } })
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    @Test("an order expires at the end of its lifetime; only what stays open has one")
    func lifetime() {
        var stage = S()
        func order(_ timeInForce: TimeInForce, _ lifetime: Int64) -> Command {
            .placeFuturesOrder(
                PlaceFuturesOrder(
                    PlaceOrder(
                        account: S.alice, market: S.perpetual, wallet: .futures, side: .buy,
                        terms: .limit(price: Ticks(50_000_00), quantity: Steps(10), timeInForce: timeInForce)),
                    lifetime: lifetime))
        }
        for (force, lifetime) in [(TimeInForce.ioc, Int64(500)), (.gtc, 0), (.gtc, -1), (.gtc, .max)] {
            #expect(rejection(stage.perform(order(force, lifetime))) == .invalid(.cancelAfter))
        }
        #expect(rejection(stage.perform(order(.gtc, 500))) == nil)
        stage.wait(milliseconds: 499)
        #expect(stage.engine.openOrders(of: S.alice, wallet: .futures, market: nil).count == 1)
        stage.wait(milliseconds: 1)
        #expect(stage.engine.openOrders(of: S.alice, wallet: .futures, market: nil).isEmpty)
    }
}
