import SyncronCore
import SyncronMarketData
import SyncronWire

extension JSONWriter {
    mutating func ticker(_ ticker: Ticker24h, _ book: BookTicker, _ format: MarketFormat) {
        beginObject()
        field("symbol", format.market.symbol)
        field("price", price: ticker.lastPrice ?? .zero, format)
        field("priceChange", price: Ticks(ticker.priceChange), format)
        field("priceChangePercent", fixed: ticker.priceChangePercent, decimals: 2)
        field("highPrice", price: ticker.highPrice ?? .zero, format)
        field("lowPrice", price: ticker.lowPrice ?? .zero, format)
        field("volume", volume: ticker.volume, format)
        field("quoteVolume", notional: ticker.quoteVolume, format)
        field("openTime", ticker.openTime.milliseconds)
        field("closeTime", ticker.closeTime.milliseconds)
        field("openPrice", price: ticker.openPrice ?? .zero, format)
        let average = ticker.weightedAveragePrice(
            unitsPerTickStep: format.scale.quoteUnitsPerTickStep, tickSize: format.market.tickSize)
        field("weightedAvgPrice", fixed: average, decimals: format.priceDecimals)
        bestQuotes(book, format)
        field("lastQty", quantity: ticker.lastQuantity, format)
        field("count", ticker.tradeCount)
        field("firstId", ticker.firstTrade.map { Int64($0.raw) } ?? -1)
        field("lastId", ticker.lastTrade.map { Int64($0.raw) } ?? -1)
        endObject()
    }

    /// The four fields of a book's best quotes.
    mutating func bestQuotes(_ book: BookTicker, _ format: MarketFormat) {
        field("bidPrice", price: book.bid?.price ?? .zero, format)
        field("bidQty", quantity: book.bid?.quantity ?? .zero, format)
        field("askPrice", price: book.ask?.price ?? .zero, format)
        field("askQty", quantity: book.ask?.quantity ?? .zero, format)
    }

    mutating func levels(_ levels: [PriceLevel], _ format: MarketFormat) {
        beginArray()
        for level in levels {
            beginArray()
            fixed(format.priceUnits(level.price), decimals: format.priceDecimals)
            trimmed(format.quantityUnits(level.quantity), decimals: format.quantityDecimals)
            endArray()
        }
        endArray()
    }

    mutating func trade(_ trade: PublicTrade, _ format: MarketFormat) {
        beginObject()
        field("id", trade.id.raw)
        field("price", price: trade.price, format)
        field("qty", quantity: trade.quantity, format)
        field("quoteQty", notional: trade.notional, format)
        field("time", trade.time.milliseconds)
        field("isBuyerMaker", trade.isBuyerMaker)
        endObject()
    }

    /// Twelve values: open time, open, high, low, close, volume, close time, quote volume, trades, of it bought by
    /// takers in base and quote, and a zero that clients expect.
    mutating func candle(_ candle: Candle, _ interval: KlineInterval, _ format: MarketFormat) {
        beginArray()
        value(candle.openTime.milliseconds)
        for price in [candle.open, candle.high, candle.low, candle.close] {
            fixed(format.priceUnits(price), decimals: format.priceDecimals)
        }
        trimmed(format.volumeUnits(candle.volume), decimals: format.quantityDecimals)
        value(interval.closeTime(opening: candle.openTime).milliseconds)
        trimmed(candle.quoteVolume.raw, decimals: format.quoteDecimals)
        value(candle.tradeCount)
        trimmed(format.volumeUnits(candle.takerBuyVolume), decimals: format.quantityDecimals)
        trimmed(candle.takerBuyQuoteVolume.raw, decimals: format.quoteDecimals)
        value("0")
        endArray()
    }

    private mutating func field(_ name: StaticString, volume: Volume, _ format: MarketFormat) {
        field(name, trimmed: format.volumeUnits(volume), decimals: format.quantityDecimals)
    }

    /// The limits of each group of routes.
    mutating func rateLimits(_ limits: RateLimits) {
        beginArray()
        for (type, interval, limit) in [
            ("REQUEST_WEIGHT", "MINUTE", limits.requestsPerMinute), ("ORDERS", "SECOND", limits.ordersPerSecond),
        ] {
            beginObject()
            field("rateLimitType", type)
            field("interval", interval)
            field("intervalNum", 1)
            field("limit", limit)
            endObject()
        }
        endArray()
    }
}

extension MarketFormat {
    /// As a count of 10^-`quantityDecimals`. Wraps around where sums of volumes do.
    func volumeUnits(_ volume: Volume) -> Int128 { volume.raw &* Int128(market.stepSize) }
}

extension APIResponse {
    static func trades(_ trades: [PublicTrade], _ format: MarketFormat) -> APIResponse {
        .json(capacity: 64 + 128 * trades.count) { json in
            json.beginArray()
            for trade in trades { json.trade(trade, format) }
            json.endArray()
        }
    }
}
