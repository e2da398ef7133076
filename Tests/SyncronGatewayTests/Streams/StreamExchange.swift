import Foundation
import Logging
import NIOCore
import NIOPosix
import SyncronCore
import SyncronNode

@testable import SyncronGateway

/// A whole exchange in this process, with its streams behind a port on 127.0.0.1. Two accounts, 1 and 2, have money
/// of both assets of BTC-USDT.
final class StreamExchange: Sendable {
    static let maker = AccountID(1)
    static let taker = AccountID(2)
    static let market = MarketID(0)

    let node: Node
    let streams: Streams
    let port: Int
    private let server: APIServer
    private let directory: String

    private init(node: Node, streams: Streams, server: APIServer, port: Int, directory: String) {
        self.node = node
        self.streams = streams
        self.server = server
        self.port = port
        self.directory = directory
    }

    /// Runs `body` on a fresh exchange and takes everything away again.
    static func run(
        clock: ClockMode = .manual, limits: StreamLimits = StreamLimits(),
        _ body: (StreamExchange) async throws -> Void
    ) async throws {
        let exchange = try await start(clock: clock, limits: limits)
        do {
            try await body(exchange)
        } catch {
            await exchange.stop()
            throw error
        }
        await exchange.stop()
    }

    private static func start(clock: ClockMode, limits: StreamLimits) async throws -> StreamExchange {
        let directory = NSTemporaryDirectory() + "streams-" + UUID().uuidString
        var configuration = NodeConfiguration(dataDirectory: directory)
        configuration.clock = clock
        configuration.segmentBytes = 1 << 20
        configuration.snapshotInterval = 0
        configuration.log = quiet
        configuration.initialCommands = firstCommands
        configuration.onFatal = { fatalError($0) }
        let node = try Node.start(configuration)
        let streams = Streams(node: node, limits: limits)
        try await streams.start(on: MultiThreadedEventLoopGroup.singleton.any())
        let server = APIServer(
            host: "127.0.0.1", port: 0, service: NothingElse(), streams: streams, logger: quiet)
        let port = try await server.start()
        return StreamExchange(node: node, streams: streams, server: server, port: port, directory: directory)
    }

    func stopServer() async { await server.stop() }

    private func stop() async {
        await server.stop()
        streams.stop()
        await node.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static let quiet = Logger(label: "streams") { _ in SwiftLogNoOpLogHandler() }

    private static var firstCommands: [Command] {
        var commands: [Command] = [
            .defineAsset(StreamFixture.btc), .defineAsset(StreamFixture.usdt), .defineMarket(StreamFixture.btcUSDT),
        ]
        for account in [maker, taker] {
            commands.append(.openAccount(OpenAccount()))
            for asset in [StreamFixture.btc, StreamFixture.usdt] {
                commands.append(
                    .recordDeposit(
                        RecordDeposit(
                            account: account, asset: asset.id, network: asset.name,
                            amount: Units(1_000_000_000_000_000_000), txID: "first")))
            }
        }
        return commands
    }

    // MARK: Doing

    @discardableResult
    func submit(_ command: Command) async throws -> Outcome {
        let outcome = try await node.submit(command)
        if let rejection = outcome.rejection { throw FixtureFailure("\(rejection)") }
        return outcome
    }

    @discardableResult
    func order(
        _ account: AccountID, _ side: Side, price: Int64, quantity: Int64 = 100, timeInForce: TimeInForce = .gtc
    ) async throws -> Outcome {
        try await submit(
            .placeOrder(
                PlaceOrder(
                    account: account, market: Self.market, side: side,
                    terms: .limit(price: Ticks(price), quantity: Steps(quantity), timeInForce: timeInForce))))
    }

    /// One trade at that price, with nothing left over.
    func trade(price: Int64 = 3_000_000, quantity: Int64 = 100) async throws {
        try await order(Self.maker, .sell, price: price, quantity: quantity)
        try await order(Self.taker, .buy, price: price, quantity: quantity)
    }

    @discardableResult
    func openListenKey(_ key: String, _ account: AccountID = taker) async throws -> String {
        try await submit(.openListenKey(OpenListenKey(account: account, key: key)))
        return key
    }

    func connect(_ path: String, receiveBuffer: Int? = nil) async throws -> WebSocketProbe {
        try await WebSocketProbe.connect(port: port, path, receiveBuffer: receiveBuffer)
    }

    /// Connects and follows the streams; returns when the exchange has said so.
    func follow(_ names: String...) async throws -> WebSocketProbe {
        let probe = try await connect("/v1/ws")
        let list = names.map { "\"\($0)\"" }.joined(separator: ",")
        try await probe.send(#"{"method":"SUBSCRIBE","params":[\#(list)],"id":1}"#)
        let answer = try await probe.text()
        guard answer == #"{"result":null,"id":1}"# else { throw FixtureFailure(answer) }
        return probe
    }
}

/// There is nothing behind the port but streams.
private struct NothingElse: APIService {
    func respond(to request: APIRequest) async -> APIResponse { APIResponse(status: 404, body: ByteBuffer()) }
}
