import SyncronCore
import Testing

@Suite("Margin: orders")
struct MarginOrderTests {
    private typealias S = MarginStage

    private func funded() -> S {
        var stage = S()
        stage.transfer(S.usdt, S.units(1_000), .spot, .margin)
        return stage
    }

    private func limit(_ dollars: Int64, _ quantity: Int64, _ timeInForce: TimeInForce = .gtc) -> OrderTerms {
        .limit(price: Ticks(dollars * 100), quantity: Steps(quantity), timeInForce: timeInForce)
    }

    private func kinds(_ events: [Event]) -> [String] {
        events.compactMap { event in
            switch event {
            case .balanceChanged, .levelChanged: nil
            case .rejected(let rejection): "\(rejection)"
            case .loanTaken(let loan): "lent \(loan.principal.raw)"
            case .interestCharged(let charge): "charged \(charge.interest.raw)"
            case .loanRepaid(let it): "repaid \(it.cause) \(it.interest.raw) + \(it.principal.raw)"
            case .marginOrderPlaced(let terms): "\(terms.sideEffect) \(terms.borrowed.raw)"
            case .orderAccepted: "accepted"
            case .orderFilled(let fill): "filled \(fill.quantity.raw)"
            case .orderEnded(let end): "\(end.order.status)"
            case .traded: "traded"
            default: "other"
            }
        }
    }

