import SyncronCore
import SyncronSimulator
import Testing

@Suite("Naive twin: trailing orders")
struct NaiveTrailingTests {
    @Test("a sale fires a tenth below the highest price, and not a tick above that")
    func sale() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.place(1, .sell, .limit(1, at: 300), .stop(nil, trailing: 1_000))
        #expect(stage.trade(at: 200) == [])
        #expect(stage.trade(at: 181) == [])
        #expect(stage.trade(at: 180) == ["triggered 3 new at 1000", "sell 300: 1"])
    }

    @Test("a purchase fires a tenth above the lowest price")
    func purchase() {
        var stage = NaiveStage()
        stage.trade(at: 200)
        stage.place(1, .buy, .limit(1, at: 50), .profit(nil, trailing: 1_000))
        stage.trade(at: 100)
        #expect(stage.trade(at: 109) == [])
        #expect(stage.trade(at: 110) == ["triggered 3 new at 1000", "buy 50: 1"])
    }

    @Test("on a coarse grid the bound between two ticks is not rounded")
    func coarse() {
        var stage = NaiveStage()
        stage.trade(at: 1_001)
        stage.place(1, .sell, .limit(1, at: 3_000), .stop(nil, trailing: 10))
        // 1,001 × 0.999 is 999.999.
        #expect(stage.trade(at: 1_000) == [])
        #expect(stage.trade(at: 999) == ["triggered 3 new at 1000", "sell 3000: 1"])
    }

    @Test("extremes follow every trade, though only the last fires")
    func everyTrade() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.place(1, .sell, .limit(1, at: 300), .stop(nil, trailing: 1_000))
        for price in [Int64(150), 200, 250] { stage.place(2, .buy, .limit(1, at: price)) }
        // Sold into at 250, 200 and 150: the high is 250 and the last price 150.
        let events = stage.place(3, .sell, .limit(3, at: 150))
        #expect(events.suffix(2) == ["triggered 3 new at 1000", "sell 300: 1"])
    }

    @Test("tracking starts at the first trade that reaches the stop price")
    func start() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.place(1, .sell, .limit(1, at: 300), .profit(150, trailing: 1_000))
        stage.trade(at: 149)
        #expect(stage.trade(at: 50) == [])
        stage.trade(at: 150)
        #expect(stage.trade(at: 136) == [])
        #expect(stage.trade(at: 135) == ["triggered 3 new at 1000", "sell 300: 1"])
    }

    @Test("a stop price that is met on entry starts tracking at once and is no refusal")
    func metOnEntry() {
        var stage = NaiveStage()
        stage.trade(at: 200)
        #expect(
            stage.place(1, .sell, .limit(1, at: 300), .profit(150, trailing: 1_000))
                == ["accepted 3 takeProfitLimit pendingTrigger"])
        #expect(stage.trade(at: 180) == ["triggered 3 new at 1000", "sell 300: 1"])
    }

    @Test("before the first trade tracking waits for it")
    func beforeTheFirstTrade() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(1, at: 300), .stop(nil, trailing: 1_000))
        #expect(stage.trade(at: 100) == [])
        #expect(stage.trade(at: 90) == ["triggered 1 new at 1000", "sell 300: 1"])
    }

    @Test("several start by one trade and fire by the next of the same command")
    func together() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(1, at: 300), .profit(180, trailing: 10))
        stage.place(2, .buy, .limit(1, at: 170))
        stage.place(3, .sell, .limit(1, at: 301), .stop(220, trailing: 10))
        stage.place(2, .buy, .limit(1, at: 190))
        let events = stage.place(4, .sell, .limit(2, at: 170))
        #expect(
            events.suffix(4) == [
                "triggered 1 new at 1000", "sell 300: 1", "triggered 3 new at 1000", "sell 301: 1",
            ])
    }
}
