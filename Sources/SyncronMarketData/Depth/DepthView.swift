import SyncronCore

/// The book of one market by price, without orders.
public struct DepthView: Equatable, Sendable {
    /// Counted from 1, one for each change of a level; 0 before the first.
    public private(set) var updateID: UInt64 = 0
    private var bidLadder = PriceLadder()
    private var askLadder = PriceLadder()

    public init() {}

    mutating func apply(_ change: LevelChange) {
        updateID += 1
        switch change.side {
        case .buy: bidLadder.set(change.quantity.raw, at: change.price.raw)
        case .sell: askLadder.set(change.quantity.raw, at: -change.price.raw)
        }
    }

    public var bestBid: PriceLevel? { bidLadder.best.map { level(of: .buy, $0) } }
    public var bestAsk: PriceLevel? { askLadder.best.map { level(of: .sell, $0) } }

    public var bookTicker: BookTicker { BookTicker(updateID: updateID, bid: bestBid, ask: bestAsk) }

    /// At most `limit` levels of one side, the best first.
    public func levels(_ side: Side, limit: Int) -> [PriceLevel] {
        let ladder = ladder(side)
        var list: [PriceLevel] = []
        list.reserveCapacity(max(0, min(limit, ladder.count)))
        ladder.forEachFromBest(limit: limit) { list.append(level(of: side, $0)) }
        return list
    }

    public func levelCount(_ side: Side) -> Int { ladder(side).count }

    /// Zero when nothing stands there.
    public func quantity(_ side: Side, at price: Ticks) -> Steps {
        Steps(ladder(side).quantity(at: side == .buy ? price.raw : -price.raw))
    }

    private func ladder(_ side: Side) -> PriceLadder { side == .buy ? bidLadder : askLadder }

    private func level(of side: Side, _ level: PriceLadder.Level) -> PriceLevel {
        PriceLevel(price: Ticks(side == .buy ? level.rank : -level.rank), quantity: Steps(level.quantity))
    }
}

extension DepthView: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.append(updateID)
        writer.encode(bidLadder)
        writer.encode(askLadder)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        updateID = try reader.read()
        bidLadder = try reader.decode()
        askLadder = try reader.decode()
    }
}
