/// A queue in one block of memory that doubles when it is full. Elements are plain values without references:
/// what was removed stays in its slot until it is written over.
struct Ring<Element: Sendable>: Sendable {
    private var slots: [Element] = []
    private var head = 0
    private(set) var count = 0

    init() {}

    var isEmpty: Bool { count == 0 }
    var first: Element? { count == 0 ? nil : self[0] }
    var last: Element? { count == 0 ? nil : self[count - 1] }

    /// 0 is the oldest.
    subscript(index: Int) -> Element {
        @inline(__always) get {
            assert(index >= 0 && index < count)
            return slots[slot(index)]
        }
        @inline(__always) _modify {
            assert(index >= 0 && index < count)
            yield &slots[slot(index)]
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == slots.count { grow(filler: element) }
        slots[slot(count)] = element
        count += 1
    }

    @inline(__always)
    mutating func removeFirst() {
        precondition(count > 0)
        head = slot(1)
        count -= 1
    }

    @inline(__always)
    mutating func removeLast() {
        precondition(count > 0)
        count -= 1
    }

    /// The elements from `start` on, oldest first.
    func elements(from start: Int = 0) -> [Element] {
        var list: [Element] = []
        guard start < count else { return list }
        list.reserveCapacity(count - start)
        for index in start..<count { list.append(self[index]) }
        return list
    }

    /// The index of the first element that `belongs`, where all after it do; `count` when none does.
    @inline(__always)
    func firstIndex(where belongs: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) >> 1
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The number of slots is a power of two, so that a mask wraps.
    @inline(__always)
    private func slot(_ index: Int) -> Int { (head + index) & (slots.count - 1) }

    @inline(never)
    private mutating func grow(filler: Element) {
        var larger: [Element] = []
        let capacity = max(16, slots.count * 2)
        larger.reserveCapacity(capacity)
        for index in 0..<count { larger.append(self[index]) }
        for _ in count..<capacity { larger.append(filler) }
        slots = larger
        head = 0
    }
}

extension Ring: Equatable where Element: Equatable {
    static func == (a: Ring, b: Ring) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count where a[index] != b[index] { return false }
        return true
    }
}
