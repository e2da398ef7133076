import SyncronCore
import Testing

@Suite("A cascade of liquidations")
struct FuturesCascadeTests {
    private typealias S = FuturesStage

    /// Two longs of 20 times whose margin is gone at 55,000 and nobody who bids, two shorts against them, and a fund
    /// that can stand the first of the two only.
    @Test("exhausts insurance, and then deleverages those who win most on most leverage")
    func exhausted() {
        var stage = S(wallet: 310)
        stage.perform(.fundInsurance(InsuranceFund(asset: S.usdt, amount: S.units(300))))
        let second = stage.join(wallet: 620)
        let (rich, poor) = (stage.join(wallet: 100_000), stage.join(wallet: 500))
        stage.trade(S.alice, rich, 100, at: 60_000_00)
        stage.trade(second, rich, 50, at: 60_000_00)
        stage.trade(second, poor, 150, at: 60_000_00)
        #expect(stage.engine.openInterest(of: S.perpetual) == Steps(300))

        stage.index(55_000_00)
        stage.trade(S.bob, S.carol, 1, at: 55_000_00)
        let events = stage.wait(milliseconds: 1_000)

        let deleveraged = events.compactMap { if case .positionDeleveraged(let it) = $0 { it } else { nil } }
        // 310 less the taker's fee stand behind 0.1: (6,000 - 307) / 0.1 = 56,930, and the double of it for 0.2.
        #expect(deleveraged.map(\.account) == [poor, rich, second])
        #expect(deleveraged.map(\.quantity.raw) == [150, 50, 200])
        #expect(deleveraged.map(\.isBankrupt) == [false, false, true])
        #expect(Set(deleveraged.map(\.price)) == [Ticks(56_930_00)])
        // The first one's position is the fund's: both long 0.1, with the rest of rich's short against it.
        #expect(stage.engine.futuresReading(of: S.alice).positions.isEmpty)
        #expect(stage.engine.futuresReading(of: second).positions.isEmpty)
        #expect(stage.engine.futuresReading(of: rich).positions.map(\.position.quantity) == [Steps(-100)])
        #expect(stage.engine.openInterest(of: S.perpetual) == Steps(101))
        for account in [S.alice, second] { #expect(stage.engine.futuresReading(of: account).crossWallet == .zero) }
        #expect(stage.engine.insuranceFund(of: S.usdt) == S.units(300))
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })

        // The fund offers what it has within 1 % of the mark, and bears the loss: 0.1 × (56,930 - 54,900).
        stage.order(S.bob, .buy, 100, at: 54_900_00)
        stage.wait(milliseconds: 1_000)
        #expect(stage.engine.insuranceFund(of: S.usdt) == S.units(300 - 203))
        #expect(stage.engine.futuresReading(of: S.bob).positions.map(\.position.quantity) == [Steps(101)])
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    @Test("an isolated position is called each time its ratio comes to 0.8 from below, and not anew after a restart")
    func isolatedCalls() throws {
        var stage = S(wallet: 3_030)
        stage.perform(
            .setMarginType(SetMarginType(account: S.alice, market: S.perpetual, type: .isolated)))
        stage.trade(S.alice, S.bob, 1_000, at: 60_000_00)
        func calls(at cents: Int64) -> [Int128] {
            stage.index(cents)
            stage.trade(S.bob, S.carol, 1, at: cents)
            return stage.wait(milliseconds: 1_000).compactMap { event in
                guard case .futuresMarginCalled(let call) = event, call.account == S.alice else { return nil }
                return call.positions.map(\.marginType) == [.isolated] ? call.ratio.raw : -1
            }
        }
        #expect(calls(at: 57_500_00) == [])
        // (57,260 × 0.5 % - 50) / (3,000 - 2,740), rounded up
        #expect(calls(at: 57_260_00) == [90_884_616])
        try stage.restart()
        #expect(calls(at: 57_240_00) == [])
        #expect(calls(at: 57_500_00) == [])
        #expect(calls(at: 57_260_00) == [90_884_616])
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    @Test("a position of a high row is brought down to the next, with the fee of its row")
    func steps() {
        // 20 BTC at 60,000 and 75 times: 1,200,000 in the third row, of 0.65 %.
        var stage = S(wallet: 20_000)
        let buyer = stage.join(wallet: 1_000_000)
        stage.transfer(S.bob, S.units(1_000_000), .spot, .futures)
        stage.perform(.setLeverage(SetLeverage(account: S.alice, market: S.perpetual, leverage: 75)))
        stage.trade(S.alice, S.bob, 20_000, at: 60_000_00)
        // 19,400 less a loss of 14,000 are 5,400; 1,186,000 × 0.65 % - 950 = 6,759 are to remain.
        stage.order(buyer, .buy, 20_000, at: 59_300_00)
        stage.index(59_300_00)
        stage.trade(S.carol, S.bob, 1, at: 59_300_00)
        let events = stage.wait(milliseconds: 1_000)
        let forced = events.compactMap { if case .orderForced(let it) = $0 { it } else { nil } }
        // That row begins at 600,000: 20 - 600,000 / 59,300 = 9.88196, to a step. It is sold at the bid, with half of
        // 0.65 % of 586,002.6 as fee: 1,904.50845.
        #expect(forced.map(\.quantity) == [Steps(9_882)] && forced.map(\.executed) == [Steps(9_882)])
        #expect(forced.map(\.price) == [Ticks(59_030_00)])
        #expect(forced.map(\.fee) == [Units(190_450_845_000)])
        #expect(stage.engine.insuranceFund(of: S.usdt) == S.units(1_000_000) + Units(190_450_845_000))
        // 5,400 - 1,904.50845 are more than the 599,997.4 × 0.5 % - 50 that are to remain now.
        let reading = stage.engine.futuresReading(of: S.alice)
        #expect(reading.positions.map(\.position.quantity) == [Steps(10_118)])
        #expect(reading.crossWallet + reading.crossProfit == S.units(5_400) - Units(190_450_845_000))
        #expect(reading.maintenance == Units(294_998_700_000))
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }
}
