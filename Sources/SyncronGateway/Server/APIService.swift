import NIOCore
import SyncronWire

/// Answers requests: one service behind the public port, one behind the admin port.
public protocol APIService: Sendable {
    func respond(to request: APIRequest) async -> APIResponse

    /// The same without a task: for routes that answer at once or from a callback. It is asked first, on the
    /// connection's event loop, and must not block.
    ///
    /// - Parameter answer: to be called once, on the event loop, before or after this returns. A failure other than an
    ///   `APIError` is answered with 500, code 1004.
    /// - Returns: false to leave the request to the asynchronous function; `answer` is not called then.
    func respond(to request: APIRequest, eventLoop: any EventLoop, answer: @escaping Answer) -> Bool

    /// The answer to a request that goes no further: the transport, or the streams, refused it with `error`. What was
    /// not understood or not read of it is empty; its peer is always there. Called on the event loop; must not block.
    func refuse(_ request: APIRequest, _ error: APIError) -> APIResponse
}

extension APIService {
    public typealias Answer = (Result<APIResponse, any Error>) -> Void

    public func respond(to request: APIRequest, eventLoop: any EventLoop, answer: @escaping Answer) -> Bool { false }

    public func refuse(_ request: APIRequest, _ error: APIError) -> APIResponse { APIResponse(error) }
}
