import SyncronCore

@testable import SyncronMarketData

/// The ticker and the average price by looking at every trade there ever was.
struct NaiveWindow {
    var trades: [PublicTrade] = []

    func ticker(now: Timestamp) -> Ticker24h {
        let begin = now + -86_400_000
        return ticker(of: trades.drop { $0.time <= begin }, closeTime: now)
    }

    /// Of the trades from `first` on.
    func ticker(from first: TradeID, now: Timestamp) -> Ticker24h {
        ticker(of: trades.drop { $0.id < first }, closeTime: now)
    }

    private func ticker(of inside: ArraySlice<PublicTrade>, closeTime: Timestamp) -> Ticker24h {
        var ticker = Ticker24h(
            closeTime: closeTime, lastPrice: trades.last?.price, lastQuantity: trades.last?.quantity ?? .zero)
        ticker.previousClose = trades[..<inside.startIndex].last?.price
        guard let first = inside.first, let last = inside.last else { return ticker }
        ticker.openPrice = first.price
        ticker.highPrice = inside.map(\.price).max()
        ticker.lowPrice = inside.map(\.price).min()
        ticker.volume = Volume(inside.reduce(0) { $0 + Int128($1.quantity.raw) })
        ticker.quoteVolume = Units(inside.reduce(0) { $0 + $1.notional.raw })
        ticker.tradeCount = UInt64(inside.count)
        ticker.firstTrade = first.id
        ticker.lastTrade = last.id
        return ticker
    }

    /// In ticks × 10^6, half up: the sum of price × quantity over the sum of quantities.
    func averageInMillionths(now: Timestamp, span: Int64) -> Int128? {
        let inside = trades.filter { $0.time > now + -span }
        guard !inside.isEmpty else { return trades.last.map { Int128($0.price.raw) * 1_000_000 } }
        let quantity = inside.reduce(Int128(0)) { $0 + Int128($1.quantity.raw) }
        let sum = inside.reduce(Int128(0)) { $0 + Int128($1.price.raw) * Int128($1.quantity.raw) }
        return (2 * sum * 1_000_000 + quantity) / (2 * quantity)
    }
}
