extension Engine {
    /// Puts an order where the price that it waits for finds it.
    mutating func addTrigger(
        _ slot: OrderSlot, _ order: UnsafePointer<OrderState>, _ market: UnsafeMutablePointer<MarketSlot>
    ) {
        let (last, mark) = (market.pointee.lastPrice, market.pointee.perpetual.mark)
        switch (order.pointee.workingType, order.pointee.isPriceProtected) {
        case (.contractPrice, false): market.pointee.triggers.add(slot, order, lastPrice: last, pool, &pages)
        case (.contractPrice, true):
            market.pointee.perpetual.protectedTriggers.add(slot, order, lastPrice: last, pool, &pages)
        case (.markPrice, false):
            market.pointee.perpetual.markTriggers.add(slot, order, lastPrice: mark, pool, &pages)
        case (.markPrice, true):
            market.pointee.perpetual.protectedMarkTriggers.add(slot, order, lastPrice: mark, pool, &pages)
        }
    }

    /// Notes a trade's price for those that wait for it, and that it may fire some of them.
    mutating func followLastPrice(_ price: Ticks, _ market: UnsafeMutablePointer<MarketSlot>) {
        if market.pointee.triggers.trailing > 0 { market.pointee.triggers.follow(price, pool, &pages) }
        if market.pointee.perpetual.protectedTriggers.trailing > 0 {
            market.pointee.perpetual.protectedTriggers.follow(price, pool, &pages)
        }
        if market.pointee.triggers.count + market.pointee.perpetual.protectedTriggers.count > 0 {
            triggersDue = market
        }
    }

    /// Fires what the mark fires, the oldest order first.
    mutating func fireMarkTriggers(of market: UnsafeMutablePointer<MarketSlot>) {
        let mark = market.pointee.perpetual.mark
        guard mark != .zero, market.pointee.definition.status == .trading else { return }
        // The mark may have come near to the last price again.
        if market.pointee.perpetual.protectedTriggers.count > 0 && market.pointee.lastPrice != .zero {
            fireTriggers(of: market)
        }
        if market.pointee.perpetual.markTriggers.trailing > 0 {
            market.pointee.perpetual.markTriggers.follow(mark, pool, &pages)
        }
        if market.pointee.perpetual.protectedMarkTriggers.trailing > 0 {
            market.pointee.perpetual.protectedMarkTriggers.follow(mark, pool, &pages)
        }
        while true {
            var slot: OrderSlot =
                market.pointee.perpetual.markTriggers.count > 0
                ? market.pointee.perpetual.markTriggers.next(at: mark, pool, pages) : 0
            if mayFireProtected(market.pointee.perpetual.protectedMarkTriggers.count, market) {
                pool.keepOlder(market.pointee.perpetual.protectedMarkTriggers.next(at: mark, pool, pages), &slot)
            }
            guard slot != 0 else { return }
            fire(slot, market)
            if let market = triggersDue { fireTriggers(of: market) }
        }
    }

    /// Whether so many protected orders are any, and mark and last price within 5 % of each other.
    func mayFireProtected(_ count: Int, _ market: UnsafeMutablePointer<MarketSlot>) -> Bool {
        guard count > 0 else { return false }
        let (mark, last) = (market.pointee.perpetual.mark.raw, market.pointee.lastPrice.raw)
        return mark == 0 || last == 0 || Int128(abs(mark - last)) * 20 <= Int128(mark)
    }

    /// Places an order of the futures wallet whose trigger has fired: it is checked as a new one is, and expires when
    /// it fails.
    mutating func fireFutures(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.states.base + Int(slot)
        settleFunding(of: order.pointee.account)
        // While it is checked it must not count among the orders that stand beside it.
        order.pointee.status = .pendingTrigger
        let admission = readmitFutures(UnsafePointer(order), market)
        order.pointee.status = .new
        guard let admission else { return end(slot, .expired, isEnlisted: true, market) }
        order.pointee.quantity = admission.quantity
        carryOutFutures(slot, admission, market)
    }

    private func readmitFutures(
        _ order: UnsafePointer<OrderState>, _ market: UnsafeMutablePointer<MarketSlot>
    ) -> Admission? {
        let side = order.pointee.side
        var quantity = order.pointee.quantity
        if order.pointee.closePosition {
            let place = futures.place(of: order.pointee.account)
            let holding = entry(place, order.pointee.market)[order.pointee.positionSide]
            guard holding.isOpen, holding.isLong == (side == .sell) else { return nil }
            quantity = holding.size
        }
        let hasPrice = order.pointee.type.hasPrice
        var admission = Admission(
            type: hasPrice ? .limit : .market, timeInForce: order.pointee.timeInForce, price: order.pointee.price,
            quantity: quantity, quoteQuantity: .zero,
            limit: hasPrice ? BookSide.key(of: order.pointee.price, against: side) : marketLimit(side, market),
            needed: .zero)
        let terms: OrderTerms =
            hasPrice
            ? .limit(price: order.pointee.price, quantity: quantity, timeInForce: order.pointee.timeInForce)
            : .market(quantity: quantity)
        let it = PlaceFuturesOrder(
            PlaceOrder(
                account: order.pointee.account, market: order.pointee.market, wallet: .futures, side: side,
                terms: terms, selfTradePrevention: order.pointee.selfTradePrevention),
            positionSide: order.pointee.positionSide, reduceOnly: order.pointee.reduceOnly,
            closePosition: order.pointee.closePosition)
        do throws(Rejection) {
            try checkTriggered(&admission, it, market)
        } catch {
            return nil
        }
        return admission
    }
}
