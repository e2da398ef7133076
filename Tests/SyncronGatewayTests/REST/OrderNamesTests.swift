import SyncronCore
import Testing

@testable import SyncronGateway

@Suite struct OrderNamesTests {
    @Test("names are letters and digits, never repeat, and rise with time")
    func names() {
        var names = OrderNames()
        var texts: [String] = []
        for milliseconds: Int64 in [0, 1, 61, 62, 1_700_000_000_000, 1_700_000_000_001] {
            for _ in 0..<100 { texts.append(names.next(at: milliseconds).text) }
        }
        #expect(texts.allSatisfy { $0.utf8.count == 22 && $0.allSatisfy { $0.isLetter || $0.isNumber } })
        #expect(texts == texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(Set(texts).count == texts.count)
    }

    @Test("two makers of names do not give the same")
    func makers() {
        var (one, other) = (OrderNames(), OrderNames())
        #expect(one.next(at: 7) != other.next(at: 7))
    }
}
