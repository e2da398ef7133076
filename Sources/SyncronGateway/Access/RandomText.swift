/// Names and secrets that cannot be guessed.
enum RandomText {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// `count` letters and digits from the system's secure source, near 6 bits of chance each.
    static func letters(_ count: Int) -> String {
        String(unsafeUninitializedCapacity: count) { fill($0, count) }
    }

    /// Writes `count` letters and digits.
    static func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, _ count: Int) -> Int {
        var source = SystemRandomNumberGenerator()
        var bits: UInt64 = 0
        var left = 0
        var written = 0
        while written < count {
            if left < 6 { (bits, left) = (source.next(), 64) }
            let draw = Int(bits & 63)
            bits >>= 6
            left -= 6
            // Two of 64 draws are thrown away, so that every letter is as likely as every other.
            guard draw < letters.count else { continue }
            buffer[written] = letters[draw]
            written += 1
        }
        return count
    }
}