    @Test("MARGIN_BUY borrows what is lacking, and a cancelled order gives it back, interest first")
    func unusedLoan() {
        var stage = funded()
        // 0.03 at 60,000 is 1,800 USDT, of which 1,000 are there.
        #expect(
            kinds(stage.order(.buy, limit(60_000, 3_000), .marginBuy))
                == ["lent 80000000000", "charged 666667", "marginBuy 80000000000", "accepted"])
        #expect(stage.balance(S.usdt)?.free == .zero && stage.balance(S.usdt)?.held == S.units(1_800))
        #expect(stage.engine.marginTerms(of: OrderID(1))?.borrowed == S.units(800))
        let events = stage.perform(
            .cancelOrder(
                CancelOrder(account: S.alice, market: S.bitcoin, wallet: .margin, order: .id(OrderID(1)))))
        #expect(kinds(events) == ["canceled", "repaid unusedLoan 666667 + 79999333333"])
        #expect(stage.balance(S.usdt)?.borrowed == Units(666_667))
    }

    @Test("own funds count as spent before the loan")
    func partlyUsed() {
        var stage = funded()
        stage.quote(.sell, 2_500, at: 60_000_00)
        // 1,500 of 1,800 are spent: the remaining 300 are less than the loan of 800.
        #expect(
            kinds(stage.order(.buy, limit(60_000, 3_000, .ioc), .marginBuy)).suffix(2)
                == ["expired", "repaid unusedLoan 666667 + 29999333333"])
        stage = funded()
        stage.quote(.sell, 500, at: 60_000_00)
        // 300 are spent: of the remaining 1,500 the loan of 800 goes back.
        #expect(
            kinds(stage.order(.buy, limit(60_000, 3_000, .ioc), .marginBuy)).suffix(2)
                == ["expired", "repaid unusedLoan 666667 + 79999333333"])
    }

    @Test("a filled order gives nothing back, even at better prices")
    func filled() {
        var stage = funded()
        stage.quote(.sell, 3_000, at: 50_000_00)
        let events = kinds(stage.order(.buy, limit(60_000, 3_000), .marginBuy))
        #expect(events.last == "filled 3000" && stage.balance(S.usdt)?.borrowed == S.units(800))
        #expect(stage.balance(S.usdt)?.free == S.units(300))
    }

    @Test("AUTO_REPAY repays with each fill's proceeds after commission, as taker and as maker")
    func autoRepay() {
        var stage = funded()
        stage.quote(.sell, 3_000, at: 60_000_00)
        stage.order(.buy, limit(60_000, 3_000), .marginBuy)
        stage.quote(.buy, 100, at: 60_000_00)
        stage.quote(.buy, 100, at: 59_000_00)
        // 60 less 0.09, then 59 less 0.0885.
        #expect(
            kinds(stage.order(.sell, limit(59_000, 200), .autoRepay)).suffix(2)
                == ["repaid autoRepay 666667 + 5990333333", "repaid autoRepay 0 + 5891150000"])
        stage.order(.sell, limit(61_000, 100), .autoRepay)
        // 61 less 0.061.
        let events = kinds(stage.quote(.buy, 100, at: 61_000_00))
        #expect(events.suffix(2) == ["filled 100", "repaid autoRepay 0 + 6093900000"])
    }

    @Test("every refusal of a margin order, in its order")
    func refusals() {
        var stage = S()
        #expect(stage.order(.buy, limit(60_000, 1)) == [.rejected(.margin(.noAccount))])
        stage.transfer(S.usdt, S.units(1_000), .spot, .margin)
        let lacking = Rejection.insufficientForMarginOrder(
            asset: S.usdt, required: S.units(1_800), available: S.units(1_000))
        #expect(stage.order(.buy, limit(60_000, 3_000)) == [.rejected(lacking)])
        #expect(stage.order(.buy, limit(60_000, 3_000), .autoRepay) == [.rejected(lacking)])
        #expect(
            stage.order(.buy, limit(60_000, 100_000), .marginBuy)
                == [.rejected(.margin(.beyondMaxBorrowable))])
        #expect(
            stage.order(.sell, limit(60_000, 100_000), .marginBuy)
                == [.rejected(.margin(.beyondMaxBorrowable))])
        // Bought so dear that the level would be 1.1.
        #expect(stage.order(.buy, limit(500_000, 500), .marginBuy) == [.rejected(.margin(.wouldLiquidate))])
        #expect(stage.engine.accountCount == 2 && stage.balance(S.usdt)?.borrowed == .zero)
        stage.perform(.changeAccount(ChangeAccount(account: S.alice, canTrade: false)))
        #expect(stage.order(.buy, limit(60_000, 1)) == [.rejected(.margin(.tradingNotPermitted))])
        let spot = PlaceOrder(account: S.bob, market: S.bitcoin, side: .buy, terms: limit(1, 1))
        #expect(
            stage.perform(.placeOrderWithOptions(OrderWithOptions(spot, OrderOptions(sideEffect: .autoRepay))))
                == [.rejected(.invalid(.sideEffectType))])
    }

    @Test("of an order at market that the book cannot fill only what it would buy counts")
    func marketBeyondTheBook() {
        var stage = S()
        stage.transfer(S.usdt, S.units(10_000), .spot, .margin)
        stage.index(S.btc, 30_000_00_000_000)
        stage.quote(.sell, 40_000, at: 60_000_00)
        for quantity in [40_000, 40_001, 1_000_000] as [Int64] {
            #expect(
                stage.order(.buy, .market(quantity: Steps(quantity)), .marginBuy)
                    == [.rejected(.margin(.wouldLiquidate))])
        }
        #expect(stage.balance(S.usdt)?.borrowed == .zero)
    }

    @Test("a triggered order at market gives back what is left of its hold, not what is left of its quantity")
    func triggeredHold() {
        var stage = funded()
        stage.quote(.sell, 10, at: 30_000_00)
        stage.perform(
            .placeOrder(PlaceOrder(account: S.bob, market: S.bitcoin, side: .buy, terms: .market(quantity: Steps(10)))))
        // 0.09 at 31,000 is 2,790 USDT, of which 1,790 are borrowed.
        stage.order(
            .buy, .market(quantity: Steps(9_000)), .marginBuy, trigger: Trigger(.stopLoss, at: Ticks(31_000_00)))
        #expect(stage.balance(S.usdt)?.borrowed == S.units(1_790))
        stage.transfer(S.usdt, S.units(2_000), .spot, .margin)
        stage.quote(.sell, 10, at: 31_000_00)
        stage.quote(.sell, 4_000, at: 35_000_00)
        stage.perform(.openAccount(OpenAccount()))
        let carol = AccountID(3)
        stage.perform(
            .recordDeposit(
                RecordDeposit(
                    account: carol, asset: S.usdt, network: "test", amount: S.units(1_000), txID: "1")))
        stage.perform(
            .placeOrder(PlaceOrder(account: carol, market: S.bitcoin, side: .buy, terms: limit(31_000, 10))))
        #expect(stage.engine.openOrders(of: S.alice, wallet: .margin, market: nil).isEmpty)
        // 0.04 at 35,000 are spent: 1,390 of 2,790 are left, all of it borrowed, and interest comes first.
        let repaid = S.units(1_790) - (stage.balance(S.usdt)?.borrowed ?? .zero)
        #expect(repaid == S.units(1_390) - Units(1_491_667))
    }

    @Test("margin orders are counted for themselves, and the 201st has a code of its own")
    func counts() {
        var stage = funded()
        for _ in 0..<200 { stage.order(.buy, limit(1, 1)) }
        #expect(stage.order(.buy, limit(1, 1)) == [.rejected(.margin(.tooManyOrders))])
        let spot = PlaceOrder(account: S.alice, market: S.bitcoin, side: .buy, terms: limit(1, 1))
        #expect(stage.perform(.placeOrder(spot)).count > 1)
        #expect(stage.engine.openOrders(of: S.alice, wallet: .margin, market: nil).count == 200)
        #expect(stage.engine.openOrders(of: S.alice, wallet: .spot, market: nil).count == 1)
    }

    @Test("a spot and a margin order of one account never trade with each other")
    func selfTrade() {
        var stage = funded()
        stage.perform(
            .placeOrder(
                PlaceOrder(account: S.alice, market: S.bitcoin, side: .sell, terms: limit(60_000, 10))))
        #expect(kinds(stage.order(.buy, limit(60_000, 10))) == ["accepted", "expiredInMatch"])
    }

    @Test("a waiting order borrows when it is accepted and gives back when it expires at its trigger")
    func waiting() {
        var stage = funded()
        stage.quote(.sell, 10, at: 60_000_00)
        stage.perform(
            .placeOrder(PlaceOrder(account: S.bob, market: S.bitcoin, side: .buy, terms: .market(quantity: Steps(1)))))
        stage.quote(.buy, 10, at: 60_000_00)
        let waiting = stage.order(
            .buy, .market(quantity: Steps(3_000)), .marginBuy, trigger: Trigger(.stopLoss, at: Ticks(60_000_01)))
        #expect(kinds(waiting).first == "lent 80000030000")
        #expect(stage.balance(S.usdt)?.held == Units(180_000_030_000))
    }
}
