/// The bids or the asks of one market.
///
/// Prices are turned into keys that grow towards the better price (a bid's price, an ask's negative price), so that
/// both sides are the same code: the best level is the highest key. Pages are found through a directory sorted by
/// key; the best page is its last.
struct BookSide: ~Copyable {
    struct Entry: BitwiseCopyable {
        var number: Int64
        var page: UInt32
    }

    let side: Side
    private var directory: UnsafeMutablePointer<Entry>
    private var capacity = 16
    private var count = 0
    /// The highest key that has orders; none is as low as this when there is none.
    private(set) var bestKey = Int64.min
    /// Orders here of which more is in reserve than shown.
    var icebergs = 0

    init(side: Side) {
        self.side = side
        directory = .allocate(capacity: capacity)
    }

    deinit { directory.deallocate() }

    var isEmpty: Bool { count == 0 }

    @inline(__always)
    func key(of price: Ticks) -> Int64 { side == .buy ? price.raw : 0 &- price.raw }

    /// The worst key that an order of `side` at that price trades with, on the other side of the book.
    @inline(__always)
    static func key(of price: Ticks, against side: Side) -> Int64 { side == .buy ? 0 &- price.raw : price.raw }

    @inline(__always)
    func price(of key: Int64) -> Ticks { Ticks(side == .buy ? key : -key) }

    /// The level with the best price. Only when the side is not empty.
    @inline(__always)
    func best(_ pages: borrowing PagePool) -> UInt32 { pages.highest(in: directory[count - 1].page) }

    @inline(__always)
    func key(of level: UInt32, _ pages: borrowing PagePool) -> Int64 {
        let page = level >> UInt32(PagePool.bits)
        return pages.number[page] << Int64(PagePool.bits) | Int64(level & UInt32(PagePool.pricesPerPage - 1))
    }

    var bestPrice: Ticks? { isEmpty ? nil : price(of: bestKey) }

    /// The level next after `level`, from the best outwards.
    func next(after level: UInt32, _ pages: borrowing PagePool) -> UInt32? {
        if let below = pages.next(below: level) { return below }
        let number = pages.number[level >> UInt32(PagePool.bits)]
        let position = lowerBound(number)
        return position == 0 ? nil : pages.highest(in: directory[position - 1].page)
    }

    /// Whether an order at `price` could rest: its page exists or there is one to be had.
    func hasRoom(at price: Ticks, _ pages: borrowing PagePool) -> Bool {
        if !pages.isFull { return true }
        let number = key(of: price) >> Int64(PagePool.bits)
        let position = lowerBound(number)
        return position < count && directory[position].number == number
    }

    /// What stands at `price`.
    func total(at price: Ticks, _ pages: borrowing PagePool) -> Steps {
        level(at: price, pages)?.pointee.total ?? .zero
    }

    /// The level of `price`, if its page exists.
    @inline(__always)
    func level(at price: Ticks, _ pages: borrowing PagePool) -> UnsafePointer<Level>? {
        let key = key(of: price)
        let number = key >> Int64(PagePool.bits)
        let position = count > 0 && directory[count - 1].number == number ? count - 1 : lowerBound(number)
        guard position < count, directory[position].number == number else { return nil }
        return UnsafePointer(pages.levels.base + Int(level(of: key, in: directory[position].page)))
    }

    /// Puts an order at the end of its level's queue. Returns what stands there then.
    @inline(__always)
    mutating func append(
        _ slot: OrderSlot, at price: Ticks, _ pool: borrowing OrderPool, _ pages: inout PagePool
    ) -> Steps {
        let order = pool.orders.base + Int(slot)
        let key = key(of: price)
        let number = key >> Int64(PagePool.bits)
        let level = level(of: key, in: page(for: number, &pages))
        let queue = pages.levels.base + Int(level)
        order.pointee.level = level
        if order.pointee.isIceberg { icebergs += 1 }
        order.pointee.next = 0
        order.pointee.previous = queue.pointee.tail
        if queue.pointee.tail == 0 {
            queue.pointee.head = slot
            pages.mark(level)
            if key > bestKey { bestKey = key }
        } else {
            pool.orders[queue.pointee.tail].next = slot
        }
        queue.pointee.tail = slot
        queue.pointee.total += order.pointee.remaining
        return queue.pointee.total
    }

    /// Takes an order out of its level's queue. Returns what stands there then.
    @inline(__always)
    mutating func remove(_ slot: OrderSlot, _ pool: borrowing OrderPool, _ pages: inout PagePool) -> Steps {
        let order = pool.orders.base + Int(slot)
        let level = order.pointee.level
        let queue = pages.levels.base + Int(level)
        let (previous, next) = (order.pointee.previous, order.pointee.next)
        if order.pointee.isIceberg { icebergs -= 1 }
        if previous == 0 { queue.pointee.head = next } else { pool.orders[previous].next = next }
        if next == 0 { queue.pointee.tail = previous } else { pool.orders[next].previous = previous }
        queue.pointee.total -= order.pointee.remaining
        if queue.pointee.head == 0 { vacate(level, &pages) }
        return queue.pointee.total
    }

    /// Called when a level's queue has become empty.
    @inline(__always)
    mutating func vacate(_ level: UInt32, _ pages: inout PagePool) {
        assert(pages.levels[level].head == 0 && pages.levels[level].tail == 0 && pages.levels[level].total == .zero)
        let wasBest = key(of: level, pages) == bestKey
        if pages.clear(level) { removePage(level >> UInt32(PagePool.bits), &pages) }
        if wasBest { bestKey = isEmpty ? .min : key(of: best(pages), pages) }
    }

    @inline(never)
    private mutating func removePage(_ page: UInt32, _ pages: inout PagePool) {
        let position = lowerBound(pages.number[page])
        (directory + position).update(from: directory + position + 1, count: count - position - 1)
        count -= 1
        pages.give(back: page)
    }

    @inline(__always)
    private func level(of key: Int64, in page: UInt32) -> UInt32 {
        page << UInt32(PagePool.bits) | UInt32(truncatingIfNeeded: key) & UInt32(PagePool.pricesPerPage - 1)
    }

    @inline(__always)
    private mutating func page(for number: Int64, _ pages: inout PagePool) -> UInt32 {
        if count > 0 && directory[count - 1].number == number { return directory[count - 1].page }
        let position = lowerBound(number)
        if position < count && directory[position].number == number { return directory[position].page }
        return insertPage(number, at: position, &pages)
    }

    @inline(never)
    private mutating func insertPage(_ number: Int64, at position: Int, _ pages: inout PagePool) -> UInt32 {
        if count == capacity {
            let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: directory, count: count)
            directory.deallocate()
            directory = larger
            capacity *= 2
        }
        (directory + position + 1).update(from: directory + position, count: count - position)
        let page = pages.take(number: number)
        directory[position] = Entry(number: number, page: page)
        count += 1
        return page
    }

    /// The first position whose number is not below `number`.
    @inline(__always)
    private func lowerBound(_ number: Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if directory[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
