/// An enum without payloads is its raw value. The raw values are part of every journal written: append cases,
/// never reorder or remove them.
extension Coded where Self: RawRepresentable, RawValue == UInt8 {
    @inline(__always)
    public func encode(into writer: inout ByteWriter) { writer.append(rawValue) }

    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) {
        let raw = try reader.read(UInt8.self)
        guard let value = Self(rawValue: raw) else { throw CodingFailure("\(raw) for a \(Self.self)") }
        self = value
    }
}

extension Coded where Self: Identity {
    @inline(__always)
    public func encode(into writer: inout ByteWriter) { writer.append(raw) }

    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) { self.init(try reader.read(Raw.self)) }
}

extension AccountID: Coded {}
extension AssetID: Coded {}
extension MarketID: Coded {}
extension OrderID: Coded {}
extension TradeID: Coded {}
extension DepositID: Coded {}
extension Sequence: Coded {}

extension Ticks: Coded {
    @inline(__always)
    public func encode(into writer: inout ByteWriter) { writer.append(raw) }
    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) { self.init(try reader.read(Int64.self)) }
}

extension Steps: Coded {
    @inline(__always)
    public func encode(into writer: inout ByteWriter) { writer.append(raw) }
    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) { self.init(try reader.read(Int64.self)) }
}

extension Units: Coded {
    @inline(__always)
    public func encode(into writer: inout ByteWriter) { writer.append(raw) }
    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) { self.init(try reader.read(Int128.self)) }
}

extension Rate: Coded {
    public func encode(into writer: inout ByteWriter) { writer.append(raw) }
    public init(from reader: inout ByteReader) throws(CodingFailure) { self.init(try reader.read(Int64.self)) }
}

extension Timestamp: Coded {
    public func encode(into writer: inout ByteWriter) { writer.append(milliseconds) }
    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(milliseconds: try reader.read(Int64.self))
    }
}

extension Stamp: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(sequence)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(sequence: try reader.decode(), time: try reader.decode())
    }
}

extension StateDigest: Coded {
    public func encode(into writer: inout ByteWriter) { writer.append(raw) }
    public init(from reader: inout ByteReader) throws(CodingFailure) { self.init(try reader.read(UInt64.self)) }
}

/// A length of one byte, then the characters.
extension ClientOrderID: CompactCoded {
    static let longest = 1 + maximumLength

    @inline(__always)
    func put(at cursor: inout ByteCursor) {
        let length = byteCount
        cursor.put(UInt8(truncatingIfNeeded: length))
        // All of the words, as there is room: what is too much is written over by what comes next.
        var rest = cursor
        rest.put(words.0)
        rest.put(words.1)
        rest.put(words.2)
        rest.put(words.3)
        rest.put(tail)
        cursor.skip(length)
    }

    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init()
        let length = Int(try reader.read(UInt8.self))
        if length == 0 { return }
        guard length <= Self.maximumLength else { throw CodingFailure("a client order id of \(length) bytes") }
        let bytes = try reader.readBytes(length)
        withUnsafeMutableBytes(of: &self) { $0.copyMemory(from: bytes) }
        guard zeroBytes == Self.maximumLength - length else { throw CodingFailure("a zero in a client order id") }
    }

    /// `length`, without a loop. Characters are never zero.
    private var byteCount: Int {
        if tail != 0 { return 36 - tail.leadingZeroBitCount / 8 }
        if words.3 != 0 { return 32 - words.3.leadingZeroBitCount / 8 }
        if words.2 != 0 { return 24 - words.2.leadingZeroBitCount / 8 }
        if words.1 != 0 { return 16 - words.1.leadingZeroBitCount / 8 }
        return 8 - words.0.leadingZeroBitCount / 8
    }

    /// How many of the 36 bytes are zero.
    private var zeroBytes: Int {
        func count(_ word: UInt64) -> Int {
            let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
            return (~(((word & low) &+ low) | word | low)).nonzeroBitCount
        }
        return count(words.0) + count(words.1) + count(words.2) + count(words.3) + count(UInt64(tail)) - 4
    }
}
