import SyncronCore
import SyncronSimulator
import Testing

@Suite("Naive twin: margin orders")
struct NaiveMarginOrderTests {
    @Test("MARGIN_BUY borrows what is lacking, and gives back what it did not use")
    func marginBuy() {
        var stage = NaiveMarginStage()
        stage.move(1, "10000", "USDT")
        // 0.25 BTC at 60,000 need 15,000.
        #expect(
            stage.place(1, .buy, .limit(25_000, at: 6_000_000), .marginBuy) == [
                "2 lent 5000 USDT for 1", "borrowing 0.04166667 on 5000 USDT at 1700001000000",
                "1 marginBuy 5000 USDT", "accepted 1", "buy 6000000: 25000",
            ])
        #expect(stage.margin(1, "USDT") == ["0", "15000", "5000", "0.04166667"])
        // 0.2 BTC are sold to it; own funds count as spent before the loan, and 3,000 are still held.
        stage.place(2, .sell, .limit(20_000, at: 6_000_000), .none, of: "BTC", .spot)
        #expect(
            stage.cancel(1, 1) == [
                "ended 1 canceled", "3 unusedLoan 0.04166667 + 2999.95833333 USDT", "buy 6000000: 0",
            ])
        #expect(stage.margin(1, "USDT") == ["0", "0", "2000.04166667", "0"])
        #expect(stage.margin(1, "BTC") == ["0.1998", "0", "0", "0"])
    }

    @Test("an order that is filled keeps its loan, even at better prices")
    func filled() {
        var stage = NaiveMarginStage()
        stage.move(1, "10000", "USDT")
        stage.place(2, .sell, .limit(25_000, at: 5_000_000), .none, of: "BTC", .spot)
        stage.place(1, .buy, .limit(25_000, at: 6_000_000, .ioc), .marginBuy)
        #expect(stage.margin(1, "USDT") == ["2500", "0", "5000", "0.04166667"])
        // What nobody sells is not borrowed for.
        #expect(stage.place(1, .buy, .market(25_000), .marginBuy).suffix(2) == ["accepted 3", "ended 3 expired"])
        #expect(stage.margin(1, "USDT") == ["2500", "0", "5000", "0.04166667"])
    }

    @Test("AUTO_REPAY pays with what each fill brings: a taker's after all of them")
    func autoRepay() {
        var stage = NaiveMarginStage()
        stage.move(1, "1", "BTC")
        stage.borrow(1, "10000", "USDT")
        stage.place(2, .buy, .limit(1_000, at: 6_000_000), .none, of: "BTC", .spot)
        stage.place(3, .buy, .limit(1_000, at: 5_999_999), .none, of: "BTC", .spot)
        // 600 and 599.9999, each less 0.15 %.
        #expect(
            stage.place(1, .sell, .limit(2_000, at: 5_999_999), .autoRepay) == [
                "3 autoRepay 0 BTC", "accepted 3", "filled 1 1000 @ 6000000", "filled 3 1000 @ 6000000",
                "buy 6000000: 0", "filled 2 1000 @ 5999999", "filled 3 1000 @ 5999999", "buy 5999999: 0",
                "3 autoRepay 0.08333334 + 599.01666666 USDT", "4 autoRepay 0 + 599.09990015 USDT",
            ])
    }

    @Test("AUTO_REPAY of a maker pays within the trade, and no more than is owed")
    func makerRepays() {
        var stage = NaiveMarginStage()
        stage.move(1, "1", "BTC")
        stage.borrow(1, "500", "USDT")
        #expect(
            stage.place(1, .sell, .limit(2_000, at: 6_000_000), .autoRepay) == [
                "1 autoRepay 0 BTC", "accepted 1", "sell 6000000: 2000",
            ])
        // 599.4 after commission, of which 500.00416667 are owed.
        #expect(
            stage.place(2, .buy, .limit(1_000, at: 6_000_000, .ioc), .none, of: "BTC", .spot) == [
                "accepted 2", "filled 1 1000 @ 6000000", "filled 2 1000 @ 6000000",
                "3 autoRepay 0.00416667 + 500 USDT", "sell 6000000: 1000",
            ])
        #expect(stage.margin(1, "USDT") == ["599.39583333", "0", "0", "0"])
    }

    @Test("orders are refused in order")
    func refusals() {
        var stage = NaiveMarginStage(maxOrders: 1)
        let order = OrderTerms.limit(1_000, at: 6_000_000)
        #expect(stage.place(9, .buy, order) == ["unknownAccount"])
        #expect(stage.place(1, .buy, order) == ["noAccount"])
        #expect(stage.place(1, .buy, order, .marginBuy, of: "BTC", .spot) == ["invalid sideEffectType"])
        stage.move(1, "1000", "USDT")
        #expect(stage.place(1, .buy, order, of: "BARE") == ["assetNotSupported"])
        #expect(stage.place(1, .buy, order, .none, of: "BTC", .futures) == ["unknownMarket"])
        #expect(stage.place(1, .sell, order) == ["insufficientForMarginOrder 0.01 > 0"])
        #expect(stage.place(1, .buy, .limit(10_000, at: 6_000_000), .marginBuy) == ["beyondMaxBorrowable"])
        #expect(stage.place(1, .buy, order).last == "buy 6000000: 1000")
        #expect(stage.place(1, .buy, order) == ["tooManyOrders"])
        // Those of the spot wallet count apart.
        #expect(stage.place(1, .buy, order, .none, of: "BTC", .spot).last == "buy 6000000: 2000")
        stage.perform(.changeAccount(ChangeAccount(account: AccountID(1), canTrade: false)))
        #expect(stage.place(1, .buy, order) == ["tradingNotPermitted"])
        #expect(stage.cancel(2, 1) == ["noAccount"])
        #expect(stage.cancel(1, 1) == ["ended 1 canceled", "buy 6000000: 1000"])
    }

    @Test("an order whose fill would lead to liquidation is refused")
    func wouldLiquidate() {
        var stage = NaiveMarginStage()
        stage.move(1, "1", "BTC")
        stage.borrow(1, "60000", "USDT")
        // Value 120,000, debt 60,000.5: 53,999.45 may be lost, and a sale at half the price loses 30,000.
        #expect(stage.place(1, .sell, .limit(100_000, at: 600_055)) == ["wouldLiquidate"])
        #expect(stage.place(1, .sell, .limit(100_000, at: 600_056)).count == 2)
        #expect(stage.place(1, .buy, .limit(50_000, at: 60_000_000)) == ["insufficientForMarginOrder 300000 > 60000"])
        #expect(stage.place(1, .buy, .limit(10, at: 60_000_000)).first == "accepted 2")
    }
}
