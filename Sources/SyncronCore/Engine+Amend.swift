/// Changes of orders that stand in a book. One whose partner in a list is still open stays as it is.
extension Engine {
    mutating func amend(_ amendment: AmendOrder) throws(Rejection) {
        let (market, rules) = try checkOpen(amendment.account, amendment.wallet, amendment.market)
        let slot = openSlot(amendment.account, amendment.wallet, amendment.market, amendment.order)
        guard slot != 0 else { throw .unknownOrder }
        let order = pool.states.base + Int(slot)
        guard order.pointee.type == .limit || order.pointee.type == .limitMaker,
            order.pointee.icebergQuantity == .zero, !hasPartner(order)
        else { throw .invalid(.type) }
        let price = amendment.price ?? order.pointee.price
        let quantity = amendment.quantity ?? order.pointee.quantity
        guard quantity == .offGrid || quantity > order.pointee.executed else { throw .invalid(.quantity) }
        if price == order.pointee.price && quantity <= order.pointee.quantity {
            try shrink(slot, to: quantity, market, rules)
        } else {
            try requeue(slot, price, quantity, market, rules)
        }
    }

    /// Whether the other order of its list is open.
    private func hasPartner(_ order: UnsafePointer<OrderState>) -> Bool {
        guard let list = order.pointee.list else { return false }
        return partner(of: order.pointee.id, in: list) != 0
    }

    /// A quantity that goes down keeps the order's place.
    private mutating func shrink(
        _ slot: OrderSlot, to quantity: Steps, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let order = pool.states.base + Int(slot)
        let less = order.pointee.quantity == quantity ? Steps.zero : order.pointee.quantity - max(quantity, .zero)
        guard less == .zero || quantity >= rules.pointee.filters.minQuantity
        else { throw .filter(.lotSize, .quantity) }
        order.pointee.updatedAt = now
        guard less > .zero else { return log.append(.orderAmended(order.pointee)) }
        let held = held(by: order)
        orderDigest &-= partDigest(of: slot)
        order.pointee.quantity = quantity
        orderDigest &+= partDigest(of: slot)
        hold(self.held(by: order) - held, for: order)
        log.append(.orderAmended(order.pointee))
        let level = pages.levels.base + Int(pool.orders[slot].level)
        pool.orders[slot].remaining -= less
        level.pointee.total -= less
        log.append(
            level: level.pointee.total, at: order.pointee.price, of: order.pointee.side, order.pointee.market)
    }

    /// Any other change makes it the newest order at its price, and is checked as a new order is.
    private mutating func requeue(
        _ slot: OrderSlot, _ price: Ticks, _ quantity: Steps, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let order = pool.states.base + Int(slot)
        let (side, oldPrice) = (order.pointee.side, order.pointee.price)
        var admission = try limit(order.pointee.type, price, quantity, order.pointee.timeInForce, side, rules)
        if rules.pointee.hasPercentPrice { try checkAverage(price, side, market, rules, at: now) }
        let open = quantity - order.pointee.executed
        let (account, wallet) = (order.pointee.account, order.pointee.wallet)
        try checkPosition(open - (order.pointee.quantity - order.pointee.executed), side, account, wallet, rules)
        if order.pointee.type == .limitMaker {
            guard admission.limit > market.pointee.bestKey(against: side) else { throw .risk(.postOnly) }
        }
        guard hasRoom(for: open, at: price, side, market) else { throw .risk(.exchangeLimit) }
        let held = held(by: order)
        try checkFree(rules.pointee.needed(side, price, open), besides: held, side, account, wallet, rules)

        orderDigest &-= partDigest(of: slot)
        hold(Units(0 &- held.raw), for: order)
        let total = leaveBook(slot, market)
        order.pointee.price = price
        order.pointee.quantity = quantity
        order.pointee.updatedAt = now
        log.append(.orderAmended(order.pointee))
        log.append(level: total, at: oldPrice, of: side, order.pointee.market)
        admission.quantity = open
        carryOut(slot, admission, market)
    }
}
