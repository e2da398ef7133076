extension Engine {
    mutating func place(_ order: PlaceOrder) throws(Rejection) {
        let admission = try admit(order, at: now)
        guard let market = slot(order.market) else { throw .unknownMarket }
        lastOrderID += 1
        var taker = OrderState(
            id: OrderID(lastOrderID), account: order.account, market: order.market, wallet: order.wallet,
            side: order.side, type: admission.type, timeInForce: admission.timeInForce,
            selfTradePrevention: order.selfTradePrevention, status: .new, price: admission.price,
            quantity: admission.quantity, executed: .zero, executedNotional: .zero,
            quoteQuantity: admission.quoteQuantity, clientOrderID: order.clientOrderID, createdAt: now,
            updatedAt: now)
        log.append(accepted: taker)
        if admission.isKilled { return end(&taker, .expired) }
        let isStopped = trade(&taker, admission, market)
        finish(taker, admission, isStopped: isStopped, market)
    }

    /// Lets the order trade at once. Returns whether self-trade prevention stopped it.
    @inline(__always)
    private mutating func trade(
        _ taker: inout OrderState, _ admission: Admission, _ market: UnsafeMutablePointer<MarketSlot>,

    ) -> Bool {
        let match = Taker(
            account: taker.account, selfTradePrevention: taker.selfTradePrevention, limit: admission.limit)
        matches.clear()
        let quote = taker.quoteQuantity == .zero ? nil : taker.quoteQuantity
        let unit = rules(taker.market).pointee.scale.quoteUnitsPerTickStep
        let (_, ending) =
            taker.side == .buy
            ? market.pointee.asks.match(
                match, quantity: taker.quantity, quote: quote, unit: unit, &pool, &pages, into: &matches)
            : market.pointee.bids.match(
                match, quantity: taker.quantity, quote: quote, unit: unit, &pool, &pages, into: &matches)
        if matches.count > 0 { settle(&taker, admission, market) }
        return ending == .selfTrade
    }

    /// What is left of the order after matching rests or expires.
    @inline(__always)
    private mutating func finish(
        _ taker: consuming OrderState, _ admission: Admission, isStopped: Bool,
        _ market: UnsafeMutablePointer<MarketSlot>
    ) {
        if taker.status == .filled { return }
        if isStopped { return end(&taker, .expiredInMatch) }
        guard admission.canRest else { return end(&taker, .expired) }
        let remaining = taker.quantity - taker.executed
        let (asset, amount) = rules(taker.market).pointee.hold(taker.side, taker.price, remaining)
        ledger.hold(amount, of: BalanceKey(account: taker.account, wallet: taker.wallet, asset: asset))
        let total = rest(taker, remaining, market)
        log.append(
            level: LevelChange(market: taker.market, side: taker.side, price: taker.price, quantity: total))
    }

    private mutating func end(_ order: inout OrderState, _ status: OrderStatus) {
        order.status = status
        order.updatedAt = now
        if order.quoteQuantity != .zero { order.quantity = order.executed }
        log.append(ended: order)
    }

    /// Enters the order into the pool, the maps, its account's list and the book. Returns what stands at its price.
    @inline(__always)
    private mutating func rest(
        _ order: OrderState, _ remaining: Steps, _ market: UnsafeMutablePointer<MarketSlot>
    ) -> Steps {
        let slot = pool.take()
        let last = accountSlots[order.account.raw].lastOrder
        pool.orders[slot] = RestingOrder(
            id: order.id.raw, price: order.price, remaining: remaining, quantity: order.quantity, level: 0,
            account: order.account, next: 0, previous: 0, accountNext: 0, accountPrevious: last,
            market: order.market, side: order.side, wallet: order.wallet, type: order.type,
            selfTradePrevention: order.selfTradePrevention)
        pool.details[slot] = OrderDetail(
            executedNotional: order.executedNotional, clientOrderID: order.clientOrderID,
            createdAt: order.createdAt, updatedAt: order.updatedAt)
        enlist(slot, market)
        return order.side == .buy
            ? market.pointee.bids.append(slot, &pool, &pages)
            : market.pointee.asks.append(slot, &pool, &pages)
    }

    /// Makes a resting order findable, by its ids and among its account's orders.
    @inline(__always)
    mutating func enlist(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.orders.base + Int(slot)
        let account = order.pointee.account
        orderIDs.insert(UInt32(truncatingIfNeeded: order.pointee.id), slot)
        let clientOrderID = pool.details[slot].clientOrderID
        if !clientOrderID.isEmpty {
            clientIDs.insert(clientOrderID.tag(of: account, order.pointee.wallet), slot)
        }
        let last = accountSlots[account.raw].lastOrder
        order.pointee.accountPrevious = last
        order.pointee.accountNext = 0
        if last == 0 {
            accountSlots[account.raw].firstOrder = slot
        } else {
            pool.orders[last].accountNext = slot
        }
        accountSlots[account.raw].lastOrder = slot
        market.pointee.openOrders[account.raw] += 1
        orderDigest &+= partDigest(of: slot)
    }

    /// Forgets an order that has left the book. Its part must still be what `orderDigest` counts.
    @inline(__always)
    mutating func delist(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        orderDigest &-= partDigest(of: slot)
        let order = pool.orders.base + Int(slot)
        let account = order.pointee.account
        orderIDs.remove(UInt32(truncatingIfNeeded: order.pointee.id), slot)
        let clientOrderID = pool.details[slot].clientOrderID
        if !clientOrderID.isEmpty {
            clientIDs.remove(clientOrderID.tag(of: account, order.pointee.wallet), slot)
        }
        let (previous, next) = (order.pointee.accountPrevious, order.pointee.accountNext)
        if previous == 0 {
            accountSlots[account.raw].firstOrder = next
        } else {
            pool.orders[previous].accountNext = next
        }
        if next == 0 {
            accountSlots[account.raw].lastOrder = previous
        } else {
            pool.orders[next].accountPrevious = previous
        }
        market.pointee.openOrders[account.raw] -= 1
        pool.give(back: slot)
    }

    mutating func cancel(_ cancel: CancelOrder) throws(Rejection) {
        guard register.account(cancel.account) != nil else { throw .unknownAccount }
        guard let market = slot(cancel.market, for: cancel.wallet) else { throw .unknownMarket }
        let slot = openSlot(cancel.account, cancel.wallet, cancel.market, cancel.order)
        guard slot != 0 else { throw .unknownOrder }
        let side = pool.orders[slot].side
        let price = pool.orders[slot].price
        log.append(ended: pool.state(of: slot, status: .canceled, updatedAt: now))
        let total =
            side == .buy
            ? market.pointee.bids.remove(slot, &pool, &pages)
            : market.pointee.asks.remove(slot, &pool, &pages)
        releaseHold(of: slot)
        delist(slot, market)
        log.append(level: LevelChange(market: cancel.market, side: side, price: price, quantity: total))
    }

    /// Gives back what a resting order still holds.
    @inline(__always)
    mutating func releaseHold(of slot: OrderSlot) {
        let order = pool.orders.base + Int(slot)
        let (asset, amount) = rules(order.pointee.market).pointee
            .hold(order.pointee.side, order.pointee.price, order.pointee.remaining)
        ledger.release(
            amount, of: BalanceKey(account: order.pointee.account, wallet: order.pointee.wallet, asset: asset))
    }

    /// The place of an account's open order, or 0.
    @inline(__always)
    func openSlot(
        _ account: AccountID, _ wallet: Wallet, _ market: MarketID, _ reference: OrderReference
    ) -> OrderSlot {
        let slot =
            switch reference {
            case .id(let id):
                orderIDs.find(UInt32(truncatingIfNeeded: id.raw)) { pool.orders[$0].id == id.raw }
            case .clientID(let id): openSlot(account, wallet, id)
            }
        guard slot != 0 else { return 0 }
        let order = pool.orders.base + Int(slot)
        let isIt =
            order.pointee.account == account && order.pointee.market == market && order.pointee.wallet == wallet
        return isIt ? slot : 0
    }

    func openSlot(_ account: AccountID, _ wallet: Wallet, _ id: ClientOrderID) -> OrderSlot {
        guard !id.isEmpty else { return 0 }
        return clientIDs.find(id.tag(of: account, wallet)) { slot in
            pool.orders[slot].account == account && pool.orders[slot].wallet == wallet
                && pool.details[slot].clientOrderID == id
        }
    }
}
