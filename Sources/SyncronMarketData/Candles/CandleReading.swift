import SyncronCore

/// What the memory knows of a range of candles.
public enum CandleReading: Hashable, Sendable {
    /// Everything: one candle for each period, oldest first.
    case complete([Candle])
    /// The range begins before what is kept. `kept` are the candles with trades that open at `from` or later and not
    /// after the range. The history has those before `from`; both together, with the last one before the range,
    /// answer it: `range.filled(older + kept)`.
    case partial(kept: [Candle], from: Timestamp)
}
