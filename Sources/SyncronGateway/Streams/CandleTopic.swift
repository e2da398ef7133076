import SyncronCore
import SyncronMarketData

/// Which candles of one interval are to be sent. From the market's first trade on every period has one, with or
/// without trades, and each is closed once, in order.
struct CandleTopic: Sendable, Hashable {
    /// Closes sent at one look: a clock that was set far forward passes more of them than a reader takes at once.
    static let closesAtOnce = 200
    /// Closes that may be waiting. Beyond it the oldest periods are left out, which can have had no trades: it takes a
    /// clock set forward by more than this many periods at once.
    static let closesWaiting: Int64 = 10_000

    let interval: KlineInterval
    /// The open time of the oldest period whose close was not sent; nil before the market's first trade.
    private var open: Timestamp?
    /// The period of the newest trade, and when it is over.
    private var traded = Timestamp.zero
    private var tradedEnd = Timestamp.zero
    private var hasChanged = false

    init(interval: KlineInterval) { self.interval = interval }

    /// The market had traded before anybody looked, and this is the period now.
    mutating func found(_ openTime: Timestamp) { open = openTime }

    mutating func traded(at time: Timestamp) {
        hasChanged = true
        if time < tradedEnd { return }
        traded = interval.bounds(of: time).lowerBound
        tradedEnd = interval.next(after: traded)
        if open == nil { open = traded }
    }

    /// Candles that are over once the exchange's clock has passed `time`; each is named once.
    mutating func takeClosed(at time: Timestamp) -> [Timestamp] {
        guard var next = open, interval.next(after: next) <= time else { return [] }
        var closed: [Timestamp] = []
        while closed.count < Self.closesAtOnce, interval.next(after: next) <= time {
            closed.append(next)
            next = interval.next(after: next)
            if interval.periods(from: next, to: time) > Self.closesWaiting, next > traded {
                next = interval.openTime(Self.closesWaiting, before: time)
            }
        }
        open = next
        return closed
    }

    /// The open candle, if it changed since the last call. Closes that wait go first.
    mutating func takeChanged() -> Timestamp? {
        guard hasChanged, let open, traded <= open else { return nil }
        hasChanged = false
        return traded == open ? open : nil
    }

    /// When the oldest candle that waits for its close is over; nil when none waits.
    var nextEnd: Timestamp? { open.map { interval.next(after: $0) } }
}
