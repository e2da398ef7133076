/// An order that has passed every check, and what the checks found out.
struct Admission {
    var type: OrderType
    var timeInForce: TimeInForce
    /// Zero for market orders.
    var price: Ticks
    /// What is to be traded; of an order by quote, what its sweep comes to.
    var quantity: Steps
    /// Zero unless asked for by quote.
    var quoteQuantity: Units
    /// The worst key of the opposite side that it accepts.
    var limit: Int64
    /// What the account must have free: what the order holds if all of it rests, or what a market order costs.
    var needed: Units
    /// It spends or earns at most this much, in units of the quote asset; nil for no bound.
    var budget: Units? = nil
    /// Fill or kill, and it cannot be filled.
    var isKilled = false
    /// An order by quote that the quote amount ends, not the book: filled when its quantity is.
    var isEndedByQuote = false
    /// What is borrowed for it, in units of what it pays with.
    var loan = Units.zero

    /// How much matching looks for: the budget alone bounds an order by quote.
    @inline(__always)
    var sought: Steps { quoteQuantity == .zero ? quantity : Steps(.max) }

    @inline(__always)
    var canRest: Bool {
        type == .limitMaker || (type.hasPrice && (timeInForce == .gtc || timeInForce == .gtx))
    }
}

/// The checks of an order, in the order of mechanics: the first failure is the answer.
extension Engine {
    @inline(__always)
    func admit(_ order: borrowing PlaceOrder, at time: Timestamp) throws(Rejection) -> Admission {
        let (market, rules) = try checkOpen(order.account, order.wallet, order.market)
        var admission = try translate(order, market, rules)
        if rules.pointee.hasPercentPrice { try checkAverage(admission.price, order.side, market, rules, at: time) }
        try checkCounts(admission, order, market, rules)
        try checkUnique(order.clientOrderID, order.account, order.wallet)
        try checkBalance(&admission, order, market, rules)
        return admission
    }

    /// That the account may trade, and the market is open.
    @inline(__always)
    func checkOpen(
        _ account: AccountID, _ wallet: Wallet, _ market: MarketID
    ) throws(Rejection) -> (UnsafeMutablePointer<MarketSlot>, UnsafePointer<MarketRules>) {
        guard account.raw <= limits.accounts else { throw .unknownAccount }
        switch accountSlots[account.raw].standing {
        case .absent: throw .unknownAccount
        case .tradingDisabled: throw .tradingDisabled
        case .active: break
        }
        guard wallet == .spot, let slot = slot(market, for: wallet) else { throw .unknownMarket }
        let rules = rules(market)
        guard rules.pointee.status == .trading else { throw .marketClosed(rules.pointee.status) }
        return (slot, rules)
    }

    /// Precision, PRICE_FILTER, LOT_SIZE, MARKET_LOT_SIZE and NOTIONAL.
    @inline(__always)
    func translate(
        _ order: borrowing PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) -> Admission {
        switch order.terms {
        case .limit(let price, let quantity, let timeInForce):
            guard timeInForce != .gtx else { throw .invalid(.timeInForce) }
            return try limit(.limit, price, quantity, timeInForce, order.side, rules)
        case .limitMaker(let price, let quantity):
            return try limit(.limitMaker, price, quantity, .gtc, order.side, rules)
        case .market(let quantity):
            return try take(quantity, order, market, rules)
        case .marketByQuote(let quote):
            return try take(quote, order, market, rules)
        }
    }

    @inline(__always)
    func limit(
        _ type: OrderType, _ price: Ticks, _ quantity: Steps, _ timeInForce: TimeInForce, _ side: Side,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) -> Admission {
        try checkPrice(price, rules, .price)
        try checkLot(quantity, rules, .quantity)
        let notional = rules.pointee.scale.uncheckedNotional(price, quantity)
        try checkNotional(notional, rules, .quantity)
        return Admission(
            type: type, timeInForce: timeInForce, price: price, quantity: quantity, quoteQuantity: .zero,
            limit: BookSide.key(of: price, against: side),
            needed: side == .buy ? notional : rules.pointee.scale.existingBase(quantity))
    }

    @inline(never)
    private func take(
        _ quantity: Steps, _ order: borrowing PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) -> Admission {
        try checkLot(quantity, rules, .quantity)
        try checkMarketLot(quantity, rules)
        if market.pointee.lastPrice != .zero {
            let notional = rules.pointee.scale.uncheckedNotional(market.pointee.lastPrice, quantity)
            try checkNotional(notional, rules, .quantity)
        }
        let needed =
            order.side == .buy
            ? sweep(order, limit: .min, .quantity(quantity), market, rules).notional
            : rules.pointee.scale.existingBase(quantity)
        return Admission(
            type: .market, timeInForce: .gtc, price: .zero, quantity: quantity, quoteQuantity: .zero, limit: .min,
            needed: needed)
    }

