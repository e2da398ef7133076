import SyncronCore

/// Changing an order that stands.
extension NaiveExchange {
    mutating func amend(_ amendment: AmendOrder) throws(Rejection) {
        let index = try openMarket(amendment.market, amendment.wallet, for: amendment.account)
        let order = try find(amendment.order, of: amendment.account, amendment.wallet, in: index)
        guard order.type == .limit || order.type == .limitMaker, order.icebergQuantity == .zero,
            partner(of: order, in: index) == nil
        else { throw .invalid(.type) }
        var amended = order
        amended.price = amendment.price ?? order.price
        amended.quantity = amendment.quantity ?? order.quantity
        amended.updatedAt = now
        // What is off the grid is left to LOT_SIZE.
        guard amended.quantity == .offGrid || amended.quantity > order.executed else { throw .invalid(.quantity) }
        if amended.price != order.price || amended.quantity > order.quantity {
            try replace(order, by: amended, in: index)
        } else {
            try shorten(order, to: amended, in: index)
        }
    }

    /// The order keeps its place.
    private mutating func shorten(_ order: OrderState, to amended: OrderState, in index: Int) throws(Rejection) {
        let market = books[index].market
        let isSame = amended.quantity == order.quantity
        guard isSame || (amended.quantity != .offGrid && amended.quantity >= market.filters.minQuantity) else {
            throw .filter(.lotSize, .quantity)
        }
        for place in books[index].resting.indices where books[index].resting[place].id == order.id {
            books[index].resting[place] = amended
        }
        release(order, in: market)
        setAside(amended, in: market)
        events.append(.orderAmended(amended))
        if !isSame { reportLevel(order.side, order.price, in: index) }
    }

    /// The order goes to the back, or trades, as a new one would.
    private mutating func replace(_ order: OrderState, by amended: OrderState, in index: Int) throws(Rejection) {
        let book = books[index]
        let market = book.market
        try checkPrice(amended.price, .price, market)
        try checkQuantity(amended.quantity, .quantity, market)
        try checkNotional(notional(amended.price.raw, amended.quantity.raw, in: market), .quantity, market)
        try checkAverage(amended.price, amended.side, in: book)
        if order.side == .buy {
            let more = base(amended.quantity.raw, in: market) - base(order.quantity.raw, in: market)
            try checkPosition(more, order.account, order.wallet, in: book)
        }
        if order.type == .limitMaker { try checkPostOnly(amended.price, order.side, in: book) }
        var others = book
        others.resting.removeAll { $0.id == order.id }
        try checkRoom(
            for: amended.quantity.raw - order.executed.raw, at: amended.price, order.side, in: others)
        let (holding, held) = hold(of: order, in: market)
        try checkBalance(holding, need(of: amended, in: market), givingUp: held)

        remove(order, in: index)
        release(order, in: market)
        setAside(amended, in: market)
        events.append(.orderAmended(amended))
        reportLevel(order.side, order.price, in: index)
        let tradesBefore = book.trades.count
        execute(amended, sweep(demand(of: amended, in: market), in: books[index]), in: index)
        if books[index].trades.count > tradesBefore { fireTriggers(in: index) }
    }
}
