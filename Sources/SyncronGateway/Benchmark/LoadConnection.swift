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

    /// The status of an answer that has arrived whole, which is taken out of what was received. The exchange's own
    /// spelling of its headers is all that is understood, so that the client costs little beside what it measures.
    private func takeAnswer() -> Int? {
        let whole = received.withUnsafeReadableBytes { bytes -> (status: Int, length: Int)? in
            var body: Int?
            var position = 12
            while position + 4 <= bytes.count {
                guard bytes[position] == 13 else {
                    position += 1
                    continue
                }
                let line = position + 2
                if bytes[line] == 13 {
                    let length = line + 2 + (body ?? 0)
                    let digits = bytes[9..<12].map { Int($0) - 48 }
                    return length <= bytes.count ? (digits[0] * 100 + digits[1] * 10 + digits[2], length) : nil
                }
                let value = line + Self.lengthField.count
                if value < bytes.count, bytes[line..<value].elementsEqual(Self.lengthField) {
                    body = bytes[value...].prefix { $0 != 13 }.reduce(0) { $0 * 10 + Int($1) - 48 }
                }
                position = line
            }
            return nil
        }
        guard let whole else { return nil }
        received.moveReaderIndex(forwardBy: whole.length)
        if received.readableBytes == 0 { received.clear() }
        return whole.status
    }

    private static let lengthField = Array("Content-Length: ".utf8)
}
