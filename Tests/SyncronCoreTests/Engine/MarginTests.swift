import SyncronCore
import Testing

@Suite("Margin: loans, interest and levels")
struct MarginTests {
    private typealias S = MarginStage

    @Test("the contract's example, to the last digit")
    func example() {
        var stage = S()
        stage.becomeTheExample()
        #expect(stage.balance(S.usdt)?.borrowed == S.units(20_000))
        #expect(stage.balance(S.usdt)?.interest == Units(166_666_667))
        #expect(stage.reading?.level == Units(277_476_876))
        #expect(stage.engine.maxBorrowable(S.usdt, by: S.alice).raw / 1_000_000 == 4_559_499)
        let most = stage.engine.maxBorrowable(S.usdt, by: S.alice)
        #expect(stage.borrow(S.usdt, most + Units(1)) == [.rejected(.margin(.beyondMaxBorrowable))])
        #expect(stage.borrow(S.usdt, most).contains { if case .loanTaken = $0 { true } else { false } })
    }

    @Test(
        "margin call at 27,224.62 and liquidation at 22,779.81, not a hundredth above",
        arguments: [
            (27_224_63, MarginStatus.normal), (27_224_62, .marginCall), (22_779_82, .marginCall),
            (22_779_81, .liquidating),
        ] as [(Int64, MarginStatus)])
    func boundaries(_ cents: Int64, _ status: MarginStatus) {
        var stage = S()
        stage.becomeTheExample()
        stage.index(S.btc, cents * 1_000_000)
        #expect(stage.reading?.status == status)
    }

    @Test("a margin call is told each time it begins, and its end")
    func calls() {
        var stage = S()
        stage.becomeTheExample()
        func statuses(_ events: [Event]) -> [MarginStatus] {
            events.compactMap { if case .marginStatusChanged(let change) = $0 { change.status } else { nil } }
        }
        #expect(statuses(stage.index(S.btc, 27_224_62_000_000)) == [.marginCall])
        #expect(statuses(stage.index(S.btc, 26_000_00_000_000)) == [])
        #expect(statuses(stage.index(S.btc, 27_224_63_000_000)) == [.normal])
        #expect(statuses(stage.index(S.btc, 23_000_00_000_000)) == [.marginCall])
        #expect(statuses(stage.index(S.btc, nil)) == [.liquidating])
    }

    @Test("interest is charged at each clock hour on the whole principal, each charge rounded up")
    func interest() {
        var stage = S()
        stage.transfer(S.btc, S.units(1), .spot, .margin)
        stage.borrow(S.usdt, S.units(20_000))
        #expect(stage.balance(S.usdt)?.interest == Units(16_666_667))
        stage.wait(milliseconds: 49 * 60_000)
        #expect(stage.balance(S.usdt)?.interest == Units(16_666_667))
        let events = stage.wait(milliseconds: 60_000 + 8 * 3_600_000)
        #expect(stage.balance(S.usdt)?.interest == Units(166_666_670))
        let times = events.compactMap { event -> Int64? in
            if case .interestCharged(let charge) = event { charge.time.milliseconds } else { nil }
        }
        #expect(times == (0..<9).map { 1_800_000_000_000 + ($0 + 1) * 3_600_000 })
    }

    @Test("repayment takes interest first, at most what is owed and what is free")
    func repayment() {
        var stage = S()
        stage.transfer(S.btc, S.units(1), .spot, .margin)
        #expect(stage.repay(S.usdt, Units(1)) == [.rejected(.invalid(.asset))])
        stage.borrow(S.usdt, S.units(1_000))
        let interest = Units(833_334)
        #expect(stage.balance(S.usdt)?.interest == interest)
        stage.repay(S.usdt, Units(833_333))
        #expect(stage.balance(S.usdt)?.interest == Units(1))
        #expect(stage.balance(S.usdt)?.borrowed == S.units(1_000))
        let all = S.units(1_000) + Units(1)
        let free = S.units(1_000) - Units(833_333)
        #expect(
            stage.repay(S.usdt, S.units(5_000))
                == [.rejected(.insufficientBalance(asset: S.usdt, required: all, available: free))])
        stage.transfer(S.usdt, S.units(1), .spot, .margin)
        stage.repay(S.usdt, S.units(5_000))
        #expect(stage.reading?.level == nil)
        #expect(stage.balance(S.usdt)?.free == S.units(1) - interest)
        let totals = stage.engine.totals[2]
        #expect(totals.interest == interest && totals.lending == S.units(5_000_000))
    }

    @Test("every refusal of a loan, in its order, leaves no trace")
    func loanRefusals() {
        var stage = S()
        #expect(stage.borrow(S.usdt, Units(1)) == [.rejected(.margin(.noAccount))])
        stage.transfer(S.doge, Units(1), .spot, .margin)
        #expect(stage.reading == nil)
        stage.transfer(S.usdt, Units(1), .spot, .margin)
        stage.transfer(S.usdt, Units(1), .margin, .spot)
        #expect(stage.borrow(AssetID(99), .zero) == [.rejected(.margin(.loanNotPositive))])
        #expect(stage.borrow(AssetID(99), Units(1)) == [.rejected(.margin(.assetNotSupported))])
        #expect(stage.borrow(S.doge, Units(1)) == [.rejected(.margin(.assetNotSupported))])
        #expect(stage.borrow(S.usdt, Units(1)) == [.rejected(.margin(.noCollateral))])
        stage.transfer(S.btc, S.units(1), .spot, .margin)
        stage.borrow(S.usdt, S.units(30_000))
        stage.index(S.btc, 15_000_00_000_000)
        #expect(stage.borrow(S.usdt, Units(1)) == [.rejected(.margin(.belowBorrowThreshold))])
        stage.index(S.eth, nil)
        #expect(stage.borrow(S.eth, Units(1)) == [.rejected(.margin(.belowBorrowThreshold))])
        stage.index(S.btc, 60_000_00_000_000)
        #expect(stage.borrow(S.eth, Units(1)) == [.rejected(.noIndexPrice(S.eth))])
        stage.perform(.fundLending(LendingPool(asset: S.usdt, amount: Units(10))))
        #expect(stage.engine.maxBorrowable(S.usdt, by: S.alice) == Units(10))
        let before = stage.engine.digest
        #expect(stage.borrow(S.usdt, Units(11)) == [.rejected(.margin(.beyondMaxBorrowable))])
        #expect(stage.engine.digest != before, "the digest counts commands")
        #expect(stage.balance(S.usdt)?.borrowed == S.units(30_000))
    }

    @Test("what keeps a debt above 2 stays, to the last unit")
    func transfersOut() {
        var stage = S()
        stage.becomeTheExample()
        let most = stage.engine.maxTransferOut(S.btc, of: S.alice)
        #expect(most > .zero && most < Units(90_000_000))
        #expect(stage.transfer(S.btc, most + Units(1), .margin, .spot) == [.rejected(.margin(.collateralNeeded))])
        #expect(stage.transfer(S.btc, most, .margin, .spot).count == 3)
        #expect(stage.engine.maxTransferOut(S.btc, of: S.alice) == .zero)
        stage.repay(S.usdt, S.units(1_500))
        stage.index(S.btc, nil)
    }
}
