import SyncronCore
import Testing

@testable import SyncronMarketData

extension Candles {
    /// What a request is answered with; nil when the memory does not reach back.
    func answer(
        _ interval: KlineInterval, startTime: Timestamp? = nil, endTime: Timestamp? = nil, limit: Int = 1_000,
        now: Timestamp
    ) -> [Candle]? {
        guard let range = range(interval, startTime: startTime, endTime: endTime, limit: limit, now: now) else {
            return []
        }
        guard case .complete(let list) = read(range) else { return nil }
        return list
    }
}

@Suite("Candles") struct CandlesTests {
    @Test("there is no candle before the first trade")
    func untraded() {
        let candles = Candles()
        #expect(candles.answer(.oneMinute, now: ms(1_000_000_000)) == [])
        #expect(candles.candle(.oneDay, at: ms(1_000_000_000)) == nil)
        #expect(candles.firstTradeTime == nil)
    }

    @Test("a candle sums up the trades of its period")
    func sums() throws {
        var candles = Candles()
        candles.add(trade(id: 1, price: 100, quantity: 3, time: 60_000, takerSide: .buy))
        candles.add(trade(id: 2, price: 130, quantity: 5, time: 61_000, takerSide: .sell))
        candles.add(trade(id: 3, price: 90, quantity: 7, time: 119_999, takerSide: .buy))
        let list = try #require(candles.answer(.oneMinute, now: ms(119_999)))
        let candle = try #require(list.first)
        #expect(list.count == 1)
        #expect(candle.openTime == ms(60_000))
        #expect([candle.open, candle.high, candle.low, candle.close].map(\.raw) == [100, 130, 90, 90])
        #expect(candle.volume == Volume(15) && candle.takerBuyVolume == Volume(10))
        #expect(candle.quoteVolume == Units(10 * (300 + 650 + 630)))
        #expect(candle.takerBuyQuoteVolume == Units(10 * (300 + 630)))
        #expect(candle.tradeCount == 3 && candle.firstTrade == TradeID(1) && candle.lastTrade == TradeID(3))
    }

    @Test("a period without trades carries the close with zero volume, and so does the current one")
    func gaps() throws {
        var candles = Candles()
        candles.add(trade(id: 1, price: 100, time: 65_000))
        candles.add(trade(id: 2, price: 200, time: 250_000))
        let list = try #require(candles.answer(.oneMinute, now: ms(360_000)))
        #expect(list.map(\.openTime.milliseconds) == [60_000, 120_000, 180_000, 240_000, 300_000, 360_000])
        #expect(list.map(\.close.raw) == [100, 100, 100, 200, 200, 200])
        #expect(list[1] == Candle(flatAt: Ticks(100), openTime: ms(120_000)))
        // The next period with trades opens at its own first price, not at the close before it.
        #expect(list[3].open == Ticks(200))
        #expect(list[4].volume == .zero && list[4].tradeCount == 0 && list[4].firstTrade == TradeID(0))
    }

    @Test("bounds are inclusive and on open time; with startTime the oldest come, without it the newest")
    func selection() throws {
        var candles = Candles()
        for minute in 1...10 as ClosedRange<Int64> {
            candles.add(trade(id: UInt64(minute), price: minute, time: minute * 60_000 + 5))
        }
        func opens(_ start: Int64?, _ end: Int64?, _ limit: Int) throws -> [Int64] {
            let list = candles.answer(
                .oneMinute, startTime: start.map(ms), endTime: end.map(ms), limit: limit, now: ms(12 * 60_000))
            return try #require(list).map { $0.openTime.milliseconds / 60_000 }
        }
        #expect(try opens(nil, nil, 3) == [10, 11, 12])
        #expect(try opens(180_000, nil, 3) == [3, 4, 5])
        #expect(try opens(180_001, nil, 3) == [4, 5, 6])
        #expect(try opens(nil, 300_000, 3) == [3, 4, 5])
        #expect(try opens(nil, 299_999, 3) == [2, 3, 4])
        #expect(try opens(180_000, 300_000, 500) == [3, 4, 5])
        #expect(try opens(180_000, 180_000, 500) == [3])
        #expect(try opens(180_001, 239_999, 500) == [])
        #expect(try opens(300_000, 180_000, 500) == [])
        #expect(try opens(0, 60_000, 500) == [1])
        #expect(try opens(0, 59_999, 500) == [])
        #expect(try opens(660_000, nil, 500) == [11, 12])
        #expect(try opens(780_000, nil, 500) == [])
        #expect(try opens(nil, .max, 1) == [12])
        #expect(try opens(.max, nil, 1) == [])
        #expect(try opens(nil, -1, 5) == [])
        #expect(try opens(nil, .min, 5) == [])
        #expect(try opens(.min, nil, 1) == [1])
        #expect(try opens(nil, nil, 0) == [])
    }

