import SyncronCore

/// The candles of one market in all intervals.
///
/// A trade changes the candle of its minute and nothing else. When the next minute with a trade comes, the minute is
/// folded into the candle of each interval, so that a longer candle is the fold of its minutes by construction.
/// Reading joins the two.
public struct Candles: Equatable, Sendable {
    /// At least so many of the newest candles with trades are kept of each interval.
    public static let kept = CandleSeries.capacity

    /// The newest minute with trades, not folded into the series yet; without trades before the first. (An optional
    /// would be copied as a whole for each trade.)
    private var minute = Candle(flatAt: .zero, openTime: .zero)
    private var minuteEnd = Timestamp.zero
    private var series = KlineInterval.allCases.map { CandleSeries(interval: $0) }
    /// When the market first traded: no candle is older.
    public private(set) var firstTradeTime: Timestamp?

    public init() {}

    @inline(__always)
    mutating func add(_ trade: PublicTrade) {
        if trade.time < minuteEnd {
            minute.add(trade)
        } else {
            openMinute(with: trade)
        }
    }

    private mutating func openMinute(with trade: PublicTrade) {
        if firstTradeTime == nil {
            firstTradeTime = trade.time
        } else {
            for index in series.indices { series[index].fold(minute) }
        }
        let bounds = KlineInterval.oneMinute.bounds(of: trade.time)
        minute = Candle(openTime: bounds.lowerBound, first: trade)
        minuteEnd = bounds.upperBound + 1
    }

    /// The periods that a request comes to; nil when there are none. The parameters are those of `CandleRange`.
    public func range(
        _ interval: KlineInterval, startTime: Timestamp? = nil, endTime: Timestamp? = nil, limit: Int,
        now: Timestamp
    ) -> CandleRange? {
        guard let firstTradeTime else { return nil }
        return CandleRange(
            interval: interval, startTime: startTime, endTime: endTime, limit: limit,
            firstTradeTime: firstTradeTime, now: max(now, minute.openTime))
    }

    public func read(_ range: CandleRange) -> CandleReading {
        let series = series[Int(range.interval.rawValue)]
        let newest = firstTradeTime == nil ? nil : minute
        let candles = series.candles(from: range.firstOpenTime, through: range.lastOpenTime, and: newest)
        if range.firstOpenTime < series.completeFrom {
            let from = series.completeFrom
            return .partial(kept: candles.filter { $0.openTime >= from }, from: from)
        }
        return .complete(range.filled(candles))
    }

    /// The candle of the period in which `time` lies, with or without trades. Nil before the first trade, and when it
    /// is older than what is kept.
    public func candle(_ interval: KlineInterval, at time: Timestamp) -> Candle? {
        guard firstTradeTime != nil else { return nil }
        guard case .complete(let list) = read(CandleRange(interval: interval, containing: time)) else { return nil }
        return list.first
    }
}

extension Candles: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(minute)
        writer.encode(firstTradeTime)
        for one in series { writer.encode(one) }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        minute = try reader.decode()
        firstTradeTime = try reader.decode()
        if firstTradeTime != nil { minuteEnd = KlineInterval.oneMinute.next(after: minute.openTime) }
        for interval in KlineInterval.allCases {
            series[Int(interval.rawValue)] = try reader.decode()
            guard series[Int(interval.rawValue)].interval == interval else {
                throw CodingFailure("candles of \(interval.text) out of their place")
            }
        }
    }
}
