import SyncronCore
import SyncronSimulator
import Testing

@Suite("Naive twin: margin")
struct NaiveMarginTests {
    private let hour: Int64 = 3_600_000

    /// 0.9 BTC and 1,500 USDT, and a debt of 20,000 and 1.66666667 USDT.
    private func example() -> NaiveMarginStage {
        var stage = NaiveMarginStage()
        stage.move(1, "0.9", "BTC")
        stage.move(1, "1500", "USDT")
        stage.borrow(1, "12000", "USDT")
        stage.tick(after: 15 * hour)
        stage.borrow(1, "8000", "USDT")
        stage.move(1, "20000", "USDT", out: true)
        return stage
    }

    @Test("the contract's example comes out")
    func figures() {
        let stage = example()
        #expect(stage.margin(1, "USDT") == ["1500", "0", "20000", "1.66666667"])
        #expect(stage.margin(1, "BTC") == ["0.9", "0", "0", "0"])
        #expect(stage.level(1) == "2.77476876")
        #expect(stage.naive.maxBorrowable(AssetID(0), by: AccountID(1)) == units("45594.99999999"))
        // A collateral level of 2.6397: as much of 52,800 as leaves more than twice the debt.
        #expect(stage.naive.maxTransferOut(AssetID(0), of: AccountID(1)) == units("1500"))
        #expect(stage.naive.maxTransferOut(AssetID(1), of: AccountID(1)) == units("0.22450292"))
        let reading = stage.naive.marginReading(of: AccountID(1))
        #expect(reading?.totalAssetOfBTC == units("0.925"))
        #expect(reading?.totalLiabilityOfBTC == units("0.33336111"))
    }

