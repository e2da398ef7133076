/// A place in memory that has room for what is put there: how the most frequent messages are written.
struct ByteCursor {
    private let start: UnsafeMutableRawPointer
    private var place: UnsafeMutableRawPointer

    @inline(__always)
    init(_ start: UnsafeMutableRawPointer) {
        self.start = start
        place = start
    }

    var count: Int { place - start }

    @inline(__always)
    mutating func put<T: FixedWidthInteger>(_ value: T) {
        place.storeBytes(of: value.littleEndian, as: T.self)
        place += MemoryLayout<T>.size
    }

    @inline(__always)
    mutating func put<T: RawRepresentable>(_ value: T) where T.RawValue == UInt8 { put(value.rawValue) }

    /// Goes on `length` bytes further, over what was put there by other means.
    @inline(__always)
    mutating func skip(_ length: Int) { place += length }
}

/// A message whose length has a small bound, so that room for it is made once and not field by field.
protocol CompactCoded: Coded {
    /// More bytes are never put.
    static var longest: Int { get }
    func put(at cursor: inout ByteCursor)
}

extension CompactCoded {
    @inline(__always)
    public func encode(into writer: inout ByteWriter) {
        writer.append(atMost: Self.longest) { memory in
            var cursor = ByteCursor(memory)
            put(at: &cursor)
            return cursor.count
        }
    }
}
