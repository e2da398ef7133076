import SyncronCore

/// Whether an order may be accepted, in the order in which the questions are asked.
extension NaiveExchange {
    func check(_ placement: OrderWithOptions, _ sweep: Sweep, in book: Book) throws(Rejection) {
        let (order, options) = (placement.order, placement.options)
        guard options.sideEffect == .none || order.wallet == .margin else { throw .invalid(.sideEffectType) }
        try checkForm(order, options)
        try checkFilters(order, options, sweep, in: book)
        try checkRisks(order, options, sweep, in: book)
        try checkClientID(order.clientOrderID, order.account, order.wallet)
        try checkBalance(placement, sweep, in: book)
    }

    // MARK: - The order alone

    private func checkForm(_ order: PlaceOrder, _ options: OrderOptions) throws(Rejection) {
        if let trigger = options.trigger {
            switch order.terms {
            case .limit, .market: break
            case .limitMaker, .marketByQuote: throw .invalid(.type)
            }
            guard options.icebergQuantity == nil else { throw .invalid(.type) }
            if let delta = trigger.trailingDelta, !(10...2_000).contains(delta) { throw .invalid(.trailingDelta) }
            if trigger.stopPrice == nil {
                guard trigger.trailingDelta != nil else { throw .invalid(.stopPrice) }
                // Nothing says what such a purchase would have to set aside.
                if case .market = order.terms, order.side == .buy { throw .invalid(.stopPrice) }
            }
        }
        if let iceberg = options.icebergQuantity {
            guard mayRest(order.terms) else { throw .invalid(.icebergQty) }
            // What is nothing or off the grid is left to LOT_SIZE.
            if let quantity = quantity(of: order.terms), iceberg > .zero && quantity != .offGrid {
                guard iceberg <= quantity else { throw .invalid(.icebergQty) }
            }
        }
        if let lifetime = options.lifetime {
            guard lifetime > 0, lifetime <= Limits.longestCountdown else { throw .invalid(.cancelAfter) }
            guard options.trigger != nil || mayRest(order.terms) else { throw .invalid(.cancelAfter) }
        }
    }

    private func checkFilters(
        _ order: PlaceOrder, _ options: OrderOptions, _ sweep: Sweep, in book: Book
    ) throws(Rejection) {
        let market = book.market
        if let price = limitPrice(of: order.terms) { try checkPrice(price, .price, market) }
        if let stopPrice = options.trigger?.stopPrice { try checkPrice(stopPrice, .stopPrice, market) }
        if let quantity = quantity(of: order.terms) { try checkQuantity(quantity, .quantity, market) }
        if let iceberg = options.icebergQuantity { try checkQuantity(iceberg, .icebergQty, market) }
        switch order.terms {
        case .limit(let price, let quantity, _), .limitMaker(let price, let quantity):
            try checkNotional(notional(price.raw, quantity.raw, in: market), .quantity, market)
        case .market(let quantity):
            try checkMarketQuantity(quantity, market)
            if let price = options.trigger?.stopPrice?.raw ?? book.trades.last?.price {
                try checkNotional(notional(price, quantity.raw, in: market), .quantity, market)
            }
        case .marketByQuote(let quote):
            guard quote > .zero && quote <= Limits.assetSupply else { throw .filter(.notional, .quoteOrderQty) }
            if sweep.executed == 0 && (sweep.end == .satisfied || sweep.expiresOwn) {
                throw .filter(.lotSize, .quoteOrderQty)
            }
            try checkNotional(quote.raw, .quoteOrderQty, market)
        }
    }

    func checkPrice(_ price: Ticks, _ parameter: Rejection.Parameter, _ market: Market) throws(Rejection) {
        guard price != .offGrid && price >= market.filters.minPrice && price <= market.filters.maxPrice else {
            throw .filter(.priceFilter, parameter)
        }
    }

    func checkQuantity(_ quantity: Steps, _ parameter: Rejection.Parameter, _ market: Market) throws(Rejection) {
        let filters = market.filters
        guard quantity != .offGrid && quantity >= filters.minQuantity && quantity <= filters.maxQuantity else {
            throw .filter(.lotSize, parameter)
        }
        // More than there can be of the asset.
        guard base(quantity.raw, in: market) <= Limits.assetSupply.raw else { throw .filter(.lotSize, parameter) }
    }

