import SyncronCore
import Testing

@testable import SyncronMarketData

@Suite("Depth window") struct DepthWindowTests {
    @Test("no change, no event")
    func nothing() {
        var window = DepthWindow(after: 7)
        #expect(window.flush() == nil)
        window.record(change(.buy, 1, 1))
        #expect(!window.isEmpty)
        #expect(window.flush() != nil)
        #expect(window.isEmpty)
        #expect(window.flush() == nil)
    }

    @Test("a level changed twice appears once with its last quantity")
    func lastQuantity() {
        var window = DepthWindow(after: 0)
        window.record(change(.buy, 10, 5))
        window.record(change(.sell, 10, 8))
        window.record(change(.buy, 11, 6))
        window.record(change(.buy, 10, 0))
        window.record(change(.sell, 9, 3))
        #expect(
            window.flush()
                == DepthDiff(
                    firstUpdateID: 1, lastUpdateID: 5, bids: [level(11, 6), level(10, 0)],
                    asks: [level(9, 3), level(10, 8)]))
    }

    @Test("each event begins one after the end of the last")
    func chained() {
        var window = DepthWindow(after: 41)
        window.record(change(.buy, 10, 5))
        let first = window.flush()
        #expect(first?.firstUpdateID == 42 && first?.lastUpdateID == 42)
        _ = window.flush()
        window.record(change(.buy, 10, 6))
        window.record(change(.buy, 10, 7))
        let second = window.flush()
        #expect(second?.firstUpdateID == 43 && second?.lastUpdateID == 44)
        #expect(second?.bids == [level(10, 7)])
    }

    /// The rule for clients: take a snapshot, apply every event from the one that covers `lastUpdateId` + 1 on.
    @Test("windows of different rhythm rebuild the book from a snapshot", arguments: 1...10 as ClosedRange<UInt64>)
    func rebuild(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var depth = DepthView()
        var windows = [DepthWindow(after: 0), DepthWindow(after: 0)]
        var copies: [[Side: [Int64: Int64]]] = []
        var followed: [UInt64] = []
        for step in 1...8_000 {
            let one = change(
                random.chance(percent: 50) ? .buy : .sell, random.number(1...300), random.number(0...5))
            depth.apply(one)
            for index in windows.indices { windows[index].record(one) }
            if step == 1_000 {
                let sides = [Side.buy, .sell].map { side in
                    (side, depth.levels(side, limit: .max).map { ($0.price.raw, $0.quantity.raw) })
                }
                let table = Dictionary(
                    uniqueKeysWithValues: sides.map { ($0.0, Dictionary(uniqueKeysWithValues: $0.1)) })
                copies = [table, table]
                followed = [depth.updateID, depth.updateID]
            }
            for (index, every) in [(0, 17 as Int64), (1, 2_400)] where random.number(1...every) == 1 || step == 8_000 {
                guard let diff = windows[index].flush(), step >= 1_000 else { continue }
                try #require(diff.firstUpdateID <= followed[index] + 1, "seed \(seed)")
                followed[index] = diff.lastUpdateID
                for (side, levels) in [(Side.buy, diff.bids), (.sell, diff.asks)] {
                    for level in levels {
                        copies[index][side]?[level.price.raw] = level.quantity == .zero ? nil : level.quantity.raw
                    }
                    try #require(Set(levels.map(\.price)).count == levels.count, "a level twice, seed \(seed)")
                }
            }
        }
        for index in windows.indices {
            #expect(followed[index] == depth.updateID)
            for side in [Side.buy, .sell] {
                let book = depth.levels(side, limit: .max).map { ($0.price.raw, $0.quantity.raw) }
                #expect(copies[index][side] == Dictionary(uniqueKeysWithValues: book), "seed \(seed)")
            }
        }
    }

    @Test("a window that is seldom flushed holds no more than the levels that changed")
    func bounded() {
        var window = DepthWindow(after: 0)
        for step in 0..<50_000 as Range<Int64> { window.record(change(.buy, step % 10 + 1, step)) }
        #expect(window.pendingCount <= 1_024)
        let diff = window.flush()
        #expect(diff?.bids.count == 10 && diff?.lastUpdateID == 50_000)
        #expect(diff?.bids.first == level(10, 49_999))
    }
}
