import SyncronCore

/// Everything public about one market, folded from the exchange's events.
///
/// Reading changes nothing. Where a figure depends on the time, the reader names it.
public struct MarketView: Equatable, Sendable {
    public private(set) var depth = DepthView()
    public private(set) var tape = TradeTape()
    public private(set) var candles = Candles()
    public private(set) var rolling = RollingTrades()

    public init() {}

    /// Takes in a change of this market's book: for those who keep markets apart, as `MarketData` does.
    @inline(__always)
    public mutating func apply(_ change: LevelChange) { depth.apply(change) }

    /// Takes in a trade of this market.
    @inline(__always)
    public mutating func apply(_ trade: PublicTrade) {
        tape.append(trade)
        candles.add(trade)
        rolling.add(trade)
    }

    public var bookTicker: BookTicker { depth.bookTicker }
    /// Nil when the market never traded.
    public var lastPrice: Ticks? { rolling.lastPrice }
    public func ticker(now: Timestamp) -> Ticker24h { rolling.ticker(now: now) }
    public func averagePrice(now: Timestamp) -> AveragePrice { rolling.averagePrice(now: now) }
}

extension MarketView: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(depth)
        writer.encode(tape)
        writer.encode(candles)
        writer.encode(rolling)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        depth = try reader.decode()
        tape = try reader.decode()
        candles = try reader.decode()
        rolling = try reader.decode()
    }
}
