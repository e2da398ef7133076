import SyncronCore
import SyncronSimulator
import Testing

@Suite("Naive twin: triggers")
struct NaiveTriggerTests {
    typealias Case = (Trigger.Kind, Side, before: Int64, at: Int64)

    @Test(
        "a condition holds from the stop price on, not a tick before it",
        arguments: [
            (.stopLoss, .sell, 91, 90), (.stopLoss, .buy, 109, 110), (.takeProfit, .sell, 109, 110),
            (.takeProfit, .buy, 91, 90),
        ] as [Case])
    func conditions(_ kind: Trigger.Kind, _ side: Side, before: Int64, at: Int64) {
        var stage = NaiveStage()
        stage.trade(at: 100)
        let options = OrderOptions(trigger: Trigger(kind, at: Ticks(at)))
        let type = kind == .stopLoss ? "stopLoss" : "takeProfit"
        #expect(stage.place(1, side, .market(2), options) == ["accepted 3 \(type) pendingTrigger"])
        #expect(stage.trade(at: before) == [])
        #expect(stage.trade(at: at) == ["triggered 3 new at 1000", "ended 3 expired 0/2 at 1000"])
        #expect(stage.funds(1, NaiveStage.base) == [1_000, 0])
        #expect(stage.funds(1, NaiveStage.quote) == [100_000, 0])
    }

    @Test("what is true already is refused, equality included; before the first trade nothing is")
    func trueOnEntry() {
        var stage = NaiveStage()
        #expect(stage.place(1, .sell, .market(1), .stop(100)) == ["accepted 1 stopLoss pendingTrigger"])
        stage.cancel(1, 1)
        stage.trade(at: 100)
        #expect(stage.place(1, .sell, .market(1), .stop(100)) == ["risk trigger"])
        #expect(stage.place(1, .buy, .market(1), .stop(100)) == ["risk trigger"])
        #expect(stage.place(1, .sell, .limit(1, at: 90), .profit(100)) == ["risk trigger"])
        #expect(stage.place(1, .buy, .limit(1, at: 90), .profit(101)) == ["risk trigger"])
        #expect(stage.place(1, .sell, .market(1), .stop(99)) == ["accepted 4 stopLoss pendingTrigger"])
    }

