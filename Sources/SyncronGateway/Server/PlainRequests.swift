import NIOCore
import NIOHTTP1

/// Stands before the decoder of a connection and takes plain requests past it, which spares most of the decoding. It does
/// so only while the decoder has nothing begun: whatever the bytes say, a request is never read from its middle.
final class PlainRequests: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection
    /// Whether the last byte that the decoder was given ended a request.
    private var decoderIsBetweenRequests = true

    init(_ connection: HTTPConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if decoderIsBetweenRequests, connection.isReadyForRequest,
            let request = PlainRequest(bytes, limits: connection.server.limits)
        {
            return connection.serve(request)
        }
        connection.decoded = DecodedParts()
        context.fireChannelRead(data)
        decoderIsBetweenRequests = connection.decoded.endExactly(with: bytes)
    }
}

/// What the decoder has made of the bytes of one read.
struct DecodedParts {
    private var endsWithEnd = false
    private var bodyBytes = 0

    mutating func note(_ part: HTTPServerRequestPart) {
        switch part {
        case .head: endsWithEnd = false
        case .body(let bytes): bodyBytes += bytes.readableBytes
        case .end: endsWithEnd = true
        }
    }

    /// Whether the last of `bytes` was for certain the last of a request: all of them were the rest of its body, or they
    /// end with an empty line, behind which the decoder has nothing of a next one.
    func endExactly(with bytes: ByteBuffer) -> Bool {
        guard endsWithEnd else { return false }
        if bodyBytes == bytes.readableBytes { return true }
        return bytes.readableBytesView.suffix(4).elementsEqual("\r\n\r\n".utf8)
    }
}
