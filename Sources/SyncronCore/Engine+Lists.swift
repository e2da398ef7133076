/// Lists of two orders of which one cancels the other.
extension Engine {
    mutating func place(_ list: PlaceOrderList) throws(Rejection) {
        try admit(list)
        let market = marketSlots + list.market.index
        let id = OrderID(lastOrderID + 1)
        lastOrderID += 2
        let first = accept(
            leg(
                id, list, .limitMaker, .gtc, price: list.limitPrice, stopPrice: .zero, list.limitClientOrderID, of: id),
            market)
        let second = accept(
            leg(
                OrderID(id.raw + 1), list, list.stopLimit == nil ? .stopLoss : .stopLossLimit,
                list.stopLimit?.timeInForce ?? .gtc, price: list.stopLimit?.price ?? .zero, stopPrice: list.stopPrice,
                list.stopClientOrderID, of: id),
            market)
        let waiting = UnsafePointer(pool.states.base + Int(second))
        let shared = needed(by: UnsafePointer(pool.states.base + Int(first)))
        pool.extras[second].sharedHold = shared
        hold(heldWaiting(waiting), for: waiting)
        rest(first, shared, market)
        orderDigest &+= partDigest(of: first)
        wait(second, market)
    }

    private func leg(
        _ id: OrderID, _ list: PlaceOrderList, _ type: OrderType, _ timeInForce: TimeInForce, price: Ticks,
        stopPrice: Ticks, _ clientOrderID: ClientOrderID, of first: OrderID
    ) -> OrderState {
        OrderState(
            id: id, account: list.account, market: list.market, wallet: list.wallet, side: list.side, type: type,
            timeInForce: timeInForce, selfTradePrevention: list.selfTradePrevention,
            status: type == .limitMaker ? .new : .pendingTrigger, price: price, quantity: list.quantity,
            executed: .zero, executedNotional: .zero, quoteQuantity: .zero, clientOrderID: clientOrderID,
            createdAt: now, updatedAt: now, stopPrice: stopPrice, list: first)
    }

    /// The other order of a list, while it is open; or 0.
    func partner(of order: OrderID, in list: OrderID) -> OrderSlot {
        openSlot(order == list ? OrderID(list.raw + 1) : list)
    }

    /// Ends the other order of a list. An order that has done its part of the list has no partner any more.
    @inline(never)
    mutating func withdrawPartner(
        of order: OrderID, in list: OrderID, _ status: OrderStatus, _ market: UnsafeMutablePointer<MarketSlot>
    ) {
        let partner = partner(of: order, in: list)
        if partner != 0 { withdraw(partner, status, market) }
    }

    private func admit(_ list: PlaceOrderList) throws(Rejection) {
        let (market, rules) = try checkOpen(list.account, list.wallet, list.market)
        let filters = rules.pointee.filters
        try checkPrice(list.limitPrice, rules, .price)
        try checkLot(list.quantity, rules, .quantity)
        try checkPrice(list.stopPrice, rules, .stopPrice)
        if let stopLimit = list.stopLimit {
            try checkPrice(stopLimit.price, rules, .stopLimitPrice)
        } else {
            try checkMarketLot(list.quantity, rules)
        }
        let scale = rules.pointee.scale
        let limitNotional = scale.uncheckedNotional(list.limitPrice, list.quantity)
        let stopNotional = scale.uncheckedNotional(list.stopLimit?.price ?? list.stopPrice, list.quantity)
        try checkNotional(limitNotional, rules, .quantity)
        try checkNotional(stopNotional, rules, .quantity)
        try checkAverage(list.limitPrice, list.side, market, rules, at: now)
        if let stopLimit = list.stopLimit {
            do throws(Rejection) {
                try checkAverage(stopLimit.price, list.side, market, rules, at: now)
            } catch {
                throw .risk(.percentPriceOfStopLimit)
            }
        }
        guard market.pointee.openOrders[MarketSlot.counter(list.account, list.wallet)] + 1 < filters.maxOrders else {
            throw .risk(.maxNumOrders)
        }
        guard market.pointee.waitingOrders[MarketSlot.counter(list.account, list.wallet)] < filters.maxAlgoOrders
        else { throw .risk(.maxNumAlgoOrders) }
        try checkPosition(list.quantity, list.side, list.account, list.wallet, rules)
        try checkSides(list, last: market.pointee.lastPrice)
        guard BookSide.key(of: list.limitPrice, against: list.side) > market.pointee.bestKey(against: list.side) else {
            throw .risk(.postOnly)
        }
        guard pool.count + 2 <= pool.capacity, hasRoom(for: list.quantity, at: list.limitPrice, list.side, market),
            market.pointee.triggers.hasRoom(at: list.stopPrice, pages)
        else { throw .risk(.exchangeLimit) }
        try checkNames(list)
        let needed = list.side == .buy ? max(limitNotional, stopNotional) : scale.existingBase(list.quantity)
        try checkFree(needed, list.side, list.account, list.wallet, rules)
    }

    private func checkSides(_ list: PlaceOrderList, last: Ticks) throws(Rejection) {
        // Before the first trade the two are held against each other.
        let middle = last == .zero ? list.stopPrice : last
        guard list.side == .sell ? list.limitPrice > middle : list.limitPrice < middle
        else { throw .risk(.limitOfList) }
        guard last == .zero || (list.side == .sell ? list.stopPrice < last : list.stopPrice > last)
        else { throw .risk(.trigger) }
    }

    private func checkNames(_ list: PlaceOrderList) throws(Rejection) {
        let (limit, stop) = (list.limitClientOrderID, list.stopClientOrderID)
        try checkUnique(limit, list.account, list.wallet, else: .invalid(.limitClientOrderID))
        try checkUnique(stop, list.account, list.wallet, else: .invalid(.stopClientOrderID))
        guard limit.isEmpty || limit != stop else { throw .invalid(.stopClientOrderID) }
    }
}
