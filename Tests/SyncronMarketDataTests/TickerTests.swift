import SyncronCore
import Testing

@testable import SyncronMarketData

private let day: Int64 = 86_400_000

@Suite("Ticker") struct TickerTests {
    @Test("a market that never traded has no prices and zero volume")
    func untraded() {
        let ticker = RollingTrades().ticker(now: ms(5 * day))
        #expect(ticker.lastPrice == nil && ticker.openPrice == nil && ticker.previousClose == nil)
        #expect(ticker.volume == .zero && ticker.quoteVolume == .zero && ticker.tradeCount == 0)
        #expect(ticker.firstTrade == nil && ticker.lastTrade == nil)
        #expect(ticker.priceChange == 0 && ticker.priceChangePercent == 0)
        #expect(ticker.weightedAveragePrice(unitsPerTickStep: 10, tickSize: 5) == 0)
        #expect(ticker.openTime == ms(4 * day) && ticker.closeTime == ms(5 * day))
    }

    @Test("the window begins just after now minus 24 hours and ends with now, to the millisecond")
    func edges() {
        var rolling = RollingTrades()
        rolling.add(trade(id: 1, price: 100, quantity: 2, time: 1_000_000))
        rolling.add(trade(id: 2, price: 110, quantity: 3, time: 1_000_001))
        let full = rolling.ticker(now: ms(1_000_000 + day - 1))
        #expect(full.tradeCount == 2 && full.openPrice == Ticks(100) && full.previousClose == nil)
        let later = rolling.ticker(now: ms(1_000_000 + day))
        #expect(later.tradeCount == 1 && later.openPrice == Ticks(110) && later.lowPrice == Ticks(110))
        #expect(later.firstTrade == TradeID(2) && later.volume == Volume(3) && later.previousClose == Ticks(100))
        // Reading at a later time changes nothing for a reader at an earlier one.
        #expect(rolling.ticker(now: ms(1_000_000 + day - 1)) == full)
    }

    @Test("without a trade in the window the last price is carried, with no change and no volume")
    func carried() {
        var rolling = RollingTrades()
        rolling.add(trade(id: 1, price: 100, quantity: 2, time: 1_000))
        rolling.add(trade(id: 2, price: 120, quantity: 4, time: 2_000))
        let ticker = rolling.ticker(now: ms(2_000 + day))
        #expect(ticker.tradeCount == 0 && ticker.volume == .zero && ticker.quoteVolume == .zero)
        #expect(ticker.firstTrade == nil && ticker.lastTrade == nil)
        for price in [ticker.lastPrice, ticker.openPrice, ticker.highPrice, ticker.lowPrice, ticker.previousClose] {
            #expect(price == Ticks(120))
        }
        #expect(ticker.lastQuantity == Steps(4))
        #expect(ticker.priceChange == 0 && ticker.priceChangePercent == 0)
        #expect(ticker.weightedAveragePrice(unitsPerTickStep: 10, tickSize: 5) == 600)
        #expect(ticker.closeTime == ms(2_000 + day) && ticker.openTime == ms(2_000))
    }

    @Test("the change is the last price minus the first in the window")
    func figures() {
        var rolling = RollingTrades()
        rolling.add(trade(id: 1, price: 29_899, quantity: 1, time: 1_000))
        rolling.add(trade(id: 2, price: 31_000, quantity: 2, time: 2_000))
        rolling.add(trade(id: 3, price: 29_000, quantity: 2, time: 2_000))
        rolling.add(trade(id: 4, price: 30_241, quantity: 1, time: 3_000))
        let ticker = rolling.ticker(now: ms(4_000))
        #expect(ticker.priceChange == 342 && ticker.priceChangePercent == 114)
        #expect(ticker.highPrice == Ticks(31_000) && ticker.lowPrice == Ticks(29_000))
        // (29,899 + 62,000 + 58,000 + 30,241) / 6 = 30,023.33…
        #expect(ticker.weightedAveragePrice(unitsPerTickStep: unitsPerTickStep, tickSize: 1) == 30_023)
        #expect(ticker.weightedAveragePrice(unitsPerTickStep: unitsPerTickStep, tickSize: 100) == 3_002_333)
    }

    @Test("a clock behind the last trade counts as the time of that trade")
    func lateClock() {
        var rolling = RollingTrades()
        rolling.add(trade(id: 1, price: 100, time: 5_000))
        #expect(rolling.ticker(now: ms(4_000)) == rolling.ticker(now: ms(5_000)))
        #expect(rolling.averagePrice(now: ms(0)) == rolling.averagePrice(now: ms(5_000)))
    }

    @Test("two tickers have the same figures when only time passed")
    func sameFigures() {
        var rolling = RollingTrades()
        rolling.add(trade(id: 1, price: 100, time: 5_000))
        let ticker = rolling.ticker(now: ms(5_000))
        #expect(rolling.ticker(now: ms(6_000)) != ticker)
        #expect(rolling.ticker(now: ms(6_000)).hasSameFigures(as: ticker))
        #expect(!rolling.ticker(now: ms(5_000 + day)).hasSameFigures(as: ticker))
    }

