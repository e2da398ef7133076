/// The orders of one market that wait for a price, found by price and not by looking at each.
///
/// Prices that an order falls or rises to are queues in books of their own: the first to fire is their best level.
/// Orders that trail are kept together as long as they share an extreme.
struct TriggerBook: ~Copyable {
    /// Fire at or below their stop price.
    private var falling = BookSide(side: .buy)
    /// Fire at or above it.
    private var rising = BookSide(side: .sell)
    /// Begin to trail at or below, and at or above, their stop price.
    private var startFalling = BookSide(side: .buy)
    private var startRising = BookSide(side: .sell)
    /// By side and distance.
    private var trails: [Trail] = []
    private(set) var count = 0
    /// Orders here that trail, or will.
    private(set) var trailing = 0

    /// Whether an order of this type and side waits for the price to fall.
    static func falls(_ type: OrderType, _ side: Side) -> Bool {
        switch type {
        case .stopLoss, .stopLossLimit: side == .sell
        case .takeProfit, .takeProfitLimit, .trailingStop: side == .buy
        case .limit, .market, .limitMaker: false
        }
    }

    /// Whether a stop price is met by the last price.
    static func isMet(_ stopPrice: Ticks, falls: Bool, at price: Ticks) -> Bool {
        falls ? price <= stopPrice : price >= stopPrice
    }

    /// Whether there is a page for an order at `stopPrice`.
    func hasRoom(at stopPrice: Ticks, _ pages: borrowing PagePool) -> Bool {
        falling.hasRoom(at: stopPrice, pages) && rising.hasRoom(at: stopPrice, pages)
            && startFalling.hasRoom(at: stopPrice, pages) && startRising.hasRoom(at: stopPrice, pages)
    }

    /// Puts a waiting order where its price finds it. `lastPrice` is zero before the first trade.
    mutating func add(
        _ slot: OrderSlot, _ order: UnsafePointer<OrderState>, lastPrice: Ticks, _ pool: borrowing OrderPool,
        _ pages: inout PagePool
    ) {
        count += 1
        let falls = Self.falls(order.pointee.type, order.pointee.side)
        let stopPrice = order.pointee.stopPrice
        pool.orders[slot].remaining = order.pointee.quantity
        pool.orders[slot].account = order.pointee.account
        guard order.pointee.trailingDelta > 0 else {
            _ =
                falls
                ? falling.append(slot, at: stopPrice, pool, &pages)
                : rising.append(slot, at: stopPrice, pool, &pages)
            return
        }
        trailing += 1
        let isMet = stopPrice == .zero || Self.isMet(stopPrice, falls: falls, at: lastPrice)
        if isMet && lastPrice != .zero {
            track(slot, order, from: lastPrice, pool)
        } else {
            // Without a stop price it starts at whatever is traded first.
            _ =
                stopPrice == .zero || !falls
                ? startRising.append(slot, at: max(stopPrice, Ticks(1)), pool, &pages)
                : startFalling.append(slot, at: stopPrice, pool, &pages)
        }
    }

    mutating func remove(
        _ slot: OrderSlot, _ order: UnsafePointer<OrderState>, _ pool: borrowing OrderPool, _ pages: inout PagePool
    ) {
        count -= 1
        let falls = Self.falls(order.pointee.type, order.pointee.side)
        guard order.pointee.trailingDelta > 0 else {
            _ = falls ? falling.remove(slot, pool, &pages) : rising.remove(slot, pool, &pages)
            return
        }
        trailing -= 1
        if pool.orders[slot].marks.contains(.tracking) {
            pool.orders[slot].marks.remove(.tracking)
            let index = trail(of: order)
            trails[index].remove(slot, pool)
            if trails[index].isEmpty { trails.remove(at: index) }
        } else {
            _ =
                order.pointee.stopPrice == .zero || !falls
                ? startRising.remove(slot, pool, &pages) : startFalling.remove(slot, pool, &pages)
        }
    }

    /// Takes note of one trade: who begins to trail, and whose extreme moves.
    mutating func follow(_ price: Ticks, _ pool: borrowing OrderPool, _ pages: inout PagePool) {
        // Those who begin join the runs where these are now.
        for index in trails.indices { trails[index].follow(price, pool) }
        while startFalling.bestKey >= price.raw {
            let slot = pages.levels[startFalling.best(pages)].head
            _ = startFalling.remove(slot, pool, &pages)
            track(slot, UnsafePointer(pool.states.base + Int(slot)), from: price, pool)
        }
        while startRising.bestKey >= -price.raw {
            let slot = pages.levels[startRising.best(pages)].head
            _ = startRising.remove(slot, pool, &pages)
            track(slot, UnsafePointer(pool.states.base + Int(slot)), from: price, pool)
        }
    }

    private mutating func track(
        _ slot: OrderSlot, _ order: UnsafePointer<OrderState>, from price: Ticks, _ pool: borrowing OrderPool
    ) {
        pool.orders[slot].marks.insert(.tracking)
        trails[trail(of: order)].add(slot, at: price, pool)
    }

    private mutating func trail(of order: UnsafePointer<OrderState>) -> Int {
        let (side, delta) = (order.pointee.side, order.pointee.trailingDelta)
        if let index = trails.firstIndex(where: { $0.side == side && $0.delta == delta }) { return index }
        trails.append(Trail(side: side, delta: delta))
        return trails.count - 1
    }

    /// The oldest order that fires at `price`, or 0.
    func next(at price: Ticks, _ pool: borrowing OrderPool, _ pages: borrowing PagePool) -> OrderSlot {
        var oldest: OrderSlot = 0
        consider(falling, above: price.raw, &oldest, pool, pages)
        consider(rising, above: -price.raw, &oldest, pool, pages)
        for trail in trails { trail.consider(price, &oldest, pool) }
        return oldest
    }

    /// The queues at `key` and better: the oldest order of each is its first.
    private func consider(
        _ side: borrowing BookSide, above key: Int64, _ oldest: inout OrderSlot, _ pool: borrowing OrderPool,
        _ pages: borrowing PagePool
    ) {
        guard side.bestKey >= key, !side.isEmpty else { return }
        var level: UInt32? = side.best(pages)
        while let here = level, side.key(of: here, pages) >= key {
            pool.keepOlder(pages.levels[here].head, &oldest)
            level = side.next(after: here, pages)
        }
    }

    /// The waiting orders, in an order that `add` and `restore` bring back: with its extreme, one that trails.
    func forEach(
        _ pool: borrowing OrderPool, _ pages: borrowing PagePool, _ body: (OrderSlot, _ extreme: Ticks) -> Void
    ) {
        for slot in falling.slots(pool, pages) { body(slot, .zero) }
        for slot in rising.slots(pool, pages) { body(slot, .zero) }
        for slot in startFalling.slots(pool, pages) { body(slot, .zero) }
        for slot in startRising.slots(pool, pages) { body(slot, .zero) }
        for trail in trails { trail.forEach(pool, body) }
    }

    /// Puts an order back that had begun to trail.
    mutating func restore(
        _ slot: OrderSlot, _ order: UnsafePointer<OrderState>, extreme: Ticks, _ pool: borrowing OrderPool
    ) {
        count += 1
        trailing += 1
        pool.orders[slot].remaining = order.pointee.quantity
        pool.orders[slot].account = order.pointee.account
        track(slot, order, from: extreme, pool)
    }
}
