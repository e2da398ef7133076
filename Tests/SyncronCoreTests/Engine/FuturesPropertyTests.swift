import SyncronCore
import SyncronSimulator
import Testing

/// What holds of positions whatever is traded.
@Suite("Perpetuals on random sequences")
struct FuturesPropertyTests {
    private typealias S = FuturesStage

    @Test("who holds both sides is worth as much as who holds their difference", arguments: 1...UInt64(20))
    func hedgeIdentity(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var stage = S(wallet: 1_000_000)
        stage.perform(.setPositionMode(SetPositionMode(account: S.alice, isHedge: true)))
        var (long, short) = (Int64(0), Int64(0))
        for step in 0..<60 {
            let price = 60_000_00 + random.int(in: -500_00...500_00)
            let quantity = random.int(in: 1...400)
            let side: Side = random.chance(50) ? .buy : .sell
            // What she sells closes her long position or opens a short one; at random, as far as there is one.
            let isLong = random.chance(50)
            let opens = (side == .buy) == isLong
            let traded = opens ? quantity : min(quantity, isLong ? long : short)
            guard traded > 0 else { continue }
            if isLong { long += opens ? traded : -traded } else { short += opens ? traded : -traded }
            stage.order(S.bob, side.opposite, 2 * traded, at: price)
            stage.order(S.alice, side, traded, at: price, positionSide: isLong ? .long : .short)
            stage.order(S.carol, side, traded, at: price)
            if random.chance(20) {
                stage.index(60_000_00 + random.int(in: -400_00...400_00))
                stage.wait(milliseconds: 1_000)
            }
            let (hers, his) = (stage.engine.futuresReading(of: S.alice), stage.engine.futuresReading(of: S.carol))
            #expect(
                hers.crossWallet + hers.crossProfit == his.crossWallet + his.crossProfit, "seed \(seed), step \(step)")
            #expect(hers.positions.map(\.position.quantity.raw) == [long, -short].filter { $0 != 0 })
            #expect(his.positions.map(\.position.quantity.raw) == [long - short].filter { $0 != 0 })
            #expect(hers.positions.reduce(Units.zero) { $0 + $1.initialMargin } == hers.positionInitialMargin)
            #expect(stage.engine.openInterest(of: S.perpetual) == Steps(openInterest(stage)))
        }
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    /// Steps of all long positions of the three.
    private func openInterest(_ stage: borrowing FuturesStage) -> Int64 {
        var sum: Int64 = 0
        for account in [S.alice, S.bob, S.carol] {
            for position in stage.engine.futuresReading(of: account).positions {
                sum += max(0, position.position.quantity.raw)
            }
        }
        return sum
    }

    @Test("nobody is ever below zero and the ledger balances, through liquidations, takeovers and deleveraging")
    func conservation() {
        var (forced, deleveraged, fundings) = (0, 0, 0)
        for seed in 1...UInt64(20) {
            var random = SeededRandom(seed: seed)
            // A funding comes while they trade.
            var stage = S(sinceFunding: 28_800_000 - 40_000, wallet: 4_000)
            stage.perform(.fundInsurance(InsuranceFund(asset: S.usdt, amount: S.units(500))))
            let accounts = [S.alice, S.bob, S.carol] + (0..<5).map { _ in stage.join(wallet: 2_000) }
            var middle: Int64 = 60_000_00
            for number in 0..<300 {
                for event in step(&stage, &random, accounts, &middle) {
                    if case .orderForced = event { forced += 1 }
                    if case .positionDeleveraged = event { deleveraged += 1 }
                    if case .fundingSettled = event { fundings += 1 }
                }
                for account in accounts {
                    let reading = stage.engine.futuresReading(of: account)
                    #expect(
                        reading.crossWallet >= .zero && reading.isolatedWallet >= .zero, "seed \(seed), step \(number)")
                }
                #expect(stage.engine.insuranceFund(of: S.usdt) >= .zero, "seed \(seed), step \(number)")
                #expect(stage.engine.totals.allSatisfy { $0.isBalanced }, "seed \(seed), step \(number)")
            }
        }
        #expect(forced > 20 && deleveraged > 20 && fundings >= 20, "\(forced), \(deleveraged), \(fundings)")
    }

    private func step(
        _ stage: inout FuturesStage, _ random: inout SeededRandom, _ accounts: [AccountID], _ middle: inout Int64
    ) -> [Event] {
        switch random.below(10) {
        case 0..<6:
            return stage.order(
                random.pick(accounts), random.chance(50) ? .buy : .sell, random.int(in: 1...300),
                at: middle + random.int(in: -300_00...300_00), reduceOnly: random.chance(15))
        case 6:
            return stage.perform(
                .setLeverage(
                    SetLeverage(
                        account: random.pick(accounts), market: S.perpetual,
                        leverage: UInt8(random.int(in: 1...125)))))
        case 7: return stage.wait(milliseconds: 1_000)
        default:
            middle = max(20_000_00, middle * random.pick([960, 990, 999, 1_001, 1_010, 1_040]) / 1_000)
            return stage.index(middle) + stage.wait(milliseconds: 1_000)
        }
    }
}
