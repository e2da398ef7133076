import SyncronCore

/// Placing and cancelling.
extension NaiveExchange {
    mutating func place(_ placement: OrderWithOptions) throws(Rejection) {
        let order = placement.order
        let index =
            try
            (order.wallet == .margin
            ? openMarginMarket(order.market, for: order.account)
            : openMarket(order.market, order.wallet, for: order.account))
        // Who waits meets nobody yet.
        let waits = placement.options.trigger != nil
        let sweep = waits ? Sweep() : sweep(demand(of: order), in: books[index])
        try check(placement, sweep, in: books[index])

        let state = accepted(placement, sweep)
        takeEffect(placement, state, sweep, in: books[index].market)
        events.append(.orderAccepted(state))
        setAside(state, in: books[index].market)
        if let lifetime = placement.options.lifetime { deadlines[state.id] = deadline(after: lifetime) }
        guard !waits else { return wait(state, in: index) }
        let tradesBefore = books[index].trades.count
        execute(state, sweep, in: index)
        if books[index].trades.count > tradesBefore { fireTriggers(in: index) }
    }

    /// The market, in which the account may trade now. What knows no margin wallet knows it by no market.
    func openMarket(_ id: MarketID, _ wallet: Wallet, for account: AccountID) throws(Rejection) -> Int {
        guard try self.account(account).canTrade else { throw .tradingDisabled }
        guard wallet == .spot else { throw .unknownMarket }
        let index = try bookIndex(id, wallet)
        guard books[index].market.status == .trading else { throw .marketClosed(books[index].market.status) }
        return index
    }

    /// As `openMarket`, of a perpetual.
    func openPerpetual(_ id: MarketID, for account: AccountID) throws(Rejection) -> Int {
        guard try self.account(account).canTrade else { throw .tradingDisabled }
        let index = try bookIndex(id, .futures)
        guard books[index].market.status == .trading else { throw .marketClosed(books[index].market.status) }
        return index
    }

    mutating func cancel(_ cancel: CancelOrder) throws(Rejection) {
        _ = try account(cancel.account)
        if cancel.wallet == .margin { try checkMarginAccess(cancel.account) }
        let index = try bookIndex(cancel.market, cancel.wallet)
        let order = try find(cancel.order, of: cancel.account, cancel.wallet, in: index)
        self.cancel(order, in: index)
    }

    /// Cancels an order, and the other one of its list.
    mutating func cancel(_ order: OrderState, in index: Int) {
        let other = partner(of: order, in: index)
        withdraw(order, as: .canceled, in: index)
        if let other { withdraw(other, as: .canceled, in: index) }
    }

    func find(
        _ reference: OrderReference, of account: AccountID, _ wallet: Wallet, in index: Int
    ) throws(Rejection) -> OrderState {
        let found = (books[index].resting + books[index].waiting).first { order in
            guard order.account == account && order.wallet == wallet else { return false }
            switch reference {
            case .id(let id): return order.id == id
            case .clientID(let id): return !id.isEmpty && order.clientOrderID == id
            }
        }
        guard let found else { throw .unknownOrder }
        return found
    }

    private mutating func accepted(_ placement: OrderWithOptions, _ sweep: Sweep) -> OrderState {
        let order = placement.order
        let trigger = placement.options.trigger
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
        switch trigger?.kind {
        case .stopLoss: type = type == .limit ? .stopLossLimit : .stopLoss
        case .takeProfit: type = type == .limit ? .takeProfitLimit : .takeProfit
        case nil: break
        }
        let iceberg = placement.options.icebergQuantity ?? .zero
        return OrderState(
            id: nextOrderID(), account: order.account, market: order.market, wallet: order.wallet,
            side: order.side, type: type, timeInForce: timeInForce, selfTradePrevention: order.selfTradePrevention,
            status: trigger == nil ? .new : .pendingTrigger, price: price, quantity: quantity, executed: .zero,
            executedNotional: .zero, quoteQuantity: quote, clientOrderID: order.clientOrderID, createdAt: now,
            updatedAt: now, stopPrice: trigger?.stopPrice ?? .zero, trailingDelta: trigger?.trailingDelta ?? 0,
            icebergQuantity: iceberg == quantity ? .zero : iceberg)
    }

    mutating func nextOrderID() -> OrderID {
        lastOrderID += 1
        return OrderID(lastOrderID)
    }

    func deadline(after lifetime: Int64) -> Timestamp {
        let (time, overflow) = now.milliseconds.addingReportingOverflow(lifetime)
        return overflow ? .never : Timestamp(milliseconds: time)
    }

    /// What can be paid for in advance is.
    mutating func setAside(_ order: OrderState, in market: Market) {
        let (holding, amount) = hold(of: order, in: market)
        post(holding, free: -amount, held: amount)
    }

    mutating func release(_ order: OrderState, in market: Market) {
        let (holding, amount) = hold(of: order, in: market)
        post(holding, free: amount, held: -amount)
    }

    /// Ends an order that is open no more, and gives back what it had set aside.
    mutating func end(_ order: OrderState, as status: OrderStatus, in index: Int) {
        release(order, in: books[index].market)
        var ended = order
        ended.status = status
        ended.updatedAt = now
        events.append(.orderEnded(OrderEnd(order: ended)))
        returnUnusedLoan(of: order, in: books[index].market)
    }

    /// Ends an open order wherever it is.
    mutating func withdraw(_ order: OrderState, as status: OrderStatus, in index: Int) {
        let stands = books[index].resting.contains { $0.id == order.id }
        remove(order, in: index)
        books[index].waiting.removeAll { $0.id == order.id }
        end(order, as: status, in: index)
        if stands { reportLevel(order.side, order.price, in: index) }
    }

    mutating func remove(_ order: OrderState, in index: Int) {
        books[index].resting.removeAll { $0.id == order.id }
    }

    mutating func reportLevel(_ side: Side, _ price: Ticks, in index: Int) {
        let quantity = Steps(Int64(standing(side, price, in: books[index])))
        let change = LevelChange(market: books[index].market.id, side: side, price: price, quantity: quantity)
        events.append(.levelChanged(change))
    }

    /// What stands at a price as the book shows it, in steps.
    func standing(_ side: Side, _ price: Ticks, in book: Book) -> Int128 {
        book.resting.filter { $0.side == side && $0.price == price }.reduce(0) { $0 + Int128(shown(of: $1)) }
    }

    /// What the book shows of an order that stands.
    func shown(of order: OrderState) -> Int64 { slices[order.id] ?? order.quantity.raw - order.executed.raw }
}
