import ArgumentParser
import Foundation
import Logging
import NIOPosix
import SyncronGateway
import SyncronNode
import SyncronSimulator

/// The parts put together and listening.
struct RunningExchange {
    let node: Node
    let publicPort: Int
    let adminPort: Int
    let stopSignals: StopSignals
    private let server: APIServer
    private let admin: APIServer
    private let streams: Streams
    private let sandbox: Sandbox?

    static func start(_ options: ServeOptions) async throws -> RunningExchange {
        let tls = try tls(options)
        let configuration = try options.nodeConfiguration()
        let node = try await Self.onItsOwnThread { () throws(NodeFailure) in try Node.start(configuration) }
        do {
            return try await listen(node, options, tls, configuration.log)
        } catch {
            await node.stop()
            throw error
        }
    }

    private static func listen(
        _ node: Node, _ options: ServeOptions, _ tls: ServerTLS?, _ log: Logger
    ) async throws -> RunningExchange {
        // Ten thousand connections are more files than a process may usually open.
        OpenFiles.raiseLimit()
        // Whoever reads below that it listens may ask it to stop at once.
        let stopSignals = StopSignals()
        let vault = try SecretVault(path: "\(options.data)/master.key")
        let unreadable = try await vault.countUnreadable(in: node)
        if unreadable > 0 {
            log.error("\(options.data)/master.key is not that under which \(unreadable) API keys lie: they are refused")
        }
        let streams = Streams(node: node)
        try await streams.start(on: MultiThreadedEventLoopGroup.singleton.any())
        let service = PublicService(
            node: node, vault: vault, proxies: try TrustedProxies(options.trustedProxy),
            swaggerUI: OwnProgram.tool("swagger-ui"))
        let server = APIServer(
            host: options.host, port: options.port, service: service, streams: streams, tls: tls,
            corsOrigin: options.corsOrigin, logger: Logger(label: "syncron.server"))
        let admin = APIServer(
            host: "127.0.0.1", port: options.adminPort,
            service: AdminService(node: node, vault: vault, token: try token(options)),
            logger: Logger(label: "syncron.admin"))
        // Whoever finds the exchange ready finds the demo account.
        var demo: DemoKey?
        if node.isSandbox {
            demo = try await DemoKey.ensure(
                account: try await DemoAccount.ensure(node: node), node: node, vault: vault,
                path: "\(options.data)/demo.key")
        }
        let adminPort = try await admin.start()
        let publicPort = try await server.start()
        let scheme = tls == nil ? "http" : "https"
        Console.print("Syncron listens on \(scheme)://\(options.host):\(publicPort)")
        let place = givenToken == nil ? "in \(options.data)/admin.token" : "from SYNCRON_ADMIN_TOKEN"
        Console.print("admin on http://127.0.0.1:\(adminPort), token \(place)")
        var sandbox: Sandbox?
        if let demo {
            Console.print(demo.introduction(url: "\(scheme)://\(options.host):\(publicPort)"))
            sandbox = Sandbox(node: node, seed: options.sandboxSeed)
            sandbox?.start()
        }
        return RunningExchange(
            node: node, publicPort: publicPort, adminPort: adminPort, stopSignals: stopSignals, server: server,
            admin: admin, streams: streams, sandbox: sandbox)
    }

    private static func tls(_ options: ServeOptions) throws -> ServerTLS? {
        guard let certificate = options.tlsCert, let key = options.tlsKey else { return nil }
        do {
            return try ServerTLS(certificateFile: certificate, keyFile: key)
        } catch {
            throw ValidationError("\(error.part == .key ? "--tls-key" : "--tls-cert"): \(error)")
        }
    }

    private static func token(_ options: ServeOptions) throws -> AdminToken {
        try givenToken ?? AdminToken(path: "\(options.data)/admin.token")
    }

    private static var givenToken: AdminToken? {
        ProcessInfo.processInfo.environment["SYNCRON_ADMIN_TOKEN"].flatMap { AdminToken($0) }
    }

    /// Takes no more requests, finishes those under way, and brings everything to disk.
    func stop() async {
        await sandbox?.stop()
        async let adminStopped: Void = admin.stop()
        await server.stop()
        await adminStopped
        streams.stop()
        await node.stop()
    }

    /// Recovery blocks for as long as it takes; the threads of Swift's concurrency must not.
    private static func onItsOwnThread<R: Sendable>(
        _ body: @escaping @Sendable () throws(NodeFailure) -> R
    ) async throws(NodeFailure) -> R {
        let result: Result<R, NodeFailure> = await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: Result { () throws(NodeFailure) in try body() }) }
            thread.stackSize = 8 << 20
            thread.start()
        }
        return try result.get()
    }
}

extension DemoKey {
    /// What a visitor reads: who he is, and a first order that works when it is pasted.
    fileprivate func introduction(url: String) -> String {
        let order = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=50000.00"
        return """

            A demo account is yours:
              API key  \(key)
              secret   \(secret)
            Place a first order:
              body="\(order)&timestamp=$(date +%s%3N)"; \\
              curl -s '\(url)/v1/trading/order' -H 'X-API-KEY: \(key)' \\
                -d "$body&signature=$(printf %s "$body" | openssl dgst -sha256 -hmac '\(secret)' -r | cut -d' ' -f1)"

            """
    }
}
