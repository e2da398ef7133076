import NIOHTTP1

/// The header fields of a request. Names match in any case.
public struct RequestHeaders: Sendable, ExpressibleByDictionaryLiteral {
    private var fields: HTTPHeaders

    public init(_ fields: HTTPHeaders = HTTPHeaders()) { self.fields = fields }

    public init(dictionaryLiteral elements: (String, String)...) { fields = HTTPHeaders(elements) }

    /// The first field of that name; nil when there is none.
    public subscript(_ name: String) -> String? { fields.first(name: name) }

    /// All fields of that name, in order, not split at commas.
    public func all(_ name: String) -> [String] { fields[name] }
}
