import NIOCore

/// Writes JSON as bytes. Commas are its business, nesting is the caller's.
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var buffer: ByteBuffer
    /// Whether a value stands before the place where the next one goes.
    private var needsComma = false

    public init(capacity: Int = 256) { buffer = ByteBufferAllocator().buffer(capacity: capacity) }

    /// Appends to `buffer`.
    public init(_ buffer: ByteBuffer) { self.buffer = buffer }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A member's name that needs no escaping.
    public mutating func key(_ name: StaticString) {
        let comma = needsComma ? 1 : 0
        let count = name.utf8CodeUnitCount
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count + 4) { bytes in
            bytes[0] = UInt8(ascii: ",")
            bytes[comma] = UInt8(ascii: "\"")
            let name = UnsafeRawBufferPointer(start: name.utf8Start, count: count)
            UnsafeMutableRawBufferPointer(rebasing: bytes[(comma + 1)...]).copyMemory(from: name)
            bytes[comma + 1 + count] = UInt8(ascii: "\"")
            bytes[comma + 2 + count] = UInt8(ascii: ":")
            return comma + count + 3
        }
        needsComma = false
    }

    /// A member's name of any characters.
    public mutating func key(text name: String) {
        value(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func value(_ text: String) {
        separate()
        writeEscaped(text)
        needsComma = true
    }

    public mutating func value(_ flag: Bool) {
        separate()
        buffer.writeStaticString(flag ? "true" : "false")
        needsComma = true
    }

    @inlinable
    public mutating func value(_ number: some FixedWidthInteger) {
        bare(DecimalDigits(number, decimals: 0, isTrimmed: false))
    }

    public mutating func null() {
        separate()
        buffer.writeStaticString("null")
        needsComma = true
    }

    /// A count of 10^-`decimals` as a string with all its decimals.
    @inlinable
    public mutating func fixed(_ units: some FixedWidthInteger, decimals: Int) {
        quoted(DecimalDigits(units, decimals: decimals, isTrimmed: false))
    }

    /// A count of 10^-`decimals` as a string without trailing zeros.
    @inlinable
    public mutating func trimmed(_ units: some FixedWidthInteger, decimals: Int) {
        quoted(DecimalDigits(units, decimals: decimals, isTrimmed: true))
    }

    /// A value that is JSON already.
    public mutating func raw(_ json: ByteBuffer) {
        separate()
        buffer.writeImmutableBuffer(json)
        needsComma = true
    }

    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): self.value(flag)
        case .number(let text):
            separate()
            buffer.writeString(text)
            needsComma = true
        case .string(let text): self.value(text)
        case .array(let items):
            beginArray()
            for item in items { self.value(item) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                key(text: member.name)
                self.value(member.value)
            }
            endObject()
        }
    }
}

// MARK: Members

extension JSONWriter {
    public mutating func field(_ name: StaticString, _ text: String) {
        key(name)
        value(text)
    }

    public mutating func field(_ name: StaticString, _ flag: Bool) {
        key(name)
        value(flag)
    }

    @inlinable
    public mutating func field(_ name: StaticString, _ number: some FixedWidthInteger) {
        key(name)
        value(number)
    }

    @inlinable
    public mutating func field(_ name: StaticString, fixed units: some FixedWidthInteger, decimals: Int) {
        key(name)
        fixed(units, decimals: decimals)
    }

    @inlinable
    public mutating func field(_ name: StaticString, trimmed units: some FixedWidthInteger, decimals: Int) {
        key(name)
        trimmed(units, decimals: decimals)
    }
}

// MARK: Bytes

extension JSONWriter {
    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        buffer.writeInteger(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.writeInteger(bracket)
        needsComma = true
    }

    @usableFromInline
    mutating func bare(_ digits: DecimalDigits) {
        separate()
        buffer.write(digits)
        needsComma = true
    }

    @usableFromInline
    mutating func quoted(_ digits: DecimalDigits) {
        let comma = needsComma ? 1 : 0
        let count = digits.count
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count + 3) { bytes in
            bytes[0] = UInt8(ascii: ",")
            bytes[comma] = UInt8(ascii: "\"")
            digits.withBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[(comma + 1)...]).copyMemory(from: $0) }
            bytes[comma + 1 + count] = UInt8(ascii: "\"")
            return comma + count + 2
        }
        needsComma = true
    }

    private mutating func writeEscaped(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            buffer.writeInteger(UInt8(ascii: "\""))
            var plain = 0
            for i in bytes.indices where Self.mustEscape(bytes[i]) {
                buffer.writeBytes(bytes.extracting(plain..<i))
                writeEscape(bytes[i])
                plain = i + 1
            }
            buffer.writeBytes(bytes.extracting(plain...))
            buffer.writeInteger(UInt8(ascii: "\""))
        }
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
        case UInt8(ascii: "\r"): buffer.writeStaticString("\\r")
        case UInt8(ascii: "\t"): buffer.writeStaticString("\\t")
        default:
            buffer.writeStaticString("\\u00")
            buffer.writeInteger(Hex.digit(byte >> 4))
            buffer.writeInteger(Hex.digit(byte & 15))
        }
    }
}
