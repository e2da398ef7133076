import SyncronCore
import SyncronMarketData
import SyncronNode
import SyncronWire

/// A market's numbers as text: prices in ticks and quantities in steps here, decimals there.
final class MarketFormat: Sendable {
    let market: Market
    let base: Asset
    let quote: Asset
    let scale: MarketScale

    convenience init?(_ market: Market, _ directory: Directory) {
        guard let base = directory.asset(market.base), let quote = directory.asset(market.quote) else { return nil }
        self.init(market, base: base, quote: quote)
    }

    /// Nil when the market does not fit its assets, which no defined market does.
    init?(_ market: Market, base: Asset, quote: Asset) {
        guard let scale = try? MarketScale(market, base: base, quote: quote) else { return nil }
        self.market = market
        self.base = base
        self.quote = quote
        self.scale = scale
    }

    var priceDecimals: Int { Int(market.pricePrecision) }
    var quantityDecimals: Int { Int(market.quantityPrecision) }
    var quoteDecimals: Int { Int(quote.decimals) }

    /// As a count of 10^-`priceDecimals`.
    func priceUnits(_ price: Ticks) -> Int128 { Int128(price.raw) * Int128(market.tickSize) }

    /// As a count of 10^-`quantityDecimals`.
    func quantityUnits(_ quantity: Steps) -> Int128 { Int128(quantity.raw) * Int128(market.stepSize) }

    /// `.offGrid` for what is no whole number of ticks: the engine refuses it where its turn is.
    func ticks(_ text: DecimalText) -> Ticks {
        guard let units = try? text.units(decimals: priceDecimals, as: Int64.self), units % market.tickSize == 0 else {
            return .offGrid
        }
        return Ticks(units / market.tickSize)
    }

    /// `.offGrid` for what is no whole number of steps.
    func steps(_ text: DecimalText) -> Steps {
        guard let units = try? text.units(decimals: quantityDecimals, as: Int64.self), units % market.stepSize == 0
        else { return .offGrid }
        return Steps(units / market.stepSize)
    }

    /// An amount of the quote asset; `.offGrid` for what has more decimals than it.
    func quoteUnits(_ text: DecimalText) -> Units {
        guard let units = try? text.units(decimals: quoteDecimals, as: Int128.self), units <= Limits.assetSupply.raw
        else { return .offGrid }
        return Units(units)
    }

    /// What was paid per unit of the base asset, as a count of 10^-`priceDecimals`, half up; zero for no quantity.
    func averagePrice(_ notional: Units, _ quantity: Steps) -> Int128 {
        Rounding.averagePrice(
            notional: notional, volume: Volume(quantity), unitsPerTickStep: scale.quoteUnitsPerTickStep,
            tickSize: market.tickSize)
    }

    /// Itself, where a route deals in markets of that kind.
    func requiring(_ kind: MarketKind) throws(APIError) -> MarketFormat {
        guard market.kind == kind else { throw .invalidParameter("symbol", "a market of another kind") }
        return self
    }

    func asset(_ id: AssetID) -> Asset { id == market.base ? base : quote }
}

extension JSONWriter {
    /// With all the decimals of the market's prices.
    mutating func field(_ name: StaticString, price: Ticks, _ format: MarketFormat) {
        field(name, fixed: format.priceUnits(price), decimals: format.priceDecimals)
    }

    /// Without trailing zeros.
    mutating func field(_ name: StaticString, quantity: Steps, _ format: MarketFormat) {
        field(name, trimmed: format.quantityUnits(quantity), decimals: format.quantityDecimals)
    }

    /// An amount of the quote asset, without trailing zeros.
    mutating func field(_ name: StaticString, notional: Units, _ format: MarketFormat) {
        field(name, trimmed: notional.raw, decimals: format.quoteDecimals)
    }

    /// An amount with all the decimals of its asset.
    mutating func field(_ name: StaticString, amount: Units, of asset: Asset) {
        field(name, fixed: amount.raw, decimals: Int(asset.decimals))
    }
}
