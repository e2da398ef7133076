import SyncronCore
import Testing

@Suite("Futures: positions and margins")
struct FuturesTests {
    private typealias S = FuturesStage

    private func position(_ stage: borrowing S, _ account: AccountID) -> PositionReading? {
        stage.engine.futuresReading(of: account).positions.first
    }

    private func rejection(_ events: [Event]) -> Rejection? {
        if case .rejected(let rejection) = events.first { rejection } else { nil }
    }

    @Test("the contract's liquidation prices")
    func liquidationPrices() {
        var stage = S(wallet: 10_000)
        for account in [S.alice, S.bob] {
            stage.perform(.setMarginType(SetMarginType(account: account, market: S.perpetual, type: .isolated)))
        }
        stage.trade(S.alice, S.bob, 1_000, at: 60_000_00)
        #expect(position(stage, S.alice)?.liquidationPrice == 57_236_18)
        #expect(position(stage, S.bob)?.liquidationPrice == 62_736_32)
        #expect(position(stage, S.alice)?.position.isolatedWallet == S.units(3_000))

        stage = S(wallet: 10_000)
        stage.trade(S.alice, S.bob, 500, at: 60_000_00)
        // The fee of 15 is put back: the example has a wallet of 10,000.
        stage.transfer(S.alice, S.units(10_000) - stage.engine.futuresReading(of: S.alice).crossWallet, .spot, .futures)
        #expect(position(stage, S.alice)?.liquidationPrice == 40_160_64)
    }

    @Test("adding averages, reducing realises, a flip closes and opens; clearing is the other side")
    func basis() {
        var stage = S()
        stage.trade(S.alice, S.bob, 100, at: 60_000_00)
        stage.trade(S.alice, S.bob, 200, at: 60_300_00)
        #expect(position(stage, S.alice)?.entryPrice == 60_200_00)
        stage.trade(S.carol, S.alice, 100, at: 61_000_00)
        #expect(position(stage, S.alice)?.position.quantity == Steps(200))
        #expect(position(stage, S.alice)?.entryPrice == 60_200_00)
        let before = stage.engine.futuresReading(of: S.alice).crossWallet
        stage.trade(S.carol, S.alice, 500, at: 61_000_00)
        // 0.2 closed at 800 more than they cost, less the maker's fee of 0.5 at 61,000.
        #expect(stage.engine.futuresReading(of: S.alice).crossWallet == before + S.units(160) - Units(610_000_000))
        #expect(position(stage, S.alice)?.position.quantity == Steps(-300))
        #expect(position(stage, S.alice)?.entryPrice == 61_000_00)
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
        #expect(stage.engine.openInterest(of: S.perpetual) == Steps(600))
    }

