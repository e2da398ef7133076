/// The checks of an order with options: those of every order, and its own between them.
extension Engine {
    func admit(_ it: OrderWithOptions, at time: Timestamp) throws(Rejection) -> Admission {
        let (order, options) = (it.order, it.options)
        let (market, rules) =
            order.wallet == .margin
            ? try checkMarginOpen(order.account, order.market)
            : try checkOpen(order.account, order.wallet, order.market)
        try checkForm(order, options)
        if let shown = options.icebergQuantity { try checkShown(shown, order.terms, rules) }
        var admission =
            if let trigger = options.trigger {
                try translate(order, trigger, market, rules)
            } else {
                try translate(order, market, rules)
            }
        if rules.pointee.hasPercentPrice { try checkAverage(admission.price, order.side, market, rules, at: time) }
        if let shown = options.icebergQuantity {
            let parts = (admission.quantity.raw - 1) / shown.raw + 1
            guard parts <= Int64(rules.pointee.filters.maxIcebergParts) else { throw .risk(.icebergParts) }
        }
        if let trigger = options.trigger {
            try checkWaiting(trigger, order, admission, market, rules)
        } else {
            try checkCounts(admission, order, market, rules)
        }
        try checkUnique(order.clientOrderID, order.account, order.wallet)
        if order.wallet == .margin {
            admission.loan = try checkMarginBalance(admission, it, market, rules)
            if options.trigger == nil { checkFill(&admission, order, market, rules) }
        } else if options.trigger == nil {
            try checkBalance(&admission, order, market, rules)
        } else {
            try checkFree(admission.needed, order.side, order.account, order.wallet, rules)
        }
        return admission
    }

    /// What an order may combine.
    private func checkForm(_ order: PlaceOrder, _ options: OrderOptions) throws(Rejection) {
        guard options.sideEffect == .none || order.wallet == .margin else { throw .invalid(.sideEffectType) }
        var isMarket = false
        var rests = false
        switch order.terms {
        case .limit(_, _, let timeInForce):
            guard timeInForce != .gtx else { throw .invalid(.timeInForce) }
            rests = timeInForce == .gtc
        case .limitMaker:
            rests = true
            guard options.trigger == nil else { throw .invalid(.type) }
        case .market: isMarket = true
        case .marketByQuote:
            isMarket = true
            guard options.trigger == nil else { throw .invalid(.type) }
        }
        if let trigger = options.trigger {
            guard options.icebergQuantity == nil else { throw .invalid(.type) }
            if let delta = trigger.trailingDelta {
                guard Limits.trailingDeltas.contains(delta) else { throw .invalid(.trailingDelta) }
            }
            let needsStopPrice = trigger.trailingDelta == nil || (isMarket && order.side == .buy)
            guard trigger.stopPrice != nil || !needsStopPrice else { throw .invalid(.stopPrice) }
        }
        if let shown = options.icebergQuantity {
            let quantity = order.terms.quantity
            // What is nothing or off the grid is left to LOT_SIZE.
            guard rests, quantity == .offGrid || shown <= max(quantity, .zero) else { throw .invalid(.icebergQty) }
        }
        try checkLifetime(options.lifetime, stays: rests || options.trigger != nil)
    }

    /// Only what stays open can have a lifetime.
    func checkLifetime(_ lifetime: Int64?, stays: Bool) throws(Rejection) {
        guard let lifetime else { return }
        guard lifetime > 0, lifetime <= Limits.longestCountdown, stays else { throw .invalid(.cancelAfter) }
    }

    /// The filters of an order that waits.
    private func translate(
        _ order: PlaceOrder, _ trigger: Trigger, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) -> Admission {
        let isStopLoss = trigger.kind == .stopLoss
        switch order.terms {
        case .limit(let price, let quantity, let timeInForce):
            try checkPrice(price, rules, .price)
            if let stopPrice = trigger.stopPrice { try checkPrice(stopPrice, rules, .stopPrice) }
            return try limit(
                isStopLoss ? .stopLossLimit : .takeProfitLimit, price, quantity, timeInForce, order.side, rules)
        case .market(let quantity):
            if let stopPrice = trigger.stopPrice { try checkPrice(stopPrice, rules, .stopPrice) }
            try checkLot(quantity, rules, .quantity)
            try checkMarketLot(quantity, rules)
            let price = trigger.stopPrice ?? market.pointee.lastPrice
            let notional = rules.pointee.scale.uncheckedNotional(price, quantity)
            if price != .zero { try checkNotional(notional, rules, .quantity) }
            return Admission(
                type: isStopLoss ? .stopLoss : .takeProfit, timeInForce: .gtc, price: .zero, quantity: quantity,
                quoteQuantity: .zero, limit: .min,
                needed: order.side == .buy ? notional : rules.pointee.scale.existingBase(quantity))
        case .limitMaker, .marketByQuote: throw .invalid(.type)
        }
    }

    /// PRICE_FILTER and LOT_SIZE of an iceberg, whose shown quantity comes before NOTIONAL.
    private func checkShown(
        _ shown: Steps, _ terms: OrderTerms, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        switch terms {
        case .limit(let price, let quantity, _), .limitMaker(let price, let quantity):
            try checkPrice(price, rules, .price)
            try checkLot(quantity, rules, .quantity)
            try checkLot(shown, rules, .icebergQty)
        case .market, .marketByQuote: break
        }
    }

    /// The bounds on what waits, and that it has to wait.
    private func checkWaiting(
        _ trigger: Trigger, _ order: PlaceOrder, _ admission: Admission, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let filters = rules.pointee.filters
        try checkOrderCount(order.account, order.wallet, market, rules)
        guard market.pointee.waitingOrders[MarketSlot.counter(order.account, order.wallet)] < filters.maxAlgoOrders
        else { throw .risk(.maxNumAlgoOrders) }
        try checkPosition(admission.quantity, order.side, order.account, order.wallet, rules)
        let last = market.pointee.lastPrice
        if let stopPrice = trigger.stopPrice, trigger.trailingDelta == nil, last != .zero {
            let falls = TriggerBook.falls(admission.type, order.side)
            guard !TriggerBook.isMet(stopPrice, falls: falls, at: last) else { throw .risk(.trigger) }
        }
        guard !pool.isFull, market.pointee.triggers.hasRoom(at: trigger.stopPrice ?? Ticks(1), pages),
            !admission.type.hasPrice || hasRoom(for: admission.quantity, at: admission.price, order.side, market)
        else { throw .risk(.exchangeLimit) }
    }
}
