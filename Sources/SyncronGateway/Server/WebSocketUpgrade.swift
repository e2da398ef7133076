import Crypto
import NIOCore
import NIOHTTP1
import NIOWebSocket
import SyncronWire

extension HTTPConnection {
    /// Turns the connection into a WebSocket, or says why not.
    func upgrade(_ head: RequestHead, streams: any StreamService, in context: ChannelHandlerContext) {
        let key: WebSocketKey
        do throws(APIError) {
            key = try WebSocketKey(head)
        } catch {
            var response = refusal(error, to: head)
            if error.status == 426 {
                response.headers += [("Upgrade", "websocket"), ("Sec-WebSocket-Version", WebSocketKey.version)]
            }
            return answer(response)
        }
        switch streams.admit(path: head.path, query: String(buffer: head.query), peer: peer) {
        case .refuse(let error): answer(refusal(error, to: head))
        case .accept(let target):
            server.counters.countRequest()
            write(key.acceptance(requestID: asked?.requestID ?? ""), to: context)
            changePipeline(of: context, handler: streams.makeHandler(for: target, channel: context.channel))
        }
    }

    /// Puts the handlers of a WebSocket where those of HTTP were, and only then lets the answer go: a client that has it
    /// misses nothing of what happens from there on. The decoder leaves last and hands on what it has read too far.
    private func changePipeline(of context: ChannelHandlerContext, handler: any ChannelHandler) {
        let pipeline = context.pipeline.syncOperations
        let frames = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: server.limits.body))
        do {
            try pipeline.addHandler(WebSocketFrameEncoder())
            try pipeline.addHandler(frames)
            try pipeline.addHandler(WebSocketConnection(server: server))
            try pipeline.addHandler(handler)
        } catch {
            // The channel is closed.
            return context.close(promise: nil)
        }
        context.flush()
        pipeline.removeHandler(context: context, promise: nil)
        let removed = context.eventLoop.makePromise(of: Void.self)
        // What it hands on comes outside of any read: that it is all is still to be said.
        removed.futureResult.assumeIsolated().whenSuccess { pipeline.fireChannelReadComplete() }
        pipeline.removeHandler(decoder, promise: removed)
        if let plain = try? pipeline.context(handlerType: PlainRequests.self) {
            pipeline.removeHandler(context: plain, promise: nil)
        }
    }
}

/// The client's part of the opening handshake (RFC 6455, section 4.2).
struct WebSocketKey {
    static let version = "13"
    private static let salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// Base64 of 16 bytes.
    let text: String

    init(_ head: RequestHead) throws(APIError) {
        guard head.method == "GET" else { throw .invalidFormat("a WebSocket is asked for with GET") }
        guard head.fields["sec-websocket-version"] == [Self.version] else {
            throw .invalidFormat("only version \(Self.version) of WebSocket is spoken here", status: 426)
        }
        let keys = head.fields["sec-websocket-key"]
        guard keys.count == 1, keys[0].utf8.count == 24, keys[0].hasSuffix("==") else {
            throw .invalidFormat("malformed Sec-WebSocket-Key")
        }
        text = keys[0]
    }

    /// The whole answer that opens the WebSocket.
    func acceptance(requestID: String) -> ByteBuffer {
        let digest = Array(Insecure.SHA1.hash(data: Array((text + Self.salt).utf8)))
        return ByteBuffer(
            string: """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: \(Base64.text(digest))\r
                X-Request-Id: \(requestID)\r
                \r

                """)
    }
}
