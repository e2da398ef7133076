/// Folds the 128-bit product of two words into one. The same on every run and machine, unlike `Hasher`.
@inlinable @inline(__always)
func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
}

/// A fingerprint of the whole state: a wrapping sum over its parts, so that each part can come and go alone.
public struct StateDigest: Hashable, Sendable, CustomStringConvertible {
    public var raw: UInt64
    public init(_ raw: UInt64) { self.raw = raw }

    /// Sixteen lowercase hexadecimal digits.
    public var description: String {
        let digits = String(raw, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// A fingerprint of one part of the state, fed word by word.
struct PartDigest {
    private(set) var value: UInt64
    init(kind: UInt64) { value = mix(kind &+ 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93) }

    mutating func add(_ word: UInt64) { value = mix(value ^ word, 0xA076_1D64_78BD_642F) &+ word }
    mutating func add(_ word: Int64) { add(UInt64(bitPattern: word)) }
    mutating func add(_ amount: Units) {
        add(UInt64(truncatingIfNeeded: amount.raw))
        add(UInt64(truncatingIfNeeded: amount.raw >> 64))
    }
    mutating func add(_ text: String) {
        add(UInt64(text.utf8.count))
        for byte in text.utf8 { add(UInt64(byte)) }
    }
    mutating func add(_ bytes: [UInt8]) {
        add(UInt64(bytes.count))
        for byte in bytes { add(UInt64(byte)) }
    }
}
