import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization
import SyncronWire

/// A WebSocket client that shows everything it is sent, and that can send what no client should.
final class WebSocketProbe: Sendable {
    enum Event: Sendable, Hashable {
        case text(String)
        case ping
        case pong(String)
        case close(code: Int, reason: String)
        /// The connection ended.
        case end
    }

    /// Nothing came in time.
    struct Silence: Error {}

    /// The answer to the upgrade, when it was none.
    struct Refused: Error, Hashable {
        var status: Int
        var code: Int?
        var message: String
    }

    private let channel: any Channel
    private let inbox: ProbeInbox

    private init(channel: any Channel, inbox: ProbeInbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// Connects and upgrades. `path` with its query, as it goes into the request line.
    static func connect(port: Int, _ path: String, receiveBuffer: Int? = nil) async throws -> WebSocketProbe {
        let inbox = ProbeInbox()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ProbeHandler(inbox: inbox))
                }
            }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        let request =
            "GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        try await channel.writeAndFlush(ByteBuffer(string: request)).get()
        let answer = try await inbox.answer()
        guard answer.status == 101 else {
            let body = try? JSONValue(answer.body)
            channel.close(promise: nil)
            throw Refused(
                status: answer.status, code: body?["code"]?.integer.map(Int.init),
                message: body?["message"]?.text ?? "")
        }
        return WebSocketProbe(channel: channel, inbox: inbox)
    }

    // MARK: Sending

    func send(_ text: String) async throws {
        try await send(WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(string: text)))
    }

    /// The frame as it is: unmasked if it has no key.
    func send(_ frame: WebSocketFrame) async throws {
        var bytes = ByteBuffer()
        var payload = frame.data
        if let key = frame.maskKey { payload.webSocketMask(key) }
        let first: UInt8 = (frame.fin ? 0x80 : 0) | UInt8(webSocketOpcode: frame.opcode)
        let mask: UInt8 = frame.maskKey == nil ? 0 : 0x80
        bytes.writeInteger(first)
        switch payload.readableBytes {
        case ...125: bytes.writeInteger(mask | UInt8(payload.readableBytes))
        case ...0xFFFF:
            bytes.writeInteger(mask | 126)
            bytes.writeInteger(UInt16(payload.readableBytes))
        default:
            bytes.writeInteger(mask | 127)
            bytes.writeInteger(UInt64(payload.readableBytes))
        }
        if let key = frame.maskKey { bytes.writeBytes(key) }
        bytes.writeBuffer(&payload)
        try await channel.writeAndFlush(bytes).get()
    }

    func subscribe(_ names: String..., id: Int = 1) async throws {
        let list = names.map { "\"\($0)\"" }.joined(separator: ",")
        try await send(#"{"method":"SUBSCRIBE","params":[\#(list)],"id":\#(id)}"#)
    }

    // MARK: Receiving

    /// What comes next. Pings of the server come too.
    func next() async throws -> Event { try await inbox.next() }

    /// The next text message.
    func text() async throws -> String {
        while true {
            switch try await next() {
            case .text(let text): return text
            case .ping: continue
            case let other: throw UnexpectedEvent(event: other)
            }
        }
    }

    func json() async throws -> JSONValue { try JSONValue(try await text()) }

    /// Whether all that has come so far has been looked at.
    var hasNothing: Bool { inbox.isEmpty }

    /// The code and reason of the close frame, after whatever came before it; code 0 when there was none.
    func closing() async throws -> (code: Int, reason: String) {
        while true {
            switch try await next() {
            case .close(let code, let reason): return (code, reason)
            case .end: return (0, "")
            case .text, .ping, .pong: continue
            }
        }
    }

    /// Stops or goes on taking bytes from the socket.
    func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
    }

    func close() async { try? await channel.close().get() }
}

struct UnexpectedEvent: Error, CustomStringConvertible {
    var event: WebSocketProbe.Event
    var description: String { "came: \(event)" }
}

/// Keeps what came until somebody asks for it.
private final class ProbeInbox: Sendable {
    private struct State {
        var answer: (status: Int, body: ByteBuffer)?
        var events: [WebSocketProbe.Event] = []
        var hasEnded = false
    }

    private let state = Mutex(State())
    /// Long enough for the slowest machine: a wait that fails is a failure, never a measurement.
    private static let patience = ContinuousClock.Duration.seconds(30)

    var isEmpty: Bool { state.withLock { $0.events.isEmpty } }

    func put(answer: (status: Int, body: ByteBuffer)) { state.withLock { $0.answer = answer } }

    func put(_ event: WebSocketProbe.Event) { state.withLock { $0.events.append(event) } }

    func answer() async throws -> (status: Int, body: ByteBuffer) { try await wait { $0.answer } }

    func next() async throws -> WebSocketProbe.Event {
        try await wait { $0.events.isEmpty ? nil : $0.events.removeFirst() }
    }

    private func wait<R: Sendable>(for find: @Sendable (inout State) -> R?) async throws -> R {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if let found = state.withLock({ find(&$0) }) { return found }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw WebSocketProbe.Silence()
    }
}

/// Takes the answer to the upgrade apart, and the frames behind it.
private final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: ProbeInbox
    private var bytes = ByteBuffer()
    private var isUpgraded = false
    private var hasAnswer = false

    init(inbox: ProbeInbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.writeImmutableBuffer(unwrapInboundIn(data))
        if !hasAnswer { readAnswer() }
        while isUpgraded, let event = readFrame() { inbox.put(event) }
        bytes.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) { inbox.put(.end) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func readAnswer() {
        guard let end = bytes.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let head = String(decoding: bytes.readableBytesView[..<end.lowerBound], as: UTF8.self)
        let length = head.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.output.1) } ?? 0
        guard bytes.readableBytesView.distance(from: end.upperBound, to: bytes.readableBytesView.endIndex) >= length
        else { return }
        bytes.moveReaderIndex(to: end.upperBound)
        let status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
        isUpgraded = status == 101
        hasAnswer = true
        inbox.put(answer: (status, bytes.readSlice(length: length) ?? ByteBuffer()))
    }

    private func readFrame() -> WebSocketProbe.Event? {
        var rest = bytes
        guard let (first, second) = rest.readMultipleIntegers(as: (UInt8, UInt8).self) else { return nil }
        var length = Int(second & 0x7F)
        if length == 126 {
            guard let wide = rest.readInteger(as: UInt16.self) else { return nil }
            length = Int(wide)
        } else if length == 127 {
            guard let wide = rest.readInteger(as: UInt64.self) else { return nil }
            length = Int(wide)
        }
        guard var payload = rest.readSlice(length: length) else { return nil }
        bytes = rest
        switch first & 15 {
        case 8:
            let code = payload.readInteger(as: UInt16.self)
            return .close(code: code.map(Int.init) ?? 1005, reason: String(buffer: payload))
        case 9: return .ping
        case 10: return .pong(String(buffer: payload))
        default: return .text(String(buffer: payload))
        }
    }
}
