import SyncronCore
import SyncronMarketData
import Testing

@testable import SyncronHistory

@Suite("Candles")
struct CandleTests {
    /// The candles that one pass over the trades of one market gives.
    private func naive(_ trades: [(Trade, Timestamp)], _ interval: KlineInterval) -> [Candle] {
        var list: [Candle] = []
        for (trade, time) in trades {
            let openTime = interval.bounds(of: time).lowerBound
            let print = PublicTrade(trade)
            if list.last?.openTime == openTime {
                list[list.count - 1].add(print)
            } else {
                list.append(Candle(openTime: openTime, first: print))
            }
        }
        return list
    }

    @Test("candles of all intervals are the fold of their trades, however the batches are cut", arguments: 1...4)
    func folds(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let temporary = try TemporaryStore()
        var trades: [[(Trade, Timestamp)]] = [[], []]
        var time = start
        var batch: [HistoryEntry] = []
        for sequence in UInt64(1)...400 {
            // Gaps from none to some weeks.
            time = time + Int64(random.below(1 << (1 + random.below(31))))
            let market = random.below(2)
            var next = trade(
                UInt64(trades[market].count + 1), market: UInt16(market), price: Int64(1 + random.below(100)),
                quantity: Int64(1 + random.below(100)), takerSide: random.chance(50) ? .buy : .sell)
            next.time = time
            trades[market].append((next, time))
            batch.append(entry(sequence, at: time, .traded(next)))
            if random.chance(10) {
                try temporary.store.apply(batch)
                batch.removeAll()
            }
            if random.chance(1) { try temporary.reopen() }
        }
        try temporary.store.apply(batch)
        for interval in KlineInterval.allCases {
            for market in 0...1 {
                let stored = try temporary.store.read { view in
                    try view.candles(of: MarketID(UInt16(market)), interval, limit: 1_000)
                }
                #expect(stored == naive(trades[market], interval), "seed \(seed), \(interval.text)")
            }
        }
        #expect(try temporary.countedRows() == temporary.store.read { try $0.counts })
    }

    @Test("volumes beyond 64 bits are exact")
    func largeVolumes() throws {
        let temporary = try TemporaryStore()
        var all: [(Trade, Timestamp)] = []
        for id in UInt64(1)...20 {
            var large = trade(id, quantity: Limits.orderMagnitude)
            large.notional = Units(Limits.assetSupply.raw / 3 + Int128(id))
            all.append((large, start + Int64(id)))
            try temporary.store.apply([entry(id, at: start + Int64(id), .traded(large))])
        }
        let candle = try temporary.store.read { try $0.candles(of: MarketID(0), .oneMonth, limit: 2) }
        #expect(candle == naive(all, .oneMonth))
        #expect(candle.first?.volume == Volume(Int128(Limits.orderMagnitude) * 20))
    }

    @Test("bounds are on open times and include their ends; a limit keeps the first in the order asked for")
    func bounds() throws {
        let temporary = try TemporaryStore()
        let minute: Int64 = 60_000
        let first = KlineInterval.oneMinute.bounds(of: start).lowerBound
        // Minutes 0, 2, 4, 6, 8.
        try temporary.store.apply(
            (UInt64(0)...4).map { entry($0 + 1, at: first + Int64($0) * 2 * minute, .traded(trade($0 + 1))) })
        func minutes(
            _ startTime: Int64?, _ endTime: Int64?, _ rowOrder: RowOrder = .oldestFirst, limit: Int = 100
        ) throws -> [Int64] {
            try temporary.store.read { (view) throws in
                try view.candles(
                    of: MarketID(0), .oneMinute, startTime: startTime.map { first + $0 * minute },
                    endTime: endTime.map { first + $0 * minute }, rowOrder: rowOrder, limit: limit)
            }.map { ($0.openTime.milliseconds - first.milliseconds) / minute }
        }
        #expect(try minutes(nil, nil) == [0, 2, 4, 6, 8])
        #expect(try minutes(2, 6) == [2, 4, 6])
        #expect(try minutes(3, 5) == [4])
        #expect(try minutes(3, 3) == [])
        #expect(try minutes(6, 2) == [])
        #expect(try minutes(2, nil, limit: 2) == [2, 4])
        #expect(try minutes(nil, 6, .newestFirst, limit: 2) == [6, 4])
        #expect(try minutes(nil, nil, limit: 0) == [])
        #expect(try minutes(nil, nil, limit: -1) == [])
        func last(before minutes: Int64) throws -> Int64? {
            try temporary.store.read { (view) throws in
                try view.lastCandle(of: MarketID(0), .oneMinute, before: first + minutes * minute)
            }.map { ($0.openTime.milliseconds - first.milliseconds) / minute }
        }
        #expect(try last(before: 0) == nil)
        #expect(try last(before: 1) == 0)
        #expect(try last(before: 4) == 2)
        #expect(try last(before: 1_000) == 8)
        try temporary.store.read { (view) throws in
            let earliest = Timestamp(milliseconds: .min)
            #expect(try view.lastCandle(of: MarketID(0), .oneMinute, before: earliest) == nil)
            #expect(try view.lastCandle(of: MarketID(1), .oneMinute, before: .never) == nil)
        }
    }

    @Test("stored candles and the one before them fill a range without gaps")
    func filling() throws {
        let temporary = try TemporaryStore()
        let minute: Int64 = 60_000
        let first = KlineInterval.oneMinute.bounds(of: start).lowerBound
        try temporary.store.apply([
            entry(1, at: first, .traded(trade(1, price: 5))),
            entry(2, at: first + 3 * minute, .traded(trade(2, price: 7))),
        ])
        let range = try #require(
            CandleRange(
                interval: .oneMinute, startTime: first + minute, limit: 4, firstTradeTime: first,
                now: first + 9 * minute))
        let filled = try temporary.store.read { view in
            let before = try view.lastCandle(of: MarketID(0), .oneMinute, before: range.firstOpenTime)
            let inside = try view.candles(
                of: MarketID(0), .oneMinute, startTime: range.firstOpenTime, endTime: range.lastOpenTime,
                limit: range.count)
            return range.filled([before].compactMap { $0 } + inside)
        }
        #expect(filled.map(\.close.raw) == [5, 5, 7, 7])
        #expect(filled.map(\.tradeCount) == [0, 0, 1, 0])
    }
}
