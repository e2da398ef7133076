/// What a disk writes wholly or not at all.
enum Sector {
    static let size = 512

    /// Whether a power cut could have left the batch `bytes`, which starts at `offset` of its file, like this: the
    /// part of it in some sector was not written, or its end was not.
    static func isTorn(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        guard let last = bytes.last, last != 0 else { return true }
        return hasBlankPart(bytes, at: offset)
    }

    /// Whether all that `bytes` has of some sector is zero.
    static func hasBlankPart(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + size - (offset + start) % size)
            if UnsafeRawBufferPointer(rebasing: bytes[start..<end]).isZero { return true }
            start = end
        }
        return false
    }
}

extension UnsafeRawBufferPointer {
    /// Whether every byte is zero.
    var isZero: Bool { lastNonZero == nil }

    /// The index of the last byte that is not zero.
    var lastNonZero: Int? {
        var end = count
        while end >= 8 {
            if loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) != 0 { break }
            end -= 8
        }
        while end > 0 {
            if self[end - 1] != 0 { return end - 1 }
            end -= 1
        }
        return nil
    }
}
