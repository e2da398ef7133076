/// What assets are worth: set by the operator, or the mid of their spot markets.
extension Engine {
    /// What everything is valued in, perpetuals are margined in, and an index price counts.
    static let settlementAsset = "USDT"

    /// What the asset is worth, for margin and as the index of perpetuals; nil before it is known.
    public func indexPrice(of asset: AssetID) -> IndexPrice? {
        asset.index < margin.index.count ? margin.index[asset.index].price : nil
    }

    mutating func set(_ prices: SetIndexPrices) throws(Rejection) {
        guard !prices.quotes.isEmpty else { throw .invalid(.index) }
        for quote in prices.quotes {
            guard quote.asset.index < assets.count else { throw .unknownAsset }
            // The settlement asset is worth one of itself, which may be said.
            guard quote.asset != margin.settlementAsset || quote.price?.raw == Rate.scale
            else { throw .invalid(.asset) }
            if let price = quote.price {
                guard price.raw > 0, price.raw <= Limits.indexPrice else { throw .invalid(.index) }
            }
        }
        for quote in prices.quotes where quote.asset != margin.settlementAsset {
            margin.index[quote.asset.index].isFixed = quote.price != nil
            setIndex(of: quote.asset, quote.price ?? sample(quote.asset))
        }
    }

    /// Looks at the spot markets of the assets whose price is not fixed. A market that says nothing holds the last
    /// price.
    mutating func sampleIndex() {
        for asset in assets.indices {
            let id = AssetID(UInt16(asset))
            guard !margin.index[asset].isFixed, let price = sample(id) else { continue }
            setIndex(of: id, price)
        }
    }

    /// Whether the asset has an index price, or a market that would give it one.
    func hasIndexSource(_ asset: AssetID) -> Bool { margin.index[asset.index].price != nil || sample(asset) != nil }

    private mutating func setIndex(of asset: AssetID, _ price: IndexPrice?) {
        guard price != margin.index[asset.index].price else { return }
        margin.index[asset.index].set(price, decimals: assets[asset.index].decimals)
        margin.reach(price?.raw ?? 0, of: asset)
        log.append(.indexPriceChanged(IndexQuote(asset: asset, price: price)))
    }

    /// The median of bid, ask and last price; nil when a side is empty or they lie more than 5 % apart.
    private func sample(_ asset: AssetID) -> IndexPrice? {
        guard let id = margin.index[asset.index].market else { return nil }
        let market = marketSlots + id.index
        guard let bid = market.pointee.bids.bestPrice, let ask = market.pointee.asks.bestPrice,
            Int128(ask.raw - bid.raw) * 200 <= Int128(ask.raw + bid.raw) * 5
        else { return nil }
        let last = market.pointee.lastPrice
        let doubled =
            last == .zero
            ? Int128(bid.raw) + Int128(ask.raw) : 2 * Int128(max(bid, min(ask, last)).raw)
        let (numerator, denominator) = indexPerTick(of: id)
        let (product, overflow) = doubled.multipliedReportingOverflow(by: numerator)
        let price = product / (2 * denominator)
        guard !overflow, price > 0, price <= Int128(Limits.indexPrice) else { return nil }
        return IndexPrice(Int64(price))
    }

    /// One tick of a market in parts of 10^-8, as a fraction.
    func indexPerTick(of market: MarketID) -> (numerator: Int128, denominator: Int128) {
        let definition = marketSlots[market.index].definition
        let finer = IndexPrice.decimals - Int(definition.pricePrecision)
        return (Int128(definition.tickSize) * .ten(to: max(0, finer)), .ten(to: max(0, -finer)))
    }
}
