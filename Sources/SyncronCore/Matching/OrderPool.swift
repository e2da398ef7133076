/// Names a place in the order pool. 0 names none.
typealias OrderSlot = UInt32

/// What matching looks at of a resting order: one cache line.
struct RestingOrder: BitwiseCopyable {
    var id: UInt64
    var price: Ticks
    var remaining: Steps
    var quantity: Steps
    /// The level in the page pool where it stands.
    var level: UInt32
    var account: AccountID
    /// Neighbours in its level's queue.
    var next: OrderSlot
    var previous: OrderSlot
    /// Neighbours among its account's orders, oldest first.
    var accountNext: OrderSlot
    var accountPrevious: OrderSlot
    var market: MarketID
    var side: Side
    var wallet: Wallet
    var type: OrderType
    var selfTradePrevention: SelfTradePrevention
}

/// What is only told of a resting order.
struct OrderDetail: BitwiseCopyable {
    var executedNotional: Units
    var clientOrderID: ClientOrderID
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// All resting orders of all markets, in slots that are used again.
struct OrderPool: ~Copyable {
    let orders: Slab<RestingOrder>
    let details: Slab<OrderDetail>
    /// The most orders that can rest.
    let capacity: Int
    private(set) var count = 0
    private var used: OrderSlot = 0
    /// Freed slots, linked by `next`.
    private var free: OrderSlot = 0

    init(capacity: Int) {
        self.capacity = capacity
        orders = Slab(capacity: capacity + 1)
        details = Slab(capacity: capacity + 1)
    }

    var isFull: Bool { count == capacity }

    @inline(__always)
    mutating func take() -> OrderSlot {
        precondition(count < capacity, "the order pool is checked before an order rests")
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
        orders[slot].id = 0
        orders[slot].next = free
        free = slot
        count -= 1
    }

    /// The order as the outside sees it.
    @inline(__always)
    func state(of slot: OrderSlot, status: OrderStatus? = nil, updatedAt: Timestamp? = nil) -> OrderState {
        let detail = details.base + Int(slot)
        let order = orders.base + Int(slot)
        let executed = order.pointee.quantity - order.pointee.remaining
        return OrderState(
            id: OrderID(order.pointee.id), account: order.pointee.account, market: order.pointee.market,
            wallet: order.pointee.wallet, side: order.pointee.side, type: order.pointee.type, timeInForce: .gtc,
            selfTradePrevention: order.pointee.selfTradePrevention,
            status: status ?? (executed == .zero ? .new : .partiallyFilled), price: order.pointee.price,
            quantity: order.pointee.quantity, executed: executed,
            executedNotional: detail.pointee.executedNotional, quoteQuantity: .zero,
            clientOrderID: detail.pointee.clientOrderID, createdAt: detail.pointee.createdAt,
            updatedAt: updatedAt ?? detail.pointee.updatedAt)
    }
}
