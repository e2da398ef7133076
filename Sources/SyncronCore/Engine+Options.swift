/// Orders that wait for a trigger, show a part of themselves or end by themselves.
extension Engine {
    mutating func place(_ order: OrderWithOptions) throws(Rejection) {
        let admission = try admit(order, at: now)
        let plan = order.order
        let market = marketSlots + plan.market.index
        let sideEffect = order.options.sideEffect
        if sideEffect != .none {
            prepare(plan, sideEffect, loan: admission.loan, id: OrderID(lastOrderID + 1))
        }
        let slot = accept(plan, order.options, admission, market)
        if sideEffect != .none {
            pool.orders[slot].marks.insert(.margin)
            pool.extras[slot].sideEffect = sideEffect
            pool.extras[slot].loan = admission.loan
            pool.extras[slot].marketNeed = admission.needed
        }
        if let lifetime = order.options.lifetime { limit(slot, to: lifetime) }
        if order.options.trigger != nil {
            hold(admission.needed, for: pool.states.base + Int(slot))
            wait(slot, market)
        } else {
            if pool.states[slot].icebergQuantity > .zero { pool.orders[slot].marks.insert(.iceberg) }
            carryOut(slot, admission, market)
        }
    }

    /// Gives the order an id and a slot, and makes it findable.
    private mutating func accept(
        _ order: PlaceOrder, _ options: OrderOptions, _ admission: Admission, _ market: UnsafeMutablePointer<MarketSlot>
    ) -> OrderSlot {
        lastOrderID += 1
        let hasReserve = options.icebergQuantity.map { $0 < admission.quantity } ?? false
        return accept(
            OrderState(
                id: OrderID(lastOrderID), account: order.account, market: order.market, wallet: order.wallet,
                side: order.side, type: admission.type, timeInForce: admission.timeInForce,
                selfTradePrevention: order.selfTradePrevention,
                status: options.trigger == nil ? .new : .pendingTrigger, price: admission.price,
                quantity: admission.quantity, executed: .zero, executedNotional: .zero,
                quoteQuantity: admission.quoteQuantity,
                clientOrderID: order.clientOrderID, createdAt: now, updatedAt: now,
                stopPrice: options.trigger?.stopPrice ?? .zero, trailingDelta: options.trigger?.trailingDelta ?? 0,
                icebergQuantity: hasReserve ? options.icebergQuantity ?? .zero : .zero),
            market)
    }

    /// Lets an order expire so many milliseconds from now.
    mutating func limit(_ slot: OrderSlot, to lifetime: Int64) {
        pool.orders[slot].marks.insert(.lifetime)
        pool.extras[slot].expiresAt = now + lifetime
        timers.expire(pool.states[slot].id, at: now + lifetime)
        forgetStaleTimers()
    }

    mutating func accept(_ order: OrderState, _ market: UnsafeMutablePointer<MarketSlot>) -> OrderSlot {
        let slot = pool.take()
        pool.states[slot] = order
        log.reserve(.accepted, OrderState.self).pointee = order
        enlist(slot, market)
        return slot
    }

    /// Trades and rests an order that is enlisted and in no book, and counts in the digest again if it rests.
    mutating func carryOut(
        _ slot: OrderSlot, _ admission: Admission, _ market: UnsafeMutablePointer<MarketSlot>
    ) {
        let order = pool.states.base + Int(slot)
        let crosses = admission.limit <= market.pointee.bestKey(against: order.pointee.side)
        guard trade(slot, admission, crosses: crosses, isEnlisted: true, market) else { return }
        rest(slot, held(by: order), market)
        orderDigest &+= partDigest(of: slot)
    }

    /// Puts what an iceberg does not show into its reserve.
    func hideReserve(of slot: OrderSlot) {
        let open = pool.orders[slot].remaining
        let shown = min(open, pool.states[slot].icebergQuantity)
        pool.orders[slot].remaining = shown
        pool.extras[slot].reserve = open - shown
    }

    func lifetimeDigest(_ order: OrderID, _ time: Timestamp) -> UInt64 {
        mix(order.raw ^ 0xA076_1D64_78BD_642F, UInt64(bitPattern: time.milliseconds) &+ 0xE703_7ED1_A0B4_28DB)
    }
}
