import SyncronCore

/// Index prices: fixed, or the middle of a spot market.
extension NaiveExchange {
    static let highestIndex: Int64 = 1_000_000_000_000_000_000

    mutating func set(_ prices: SetIndexPrices) throws(Rejection) {
        guard !prices.quotes.isEmpty else { throw .invalid(.index) }
        for quote in prices.quotes {
            guard Int(quote.asset.raw) < assets.count else { throw .unknownAsset }
            guard quote.asset != usdt?.id || quote.price?.raw == 100_000_000 else { throw .invalid(.asset) }
            guard let price = quote.price else { continue }
            guard (1...Self.highestIndex).contains(price.raw) else { throw .invalid(.index) }
        }
        for quote in prices.quotes where quote.asset != usdt?.id {
            if let price = quote.price {
                fixedIndices.insert(quote.asset)
                change(quote.asset, to: price.raw)
            } else {
                fixedIndices.remove(quote.asset)
                change(quote.asset, to: sample(quote.asset))
            }
        }
    }

    private mutating func change(_ asset: AssetID, to price: Int64?) {
        guard indexPrices[asset] != price else { return }
        indexPrices[asset] = price
        events.append(.indexPriceChanged(IndexQuote(asset: asset, price: price.map { IndexPrice($0) })))
    }

    /// Where a market gives no price, the last one stays.
    mutating func sampleAll() {
        for asset in assets where !fixedIndices.contains(asset.id) {
            if let price = sample(asset.id) { change(asset.id, to: price) }
        }
    }

    /// Where an asset is sold and bought for USDT.
    func home(of asset: AssetID) -> Int? {
        guard let usdt, asset != usdt.id else { return nil }
        return books.firstIndex { book in
            book.market.kind == .spot && book.market.base == asset && book.market.quote == usdt.id
        }
    }

    /// The median of bid, ask and last price, unless bid and ask are more than 5 % of their middle apart.
    func sample(_ asset: AssetID) -> Int64? {
        guard let index = home(of: asset) else { return nil }
        let book = books[index]
        guard let bid = book.resting.filter({ $0.side == .buy }).map(\.price.raw).max(),
            let ask = book.resting.filter({ $0.side == .sell }).map(\.price.raw).min()
        else { return nil }
        let (low, high) = (Whole(Int128(bid)), Whole(Int128(ask)))
        guard (high - low) * 200 <= (low + high) * 5 else { return nil }
        let twice =
            if let last = book.trades.last { [bid, ask, last.price].sorted()[1] * 2 } else { bid + ask }
        let scale = Whole(Int128(book.market.tickSize)) * Whole.power(IndexPrice.decimals)
        let divisor = Whole.power(Int(book.market.pricePrecision)) * 2
        let price = (Whole(Int128(twice)) * scale).divided(by: divisor).clamped
        return price >= 1 && price <= Int128(Self.highestIndex) ? Int64(price) : nil
    }
}
