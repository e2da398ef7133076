/// An order that has passed every check, and what the checks found out.
struct Admission {
    var side: Side
    var type: OrderType
    var timeInForce: TimeInForce
    var price: Ticks
    /// What is to be traded; of an order by quote, what its sweep comes to.
    var quantity: Steps
    var quoteQuantity: Units
    /// The worst key of the opposite side that it accepts.
    var limit: Int64
    /// Fill or kill, and it cannot be filled.
    var isKilled = false
    /// An order by quote that the quote amount ends, not the book: filled when its quantity is.
    var isEndedByQuote = false
    /// Of an order by quote that buys: what its sweep costs.
    var cost = Units.zero

    @inline(__always)
    var canRest: Bool { type == .limitMaker || (type == .limit && timeInForce == .gtc) }
}

/// The checks of an order, in the order of mechanics: the first failure is the answer.
extension Engine {
    @inline(__always)
    func admit(_ order: PlaceOrder, at time: Timestamp) throws(Rejection) -> Admission {
        guard order.account.raw <= limits.accounts else { throw .unknownAccount }
        switch accountSlots[order.account.raw].standing {
        case .absent: throw .unknownAccount
        case .tradingDisabled: throw .tradingDisabled
        case .active: break
        }
        guard let market = slot(order.market, for: order.wallet) else { throw .unknownMarket }
        guard rules(order.market).pointee.status == .trading else {
            throw .marketClosed(rules(order.market).pointee.status)
        }
        var admission = try translate(order, market)
        try checkAverage(admission, order, market, at: time)
        try checkCounts(admission, order, market)
        try checkUnique(order)
        try checkBalance(&admission, order, market)
        return admission
    }

    /// Precision, PRICE_FILTER, LOT_SIZE, MARKET_LOT_SIZE and NOTIONAL.
    @inline(__always)
    private func translate(
        _ order: PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>
    ) throws(Rejection) -> Admission {
        let rules = rules(order.market)
        let side = order.side
        switch order.terms {
        case .limit(let price, let quantity, let timeInForce):
            try checkPrice(price, quantity, rules)
            return Admission(
                side: side, type: .limit, timeInForce: timeInForce, price: price, quantity: quantity,
                quoteQuantity: .zero, limit: limit(at: price, side))
        case .limitMaker(let price, let quantity):
            try checkPrice(price, quantity, rules)
            return Admission(
                side: side, type: .limitMaker, timeInForce: .gtc, price: price, quantity: quantity,
                quoteQuantity: .zero, limit: limit(at: price, side))
        case .market(let quantity):
            try checkLot(quantity, rules)
            guard quantity >= rules.pointee.filters.minMarketQuantity,
                quantity <= rules.pointee.filters.maxMarketQuantity
            else { throw .filter(.marketLotSize, .quantity) }
            if market.pointee.lastPrice != .zero {
                try checkNotional(rules.pointee.scale.notional(market.pointee.lastPrice, quantity), rules)
            }
            return Admission(
                side: side, type: .market, timeInForce: .gtc, price: .zero, quantity: quantity,
                quoteQuantity: .zero, limit: .min)
        case .marketByQuote(let quote):
            return try plan(quote, order, market)
        }
    }

    /// An order by quote trades what its sweep comes to. LOT_SIZE: at least one step.
    private func plan(
        _ quote: Units, _ order: PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>
    ) throws(Rejection) -> Admission {
        guard quote > .zero, quote <= Limits.assetSupply else { throw .filter(.notional, .quoteOrderQty) }
        var admission = Admission(
            side: order.side, type: .market, timeInForce: .gtc, price: .zero, quantity: .zero,
            quoteQuantity: quote, limit: .min)
        let sweep = sweep(admission, order, .quote(quote), market)
        if sweep.quantity == .zero && (sweep.ending == .satisfied || sweep.expiresOwn) {
            throw .filter(.lotSize, .quoteOrderQty)
        }
        let filters = rules(order.market).pointee.filters
        guard quote >= filters.minNotional, quote <= filters.maxNotional ?? Limits.assetSupply
        else { throw .filter(.notional, .quoteOrderQty) }
        admission.quantity = sweep.quantity
        admission.isEndedByQuote = sweep.ending == .satisfied
        admission.cost = sweep.notional
        return admission
    }

    private func limit(at price: Ticks, _ side: Side) -> Int64 { side == .buy ? -price.raw : price.raw }

    @inline(__always)
    private func checkPrice(
        _ price: Ticks, _ quantity: Steps, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        guard price >= rules.pointee.filters.minPrice, price <= rules.pointee.filters.maxPrice
        else { throw .filter(.priceFilter, .price) }
        try checkLot(quantity, rules)
        try checkNotional(rules.pointee.scale.notional(price, quantity), rules)
    }

    @inline(__always)
    private func checkLot(_ quantity: Steps, _ rules: UnsafePointer<MarketRules>) throws(Rejection) {
        guard quantity >= rules.pointee.filters.minQuantity, quantity <= rules.pointee.filters.maxQuantity,
            rules.pointee.scale.base(quantity) != nil
        else { throw .filter(.lotSize, .quantity) }
    }

    @inline(__always)
    private func checkNotional(_ notional: Units?, _ rules: UnsafePointer<MarketRules>) throws(Rejection) {
        guard let notional, notional >= rules.pointee.filters.minNotional,
            notional <= rules.pointee.filters.maxNotional ?? notional
        else { throw .filter(.notional, .quantity) }
    }

