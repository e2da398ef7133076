import SyncronCore
import Testing

@testable import SyncronMarketData

@Suite("Average price") struct AveragePriceTests {
    private func price(_ rolling: RollingTrades, now: Int64) -> Int128 {
        rolling.averagePrice(now: ms(now)).price(unitsPerTickStep: unitsPerTickStep, tickSize: 1)
    }

    @Test("it covers five minutes")
    func minutes() { #expect(AveragePrice.minutes == 5) }

    @Test("it is weighted by volume and rounded half up")
    func weighted() {
        var rolling = RollingTrades()
        rolling.add(trade(id: 1, price: 100, quantity: 1, time: 1_000))
        rolling.add(trade(id: 2, price: 103, quantity: 1, time: 1_000))
        #expect(price(rolling, now: 1_000) == 102)  // 101.5
        rolling.add(trade(id: 3, price: 100, quantity: 2, time: 1_500))
        #expect(price(rolling, now: 2_000) == 101)  // 100.75
    }

    @Test("a trade counts until five minutes have passed")
    func edges() {
        var rolling = RollingTrades()
        rolling.add(trade(id: 1, price: 100, time: 1_000))
        rolling.add(trade(id: 2, price: 200, time: 2_000))
        #expect(price(rolling, now: 300_999) == 150)
        #expect(price(rolling, now: 301_000) == 200)
        #expect(rolling.averagePrice(now: ms(301_999)).volume == Volume(1))
        #expect(rolling.averagePrice(now: ms(302_000)).volume == .zero)
    }

    @Test("without a trade in five minutes it is the last price, and before the first trade zero")
    func withoutTrades() {
        var rolling = RollingTrades()
        #expect(price(rolling, now: 5) == 0)
        rolling.add(trade(id: 1, price: 100, time: 1_000))
        rolling.add(trade(id: 2, price: 7, time: 1_000))
        #expect(rolling.averagePrice(now: ms(9_000_000)).price(unitsPerTickStep: 10, tickSize: 25) == 175)
    }

    @Test(
        "it equals a sum over every trade", arguments: 1...10 as ClosedRange<UInt64>, [Pace.dense, .mixed])
    func twin(seed: UInt64, pace: Pace) throws {
        var stream = TradeStream(seed: seed, pace: pace)
        var random = SeededRandom(seed: seed &+ 70)
        var naive = NaiveWindow()
        var rolling = RollingTrades()
        for step in 0..<600 {
            let trade = stream.next()
            naive.trades.append(trade)
            rolling.add(trade)
            guard step % 6 == 0 else { continue }
            let known = naive.trades[Int(random.number(0...Int64(step)))].time.milliseconds
            for now in [stream.time, stream.time + random.number(0...300_000), known + 300_000, known + 299_999]
            where now >= stream.time {
                try #require(
                    rolling.averagePrice(now: ms(now)).price(
                        unitsPerTickStep: unitsPerTickStep, tickSize: 1_000_000)
                        == naive.averageInMillionths(now: ms(now), span: 300_000), "seed \(seed), trade \(step)")
            }
        }
    }
}
