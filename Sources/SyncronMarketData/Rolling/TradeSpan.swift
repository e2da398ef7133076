import SyncronCore

/// Consecutive trades that enter and leave a rolling window together.
///
/// Sums are kept as they were before the span, so that what a window holds is one subtraction, wherever it begins.
struct TradeSpan: Equatable, Sendable {
    /// Of its last trade.
    var time: Int64
    var firstTrade: UInt64
    var firstPrice: Int64
    var lastPrice: Int64
    /// The sums over all trades of the market before the span. They wrap around.
    var volumeBefore: Int128
    var notionalBefore: Int128
}

extension TradeSpan: Coded {
    func encode(into writer: inout ByteWriter) {
        writer.append(time)
        writer.append(firstTrade)
        writer.append(firstPrice)
        writer.append(lastPrice)
        writer.append(volumeBefore)
        writer.append(notionalBefore)
    }

    init(from reader: inout ByteReader) throws(CodingFailure) {
        time = try reader.read()
        firstTrade = try reader.read()
        firstPrice = try reader.read()
        lastPrice = try reader.read()
        volumeBefore = try reader.read()
        notionalBefore = try reader.read()
    }
}
