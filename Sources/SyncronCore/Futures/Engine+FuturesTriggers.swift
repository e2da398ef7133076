extension Engine {
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
