import SyncronCore

/// Whether an order may be accepted, in the order in which the questions are asked.
extension NaiveExchange {
    func check(_ order: PlaceOrder, _ sweep: Sweep, in book: Book) throws(Rejection) {
        guard book.market.status == .trading else { throw .marketClosed(book.market.status) }
        try checkFilters(order, sweep, in: book)
        try checkRisks(order, sweep, in: book)
        try checkClientID(order)
        try checkBalance(order, sweep, in: book.market)
    }

    // MARK: - The order alone

    private func checkFilters(_ order: PlaceOrder, _ sweep: Sweep, in book: Book) throws(Rejection) {
        let market = book.market
        switch order.terms {
        case .limit(let price, let quantity, _), .limitMaker(let price, let quantity):
            try checkPrice(price, market)
            try checkQuantity(quantity, market)
            try checkNotional(notional(price.raw, quantity.raw, in: market), .quantity, market)
        case .market(let quantity):
            try checkQuantity(quantity, market)
            let (least, most) = (market.filters.minMarketQuantity, market.filters.maxMarketQuantity)
            guard quantity >= least && quantity <= most else { throw .filter(.marketLotSize, .quantity) }
            if let last = book.trades.last {
                try checkNotional(notional(last.price, quantity.raw, in: market), .quantity, market)
            }
        case .marketByQuote(let quote):
            guard quote > .zero && quote <= Limits.assetSupply else { throw .filter(.notional, .quoteOrderQty) }
            if sweep.executed == 0 && (sweep.end == .satisfied || sweep.expiresOwn) {
                throw .filter(.lotSize, .quoteOrderQty)
            }
            try checkNotional(quote.raw, .quoteOrderQty, market)
        }
    }

    private func checkPrice(_ price: Ticks, _ market: Market) throws(Rejection) {
        guard price != .offGrid && price >= market.filters.minPrice && price <= market.filters.maxPrice else {
            throw .filter(.priceFilter, .price)
        }
    }

    private func checkQuantity(_ quantity: Steps, _ market: Market) throws(Rejection) {
        let filters = market.filters
        guard quantity != .offGrid && quantity >= filters.minQuantity && quantity <= filters.maxQuantity else {
            throw .filter(.lotSize, .quantity)
        }
        // More than there can be of the asset.
        guard base(quantity.raw, in: market) <= Limits.assetSupply.raw else { throw .filter(.lotSize, .quantity) }
    }

    private func checkNotional(_ amount: Int128, _ parameter: Rejection.Parameter, _ market: Market) throws(Rejection) {
        let most = market.filters.maxNotional ?? Limits.assetSupply
        guard amount >= market.filters.minNotional.raw && amount <= most.raw else {
            throw .filter(.notional, parameter)
        }
    }

    // MARK: - The order and the state of things

    private func checkRisks(_ order: PlaceOrder, _ sweep: Sweep, in book: Book) throws(Rejection) {
        let filters = book.market.filters
        if let price = limitPrice(of: order.terms), let bounds = filters.percentPrice {
            guard isNear(price, order.side, bounds, in: book) else { throw .risk(.percentPriceBySide) }
        }
        if mayRest(order.terms) {
            let open = book.resting.filter { $0.account == order.account }
            guard open.count < Int(filters.maxOrders) else { throw .risk(.maxNumOrders) }
        }
        if order.side == .buy, let most = filters.maxPosition {
            guard position(with: order, sweep, in: book) <= most.raw else { throw .risk(.maxPosition) }
        }
        if case .limitMaker(let price, _) = order.terms {
            guard crossing(order.side, price.raw, in: book).isEmpty else { throw .risk(.postOnly) }
        }
        if mayRest(order.terms) {
            let open = books.reduce(0) { $0 + $1.resting.count }
            guard open < limits.openOrders && fits(order, in: book) else { throw .risk(.exchangeLimit) }
        }
    }

    /// Whether what stands at the order's price can still be counted with it.
    private func fits(_ order: PlaceOrder, in book: Book) -> Bool {
        switch order.terms {
        case .limit(let price, let quantity, _), .limitMaker(let price, let quantity):
            standing(order.side, price, in: book) + Int128(quantity.raw) <= Int128(Int64.max)
        case .market, .marketByQuote: true
        }
    }

    /// Whether a price lies within the multiples of the average, bounds included.
    /// The average is that of the last five minutes by volume, else the last price; without any, all prices do.
    private func isNear(_ price: Int64, _ side: Side, _ bounds: PercentPrice, in book: Book) -> Bool {
        var recent = book.trades.filter { $0.time > now + -Limits.averagePriceSpan }
        if recent.isEmpty { recent = book.trades.suffix(1) }
        guard !recent.isEmpty else { return true }
        let value = recent.reduce(Int128(0)) { $0 + Int128($1.price) * Int128($1.quantity) }
        let volume = recent.reduce(Int128(0)) { $0 + Int128($1.quantity) }
        let (up, down) = side == .buy ? (bounds.bidUp, bounds.bidDown) : (bounds.askUp, bounds.askDown)
        let scaled = Wide(Int128(price) * 100_000_000, volume)
        return scaled <= Wide(value, Int128(up.raw)) && scaled >= Wide(value, Int128(down.raw))
    }

    /// What the account owns of the base asset and bids for in this market, with the order.
    private func position(with order: PlaceOrder, _ sweep: Sweep, in book: Book) -> Int128 {
        let market = book.market
        let own = balance(Holding(account: order.account, wallet: order.wallet, asset: market.base))
        let bids = book.resting.filter { $0.account == order.account && $0.side == .buy }
        let asked: Int64 =
            switch order.terms {
            case .limit(_, let quantity, _), .limitMaker(_, let quantity), .market(let quantity): quantity.raw
            case .marketByQuote: sweep.executed
            }
        return bids.reduce(own.free + own.held + base(asked, in: market)) {
            $0 + base($1.quantity.raw - $1.executed.raw, in: market)
        }
    }

    private func checkClientID(_ order: PlaceOrder) throws(Rejection) {
        guard !order.clientOrderID.isEmpty else { return }
        for book in books {
            for open in book.resting
            where open.account == order.account && open.wallet == order.wallet
                && open.clientOrderID == order.clientOrderID
            {
                throw .duplicateClientOrderID
            }
        }
    }

    private func checkBalance(_ order: PlaceOrder, _ sweep: Sweep, in market: Market) throws(Rejection) {
        let asset = order.side == .buy ? market.quote : market.base
        let available = balance(Holding(account: order.account, wallet: order.wallet, asset: asset)).free
        let required: Int128 =
            switch (order.terms, order.side) {
            case (.limit(let price, let quantity, _), .buy), (.limitMaker(let price, let quantity), .buy):
                notional(price.raw, quantity.raw, in: market)
            case (.limit(_, let quantity, _), .sell), (.limitMaker(_, let quantity), .sell),
                (.market(let quantity), .sell):
                base(quantity.raw, in: market)
            case (.market, .buy), (.marketByQuote, .buy): sweep.notional
            case (.marketByQuote, .sell): base(sweep.executed, in: market)
            }
        guard required <= available else {
            throw .insufficientBalance(asset: asset, required: Units(required), available: Units(available))
        }
    }

    // MARK: - Terms

    private func limitPrice(of terms: OrderTerms) -> Int64? {
        switch terms {
        case .limit(let price, _, _), .limitMaker(let price, _): price.raw
        case .market, .marketByQuote: nil
        }
    }

    func mayRest(_ terms: OrderTerms) -> Bool {
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
