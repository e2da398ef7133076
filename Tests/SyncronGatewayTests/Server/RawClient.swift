import NIOCore
import NIOPosix
import NIOSSL

/// A TCP connection whose bytes a test writes and reads itself.
final class RawClient {
    struct Answer {
        var status: Int
        var headers: [(name: String, value: String)]
        var body: String

        /// The only field of that name.
        subscript(_ name: String) -> String? {
            let found = headers.filter { $0.name.lowercased() == name.lowercased() }
            return found.count == 1 ? found[0].value : nil
        }
    }

    struct Ended: Error {}

    let channel: any Channel
    private var incoming: AsyncStream<ByteBuffer>.Iterator
    private var buffer = ByteBuffer()

    private init(channel: any Channel, incoming: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.incoming = incoming.makeAsyncIterator()
    }

    static func connect(port: Int, tls: Bool = false, autoRead: Bool = true) async throws -> RawClient {
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: autoRead)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if tls {
                        var configuration = TLSConfiguration.makeClientConfiguration()
                        configuration.certificateVerification = .none
                        let context = try NIOSSLContext(configuration: configuration)
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: nil))
                    }
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel: channel, incoming: stream)
    }

    func send(_ text: String) async throws { try await send(bytes: Array(text.utf8)) }

    func send(bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Tells the server that nothing more comes.
    func endSending() async throws { try await channel.close(mode: .output) }

    func close() async { try? await channel.close() }

    /// The next answer; to a HEAD request the body is not waited for.
    func answer(toHead: Bool = false) async throws -> Answer {
        let lines = try await head().split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), String(line[line.index(colon, offsetBy: 2)...]))
        }
        var answer = Answer(status: status, headers: headers, body: "")
        let length = toHead ? 0 : answer["Content-Length"].flatMap { Int($0) } ?? 0
        answer.body = String(decoding: try await bytes(length), as: UTF8.self)
        return answer
    }

    private func head() async throws -> String {
        while true {
            if let end = String(buffer: buffer).range(of: "\r\n\r\n") {
                let head = String(buffer: buffer)[..<end.lowerBound]
                buffer.moveReaderIndex(forwardBy: head.utf8.count + 4)
                return String(head)
            }
            try await more()
        }
    }

    func bytes(_ count: Int) async throws -> [UInt8] {
        while buffer.readableBytes < count { try await more() }
        return buffer.readBytes(length: count) ?? []
    }

    private func more() async throws {
        guard var bytes = await incoming.next() else { throw Ended() }
        buffer.writeBuffer(&bytes)
    }

    /// What else the server sends until it hangs up.
    func rest() async -> String {
        while (try? await more()) != nil {}
        return String(buffer: buffer)
    }
}

/// Hands on what arrives until the server has sent all it will.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(unwrapInboundIn(data)) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { continuation.finish() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension String {
    /// Where `text` first stands.
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
