import SyncronCore
import SyncronMarketData

/// One row of `candles`.
enum CandleTable {
    static let columns = """
        open_time, open, high, low, close, trades, first_trade, last_trade, volume, notional, taker_buy_volume, \
        taker_buy_notional
        """

    static let select = "SELECT \(columns) FROM candles WHERE market = ? AND interval = ? AND open_time = ?"

    static let replace = """
        INSERT OR REPLACE INTO candles (market, interval, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static func writeKey(
        of candle: Candle, _ market: MarketID, _ interval: KlineInterval, to values: inout ValueWriter
    ) {
        values.add(market)
        values.add(interval)
        values.add(candle.openTime)
    }

    static func write(_ candle: Candle, of market: MarketID, _ interval: KlineInterval, to values: inout ValueWriter) {
        writeKey(of: candle, market, interval, to: &values)
        values.add(candle.open)
        values.add(candle.high)
        values.add(candle.low)
        values.add(candle.close)
        values.add(candle.tradeCount)
        values.add(candle.firstTrade)
        values.add(candle.lastTrade)
        values.add(candle.volume)
        values.add(candle.quoteVolume)
        values.add(candle.takerBuyVolume)
        values.add(candle.takerBuyQuoteVolume)
    }

    static func candle(from row: inout RowReader) throws -> Candle {
        let openTime = try row.time()
        var candle = Candle(flatAt: try row.ticks(), openTime: openTime)
        candle.high = try row.ticks()
        candle.low = try row.ticks()
        candle.close = try row.ticks()
        candle.tradeCount = try row.integer()
        candle.firstTrade = try row.identity()
        candle.lastTrade = try row.identity()
        candle.volume = try row.volume()
        candle.quoteVolume = try row.units()
        candle.takerBuyVolume = try row.volume()
        candle.takerBuyQuoteVolume = try row.units()
        return candle
    }
}
