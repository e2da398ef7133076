/// One market with its book.
struct MarketSlot: ~Copyable {
    var definition: Market
    var bids = BookSide(side: .buy)
    var asks = BookSide(side: .sell)
    var lastTradeID: UInt64 = 0
    /// Zero before the first trade.
    var lastPrice = Ticks.zero
    var average = PriceWindow()
    /// How many open orders each account has here, by `counter`.
    let openOrders: Slab<UInt32>
    /// And how many of these wait for a trigger.
    let waitingOrders: Slab<UInt32>
    var triggers = TriggerBook()
    var perpetual: PerpetualState
    /// Of perpetuals.
    var brackets: Brackets

    init(_ definition: Market, accounts: Int) {
        self.definition = definition
        perpetual = PerpetualState(accounts: definition.kind == .perpetual ? accounts : 0)
        brackets = Brackets(definition.perpetual ?? PerpetualTerms(brackets: []))
        openOrders = Slab(capacity: (accounts + 1) * 2)
        waitingOrders = Slab(capacity: (accounts + 1) * 2)
    }

    /// Where an account's orders are counted: those of spot and of margin apart.
    @inline(__always)
    static func counter(_ account: AccountID, _ wallet: Wallet) -> Int {
        account.index << 1 | Int(wallet.rawValue & 1)
    }

    /// The best key of the side that an order of `side` trades against.
    @inline(__always)
    func bestKey(against side: Side) -> Int64 { side == .buy ? asks.bestKey : bids.bestKey }
}

/// What the order path needs of a market's definition, without its texts.
struct MarketRules: BitwiseCopyable {
    var id: MarketID
    var kind: MarketKind
    var status: MarketStatus
    var base: AssetID
    var quote: AssetID
    var scale: MarketScale
    /// What LOT_SIZE allows at most: its bound, or what can exist.
    var mostQuantity: Steps
    /// What NOTIONAL allows at most: its bound, or what can exist.
    var mostNotional: Units
    var hasPercentPrice: Bool
    var hasMaxPosition: Bool
    var filters: Filters
    var commissions: InlineArray<5, CommissionRates>

    init(_ market: Market, _ scale: MarketScale) {
        id = market.id
        kind = market.kind
        status = market.status
        base = market.base
        quote = market.quote
        self.scale = scale
        filters = market.filters
        mostQuantity = min(filters.maxQuantity, scale.mostQuantity)
        mostNotional = filters.maxNotional ?? Limits.assetSupply
        hasPercentPrice = filters.percentPrice != nil
        hasMaxPosition = filters.maxPosition != nil
        commissions = InlineArray { market.commissions[$0] }
    }
}

extension MarketRules {
    /// What an order of that side gives, and what it gets for it.
    @inline(__always)
    func asset(paidBy side: Side) -> AssetID { side == .buy ? quote : base }

    @inline(__always)
    func asset(receivedBy side: Side) -> AssetID { side == .buy ? base : quote }

    /// What so much at that price takes, in units of the asset paid with. It must be able to exist.
    @inline(__always)
    func needed(_ side: Side, _ price: Ticks, _ quantity: Steps) -> Units {
        side == .buy ? scale.existingNotional(price, quantity) : scale.existingBase(quantity)
    }
}

extension Engine {
    func slot(_ market: MarketID) -> UnsafeMutablePointer<MarketSlot>? {
        market.index < marketCount ? marketSlots + market.index : nil
    }

    /// The market, when orders of that wallet can name it: spot and margin orders name spot markets, futures orders
    /// perpetuals.
    @inline(__always)
    func slot(_ market: MarketID, for wallet: Wallet) -> UnsafeMutablePointer<MarketSlot>? {
        guard let slot = slot(market), (wallet == .futures) == (rules(market).pointee.kind == .perpetual)
        else { return nil }
        return slot
    }

    @inline(__always)
    func rules(_ market: MarketID) -> UnsafePointer<MarketRules> { UnsafePointer(marketRules.base + market.index) }

