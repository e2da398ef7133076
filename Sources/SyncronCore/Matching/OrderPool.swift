/// Names a place in the order pool. 0 names none.
typealias OrderSlot = UInt32

/// What matching looks at of a resting order. Two share a cache line.
struct RestingOrder: BitwiseCopyable {
    var remaining: Steps
    var account: AccountID
    /// The level in the page pool where it stands.
    var level: UInt32
    /// Neighbours in its level's queue.
    var next: OrderSlot
    var previous: OrderSlot
    /// Neighbours among its account's orders, oldest first.
    var accountNext: OrderSlot
    var accountPrevious: OrderSlot
}

/// All resting orders of all markets, and the one on its way in, in slots that are used again.
struct OrderPool: ~Copyable {
    let orders: Slab<RestingOrder>
    /// The orders as the outside sees them.
    let states: Slab<OrderState>
    /// The most orders that can rest.
    let capacity: Int
    private(set) var count = 0
    private var used: OrderSlot = 0
    /// Freed slots, linked by `next`.
    private var free: OrderSlot = 0

    init(capacity: Int) {
        self.capacity = capacity
        orders = Slab(capacity: capacity + 2)
        states = Slab(capacity: capacity + 2)
    }

    var isFull: Bool { count >= capacity }

    @inline(__always)
    mutating func take() -> OrderSlot {
        precondition(count <= capacity, "the order pool is checked before an order rests")
        count += 1
        if free != 0 {
            let slot = free
            free = orders[slot].next
            return slot
        }
        used += 1
        return used
    }

    @inline(__always)
    mutating func give(back slot: OrderSlot) {
        orders[slot].next = free
        free = slot
        count -= 1
    }
}
