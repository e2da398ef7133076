/// Positions as they would be after a part of a match.
private struct Moved {
    private var moves: [(counter: Int, steps: Int64)] = []

    /// The position at a counter, signed.
    func size(_ counter: Int, _ reducible: UnsafeMutablePointer<Int64>) -> Int64 {
        reducible[counter] + (moves.first { $0.counter == counter }?.steps ?? 0)
    }

    mutating func move(_ counter: Int, by steps: Int64) {
        if let index = moves.firstIndex(where: { $0.counter == counter }) {
            moves[index].steps += steps
        } else {
            moves.append((counter, steps))
        }
    }
}

extension BookSide {
    /// As the sweep of other books, order by order: one that only reduces trades no more than what its owner's position
    /// is when it is met.
    func sweepPositions(
        _ taker: Taker, taking wanted: Steps, _ scale: MarketScale, _ pool: borrowing OrderPool,
        _ pages: borrowing PagePool
    ) -> Sweep {
        var result = Sweep()
        guard let reducible = taker.reducible else { return result }
        var moved = Moved()
        var level: UInt32? = best(pages)
        while let here = level {
            let key = key(of: here, pages)
            guard key >= taker.limit else { return result }
            var slot = pages.levels[here].head
            while slot != 0 {
                let order = pool.orders.base + Int(slot)
                if order.pointee.account == taker.account && taker.selfTradePrevention != .none {
                    result.expiresOwn = result.expiresOwn || taker.selfTradePrevention != .expireTaker
                    if taker.selfTradePrevention != .expireMaker {
                        result.ending = .selfTrade
                        return result
                    }
                    slot = order.pointee.next
                    continue
                }
                let counter = PerpetualState.counter(order.pointee.account, pool.states[slot].positionSide)
                var taken = min(order.pointee.remaining, wanted - result.quantity)
                if order.pointee.marks.contains(.reduceOnly) {
                    let size = moved.size(counter, reducible)
                    taken = min(taken, Steps(max(0, side == .sell ? size : -size)))
                }
                let sold = side == .sell ? taken.raw : -taken.raw
                moved.move(counter, by: -sold)
                moved.move(taker.counter, by: sold)
                result.quantity += taken
                let notional = scale.uncheckedNotional(price(of: key), taken)
                guard notional <= Limits.assetSupply - result.notional else {
                    result.notional = Limits.assetSupply + Units(1)
                    return result
                }
                result.notional += notional
                if result.quantity == wanted {
                    result.ending = .satisfied
                    return result
                }
                slot = order.pointee.next
            }
            level = next(after: here, pages)
        }
        return result
    }
}
