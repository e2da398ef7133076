import SyncronCore

/// The last trades of one market.
public struct TradeTape: Equatable, Sendable {
    /// Trades kept; older ones are in the history.
    public static let capacity = 1_000

    private var trades = Ring<PublicTrade>()

    public init() {}

    @inline(__always)
    mutating func append(_ trade: PublicTrade) {
        if trades.count == Self.capacity { trades.removeFirst() }
        trades.append(trade)
    }

    public var count: Int { trades.count }
    public var newest: PublicTrade? { trades.last }
    public var oldest: PublicTrade? { trades.first }

    /// At most `limit` trades, the newest first.
    public func newest(limit: Int) -> [PublicTrade] {
        trades.elements(from: max(0, trades.count - max(0, limit))).reversed()
    }

    /// At most `limit` trades from `id` on, the oldest first. Nil when the tape does not reach back to `id`:
    /// then the history must be asked.
    public func trades(from id: TradeID, limit: Int) -> [PublicTrade]? {
        guard let oldest = trades.first else { return [] }
        if id < oldest.id && oldest.id.raw > 1 { return nil }
        let start = trades.firstIndex { $0.id >= id }
        return Array(trades.elements(from: start).prefix(max(0, limit)))
    }
}

extension TradeTape: Coded {
    public func encode(into writer: inout ByteWriter) { writer.encode(trades) }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        trades = try reader.decode()
        guard trades.count <= Self.capacity else { throw CodingFailure("a tape of \(trades.count) trades") }
    }
}