    /// An order by quote trades what its sweep comes to. LOT_SIZE: at least one step.
    @inline(never)
    private func take(
        _ quote: Units, _ order: borrowing PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) -> Admission {
        guard quote > .zero, quote <= Limits.assetSupply else { throw .filter(.notional, .quoteOrderQty) }
        let sweep = sweep(order, limit: .min, .quote(quote), market, rules)
        if sweep.quantity == .zero && (sweep.ending == .satisfied || sweep.expiresOwn) {
            throw .filter(.lotSize, .quoteOrderQty)
        }
        guard quote >= rules.pointee.filters.minNotional, quote <= rules.pointee.mostNotional
        else { throw .filter(.notional, .quoteOrderQty) }
        return Admission(
            type: .market, timeInForce: .gtc, price: .zero, quantity: sweep.quantity, quoteQuantity: quote,
            limit: .min,
            needed: order.side == .buy ? sweep.notional : rules.pointee.scale.existingBase(sweep.quantity),
            budget: quote, isEndedByQuote: sweep.ending == .satisfied)
    }

    @inline(__always)
    func checkPrice(
        _ price: Ticks, _ rules: UnsafePointer<MarketRules>, _ parameter: Rejection.Parameter
    ) throws(Rejection) {
        guard price >= rules.pointee.filters.minPrice, price <= rules.pointee.filters.maxPrice
        else { throw .filter(.priceFilter, parameter) }
    }

    func checkMarketLot(_ quantity: Steps, _ rules: UnsafePointer<MarketRules>) throws(Rejection) {
        guard quantity >= rules.pointee.filters.minMarketQuantity, quantity <= rules.pointee.filters.maxMarketQuantity
        else { throw .filter(.marketLotSize, .quantity) }
    }

    @inline(__always)
    func checkUnique(
        _ id: ClientOrderID, _ account: AccountID, _ wallet: Wallet, else refusal: Rejection = .duplicateClientOrderID
    ) throws(Rejection) {
        guard id.isEmpty || openSlot(account, wallet, id) == 0 else { throw refusal }
    }

    @inline(__always)
    func checkLot(
        _ quantity: Steps, _ rules: UnsafePointer<MarketRules>, _ parameter: Rejection.Parameter
    ) throws(Rejection) {
        guard quantity >= rules.pointee.filters.minQuantity, quantity <= rules.pointee.mostQuantity
        else { throw .filter(.lotSize, parameter) }
    }

    /// `notional` may be more than can exist.
    @inline(__always)
    func checkNotional(
        _ notional: Units, _ rules: UnsafePointer<MarketRules>, _ parameter: Rejection.Parameter
    ) throws(Rejection) {
        guard notional >= rules.pointee.filters.minNotional, notional <= rules.pointee.mostNotional
        else { throw .filter(.notional, parameter) }
    }

    /// PERCENT_PRICE_BY_SIDE: around the five-minute average, or the last price when there is none.
    @inline(never)
    func checkAverage(
        _ price: Ticks, _ side: Side, _ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>,
        at time: Timestamp
    ) throws(Rejection) {
        guard price != .zero, let percent = rules.pointee.filters.percentPrice, market.pointee.lastPrice != .zero
        else { return }
        let average = market.pointee.average.average(at: time) ?? (Int128(market.pointee.lastPrice.raw), 1)
        let (up, down) = side == .buy ? (percent.bidUp, percent.bidDown) : (percent.askUp, percent.askDown)
        // price between average × down and average × up, without dividing
        let (scaled, overflow) = (Int128(price.raw) * average.quantity)
            .multipliedReportingOverflow(by: Int128(Rate.scale))
        let (highest, highOverflow) = average.weighted.multipliedReportingOverflow(by: Int128(up.raw))
        let (lowest, lowOverflow) = average.weighted.multipliedReportingOverflow(by: Int128(down.raw))
        guard !overflow, !lowOverflow, highOverflow || scaled <= highest, scaled >= lowest
        else { throw .risk(.percentPriceBySide) }
    }

    /// MAX_NUM_ORDERS, MAX_POSITION, post-only and the exchange's own bounds.
    @inline(__always)
    func checkCounts(
        _ admission: borrowing Admission, _ order: borrowing PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let canRest = admission.canRest
        if canRest {
            try checkOrderCount(order.account, order.wallet, market, rules)
        }
        try checkPosition(admission.quantity, order.side, order.account, order.wallet, rules)
        if admission.type == .limitMaker {
            guard admission.limit > market.pointee.bestKey(against: order.side) else { throw .risk(.postOnly) }
        }
        if canRest { try checkRoom(admission.price, admission.quantity, order.side, market) }
    }

