import Testing

@testable import SyncronMarketData

@Suite("Ring") struct RingTests {
    @Test("a ring behaves as an array that is used as a queue", arguments: 1...20 as ClosedRange<UInt64>)
    func twin(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var ring = Ring<Int64>()
        var array: [Int64] = []
        for _ in 0..<2_000 {
            switch random.number(0...9) {
            case 0...5:
                let value = random.number(0...1_000)
                ring.append(value)
                array.append(value)
            case 6...8 where !array.isEmpty:
                ring.removeFirst()
                array.removeFirst()
            case 9 where !array.isEmpty:
                ring.removeLast()
                array.removeLast()
            default: break
            }
            #expect(ring.count == array.count && ring.first == array.first && ring.last == array.last)
        }
        #expect(ring.elements() == array, "seed \(seed)")
        #expect(ring.elements(from: 3) == Array(array.dropFirst(3)), "seed \(seed)")
        #expect(ring.elements(from: array.count).isEmpty)
    }

    @Test("rings of the same elements are equal wherever these lie")
    func equality() {
        var straight = Ring<Int64>()
        var turned = Ring<Int64>()
        for value in 0..<10 as Range<Int64> { turned.append(value - 7) }
        for _ in 0..<7 { turned.removeFirst() }
        for value in 3..<20 as Range<Int64> { turned.append(value) }
        for value in 0..<20 as Range<Int64> { straight.append(value) }
        #expect(straight == turned)
        turned.removeLast()
        #expect(straight != turned)
        turned.append(-1)
        #expect(straight != turned)
    }

    @Test("the first index that belongs is found at every place")
    func search() {
        var ring = Ring<Int64>()
        #expect(ring.firstIndex { _ in true } == 0)
        for value in 0..<37 as Range<Int64> { ring.append(value * 2) }
        for bound in -1...76 as ClosedRange<Int64> {
            #expect(ring.firstIndex { $0 >= bound } == Int((max(0, bound) + 1) / 2).clamped(to: 37))
        }
    }
}

extension Int {
    fileprivate func clamped(to most: Int) -> Int { Swift.min(self, most) }
}
