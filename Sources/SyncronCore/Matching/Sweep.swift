/// What matching would do, computed without doing it.
struct Sweep {
    /// What would be traded.
    var quantity = Steps.zero
    /// What it would come to, in units of the quote asset.
    var notional = Units.zero
    var ending = Ending.exhausted
    /// Whether own orders would be expired on the way.
    var expiresOwn = false

    enum Ending {
        /// The book has nothing more at the limit or better.
        case exhausted
        /// The quantity or the quote amount is used up, as far as whole steps go.
        case satisfied
        /// Self-trade prevention would stop the taker.
        case selfTrade
    }

    /// Spends what is left of `amount` on up to `offered`. Returns whether that ends the sweep: not everything was
    /// taken, or nothing is left.
    @inline(__always)
    fileprivate mutating func spend(_ amount: Units, on offered: Steps, perStep: Int128) -> Bool {
        let taken = min(Steps(Int64(clamping: (amount - notional).raw / perStep)), offered)
        quantity += taken
        notional += Units(Int128(taken.raw) * perStep)
        let isSatisfied = taken < offered || notional == amount
        if isSatisfied { ending = .satisfied }
        return isSatisfied
    }

    /// How much is wanted.
    enum Budget {
        case quantity(Steps)
        /// At most this much of the quote asset.
        case quote(Units)
    }
}

extension BookSide {
    /// Follows the same orders in the same sequence as `match`.
    ///
    /// A notional beyond what can exist ends the sweep with more than `Limits.assetSupply`.
    func sweep(
        _ taker: Taker, _ budget: Sweep.Budget, scale: MarketScale, _ pool: borrowing OrderPool,
        _ pages: borrowing PagePool
    ) -> Sweep {
        guard !isEmpty else { return Sweep() }
        switch budget {
        case .quantity(let wanted):
            return taker.reducible == nil
                ? sweep(taker, taking: wanted, scale, pool, pages)
                : sweepPositions(taker, taking: wanted, scale, pool, pages)
        case .quote(let amount): return sweep(taker, spending: amount, scale, pool, pages)
        }
    }

    private func sweep(
        _ taker: Taker, taking wanted: Steps, _ scale: MarketScale, _ pool: borrowing OrderPool,
        _ pages: borrowing PagePool
    ) -> Sweep {
        var result = Sweep()
        var level: UInt32? = best(pages)
        while let here = level {
            let key = key(of: here, pages)
            guard key >= taker.limit else { return result }
            let offered = offered(at: here, taker, pool, pages)
            result.expiresOwn = result.expiresOwn || offered.expiresOwn
            let taken = min(offered.quantity, wanted - result.quantity)
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
            if offered.isStopped {
                result.ending = .selfTrade
                return result
            }
            level = next(after: here, pages)
        }
        return result
    }

    /// Goes from order to order: at each, own or not, an amount that does not pay one step there ends the sweep.
    private func sweep(
        _ taker: Taker, spending amount: Units, _ scale: MarketScale, _ pool: borrowing OrderPool,
        _ pages: borrowing PagePool
    ) -> Sweep {
        var result = Sweep()
        var level: UInt32? = best(pages)
        while let here = level {
            let perStep = Int128(price(of: key(of: here, pages)).raw) * Int128(scale.quoteUnitsPerTickStep)
            var slot = pages.levels[here].head
            var reserve = Steps.zero
            while slot != 0 {
                let order = pool.orders.base + Int(slot)
                if (amount - result.notional).raw < perStep {
                    result.ending = .satisfied
                    return result
                }
                if order.pointee.account == taker.account && taker.selfTradePrevention != .none {
                    result.expiresOwn = result.expiresOwn || taker.selfTradePrevention != .expireTaker
                    if taker.selfTradePrevention != .expireMaker {
                        result.ending = .selfTrade
                        return result
                    }
                } else {
                    if order.pointee.isIceberg { reserve += pool.extras[slot].reserve }
                    if result.spend(amount, on: order.pointee.remaining, perStep: perStep) { return result }
                }
                slot = order.pointee.next
            }
            if reserve > .zero && result.spend(amount, on: reserve, perStep: perStep) { return result }
            level = next(after: here, pages)
        }
        return result
    }

    /// What a level offers to this taker, up to where self-trade prevention would stop it.
    private func offered(
        at level: UInt32, _ taker: Taker, _ pool: borrowing OrderPool, _ pages: borrowing PagePool
    ) -> (quantity: Steps, isStopped: Bool, expiresOwn: Bool) {
        if taker.selfTradePrevention == .none && icebergs == 0 { return (pages.levels[level].total, false, false) }
        var quantity = Steps.zero
        // Comes to the back of the queue: behind an own order that stops the taker it is out of reach.
        var reserve = Steps.zero
        var expiresOwn = false
        var slot = pages.levels[level].head
        while slot != 0 {
            let order = pool.orders.base + Int(slot)
            if order.pointee.account == taker.account && taker.selfTradePrevention != .none {
                expiresOwn = expiresOwn || taker.selfTradePrevention != .expireTaker
                if taker.selfTradePrevention != .expireMaker { return (quantity, true, expiresOwn) }
            } else {
                quantity += order.pointee.remaining
                if order.pointee.isIceberg { reserve += pool.extras[slot].reserve }
            }
            slot = order.pointee.next
        }
        return (quantity + reserve, false, expiresOwn)
    }
}
