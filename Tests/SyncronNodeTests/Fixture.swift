import Foundation
import Logging
import Synchronization
import SyncronCore
import SyncronJournal

@testable import SyncronNode

/// A data directory of its own for each test, removed with it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "syncron-node-" + UUID().uuidString
    }

    /// A copy of what lies on the disk at this moment: what a crash would leave.
    func crashImage() throws -> TemporaryDirectory {
        let image = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: path, toPath: image.path)
        return image
    }

    func files(_ name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/" + name).sorted()
    }

    func change(_ name: String, _ body: (inout [UInt8]) throws -> Void) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        var bytes = Array(try Data(contentsOf: file))
        try body(&bytes)
        try Data(bytes).write(to: file)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A small exchange: two assets, one market, three accounts with funds, of which the last belongs to the sandbox.
enum SmallExchange {
    static let btc = AssetID(0)
    static let usdt = AssetID(1)
    static let market = MarketID(0)
    static let alice = AccountID(1)
    static let bob = AccountID(2)
    static let robot = AccountID(3)

    static let definition: [Command] =
        [
            .defineAsset(Asset(id: AssetID(0), name: "BTC", decimals: 8, networks: [])),
            .defineAsset(Asset(id: AssetID(0), name: "USDT", decimals: 8, networks: [])),
            .defineMarket(
                Market(
                    id: MarketID(0), symbol: "BTC-USDT", base: btc, quote: usdt, kind: .spot, status: .trading,
                    pricePrecision: 2, quantityPrecision: 5, tickSize: 1, stepSize: 1,
                    filters: Filters(
                        minPrice: Ticks(1), maxPrice: Ticks(1_000_000_000), minQuantity: Steps(1),
                        maxQuantity: Steps(100_000_000), minMarketQuantity: Steps(1),
                        maxMarketQuantity: Steps(100_000_000),
                        minNotional: .zero, maxNotional: nil, percentPrice: nil, maxOrders: 10_000),
                    commissions: CommissionRates.standard(for: .spot))),
            .openAccount(OpenAccount(email: "alice@example.com")),
            .openAccount(OpenAccount(email: "bob@example.com")),
            .openAccount(OpenAccount(isSandbox: true)),
        ]
        + [alice, bob, robot].flatMap { account in
            [btc, usdt].map { asset in
                Command.recordDeposit(
                    RecordDeposit(
                        account: account, asset: asset, network: "test", amount: Units(1_000_000_000_000_000),
                        txID: "first-\(account)-\(asset)"))
            }
        }

    static func limit(
        _ account: AccountID, _ side: Side, price: Int64, quantity: Int64, name: String = "",
        timeInForce: TimeInForce = .gtc
    ) -> Command {
        .placeOrder(
            PlaceOrder(
                account: account, market: market, side: side,
                terms: .limit(price: Ticks(price), quantity: Steps(quantity), timeInForce: timeInForce),
                selfTradePrevention: .none, clientOrderID: ClientOrderID(name) ?? .none))
    }

    static func configuration(_ directory: TemporaryDirectory) -> NodeConfiguration {
        var configuration = NodeConfiguration(dataDirectory: directory.path)
        configuration.initialCommands = definition
        configuration.limits.accounts = 1_024
        configuration.limits.openOrders = 1 << 14
        configuration.limits.markets = 8
        configuration.segmentBytes = 1 << 20
        configuration.snapshotInterval = 0
        configuration.onFatal = { _ in }
        configuration.log.logLevel = .critical
        return configuration
    }

    /// A running node on `directory`.
    static func start(
        _ directory: TemporaryDirectory, _ change: (inout NodeConfiguration) -> Void = { _ in }
    ) throws -> Node {
        var configuration = configuration(directory)
        change(&configuration)
        return try Node.start(configuration)
    }
}

/// Random orders and cancels of the small exchange: the same for the same seed.
struct RandomOrders {
    private var state: UInt64
    private var placed: UInt64 = 0

    init(seed: UInt64) { state = seed }

    mutating func next() -> Command {
        let account = AccountID(UInt32(below(3)) + 1)
        if placed > 10 && below(4) == 0 {
            let id = OrderID(placed - below(10))
            return .cancelOrder(CancelOrder(account: account, market: SmallExchange.market, order: .id(id)))
        }
        placed += 1
        let side: Side = below(2) == 0 ? .buy : .sell
        return SmallExchange.limit(
            account, side, price: 6_000_000 + Int64(below(200)) - 100, quantity: Int64(below(1_000)) + 1,
            timeInForce: below(8) == 0 ? .ioc : .gtc)
    }

    private mutating func below(_ bound: UInt64) -> UInt64 {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return (word ^ (word >> 31)) % bound
    }
}

extension Node {
    /// Submits all at once, so that they fall into batches as it comes, and waits for all answers.
    @discardableResult
    func submitAll(_ commands: [Command]) async -> [Result<Outcome, Unavailable>] {
        let collector = Collector(expecting: commands.count)
        for (index, command) in commands.enumerated() { submit(command, to: collector, token: UInt64(index)) }
        return await collector.results
    }

    /// Random orders, and the last answer's stamp.
    func trade(_ count: Int, seed: UInt64) async {
        var orders = RandomOrders(seed: seed)
        await submitAll((0..<count).map { _ in orders.next() })
    }

    var digest: StateDigest {
        get async throws { try await status().stateHash }
    }
}

/// Gathers answers by token.
final class Collector: ReplySink {
    private struct State {
        var results: [Result<Outcome, Unavailable>?]
        var missing: Int
        var continuation: CheckedContinuation<[Result<Outcome, Unavailable>], Never>?
    }

    private let state: Mutex<State>

    init(expecting count: Int) {
        state = Mutex(State(results: Array(repeating: nil, count: count), missing: count))
    }

    func complete(_ token: UInt64, _ result: Result<Outcome, Unavailable>) {
        state.withLock { state in
            precondition(state.results[Int(token)] == nil, "answered twice")
            state.results[Int(token)] = result
            state.missing -= 1
        }
    }

    func batchEnded() {
        state.withLock { state in
            guard state.missing == 0 else { return }
            state.continuation?.resume(returning: state.results.compactMap { $0 })
            state.continuation = nil
        }
    }

    var results: [Result<Outcome, Unavailable>] {
        get async {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    if state.missing == 0 {
                        continuation.resume(returning: state.results.compactMap { $0 })
                    } else {
                        state.continuation = continuation
                    }
                }
            }
        }
    }
}