    @Test("an order must cover the increase of the initial margin: 30, not 330")
    func increase() {
        var stage = S(wallet: 606)
        stage.order(S.alice, .buy, 100, at: 60_000_00)
        #expect(stage.engine.futuresReading(of: S.alice).available == S.units(306))
        #expect(stage.order(S.alice, .sell, 100, at: 66_000_00).count > 1)
        #expect(stage.engine.futuresReading(of: S.alice).available == S.units(276))
        stage.order(S.alice, .buy, 100, at: 60_000_00)
        #expect(stage.engine.futuresReading(of: S.alice).available == S.units(6))
        let more = rejection(stage.order(S.alice, .buy, 100, at: 60_000_00))
        #expect(
            more
                == .insufficientBalance(asset: S.usdt, required: S.units(303), available: S.units(6)))
    }

    @Test("a reduceOnly order needs a position, never flips it, and expires when it closes")
    func reduceOnly() {
        var stage = S()
        #expect(rejection(stage.order(S.alice, .sell, 100, at: 61_000_00, reduceOnly: true)) == .risk(.reduceOnly))
        stage.trade(S.alice, S.bob, 100, at: 60_000_00)
        stage.order(S.alice, .sell, 80, at: 61_000_00, reduceOnly: true)
        stage.order(S.alice, .sell, 80, at: 61_000_00, reduceOnly: true)
        let events = stage.order(S.carol, .buy, 500, at: 61_000_00)
        #expect(position(stage, S.alice) == nil)
        let ended = events.compactMap { if case .orderEnded(let end) = $0 { end.order } else { nil } }
        #expect(ended.map(\.status) == [.expired] && ended.map(\.executed) == [Steps(20)])
        #expect(stage.engine.openOrders(of: S.alice, wallet: .futures, market: nil).isEmpty)
        #expect(stage.engine.openOrders(of: S.carol, wallet: .futures, market: nil).first?.executed == Steps(100))
    }

    @Test("hedge mode holds both sides; a mode or margin type does not change under a position")
    func hedge() {
        var stage = S()
        let hedge = Command.setPositionMode(SetPositionMode(account: S.alice, isHedge: true))
        stage.perform(hedge)
        #expect(rejection(stage.order(S.alice, .buy, 100, at: 60_000_00)) == .invalid(.positionSide))
        #expect(
            rejection(stage.order(S.alice, .sell, 100, at: 60_000_00, positionSide: .long)) == .risk(.reduceOnly))
        stage.order(S.alice, .buy, 100, at: 60_000_00, positionSide: .long)
        stage.order(S.bob, .sell, 100, at: 60_000_00)
        stage.order(S.alice, .sell, 50, at: 60_000_00, positionSide: .short)
        stage.order(S.bob, .buy, 50, at: 60_000_00)
        let reading = stage.engine.futuresReading(of: S.alice)
        #expect(reading.positions.map(\.position.quantity) == [Steps(100), Steps(-50)])
        #expect(reading.positionInitialMargin == S.units(450))
        // What the short position does not cover of the long one, the wallet does down to nothing.
        #expect(reading.positions.map(\.liquidationPrice) == [0, 0])
        #expect(
            rejection(stage.perform(.setPositionMode(SetPositionMode(account: S.alice, isHedge: false))))
                == .risk(.openPosition))
        #expect(
            rejection(
                stage.perform(
                    .setMarginType(SetMarginType(account: S.alice, market: S.perpetual, type: .isolated))))
                == .risk(.openPosition))
    }

    @Test("the leverage caps the notional, and lowering it must be covered")
    func leverage() {
        var stage = S(wallet: 10_000_000)
        func set(_ leverage: UInt8) -> Command {
            .setLeverage(SetLeverage(account: S.alice, market: S.perpetual, leverage: leverage))
        }
        #expect(rejection(stage.perform(set(126))) == .invalid(.leverage))
        stage.perform(set(125))
        #expect(rejection(stage.order(S.alice, .buy, 834, at: 60_000_00)) == .risk(.maxNotional))
        #expect(stage.order(S.alice, .buy, 833, at: 60_000_00).count > 1)
        stage.perform(set(100))
        stage.order(S.alice, .buy, 1_000, at: 60_000_00)
        #expect(rejection(stage.perform(set(125))) == .risk(.maxNotional))
        stage = S(wallet: 700)
        stage.trade(S.alice, S.bob, 200, at: 60_000_00)
        #expect(rejection(stage.perform(set(17))).map { "\($0)".contains("insufficientBalance") } == true)
        #expect(rejection(stage.perform(set(18))) == nil)
    }

    @Test("GTX expires rather than crosses; an order at market stops 5 % from the mark")
    func types() {
        var stage = S()
        stage.order(S.bob, .sell, 100, at: 60_000_00)
        stage.order(S.bob, .sell, 100, at: 63_000_01)
        let crossing = stage.order(S.alice, .buy, 10, at: 60_000_00, .gtx)
        #expect(crossing.contains { if case .orderEnded(let end) = $0 { end.order.executed == .zero } else { false } })
        #expect(stage.order(S.alice, .buy, 10, at: 59_000_00, .gtx).count > 1)
        let market = stage.place(S.alice, .buy, .market(quantity: Steps(150)))
        let ended = market.compactMap { if case .orderEnded(let end) = $0 { end.order } else { nil } }
        #expect(ended.map(\.executed) == [Steps(100)] && ended.map(\.status) == [.expired])
    }

    @Test("a stop on the mark closes the position that is there then")
    func closePosition() {
        var stage = S()
        stage.trade(S.alice, S.bob, 100, at: 60_000_00)
        let stop = FuturesTrigger(.stop, at: Ticks(58_000_00), workingType: .markPrice)
        stage.place(S.alice, .sell, .market(quantity: .zero), closePosition: true, trigger: stop)
        stage.order(S.carol, .buy, 1_000, at: 57_000_00)
        stage.index(57_500_00)
        // The last price keeps the mark where the median is: a trade brings it down.
        stage.trade(S.carol, S.bob, 1, at: 57_500_00)
        stage.wait(milliseconds: 1_000)
        #expect(position(stage, S.alice) == nil)
        #expect(stage.engine.openOrders(of: S.alice, wallet: .futures, market: nil).isEmpty)
    }

    @Test("funding is paid by longs when the rate is above zero, and sums to zero")
    func funding() {
        var stage = S()
        stage.trade(S.alice, S.bob, 1_000, at: 60_000_00)
        let before = [S.alice, S.bob].map { stage.engine.futuresReading(of: $0).crossWallet }
        let events = stage.wait(milliseconds: 8 * 3_600_000)
        let settled = events.compactMap { if case .fundingSettled(let rate) = $0 { rate } else { nil } }
        // An empty book has no premium: the rate is 0.01 %.
        #expect(settled.map(\.rate) == [Rate(10_000)])
        let after = [S.alice, S.bob].map { stage.engine.futuresReading(of: $0).crossWallet }
        let paid = Units(60_000_00 * 1_000_000 / 10_000 * 100_000_000 / 100_000_000)
        #expect(before[0] - after[0] == paid && after[1] - before[1] == paid, "\(before) \(after)")
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    @Test("a position is liquidated when its margin falls below its maintenance, with a fee to insurance")
    func liquidation() {
        var stage = S(wallet: 3_100)
        stage.transfer(S.bob, S.units(1_000_000), .spot, .futures)
        stage.transfer(S.carol, S.units(1_000_000), .spot, .futures)
        stage.trade(S.alice, S.bob, 1_000, at: 60_000_00)
        stage.order(S.carol, .buy, 5_000, at: 57_100_00)
        stage.index(57_100_00)
        stage.trade(S.carol, S.bob, 1, at: 57_100_00)
        let events = stage.wait(milliseconds: 1_000)
        let forced = events.compactMap { if case .orderForced(let order) = $0 { order } else { nil } }
        #expect(forced.first?.account == S.alice && forced.first.map { $0.executed > .zero } == true, "\(forced)")
        #expect(stage.engine.insuranceFund(of: S.usdt) > S.units(1_000_000))
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
        let copy = try? stage.engine.restored()
        #expect(copy?.digest == stage.engine.digest)
    }

    @Test("without bids the fund takes the position over; when the fund could not stand it, winners are deleveraged")
    func bankruptcy() {
        for fund in [Int128(1_000_000), 0] {
            var stage = S(wallet: 3_100)
            stage.perform(.fundInsurance(InsuranceFund(asset: S.usdt, amount: S.units(fund))))
            stage.transfer(S.bob, S.units(1_000_000), .spot, .futures)
            stage.trade(S.alice, S.bob, 1_000, at: 60_000_00)
            stage.index(50_000_00)
            stage.trade(S.carol, S.bob, 1, at: 50_000_00)
            let events = stage.wait(milliseconds: 1_000)
            #expect(position(stage, S.alice) == nil)
            #expect(stage.engine.futuresReading(of: S.alice).crossWallet == .zero)
            let deleveraged = events.contains { if case .positionDeleveraged = $0 { true } else { false } }
            #expect(deleveraged == (fund == 0))
            #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
        }
    }
}
