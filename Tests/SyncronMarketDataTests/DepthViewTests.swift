import SyncronCore
import Testing

@testable import SyncronMarketData

@Suite("Depth view") struct DepthViewTests {
    @Test("an empty book has no best prices and the update id 0")
    func empty() {
        let depth = DepthView()
        #expect(depth.updateID == 0)
        #expect(depth.bestBid == nil && depth.bestAsk == nil)
        #expect(depth.levels(.buy, limit: 10).isEmpty)
        #expect(depth.quantity(.sell, at: Ticks(1)) == .zero)
    }

    @Test("bids are listed from high to low and asks from low to high")
    func order() {
        var depth = DepthView()
        for price in [101, 99, 100] as [Int64] { depth.apply(change(.buy, price, price)) }
        for price in [104, 102, 103] as [Int64] { depth.apply(change(.sell, price, price)) }
        #expect(depth.levels(.buy, limit: 5) == [level(101, 101), level(100, 100), level(99, 99)])
        #expect(depth.levels(.sell, limit: 2) == [level(102, 102), level(103, 103)])
        #expect(depth.levels(.sell, limit: 0).isEmpty)
        #expect(depth.bookTicker == BookTicker(updateID: 6, bid: level(101, 101), ask: level(102, 102)))
    }

    @Test("every change of a level counts in the update id, also one that removes nothing")
    func updateID() {
        var depth = DepthView()
        depth.apply(change(.buy, 10, 5))
        depth.apply(change(.buy, 10, 5))
        depth.apply(change(.buy, 11, 0))
        depth.apply(change(.sell, 12, 0))
        #expect(depth.updateID == 4)
        #expect(depth.levels(.buy, limit: 9) == [level(10, 5)])
        depth.apply(change(.buy, 10, 0))
        #expect(depth.updateID == 5 && depth.bestBid == nil && depth.levelCount(.buy) == 0)
    }

    @Test("a quote is the same whatever changed behind it")
    func sameQuotes() {
        var depth = DepthView()
        depth.apply(change(.buy, 10, 5))
        let before = depth.bookTicker
        depth.apply(change(.buy, 9, 5))
        #expect(depth.bookTicker != before && depth.bookTicker.hasSameQuotes(as: before))
        depth.apply(change(.buy, 10, 4))
        #expect(!depth.bookTicker.hasSameQuotes(as: before))
    }

    /// Prices come from a narrow band, where chunks fill and empty all the time, or a wide one, where there are many.
    @Test(
        "the book equals a table of prices on random changes",
        arguments: 1...12 as ClosedRange<UInt64>, [40, 2_000, 1_000_000] as [Int64])
    func twin(seed: UInt64, width: Int64) throws {
        var random = SeededRandom(seed: seed)
        var depth = DepthView()
        var tables: [Side: [Int64: Int64]] = [.buy: [:], .sell: [:]]
        var used: [Int64] = []
        for step in 1...6_000 {
            // Waves: fill, then thin out what is there, in any order.
            let isEbb = (step / 1_000) % 2 == 1
            if step % 1_000 == 0 { used.shuffle(using: &random) }
            let side: Side = random.chance(percent: 10) ? .buy : .sell
            var price = 500_000 + random.number(1...width)
            if random.chance(percent: isEbb ? 95 : 10), let known = used.popLast() { price = known }
            let quantity = random.chance(percent: isEbb ? 90 : 5) ? 0 : random.number(1...1_000_000)
            if quantity > 0 { used.append(price) }
            depth.apply(change(side, price, quantity))
            tables[side]?[price] = quantity == 0 ? nil : quantity
            guard step % 97 == 0 || step == 6_000 else { continue }
            for side in [Side.buy, .sell] {
                let table = try #require(tables[side])
                let sorted = table.sorted { side == .buy ? $0.key > $1.key : $0.key < $1.key }
                let all = sorted.map { level($0.key, $0.value) }
                try #require(depth.levels(side, limit: .max) == all, "seed \(seed), step \(step)")
                try #require(depth.levels(side, limit: 7) == Array(all.prefix(7)), "seed \(seed)")
                try #require(depth.levelCount(side) == all.count)
                let probe = 500_000 + random.number(1...width)
                try #require(depth.quantity(side, at: Ticks(probe)) == Steps(table[probe] ?? 0))
            }
            #expect(depth.bestBid == depth.levels(.buy, limit: 1).first)
            #expect(depth.bestAsk == depth.levels(.sell, limit: 1).first)
        }
        #expect(depth.updateID == 6_000)
        let restored = try decoded(DepthView.self, from: encoded(depth))
        #expect(restored == depth, "seed \(seed)")
    }

    @Test("rising, falling and alternating prices fill and empty a book without a trace")
    func patterns() {
        let prices = (1...1_000).map { Int64($0) }
        let zigzag = prices.map { $0 % 2 == 0 ? $0 : 2_000 - $0 }
        for order in [prices, prices.reversed(), zigzag] {
            for leaving in [order, order.reversed()] {
                var depth = DepthView()
                for price in order { depth.apply(change(.sell, price, 1)) }
                #expect(depth.levels(.sell, limit: 5_000).map(\.price.raw) == order.sorted())
                for price in leaving { depth.apply(change(.sell, price, 0)) }
                #expect(depth.levelCount(.sell) == 0 && depth.bestAsk == nil)
            }
        }
    }

    @Test("levels out of order or without quantity are refused in a snapshot")
    func malformed() throws {
        for levels in [[(2, 1), (1, 1)], [(1, 1), (1, 1)], [(1, 0)], [(1, -1)]] as [[(Int64, Int64)]] {
            var writer = ByteWriter()
            writer.append(UInt64(9))
            writer.append(UInt32(levels.count))
            for (rank, quantity) in levels {
                writer.append(rank)
                writer.append(quantity)
            }
            writer.append(UInt32(0))
            let bytes = writer.array()
            #expect(throws: CodingFailure.self) { try decoded(DepthView.self, from: bytes) }
        }
    }
}
