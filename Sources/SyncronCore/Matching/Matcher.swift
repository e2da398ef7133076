/// What matching did to one resting order, or to one level.
struct Match: BitwiseCopyable {
    enum Kind: UInt8 {
        /// `quantity` of the resting order was traded.
        case trade
        /// The resting order was taken out because it is the taker's own.
        case expiry
        /// The resting order was taken out because it has nothing left to reduce.
        case lapse
        /// Work on a level ended; `quantity` stands there now.
        case level
    }

    var kind: Kind
    /// Whether the resting order has left the book.
    var isGone: Bool
    var maker: OrderSlot
    var price: Ticks
    var quantity: Steps
}

/// An incoming order as matching sees it.
struct Taker {
    var account: AccountID
    var selfTradePrevention: SelfTradePrevention
    /// The worst key of the opposite side that it accepts.
    var limit: Int64
    /// On a perpetual, how much resting orders may still reduce; by account and side.
    var reducible: UnsafeMutablePointer<Int64>? = nil
    /// Where the taker's own position stands there.
    var counter = 0
}

/// Decides who trades with whom: price, then time. Knows no money.
extension BookSide {
    /// Why matching ended before the quantity was used up.
    enum Ending {
        /// Nothing on this side is at the limit or better.
        case exhausted
        /// The quantity is used up.
        case satisfied
        /// Self-trade prevention stopped the taker.
        case selfTrade
    }

    /// Trades up to `quantity` against this side, and for at most `budget` when that is given: at every level for as
    /// many steps as what is left of it pays, one step costing `unit` times the price. What happened is appended to
    /// `matches` in order. Orders that are gone are out of the book but keep their slots.
    mutating func match(
        _ taker: Taker, quantity: Steps, budget: Units?, unit: Int64, _ pool: borrowing OrderPool,
        _ pages: inout PagePool, into matches: inout Stack<Match>
    ) -> Ending {
        var remaining = quantity
        var budget = budget
        while remaining > .zero && !isEmpty {
            let level = best(pages)
            let key = key(of: level, pages)
            guard key >= taker.limit else { return .exhausted }
            let price = price(of: key)
            let before = matches.count
            var wanted = remaining
            if let budget {
                wanted = min(wanted, Steps(Int64(clamping: budget.raw / (Int128(price.raw) * Int128(unit)))))
                if wanted == .zero { return .satisfied }
            }
            let sought = wanted
            let isStopped = work(level, price, taker, &wanted, pool, pages, &matches)
            let queue = pages.levels.base + Int(level)
            if matches.count > before {
                matches.append(
                    Match(kind: .level, isGone: false, maker: 0, price: price, quantity: queue.pointee.total))
            }
            if queue.pointee.head == 0 { vacate(level, &pages) }
            if isStopped { return .selfTrade }
            remaining -= sought - wanted
            if let left = budget {
                budget = left - Units(Int128((sought - wanted).raw) * Int128(price.raw) * Int128(unit))
            }
        }
        return remaining == .zero ? .satisfied : .exhausted
    }

