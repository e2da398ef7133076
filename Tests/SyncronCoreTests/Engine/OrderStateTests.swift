import SyncronSimulator
import Testing

@testable import SyncronCore

@Suite("layout of what is copied most")
struct OrderStateTests {
    @Test("an order's state is two cache lines, its place in the book half of one, and all of it within 256 bytes")
    func sizes() {
        #expect(MemoryLayout<OrderState>.size == 128)
        #expect(MemoryLayout<RestingOrder>.stride == 32)
        let maps = 2 * 2 * MemoryLayout<UInt64>.stride
        #expect(MemoryLayout<RestingOrder>.stride + MemoryLayout<OrderState>.stride + maps <= 256)
    }

    @Test(
        "a client order id keeps its text",
        arguments: ["", "a", "12345678", "123456789", String(repeating: "z", count: 36)])
    func clientOrderID(_ text: String) {
        #expect(ClientOrderID(text)?.text == text)
        #expect(ClientOrderID(text)?.isEmpty == text.isEmpty)
    }

    @Test("a client order id that does not fit is none")
    func tooLong() {
        #expect(ClientOrderID(String(repeating: "z", count: 37)) == nil)
        #expect(ClientOrderID("a\0b") == nil)
    }

    @Test("the slot map finds what a dictionary finds", arguments: 1...8 as ClosedRange<UInt64>)
    func slotMap(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var map = SlotMap(capacity: 64)
        var known: [UInt32: OrderSlot] = [:]
        for step in 0..<5_000 {
            // Few enough tags that they collide, neighbours among them.
            let tag = UInt32(random.below(96))
            if let slot = known[tag] {
                map.remove(tag, slot)
                known[tag] = nil
            } else if known.count < 64 {
                let slot = OrderSlot(step + 1)
                map.insert(tag, slot)
                known[tag] = slot
            }
            for tag in 0..<UInt32(96) {
                #expect(map.find(tag) { _ in true } == known[tag] ?? 0, "seed \(seed), step \(step)")
            }
        }
    }

    @Test("a slot map that grows keeps what is in it, up to its capacity")
    func slotMapGrows() {
        let capacity = 200_000
        var map = SlotMap(capacity: capacity)
        for slot in 1...OrderSlot(capacity) { map.insert(slot &* 0x9E37_79B9, slot) }
        for slot in 1...OrderSlot(capacity) where map.find(slot &* 0x9E37_79B9, where: { $0 == slot }) != slot {
            Issue.record("slot \(slot) is lost")
            break
        }
        for slot in 1...OrderSlot(capacity) { map.remove(slot &* 0x9E37_79B9, slot) }
        #expect(map.findAny(0x9E37_79B9) == 0)
    }

    @Test("a rate is rounded up to the unit, for small and for enormous amounts")
    func rates() {
        let rate = Rate(150_000)
        #expect(rate.roundedUp(of: Units(1)) == Units(1))
        #expect(rate.roundedUp(of: Units(0)) == Units(0))
        #expect(rate.roundedUp(of: Units(2_000)) == Units(3))
        #expect(rate.roundedUp(of: Units(2_001)) == Units(4))
        let large = Limits.assetSupply
        let exact = large.raw / 100_000 * 150 + (large.raw % 100_000 * 150 + 99_999) / 100_000
        #expect(rate.roundedUp(of: large) == Units(exact))
    }
}
