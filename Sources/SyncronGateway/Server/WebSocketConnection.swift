import NIOCore
import NIOWebSocket

/// Told inwards when a WebSocket has begun to close: whoever writes past this handler must stop.
public struct WebSocketClosing: Sendable {}

/// The rules of RFC 6455 that every WebSocket keeps, so that the handler behind this one sees only whole, plain
/// messages and pongs: masking, fragments, control frames, the closing handshake.
final class WebSocketConnection: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let server: ServerContext
    private var messages: WebSocketMessages
    private var timer = ConnectionTimer()
    private var isClosing = false
    private var context: ChannelHandlerContext?

    init(server: ServerContext) {
        self.server = server
        messages = WebSocketMessages(limit: server.limits.body)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        server.counters.openWebSocket()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer.cancel()
        self.context = nil
        server.counters.closeWebSocket()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if isClosing {
            if frame.opcode == .connectionClose { context.close(promise: nil) }
            return
        }
        switch messages.receive(frame) {
        case .nothing: break
        case .forward(let message): context.fireChannelRead(wrapInboundOut(message))
        case .pong(let data):
            // A client that pings without reading gets no more pongs than it takes.
            guard context.channel.isWritable else { return }
            context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: data)), promise: nil)
        case .closed(let code): answerClose(code, in: context)
        case .violation(let code): close(code, in: context)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isClosing else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        if unwrapOutboundIn(data).opcode == .connectionClose { beginClosing(in: context) }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            close(.goingAway, in: context)
            // A server that stops waits for nobody longer than for its open requests.
            timer.set(min(server.limits.closing, server.limits.drain), on: context.eventLoop, for: self)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: close(.messageTooLarge, in: context)
        case is NIOWebSocketError: close(.protocolError, in: context)
        case is ByteToMessageDecoderError: break
        default:
            server.logger.debug("WebSocket failed", metadata: ["error": "\(error)"])
            context.close(promise: nil)
        }
    }
}

// MARK: Closing

extension WebSocketConnection: NIOScheduledCallbackHandler {
    /// Says why, then waits a moment for the client to say the same.
    private func close(_ code: WebSocketErrorCode, in context: ChannelHandlerContext) {
        guard !isClosing else { return }
        beginClosing(in: context)
        context.writeAndFlush(wrapOutboundOut(Self.closeFrame(code)), promise: nil)
    }

    private func answerClose(_ code: WebSocketErrorCode?, in context: ChannelHandlerContext) {
        beginClosing(in: context)
        context.writeAndFlush(wrapOutboundOut(Self.closeFrame(code)))
            .assumeIsolated().whenComplete { [self] _ in self.context?.close(promise: nil) }
    }

    private func beginClosing(in context: ChannelHandlerContext) {
        isClosing = true
        timer.set(server.limits.closing, on: context.eventLoop, for: self)
        context.fireUserInboundEventTriggered(WebSocketClosing())
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        if timer.isDue(on: eventLoop, for: self) { context?.close(promise: nil) }
    }

    private static func closeFrame(_ code: WebSocketErrorCode?) -> WebSocketFrame {
        var data = ByteBuffer()
        if let code { data.write(webSocketErrorCode: code) }
        return WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
    }
}
