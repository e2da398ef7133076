import SyncronCore
import SyncronMarketData

/// Which candles of one interval are to be sent.
struct CandleTopic: Sendable, Hashable {
    let interval: KlineInterval
    /// Open times of candles that have trades and whose close was not sent, oldest first.
    private var unclosed: [Timestamp] = []
    /// When the newest of them is over.
    private var end = Timestamp.zero
    private var hasChanged = false

    init(interval: KlineInterval) { self.interval = interval }

    /// The candle of that open time had trades before anybody looked.
    mutating func found(_ openTime: Timestamp) {
        unclosed.append(openTime)
        end = interval.next(after: openTime)
    }

    mutating func traded(at time: Timestamp) {
        hasChanged = true
        if time < end { return }
        let openTime = interval.bounds(of: time).lowerBound
        unclosed.append(openTime)
        end = interval.next(after: openTime)
    }

    /// Candles that are over once the exchange's clock has passed `time`; each is named once.
    mutating func takeClosed(at time: Timestamp) -> [Timestamp] {
        guard let first = unclosed.first, interval.next(after: first) <= time else { return [] }
        let count = unclosed.firstIndex { interval.next(after: $0) > time } ?? unclosed.count
        defer { unclosed.removeFirst(count) }
        return Array(unclosed[..<count])
    }

    /// The open candle, if it changed since the last call.
    mutating func takeChanged() -> Timestamp? {
        defer { hasChanged = false }
        return hasChanged ? unclosed.last : nil
    }

    /// When the oldest candle that waits for its close is over; nil when none waits.
    var nextEnd: Timestamp? { unclosed.first.map { interval.next(after: $0) } }
}
