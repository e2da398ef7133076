import SyncronCore

/// A trade as everyone may see it.
public struct PublicTrade: Hashable, Sendable {
    public var id: TradeID
    public var price: Ticks
    public var quantity: Steps
    /// price × quantity, in units of the quote asset.
    public var notional: Units
    public var time: Timestamp
    public var takerSide: Side

    public init(
        id: TradeID, price: Ticks, quantity: Steps, notional: Units, time: Timestamp, takerSide: Side
    ) {
        self.id = id
        self.price = price
        self.quantity = quantity
        self.notional = notional
        self.time = time
        self.takerSide = takerSide
    }

    public init(_ trade: Trade) {
        self.init(
            id: trade.id, price: trade.price, quantity: trade.quantity, notional: trade.notional, time: trade.time,
            takerSide: trade.takerSide)
    }

    /// Whether the resting order was the buyer's.
    public var isBuyerMaker: Bool { takerSide == .sell }
}

extension PublicTrade: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(price)
        writer.encode(quantity)
        writer.encode(notional)
        writer.encode(time)
        writer.encode(takerSide)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), price: try reader.decode(), quantity: try reader.decode(),
            notional: try reader.decode(), time: try reader.decode(),
            takerSide: try reader.decode())
    }
}