    @Test("the oldest fires first, and what its trades reach fires next")
    func cascade() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.place(2, .buy, .limit(5, at: 80))
        stage.place(1, .sell, .market(3), .stop(90))
        stage.place(1, .sell, .limit(1, at: 70, .ioc), .stop(85))
        stage.place(1, .buy, .limit(1, at: 50), .profit(90))
        stage.place(3, .buy, .market(1), .stop(95))
        // 90 fires #4, which sells at 80; that fires #5, and then #6, which rests.
        #expect(
            stage.trade(at: 90) == [
                "triggered 4 new at 1000", "filled 3 maker partiallyFilled 3 @ 80", "trade 3 @ 80",
                "filled 4 taker filled 3 @ 80", "buy 80: 2", "triggered 5 new at 1000",
                "filled 3 maker partiallyFilled 1 @ 80", "trade 1 @ 80", "filled 5 taker filled 1 @ 80", "buy 80: 1",
                "triggered 6 new at 1000", "buy 50: 1",
            ])
    }

    @Test("one whose condition the trades of an older one undo does not fire")
    func undone() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.place(2, .buy, .limit(1, at: 90))
        stage.place(1, .sell, .market(1), .profit(110))
        stage.place(3, .buy, .limit(1, at: 50), .stop(110))
        stage.place(3, .sell, .limit(1, at: 200), .stop(95))
        #expect(
            stage.trade(at: 110) == [
                "triggered 4 new at 1000", "filled 3 maker filled 1 @ 90", "trade 1 @ 90",
                "filled 4 taker filled 1 @ 90", "buy 90: 0", "triggered 6 new at 1000", "sell 200: 1",
            ])
        #expect(stage.naive.openOrders.map(\.id.raw) == [5, 6])
    }

    @Test("only the last price of a command counts")
    func lastPrice() {
        var stage = NaiveStage()
        stage.trade(at: 105)
        stage.place(2, .sell, .limit(1, at: 100))
        stage.place(2, .sell, .limit(1, at: 110))
        stage.place(1, .buy, .limit(1, at: 50), .profit(100))
        #expect(stage.place(3, .buy, .limit(2, at: 110)).contains("triggered 5 new at 1000") == false)
        #expect(stage.trade(at: 100) == ["triggered 5 new at 1000", "buy 50: 1"])
    }

    @Test("a purchase at market holds stop price × quantity and spends at most that and what is free")
    func affordable() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        #expect(stage.place(1, .buy, .market(900), .stop(110)) == ["accepted 3 stopLoss pendingTrigger"])
        #expect(stage.funds(1, NaiveStage.quote) == [1_000, 99_000])
        stage.place(2, .sell, .limit(500, at: 120))
        stage.place(3, .sell, .limit(500, at: 130))
        // 500 cost 60,000; of the 40,000 left 307 are bought at 130, for 39,910.
        #expect(
            stage.trade(at: 110) == [
                "triggered 3 new at 1000", "filled 4 maker filled 500 @ 120", "trade 500 @ 120",
                "filled 3 taker partiallyFilled 500 @ 120", "sell 120: 0",
                "filled 5 maker partiallyFilled 307 @ 130", "trade 307 @ 130",
                "filled 3 taker partiallyFilled 307 @ 130", "sell 130: 193", "ended 3 expired 807/900 at 1000",
            ])
        #expect(stage.funds(1, NaiveStage.quote) == [90, 0])
        #expect(stage.funds(1, NaiveStage.base) == [1_807, 0])
        #expect(stage.place(1, .buy, .market(1), .stop(200)) == ["insufficientBalance"])
    }

    @Test("a triggered order is asked some filters again")
    func filtersAgain() {
        var stage = NaiveStage {
            $0.percentPrice = PercentPrice(
                bidUp: Rate(150_000_000), bidDown: Rate(50_000_000), askUp: Rate(150_000_000),
                askDown: Rate(50_000_000))
            $0.minNotional = Units(40)
        }
        stage.trade(at: 100)
        #expect(stage.place(1, .sell, .limit(1, at: 150), .stop(60)) == ["accepted 3 stopLossLimit pendingTrigger"])
        #expect(stage.place(1, .sell, .limit(1, at: 151), .stop(60)) == ["risk percentPriceBySide"])
        #expect(stage.place(1, .sell, .market(1), .stop(39)) == ["filter notional quantity"])
        #expect(stage.place(1, .sell, .market(1), .stop(45)) == ["accepted 4 stopLoss pendingTrigger"])
        // The average is 80 by then.
        #expect(stage.trade(at: 60) == ["triggered 3 new at 1000", "ended 3 expired 0/1 at 1000"])
        stage.time += 300_000
        stage.place(2, .buy, .limit(2, at: 39))
        stage.place(2, .buy, .limit(2, at: 40))
        let events = stage.place(3, .sell, .limit(4, at: 39, .ioc))
        #expect(events.suffix(2) == ["triggered 4 new at 301000", "ended 4 expired 0/1 at 301000"])
    }

    @Test("a triggered limit order behaves as a new one, whatever its time in force")
    func triggeredLimits() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.place(2, .buy, .limit(3, at: 80))
        stage.place(1, .sell, .limit(4, at: 80, .fok), .stop(90))
        stage.place(1, .sell, .limit(4, at: 80, .ioc), .stop(90))
        stage.place(1, .sell, .limit(4, at: 85), .stop(90))
        #expect(stage.funds(1, NaiveStage.base) == [988, 12])
        #expect(
            stage.trade(at: 90) == [
                "triggered 4 new at 1000", "ended 4 expired 0/4 at 1000", "triggered 5 new at 1000",
                "filled 3 maker filled 3 @ 80", "trade 3 @ 80", "filled 5 taker partiallyFilled 3 @ 80", "buy 80: 0",
                "ended 5 expired 3/4 at 1000", "triggered 6 new at 1000", "sell 85: 4",
            ])
        #expect(stage.funds(1, NaiveStage.base) == [993, 4])
    }

    @Test("one that is triggered stands behind those that are younger and came before")
    func goesToTheBack() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.place(1, .sell, .limit(1, at: 95), .stop(90))
        stage.place(2, .sell, .limit(1, at: 95))
        stage.trade(at: 90)
        #expect(stage.place(3, .buy, .limit(1, at: 95)).contains("filled 4 maker filled 1 @ 95"))
    }

    @Test("waiting orders count among the open and the waiting ones")
    func counts() {
        var stage = NaiveStage { ($0.maxOrders, $0.maxAlgoOrders) = (3, 2) }
        stage.place(1, .sell, .market(1), .stop(50))
        stage.place(1, .sell, .market(1), .stop(50))
        #expect(stage.place(1, .sell, .market(1), .stop(50)) == ["risk maxNumAlgoOrders"])
        stage.place(1, .sell, .limit(1, at: 200))
        #expect(stage.place(1, .sell, .limit(1, at: 200)) == ["risk maxNumOrders"])
        #expect(stage.place(1, .sell, .market(1), .stop(50)) == ["risk maxNumOrders"])
        #expect(stage.place(1, .sell, .limit(1, at: 200, .ioc)).count == 2)
    }

    @Test("what does not fit together is refused")
    func forms() {
        var stage = NaiveStage()
        #expect(stage.place(1, .sell, .maker(1, at: 90), .stop(100)) == ["invalid type"])
        #expect(stage.place(1, .sell, .marketByQuote(quote: Units(100)), .stop(100)) == ["invalid type"])
        var both = OrderOptions.stop(100)
        both.icebergQuantity = Steps(1)
        #expect(stage.place(1, .sell, .limit(2, at: 90), both) == ["invalid type"])
        #expect(stage.place(1, .sell, .limit(2, at: 90), .stop(nil)) == ["invalid stopPrice"])
        #expect(stage.place(1, .sell, .limit(2, at: 90), .stop(100, trailing: 9)) == ["invalid trailingDelta"])
        #expect(stage.place(1, .sell, .limit(2, at: 90), .stop(100, trailing: 2_001)) == ["invalid trailingDelta"])
        #expect(stage.place(1, .buy, .market(2), .stop(nil, trailing: 100)) == ["invalid stopPrice"])
        #expect(stage.place(1, .buy, .limit(2, at: 90), .stop(nil, trailing: 10)).count == 1)
        #expect(stage.place(1, .sell, .market(2), .stop(nil, trailing: 2_000)).count == 1)
        #expect(stage.place(1, .sell, .market(2), .stop(10_001)) == ["filter priceFilter stopPrice"])
        #expect(stage.place(1, .sell, .market(2), .stop(Ticks.offGrid.raw)) == ["filter priceFilter stopPrice"])
        #expect(stage.place(1, .sell, .limit(2, at: 0), .stop(0)) == ["filter priceFilter price"])
    }
}