    /// Trades along one level's queue. Returns whether self-trade prevention stopped the taker.
    @inline(__always)
    private mutating func work(
        _ level: UInt32, _ price: Ticks, _ taker: Taker, _ remaining: inout Steps, _ pool: borrowing OrderPool,
        _ pages: borrowing PagePool, _ matches: inout Stack<Match>
    ) -> Bool {
        let queue = pages.levels.base + Int(level)
        var slot = queue.pointee.head
        var isStopped = false
        while slot != 0 && remaining > .zero {
            let maker = pool.orders.base + Int(slot)
            if maker.pointee.account == taker.account && taker.selfTradePrevention != .none {
                isStopped = taker.selfTradePrevention != .expireMaker
                if taker.selfTradePrevention == .expireTaker { break }
                queue.pointee.total -= maker.pointee.remaining
                if maker.pointee.isIceberg { icebergs -= 1 }
                matches.append(Match(kind: .expiry, isGone: true, maker: slot, price: price, quantity: .zero))
                slot = maker.pointee.next
                if isStopped { break }
                continue
            }
            if maker.pointee.marks.contains(.reduceOnly) {
                slot = workReducing(slot, queue, price, taker, &remaining, pool, &matches)
                continue
            }
            let traded = min(maker.pointee.remaining, remaining)
            maker.pointee.remaining -= traded
            remaining -= traded
            queue.pointee.total -= traded
            if taker.reducible != nil { count(traded, slot, taker, pool) }
            guard maker.pointee.remaining == .zero else {
                matches.append(Match(kind: .trade, isGone: false, maker: slot, price: price, quantity: traded))
                break
            }
            let hasMore = maker.pointee.isIceberg && pool.extras[slot].reserve > .zero
            matches.append(Match(kind: .trade, isGone: !hasMore, maker: slot, price: price, quantity: traded))
            if hasMore {
                slot = renew(slot, queue, pool)
            } else {
                if maker.pointee.isIceberg { icebergs -= 1 }
                slot = maker.pointee.next
            }
        }
        queue.pointee.head = slot
        if slot == 0 { queue.pointee.tail = 0 } else { pool.orders[slot].previous = 0 }
        return isStopped
    }

    /// Trades with an order that may only reduce a position. Returns the new head.
    @inline(never)
    private func workReducing(
        _ slot: OrderSlot, _ queue: UnsafeMutablePointer<Level>, _ price: Ticks, _ taker: Taker,
        _ remaining: inout Steps, _ pool: borrowing OrderPool, _ matches: inout Stack<Match>
    ) -> OrderSlot {
        let maker = pool.orders.base + Int(slot)
        guard let reducible = taker.reducible else { return slot }
        let size = reducible + PerpetualState.counter(maker.pointee.account, pool.states[slot].positionSide)
        let most = Steps(max(0, side == .sell ? size.pointee : -size.pointee))
        let traded = min(maker.pointee.remaining, remaining, most)
        count(traded, slot, taker, pool)
        remaining -= traded
        let isGone = traded == maker.pointee.remaining || traded == most
        queue.pointee.total -= isGone ? maker.pointee.remaining : traded
        maker.pointee.remaining = isGone ? .zero : maker.pointee.remaining - traded
        matches.append(
            Match(
                kind: traded == .zero ? .lapse : .trade, isGone: isGone, maker: slot, price: price,
                quantity: traded))
        return isGone ? maker.pointee.next : slot
    }

    /// Moves the positions of both, so that what comes later in this match sees them as they are then.
    @inline(never)
    private func count(_ traded: Steps, _ slot: OrderSlot, _ taker: Taker, _ pool: borrowing OrderPool) {
        guard let reducible = taker.reducible else { return }
        let maker = pool.states.base + Int(slot)
        let sold = side == .sell ? traded.raw : -traded.raw
        reducible[PerpetualState.counter(maker.pointee.account, maker.pointee.positionSide)] -= sold
        reducible[taker.counter] += sold
    }

    /// Shows the next slice of the order at the head of a queue, at its back. Returns the new head.
    @inline(never)
    private func renew(
        _ slot: OrderSlot, _ queue: UnsafeMutablePointer<Level>, _ pool: borrowing OrderPool
    ) -> OrderSlot {
        let order = pool.orders.base + Int(slot)
        let shown = min(pool.states[slot].icebergQuantity, pool.extras[slot].reserve)
        pool.extras[slot].reserve -= shown
        order.pointee.remaining = shown
        queue.pointee.total += shown
        let next = order.pointee.next
        guard next != 0 else { return slot }
        pool.orders[queue.pointee.tail].next = slot
        order.pointee.previous = queue.pointee.tail
        order.pointee.next = 0
        queue.pointee.tail = slot
        return next
    }
}
