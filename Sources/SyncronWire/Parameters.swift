import NIOCore

/// The parameters of a request, gathered from its query string and its form or flat JSON body.
///
/// All names and values lie decoded in one array; an entry says where. What cannot be parsed is refused with 1005,
/// a parameter given twice with 1006, when the value is made; the getters refuse with 1006 what a route cannot take.
public struct Parameters: Sendable {
    /// How the body was read.
    public enum BodyKind: Sendable {
        case none, form, json
    }

    /// What a value was before it became text.
    enum Origin: Sendable {
        case text, number, bool, null, nested
    }

    struct Entry: Sendable {
        var name: Range<Int>
        var value: Range<Int>
        var origin: Origin
    }

    public let bodyKind: BodyKind
    var bytes: [UInt8] = []
    var entries: [Entry] = []

    /// More than any route takes; a bound on the work that a hostile request can cause.
    static let maximumCount = 64

    /// `nested` names the parameters whose value in a JSON body may be an array or object, for `json`. Under another
    /// name such a value is refused by all getters; under one that no route knows it is ignored like all else.
    public init(
        query: ByteBuffer, body: ByteBuffer = ByteBuffer(), contentType: String? = nil, nested: [String] = []
    ) throws(APIError) {
        bodyKind = try Self.kind(of: body, contentType: contentType)
        bytes.reserveCapacity(query.readableBytes + body.readableBytes)
        entries.reserveCapacity(12)
        if query.readableBytes > 0 { try readForm(query.readableBytesUInt8Span, part: "query") }
        switch bodyKind {
        case .none: break
        case .form: try readForm(body.readableBytesUInt8Span, part: "body")
        case .json: try readJSON(body.readableBytesUInt8Span, nested: nested)
        }
    }

    /// The members of one flat JSON object, such as an order of a batch.
    public init(object: JSONValue) throws(APIError) {
        guard let members = object.members else { throw .invalidFormat("expected a JSON object") }
        bodyKind = .json
        for member in members {
            let name = append(member.name.utf8)
            let origin: Origin
            let value: Range<Int>
            switch member.value {
            case .null: (origin, value) = (.null, append("".utf8))
            case .bool(let flag): (origin, value) = (.bool, append((flag ? "true" : "false").utf8))
            case .number(let text): (origin, value) = (.number, append(text.utf8))
            case .string(let text): (origin, value) = (.text, append(text.utf8))
            case .array, .object: (origin, value) = (.nested, append("".utf8))
            }
            try add(name: name, value: value, origin: origin)
        }
    }

    /// In the order given, those of the query first.
    public var names: [String] { entries.map { text(at: $0.name) } }

    /// A JSON null counts as not given.
    public func has(_ name: String) -> Bool { entry(name) != nil }

    /// Whether it was given as a JSON null.
    public func isNull(_ name: String) -> Bool {
        let wanted = name.utf8.span
        return entries.contains { $0.origin == .null && matches($0.name, wanted) }
    }

    func entry(_ name: String) -> Entry? {
        let wanted = name.utf8.span
        for entry in entries where matches(entry.name, wanted) {
            return entry.origin == .null ? nil : entry
        }
        return nil
    }

    func text(at range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func matches(_ range: Range<Int>, _ wanted: Span<UInt8>) -> Bool {
        guard range.count == wanted.count else { return false }
        let name = bytes.span.extracting(range)
        for i in 0..<wanted.count where name[i] != wanted[i] { return false }
        return true
    }

    mutating func append(_ text: some Collection<UInt8>) -> Range<Int> {
        let start = bytes.count
        bytes.append(contentsOf: text)
        return start..<bytes.count
    }

    mutating func add(name: Range<Int>, value: Range<Int>, origin: Origin) throws(APIError) {
        for entry in entries where entry.name.count == name.count && bytes[entry.name] == bytes[name] {
            throw .invalidParameter(text(at: name), "given twice")
        }
        guard entries.count < Self.maximumCount else { throw .invalidFormat("too many parameters") }
        entries.append(Entry(name: name, value: value, origin: origin))
    }
}