    @Test(
        "the ticker equals a sum over every trade, at any time from the last trade on",
        arguments: 1...10 as ClosedRange<UInt64>, [Pace.dense, .mixed, .slow])
    func twin(seed: UInt64, pace: Pace) throws {
        var stream = TradeStream(seed: seed, pace: pace)
        var random = SeededRandom(seed: seed &+ 500)
        var naive = NaiveWindow()
        var rolling = RollingTrades()
        for step in 0..<500 {
            let trade = stream.next()
            naive.trades.append(trade)
            rolling.add(trade)
            guard step % 5 == 0 else { continue }
            // Now, somewhat later, a day later, and exactly when some trade leaves the window.
            let known = random.number(0...Int64(step))
            let times = [
                stream.time, stream.time + random.number(0...1_000), stream.time + random.number(0...day * 2),
                naive.trades[Int(known)].time.milliseconds + day,
                naive.trades[Int(known)].time.milliseconds + day - 1,
            ]
            for time in times where time >= stream.time {
                try #require(
                    rolling.ticker(now: ms(time)) == naive.ticker(now: ms(time)),
                    "seed \(seed), trade \(step), now \(time)")
            }
        }
        #expect(try decoded(RollingTrades.self, from: encoded(rolling)) == rolling, "seed \(seed)")
    }
}

@Suite("Ticker beyond its fine entries") struct CoarseTickerTests {
    /// The law of merged seconds: the window begins with the second in which the exact one would begin, or later in
    /// it, and all figures are those of the trades from there on.
    @Test("old trades leave second by second", arguments: 1...12 as ClosedRange<UInt64>, [1, 8, 200] as [Int])
    func merged(seed: UInt64, capacity: Int) throws {
        var stream = TradeStream(seed: seed, pace: seed % 2 == 0 ? .mixed : .dense)
        var random = SeededRandom(seed: seed &+ 900)
        var naive = NaiveWindow()
        var rolling = RollingTrades()
        rolling.fineCapacity = capacity
        for step in 0..<900 {
            if random.chance(percent: 1) { stream.time += random.number(200_000...3_000_000) }
            let trade = stream.next()
            naive.trades.append(trade)
            rolling.add(trade)
            guard step % 9 == 0 else { continue }
            let known = naive.trades[Int(random.number(0...Int64(step)))].time.milliseconds
            for time in [stream.time, known + day, known + day + random.number(0...1_500)] where time >= stream.time {
                try check(rolling.ticker(now: ms(time)), naive, "seed \(seed), trade \(step), now \(time)")
            }
        }
        var restored = try decoded(RollingTrades.self, from: encoded(rolling))
        restored.fineCapacity = capacity
        #expect(restored == rolling)
        for trade in stream.take(200) {
            restored.add(trade)
            rolling.add(trade)
        }
        #expect(restored == rolling, "seed \(seed)")
    }

    private func check(_ ticker: Ticker24h, _ naive: NaiveWindow, _ comment: Comment) throws {
        let exact = naive.ticker(now: ticker.closeTime)
        guard let exactFirst = exact.firstTrade else {
            try #require(ticker == exact, comment)
            return
        }
        let first = try #require(ticker.firstTrade, comment)
        let times = [first, exactFirst].map { naive.trades[Int($0.raw) - 1].time.milliseconds }
        try #require(first <= exactFirst && times[0] / 1_000 == times[1] / 1_000, comment)
        try #require(ticker == naive.ticker(from: first, now: ticker.closeTime), comment)
    }

    @Test("the average of five minutes stays exact", arguments: 1...6 as ClosedRange<UInt64>)
    func exactAverage(seed: UInt64) throws {
        var stream = TradeStream(seed: seed, pace: .dense)
        var naive = NaiveWindow()
        var rolling = RollingTrades()
        rolling.fineCapacity = 1
        for step in 0..<4_000 {
            let trade = stream.next()
            naive.trades.append(trade)
            rolling.add(trade)
            guard step % 400 == 0 else { continue }
            for later in [0, 1, 777, 200_001] as [Int64] {
                let now = ms(stream.time + later)
                let average = rolling.averagePrice(now: now)
                try #require(
                    average.price(unitsPerTickStep: unitsPerTickStep, tickSize: 1_000_000)
                        == naive.averageInMillionths(now: now, span: 300_000), "seed \(seed), trade \(step)")
            }
        }
    }

    @Test("memory is bounded by the fine entries and one entry a second")
    func bounded() {
        var rolling = RollingTrades()
        rolling.fineCapacity = 100
        for index in 0..<60_000 as Range<Int64> {
            rolling.add(trade(id: UInt64(index + 1), price: 5, time: 1_000_000 + index * 250))
        }
        // Five minutes at four trades a second stay fine, some await their turn; the rest is one entry a second.
        #expect(rolling.entryCount <= 1_300 + 15_000)
        rolling.add(trade(id: 60_001, price: 5, time: 1_000_000 + 60_000 * 250 + 2 * day))
        #expect(rolling.entryCount == 1)
    }
}
