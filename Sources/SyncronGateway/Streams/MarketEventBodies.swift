import SyncronCore
import SyncronMarketData
import SyncronWire

/// The events of public streams as JSON. `E` is the exchange's time of the event; on an empty side of a book, and
/// where nothing was ever traded, prices are zero.
extension JSONWriter {
    mutating func trade(_ trade: Trade, _ format: MarketFormat) {
        beginObject()
        head("trade", trade.time, format)
        field("t", trade.id.raw)
        field("p", price: trade.price, format)
        field("q", quantity: trade.quantity, format)
        field("T", trade.time.milliseconds)
        field("m", trade.takerSide == .sell)
        endObject()
    }

    mutating func bookTicker(_ ticker: BookTicker, _ format: MarketFormat) {
        beginObject()
        field("u", ticker.updateID)
        field("s", format.market.symbol)
        quotes(ticker, format)
        endObject()
    }

    mutating func depthUpdate(_ diff: DepthDiff, at time: Timestamp, _ format: MarketFormat) {
        beginObject()
        head("depthUpdate", time, format)
        field("U", diff.firstUpdateID)
        field("u", diff.lastUpdateID)
        levels("b", diff.bids, format)
        levels("a", diff.asks, format)
        endObject()
    }

    mutating func markPrice(_ mark: MarkPrice, _ format: MarketFormat) {
        beginObject()
        head("markPrice", mark.time, format)
        field("p", price: mark.mark, format)
        field("i", index: mark.index, format)
        field("r", trimmed: Int128(mark.lastFundingRate.raw), decimals: Rate.decimals)
        field("T", mark.nextFunding.milliseconds)
        endObject()
    }

    /// An order of a liquidation, without whose it was.
    mutating func forceOrder(_ order: ForcedOrder, _ format: MarketFormat) {
        beginObject()
        field("e", "forceOrder")
        field("E", order.time.milliseconds)
        key("o")
        beginObject()
        field("s", format.market.symbol)
        field("S", order.side.wireName)
        field("q", quantity: order.quantity, format)
        field("p", price: order.price, format)
        field(
            "ap", fixed: format.averagePrice(order.executedNotional, order.executed), decimals: format.priceDecimals)
        field("X", order.executed == order.quantity ? "FILLED" : "EXPIRED")
        field("T", order.time.milliseconds)
        endObject()
        endObject()
    }

    mutating func partialDepth(_ depth: PartialDepth, _ format: MarketFormat) {
        beginObject()
        field("lastUpdateId", depth.updateID)
        levels("bids", depth.bids, format)
        levels("asks", depth.asks, format)
        endObject()
    }

    mutating func ticker(_ reading: TickerReading, _ format: MarketFormat) {
        let day = reading.day
        beginObject()
        head("ticker", day.closeTime, format)
        field("p", price: Ticks(day.priceChange), format)
        field("P", fixed: day.priceChangePercent, decimals: 2)
        let average = day.weightedAveragePrice(
            unitsPerTickStep: format.scale.quoteUnitsPerTickStep, tickSize: format.market.tickSize)
        field("w", fixed: average, decimals: format.priceDecimals)
        field("x", price: day.previousClose ?? .zero, format)
        field("c", price: day.lastPrice ?? .zero, format)
        field("Q", quantity: day.lastQuantity, format)
        quotes(reading.book, format)
        field("o", price: day.openPrice ?? .zero, format)
        field("h", price: day.highPrice ?? .zero, format)
        field("l", price: day.lowPrice ?? .zero, format)
        field("v", volume: day.volume, format)
        field("q", notional: day.quoteVolume, format)
        field("O", day.openTime.milliseconds)
        field("C", day.closeTime.milliseconds)
        field("F", tradeID: day.firstTrade)
        field("L", tradeID: day.lastTrade)
        field("n", day.tradeCount)
        endObject()
    }

    mutating func kline(
        _ candle: Candle, _ interval: KlineInterval, isClosed: Bool, at time: Timestamp, _ format: MarketFormat
    ) {
        let hasTrades = candle.tradeCount > 0
        beginObject()
        head("kline", time, format)
        key("k")
        beginObject()
        field("t", candle.openTime.milliseconds)
        field("T", interval.closeTime(opening: candle.openTime).milliseconds)
        field("s", format.market.symbol)
        field("i", interval.text)
        field("f", tradeID: hasTrades ? candle.firstTrade : nil)
        field("L", tradeID: hasTrades ? candle.lastTrade : nil)
        field("o", price: candle.open, format)
        field("c", price: candle.close, format)
        field("h", price: candle.high, format)
        field("l", price: candle.low, format)
        field("v", volume: candle.volume, format)
        field("n", candle.tradeCount)
        field("x", isClosed)
        field("q", notional: candle.quoteVolume, format)
        field("V", volume: candle.takerBuyVolume, format)
        field("Q", notional: candle.takerBuyQuoteVolume, format)
        endObject()
        endObject()
    }
}

extension JSONWriter {
    private mutating func head(_ type: String, _ time: Timestamp, _ format: MarketFormat) {
        field("e", type)
        field("E", time.milliseconds)
        field("s", format.market.symbol)
    }

    private mutating func quotes(_ book: BookTicker, _ format: MarketFormat) {
        field("b", price: book.bid?.price ?? .zero, format)
        field("B", quantity: book.bid?.quantity ?? .zero, format)
        field("a", price: book.ask?.price ?? .zero, format)
        field("A", quantity: book.ask?.quantity ?? .zero, format)
    }

    private mutating func levels(_ name: StaticString, _ levels: [PriceLevel], _ format: MarketFormat) {
        key(name)
        beginArray()
        for level in levels {
            beginArray()
            fixed(format.priceUnits(level.price), decimals: format.priceDecimals)
            trimmed(format.quantityUnits(level.quantity), decimals: format.quantityDecimals)
            endArray()
        }
        endArray()
    }

    private mutating func field(_ name: StaticString, volume: Volume, _ format: MarketFormat) {
        field(name, trimmed: volume.raw &* Int128(format.market.stepSize), decimals: format.quantityDecimals)
    }

    private mutating func field(_ name: StaticString, tradeID: TradeID?) {
        if let tradeID { field(name, tradeID.raw) } else { field(name, -1) }
    }
}
