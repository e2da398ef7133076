import NIOCore
import SyncronWire

/// Serves a connection that is one too many: tells it so, and closes.
final class Turnaway: ChannelInboundHandler, NIOScheduledCallbackHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// False where the client expects a TLS handshake, which costs too much to refuse somebody.
    private let speaksPlainly: Bool
    private var timer = ConnectionTimer()
    private var context: ChannelHandlerContext?

    init(speaksPlainly: Bool) { self.speaksPlainly = speaksPlainly }

    func channelActive(context: ChannelHandlerContext) {
        guard speaksPlainly else { return context.close(promise: nil) }
        self.context = context
        let shared = LoopShared.current
        let encoding = ResponseEncoding(requestID: shared.nextRequestID(), keepsAlive: false)
        let response = APIResponse(.disconnected("too many connections"))
        let bytes = encoding.encode(response, shared: shared, allocator: context.channel.allocator).0
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        // Closing before the request was read would reset the connection and with it the answer.
        timer.set(.seconds(1), on: context.eventLoop, for: self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        timer.cancel()
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        if timer.isDue(on: eventLoop, for: self) { context?.close(promise: nil) }
    }
}
