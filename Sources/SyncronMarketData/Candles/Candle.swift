import SyncronCore

/// The trades of one period, summed up.
public struct Candle: Hashable, Sendable {
    public var openTime: Timestamp
    public var open: Ticks
    public var high: Ticks
    public var low: Ticks
    public var close: Ticks
    /// Zero in a period without trades: then all prices are the last close before it.
    public var tradeCount: UInt64
    /// 0 when there are no trades.
    public var firstTrade: TradeID
    /// 0 when there are no trades.
    public var lastTrade: TradeID
    public var volume: Volume
    /// In units of the quote asset.
    public var quoteVolume: Units
    /// Of it, what takers bought.
    public var takerBuyVolume: Volume
    /// Of it, what takers spent on buying, in units of the quote asset.
    public var takerBuyQuoteVolume: Units

    /// A period with one trade.
    public init(openTime: Timestamp, first trade: PublicTrade) {
        self.init(flatAt: trade.price, openTime: openTime)
        firstTrade = trade.id
        add(trade)
    }

    /// A period without trades.
    public init(flatAt price: Ticks, openTime: Timestamp) {
        self.openTime = openTime
        open = price
        high = price
        low = price
        close = price
        tradeCount = 0
        firstTrade = TradeID(0)
        lastTrade = TradeID(0)
        volume = .zero
        quoteVolume = .zero
        takerBuyVolume = .zero
        takerBuyQuoteVolume = .zero
    }

    /// Adds the trade that follows those of this candle.
    @inline(__always)
    public mutating func add(_ trade: PublicTrade) {
        if trade.price > high { high = trade.price }
        if trade.price < low { low = trade.price }
        close = trade.price
        tradeCount += 1
        lastTrade = trade.id
        volume.add(Volume(trade.quantity))
        quoteVolume.addWrapping(trade.notional)
        if trade.takerSide == .buy {
            takerBuyVolume.add(Volume(trade.quantity))
            takerBuyQuoteVolume.addWrapping(trade.notional)
        }
    }

    /// Adds the candle that follows, of the same or a shorter interval. Both have trades.
    public mutating func fold(_ later: Candle) {
        high = max(high, later.high)
        low = min(low, later.low)
        close = later.close
        tradeCount += later.tradeCount
        lastTrade = later.lastTrade
        volume.add(later.volume)
        quoteVolume.addWrapping(later.quoteVolume)
        takerBuyVolume.add(later.takerBuyVolume)
        takerBuyQuoteVolume.addWrapping(later.takerBuyQuoteVolume)
    }
}

extension Candle: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(openTime)
        writer.encode(open)
        writer.encode(high)
        writer.encode(low)
        writer.encode(close)
        writer.append(tradeCount)
        writer.encode(firstTrade)
        writer.encode(lastTrade)
        writer.encode(volume)
        writer.encode(quoteVolume)
        writer.encode(takerBuyVolume)
        writer.encode(takerBuyQuoteVolume)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        openTime = try reader.decode()
        open = try reader.decode()
        high = try reader.decode()
        low = try reader.decode()
        close = try reader.decode()
        tradeCount = try reader.read()
        firstTrade = try reader.decode()
        lastTrade = try reader.decode()
        volume = try reader.decode()
        quoteVolume = try reader.decode()
        takerBuyVolume = try reader.decode()
        takerBuyQuoteVolume = try reader.decode()
    }
}
