import SyncronCore

/// Placing and cancelling.
extension NaiveExchange {
    mutating func place(_ order: PlaceOrder) throws(Rejection) {
        guard try account(order.account).canTrade else { throw .tradingDisabled }
        let index = try bookIndex(order.market)
        guard books[index].market.kind == .spot && order.wallet == .spot else { throw .unknownMarket }
        let sweep = sweep(order, in: books[index])
        try check(order, sweep, in: books[index])

        lastOrderID += 1
        var taker = accepted(order, sweep)
        events.append(.orderAccepted(taker))
        setAside(taker, in: books[index].market)
        if case .limit(_, let quantity, .fok) = order.terms, sweep.executed < quantity.raw {
            end(taker, as: .expired, in: index)
            return
        }
        carryOut(sweep, &taker, in: index)
        settle(taker, sweep, order.terms, in: index)
    }

    mutating func cancel(_ cancel: CancelOrder) throws(Rejection) {
        _ = try account(cancel.account)
        let index = try bookIndex(cancel.market)
        guard books[index].market.kind == .spot && cancel.wallet == .spot else { throw .unknownMarket }
        let found = books[index].resting.first { order in
            guard order.account == cancel.account && order.wallet == cancel.wallet else { return false }
            switch cancel.order {
            case .id(let id): return order.id == id
            case .clientID(let id): return !id.isEmpty && order.clientOrderID == id
            }
        }
        guard let order = found else { throw .unknownOrder }
        remove(order, in: index)
        end(order, as: .canceled, in: index)
        reportLevel(order.side, order.price, in: index)
    }

    private func accepted(_ order: PlaceOrder, _ sweep: Sweep) -> OrderState {
        var type = OrderType.market
        var timeInForce = TimeInForce.gtc
        var price = Ticks.zero
        var quantity = Steps.zero
        var quote = Units.zero
        switch order.terms {
        case .limit(let limit, let asked, let force):
            (type, timeInForce, price, quantity) = (.limit, force, limit, asked)
        case .limitMaker(let limit, let asked): (type, price, quantity) = (.limitMaker, limit, asked)
        case .market(let asked): quantity = asked
        case .marketByQuote(let asked): (quantity, quote) = (Steps(sweep.executed), asked)
        }
        return OrderState(
            id: OrderID(lastOrderID), account: order.account, market: order.market, wallet: order.wallet,
            side: order.side, type: type, timeInForce: timeInForce, selfTradePrevention: order.selfTradePrevention,
            status: .new, price: price, quantity: quantity, executed: .zero, executedNotional: .zero,
            quoteQuantity: quote, clientOrderID: order.clientOrderID, createdAt: now, updatedAt: now)
    }

    /// What has a price is paid for in advance.
    private mutating func setAside(_ order: OrderState, in market: Market) {
        guard order.type != .market else { return }
        let (holding, amount) = hold(of: order, in: market)
        post(holding, free: -amount, held: amount)
    }

    /// Ends an order that is not in the book, and gives back what it had set aside.
    mutating func end(_ order: OrderState, as status: OrderStatus, in index: Int) {
        if order.type != .market {
            let (holding, amount) = hold(of: order, in: books[index].market)
            post(holding, free: amount, held: -amount)
        }
        var ended = order
        ended.status = status
        ended.updatedAt = now
        events.append(.orderEnded(OrderEnd(order: ended)))
    }

    mutating func remove(_ order: OrderState, in index: Int) {
        books[index].resting.removeAll { $0.id == order.id }
    }

    mutating func reportLevel(_ side: Side, _ price: Ticks, in index: Int) {
        let quantity = Steps(Int64(standing(side, price, in: books[index])))
        let change = LevelChange(market: books[index].market.id, side: side, price: price, quantity: quantity)
        events.append(.levelChanged(change))
    }

    /// What stands at a price, in steps.
    func standing(_ side: Side, _ price: Ticks, in book: Book) -> Int128 {
        book.resting.filter { $0.side == side && $0.price == price }
            .reduce(0) { $0 + Int128($1.quantity.raw) - Int128($1.executed.raw) }
    }
}
