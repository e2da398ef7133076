/// Counts the beats and says what is due with each.
struct StreamBeat: Sendable {
    /// Between two beats.
    static let milliseconds: Int64 = 50

    private var count = 0

    /// What goes out with one beat.
    struct Due: Sendable {
        /// Every 100 ms: changes of the book and its best levels.
        var fastDepth: Bool
        /// Every 250 ms: candles that changed.
        var candles: Bool
        /// Every 1,000 ms: tickers, and the slow streams of the book.
        var seconds: Bool
    }

    mutating func next() -> Due {
        count &+= 1
        return Due(fastDepth: count % 2 == 0, candles: count % 5 == 0, seconds: count % 20 == 0)
    }
}
