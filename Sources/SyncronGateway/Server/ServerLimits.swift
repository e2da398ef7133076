import NIOCore

/// The bounds of a server: what a connection may send, and how long it may take.
public struct ServerLimits: Sendable {
    /// Bytes of a request line and its header fields together.
    public var headerBytes = 16 * 1024
    /// Header fields of one request.
    public var headerCount = 100
    /// Bytes of a body; also of a WebSocket message.
    public var body = 64 * 1024
    /// Connections open at once; further ones are told 503 and closed.
    public var connections = 20_000

    /// From the connection's start to the end of its first request's head.
    public var firstRequest = TimeAmount.seconds(10)
    /// From the first bytes of a head to its end.
    public var header = TimeAmount.seconds(10)
    /// From the end of a head to the end of its body.
    public var bodyTime = TimeAmount.seconds(30)
    /// From an answer to the next request.
    public var idle = TimeAmount.seconds(75)
    /// For a client to take an answer.
    public var write = TimeAmount.seconds(30)
    /// For a client to hang up after its last answer, or to answer a close frame: a reader that was too slow must have
    /// the time to come to it.
    public var closing = TimeAmount.seconds(10)
    /// For open requests to finish, and for WebSockets to close, when the server stops.
    public var drain = TimeAmount.seconds(3)

    public init() {}
}
