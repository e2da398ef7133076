import NIOCore

/// A JSON document as a tree. Numbers keep their text, members their order.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// As written: never turned into a floating-point number.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Sendable, Hashable {
        public var name: String
        public var value: JSONValue

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Parses one document, strictly: UTF-8 throughout, no name twice in an object, at most `depth` arrays and objects
    /// within each other, nothing but white space behind it.
    public init(_ bytes: ByteBuffer, depth: Int = JSONValue.maximumDepth) throws(JSONFailure) {
        self = try JSONReader.document(bytes.readableBytesUInt8Span, depth: depth)
    }

    public init(_ text: String) throws(JSONFailure) {
        self = try JSONReader.document(text.utf8.span, depth: Self.maximumDepth)
    }

    public static let maximumDepth = 32

    /// An object's member of that name.
    public subscript(name: String) -> JSONValue? {
        members?.first { $0.name == name }?.value
    }

    /// An array's item, counted from 0.
    public subscript(index: Int) -> JSONValue? {
        guard let items, items.indices.contains(index) else { return nil }
        return items[index]
    }

    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A number without fraction and exponent that fits 64 bits.
    public var integer: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }

    public var boolean: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    public var items: [JSONValue]? {
        if case .array(let items) = self { items } else { nil }
    }

    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}

/// Why bytes are not an acceptable JSON document, and where that showed.
public struct JSONFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case malformed
        case invalidUTF8
        case duplicateName(String)
        case tooDeep
    }

    public var kind: Kind
    /// In bytes from the start of the document.
    public var offset: Int

    public var description: String {
        switch kind {
        case .malformed: "not JSON at byte \(offset)"
        case .invalidUTF8: "not UTF-8 at byte \(offset)"
        case .duplicateName(let name): "the name '\(name.prefix(64))' twice in one object, at byte \(offset)"
        case .tooDeep: "nested too deeply at byte \(offset)"
        }
    }
}
