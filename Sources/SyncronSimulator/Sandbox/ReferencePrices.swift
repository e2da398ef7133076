import SyncronCore

/// What the simulated traders believe assets to be worth: a random walk for each, around its home.
///
/// Values count in 10^-8 of a dollar, and a market's price is the quotient of two of them. So the prices of markets
/// that share assets fit together.
struct ReferencePrices: Sendable {
    /// Where each asset's walk starts, and whereto it is drawn back.
    static let homes: [String: Int64] = [
        "USDT": 100_000_000, "SOL": 15_000_000_000, "ETH": 300_000_000_000, "BTC": 6_000_000_000_000,
    ]
    /// The anchor does not walk.
    static let anchor = "USDT"
    /// How much of the distance to its home a value loses each second: half of it in eight days.
    private static let pull: Int64 = 1_000_000
    /// Standard deviations of a second's change, in millionths. One holds for some minutes.
    private static let moods: [Int64] = [15, 25, 40, 60, 90]

    private struct Walk {
        var asset: AssetID
        var home: Int64
        var value: Int64
    }

    private let assets: [Asset]
    private var walks: [Walk] = []
    private var fixed: [AssetID: Int64] = [:]
    private var mood: Int64 = 40

    init(assets: [Asset]) {
        self.assets = assets
        for asset in assets {
            guard let home = Self.homes[asset.name] else { continue }
            if asset.name == Self.anchor {
                fixed[asset.id] = home
            } else {
                walks.append(Walk(asset: asset.id, home: home, value: home))
            }
        }
    }

    /// Nil where there is no such asset.
    var anchorAsset: Asset? { assets.first { $0.name == Self.anchor } }

    /// The value of one whole `asset`; nil for assets that the sandbox knows nothing of.
    func value(of asset: AssetID) -> Int64? {
        fixed[asset] ?? walks.first { $0.asset == asset }?.value
    }

    /// One second passes. Half of a change is common to all assets.
    mutating func pass(_ random: inout SeededRandom) {
        if random.below(200) == 0 { mood = random.pick(Self.moods) }
        let common = random.bell()
        for index in walks.indices {
            let walk = walks[index]
            let noise = (common + random.bell()) * 7 / 10
            let change = Int128(walk.value) * Int128(noise) * Int128(mood) / 1_000_000_000
            let back = (walk.home - walk.value) / Self.pull
            let next = walk.value + Int64(clamping: change) + back
            walks[index].value = min(max(next, walk.home / 2), walk.home * 2)
        }
    }

    /// Continues where `market` stands, if it is priced in the anchor.
    mutating func resume(_ market: Market, at price: Ticks) {
        guard let unit = fixed[market.quote], let index = walks.firstIndex(where: { $0.asset == market.base }) else {
            return
        }
        let value = Int128(price.raw) * Int128(market.tickSize) * Int128(unit) / power(market.pricePrecision)
        let home = walks[index].home
        walks[index].value = min(max(Int64(clamping: value), home / 2), home * 2)
    }

    /// The price of `market` in whole ticks; nil when an asset is unknown or the price is out of its bounds.
    func price(of market: Market) -> Ticks? { price(of: market) { value(of: $0) } }

    /// The price of `market` when all assets are at home.
    func homePrice(of market: Market) -> Ticks? {
        price(of: market) { asset in fixed[asset] ?? walks.first { $0.asset == asset }?.home }
    }

    private func price(of market: Market, _ value: (AssetID) -> Int64?) -> Ticks? {
        guard let base = value(market.base), let quote = value(market.quote) else { return nil }
        let ticks =
            Int128(base) * power(market.pricePrecision) / (Int128(quote) * Int128(max(1, market.tickSize)))
        let price = Ticks(Int64(clamping: ticks))
        return price >= market.filters.minPrice && price <= market.filters.maxPrice ? price : nil
    }

    /// How many steps of `market` are worth `dollars`, within what one order may ask for.
    func quantity(worth dollars: Int64, in market: Market) -> Steps? {
        guard let value = value(of: market.base) else { return nil }
        let steps =
            Int128(dollars) * 100_000_000 * power(market.quantityPrecision)
            / (Int128(value) * Int128(max(1, market.stepSize)))
        let filters = market.filters
        return Steps(min(max(Int64(clamping: steps), filters.minQuantity.raw, 1), filters.maxQuantity.raw))
    }

    /// How the ticks and steps of `market` translate into units of its assets.
    func scale(of market: Market) -> MarketScale? {
        guard let base = assets.first(where: { $0.id == market.base }),
            let quote = assets.first(where: { $0.id == market.quote })
        else { return nil }
        return try? MarketScale(market, base: base, quote: quote)
    }

    private func power(_ exponent: UInt8) -> Int128 { (0..<exponent).reduce(1) { product, _ in product * 10 } }
}
