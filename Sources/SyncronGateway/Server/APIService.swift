import NIOCore

/// Answers requests: one service behind the public port, one behind the admin port.
public protocol APIService: Sendable {
    func respond(to request: APIRequest) async -> APIResponse

    /// The same without a task: for routes that answer at once or from a callback. It is asked first, on the
    /// connection's event loop, and must not block. Nil leaves the request to the asynchronous function.
    /// A future that fails is answered with 500, code 1004.
    func respond(to request: APIRequest, eventLoop: any EventLoop) -> EventLoopFuture<APIResponse>?
}

extension APIService {
    public func respond(to request: APIRequest, eventLoop: any EventLoop) -> EventLoopFuture<APIResponse>? { nil }
}
