import Logging
import NIOCore
import NIOHTTP1
import SyncronWire

/// What all connections of a server have in common.
struct ServerContext: Sendable {
    let service: any APIService
    let streams: (any StreamService)?
    let limits: ServerLimits
    let cors: CORSPolicy?
    let counters: ServerCounters
    let logger: Logger
}

/// The last handler of an HTTP connection: carries requests from the decoder to the service and writes the answers as
/// bytes, without an encoder.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let server: ServerContext
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    let shared = LoopShared.current
    var state: HTTPConnectionState
    private(set) var context: ChannelHandlerContext?
    /// The IP address of the other side.
    private(set) var peer = ""
    /// What is being answered.
    var asked: ResponseEncoding?
    /// Of the read under way.
    var decoded = DecodedParts()
    private var timer = ConnectionTimer()
    private var isAdvancing = false
    private var hasUnflushed = false
    private var readIsDue = false
    private var sawPart = false

    init(server: ServerContext, decoder: ByteToMessageHandler<HTTPRequestDecoder>) {
        self.server = server
        self.decoder = decoder
        state = HTTPConnectionState(bodyLimit: server.limits.body)
    }

    // MARK: Coming and going

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    private func start(_ context: ChannelHandlerContext) {
        peer = context.channel.remoteAddress?.plainAddress ?? ""
        timer.set(server.limits.firstRequest, on: context.eventLoop, for: self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if readIsDue, context.channel.isActive { context.read() }
        end()
        self.context = nil
    }

    private func end() {
        timer.cancel()
        state.close()
        asked = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            if !state.isOpen { closeAfterWrites() }
            state.receive(.end)
            advance()
        case is ChannelShouldQuiesceEvent:
            state.quiesce()
            timer.set(server.limits.drain, on: context.eventLoop, for: self)
            advance()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            if error != .invalidEOFState { server.counters.countMalformed() }
            state.receive(.malformed(.malformedHTTP(error)))
            advance()
        case is ByteToMessageDecoderError:
            break  // More bytes behind those that were no HTTP.
        default:
            server.logger.debug("connection failed", metadata: ["peer": "\(peer)", "error": "\(error)"])
            context.close(promise: nil)
        }
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        sawPart = true
        decoded.note(part)
        state.receive(.part(part))
        advance()
    }

    /// Whether nothing of a request is here, and one may come.
    var isReadyForRequest: Bool { state.isReadyForRequest && context != nil }

    /// Serves a request that the decoder has not seen. `isReadyForRequest` is to be asked before.
    func serve(_ plain: PlainRequest) {
        guard let context else { return }
        sawPart = true
        state.begin()
        var request = plain.request
        request.peer = peer
        if request.requestID.isEmpty { request.requestID = shared.nextRequestID() }
        asked = ResponseEncoding(
            requestID: request.requestID, keepsAlive: true, corsHeaders: server.cors?.headers(for: plain.origin) ?? [])
        isAdvancing = true
        serve(request, in: context)
        isAdvancing = false
        advance()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !sawPart { state.receivedFragment() }
        sawPart = false
        setTimer()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if state.wantsInput {
            context.read()
        } else {
            readIsDue = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            state.becameWritable()
            advance()
            setTimer()
        }
        context.fireChannelWritabilityChanged()
    }

    /// Takes step after step until there is something to wait for.
    func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        steps: while let context {
            switch state.next() {
            case .wait: break steps
            case .sendContinue: write(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n"), to: context)
            case .serve(let head, let body): serve(head, body: body, in: context)
            case .refuse(let error, let head): refuse(error, head)
            case .close: closeAfterWrites()
            }
        }
        isAdvancing = false
        if hasUnflushed {
            hasUnflushed = false
            context?.flush()
        }
        if readIsDue, state.wantsInput, let context {
            readIsDue = false
            context.read()
        }
    }

    /// Sent off when the steps are done.
    func write(_ bytes: ByteBuffer, to context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(bytes), promise: nil)
        hasUnflushed = true
    }

    // MARK: Closing

    /// Closes when the client has been sent what was written.
    func closeAfterWrites() { afterWrites { $0.close(promise: nil) } }

    /// Sends no more, but reads on for a while: closing with bytes unread would reset the connection, and the client
    /// could lose the last answer to that.
    func closeOutputAfterWrites() {
        afterWrites { [self] context in
            context.close(mode: .output, promise: nil)
            state.linger()
            setTimer()
        }
    }

    private func afterWrites(_ body: @escaping (ChannelHandlerContext) -> Void) {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [self] _ in
            if let context = self.context { body(context) }
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }
}

// MARK: Time

extension HTTPConnection: NIOScheduledCallbackHandler {
    func setTimer() {
        guard let context else { return }
        switch state.timeLimit(server.limits) {
        case .unchanged: break
        case .none: timer.suspend()
        case .within(let amount): timer.set(amount, on: context.eventLoop, for: self)
        }
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        guard timer.isDue(on: eventLoop, for: self) else { return }
        if state.phase != .waiting && state.phase != .lingering { server.counters.countTimeout() }
        switch state.timedOut() {
        case .refuse(let error, let head): refuse(error, head)
        default: context?.close(promise: nil)
        }
    }
}
