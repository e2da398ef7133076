import SyncronCore

@testable import SyncronMarketData

/// Candles by sorting all trades into periods and summing these up, on every question anew.
struct NaiveCandles {
    var trades: [PublicTrade] = []

    static func sum(of trades: [PublicTrade], openTime: Timestamp) -> Candle? {
        guard let first = trades.first, let last = trades.last else { return nil }
        var candle = Candle(flatAt: first.price, openTime: openTime)
        candle.high = trades.map(\.price).max() ?? first.price
        candle.low = trades.map(\.price).min() ?? first.price
        candle.close = last.price
        candle.tradeCount = UInt64(trades.count)
        candle.firstTrade = first.id
        candle.lastTrade = last.id
        let bought = trades.filter { $0.takerSide == .buy }
        candle.volume = Volume(trades.reduce(0) { $0 + Int128($1.quantity.raw) })
        candle.quoteVolume = Units(trades.reduce(0) { $0 + $1.notional.raw })
        candle.takerBuyVolume = Volume(bought.reduce(0) { $0 + Int128($1.quantity.raw) })
        candle.takerBuyQuoteVolume = Units(bought.reduce(0) { $0 + $1.notional.raw })
        return candle
    }

    /// One candle for each period from the first trade to `now`, flat where nothing was traded.
    func all(_ interval: KlineInterval, now: Timestamp) -> [Candle] {
        guard let first = trades.first else { return [] }
        let periods = Dictionary(grouping: trades) { interval.bounds(of: $0.time).lowerBound }
        var list: [Candle] = []
        var bounds = interval.bounds(of: first.time)
        while bounds.lowerBound <= now {
            if let candle = Self.sum(of: periods[bounds.lowerBound] ?? [], openTime: bounds.lowerBound) {
                list.append(candle)
            } else if let previous = list.last {
                list.append(Candle(flatAt: previous.close, openTime: bounds.lowerBound))
            }
            bounds = interval.bounds(of: bounds.upperBound + 1)
        }
        return list
    }

    static func select(
        _ all: [Candle], startTime: Timestamp?, endTime: Timestamp?, limit: Int
    ) -> [Candle] {
        let inside = all.filter { candle in
            if let startTime, candle.openTime < startTime { return false }
            if let endTime, candle.openTime > endTime { return false }
            return true
        }
        return startTime != nil ? Array(inside.prefix(limit)) : Array(inside.suffix(limit))
    }
}