    func checkMarketQuantity(_ quantity: Steps, _ market: Market) throws(Rejection) {
        let (least, most) = (market.filters.minMarketQuantity, market.filters.maxMarketQuantity)
        guard quantity >= least && quantity <= most else { throw .filter(.marketLotSize, .quantity) }
    }

    func checkNotional(_ amount: Int128, _ parameter: Rejection.Parameter, _ market: Market) throws(Rejection) {
        let most = market.filters.maxNotional ?? Limits.assetSupply
        guard amount >= market.filters.minNotional.raw && amount <= most.raw else {
            throw .filter(.notional, parameter)
        }
    }

    // MARK: - The order and the state of things

    private func checkRisks(
        _ order: PlaceOrder, _ options: OrderOptions, _ sweep: Sweep, in book: Book
    ) throws(Rejection) {
        if let price = limitPrice(of: order.terms) { try checkAverage(price, order.side, in: book) }
        if let iceberg = options.icebergQuantity, let quantity = quantity(of: order.terms) {
            let parts = quantity.raw / iceberg.raw + (quantity.raw % iceberg.raw == 0 ? 0 : 1)
            guard parts <= Int64(book.market.filters.maxIcebergParts) else { throw .risk(.icebergParts) }
        }
        let staysOpen = options.trigger != nil || mayRest(order.terms)
        if staysOpen { try checkCount(of: 1, order.account, order.wallet, in: book) }
        if options.trigger != nil { try checkAlgoCount(order.account, order.wallet, in: book) }
        let asked = quantity(of: order.terms)?.raw ?? sweep.executed
        if order.side == .buy {
            try checkPosition(base(asked, in: book.market), order.account, order.wallet, in: book)
        }
        if let trigger = options.trigger, trigger.trailingDelta == nil, let stopPrice = trigger.stopPrice,
            let last = book.trades.last
        {
            guard !isReached(trigger.kind, order.side, stopPrice, at: last.price) else { throw .risk(.trigger) }
        }
        if case .limitMaker(let price, _) = order.terms { try checkPostOnly(price, order.side, in: book) }
        if staysOpen {
            guard openOrders.count < limits.openOrders else { throw .risk(.exchangeLimit) }
        }
        if options.trigger == nil, mayRest(order.terms), let price = limitPrice(of: order.terms) {
            try checkRoom(for: asked, at: price, order.side, in: book)
        }
    }

    /// PERCENT_PRICE_BY_SIDE: the price lies within the multiples of the average, bounds included.
    /// The average is that of the last five minutes by volume, else the last price; without any, all prices do.
    func checkAverage(_ price: Ticks, _ side: Side, in book: Book) throws(Rejection) {
        guard isNearAverage(price, side, in: book) else { throw .risk(.percentPriceBySide) }
    }

    func isNearAverage(_ price: Ticks, _ side: Side, in book: Book) -> Bool {
        guard let bounds = book.market.filters.percentPrice else { return true }
        var recent = book.trades.filter { $0.time > now + -Limits.averagePriceSpan }
        if recent.isEmpty { recent = book.trades.suffix(1) }
        guard !recent.isEmpty else { return true }
        let value = recent.reduce(Int128(0)) { $0 + Int128($1.price) * Int128($1.quantity) }
        let volume = recent.reduce(Int128(0)) { $0 + Int128($1.quantity) }
        let (up, down) = side == .buy ? (bounds.bidUp, bounds.bidDown) : (bounds.askUp, bounds.askDown)
        let scaled = Wide(Int128(price.raw) * 100_000_000, volume)
        return scaled <= Wide(value, Int128(up.raw)) && scaled >= Wide(value, Int128(down.raw))
    }

    /// MAX_NUM_ORDERS: so many more orders of the wallet may be open.
    func checkCount(of more: Int, _ account: AccountID, _ wallet: Wallet, in book: Book) throws(Rejection) {
        let open = (book.resting + book.waiting).filter { $0.account == account && $0.wallet == wallet }
        guard open.count + more <= Int(book.market.filters.maxOrders) else {
            throw wallet == .margin ? .margin(.tooManyOrders) : .risk(.maxNumOrders)
        }
    }

    /// MAX_NUM_ALGO_ORDERS: one more may wait.
    func checkAlgoCount(_ account: AccountID, _ wallet: Wallet, in book: Book) throws(Rejection) {
        let waiting = book.waiting.filter { $0.account == account && $0.wallet == wallet }
        guard waiting.count < Int(book.market.filters.maxAlgoOrders) else { throw .risk(.maxNumAlgoOrders) }
    }

