import NIOCore
import Synchronization
import SyncronCore
import SyncronWire

@testable import SyncronGateway
@testable import SyncronNode

/// The default exchange as a directory, without a node behind it.
enum StandardExchange {
    /// `more` is applied behind the definitions.
    static func directory(_ more: [Event] = []) throws -> Directory {
        var parts = DirectoryParts()
        for event in try definitions() + more { _ = parts.apply(event) }
        return Directory(parts)
    }

    /// What the definitions come to, with ids in order.
    static func definitions() throws -> [Event] {
        var markets: UInt16 = 0
        return try ExchangeDefinition.standard.commands().compactMap { command in
            if case .defineAsset(let asset) = command { return .assetDefined(asset) }
            guard case .defineMarket(var market) = command else { return nil }
            market.id = MarketID(markets)
            markets += 1
            return .marketDefined(market)
        }
    }

    static func format(_ symbol: String = "BTC-USDT") throws -> MarketFormat {
        try directory().format(symbol: symbol)
    }

    static func json(_ body: (inout JSONWriter) throws -> Void) rethrows -> String {
        var writer = JSONWriter()
        try body(&writer)
        return String(buffer: writer.buffer)
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let time: Mutex<Int64>

    init(_ milliseconds: Int64) { time = Mutex(milliseconds) }

    var milliseconds: Int64 { time.withLock { $0 } }

    func set(_ milliseconds: Int64) { time.withLock { $0 = milliseconds } }
    func advance(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}
