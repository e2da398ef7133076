import NIOCore
import NIOPosix
import Synchronization

/// Sends one request after the other over a keep-alive connection, each when the answer before it is whole.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: (Int) -> ByteBuffer
    private let deadline: UInt64
    private let done: EventLoopPromise<[UInt64]>
    private var received = ByteBuffer()
    private var latencies: [UInt64] = []
    private var sentAt: UInt64 = 0
    private var failure: String?

    /// - Parameters:
    ///   - deadline: when to stop, by the monotonic clock.
    ///   - request: the bytes of the n-th request.
    init(until deadline: UInt64, done: EventLoopPromise<[UInt64]>, request: @escaping (Int) -> ByteBuffer) {
        self.deadline = deadline
        self.done = done
        self.request = request
    }

    func channelActive(context: ChannelHandlerContext) { send(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var chunk = unwrapInboundIn(data)
        received.writeBuffer(&chunk)
        guard let status = takeAnswer() else { return }
        let now = WallClock.monotonicNanoseconds()
        latencies.append(now - sentAt)
        guard status == 200 else {
            failure = "an answer had status \(status)"
            return context.close(promise: nil)
        }
        if now < deadline { send(context) } else { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let failure { done.fail(HTTPBenchmark.Failure(description: failure)) } else { done.succeed(latencies) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = "\(error)"
        context.close(promise: nil)
    }

    private func send(_ context: ChannelHandlerContext) {
        sentAt = WallClock.monotonicNanoseconds()
        context.writeAndFlush(wrapOutboundOut(request(latencies.count)), promise: nil)
    }

    /// The status of an answer that has arrived whole, which is taken out of what was received.
    private func takeAnswer() -> Int? {
        let view = received.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return nil }
        let head = String(decoding: view[..<end], as: UTF8.self).lowercased()
        guard let field = head.range(of: "content-length: "),
            let length = Int(head[field.upperBound...].prefix { $0.isNumber })
        else { return nil }
        let whole = view.distance(from: view.startIndex, to: end) + length
        guard received.readableBytes >= whole else { return nil }
        received.moveReaderIndex(forwardBy: whole)
        if received.readableBytes == 0 { received.clear() }
        return Int(head.dropFirst("http/1.1 ".count).prefix(3))
    }
}