    @Test("calls and liquidations compare exactly")
    func thresholds() {
        var stage = example()
        #expect(stage.index("BTC", "27224.63") == ["index BTC 27224.63"])
        #expect(stage.index("BTC", "27224.62").last == "1 marginCall 1.29999956")
        #expect(stage.index("BTC", "22779.82") == ["index BTC 22779.82"])
        #expect(stage.index("BTC", "27224.63").last == "1 normal 1.30000001")
        #expect(
            stage.index("BTC", "22779.81").dropFirst() == [
                "1 liquidating 1.09999978", "6 liquidation 1.66666667 + 1498.33333333 USDT",
            ])
    }

    @Test("each charge rounds up, on the principal alone")
    func interest() {
        var stage = NaiveMarginStage()
        stage.move(1, "1", "BTC")
        #expect(
            stage.borrow(1, "20000", "USDT") == [
                "2 lent 20000 USDT", "borrowing 0.16666667 on 20000 USDT at 1700001000000",
            ])
        #expect(
            stage.tick(after: 2 * hour) == [
                "hour 0.16666667 on 20000 USDT at 1700002800000", "hour 0.16666667 on 20000 USDT at 1700006400000",
            ])
        #expect(stage.tick(after: hour / 4) == [])
        stage.tick(after: 7 * hour)
        #expect(stage.margin(1, "USDT") == ["20000", "0", "20000", "1.6666667"])
    }

    @Test("a repayment pays interest first, and no more than is owed")
    func repay() {
        var stage = NaiveMarginStage()
        #expect(stage.repay(1, "1", "USDT") == ["noAccount"])
        stage.move(1, "1", "BTC")
        stage.borrow(1, "20000", "USDT")
        #expect(stage.repay(1, "0", "USDT") == ["loanNotPositive"])
        #expect(stage.repay(1, "1", "BARE") == ["assetNotSupported"])
        #expect(stage.repay(1, "1", "BTC") == ["invalid asset"])
        #expect(stage.repay(1, "20001", "USDT") == ["insufficientBalance 20000.16666667 > 20000"])
        #expect(stage.repay(1, "0.1", "USDT") == ["3 demand 0.1 + 0 USDT"])
        #expect(stage.repay(1, "10000", "USDT") == ["4 demand 0.06666667 + 9999.93333333 USDT"])
        stage.move(1, "1", "USDT")
        #expect(stage.repay(1, "100000", "USDT") == ["6 demand 0 + 10000.06666667 USDT"])
        #expect(stage.level(1) == nil)
        #expect(stage.naive.earnedInterest(AssetID(0)) == units("0.16666667"))
        #expect(stage.naive.lendingPool(of: AssetID(0)) == units("100000000"))
    }

    @Test("loans are refused in order")
    func loans() {
        var stage = NaiveMarginStage()
        #expect(stage.borrow(9, "0", "USDT") == ["unknownAccount"])
        #expect(stage.borrow(1, "0", "USDT") == ["noAccount"])
        stage.move(1, "1", "BTC")
        stage.move(1, "1", "BTC", out: true)
        #expect(stage.borrow(1, "0", "BARE") == ["loanNotPositive"])
        #expect(stage.borrow(1, "-1", "BARE") == ["invalid amount"])
        #expect(stage.borrow(1, "1", "BARE") == ["assetNotSupported"])
        #expect(stage.borrow(1, "1", "USDT") == ["noCollateral"])
        stage.move(1, "1", "BTC")
        // (57,000 - 0) / (1.5 - 1)
        #expect(stage.borrow(1, "114000.00000001", "USDT") == ["beyondMaxBorrowable"])
        #expect(stage.borrow(1, "114000", "USDT").count == 2)
        #expect(stage.borrow(1, "0.00000001", "USDT") == ["belowBorrowThreshold"])
        stage.index("ETH", nil)
        #expect(stage.borrow(1, "1", "ETH") == ["belowBorrowThreshold"])
        stage.perform(.fundLending(LendingPool(asset: AssetID(1), amount: units("0.5"))))
        stage.move(2, "1000000", "USDT")
        #expect(stage.borrow(2, "1", "ETH") == ["noIndexPrice"])
        #expect(stage.borrow(2, "0.50000001", "BTC") == ["beyondMaxBorrowable"])
        #expect(stage.borrow(2, "0.5", "BTC").count == 2)
    }

    @Test("five times leaves more to borrow, and is called later")
    func leverage() {
        var stage = NaiveMarginStage()
        stage.move(1, "1", "BTC")
        stage.perform(.changeAccount(ChangeAccount(account: AccountID(1), marginLeverage: 5)))
        // (57,000 - 0) / (1.25 - 1)
        #expect(stage.naive.maxBorrowable(AssetID(0), by: AccountID(1)) == units("228000"))
        #expect(stage.borrow(1, "220000", "USDT").count == 2)
        #expect(stage.level(1) == "1.27271666")
        #expect(
            stage.perform(.changeAccount(ChangeAccount(account: AccountID(1), marginLeverage: 3)))
                == ["1 marginCall 1.27271666"])
        #expect(
            stage.perform(.changeAccount(ChangeAccount(account: AccountID(1), marginLeverage: 5)))
                == ["1 normal 1.27271666"])
    }

    @Test("transfers are refused in order, and leave twice the debt")
    func transfers() {
        var stage = NaiveMarginStage()
        #expect(stage.move(1, "0", "BTC") == ["amountNotPositive"])
        #expect(stage.move(1, "1", "BARE") == ["assetNotSupported"])
        #expect(stage.move(1, "11", "BTC") == ["insufficientForTransfer 11 > 10"])
        #expect(stage.move(1, "1", "BTC", out: true) == ["insufficientForTransfer 1 > 0"])
        stage.move(1, "1", "BTC")
        stage.borrow(1, "57000", "USDT")
        // 114,000 is not above twice 57,000.475.
        #expect(stage.move(1, "0.00000001", "USDT", out: true) == ["collateralNeeded"])
        stage.repay(1, "50000", "USDT")
        stage.move(1, "1", "ETH")
        #expect(stage.naive.maxTransferOut(AssetID(0), of: AccountID(1)) == units("7000"))
        stage.index("ETH", nil)
        #expect(stage.move(1, "1", "ETH", out: true) == ["noIndexPrice"])
        stage.perform(.changeAccount(ChangeAccount(account: AccountID(1), canWithdraw: false)))
        #expect(stage.move(1, "1", "BTC", out: true) == ["withdrawalNotPermitted"])
    }

    @Test("an index is fixed, or the median of bid, ask and last price while they are near")
    func indices() {
        var stage = NaiveMarginStage()
        #expect(stage.index("USDT", "2") == ["invalid asset"])
        #expect(stage.index("USDT", "1") == [])
        #expect(stage.index("BTC", "0") == ["invalid index"])
        #expect(stage.perform(.setIndexPrices(SetIndexPrices([]))) == ["invalid index"])
        #expect(stage.index("BTC", nil) == ["index BTC -"])
        stage.place(1, .buy, .limit(1, at: 100_00), .none, of: "BTC", .spot)
        #expect(stage.tick(after: 1_000) == [])
        stage.place(2, .sell, .limit(1, at: 105_12), .none, of: "BTC", .spot)
        // 5.12 is no more than 5 % of 102.56; half a cent is not lost.
        #expect(stage.tick(after: 1_000) == ["index BTC 102.56"])
        stage.place(1, .buy, .limit(1, at: 99_99), .none, of: "BTC", .spot)
        stage.place(2, .sell, .limit(1, at: 100_00), .none, of: "BTC", .spot)
        #expect(stage.tick(after: 1_000) == [])
        stage.place(1, .buy, .limit(1, at: 104_00), .none, of: "BTC", .spot)
        // The last price, 100, is below both.
        #expect(stage.tick(after: 1_000) == ["index BTC 104"])
        #expect(stage.index("BTC", "7") == ["index BTC 7"])
        #expect(stage.tick(after: 1_000) == [])
        #expect(stage.index("BTC", nil) == ["index BTC 104"])
    }

    @Test("margin terms are not taken away")
    func terms() {
        var stage = NaiveMarginStage()
        #expect(
            stage.perform(.defineAsset(NaiveMarginStage.asset(1, "BTC", ratio: nil))) == ["conflict collateralRatio"])
        #expect(stage.perform(.defineAsset(NaiveMarginStage.asset(1, "BTC", ratio: 0))) == [])
        stage.move(1, "1", "BTC")
        #expect(stage.borrow(1, "1", "USDT") == ["noCollateral"])
    }
}
