extension Engine {
    /// Lets an accepted order wait for its trigger.
    mutating func wait(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.states.base + Int(slot)
        market.pointee.waitingOrders[MarketSlot.counter(order.pointee.account, order.pointee.wallet)] += 1
        waitingCount += 1
        addTrigger(slot, UnsafePointer(order), market)
        orderDigest &+= partDigest(of: slot)
    }

    /// Takes an order off that waits: its end is logged already.
    mutating func withdrawWaiting(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        releaseHold(of: UnsafePointer(pool.states.base + Int(slot)))
        if pool.orders[slot].marks.contains(.margin) { returnLoan(of: slot) }
        leaveTriggers(slot, market)
        unlist(slot, market)
    }

    private mutating func leaveTriggers(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = UnsafePointer(pool.states.base + Int(slot))
        orderDigest &-= partDigest(of: slot)
        switch (order.pointee.workingType, order.pointee.isPriceProtected) {
        case (.contractPrice, false): market.pointee.triggers.remove(slot, order, pool, &pages)
        case (.contractPrice, true): market.pointee.perpetual.protectedTriggers.remove(slot, order, pool, &pages)
        case (.markPrice, false): market.pointee.perpetual.markTriggers.remove(slot, order, pool, &pages)
        case (.markPrice, true): market.pointee.perpetual.protectedMarkTriggers.remove(slot, order, pool, &pages)
        }
        market.pointee.waitingOrders[MarketSlot.counter(order.pointee.account, order.pointee.wallet)] -= 1
        waitingCount -= 1
    }

    /// What an order holds while it waits: what it would need at its price, or at its stop price when it has none. The
    /// second of a list holds only what it needs beyond the first.
    func heldWaiting(_ order: UnsafePointer<OrderState>) -> Units {
        let needed = needed(by: order)
        guard order.pointee.list != nil else { return needed }
        let slot = order - UnsafePointer(pool.states.base)
        return max(.zero, needed - pool.extras[slot].sharedHold)
    }

    func needed(by order: UnsafePointer<OrderState>) -> Units {
        needed(by: order, at: order.pointee.type.hasPrice ? order.pointee.price : order.pointee.stopPrice)
    }

    /// Fires what the last price of a command fires, the oldest order first; each may move the price.
    mutating func fireTriggers(of market: UnsafeMutablePointer<MarketSlot>) {
        while true {
            let last = market.pointee.lastPrice
            var slot: OrderSlot =
                market.pointee.triggers.count > 0 ? market.pointee.triggers.next(at: last, pool, pages) : 0
            if mayFireProtected(market.pointee.perpetual.protectedTriggers.count, market) {
                pool.keepOlder(market.pointee.perpetual.protectedTriggers.next(at: last, pool, pages), &slot)
            }
            guard slot != 0 else { break }
            fire(slot, market)
        }
        triggersDue = nil
    }

    mutating func fire(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.states.base + Int(slot)
        releaseHold(of: UnsafePointer(order))
        leaveTriggers(slot, market)
        order.pointee.status = .new
        order.pointee.updatedAt = now
        log.append(.orderTriggered(order.pointee))
        if let list = order.pointee.list { withdrawPartner(of: order.pointee.id, in: list, .expired, market) }
        if order.pointee.wallet == .futures { return fireFutures(slot, market) }
        guard let admission = readmit(UnsafePointer(order), market) else {
            return end(slot, .expired, isEnlisted: true, market)
        }
        carryOut(slot, admission, market)
    }

    /// What a triggered order may do now; nil when it fails the checks that depend on the time.
    private func readmit(
        _ order: UnsafePointer<OrderState>, _ market: UnsafeMutablePointer<MarketSlot>
    ) -> Admission? {
        let rules = rules(order.pointee.market)
        let (side, price) = (order.pointee.side, order.pointee.price)
        var admission = Admission(
            type: order.pointee.type, timeInForce: order.pointee.timeInForce, price: price,
            quantity: order.pointee.quantity, quoteQuantity: .zero, limit: .min, needed: .zero)
        do throws(Rejection) {
            if order.pointee.type.hasPrice {
                try checkAverage(price, side, market, rules, at: now)
                admission.limit = BookSide.key(of: price, against: side)
            } else {
                try checkNotional(
                    rules.pointee.scale.uncheckedNotional(market.pointee.lastPrice, admission.quantity), rules,
                    .quantity)
            }
            // It is among the open orders that count already.
            try checkPosition(.zero, side, order.pointee.account, order.pointee.wallet, rules)
        } catch {
            return nil
        }
        let taker = Taker(
            account: order.pointee.account, selfTradePrevention: order.pointee.selfTradePrevention,
            limit: admission.limit)
        if order.pointee.timeInForce == .fok && order.pointee.type.hasPrice {
            let sweep = sweep(taker, side, .quantity(admission.quantity), market, rules)
            admission.isKilled = sweep.quantity < admission.quantity
        }
        if side == .buy && !order.pointee.type.hasPrice {
            admission.budget =
                ledger.balance(
                    BalanceKey(account: order.pointee.account, wallet: order.pointee.wallet, asset: rules.pointee.quote)
                ).free
        }
        return admission
    }
}
