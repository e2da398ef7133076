import NIOCore
import SyncronWire

/// What a service answers. The transport adds `Content-Type`, `Content-Length`, `Date` and `X-Request-Id`.
public struct APIResponse: Sendable {
    public var status: Int
    /// Further header fields. Control characters in them are left out when they are written.
    public var headers: [(String, String)]
    public var body: ByteBuffer
    public var contentType: String
    /// Where the account's order rate stands, when the handler has counted orders itself.
    var orderStanding: RateStanding?

    public init(
        status: Int = 200, headers: [(String, String)] = [], body: ByteBuffer, contentType: String = "application/json"
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.contentType = contentType
    }

    public init(_ error: APIError) {
        self.init(status: error.status, headers: error.headers, body: error.body)
    }
}
