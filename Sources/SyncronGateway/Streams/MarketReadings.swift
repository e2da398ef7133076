import SyncronCore
import SyncronMarketData

/// The best levels of a book, as a snapshot stream shows them.
struct PartialDepth: Sendable, Hashable {
    var updateID: UInt64
    /// High to low.
    var bids: [PriceLevel]
    /// Low to high.
    var asks: [PriceLevel]

    init(of view: borrowing MarketView, levels: Int) {
        updateID = view.depth.updateID
        bids = view.depth.levels(.buy, limit: levels)
        asks = view.depth.levels(.sell, limit: levels)
    }

    /// Whether both show the same levels: the book may have changed behind them.
    func hasSameLevels(as other: PartialDepth) -> Bool { bids == other.bids && asks == other.asks }
}

/// What a ticker event says: the day's trades and the best of the book.
struct TickerReading: Sendable, Hashable {
    var day: Ticker24h
    var book: BookTicker

    init(of view: borrowing MarketView, now: Timestamp) {
        day = view.ticker(now: now)
        book = view.bookTicker
    }

    func hasSameFigures(as other: TickerReading) -> Bool {
        day.hasSameFigures(as: other.day) && book.hasSameQuotes(as: other.book)
    }
}
