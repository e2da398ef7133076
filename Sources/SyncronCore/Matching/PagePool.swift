/// All orders at one price: a queue, oldest first, and what they offer together.
struct Level: BitwiseCopyable {
    var head: OrderSlot
    var tail: OrderSlot
    var total: Steps
}

/// Price levels in pages of 512 neighbouring prices, shared by all books. An empty page is all zero.
struct PagePool: ~Copyable {
    static let bits = 9
    static let pricesPerPage = 1 << bits
    static let wordsPerPage = pricesPerPage / 64

    let levels: Slab<Level>
    /// Which prices of a page have orders; eight words a page.
    let occupied: Slab<UInt64>
    /// Which words of a page are not zero.
    let summary: Slab<UInt8>
    /// Which prices a page stands for.
    let number: Slab<Int64>
    private let freed: Slab<UInt32>
    private var freedCount = 0
    private var used: UInt32 = 0
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        levels = Slab(capacity: capacity << Self.bits)
        occupied = Slab(capacity: capacity * Self.wordsPerPage)
        summary = Slab(capacity: capacity)
        number = Slab(capacity: capacity)
        freed = Slab(capacity: capacity)
    }

    var isFull: Bool { freedCount == 0 && Int(used) == capacity }

    mutating func take(number: Int64) -> UInt32 {
        let page: UInt32
        if freedCount > 0 {
            freedCount -= 1
            page = freed[freedCount]
        } else {
            precondition(Int(used) < capacity, "the page pool is checked before an order rests")
            page = used
            used += 1
        }
        self.number[page] = number
        return page
    }

    mutating func give(back page: UInt32) {
        assert(summary[page] == 0)
        freed[freedCount] = page
        freedCount += 1
    }

    @inline(__always)
    func mark(_ level: UInt32) {
        let page = level >> UInt32(Self.bits)
        let word = Int(level >> 6)
        occupied[word] |= 1 << UInt64(level & 63)
        summary[page] |= 1 << UInt8(word & (Self.wordsPerPage - 1))
    }

    /// Returns whether the page has no orders left.
    @inline(__always)
    func clear(_ level: UInt32) -> Bool {
        let page = level >> UInt32(Self.bits)
        let word = Int(level >> 6)
        occupied[word] &= ~(1 << UInt64(level & 63))
        if occupied[word] == 0 { summary[page] &= ~(1 << UInt8(word & (Self.wordsPerPage - 1))) }
        return summary[page] == 0
    }

    /// The highest occupied level of a page that has one.
    @inline(__always)
    func highest(in page: UInt32) -> UInt32 {
        let word = page << 3 | UInt32(7 - summary[page].leadingZeroBitCount)
        return word << 6 | UInt32(63 - occupied[word].leadingZeroBitCount)
    }

    /// The highest occupied level below `level` in its page, if there is one.
    func next(below level: UInt32) -> UInt32? {
        var word = level >> 6
        let lower = occupied[word] & ((1 << UInt64(level & 63)) - 1)
        if lower != 0 { return word << 6 | UInt32(63 - lower.leadingZeroBitCount) }
        while word & 7 != 0 {
            word -= 1
            if occupied[word] != 0 { return word << 6 | UInt32(63 - occupied[word].leadingZeroBitCount) }
        }
        return nil
    }
}
