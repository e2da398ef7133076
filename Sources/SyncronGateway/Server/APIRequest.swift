import NIOCore

/// One HTTP request, complete: its body was collected before anyone is asked to answer it.
public struct APIRequest: Sendable {
    /// In upper case. HEAD arrives as GET; the transport leaves the body of the answer out.
    public var method: String
    /// Percent-decoded, without the query; begins with `/`.
    public var path: String
    /// The bytes after `?` as they were sent, still encoded; empty without a query. ASCII only.
    public var query: ByteBuffer
    /// The bytes as they were sent (chunked coding removed), at most `ServerLimits.body` of them.
    public var body: ByteBuffer
    public var headers: RequestHeaders
    /// The IP address of the TCP peer as text, without a port.
    public var peer: String
    /// What the answer's `X-Request-Id` says.
    public var requestID: String

    public init(
        method: String, path: String, query: ByteBuffer = ByteBuffer(), body: ByteBuffer = ByteBuffer(),
        headers: RequestHeaders = RequestHeaders(), peer: String = "127.0.0.1", requestID: String = "-"
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.headers = headers
        self.peer = peer
        self.requestID = requestID
    }
}
