/// Bytes in the making: little-endian integers of fixed width, text and lists with a length before them.
public struct ByteWriter: ~Copyable {
    @usableFromInline var base: UnsafeMutableRawPointer
    @usableFromInline var capacity: Int
    @usableFromInline var length = 0

    public init(capacity: Int = 4_096) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// How many bytes were written so far.
    @inlinable public var count: Int { length }

    /// The bytes written so far. The pointer is good inside `body` only.
    @inlinable
    public borrowing func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: base, count: length))
    }

    public borrowing func array() -> [UInt8] { withBytes { Array($0) } }

    /// Forgets what was written and keeps the memory.
    public mutating func clear() { length = 0 }

    /// Takes back what was written after the first `length` bytes.
    public mutating func truncate(to length: Int) {
        precondition(length <= self.length)
        self.length = length
    }

    @inlinable @inline(__always)
    public mutating func append<T: FixedWidthInteger>(_ value: T) {
        let size = MemoryLayout<T>.size
        reserve(size)
        base.storeBytes(of: value.littleEndian, toByteOffset: length, as: T.self)
        length += size
    }

    public mutating func append(bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        if let source = bytes.baseAddress { base.advanced(by: length).copyMemory(from: source, byteCount: bytes.count) }
        length += bytes.count
    }

    public mutating func append(bytes: [UInt8]) { bytes.withUnsafeBytes { append(bytes: $0) } }

    @inlinable
    public mutating func encode<T: Coded>(_ value: T) { value.encode(into: &self) }

    /// Writes over four bytes written before.
    public mutating func overwrite(_ value: UInt32, at offset: Int) {
        precondition(offset + 4 <= length)
        base.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Appends what `body` puts into the memory it is given: at most `most` bytes, and it returns how many.
    @inline(__always)
    mutating func append(atMost most: Int, _ body: (UnsafeMutableRawPointer) -> Int) {
        reserve(most)
        length += body(base + length)
    }

    @inlinable @inline(__always)
    mutating func reserve(_ more: Int) {
        if length + more > capacity { grow(by: more) }
    }

    @usableFromInline @inline(never)
    mutating func grow(by more: Int) {
        let larger = max(capacity * 2, length + more)
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        fresh.copyMemory(from: base, byteCount: length)
        base.deallocate()
        base = fresh
        capacity = larger
    }
}
