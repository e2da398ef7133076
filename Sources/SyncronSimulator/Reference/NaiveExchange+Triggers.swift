import SyncronCore

/// Orders that wait.
extension NaiveExchange {
    /// Lets an order wait. One that trails tracks at once when nothing keeps it from it and there is a price.
    mutating func wait(_ order: OrderState, in index: Int) {
        books[index].waiting.append(order)
        if let last = books[index].trades.last { follow(last.price, order) }
    }

    /// Tells all that trail of a trade.
    mutating func follow(_ price: Int64, in index: Int) {
        for order in books[index].waiting where order.workingType == .contractPrice { follow(price, order) }
    }

    /// The extreme that an order trails is the best price since tracking began.
    mutating func follow(_ price: Int64, _ order: OrderState) {
        guard order.trailingDelta != 0 else { return }
        if let extreme = extremes[order.id] {
            extremes[order.id] = order.side == .sell ? max(extreme, price) : min(extreme, price)
        } else if order.stopPrice == .zero || isReached(order.triggerKind, order.side, order.stopPrice, at: price) {
            extremes[order.id] = price
        }
    }

    /// Whether a price is at or beyond the stop price.
    func isReached(_ kind: Trigger.Kind, _ side: Side, _ stopPrice: Ticks, at price: Int64) -> Bool {
        switch (kind, side) {
        case (.stopLoss, .sell), (.takeProfit, .buy): price <= stopPrice.raw
        case (.stopLoss, .buy), (.takeProfit, .sell): price >= stopPrice.raw
        }
    }

    func fires(_ order: OrderState, at price: Int64) -> Bool {
        guard order.trailingDelta != 0 else {
            return isReached(order.triggerKind, order.side, order.stopPrice, at: price)
        }
        guard let extreme = extremes[order.id] else { return false }
        let (delta, scaled) = (Int128(order.trailingDelta), Int128(price) * 10_000)
        return switch order.side {
        case .sell: scaled <= Int128(extreme) * (10_000 - delta)
        case .buy: scaled >= Int128(extreme) * (10_000 + delta)
        }
    }

    /// Fires the oldest order whose condition holds at the last price, and looks again, until none holds.
    mutating func fireTriggers(in index: Int) {
        while let last = books[index].trades.last {
            let ready = books[index].waiting.filter { fires($0, at: last.price) }
            guard let oldest = ready.min(by: { $0.id < $1.id }) else { return }
            fire(oldest, in: index)
        }
    }

    private mutating func fire(_ waiting: OrderState, in index: Int) {
        let other = partner(of: waiting, in: index)
        books[index].waiting.removeAll { $0.id == waiting.id }
        release(waiting, in: books[index].market)
        var order = waiting
        order.status = .new
        order.updatedAt = now
        events.append(.orderTriggered(order))
        if let other { withdraw(other, as: .expired, in: index) }
        setAside(order, in: books[index].market)
        guard isStillAllowed(order, in: books[index]) else { return end(order, as: .expired, in: index) }
        execute(order, sweep(demand(of: order, in: books[index].market), in: books[index]), in: index)
    }

    /// The filters that are asked again when an order is triggered.
    private func isStillAllowed(_ order: OrderState, in book: Book) -> Bool {
        do throws(Rejection) {
            if order.type.hasPrice {
                try checkAverage(order.price, order.side, in: book)
            } else if let last = book.trades.last {
                try checkNotional(notional(last.price, order.quantity.raw, in: book.market), .quantity, book.market)
            }
            if order.side == .buy {
                try checkPosition(base(order.quantity.raw, in: book.market), order.account, order.wallet, in: book)
            }
            return true
        } catch {
            return false
        }
    }
}

extension OrderState {
    /// Of a conditional order.
    fileprivate var triggerKind: Trigger.Kind {
        switch type {
        case .takeProfit, .takeProfitLimit, .trailingStop: .takeProfit
        case .stopLoss, .stopLossLimit, .limit, .market, .limitMaker: .stopLoss
        }
    }
}
