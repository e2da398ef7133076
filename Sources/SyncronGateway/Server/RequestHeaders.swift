import NIOHTTP1

/// Those header fields of a request that its service looks at.
public struct RequestHeaders: Sendable {
    /// Of a field that is there more than once the first counts.
    public private(set) var apiKey: String?
    public private(set) var authorization: String?
    public private(set) var contentType: String?
    /// All of them, in order, not split at commas.
    public private(set) var forwardedFor: [String] = []

    public init() {}

    public init(_ fields: HTTPHeaders) {
        for (name, value) in fields { note(name, value) }
    }

    /// Keeps the field if it is one of those above. Names match in any case.
    mutating func note(_ name: String, _ value: String) {
        switch name.utf8.count {
        case 9 where apiKey == nil && name.isField("x-api-key"): apiKey = value
        case 12 where contentType == nil && name.isField("content-type"): contentType = value
        case 13 where authorization == nil && name.isField("authorization"): authorization = value
        case 15 where name.isField("x-forwarded-for"): forwardedFor.append(value)
        default: break
        }
    }
}

extension RequestHeaders: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) { self.init(HTTPHeaders(elements)) }
}
