import Logging
import NIOCore
import NIOPosix
import SyncronCore
import SyncronNode
import SyncronWire

/// Measures signed, durable orders over HTTP beside pings of the same program, in one run: client and exchange share a
/// process and its processors, the sockets are real.
public enum HTTPBenchmark {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public struct Figures: Sendable {
        public var requestsPerSecond: Double
        public var p50Nanoseconds: UInt64
        public var p99Nanoseconds: UInt64
    }

    public struct Row: Sendable {
        public var connections: Int
        public var ping: Figures
        public var order: Figures
        /// Orders per second over pings per second.
        public var ratio: Double { order.requestsPerSecond / ping.requestsPerSecond }
    }

    /// Runs each number of connections for about twice `seconds`: pings and orders in turns. `directory` is made where
    /// it is missing; what is written below it stays there.
    public static func run(directory: String, seconds: Double, connections: [Int] = [1, 64]) async throws -> [Row] {
        let log = Logger(label: "syncron.bench") { _ in SwiftLogNoOpLogHandler() }
        var configuration = NodeConfiguration(dataDirectory: directory)
        configuration.log = log
        configuration.snapshotInterval = 0
        configuration.initialCommands = try ExchangeDefinition.standard.commands()
        let node = try Node.start(configuration)
        let vault = try SecretVault(path: "\(directory)/master.key")
        let client = try await BenchmarkClient(node: node, vault: vault)
        let server = APIServer(
            host: "127.0.0.1", port: 0, service: PublicService(node: node, vault: vault), logger: log)
        let port = try await server.start()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var rows: [Row] = []
        for count in connections {
            // Short turns, so that both see the same machine.
            var pings: [UInt64] = []
            var orders: [UInt64] = []
            let turns = 4
            for _ in 0..<turns {
                pings += try await load(port, count, seconds / Double(turns), group) { _, _ in client.ping }
                // Signed before the clock runs, and good for a minute: what is measured is the exchange.
                let (buy, sell) = (client.order("BUY"), client.order("SELL"))
                // Half of the connections buy first: what turns leave in the book stays far below an account's bound.
                orders += try await load(port, count, seconds / Double(turns), group) { connection, order in
                    (connection + order) % 2 == 0 ? buy : sell
                }
            }
            rows.append(Row(connections: count, ping: figures(&pings, seconds), order: figures(&orders, seconds)))
        }
        try await group.shutdownGracefully()
        await server.stop()
        await node.stop()
        return rows
    }

    private static func load(
        _ port: Int, _ connections: Int, _ seconds: Double, _ group: any EventLoopGroup,
        request: @escaping @Sendable (_ connection: Int, _ number: Int) -> ByteBuffer
    ) async throws -> [UInt64] {
        let deadline = WallClock.monotonicNanoseconds() + UInt64(seconds * 1e9)
        let results = try await withThrowingTaskGroup { tasks in
            for connection in 0..<connections {
                tasks.addTask {
                    let done = group.any().makePromise(of: [UInt64].self)
                    _ = try await ClientBootstrap(group: group)
                        .channelOption(.socketOption(.tcp_nodelay), value: 1)
                        .channelInitializer { channel in
                            channel.eventLoop.makeCompletedFuture {
                                let handler = LoadConnection(until: deadline, done: done) { request(connection, $0) }
                                try channel.pipeline.syncOperations.addHandler(handler)
                            }
                        }
                        .connect(host: "127.0.0.1", port: port).get()
                    return try await done.futureResult.get()
                }
            }
            return try await tasks.reduce(into: [[UInt64]]()) { $0.append($1) }
        }
        return results.flatMap(\.self)
    }

    private static func figures(_ latencies: inout [UInt64], _ seconds: Double) -> Figures {
        latencies.sort()
        guard !latencies.isEmpty else { return Figures(requestsPerSecond: 0, p50Nanoseconds: 0, p99Nanoseconds: 0) }
        return Figures(
            requestsPerSecond: Double(latencies.count) / seconds, p50Nanoseconds: latencies[latencies.count / 2],
            p99Nanoseconds: latencies[latencies.count * 99 / 100])
    }
}

/// What the requests of the benchmark look like: orders that fill each other, of one account without limits.
private struct BenchmarkClient: Sendable {
    let ping: ByteBuffer
    private let key: String
    private let secret: HMACKey

    init(node: Node, vault: SecretVault) async throws {
        let opened = try await node.submit(.openAccount(OpenAccount(level: .vip)))
        guard case .accountOpened(let account)? = opened.events.first else {
            throw HTTPBenchmark.Failure(description: "no account could be opened")
        }
        _ = try await node.submit(
            .changeAccount(
                ChangeAccount(account: account.id, requestsPerMinute: .max, ordersPerSecond: .max)))
        for asset in node.directory.assets {
            let deposit = RecordDeposit(
                account: account.id, asset: asset.id, network: "bench", amount: Units(1 << 80), txID: "bench")
            _ = try await node.submit(.recordDeposit(deposit))
        }
        let (made, secret) = try KeyDraft(account: account.id, name: "bench", permissions: .all).make(vault)
        _ = try await node.submit(.createAPIKey(made))
        key = made.key
        self.secret = HMACKey(secret: secret ?? "")
        ping = ByteBuffer(
            string: "GET /v1/ping HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-KEY: \(key)\r\n\r\n")
    }

    /// Each connection buys and sells in turn, so that the books stay small.
    func order(_ side: String) -> ByteBuffer {
        let form =
            "symbol=BTC-USDT&side=\(side)&type=LIMIT&timeInForce=GTC&quantity=0.001&price=60000.00"
            + "&selfTradePreventionMode=NONE&recvWindow=60000&timestamp=\(WallClock.milliseconds())"
        let payload = SignedPayload(query: ByteBuffer(), body: ByteBuffer(string: form), bodyKind: .form)
        let body = "\(form)&signature=\(secret.signature(of: payload))"
        return ByteBuffer(
            string: "POST /v1/trading/order HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-KEY: \(key)\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }
}
