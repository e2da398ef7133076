/// A value with one form in bytes, the same in the journal, in snapshots and on every machine.
public protocol Coded {
    func encode(into writer: inout ByteWriter)
    init(from reader: inout ByteReader) throws(CodingFailure)
}

extension Bool: Coded {
    public func encode(into writer: inout ByteWriter) { writer.append(UInt8(self ? 1 : 0)) }
    public init(from reader: inout ByteReader) throws(CodingFailure) {
        switch try reader.read(UInt8.self) {
        case 0: self = false
        case 1: self = true
        case let other: throw CodingFailure("\(other) for a truth value")
        }
    }
}

extension String: Coded {
    public func encode(into writer: inout ByteWriter) {
        var text = self
        text.withUTF8 { utf8 in
            writer.append(UInt32(utf8.count))
            writer.append(bytes: UnsafeRawBufferPointer(utf8))
        }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        let length = Int(try reader.read(UInt32.self))
        let bytes = try reader.readBytes(length)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw CodingFailure("not UTF-8") }
        self = text
    }
}

extension Optional: Coded where Wrapped: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(self != nil)
        if let value = self { writer.encode(value) }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self = try reader.decode(Bool.self) ? try reader.decode(Wrapped.self) : nil
    }
}

extension Array: Coded where Element: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.append(UInt32(count))
        for element in self { writer.encode(element) }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        let count = Int(try reader.read(UInt32.self))
        guard count <= reader.remaining else { throw CodingFailure("a list longer than its bytes") }
        self = []
        reserveCapacity(count)
        for _ in 0..<count { append(try reader.decode(Element.self)) }
    }
}

/// Integers and the values that are nothing but one.
extension UInt8: Coded {}
extension UInt16: Coded {}
extension UInt32: Coded {}
extension UInt64: Coded {}
extension Int64: Coded {}
extension Int128: Coded {}

extension Coded where Self: FixedWidthInteger {
    public func encode(into writer: inout ByteWriter) { writer.append(self) }
    public init(from reader: inout ByteReader) throws(CodingFailure) { self = try reader.read(Self.self) }
}
