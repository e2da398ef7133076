import NIOCore
import Synchronization
import SyncronCore
import SyncronNode
import SyncronWire

/// The markets as `exchangeInfo` shows them, rendered once and kept until one of them changes.
final class ExchangeInfoCache: Sendable {
    private let rendered = Mutex<(markets: [Market], symbols: ByteBuffer)?>(nil)

    /// The array of all markets of `directory`.
    func symbols(of directory: Directory) -> ByteBuffer {
        rendered.withLock { rendered in
            // As long as nothing changes both are the same array, which one look tells.
            if let rendered, rendered.markets == directory.markets { return rendered.symbols }
            var json = JSONWriter(capacity: 2_048 * directory.markets.count)
            json.beginArray()
            for market in directory.markets {
                if let format = MarketFormat(market, directory) { json.symbol(format) }
            }
            json.endArray()
            rendered = (directory.markets, json.buffer)
            return json.buffer
        }
    }
}
