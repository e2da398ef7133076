import SyncronCore
import Testing

@testable import SyncronMarketData

@Suite("Rounding") struct RoundingTests {
    @Test(
        "a percent change has two decimals, half away from zero",
        arguments: [
            (29_899_00, 30_241_50, 115),  // 1.1455…
            (100, 100, 0),
            (20_000, 20_001, 1),  // 0.005 rises
            (20_000, 19_999, -1),  // and falls away from zero
            (20_001, 20_002, 0),  // 0.00499…
            (20_001, 20_000, 0),
            (8, 7, -1_250),
            (3, 1, -6_667),
            (3, 4, 3_333),
            (1, 3, 20_000),
            (16_000, 16_001, 1),  // 0.00625
            (1_000_000, 1_000_049, 0),
            (1_000_000, 1_000_050, 1),
            (1_000_000, 999_950, -1),
            (1_000_000, 999_951, 0),
            (0, 5, 0),
        ] as [(Int64, Int64, Int64)])
    func percent(first: Int64, last: Int64, hundredths: Int64) {
        #expect(Rounding.percentChange(from: Ticks(first), to: Ticks(last)) == Int128(hundredths))
    }

    @Test("a percent change of the widest prices does not overflow")
    func widestPercent() {
        let most = Limits.orderMagnitude
        #expect(Rounding.percentChange(from: Ticks(1), to: Ticks(most)) == Int128(most - 1) * 10_000)
        #expect(Rounding.percentChange(from: Ticks(most), to: Ticks(1)) == -10_000)
    }

    @Test(
        "an average price is rounded half up at the market's precision",
        arguments: [
            // price × quantity summed, quantity summed, tick size, expected
            (3, 2, 1, 2),  // 1.5
            (5, 4, 1, 1),  // 1.25
            (7, 4, 1, 2),  // 1.75
            (1, 2, 1, 1),  // 0.5
            (1, 3, 1, 0),
            (2, 3, 1, 1),
            (3, 2, 10, 15),  // the tick is 10: 15 exactly
            (1, 3, 10, 3),  // 3.33…
            (1, 3, 5, 2),  // 1.66…
            (999_999, 1_000_000, 1, 1),
            (499_999, 1_000_000, 1, 0),
            (500_000, 1_000_000, 1, 1),
        ] as [(Int64, Int64, Int64, Int64)])
    func average(sum: Int64, quantity: Int64, tickSize: Int64, expected: Int64) {
        for unitsPerTickStep in [1, 10, 1_000_000] as [Int64] {
            let average = Rounding.averagePrice(
                notional: Units(Int128(sum) * Int128(unitsPerTickStep)), volume: Volume(Int128(quantity)),
                unitsPerTickStep: unitsPerTickStep, tickSize: tickSize)
            #expect(average == Int128(expected), "\(unitsPerTickStep) units per tick-step")
        }
    }

    @Test("an average over nothing is zero")
    func nothing() {
        #expect(Rounding.averagePrice(notional: .zero, volume: .zero, unitsPerTickStep: 1, tickSize: 1) == 0)
        #expect(Rounding.averagePrice(notional: Units(5), volume: .zero, unitsPerTickStep: 1, tickSize: 1) == 0)
    }

    @Test("an average whose product exceeds 128 bits is exact")
    func wide() {
        let volume = Int128(1) << 100
        // Three and a half ticks of 2^62.
        let sum = volume * 3 + volume / 2
        let average = Rounding.averagePrice(
            notional: Units(sum), volume: Volume(volume), unitsPerTickStep: 1, tickSize: 1 << 62)
        #expect(average == (Int128(7) << 61))
        let third = Rounding.averagePrice(
            notional: Units(volume), volume: Volume(3 * (volume / 4)), unitsPerTickStep: 1, tickSize: 1 << 60)
        #expect(third == (Int128(1) << 62) / 3)
    }

    @Test("a quotient that does not fit is the largest value")
    func saturates() {
        #expect(Rounding.divideHalfUp(.max, times: .max, by: 1) == .max)
        #expect(Rounding.divideHalfUp(.max, times: 1, by: 1) == .max)
        #expect(Rounding.divideHalfUp(.max, times: 3, by: 3) == .max)
        #expect(Rounding.divideHalfUp(.max, times: 2, by: 4) == UInt128.max / 2 + 1)
    }
}