    /// MAX_POSITION: what the account owns of the base asset and bids for in this market, and `more` base units.
    /// Of a list only one leg can buy, so that it counts once.
    func checkPosition(_ more: Int128, _ account: AccountID, _ wallet: Wallet, in book: Book) throws(Rejection) {
        guard let most = book.market.filters.maxPosition else { return }
        let own = balance(Holding(account: account, wallet: wallet, asset: book.market.base))
        let open = book.resting + book.waiting.filter { $0.list == nil }
        let bids = open.filter { $0.account == account && $0.side == .buy }
        let position = bids.reduce(own.free + own.held + more) {
            $0 + base($1.quantity.raw - $1.executed.raw, in: book.market)
        }
        guard position <= most.raw else { throw .risk(.maxPosition) }
    }

    func checkPostOnly(_ price: Ticks, _ side: Side, in book: Book) throws(Rejection) {
        guard crossing(side, price.raw, in: book).isEmpty else { throw .risk(.postOnly) }
    }

    /// What stands at the price can still be counted with the quantity.
    func checkRoom(for quantity: Int64, at price: Ticks, _ side: Side, in book: Book) throws(Rejection) {
        guard standing(side, price, in: book) + Int128(quantity) <= Int128(Int64.max) else {
            throw .risk(.exchangeLimit)
        }
    }

    func checkClientID(
        _ id: ClientOrderID, _ account: AccountID, _ wallet: Wallet, else refusal: Rejection = .duplicateClientOrderID
    ) throws(Rejection) {
        guard !id.isEmpty else { return }
        for open in openOrders
        where open.account == account && open.wallet == wallet && open.clientOrderID == id {
            throw refusal
        }
    }

    private func checkBalance(_ placement: OrderWithOptions, _ sweep: Sweep, in book: Book) throws(Rejection) {
        let order = placement.order
        let required = required(for: placement, sweep, in: book.market)
        guard order.wallet != .margin else { return try checkMargin(placement, required, sweep, in: book) }
        let asset = order.side == .buy ? book.market.quote : book.market.base
        try checkBalance(Holding(account: order.account, wallet: order.wallet, asset: asset), required)
    }

    /// What an order must be able to pay when it is accepted.
    func required(for placement: OrderWithOptions, _ sweep: Sweep, in market: Market) -> Int128 {
        let (order, trigger) = (placement.order, placement.options.trigger)
        return
            switch (order.terms, order.side)
        {
        case (.limit(let price, let quantity, _), .buy), (.limitMaker(let price, let quantity), .buy):
            notional(price.raw, quantity.raw, in: market)
        case (.limit(_, let quantity, _), .sell), (.limitMaker(_, let quantity), .sell),
            (.market(let quantity), .sell):
            base(quantity.raw, in: market)
        case (.market(let quantity), .buy):
            if let stopPrice = trigger?.stopPrice {
                notional(stopPrice.raw, quantity.raw, in: market)
            } else {
                sweep.notional
            }
        case (.marketByQuote, .buy): sweep.notional
        case (.marketByQuote, .sell): base(sweep.executed, in: market)
        }
    }

    /// That `required` is free, or comes free by what is given up for it.
    func checkBalance(_ holding: Holding, _ required: Int128, givingUp held: Int128 = 0) throws(Rejection) {
        let available = balance(holding).free + held
        guard required <= available else {
            throw .insufficientBalance(
                asset: holding.asset, required: Units(required), available: Units(available))
        }
    }

    // MARK: - Terms

    private func limitPrice(of terms: OrderTerms) -> Ticks? {
        switch terms {
        case .limit(let price, _, _), .limitMaker(let price, _): price
        case .market, .marketByQuote: nil
        }
    }

    private func quantity(of terms: OrderTerms) -> Steps? {
        switch terms {
        case .limit(_, let quantity, _), .limitMaker(_, let quantity), .market(let quantity): quantity
        case .marketByQuote: nil
        }
    }

    private func mayRest(_ terms: OrderTerms) -> Bool {
        switch terms {
        case .limit(_, _, let timeInForce): timeInForce == .gtc
        case .limitMaker: true
        case .market, .marketByQuote: false
        }
    }
}

/// A product too large for 128 bits, for comparison only.
private struct Wide: Comparable {
    var high: Int128
    var low: UInt128

    init(_ a: Int128, _ b: Int128) { (high, low) = a.multipliedFullWidth(by: b) }

    static func < (a: Wide, b: Wide) -> Bool { (a.high, a.low) < (b.high, b.low) }
}
