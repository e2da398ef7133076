/// The bytes are not what they should be: too few, or a value that none of ours has.
public struct CodingFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public var what: String
    public init(_ what: String) { self.what = what }
    public var description: String { "malformed bytes: \(what)" }

    @usableFromInline static let tooFew = CodingFailure("ends early")
}

/// Reads what `ByteWriter` wrote. The bytes must outlive the reader.
public struct ByteReader {
    @usableFromInline let bytes: UnsafeRawBufferPointer
    @usableFromInline var position = 0

    @inlinable public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// How many bytes were read so far.
    @inlinable public var offset: Int { position }
    @inlinable public var remaining: Int { bytes.count - position }
    @inlinable public var isAtEnd: Bool { position == bytes.count }

    @inlinable @inline(__always)
    public mutating func read<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(CodingFailure) -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw CodingFailure.tooFew }
        defer { position += size }
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
    }

    @inlinable
    public mutating func decode<T: Coded>(_ type: T.Type = T.self) throws(CodingFailure) -> T {
        try T(from: &self)
    }

    @inlinable
    public mutating func readBytes(_ length: Int) throws(CodingFailure) -> UnsafeRawBufferPointer {
        guard length >= 0 && remaining >= length else { throw CodingFailure.tooFew }
        defer { position += length }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
    }
}