    @Test("the widest bounds overflow in no interval", arguments: KlineInterval.allCases)
    func widestBounds(interval: KlineInterval) {
        var candles = Candles()
        candles.add(trade(id: 1, price: 5, time: 1_700_000_000_000))
        let now = ms(1_700_000_000_001)
        for start in [nil, .min, 0, .max] as [Int64?] {
            for end in [nil, .min, 0, .max] as [Int64?] {
                let list = candles.answer(
                    interval, startTime: start.map(ms), endTime: end.map(ms), limit: .max, now: now)
                let isInside = (start ?? 0) <= 0 && (end ?? .max) == .max
                #expect(list?.count == (isInside ? 1 : 0))
            }
        }
    }

    @Test("a clock behind the last trade counts as the time of that trade")
    func lateClock() {
        var candles = Candles()
        candles.add(trade(id: 1, price: 5, time: 60_000))
        candles.add(trade(id: 2, price: 6, time: 120_000))
        #expect(candles.answer(.oneMinute, now: ms(60_000))?.map(\.close.raw) == [5, 6])
    }

    @Test(
        "all intervals equal a sum over every trade, whatever is asked",
        arguments: 1...6 as ClosedRange<UInt64>, [Pace.dense, .mixed, .slow])
    func twin(seed: UInt64, pace: Pace) throws {
        var stream = TradeStream(seed: seed, pace: pace)
        var naive = NaiveCandles()
        var candles = Candles()
        var random = SeededRandom(seed: seed &+ 1_000)
        for _ in 0..<3 {
            for trade in stream.take(60) {
                naive.trades.append(trade)
                candles.add(trade)
            }
            let now = ms(stream.time + random.number(0...4_000_000))
            for interval in KlineInterval.allCases {
                // The twin is slow: the shortest intervals only where the stream is short.
                let span = now.milliseconds - naive.trades[0].time.milliseconds
                let bounds = interval.bounds(of: now)
                let length = bounds.upperBound.milliseconds - bounds.lowerBound.milliseconds + 1
                guard span / length < 1_500 else { continue }
                let all = naive.all(interval, now: now)
                for _ in 0..<12 {
                    let first = naive.trades[0].time.milliseconds - length
                    let start = random.chance(percent: 50) ? ms(random.number(first...now.milliseconds)) : nil
                    let end = random.chance(percent: 50) ? ms(random.number(first...now.milliseconds)) : nil
                    let limit = Int(random.number(1...40))
                    let asked = "\(interval.text), \(start ?? .zero)...\(end ?? .never), limit \(limit)"
                    try #require(
                        candles.answer(interval, startTime: start, endTime: end, limit: limit, now: now)
                            == NaiveCandles.select(all, startTime: start, endTime: end, limit: limit),
                        "seed \(seed), \(asked)")
                }
                let probe = ms(random.number(naive.trades[0].time.milliseconds...now.milliseconds))
                let open = interval.bounds(of: probe).lowerBound
                #expect(candles.candle(interval, at: probe) == all.first { $0.openTime == open }, "seed \(seed)")
            }
        }
        let restored = try decoded(Candles.self, from: encoded(candles))
        #expect(restored == candles, "seed \(seed)")
    }

    @Test("a longer candle is the fold of its minutes that have trades", arguments: 1...8 as ClosedRange<UInt64>)
    func fold(seed: UInt64) throws {
        var stream = TradeStream(seed: seed, pace: .mixed)
        var candles = Candles()
        for trade in stream.take(1_200) { candles.add(trade) }
        let now = ms(stream.time)
        let minutes = try #require(minutesWithTrades(of: candles, now: now))
        for interval in KlineInterval.allCases {
            var folded: [Candle] = []
            for minute in minutes {
                let open = interval.bounds(of: minute.openTime).lowerBound
                if folded.last?.openTime == open {
                    folded[folded.count - 1].fold(minute)
                } else {
                    folded.append(minute)
                    folded[folded.count - 1].openTime = open
                }
            }
            let range = try #require(candles.range(interval, limit: 200, now: now))
            guard case .complete(let list) = candles.read(range) else {
                Issue.record("memory does not reach back, seed \(seed)")
                return
            }
            #expect(list == range.filled(folded), "seed \(seed), \(interval.text)")
        }
    }

    private func minutesWithTrades(of candles: Candles, now: Timestamp) -> [Candle]? {
        guard let first = candles.firstTradeTime else { return nil }
        let all = candles.answer(.oneMinute, startTime: first + -60_000, limit: .max, now: now)
        return all?.filter { $0.tradeCount > 0 }
    }
}
