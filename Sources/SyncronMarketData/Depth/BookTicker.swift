import SyncronCore

/// The best of both sides of a book.
public struct BookTicker: Hashable, Sendable {
    /// The update id of the book that was looked at.
    public var updateID: UInt64
    /// Nil when the side is empty.
    public var bid: PriceLevel?
    /// Nil when the side is empty.
    public var ask: PriceLevel?

    public init(updateID: UInt64, bid: PriceLevel?, ask: PriceLevel?) {
        self.updateID = updateID
        self.bid = bid
        self.ask = ask
    }

    /// Whether both show the same prices and quantities: the book may have changed behind them.
    public func hasSameQuotes(as other: BookTicker) -> Bool { bid == other.bid && ask == other.ask }
}
