import NIOCore
import SyncronCore
import SyncronMarketData
import SyncronNode
import SyncronWire

/// Where the streams look up how a market stands.
protocol MarketReading {
    var now: Timestamp { get }
    /// `body` gets the exchange's time too; it copies out what is wanted. Nil for an unknown market.
    func read<R>(_ market: MarketID, _ body: (borrowing MarketView, Timestamp) -> R) -> R?
}

/// The market data of a running exchange.
struct NodeMarketReading: MarketReading {
    let node: Node

    var now: Timestamp { node.now }

    func read<R>(_ market: MarketID, _ body: (borrowing MarketView, Timestamp) -> R) -> R? {
        node.marketData.read(market, body)
    }
}

/// Messages of public streams in the order in which they go out.
struct MarketMessages {
    private(set) var items: [(key: StreamKey, frames: ByteBuffer, toNewcomers: Bool)] = []

    mutating func put(_ key: StreamKey, _ frames: TextFrames) { items.append((key, frames.bytes, false)) }

    /// `toNewcomers`: only for readers who have been sent nothing of the stream yet.
    mutating func put(_ key: StreamKey, toNewcomers: Bool = false, _ body: (inout JSONWriter) -> Void) {
        var frames = TextFrames()
        frames.append(body)
        items.append((key, frames.bytes, toNewcomers))
    }

    mutating func removeAll() { items.removeAll(keepingCapacity: true) }
}
