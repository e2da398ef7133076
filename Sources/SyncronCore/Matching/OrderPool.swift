/// Names a place in the order pool. 0 names none.
typealias OrderSlot = UInt32

/// What matching looks at of a resting order. Two share a cache line.
struct RestingOrder: BitwiseCopyable {
    /// What the book shows of it.
    var remaining: Steps
    var account: AccountID
    /// The level in the page pool where it stands, below its marks.
    private var place: UInt32
    /// Neighbours in its level's queue.
    var next: OrderSlot
    var previous: OrderSlot
    /// Neighbours among its account's orders, oldest first.
    var accountNext: OrderSlot
    var accountPrevious: OrderSlot

    private static let levels: UInt32 = 1 << 27 - 1

    /// What few orders have.
    struct Marks: OptionSet, BitwiseCopyable {
        var rawValue: UInt32
        /// More of it is in reserve than the book shows, or was.
        static let iceberg = Marks(rawValue: 1 << 31)
        /// It ends by itself.
        static let lifetime = Marks(rawValue: 1 << 30)
        /// It waits for its trigger, which follows the price.
        static let tracking = Marks(rawValue: 1 << 29)
        /// It has a side effect in the margin wallet.
        static let margin = Marks(rawValue: 1 << 28)
        /// It trades no more than what it may reduce.
        static let reduceOnly = Marks(rawValue: 1 << 27)
    }

    @inline(__always)
    var level: UInt32 {
        get { place & Self.levels }
        set { place = place & ~Self.levels | newValue }
    }

    @inline(__always)
    var marks: Marks {
        get { Marks(rawValue: place & ~Self.levels) }
        set { place = place & Self.levels | newValue.rawValue }
    }

    @inline(__always)
    var isIceberg: Bool { marks.contains(.iceberg) }
}

/// What few orders have beside their state.
struct OrderExtras: BitwiseCopyable {
    /// What the book does not show.
    var reserve: Steps
    var expiresAt: Timestamp
    /// Of the second order of a list: what the first holds, which is good for both.
    var sharedHold: Units
    /// Of orders with a side effect: what was borrowed for it, in units of what it pays with.
    var loan: Units
    /// And what an order without a price needed when it was accepted.
    var marketNeed: Units
    var sideEffect: SideEffect
}

/// All resting orders of all markets, and the one on its way in, in slots that are used again.
struct OrderPool: ~Copyable {
    let orders: Slab<RestingOrder>
    /// The orders as the outside sees them.
    let states: Slab<OrderState>
    /// Only of orders with marks, and the second of lists.
    let extras: Slab<OrderExtras>
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
        extras = Slab(capacity: capacity + 2)
    }

    var isFull: Bool { count >= capacity }

    @inline(__always)
    mutating func take() -> OrderSlot {
        precondition(count <= capacity, "the order pool is checked before an order rests")
        count += 1
        if free != 0 {
            let slot = free
            free = orders[slot].next
            orders[slot].marks = []
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

    /// What is left of an order that is not an incoming one.
    func open(_ slot: OrderSlot) -> Steps {
        orders[slot].remaining + (orders[slot].isIceberg ? extras[slot].reserve : .zero)
    }

    /// Keeps in `oldest` the order of the lower id; 0 is none.
    func keepOlder(_ slot: OrderSlot, _ oldest: inout OrderSlot) {
        if slot != 0 && (oldest == 0 || states[slot].id < states[oldest].id) { oldest = slot }
    }
}