    /// Creates or changes an asset. Its decimals never change: balances count in them.
    mutating func define(_ asset: Asset) throws(Rejection) {
        guard genesis != nil else { throw .outOfPlace }
        try Self.validate(asset)
        var defined = asset
        if let known = assets.firstIndex(where: { $0.name == asset.name }) {
            guard assets[known].decimals == asset.decimals else { throw .conflict(.decimals) }
            guard asset.margin != nil || assets[known].margin == nil else { throw .conflict(.collateralRatio) }
            defined.id = assets[known].id
            assets[known] = defined
        } else {
            guard assets.count < limits.assets else { throw .risk(.exchangeLimit) }
            defined.id = AssetID(UInt16(assets.count))
            assets.append(defined)
            addAsset(defined)
        }
        log.append(.assetDefined(defined))
    }

    mutating func addAsset(_ asset: Asset) {
        ledger.addAsset()
        margin.addAsset()
        guard asset.name == Self.settlementAsset else { return }
        margin.settlementAsset = asset.id
        margin.index[asset.id.index].set(IndexPrice(Rate.scale), decimals: asset.decimals)
    }

    private static func validate(_ asset: Asset) throws(Rejection) {
        guard isName(asset.name) else { throw .invalid(.asset) }
        guard asset.decimals <= Limits.assetDecimals else { throw .invalid(.decimals) }
        for (index, network) in asset.networks.enumerated() {
            guard isText(network.name), !asset.networks[..<index].contains(where: { $0.name == network.name })
            else { throw .invalid(.networks) }
            guard network.withdrawalFee >= .zero, network.withdrawalFee <= Limits.assetSupply
            else { throw .invalid(.withdrawalFee) }
        }
        if let margin = asset.margin {
            guard margin.collateralRatio >= .zero, margin.collateralRatio <= .one
            else { throw .invalid(.collateralRatio) }
            guard margin.dailyInterest >= .zero, margin.dailyInterest < .one else { throw .invalid(.dailyInterest) }
        }
    }

    static func isName(_ text: String) -> Bool {
        (1...20).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }

    static func isText(_ text: String) -> Bool { (1...Limits.textLength).contains(text.utf8.count) }

    /// Creates or changes a market. What its orders count in (assets, kind, tick, step, precisions) never changes.
    mutating func define(_ market: Market) throws(Rejection) {
        guard genesis != nil else { throw .outOfPlace }
        guard market.base.index < assets.count else { throw .invalid(.baseAsset) }
        guard market.quote.index < assets.count, market.quote != market.base else { throw .invalid(.quoteAsset) }
        let (base, quote) = (assets[market.base.index], assets[market.quote.index])
        let suffix = market.kind == .perpetual ? "-PERP" : ""
        guard market.symbol == "\(base.name)-\(quote.name)\(suffix)" else { throw .invalid(.symbol) }
        let scale = try Self.validate(market, base: base, quote: quote)
        var defined = market
        if let known = (0..<marketCount).first(where: { marketSlots[$0].definition.symbol == market.symbol }) {
            let old = marketSlots[known].definition
            try Self.checkUnchanged(old, market)
            defined.id = old.id
            defined.status = old.status
            marketSlots[known].definition = defined
            marketSlots[known].brackets = Brackets(defined.perpetual ?? PerpetualTerms(brackets: []))
            marketRules[known] = MarketRules(defined, scale)
        } else {
            guard marketCount < limits.markets else { throw .risk(.exchangeLimit) }
            defined.id = MarketID(UInt16(marketCount))
            (marketSlots + marketCount).initialize(to: MarketSlot(defined, accounts: limits.accounts))
            marketRules[marketCount] = MarketRules(defined, scale)
            marketCount += 1
            noteIndexMarket(defined)
        }
        log.append(.marketDefined(defined))
    }

    /// The spot market in the settlement asset tells what the other is worth.
    mutating func noteIndexMarket(_ market: Market) {
        if market.kind == .perpetual { futures.addMarket(market.id) }
        guard market.kind == .spot, market.quote == margin.settlementAsset else { return }
        margin.index[market.base.index].market = market.id
    }

