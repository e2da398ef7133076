import SyncronCore
import SyncronSimulator
import Testing

@Suite("Naive twin: lists")
struct NaiveListTests {
    private let placed = ["accepted 3 limitMaker new", "accepted 4 stopLoss pendingTrigger", "sell 120: 5"]

    @Test("the first fill of the limit leg ends the stop leg, before the next order is met")
    func limitFills() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        #expect(stage.list(1, .sell, 5, at: 120, stop: 90) == placed)
        #expect(stage.naive.openOrders.map(\.list) == [OrderID(3), OrderID(3)])
        #expect(stage.funds(1, NaiveStage.base) == [995, 5])
        stage.place(2, .sell, .limit(1, at: 121))
        #expect(
            stage.place(3, .buy, .limit(2, at: 120)) == [
                "accepted 6 limit new", "filled 3 maker partiallyFilled 2 @ 120", "trade 2 @ 120",
                "filled 6 taker filled 2 @ 120", "ended 4 expired 0/5 at 1000", "sell 120: 3",
            ])
        #expect(stage.place(3, .buy, .limit(1, at: 120)).last == "sell 120: 2")
        #expect(stage.cancel(1, 3) == ["ended 3 canceled 3/5 at 1000", "sell 120: 0"])
        #expect(stage.funds(1, NaiveStage.base) == [997, 0])
    }

    @Test("the trigger of the stop leg ends the limit leg first")
    func stopFires() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.list(1, .sell, 5, at: 120, stop: 90)
        stage.place(2, .buy, .limit(3, at: 80))
        #expect(
            stage.trade(at: 90) == [
                "triggered 4 new at 1000", "ended 3 expired 0/5 at 1000", "sell 120: 0",
                "filled 5 maker filled 3 @ 80", "trade 3 @ 80", "filled 4 taker partiallyFilled 3 @ 80", "buy 80: 0",
                "ended 4 expired 3/5 at 1000",
            ])
        #expect(stage.funds(1, NaiveStage.base) == [997, 0])
    }

    @Test("funds are held once, for the dearer leg")
    func hold() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        #expect(stage.list(1, .buy, 10, at: 80, stop: 110, stopLimit: 115).count == 3)
        #expect(stage.funds(1, NaiveStage.quote) == [98_850, 1_150])
        #expect(stage.place(3, .sell, .limit(1, at: 80)).contains("ended 4 expired 0/10 at 1000"))
        #expect(stage.funds(1, NaiveStage.quote) == [99_200, 720])
        #expect(stage.list(2, .buy, 10, at: 70, stop: 110, stopLimit: 60).count == 3)
        #expect(stage.funds(2, NaiveStage.quote) == [99_300, 700])
        #expect(
            stage.trade(at: 110) == [
                "triggered 7 new at 1000", "ended 6 expired 0/10 at 1000", "buy 70: 0", "buy 60: 10",
            ])
        #expect(stage.funds(2, NaiveStage.quote) == [99_400, 600])
        #expect(stage.list(3, .buy, 900, at: 100, stop: 112) == ["insufficientBalance"])
        #expect(stage.funds(3, NaiveStage.quote) == [100_080, 0])
    }

    @Test("cancelling one cancels both", arguments: [UInt64(3), 4])
    func cancel(_ id: UInt64) {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.list(1, .sell, 5, at: 120, stop: 90)
        let limit = ["ended 3 canceled 0/5 at 1000", "sell 120: 0"]
        let stop = ["ended 4 canceled 0/5 at 1000"]
        #expect(stage.cancel(1, id) == (id == 3 ? limit + stop : stop + limit))
        #expect(stage.cancel(1, id) == ["unknownOrder"])
        #expect(stage.funds(1, NaiveStage.base) == [1_000, 0])
    }

    @Test("a limit leg that self-trade prevention expires takes the stop leg with it")
    func selfTrade() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.list(1, .sell, 5, at: 120, stop: 90)
        #expect(
            stage.place(1, .buy, .limit(1, at: 120)) == [
                "accepted 5 limit new", "ended 3 expiredInMatch 0/5 at 1000", "ended 4 expired 0/5 at 1000",
                "sell 120: 0", "buy 120: 1",
            ])
    }

    @Test("prices stand around the last one, the limit on the better side")
    func prices() {
        var stage = NaiveStage()
        #expect(stage.list(1, .sell, 5, at: 90, stop: 90) == ["risk limitOfList"])
        #expect(stage.list(1, .sell, 5, at: 91, stop: 90).count == 3)
        #expect(stage.list(2, .buy, 5, at: 90, stop: 90) == ["risk limitOfList"])
        stage.cancel(1, 1)
        stage.trade(at: 100)
        // Of two wrong prices the limit is named.
        for (limit, stop) in [(100, 90), (90, 120)] as [(Int64, Int64)] {
            #expect(stage.list(1, .sell, 5, at: limit, stop: stop) == ["risk limitOfList"])
        }
        for (limit, stop) in [(100, 110), (120, 90)] as [(Int64, Int64)] {
            #expect(stage.list(1, .buy, 5, at: limit, stop: stop) == ["risk limitOfList"])
        }
        #expect(stage.list(1, .sell, 5, at: 120, stop: 100) == ["risk trigger"])
        #expect(stage.list(1, .buy, 5, at: 80, stop: 100) == ["risk trigger"])
        stage.place(2, .buy, .limit(1, at: 105))
        #expect(stage.list(1, .sell, 5, at: 105, stop: 90) == ["risk postOnly"])
        #expect(stage.list(1, .sell, 5, at: 106, stop: 90).count == 3)
    }

    @Test("each bound is asked of both legs")
    func bounds() {
        var stage = NaiveStage {
            ($0.maxOrders, $0.maxAlgoOrders, $0.minNotional) = (3, 1, Units(100))
            ($0.maxMarketQuantity, $0.maxPosition) = (Steps(50), Units(1_010))
        }
        stage.trade(at: 100)
        #expect(stage.list(1, .sell, 5, at: 20_000, stop: 90) == ["filter priceFilter price"])
        #expect(stage.list(1, .sell, 0, at: 120, stop: 90) == ["filter lotSize quantity"])
        #expect(stage.list(1, .sell, 5, at: 120, stop: 0) == ["filter priceFilter stopPrice"])
        #expect(stage.list(1, .sell, 5, at: 120, stop: 90, stopLimit: 0) == ["filter priceFilter stopLimitPrice"])
        #expect(stage.list(1, .sell, 51, at: 120, stop: 90) == ["filter marketLotSize quantity"])
        #expect(stage.list(1, .sell, 1, at: 120, stop: 90) == ["filter notional quantity"])
        #expect(stage.list(1, .buy, 11, at: 80, stop: 110) == ["risk maxPosition"])
        #expect(stage.list(1, .sell, 5, at: 120, stop: 90, names: ("a", "a")) == ["invalid stopClientOrderID"])
        #expect(stage.list(1, .buy, 6, at: 80, stop: 110, names: ("a", "b")).count == 3)
        #expect(stage.place(1, .buy, .limit(5, at: 80)) == ["risk maxPosition"])
        #expect(stage.list(1, .sell, 5, at: 120, stop: 90) == ["risk maxNumOrders"])
        #expect(stage.place(1, .sell, .limit(1, at: 120), name: "b") == ["duplicateClientOrderID"])
        #expect(stage.place(1, .buy, .limit(4, at: 80), name: "c").count == 2)
        #expect(stage.place(1, .sell, .limit(1, at: 120)) == ["risk maxNumOrders"])
    }

    @Test("the legs cannot be amended")
    func amend() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.list(1, .sell, 5, at: 120, stop: 90)
        #expect(stage.amend(1, 3, quantity: 4) == ["invalid type"])
        #expect(stage.amend(1, 4, quantity: 4) == ["invalid type"])
    }
}
