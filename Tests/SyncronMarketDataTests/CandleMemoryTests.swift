import SyncronCore
import Testing

@testable import SyncronMarketData

@Suite("Candles beyond the memory") struct CandleMemoryTests {
    /// Trades in every third minute, so that there are gaps everywhere.
    private func sparse(_ count: Int64) -> (candles: Candles, minutes: [Candle]) {
        var candles = Candles()
        var minutes: [Candle] = []
        for index in 0..<count {
            let trade = trade(id: UInt64(index + 1), price: 100 + index % 7, time: (10 + index * 3) * 60_000 + 7)
            candles.add(trade)
            minutes.append(Candle(openTime: ms((10 + index * 3) * 60_000), first: trade))
        }
        return (candles, minutes)
    }

    @Test("at least the last 2,000 candles with trades are kept")
    func kept() throws {
        let (candles, minutes) = sparse(2_600)
        let now = try #require(minutes.last).openTime
        let first = minutes[600].openTime
        let range = try #require(
            CandleRange(
                interval: .oneMinute, startTime: first, limit: 10_000, firstTradeTime: minutes[0].openTime, now: now))
        #expect(candles.read(range) == .complete(range.filled(minutes)))
    }

    @Test("a range that reaches before the memory is answered by the history and the memory together")
    func beyond() throws {
        let (candles, minutes) = sparse(2_600)
        let now = try #require(minutes.last).openTime + 150_000
        for start in [0, 1, 100, 596, 597] {
            let startTime = minutes[start].openTime + 60_000
            let range = try #require(candles.range(.oneMinute, startTime: startTime, limit: 3_000, now: now))
            guard case .partial(let kept, let from) = candles.read(range) else {
                Issue.record("complete from \(start)")
                continue
            }
            #expect(kept.allSatisfy { $0.openTime >= from })
            // What a history would find: the candles before `from` that lie in the range, and the one before the range.
            let older = minutes.filter { $0.openTime >= minutes[start].openTime && $0.openTime < from }
            #expect(range.filled(older + kept) == range.filled(minutes), "from \(start)")
            #expect(range.filled(older + kept).count == 3_000)
        }
    }

    @Test("a range wholly before the memory keeps nothing")
    func whollyBefore() throws {
        let (candles, minutes) = sparse(2_600)
        let now = try #require(minutes.last).openTime
        let range = try #require(
            candles.range(.oneMinute, startTime: ms(0), endTime: minutes[5].openTime, limit: 100, now: now))
        guard case .partial(let kept, let from) = candles.read(range) else {
            Issue.record("should not be complete")
            return
        }
        #expect(kept.isEmpty && from > minutes[5].openTime)
        #expect(candles.candle(.oneMinute, at: minutes[5].openTime) == nil)
        #expect(candles.candle(.oneMonth, at: minutes[5].openTime) != nil)
    }

    @Test("what was dropped stays dropped after a snapshot")
    func snapshot() throws {
        let (candles, minutes) = sparse(2_600)
        let restored = try decoded(Candles.self, from: encoded(candles))
        #expect(restored == candles)
        let now = try #require(minutes.last).openTime
        let range = try #require(restored.range(.oneMinute, startTime: ms(0), limit: 10, now: now))
        #expect(restored.read(range) == candles.read(range))
        guard case .partial = restored.read(range) else {
            Issue.record("should not be complete")
            return
        }
    }

    @Test("filling leaves out what was before the first candle and ignores what is outside the range")
    func filling() throws {
        let range = try #require(
            CandleRange(
                interval: .oneMinute, startTime: ms(60_000), limit: 4, firstTradeTime: ms(0), now: ms(600_000)))
        #expect(range.count == 4)
        #expect(range.firstOpenTime == ms(60_000) && range.lastOpenTime == ms(240_000))
        #expect(range.filled([]) == [])
        let third = Candle(openTime: ms(180_000), first: trade(id: 1, price: 7, time: 180_000))
        let late = Candle(openTime: ms(300_000), first: trade(id: 2, price: 9, time: 300_000))
        #expect(range.filled([third, late]) == [third, Candle(flatAt: Ticks(7), openTime: ms(240_000))])
        let early = [0, 5].map { Candle(flatAt: Ticks(3 + $0), openTime: ms(-60_000 + $0 * 1_000)) }
        #expect(range.filled(early + [third]).map(\.close.raw) == [8, 8, 7, 7])
    }
}
