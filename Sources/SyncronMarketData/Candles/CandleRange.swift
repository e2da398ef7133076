import SyncronCore

/// Consecutive periods of one interval, at least one: what a request for candles comes to.
public struct CandleRange: Hashable, Sendable {
    public let interval: KlineInterval
    let periods: ClosedRange<Int64>

    /// Nil when no period answers the request.
    ///
    /// - Parameters:
    ///   - startTime: The earliest open time. With it the answer is the oldest `limit` periods from there, without it
    ///     the newest.
    ///   - endTime: The latest open time.
    ///   - limit: The most periods.
    ///   - firstTradeTime: When the market first traded; there is no period before that.
    ///   - now: The period in which it lies is the last, whether it has trades or not.
    public init?(
        interval: KlineInterval, startTime: Timestamp? = nil, endTime: Timestamp? = nil, limit: Int,
        firstTradeTime: Timestamp, now: Timestamp
    ) {
        guard limit > 0 else { return nil }
        var first = interval.period(of: firstTradeTime)
        var last = interval.period(of: now)
        if let startTime, startTime > interval.openTime(ofPeriod: first) {
            first = interval.firstPeriod(openingFrom: startTime)
        }
        if let endTime {
            guard endTime >= .zero else { return nil }
            last = min(last, interval.period(of: endTime))
        }
        guard first <= last else { return nil }
        if last - first >= Int64(limit) {
            if startTime != nil { last = first + Int64(limit) - 1 } else { first = last - Int64(limit) + 1 }
        }
        self.interval = interval
        periods = first...last
    }

    /// The one period in which `time` lies.
    init(interval: KlineInterval, containing time: Timestamp) {
        self.interval = interval
        let period = interval.period(of: time)
        periods = period...period
    }

    public var count: Int { periods.count }
    public var firstOpenTime: Timestamp { interval.openTime(ofPeriod: periods.lowerBound) }
    public var lastOpenTime: Timestamp { interval.openTime(ofPeriod: periods.upperBound) }

    /// One candle for each period, oldest first: those that are given, and between them periods without trades that
    /// carry the close before them. Periods before the first given candle are left out.
    ///
    /// - Parameter candles: Candles with trades, oldest first: all that lie in the range, and the last one before it,
    ///   if there is one, for its close. Others do no harm.
    public func filled(_ candles: some Collection<Candle>) -> [Candle] {
        var list: [Candle] = []
        list.reserveCapacity(count)
        var rest = candles[...]
        var close: Ticks?
        for period in periods {
            let openTime = interval.openTime(ofPeriod: period)
            while let candle = rest.first, candle.openTime < openTime {
                close = candle.close
                rest = rest.dropFirst()
            }
            if let candle = rest.first, candle.openTime == openTime {
                list.append(candle)
            } else if let close {
                list.append(Candle(flatAt: close, openTime: openTime))
            }
        }
        return list
    }
}
