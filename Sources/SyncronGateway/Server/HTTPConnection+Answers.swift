import NIOCore
import NIOHTTP1
import SyncronWire

extension HTTPConnection {
    /// Has a complete request answered, at once or later.
    func serve(_ head: RequestHead, body: ByteBuffer, in context: ChannelHandlerContext) {
        remember(head)
        if head.asksForWebSocket, let streams = server.streams { return upgrade(head, streams: streams, in: context) }
        if head.isPreflight, let cors = server.cors {
            return answer(
                APIResponse(status: 204, headers: cors.preflightHeaders(for: head.origin), body: ByteBuffer()))
        }
        serve(request(head, body: body), in: context)
    }

    func serve(_ request: APIRequest, in context: ChannelHandlerContext) {
        let isTaken = server.service.respond(to: request, eventLoop: context.eventLoop) { [self, path = request.path] in
            finish($0, of: path)
        }
        if isTaken { return }
        let service = server.service
        context.eventLoop.makeFutureWithTask { await service.respond(to: request) }.assumeIsolated()
            .whenComplete { [self, path = request.path] in finish($0, of: path) }
    }

    private func finish(_ result: Result<APIResponse, any Error>, of path: String) {
        switch result {
        case .success(let response): answer(response)
        case .failure(let error): answer(failure(error, of: path))
        }
        advance()
        setTimer()
    }

    private func request(_ head: RequestHead, body: ByteBuffer) -> APIRequest {
        APIRequest(
            method: head.method == "HEAD" ? "GET" : head.method, path: head.path, query: head.query, body: body,
            headers: head.headers, peer: peer, requestID: asked?.requestID ?? "")
    }

    /// What the service makes of a refusal that it has no part in. Without a head nothing but the peer is known.
    func refusal(_ error: APIError, to head: RequestHead?) -> APIResponse {
        let known =
            head.map { request($0, body: ByteBuffer()) }
            ?? APIRequest(method: "", path: "", peer: peer, requestID: asked?.requestID ?? "")
        return server.service.refuse(known, error)
    }

    private func failure(_ error: any Error, of path: String) -> APIResponse {
        if let refusal = error as? APIError { return APIResponse(refusal) }
        server.logger.error(
            "request failed",
            metadata: ["request": "\(asked?.requestID ?? "")", "path": "\(path)", "error": "\(error)"])
        return APIResponse(.unexpected)
    }

    func remember(_ head: RequestHead) {
        let keepsAlive = head.keepsAlive && !head.asksForUpgrade
        asked = ResponseEncoding(
            requestID: head.requestID ?? shared.nextRequestID(), leavesBodyOut: head.method == "HEAD",
            keepsAlive: keepsAlive, saysKeepAlive: keepsAlive && head.isHTTP10,
            corsHeaders: server.cors?.headers(for: head.origin) ?? [])
    }

    /// Writes the answer to what was asked; nothing when the connection is gone.
    func answer(_ response: APIResponse) {
        guard let context, var encoding = asked else { return }
        asked = nil
        if state.isQuiescing { encoding.keepsAlive = false }
        server.counters.countRequest()
        let (head, body) = encoding.encode(response, shared: shared, allocator: context.channel.allocator)
        write(head, to: context)
        if let body { write(body, to: context) }
        state.answered(keepsAlive: encoding.keepsAlive, isWritable: context.channel.isWritable)
        if !encoding.keepsAlive { closeAfterWrites() }
    }

    /// Answers what could not be understood, and takes nothing more.
    func refuse(_ error: APIError, _ head: RequestHead?) {
        if let head {
            remember(head)
        } else {
            asked = ResponseEncoding(requestID: shared.nextRequestID(), keepsAlive: false)
        }
        guard let context, var encoding = asked else { return }
        let response = refusal(error, to: head)
        asked = nil
        encoding.keepsAlive = false
        server.counters.countRequest()
        write(encoding.encode(response, shared: shared, allocator: context.channel.allocator).0, to: context)
        closeOutputAfterWrites()
    }
}

extension APIError {
    static func malformedHTTP(_ error: HTTPParserError) -> APIError {
        switch error {
        case .headerOverflow: .invalidFormat("header too large", status: 431)
        case .invalidVersion: .invalidFormat("only HTTP/1.0 and HTTP/1.1 are spoken here")
        case .invalidEOFState: .invalidFormat("the request is incomplete")
        default: .invalidFormat("malformed HTTP")
        }
    }
}

extension SocketAddress {
    /// The IP address as text; an IPv4 address in IPv6 clothes as IPv4.
    var plainAddress: String? {
        guard let text = ipAddress else { return nil }
        let mapped = "::ffff:"
        return text.hasPrefix(mapped) && text.contains(".") ? String(text.dropFirst(mapped.count)) : text
    }
}