    /// PERCENT_PRICE_BY_SIDE: around the five-minute average, or the last price when there is none.
    private func checkAverage(
        _ admission: Admission, _ order: PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>, at time: Timestamp
    ) throws(Rejection) {
        guard admission.price != .zero, let percent = rules(order.market).pointee.filters.percentPrice,
            market.pointee.lastPrice != .zero
        else { return }
        let average = market.pointee.average.average(at: time) ?? (Int128(market.pointee.lastPrice.raw), 1)
        let (up, down) =
            order.side == .buy ? (percent.bidUp, percent.bidDown) : (percent.askUp, percent.askDown)
        // price between average × down and average × up, without dividing
        let (scaled, overflow) = (Int128(admission.price.raw) * average.quantity)
            .multipliedReportingOverflow(by: Int128(Rate.scale))
        let (highest, highOverflow) = average.weighted.multipliedReportingOverflow(by: Int128(up.raw))
        let (lowest, lowOverflow) = average.weighted.multipliedReportingOverflow(by: Int128(down.raw))
        guard !overflow, !lowOverflow, highOverflow || scaled <= highest, scaled >= lowest
        else { throw .risk(.percentPriceBySide) }
    }

    /// MAX_NUM_ORDERS, MAX_POSITION, post-only and the exchange's own bounds.
    @inline(__always)
    private func checkCounts(
        _ admission: Admission, _ order: PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>
    ) throws(Rejection) {
        let rules = rules(order.market)
        guard !admission.canRest || market.pointee.openOrders[order.account.raw] < rules.pointee.filters.maxOrders
        else { throw .risk(.maxNumOrders) }
        if let most = rules.pointee.filters.maxPosition, order.side == .buy {
            try checkPosition(admission, order, market, most)
        }
        if admission.type == .limitMaker {
            let crosses =
                order.side == .buy
                ? market.pointee.asks.bestPrice(pages).map { $0 <= admission.price }
                : market.pointee.bids.bestPrice(pages).map { $0 >= admission.price }
            guard crosses != true else { throw .risk(.postOnly) }
        }
        if admission.canRest { try checkRoom(admission, market) }
    }

    @inline(__always)
    private func checkRoom(
        _ admission: Admission, _ market: UnsafeMutablePointer<MarketSlot>
    ) throws(Rejection) {
        guard !pool.isFull else { throw .risk(.exchangeLimit) }
        let hasRoom =
            admission.side == .buy
            ? market.pointee.bids.hasRoom(at: admission.price, pages)
            : market.pointee.asks.hasRoom(at: admission.price, pages)
        guard hasRoom else { throw .risk(.exchangeLimit) }
        // Only enormous quantities can bring a level's sum out of range.
        guard admission.quantity.raw > 1 << 40 else { return }
        let standing =
            admission.side == .buy
            ? market.pointee.bids.total(at: admission.price, pages)
            : market.pointee.asks.total(at: admission.price, pages)
        guard !standing.raw.addingReportingOverflow(admission.quantity.raw).overflow
        else { throw .risk(.exchangeLimit) }
    }

    /// What the account owns of the base asset and bids for must not exceed MAX_POSITION.
    private func checkPosition(
        _ admission: Admission, _ order: PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>, _ most: Units
    ) throws(Rejection) {
        let scale = rules(order.market).pointee.scale
        let owned = ledger.balance(
            BalanceKey(account: order.account, wallet: order.wallet, asset: rules(order.market).pointee.base))
        var position = owned.free + owned.held + scale.existingBase(admission.quantity)
        var slot = accountSlots[order.account.raw].firstOrder
        while slot != 0 {
            let open = pool.orders.base + Int(slot)
            if open.pointee.market == order.market && open.pointee.side == .buy {
                position += scale.existingBase(open.pointee.remaining)
            }
            slot = open.pointee.accountNext
        }
        guard position <= most else { throw .risk(.maxPosition) }
    }

    @inline(__always)
    private func checkUnique(_ order: PlaceOrder) throws(Rejection) {
        guard order.clientOrderID.isEmpty || openSlot(order.account, order.wallet, order.clientOrderID) == 0
        else { throw .duplicateClientOrderID }
    }

    /// Sees what the order would trade at once where that decides, and that the account can pay for it.
    @inline(__always)
    private func checkBalance(
        _ admission: inout Admission, _ order: PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>
    ) throws(Rejection) {
        let rules = rules(order.market)
        let asset = order.side == .buy ? rules.pointee.quote : rules.pointee.base
        let needed =
            admission.type == .market
            ? need(admission, order, market)
            : rules.pointee.hold(order.side, admission.price, admission.quantity).1
        let free = ledger.balance(BalanceKey(account: order.account, wallet: order.wallet, asset: asset)).free
        guard needed <= free else { throw .insufficientBalance(asset: asset, required: needed, available: free) }
        if admission.timeInForce == .fok {
            let sweep = sweep(admission, order, .quantity(admission.quantity), market)
            admission.isKilled = sweep.quantity < admission.quantity
        }
    }

    /// What a market order needs: the cost of its sweep, or what it sells.
    private func need(
        _ admission: Admission, _ order: PlaceOrder, _ market: UnsafeMutablePointer<MarketSlot>
    ) -> Units {
        guard order.side == .buy else { return rules(order.market).pointee.scale.existingBase(admission.quantity) }
        if admission.quoteQuantity != .zero { return admission.cost }
        return sweep(admission, order, .quantity(admission.quantity), market).notional
    }

    private func sweep(
        _ admission: Admission, _ order: PlaceOrder, _ budget: Sweep.Budget,
        _ market: UnsafeMutablePointer<MarketSlot>
    ) -> Sweep {
        let taker = Taker(
            account: order.account, selfTradePrevention: order.selfTradePrevention, limit: admission.limit)
        let scale = rules(order.market).pointee.scale
        return order.side == .buy
            ? market.pointee.asks.sweep(taker, budget, scale: scale, pool, pages)
            : market.pointee.bids.sweep(taker, budget, scale: scale, pool, pages)
    }
}
