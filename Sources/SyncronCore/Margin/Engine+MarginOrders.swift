/// Orders of the margin wallet: what they may cost, borrow and repay.
extension Engine {
    /// That the account may trade on margin, and the market is open to it.
    func checkMarginOpen(
        _ account: AccountID, _ market: MarketID
    ) throws(Rejection) -> (UnsafeMutablePointer<MarketSlot>, UnsafePointer<MarketRules>) {
        _ = try requireMargin(account)
        guard accountSlots[account.raw].standing == .active else { throw .margin(.tradingNotPermitted) }
        guard let slot = slot(market, for: .margin) else { throw .unknownMarket }
        let rules = rules(market)
        try requireMarginTerms(rules.pointee.base)
        try requireMarginTerms(rules.pointee.quote)
        guard rules.pointee.status == .trading else { throw .marketClosed(rules.pointee.status) }
        return (slot, rules)
    }

    /// That the wallet covers the order, if need be after a loan, and that its fill would not end in a liquidation.
    /// Returns the loan.
    func checkMarginBalance(
        _ admission: Admission, _ it: OrderWithOptions, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) -> Units {
        let order = it.order
        let place = margin.place(of: order.account)
        let paid = rules.pointee.asset(paidBy: order.side)
        let free = ledger.balance(BalanceKey(account: order.account, wallet: .margin, asset: paid)).free
        var levels = levels(of: place)
        var loan = Units.zero
        if admission.needed > free {
            guard it.options.sideEffect == .marginBuy
            else { throw .insufficientForMarginOrder(asset: paid, required: admission.needed, available: free) }
            loan = admission.needed - free
            try checkLoan(loan, paid, place, levels)
            let factor = margin.index[paid.index].factor
            levels.assets += Wide(loan, times: factor)
            levels.debt += Wide(loan + hourlyInterest(paid, on: loan), times: factor)
        }
        let (notional, quantity) = fill(admission, it, market, rules)
        let (base, quote) = (margin.index[rules.pointee.base.index], margin.index[rules.pointee.quote.index])
        let baseValue = Wide(rules.pointee.scale.existingBase(quantity), times: base.factor)
        let quoteValue = Wide(notional, times: quote.factor)
        levels.assets =
            order.side == .buy ? levels.assets + baseValue - quoteValue : levels.assets + quoteValue - baseValue
        guard !levels.isAtMost(MarginLevels.liquidationPercent) else { throw .margin(.wouldLiquidate) }
        return loan
    }

    /// What a full fill would come to: at its price, its stop price, or as the book stands.
    private func fill(
        _ admission: Admission, _ it: OrderWithOptions, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) -> (notional: Units, quantity: Steps) {
        let scale = rules.pointee.scale
        let quantity = admission.quantity
        if admission.type.hasPrice { return (scale.existingNotional(admission.price, quantity), quantity) }
        if let trigger = it.options.trigger {
            return (scale.existingNotional(trigger.stopPrice ?? market.pointee.lastPrice, quantity), quantity)
        }
        let sweep = sweep(it.order, limit: .min, .quantity(quantity), market, rules)
        return (sweep.notional, sweep.quantity)
    }

    /// Borrows for an order that is about to be accepted, and tells what it has beyond its terms.
    mutating func prepare(_ order: PlaceOrder, _ sideEffect: SideEffect, loan: Units, id: OrderID) {
        let paid = rules(order.market).pointee.asset(paidBy: order.side)
        if loan > .zero { lend(loan, paid, to: margin.place(of: order.account), for: id) }
        log.append(
            .marginOrderPlaced(
                MarginOrderTerms(order: id, sideEffect: sideEffect, borrowed: loan, borrowedAsset: paid)))
    }

    /// What an order with a loan did not use of it goes back when it ends unfilled: own funds count as spent first.
    @inline(never)
    mutating func returnLoan(of slot: OrderSlot) {
        let extras = pool.extras[slot]
        guard extras.loan > .zero else { return }
        let order = UnsafePointer(pool.states.base + Int(slot))
        let rules = rules(order.pointee.market)
        let unused: Units
        if !order.pointee.type.hasPrice {
            let spent =
                order.pointee.side == .buy
                ? order.pointee.executedNotional : rules.pointee.scale.existingBase(order.pointee.executed)
            unused = max(.zero, extras.marketNeed - spent)
        } else {
            unused = needed(by: order)
        }
        repay(
            rules.pointee.asset(paidBy: order.pointee.side), of: margin.place(of: order.pointee.account),
            atMost: min(extras.loan, unused), .unusedLoan)
    }

    /// What a fill brought repays the debt in that asset, if the order wants it so.
    @inline(never)
    mutating func repayAutomatically(_ received: Units, _ asset: AssetID, of account: AccountID) {
        repay(asset, of: margin.place(of: account), atMost: received, .autoRepay)
    }

    /// As above, for each fill of a taker.
    @inline(never)
    mutating func repayFills(of taker: UnsafePointer<OrderState>, _ rules: UnsafePointer<MarketRules>) {
        let rate = rate(.taker, of: taker.pointee.account, rules)
        for index in 0..<matches.count where matches.base[index].kind == .trade {
            let match = matches.base[index]
            let received =
                taker.pointee.side == .buy
                ? rules.pointee.scale.existingBase(match.quantity)
                : rules.pointee.scale.existingNotional(match.price, match.quantity)
            repayAutomatically(
                received - rate.roundedUp(of: received), rules.pointee.asset(receivedBy: taker.pointee.side),
                of: taker.pointee.account)
        }
    }
}
