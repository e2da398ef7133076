import NIOCore

/// A refusal as clients see it: `{"code": …, "message": …, "details": {…}}` under an HTTP status.
public struct APIError: Error, Sendable, Hashable {
    /// The parameter or the figure that the refusal is about.
    public struct Detail: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The HTTP status.
    public var status: Int
    /// 1000 to 1010, or a margin code from -3001 down.
    public var code: Int
    public var message: String
    /// Left out of the body when empty.
    public var details: [Detail]
    /// In seconds, for the header `Retry-After`.
    public var retryAfter: Int?
    /// The methods of the route, for the header `Allow`.
    public var allow: String?

    public init(
        status: Int, code: Int, message: String, details: KeyValuePairs<String, String> = [:],
        retryAfter: Int? = nil, allow: String? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details.map { Detail(name: $0.key, value: $0.value) }
        self.retryAfter = retryAfter
        self.allow = allow
    }

    /// The same with one detail more.
    public func with(_ name: String, _ value: String?) -> APIError {
        guard let value else { return self }
        var error = self
        error.details.append(Detail(name: name, value: value))
        return error
    }

    /// The header fields that belong to this error.
    public var headers: [(String, String)] {
        var headers: [(String, String)] = []
        if let retryAfter { headers.append(("Retry-After", String(retryAfter))) }
        if let allow { headers.append(("Allow", allow)) }
        return headers
    }

    public var body: ByteBuffer {
        var json = JSONWriter(capacity: 128)
        write(into: &json)
        return json.buffer
    }

    public func write(into json: inout JSONWriter) {
        json.beginObject()
        json.field("code", code)
        json.field("message", message)
        if !details.isEmpty {
            json.key("details")
            json.beginObject()
            for detail in details {
                json.key(text: detail.name)
                json.value(detail.value)
            }
            json.endObject()
        }
        json.endObject()
    }
}