    @inline(__always)
    func checkOrderCount(
        _ account: AccountID, _ wallet: Wallet, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        guard market.pointee.openOrders[MarketSlot.counter(account, wallet)] < rules.pointee.filters.maxOrders
        else { throw wallet == .margin ? .margin(.tooManyOrders) : .risk(.maxNumOrders) }
    }

    @inline(__always)
    private func checkRoom(
        _ price: Ticks, _ quantity: Steps, _ side: Side, _ market: UnsafeMutablePointer<MarketSlot>
    ) throws(Rejection) {
        // Only enormous quantities can bring a level's sum out of range.
        if pool.isFull || pages.isFull || quantity.raw > 1 << 40 {
            guard !pool.isFull, hasRoom(for: quantity, at: price, side, market) else { throw .risk(.exchangeLimit) }
        }
    }

    @inline(never)
    func hasRoom(
        for quantity: Steps, at price: Ticks, _ side: Side, _ market: UnsafeMutablePointer<MarketSlot>
    ) -> Bool {
        let hasPage =
            side == .buy
            ? market.pointee.bids.hasRoom(at: price, pages) : market.pointee.asks.hasRoom(at: price, pages)
        let standing =
            side == .buy ? market.pointee.bids.total(at: price, pages) : market.pointee.asks.total(at: price, pages)
        return hasPage && !standing.raw.addingReportingOverflow(quantity.raw).overflow
    }

    /// What the account owns of the base asset and bids for must not exceed MAX_POSITION.
    @inline(__always)
    func checkPosition(
        _ quantity: Steps, _ side: Side, _ account: AccountID, _ wallet: Wallet, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        if side == .buy && rules.pointee.hasMaxPosition { try checkPosition(quantity, account, wallet, rules) }
    }

    @inline(never)
    private func checkPosition(
        _ quantity: Steps, _ account: AccountID, _ wallet: Wallet, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        guard let most = rules.pointee.filters.maxPosition else { return }
        let scale = rules.pointee.scale
        let owned = ledger.balance(BalanceKey(account: account, wallet: wallet, asset: rules.pointee.base))
        // An amendment may want less than before.
        var position = owned.free + owned.held + Units(Int128(quantity.raw) * Int128(scale.baseUnitsPerStep))
        var slot = accountSlots[account.raw].firstOrder
        while slot != 0 {
            let open = pool.states.base + Int(slot)
            // Of a list only one order can buy.
            let isCounted = open.pointee.status != .pendingTrigger || open.pointee.list == nil
            if open.pointee.market == rules.pointee.id && open.pointee.side == .buy && isCounted {
                position += scale.existingBase(open.pointee.quantity - open.pointee.executed)
            }
            slot = pool.orders[slot].accountNext
        }
        guard position <= most else { throw .risk(.maxPosition) }
    }

    /// That the account can pay for the order.
    @inline(__always)
    func checkBalance(
        _ admission: inout Admission, _ order: borrowing PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        try checkFree(admission.needed, order.side, order.account, order.wallet, rules)
        checkFill(&admission, order, market, rules)
    }

    /// Whether an order that is filled or killed can be filled.
    @inline(__always)
    func checkFill(
        _ admission: inout Admission, _ order: borrowing PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) {
        if admission.timeInForce == .fok {
            let sweep = sweep(order, limit: admission.limit, .quantity(admission.quantity), market, rules)
            admission.isKilled = sweep.quantity < admission.quantity
        }
    }

    @inline(__always)
    func checkFree(
        _ needed: Units, besides held: Units = .zero, _ side: Side, _ account: AccountID, _ wallet: Wallet,
        _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let asset = rules.pointee.asset(paidBy: side)
        let available = ledger.balance(BalanceKey(account: account, wallet: wallet, asset: asset)).free + held
        guard needed <= available
        else { throw .insufficientBalance(asset: asset, required: needed, available: available) }
    }

    func sweep(
        _ order: borrowing PlaceOrder, limit: Int64, _ budget: Sweep.Budget,
        _ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>
    ) -> Sweep {
        sweep(
            Taker(account: order.account, selfTradePrevention: order.selfTradePrevention, limit: limit), order.side,
            budget, market, rules)
    }

    func sweep(
        _ taker: Taker, _ side: Side, _ budget: Sweep.Budget, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) -> Sweep {
        let scale = rules.pointee.scale
        return side == .buy
            ? market.pointee.asks.sweep(taker, budget, scale: scale, pool, pages)
            : market.pointee.bids.sweep(taker, budget, scale: scale, pool, pages)
    }
}
