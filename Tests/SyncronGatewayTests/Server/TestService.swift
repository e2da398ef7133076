import Foundation
import Logging
import NIOCore
import NIOWebSocket
import Synchronization
import SyncronWire

@testable import SyncronGateway

/// Answers a few paths that between them use every way of answering.
final class TestService: APIService {
    private let held = Mutex<[EventLoopPromise<APIResponse>]>([])

    /// How many requests to `/hold` wait.
    var heldCount: Int { held.withLock { $0.count } }

    func release() {
        let promises = held.withLock { held in
            defer { held = [] }
            return held
        }
        for promise in promises { promise.succeed(Self.text("released")) }
    }

    static func text(_ text: String) -> APIResponse {
        APIResponse(body: ByteBuffer(string: text), contentType: "text/plain")
    }

    func respond(to request: APIRequest, eventLoop: any EventLoop, answer: @escaping Answer) -> Bool {
        switch request.path {
        case "/now": answer(.success(Self.text("now \(String(buffer: request.query))")))
        case "/hold":
            let promise = eventLoop.makePromise(of: APIResponse.self)
            held.withLock { $0.append(promise) }
            promise.futureResult.assumeIsolated().whenComplete(answer)
        case "/fail": answer(.failure(ChannelError.eof))
        case "/refuse": answer(.failure(APIError.marketClosed()))
        default: return false
        }
        return true
    }

    func respond(to request: APIRequest) async -> APIResponse {
        switch request.path {
        case "/echo":
            var json = JSONWriter()
            json.beginObject()
            json.field("method", request.method)
            json.field("path", request.path)
            json.field("query", String(buffer: request.query))
            json.field("body", String(buffer: request.body))
            json.field("length", request.body.readableBytes)
            json.field("peer", request.peer)
            json.field("id", request.requestID)
            json.field("key", request.headers.apiKey ?? "")
            json.endObject()
            return APIResponse(body: json.buffer)
        case "/big":
            let size = Int(String(buffer: request.query)) ?? 0
            return APIResponse(body: ByteBuffer(repeating: UInt8(ascii: "x"), count: size))
        case "/empty": return APIResponse(status: 204, body: ByteBuffer())
        case "/injected":
            return APIResponse(headers: [("X-Bad", "a\r\nX-Worse: b\u{7F}")], body: ByteBuffer(string: "{}"))
        case "/task":
            await Task.yield()
            return Self.text("task \(String(buffer: request.query))")
        default: return APIResponse(.noSuchRoute)
        }
    }
}

/// Admits `/ws/echo`, `/ws/close` and `/ws/slow`, knows no listen key, and serves with `EchoHandler`.
struct TestStreams: StreamService {
    /// Set when the handler of `/ws/slow`, which takes its time, has begun to listen.
    var slowOneListens: Flag?

    final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .sequentiallyConsistent) }
        func set() { value.store(true, ordering: .sequentiallyConsistent) }
    }

    func admit(path: String, query: String, peer: String) -> StreamAdmission {
        switch path {
        case "/ws/echo", "/ws/close", "/ws/slow": .accept(StreamTarget(streams: [path]))
        case "/ws/user": .refuse(.unauthorized("unknown or expired listen key"))
        default: .refuse(.noSuchRoute)
        }
    }

    func makeHandler(for target: StreamTarget, channel: any Channel) -> any ChannelHandler {
        EchoHandler(
            closesFirst: target.streams == ["/ws/close"], added: target.streams == ["/ws/slow"] ? slowOneListens : nil)
    }
}

/// Sends back what it receives; or closes at the first message and goes on writing, which must not get out.
final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let closesFirst: Bool
    private let added: TestStreams.Flag?

    init(closesFirst: Bool, added: TestStreams.Flag?) {
        self.closesFirst = closesFirst
        self.added = added
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard let added else { return }
        Thread.sleep(forTimeInterval: 0.2)
        added.set()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if closesFirst {
            let close = WebSocketFrame(fin: true, opcode: .connectionClose, data: ByteBuffer(bytes: [0x03, 0xEB]))
            context.write(wrapOutboundOut(close), promise: nil)
        }
        context.write(wrapOutboundOut(frame), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}

/// A server on a port of its own with the services above, for the length of `body`.
func withServer<R>(
    limits: ServerLimits = ServerLimits(), streams: (any StreamService)? = TestStreams(), tls: ServerTLS? = nil,
    corsOrigin: String? = nil, _ body: (APIServer, TestService, Int) async throws -> R
) async throws -> R {
    let service = TestService()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = APIServer(
        host: "127.0.0.1", port: 0, service: service, streams: streams, tls: tls, limits: limits,
        corsOrigin: corsOrigin, logger: logger)
    let port = try await server.start()
    do {
        let result = try await body(server, service, port)
        service.release()
        await server.stop()
        return result
    } catch {
        service.release()
        await server.stop()
        throw error
    }
}

/// Waits until `condition` holds, for at most ten seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<1000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return condition()
}