    private static func checkUnchanged(_ old: Market, _ new: Market) throws(Rejection) {
        guard old.pricePrecision == new.pricePrecision else { throw .conflict(.pricePrecision) }
        guard old.quantityPrecision == new.quantityPrecision else { throw .conflict(.quantityPrecision) }
        guard old.tickSize == new.tickSize else { throw .conflict(.tickSize) }
        guard old.stepSize == new.stepSize else { throw .conflict(.stepSize) }
    }

    private static func validate(_ market: Market, base: Asset, quote: Asset) throws(Rejection) -> MarketScale {
        let decimals = UInt8(Limits.assetDecimals)
        guard market.pricePrecision <= decimals else { throw .invalid(.pricePrecision) }
        guard market.quantityPrecision <= decimals else { throw .invalid(.quantityPrecision) }
        let scale = try MarketScale(market, base: base, quote: quote)
        let filters = market.filters
        guard filters.minPrice.raw >= 1 else { throw .invalid(.minPrice) }
        guard filters.maxPrice >= filters.minPrice, filters.maxPrice.raw <= Limits.orderMagnitude
        else { throw .invalid(.maxPrice) }
        guard filters.minQuantity.raw >= 1, filters.minMarketQuantity.raw >= 1 else { throw .invalid(.minQty) }
        guard filters.maxQuantity >= filters.minQuantity, filters.maxQuantity.raw <= Limits.orderMagnitude,
            filters.maxMarketQuantity >= filters.minMarketQuantity,
            filters.maxMarketQuantity.raw <= Limits.orderMagnitude
        else { throw .invalid(.maxQty) }
        guard filters.minNotional >= .zero, filters.minNotional <= Limits.assetSupply
        else { throw .invalid(.minNotional) }
        if let most = filters.maxNotional {
            guard most >= filters.minNotional, most <= Limits.assetSupply else { throw .invalid(.maxNotional) }
        }
        if let percent = filters.percentPrice {
            guard percent.bidDown >= .zero, percent.askDown >= .zero, percent.bidUp >= percent.bidDown,
                percent.askUp >= percent.askDown
            else { throw .invalid(.multipliers) }
        }
        guard filters.maxIcebergParts >= 1, filters.maxOrders >= 1 else { throw .invalid(.limit) }
        if let most = filters.maxPosition {
            guard most >= .zero, most <= Limits.assetSupply else { throw .invalid(.limit) }
        }
        guard market.commissions.count == CommissionRates.tiers,
            market.commissions.allSatisfy({
                $0.maker >= .zero && $0.taker >= .zero && $0.maker < .one && $0.taker < .one
            })
        else { throw .invalid(.commissions) }
        if market.kind == .perpetual { try validate(market.perpetual, market, quote) }
        return scale
    }

    /// Perpetuals are margined in the settlement asset; their rows rise in notional and maintenance, and fall in
    /// leverage.
    private static func validate(
        _ terms: PerpetualTerms?, _ market: Market, _ quote: Asset
    ) throws(Rejection) {
        guard quote.name == settlementAsset else { throw .invalid(.quoteAsset) }
        guard market.pricePrecision <= UInt8(IndexPrice.decimals) else { throw .invalid(.pricePrecision) }
        guard let brackets = terms?.brackets, !brackets.isEmpty, brackets.count <= 64
        else { throw .invalid(.brackets) }
        var last = PerpetualTerms.Bracket(cap: .zero, maxLeverage: 126, maintenance: .zero)
        for bracket in brackets {
            guard bracket.cap > last.cap, bracket.cap <= Limits.assetSupply, bracket.maxLeverage >= 1,
                bracket.maxLeverage < last.maxLeverage, bracket.maintenance > last.maintenance,
                bracket.maintenance < .one
            else { throw .invalid(.brackets) }
            last = bracket
        }
    }

    mutating func set(_ change: SetMarketStatus) throws(Rejection) {
        guard let slot = slot(change.market) else { throw .unknownMarket }
        slot.pointee.definition.status = change.status
        marketRules[change.market.index].status = change.status
        if slot.pointee.definition.kind == .perpetual && change.status == .trading { noteHolders(of: change.market) }
        log.append(.marketStatusChanged(change))
    }
}
