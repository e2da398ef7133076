import SyncronCore

/// What happened in a market in the 24 hours up to `closeTime`.
public struct Ticker24h: Hashable, Sendable {
    /// The reader's time.
    public var closeTime: Timestamp
    /// Of the last trade, in the window or before it; nil when the market never traded.
    public var lastPrice: Ticks?
    /// Of the last trade; zero when the market never traded.
    public var lastQuantity: Steps
    /// Of the first trade in the window. Without trades in it, this and the extremes are the last price.
    public var openPrice: Ticks?
    public var highPrice: Ticks?
    public var lowPrice: Ticks?
    /// The last price before the window; nil when there was none.
    public var previousClose: Ticks?
    public var volume: Volume
    /// In units of the quote asset.
    public var quoteVolume: Units
    public var tradeCount: UInt64
    /// Nil without trades in the window (the API prints -1).
    public var firstTrade: TradeID?
    /// Nil without trades in the window (the API prints -1).
    public var lastTrade: TradeID?

    /// A window without trades.
    public init(closeTime: Timestamp, lastPrice: Ticks?, lastQuantity: Steps) {
        self.closeTime = closeTime
        self.lastPrice = lastPrice
        self.lastQuantity = lastQuantity
        openPrice = lastPrice
        highPrice = lastPrice
        lowPrice = lastPrice
        volume = .zero
        quoteVolume = .zero
        tradeCount = 0
    }

    /// Exactly 24 hours before `closeTime`.
    public var openTime: Timestamp { closeTime + -RollingTrades.daySpan }

    /// Last minus first price of the window, in ticks.
    public var priceChange: Int64 { (lastPrice ?? .zero).raw - (openPrice ?? .zero).raw }

    /// In hundredths of a percent, half away from zero.
    public var priceChangePercent: Int128 {
        guard let openPrice, let lastPrice else { return 0 }
        return Rounding.percentChange(from: openPrice, to: lastPrice)
    }

    /// Weighted by volume, in units of 10^-pricePrecision, half up. Without trades in the window the last price, zero
    /// when the market never traded. For the parameters see `Rounding.averagePrice`.
    public func weightedAveragePrice(unitsPerTickStep: Int64, tickSize: Int64) -> Int128 {
        guard tradeCount > 0 else { return Int128((lastPrice ?? .zero).raw) * Int128(tickSize) }
        return Rounding.averagePrice(
            notional: quoteVolume, volume: volume, unitsPerTickStep: unitsPerTickStep, tickSize: tickSize)
    }

    /// Whether both say the same but for the time.
    public func hasSameFigures(as other: Ticker24h) -> Bool {
        var same = other
        same.closeTime = closeTime
        return same == self
    }
}
