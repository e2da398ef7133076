import SyncronCore

/// What orders of the margin wallet do beside trading.
extension NaiveExchange {
    func openMarginMarket(_ id: MarketID, for account: AccountID) throws(Rejection) -> Int {
        let owner = try self.account(account)
        try checkMarginAccess(account)
        guard owner.canTrade else { throw .margin(.tradingNotPermitted) }
        let index = try bookIndex(id, .margin)
        let market = books[index].market
        try checkTerms(market.base)
        try checkTerms(market.quote)
        guard market.status == .trading else { throw .marketClosed(market.status) }
        return index
    }

    /// What an order borrows: nothing unless it asks to.
    private func loan(for placement: OrderWithOptions, _ required: Int128, in market: Market) -> Int128 {
        guard placement.options.sideEffect == .marginBuy else { return 0 }
        return max(0, required - balance(payer(of: placement.order, in: market)).free)
    }

    private func payer(of order: PlaceOrder, in market: Market) -> Holding {
        margin(order.account, order.side == .buy ? market.quote : market.base)
    }

    /// That the order can be paid for, with a loan if it takes one, and does not lead to liquidation.
    func checkMargin(
        _ placement: OrderWithOptions, _ required: Int128, _ sweep: Sweep, in book: Book
    ) throws(Rejection) {
        let payer = payer(of: placement.order, in: book.market)
        let lack = loan(for: placement, required, in: book.market)
        if lack > 0 { try checkLoan(lack, payer.asset, payer.account) }
        let available = balance(payer).free + lack
        guard required <= available else {
            throw .insufficientForMarginOrder(
                asset: payer.asset, required: Units(required), available: Units(available))
        }

        var worth = worth(payer.account)
        if lack > 0 {
            worth.assets += value(lack, payer.asset)
            worth.debts += value(lack + hourly(lack, payer.asset), payer.asset)
        }
        guard worth.debts > 0 else { return }
        let (quantity, cost) = fill(placement, sweep, in: book)
        let gain = value(base(quantity, in: book.market), book.market.base) - value(cost, book.market.quote)
        worth.assets += placement.order.side == .buy ? gain : -gain
        guard worth.assets * 100 > worth.debts * 110 else { throw .margin(.wouldLiquidate) }
    }

    /// What the order would come to if it were filled, at its price or as the book stands.
    private func fill(
        _ placement: OrderWithOptions, _ sweep: Sweep, in book: Book
    ) -> (quantity: Int64, cost: Int128) {
        switch placement.order.terms {
        case .limit(let price, let quantity, _), .limitMaker(let price, let quantity):
            return (quantity.raw, notional(price.raw, quantity.raw, in: book.market))
        case .market(let quantity):
            guard let trigger = placement.options.trigger else { return (sweep.executed, sweep.notional) }
            let price = trigger.stopPrice?.raw ?? book.trades.last?.price ?? 0
            return (quantity.raw, notional(price, quantity.raw, in: book.market))
        case .marketByQuote: return (sweep.executed, sweep.notional)
        }
    }

    /// Before the order is accepted: borrows what it lacks.
    mutating func takeEffect(_ placement: OrderWithOptions, _ order: OrderState, _ sweep: Sweep, in market: Market) {
        guard placement.options.sideEffect != .none else { return }
        let payer = paid(by: order, in: market)
        let loan = loan(for: placement, required(for: placement, sweep, in: market), in: market)
        if loan > 0 { lend(loan, payer.asset, to: order.account, for: order.id) }
        let terms = MarginOrderTerms(
            order: order.id, sideEffect: placement.options.sideEffect, borrowed: Units(loan),
            borrowedAsset: payer.asset)
        marginTerms[order.id] = terms
        required[order.id] = self.required(for: placement, sweep, in: market)
        events.append(.marginOrderPlaced(terms))
    }

    /// What an order ends without having needed goes back, as far as it was borrowed for it.
    mutating func returnUnusedLoan(of order: OrderState, in market: Market) {
        guard let terms = marginTerms[order.id], terms.borrowed > .zero else { return }
        let rest =
            [.market, .stopLoss, .takeProfit].contains(order.type) && order.side == .buy
            ? required[order.id, default: 0] - order.executedNotional.raw : need(of: order, in: market)
        let free = balance(paid(by: order, in: market)).free
        payBack(min(terms.borrowed.raw, rest, free), terms.borrowedAsset, order.account, .unusedLoan)
    }

    /// What a fill brought pays the debt in that asset.
    mutating func repayAutomatically(by fill: OrderFill, in market: Market) {
        guard marginTerms[fill.order.id]?.sideEffect == .autoRepay else { return }
        let received = fill.order.side == .buy ? base(fill.quantity.raw, in: market) : fill.notional.raw
        payBack(received - fill.commission.raw, fill.commissionAsset, fill.order.account, .autoRepay)
    }
}
