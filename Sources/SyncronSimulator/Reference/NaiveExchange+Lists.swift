import SyncronCore

/// Lists of two orders of which one cancels the other.
extension NaiveExchange {
    mutating func place(_ list: PlaceOrderList) throws(Rejection) {
        let index = try openMarket(list.market, list.wallet, for: list.account)
        let book = books[index]
        try checkFilters(list, book.market)
        try checkRisks(list, in: book)
        try checkClientID(
            list.limitClientOrderID, list.account, list.wallet, else: .invalid(.limitClientOrderID))
        try checkClientID(list.stopClientOrderID, list.account, list.wallet, else: .invalid(.stopClientOrderID))
        if !list.limitClientOrderID.isEmpty && list.limitClientOrderID == list.stopClientOrderID {
            throw .invalid(.stopClientOrderID)
        }
        let (limitNeed, stopNeed) = needs(of: list, in: book.market)
        let asset = list.side == .buy ? book.market.quote : book.market.base
        try checkBalance(
            Holding(account: list.account, wallet: list.wallet, asset: asset), max(limitNeed, stopNeed))

        let limit = limitLeg(of: list)
        let stop = stopLeg(of: list, in: limit.id)
        surplus[stop.id] = max(0, stopNeed - limitNeed)
        for leg in [limit, stop] {
            events.append(.orderAccepted(leg))
            setAside(leg, in: book.market)
        }
        books[index].waiting.append(stop)
        rest(limit, in: index)
    }

    /// The other open order of an order's list.
    func partner(of order: OrderState, in index: Int) -> OrderState? {
        guard let list = order.list else { return nil }
        return (books[index].resting + books[index].waiting).first { $0.list == list && $0.id != order.id }
    }

    // MARK: - Checks

    private func checkFilters(_ list: PlaceOrderList, _ market: Market) throws(Rejection) {
        try checkPrice(list.limitPrice, .price, market)
        try checkQuantity(list.quantity, .quantity, market)
        try checkPrice(list.stopPrice, .stopPrice, market)
        if let stopLimit = list.stopLimit {
            try checkPrice(stopLimit.price, .stopLimitPrice, market)
        } else {
            try checkMarketQuantity(list.quantity, market)
        }
        try checkNotional(notional(list.limitPrice.raw, list.quantity.raw, in: market), .quantity, market)
        let second = list.stopLimit?.price ?? list.stopPrice
        try checkNotional(notional(second.raw, list.quantity.raw, in: market), .quantity, market)
    }

    private func checkRisks(_ list: PlaceOrderList, in book: Book) throws(Rejection) {
        try checkAverage(list.limitPrice, list.side, in: book)
        if let stopLimit = list.stopLimit, !isNearAverage(stopLimit.price, list.side, in: book) {
            throw .risk(.percentPriceOfStopLimit)
        }
        try checkCount(of: 2, list.account, list.wallet, in: book)
        try checkAlgoCount(list.account, list.wallet, in: book)
        if list.side == .buy {
            try checkPosition(base(list.quantity.raw, in: book.market), list.account, list.wallet, in: book)
        }
        try checkSides(of: list, book.trades.last?.price)
        try checkPostOnly(list.limitPrice, list.side, in: book)
        guard openOrders.count + 2 <= limits.openOrders else { throw .risk(.exchangeLimit) }
        try checkRoom(for: list.quantity.raw, at: list.limitPrice, list.side, in: book)
    }

    /// The limit is on the better side of the last price and the stop on the other.
    private func checkSides(of list: PlaceOrderList, _ last: Int64?) throws(Rejection) {
        let sign: Int64 = list.side == .sell ? 1 : -1
        let (limit, stop) = (list.limitPrice.raw * sign, list.stopPrice.raw * sign)
        guard let last = last.map({ $0 * sign }) else {
            if limit <= stop { throw .risk(.limitOfList) }
            return
        }
        if limit <= last { throw .risk(.limitOfList) }
        if stop >= last { throw .risk(.trigger) }
    }

    // MARK: - Legs

    private func needs(of list: PlaceOrderList, in market: Market) -> (limit: Int128, stop: Int128) {
        guard list.side == .buy else {
            let need = base(list.quantity.raw, in: market)
            return (need, need)
        }
        let second = list.stopLimit?.price ?? list.stopPrice
        return (
            notional(list.limitPrice.raw, list.quantity.raw, in: market),
            notional(second.raw, list.quantity.raw, in: market)
        )
    }

    private mutating func limitLeg(of list: PlaceOrderList) -> OrderState {
        let id = nextOrderID()
        return OrderState(
            id: id, account: list.account, market: list.market, wallet: list.wallet, side: list.side,
            type: .limitMaker, timeInForce: .gtc, selfTradePrevention: list.selfTradePrevention, status: .new,
            price: list.limitPrice, quantity: list.quantity, executed: .zero, executedNotional: .zero,
            quoteQuantity: .zero, clientOrderID: list.limitClientOrderID, createdAt: now, updatedAt: now, list: id)
    }

    private mutating func stopLeg(of list: PlaceOrderList, in id: OrderID) -> OrderState {
        OrderState(
            id: nextOrderID(), account: list.account, market: list.market, wallet: list.wallet, side: list.side,
            type: list.stopLimit == nil ? .stopLoss : .stopLossLimit,
            timeInForce: list.stopLimit?.timeInForce ?? .gtc, selfTradePrevention: list.selfTradePrevention,
            status: .pendingTrigger, price: list.stopLimit?.price ?? .zero, quantity: list.quantity, executed: .zero,
            executedNotional: .zero, quoteQuantity: .zero, clientOrderID: list.stopClientOrderID, createdAt: now,
            updatedAt: now, stopPrice: list.stopPrice, list: id)
    }
}
