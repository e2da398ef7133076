import Logging
import NIOCore
import NIOPosix
import Synchronization
import SyncronCore
import SyncronNode

/// An exchange with one market, one account that sells without end and one that buys step by step.
final class BenchmarkExchange: Sendable {
    let port: Int
    /// When each trade was published.
    let times: TradeTimes
    private let node: Node
    private let streams: Streams
    private let server: APIServer

    private static let market = MarketID(0)
    private static let seller = AccountID(1)
    private static let buyer = AccountID(2)
    private static let price = Ticks(100)
    /// More than any run takes.
    private static let supply: Int64 = 1_000_000_000_000

    private init(node: Node, streams: Streams, server: APIServer, port: Int, times: TradeTimes) {
        self.node = node
        self.streams = streams
        self.server = server
        self.port = port
        self.times = times
    }

    static func start(directory: String) async throws -> BenchmarkExchange {
        let log = Logger(label: "syncron.bench") { _ in SwiftLogNoOpLogHandler() }
        var configuration = NodeConfiguration(dataDirectory: directory)
        configuration.log = log
        configuration.snapshotInterval = 0
        configuration.initialCommands = definitions
        let node = try Node.start(configuration)
        let times = TradeTimes()
        try await node.feed.subscribe(times)
        let streams = Streams(node: node)
        try await streams.start(on: MultiThreadedEventLoopGroup.singleton.any())
        let server = APIServer(host: "127.0.0.1", port: 0, service: NoREST(), streams: streams, logger: log)
        let port = try await server.start()
        let exchange = BenchmarkExchange(node: node, streams: streams, server: server, port: port, times: times)
        try await exchange.order(seller, .sell, quantity: supply)
        return exchange
    }

    func trade() async throws { try await order(Self.buyer, .buy, quantity: 1) }

    func stop() async {
        await server.stop()
        streams.stop()
        node.feed.unsubscribe(times)
        await node.stop()
    }

    private func order(_ account: AccountID, _ side: Side, quantity: Int64) async throws {
        let order = PlaceOrder(
            account: account, market: Self.market, side: side,
            terms: .limit(price: Self.price, quantity: Steps(quantity), timeInForce: .gtc))
        if let rejection = try await node.submit(.placeOrder(order)).rejection {
            throw StreamsBenchmark.Failure(description: "an order was refused: \(rejection)")
        }
    }

    private static var definitions: [Command] {
        let assets = ["BASE", "QUOTE"].enumerated().map { index, name in
            Asset(id: AssetID(UInt16(index)), name: name, decimals: 8, networks: [])
        }
        let filters = Filters(
            minPrice: Ticks(1), maxPrice: Ticks(1_000_000), minQuantity: Steps(1), maxQuantity: Steps(supply),
            minMarketQuantity: Steps(1), maxMarketQuantity: Steps(supply), minNotional: Units(0), maxNotional: nil,
            percentPrice: nil)
        let market = Market(
            id: market, symbol: "BASE-QUOTE", base: assets[0].id, quote: assets[1].id, kind: .spot, status: .trading,
            pricePrecision: 2, quantityPrecision: 2, tickSize: 1, stepSize: 1, filters: filters,
            commissions: CommissionRates.standard(for: .spot))
        var commands: [Command] = assets.map { .defineAsset($0) } + [.defineMarket(market)]
        for (account, asset) in [(seller, assets[0]), (buyer, assets[1])] {
            commands.append(.openAccount(OpenAccount()))
            let deposit = RecordDeposit(
                account: account, asset: asset.id, network: asset.name,
                amount: Units(Int128(supply) * 100_000_000), txID: "bench")
            commands.append(.recordDeposit(deposit))
        }
        return commands
    }
}

/// Notes when each trade was published.
final class TradeTimes: FeedSink {
    private let times = Mutex<[UInt64: UInt64]>([:])

    func publish(_ batch: AppliedBatch) {
        let now = WallClock.monotonicNanoseconds()
        times.withLock { times in
            for case .traded(let trade) in batch.events { times[trade.id.raw] = now }
        }
    }

    subscript(trade: UInt64) -> UInt64? { times.withLock { $0[trade] } }
}

private struct NoREST: APIService {
    func respond(to request: APIRequest) async -> APIResponse { APIResponse(status: 404, body: ByteBuffer()) }
}
