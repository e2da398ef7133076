import SyncronCore
import SyncronSimulator
import Testing

@Suite("Naive twin: icebergs")
struct NaiveIcebergTests {
    @Test("a used-up slice comes back behind the others of its price, each slice a trade")
    func slices() {
        var stage = NaiveStage()
        #expect(stage.place(1, .sell, .limit(13, at: 100), .iceberg(5)) == ["accepted 1 limit new", "sell 100: 5"])
        #expect(stage.place(2, .sell, .limit(5, at: 100)).last == "sell 100: 10")
        #expect(
            stage.place(3, .buy, .limit(17, at: 100)) == [
                "accepted 3 limit new",
                "filled 1 maker partiallyFilled 5 @ 100", "trade 5 @ 100", "filled 3 taker partiallyFilled 5 @ 100",
                "filled 2 maker filled 5 @ 100", "trade 5 @ 100", "filled 3 taker partiallyFilled 5 @ 100",
                "filled 1 maker partiallyFilled 5 @ 100", "trade 5 @ 100", "filled 3 taker partiallyFilled 5 @ 100",
                "filled 1 maker partiallyFilled 2 @ 100", "trade 2 @ 100", "filled 3 taker filled 2 @ 100",
                "sell 100: 1",
            ])
        #expect(stage.funds(1, NaiveStage.base) == [987, 1])
    }

    @Test("the book shows what is left of the slice, and the next only when it is gone")
    func shown() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(12, at: 100), .iceberg(5))
        #expect(stage.place(3, .buy, .limit(3, at: 100)).last == "sell 100: 2")
        stage.place(2, .sell, .limit(4, at: 100))
        #expect(stage.place(3, .buy, .limit(2, at: 100)).last == "sell 100: 9")
        // It stands behind the other now.
        #expect(stage.place(3, .buy, .limit(4, at: 100)).contains("filled 3 maker filled 4 @ 100"))
    }

    @Test("what is left of a taker shows at most its slice")
    func taker() {
        var stage = NaiveStage()
        stage.place(2, .buy, .limit(10, at: 100))
        #expect(stage.place(1, .sell, .limit(13, at: 100), .iceberg(5)).suffix(2) == ["buy 100: 0", "sell 100: 3"])
        #expect(stage.cancel(1, 2) == ["ended 2 canceled 10/13 at 1000", "sell 100: 0"])
    }

    @Test("the reserve fills an order that is filled or killed")
    func reserves() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(12, at: 100), .iceberg(5))
        #expect(stage.place(3, .buy, .limit(12, at: 100, .fok)).contains("filled 2 taker filled 2 @ 100"))
        stage.place(1, .sell, .limit(12, at: 100), .iceberg(5))
        #expect(stage.place(3, .buy, .market(12)).contains("filled 4 taker filled 2 @ 100"))
    }

    @Test("but not the reserve behind an own order that ends the matching")
    func ownOrder() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(12, at: 100), .iceberg(5))
        stage.place(3, .sell, .limit(1, at: 100))
        #expect(
            stage.place(3, .buy, .limit(6, at: 100, .fok), .init(), .expireTaker)
                == ["accepted 3 limit new", "ended 3 expired 0/6 at 1000"])
        #expect(
            stage.place(3, .buy, .limit(6, at: 100), .init(), .expireBoth) == [
                "accepted 4 limit new", "filled 1 maker partiallyFilled 5 @ 100", "trade 5 @ 100",
                "filled 4 taker partiallyFilled 5 @ 100", "ended 2 expiredInMatch 0/1 at 1000", "sell 100: 5",
                "ended 4 expiredInMatch 5/6 at 1000",
            ])
        #expect(stage.place(3, .buy, .limit(7, at: 100, .fok)).contains("filled 5 taker filled 2 @ 100"))
    }

    @Test("only orders that rest, in parts that are neither too large nor too many")
    func refusals() {
        var stage = NaiveStage { ($0.maxIcebergParts, $0.minQuantity, $0.maxPosition) = (3, Steps(2), Units(1_010)) }
        #expect(stage.place(1, .sell, .limit(9, at: 100, .ioc), .iceberg(3)) == ["invalid icebergQty"])
        #expect(stage.place(1, .sell, .market(9), .iceberg(3)) == ["invalid icebergQty"])
        #expect(stage.place(1, .sell, .limit(9, at: 100), .iceberg(0)) == ["filter lotSize icebergQty"])
        #expect(stage.place(1, .sell, .limit(9, at: 100), .iceberg(10)) == ["invalid icebergQty"])
        #expect(stage.place(1, .sell, .limit(9, at: 100), .iceberg(Steps.offGrid.raw)) == ["filter lotSize icebergQty"])
        #expect(stage.place(1, .sell, .limit(9, at: 100), .iceberg(1)) == ["filter lotSize icebergQty"])
        #expect(stage.place(1, .sell, .limit(10, at: 100), .iceberg(3)) == ["risk icebergParts"])
        #expect(stage.place(1, .sell, .limit(9, at: 100), .iceberg(3)).last == "sell 100: 3")
        #expect(stage.place(1, .sell, .maker(9, at: 101), .iceberg(9)).last == "sell 101: 9")
        #expect(stage.naive.openOrders.last?.icebergQuantity == .zero)
        // Of a purchase all counts, seen or not.
        #expect(stage.place(2, .buy, .limit(6, at: 50), .iceberg(2)).count == 2)
        #expect(stage.place(2, .buy, .limit(5, at: 50)) == ["risk maxPosition"])
    }
}
