import SyncronCore
import SyncronSimulator
import Testing

@Suite("Naive twin: liquidation")
struct NaiveLiquidationTests {
    /// One BTC is the collateral of 40,000 USDT that have left the wallet's spot side for good.
    private func indebted() -> NaiveMarginStage {
        var stage = NaiveMarginStage()
        stage.move(1, "1", "BTC")
        stage.borrow(1, "28000", "USDT")
        stage.move(1, "28000", "USDT", out: true)
        return stage
    }

    @Test("a liquid book: as little is sold as restores the borrow threshold")
    func liquid() {
        var stage = indebted()
        stage.place(2, .buy, .limit(200_000, at: 3_000_000), .none, of: "BTC", .spot)
        // At 30,000 the level is 1.0714. C = 28,500 - q x 28,500 and D = 28,000.2333 - q x 29,400 x 0.9785:
        // C >= 1.5 D from q = 0.921409 on.
        let events = stage.index("BTC", "30000")
        #expect(events.dropFirst().first == "1 liquidating 1.07141964")
        #expect(events.contains("forced sell 92141/92141 @ 2940000 fee 552.846"), "\(events)")
        #expect(events.last?.hasPrefix("1 normal ") == true, "\(events)")
        #expect(stage.naive.insuranceFund(of: AssetID(0)) == units("552.846"))
        // At 30,000 instead of 29,400 the sale brought more than was reckoned with: nearly everything is paid.
        #expect(stage.margin(1, "BTC") == ["0.07859", "0", "0", "0"])
    }

    @Test("orders go first, and what is free repays what is owed of the same asset")
    func netting() {
        var stage = indebted()
        stage.move(1, "10000", "USDT")
        stage.place(1, .buy, .limit(100_000, at: 1_000_000))
        #expect(
            stage.index("BTC", "20000") == [
                "index BTC 20000", "1 liquidating 1.07141964", "ended 1 canceled", "buy 1000000: 0",
                "5 liquidation 0.23333334 + 9999.76666666 USDT",
            ])
        #expect(stage.margin(1, "USDT") == ["0", "0", "18000.23333334", "0"])
    }

    @Test("an empty book is tried again each second, and the owner may only look on")
    func empty() {
        var stage = indebted()
        #expect(stage.index("BTC", "30000").last == "1 liquidating 1.07141964")
        #expect(stage.move(1, "1000", "USDT") == ["liquidating"])
        #expect(stage.borrow(1, "1", "USDT") == ["liquidating"])
        #expect(stage.repay(1, "1", "USDT") == ["liquidating"])
        #expect(stage.place(1, .buy, .limit(1, at: 1)) == ["liquidating"])
        #expect(stage.cancel(1, 1) == ["liquidating"])
        #expect(stage.tick(after: 5_000) == [])
        // Below 29,400 nobody is heard; a price that recovers is not enough below the threshold.
        stage.place(2, .buy, .limit(10_000, at: 2_939_999), .none, of: "BTC", .spot)
        #expect(stage.tick(after: 1_000) == [])
        stage.place(2, .buy, .limit(10_000, at: 2_940_000), .none, of: "BTC", .spot)
        #expect(
            stage.tick(after: 1_000) == [
                "accepted 3", "filled 2 10000 @ 2940000", "filled 3 10000 @ 2940000", "buy 2940000: 0",
                "ended 3 expired", "forced sell 10000/92141 @ 2940000 fee 58.8",
                "4 liquidation 0.23333334 + 2876.55666666 USDT",
            ])
        #expect(stage.tick(after: 1_000) == [])
        // An index that rises is heard at the next second only: C = 0.9 x 0.95 x 60,000.
        #expect(stage.index("BTC", "60000") == ["index BTC 60000"])
        #expect(stage.tick(after: 1_000) == ["1 normal 2.1493869"])
    }

    @Test("what is owed after all is sold is paid by insurance, as far as it lasts")
    func insurance() {
        var stage = indebted()
        stage.perform(.fundInsurance(InsuranceFund(asset: AssetID(0), amount: units("5000"))))
        stage.place(2, .buy, .limit(200_000, at: 2_000_000), .none, of: "BTC", .spot)
        // 20,000 less 30 and less 400 repay; the fund has then 5,400 of the 8,430.23333334 that are left.
        #expect(
            stage.index("BTC", "20000").suffix(4) == [
                "forced sell 100000/100000 @ 1960000 fee 400", "4 liquidation 0.23333334 + 19569.76666666 USDT",
                "5 insurance 0 + 8430.23333334 USDT", "1 normal -",
            ])
        #expect(stage.naive.insuranceFund(of: AssetID(0)) == .zero)
        #expect(stage.naive.lendingPool(of: AssetID(0)) == units("99996969.76666666"))
        #expect(stage.margin(1, "USDT") == ["0", "0", "0", "0"])
    }

    @Test("debts are bought back")
    func purchase() {
        var stage = NaiveMarginStage()
        stage.move(1, "4000", "USDT")
        stage.borrow(1, "1", "ETH")
        stage.move(1, "0.1", "ETH", out: true)
        stage.place(1, .sell, .limit(90_000, at: 300_000), .none, of: "ETH")
        stage.place(2, .buy, .limit(90_000, at: 300_000), .none, of: "ETH", .spot)
        #expect(stage.margin(1, "USDT") == ["6697.3", "0", "0", "0"])
        stage.place(2, .sell, .limit(200_000, at: 570_000), .none, of: "ETH", .spot)
        let events = stage.index("ETH", "6500")
        #expect(events.contains { $0.hasPrefix("forced buy ") && $0.contains("@ 663000") }, "\(events)")
        #expect(events.last?.hasPrefix("1 normal") == true, "\(events)")
    }

    @Test("less than a step is nothing, and insurance pays other assets in USDT")
    func dust() {
        var stage = NaiveMarginStage()
        stage.perform(.fundInsurance(InsuranceFund(asset: AssetID(0), amount: units("5000"))))
        stage.move(1, "1", "BTC")
        stage.borrow(1, "1", "ETH")
        stage.move(1, "1", "ETH", out: true)
        stage.place(2, .buy, .limit(100_000, at: 1), .none, of: "BTC", .spot)
        stage.index("ETH", "0.00000001")
        stage.index("BTC", "0.00999999")
        let events = stage.index("ETH", "3000.00000001")
        // 0.01 USDT less 0.0002 buys no step of ETH at 3,060; 1.00000834 ETH cost 3,000.02500001.
        #expect(events.contains("forced sell 100000/100000 @ 1 fee 0.0002"), "\(events)")
        #expect(events.suffix(2) == ["4 insurance 0.00000834 + 1 ETH", "1 normal -"], "\(events)")
        #expect(stage.naive.insuranceFund(of: AssetID(0)) == units("1999.97517998"))
    }
}
