import SyncronCore
import Testing

@Suite("Margin: liquidation")
struct LiquidationTests {
    private typealias S = MarginStage

    private func forced(_ events: [Event]) -> [ForcedOrder] {
        events.compactMap { if case .orderForced(let order) = $0 { order } else { nil } }
    }

    private func repaid(_ events: [Event], _ cause: Repayment.Cause) -> [Units] {
        events.compactMap { event in
            if case .loanRepaid(let repayment) = event, repayment.cause == cause { repayment.amount } else { nil }
        }
    }

    private func statuses(_ events: [Event]) -> [MarginStatus] {
        events.compactMap { if case .marginStatusChanged(let change) = $0 { change.status } else { nil } }
    }

    /// 22,779.81 in parts of 10^-8, and 2 % below it.
    private static let line: Int64 = 22_779_81_000_000
    private static let limit: Int64 = 22_324_22

    @Test("in a deep book as little is sold as restores the borrow threshold, and insurance gets its 2 %")
    func deep() {
        var stage = S()
        stage.becomeTheExample()
        stage.quote(.buy, 1_000_000, at: Self.limit)
        let events = stage.index(S.btc, Self.line)
        #expect(statuses(events) == [.liquidating, .normal])
        // The free 1,500 USDT first; then 0.74386 BTC at 22,324.22.
        #expect(repaid(events, .liquidation) == [S.units(1_500), Units(1_624_906_326_197)])
        let order = forced(events).first
        #expect(forced(events).count == 1)
        #expect(order?.quantity == Steps(74_386) && order?.executed == Steps(74_386))
        #expect(order?.price == Ticks(Self.limit) && order?.executedNotional == Units(1_660_609_428_920))
        #expect(order?.fee == Units(33_212_188_579))
        #expect(stage.balance(S.usdt)?.borrowed == Units(225_260_340_470))
        #expect(stage.balance(S.usdt)?.interest == .zero)
        #expect(stage.balance(S.btc)?.free == Units(15_614_000))
        #expect(stage.engine.totals[2].insurance == S.units(1_000_000) + Units(33_212_188_579))
        #expect(stage.engine.totals[2].isBalanced)
    }

    @Test("in an empty book the account waits, and may do nothing; when there are bids the next second sells")
    func empty() {
        var stage = S()
        stage.becomeTheExample()
        stage.quote(.buy, 1_000_000, at: Self.limit - 1)
        let events = stage.index(S.btc, Self.line)
        #expect(statuses(events) == [.liquidating] && forced(events).isEmpty)
        let refused: [Event] = [.rejected(.margin(.liquidating))]
        #expect(stage.borrow(S.usdt, Units(1)) == refused && stage.repay(S.usdt, Units(1)) == refused)
        #expect(stage.transfer(S.usdt, Units(1), .spot, .margin) == refused)
        #expect(stage.order(.sell, .market(quantity: Steps(1))) == refused)
        #expect(
            stage.perform(.cancelAllOrders(CancelAllOrders(account: S.alice, market: S.bitcoin, wallet: .margin)))
                == refused)
        #expect(forced(stage.wait(milliseconds: 1_000)).isEmpty)
        stage.quote(.buy, 1_000_000, at: Self.limit)
        let next = stage.wait(milliseconds: 1_000)
        #expect(statuses(next) == [.normal] && forced(next).count == 1)
    }

    @Test("a thin book is taken as far as it goes, second by second")
    func thin() {
        var stage = S()
        stage.becomeTheExample()
        stage.quote(.buy, 10_000, at: Self.limit)
        let events = stage.index(S.btc, Self.line)
        #expect(forced(events).map(\.executed) == [Steps(10_000)] && statuses(events) == [.liquidating])
        stage.quote(.buy, 20_000, at: Self.limit + 10)
        #expect(forced(stage.wait(milliseconds: 1_000)).map(\.executed) == [Steps(20_000)])
        stage.quote(.buy, 90_000, at: Self.limit + 10)
        #expect(statuses(stage.wait(milliseconds: 1_000)) == [.normal])
    }

    @Test("open orders are cancelled first, and what they borrowed and did not use goes back")
    func cancels() {
        var stage = S()
        stage.becomeTheExample()
        stage.order(.sell, .limit(price: Ticks(70_000_00), quantity: Steps(90_000), timeInForce: .gtc))
        stage.quote(.buy, 1_000_000, at: Self.limit)
        let events = stage.index(S.btc, Self.line)
        let ended = events.compactMap { if case .orderEnded(let end) = $0 { end.order.status } else { nil } }
        #expect(ended == [.canceled] && statuses(events) == [.liquidating, .normal])
    }

    @Test("when everything is sold, insurance pays the rest, as far as it can")
    func insurance() {
        for insured in [Int128(1_000_000), 100] {
            var stage = S()
            stage.becomeTheExample()
            stage.perform(.fundInsurance(InsuranceFund(asset: S.usdt, amount: S.units(insured))))
            stage.quote(.buy, 1_000_000, at: 9_800_00)
            let events = stage.index(S.btc, 10_000_00_000_000)
            #expect(statuses(events) == [.liquidating, .normal])
            #expect(forced(events).map(\.executed) == [Steps(90_000)])
            #expect(repaid(events, .insurance).count == 1)
            #expect(stage.reading?.level == nil)
            let totals = stage.engine.totals[2]
            let loss = S.units(5_000_000) - totals.lending
            #expect(insured == 100 ? totals.insurance == .zero && loss > .zero : loss == .zero)
            #expect(totals.isBalanced)
        }
    }

    @Test("a debt in another asset is bought back with what the collateral brings")
    func purchase() {
        var stage = S()
        stage.transfer(S.usdt, S.units(100_000), .spot, .margin)
        stage.borrow(S.btc, S.units(1))
        stage.transfer(S.btc, Units(50_000_000), .margin, .spot)
        stage.order(.sell, .limit(price: Ticks(60_000_00), quantity: Steps(50_000), timeInForce: .gtc))
        stage.quote(.sell, 1_000_000, at: 172_000_00)
        let events = stage.index(S.btc, 170_000_00_000_000)
        #expect(statuses(events) == [.liquidating, .normal])
        #expect(forced(events).map(\.side) == [.buy] && forced(events).first?.price == Ticks(173_400_00))
        #expect(stage.engine.totals[0].isBalanced && stage.engine.totals[2].isBalanced)
    }

    @Test("who is flagged is flagged after a restart, and the same second goes on")
    func restart() throws {
        var stage = S()
        stage.becomeTheExample()
        stage.order(.buy, .limit(price: Ticks(20_000_00), quantity: Steps(100_000), timeInForce: .gtc), .marginBuy)
        stage.quote(.buy, 10_000, at: Self.limit)
        stage.index(S.btc, Self.line)
        var copy = try stage.engine.restored()
        #expect(copy.digest == stage.engine.digest)
        stage.quote(.buy, 500_000, at: Self.limit)
        let quote = Command.placeOrder(
            PlaceOrder(
                account: S.bob, market: S.bitcoin, side: .buy,
                terms: .limit(price: Ticks(Self.limit), quantity: Steps(500_000), timeInForce: .gtc)))
        let first = Stamp(sequence: copy.sequence.next, time: copy.now)
        copy.apply(quote, at: first)
        let expected = stage.wait(milliseconds: 1_000)
        var events: [Event] = []
        copy.apply(.tick, at: Stamp(sequence: first.sequence.next, time: first.time + 1_000), into: &events)
        #expect(events == expected && statuses(events) == [.normal])
        #expect(copy.digest == stage.engine.digest)
    }
}
