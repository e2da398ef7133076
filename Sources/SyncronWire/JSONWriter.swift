import NIOCore

/// Writes JSON as bytes, into memory of its own. Commas are its business, nesting is the caller's.
public struct JSONWriter: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// The bytes that have been written.
    private var count = 0
    /// Whether a value stands before the place where the next one goes.
    private var needsComma = false

    public init(capacity: Int = 256) {
        self.capacity = max(capacity, 16)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    /// A copy of what has been written so far.
    public var buffer: ByteBuffer { withBytes { ByteBuffer(bytes: $0) } }

    /// What has been written so far.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        body(UnsafeRawBufferPointer(start: start, count: count))
    }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A member's name that needs no escaping.
    public mutating func key(_ name: StaticString) {
        let length = name.utf8CodeUnitCount
        let place = separated(length + 3)
        place[0] = UInt8(ascii: "\"")
        (place + 1).update(from: name.utf8Start, count: length)
        place[length + 1] = UInt8(ascii: "\"")
        place[length + 2] = UInt8(ascii: ":")
        needsComma = false
    }

    /// A member's name of any characters.
    public mutating func key(text name: String) {
        value(name)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func value(_ text: String) {
        var text = text
        text.withUTF8 { quoted($0) }
    }

    public mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }

    @inlinable
    public mutating func value(_ number: some FixedWidthInteger) {
        bare(DecimalDigits(number, decimals: 0, isTrimmed: false))
    }

    public mutating func null() { literal("null") }

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
    public mutating func raw(_ json: ByteBuffer) { json.withUnsafeReadableBytes { bare($0) } }

    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): self.value(flag)
        case .number(let text):
            var text = text
            text.withUTF8 { bare(UnsafeRawBufferPointer($0)) }
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
    /// The place of the next `length` bytes, which count as written.
    private mutating func place(_ length: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity - count < length { grow(by: length) }
        defer { count += length }
        return start + count
    }

    /// The same, behind the comma that is due.
    private mutating func separated(_ length: Int) -> UnsafeMutablePointer<UInt8> {
        guard needsComma else { return place(length) }
        let comma = place(length + 1)
        comma[0] = UInt8(ascii: ",")
        return comma + 1
    }

    private mutating func grow(by length: Int) {
        capacity = max(2 * capacity, count + length)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }

    private mutating func append(_ byte: UInt8) { place(1)[0] = byte }

    private mutating func open(_ bracket: UInt8) {
        separated(1)[0] = bracket
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        append(bracket)
        needsComma = true
    }

    private mutating func literal(_ text: StaticString) {
        separated(text.utf8CodeUnitCount).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        needsComma = true
    }

    private mutating func bare(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(start: separated(bytes.count), count: bytes.count).copyMemory(from: bytes)
        needsComma = true
    }

    @usableFromInline
    mutating func bare(_ digits: DecimalDigits) { digits.withBytes { bare($0) } }

    @usableFromInline
    mutating func quoted(_ digits: DecimalDigits) { digits.withBytes { quoted(plain: $0) } }

    private mutating func quoted(plain bytes: UnsafeRawBufferPointer) {
        let place = separated(bytes.count + 2)
        place[0] = UInt8(ascii: "\"")
        UnsafeMutableRawBufferPointer(start: place + 1, count: bytes.count).copyMemory(from: bytes)
        place[bytes.count + 1] = UInt8(ascii: "\"")
        needsComma = true
    }

    private mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.contains(where: Self.mustEscape) else { return quoted(plain: UnsafeRawBufferPointer(text)) }
        separated(1)[0] = UInt8(ascii: "\"")
        for byte in text {
            if Self.mustEscape(byte) { appendEscape(byte) } else { append(byte) }
        }
        append(UInt8(ascii: "\""))
        needsComma = true
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func appendEscape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
        default:
            for part in [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), Hex.digit(byte >> 4)] { append(part) }
            append(Hex.digit(byte & 15))
        }
    }
}
