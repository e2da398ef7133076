import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// One listening port for HTTP and WebSocket, with or without TLS.
///
/// Hummingbird's `Server` accepts connections and shuts down; what happens on a connection is `HTTPConnection` and
/// `WebSocketConnection`.
public final class APIServer: Sendable {
    /// Why a server did not start.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private enum State {
        case idle
        case running(Server<ConnectionSetup>, Task<Void, Never>)
        case stopped
    }

    public let counters = ServerCounters()
    private let host: String
    private let port: Int
    private let setup: ConnectionSetup
    private let eventLoopGroup: any EventLoopGroup
    private let state = Mutex(State.idle)

    /// - Parameters:
    ///   - port: 0 for one that the system chooses.
    ///   - streams: nil where there are no WebSockets.
    ///   - corsOrigin: the origin whose pages may read answers, or `*`; nil for none.
    public init(
        host: String, port: Int, service: any APIService, streams: (any StreamService)? = nil, tls: ServerTLS? = nil,
        limits: ServerLimits = ServerLimits(), corsOrigin: String? = nil,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) {
        self.host = host
        self.port = port
        self.eventLoopGroup = eventLoopGroup
        setup = ConnectionSetup(
            server: ServerContext(
                service: service, streams: streams, limits: limits, cors: CORSPolicy(corsOrigin), counters: counters,
                logger: logger),
            tls: tls)
    }

    /// Returns when the server is listening, with its port. To be called once.
    public func start() async throws -> Int {
        let listening = eventLoopGroup.any().makePromise(of: Int.self)
        let server = Server(
            childChannelSetup: setup,
            configuration: ServerConfiguration(address: .hostname(host, port: port), backlog: 4096),
            onServerRunning: { listening.succeed($0.localAddress?.port ?? 0) },
            eventLoopGroup: eventLoopGroup, logger: setup.server.logger)
        let isFirst = state.withLock { state in
            guard case .idle = state else { return false }
            let run = Task {
                do {
                    try await server.run()
                    listening.fail(Failure(description: "stopped"))
                } catch {
                    listening.fail(error)
                }
            }
            state = .running(server, run)
            return true
        }
        if !isFirst { listening.fail(Failure(description: "started before")) }
        do {
            return try await listening.futureResult.get()
        } catch {
            throw Failure(description: "cannot listen on \(host):\(port): \(error)")
        }
    }

    /// Takes no more connections and requests, lets open requests finish, closes WebSockets with 1001, and returns
    /// when all connections are closed. Those that take longer than `ServerLimits.drain` are cut.
    public func stop() async {
        let running = state.withLock { state in
            defer { state = .stopped }
            return state
        }
        guard case .running(let server, let run) = running else { return }
        do {
            try await server.shutdownGracefully()
        } catch {
            setup.server.logger.warning("server did not shut down cleanly", metadata: ["error": "\(error)"])
        }
        await run.value
    }
}
