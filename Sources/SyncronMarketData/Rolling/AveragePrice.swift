import SyncronCore

/// The trades of five minutes, summed up.
public struct AveragePrice: Hashable, Sendable {
    public static let minutes = RollingTrades.averageSpan / 60_000

    public var volume = Volume.zero
    /// In units of the quote asset.
    public var notional = Units.zero
    /// Nil when the market never traded.
    public var lastPrice: Ticks?

    public init(lastPrice: Ticks?) { self.lastPrice = lastPrice }

    /// Weighted by volume, in units of 10^-pricePrecision, half up. Without trades in the window the last price, zero
    /// when the market never traded. For the parameters see `Rounding.averagePrice`.
    public func price(unitsPerTickStep: Int64, tickSize: Int64) -> Int128 {
        guard volume > .zero else { return Int128((lastPrice ?? .zero).raw) * Int128(tickSize) }
        return Rounding.averagePrice(
            notional: notional, volume: volume, unitsPerTickStep: unitsPerTickStep, tickSize: tickSize)
    }
}
