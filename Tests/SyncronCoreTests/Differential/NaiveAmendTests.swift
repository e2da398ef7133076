import SyncronCore
import SyncronSimulator
import Testing

@Suite("Naive twin: amendments")
struct NaiveAmendTests {
    @Test("less quantity keeps the place, more loses it")
    func place() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(5, at: 100))
        stage.place(2, .sell, .limit(5, at: 100))
        #expect(stage.amend(1, 1, quantity: 4) == ["amended 1 new 0/4 @ 100", "sell 100: 9"])
        #expect(stage.place(3, .buy, .limit(1, at: 100)).contains("filled 1 maker partiallyFilled 1 @ 100"))
        #expect(
            stage.amend(1, 1, price: 100, quantity: 6)
                == ["amended 1 partiallyFilled 1/6 @ 100", "sell 100: 5", "sell 100: 10"])
        #expect(stage.funds(1, NaiveStage.base) == [994, 5])
        #expect(stage.place(3, .buy, .limit(1, at: 100)).contains("filled 2 maker partiallyFilled 1 @ 100"))
    }

    @Test("a crossing price trades")
    func crossing() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(3, at: 100))
        stage.place(2, .buy, .limit(5, at: 90))
        stage.place(3, .sell, .market(1), .stop(100))
        #expect(
            stage.amend(2, 2, price: 110) == [
                "amended 2 new 0/5 @ 110", "buy 90: 0", "filled 1 maker filled 3 @ 100", "trade 3 @ 100",
                "filled 2 taker partiallyFilled 3 @ 100", "sell 100: 0", "buy 110: 2", "triggered 3 new at 1000",
                "filled 2 maker partiallyFilled 1 @ 110", "trade 1 @ 110", "filled 3 taker filled 1 @ 110",
                "buy 110: 1",
            ])
        #expect(stage.funds(2, NaiveStage.quote) == [100_000 - 300 - 220, 110])
    }

    @Test("nothing changed is no refusal")
    func nothing() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(5, at: 100))
        stage.time = 2_000
        #expect(stage.amend(1, 1) == ["amended 1 new 0/5 @ 100"])
        #expect(stage.amend(1, 1, price: 100, quantity: 5) == ["amended 1 new 0/5 @ 100"])
        #expect(stage.naive.openOrders.map(\.updatedAt.milliseconds) == [2_000])
    }

    @Test("going down asks only for the step and the least quantity, all else for what a new order is asked")
    func checks() {
        var stage = NaiveStage {
            ($0.minQuantity, $0.minNotional, $0.maxOrders, $0.maxPosition) = (Steps(2), Units(400), 1, Units(1_020))
        }
        stage.place(1, .buy, .limit(10, at: 50))
        #expect(stage.amend(1, 1, quantity: 1) == ["filter lotSize quantity"])
        #expect(stage.amend(1, 1, quantity: Steps.offGrid.raw) == ["filter lotSize quantity"])
        #expect(stage.amend(1, 1, quantity: 0) == ["invalid quantity"])
        #expect(stage.amend(1, 1, quantity: 7).count == 2)
        #expect(stage.amend(1, 1, price: 51) == ["filter notional quantity"])
        #expect(stage.amend(1, 1, price: 0) == ["filter priceFilter price"])
        #expect(stage.amend(1, 1, quantity: 1_001) == ["filter lotSize quantity"])
        #expect(stage.amend(1, 1, quantity: 21) == ["risk maxPosition"])
        #expect(stage.amend(1, 1, price: 6_000, quantity: 20) == ["insufficientBalance"])
        #expect(stage.amend(1, 1, price: 5_000, quantity: 20).last == "buy 5000: 20")
        #expect(stage.funds(1, NaiveStage.quote) == [0, 100_000])
        stage.place(2, .sell, .maker(10, at: 5_001))
        #expect(stage.amend(2, 2, price: 5_000) == ["risk postOnly"])
    }

    @Test("only open orders that stand in full, of an open market")
    func refusals() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.place(1, .sell, .limit(6, at: 120), .iceberg(2))
        stage.place(1, .sell, .limit(6, at: 120), .stop(90))
        stage.place(1, .sell, .limit(6, at: 120))
        #expect(stage.amend(1, 3, quantity: 5) == ["invalid type"])
        #expect(stage.amend(1, 4, quantity: 5) == ["invalid type"])
        stage.trade(at: 90)
        #expect(stage.amend(1, 4, quantity: 5) == ["invalid type"])
        #expect(stage.amend(2, 5, quantity: 5) == ["unknownOrder"])
        #expect(stage.amend(1, 1, quantity: 5) == ["unknownOrder"])
        stage.perform(.setMarketStatus(SetMarketStatus(market: MarketID(0), status: .halt)))
        #expect(stage.amend(1, 5, quantity: 5) == ["marketClosed halt"])
    }
}
