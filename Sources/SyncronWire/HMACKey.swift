import Crypto

/// The secret of an API key, prepared for HMAC-SHA256 (RFC 2104).
public struct HMACKey: Sendable {
    /// The two hashes with the padded secret in them, so that a signature costs only what it covers.
    private let inner: SHA256
    private let outer: SHA256

    public init(secret: String) { self.init(secret: Array(secret.utf8)) }

    public init(secret: [UInt8]) {
        var key = secret.count <= SHA256.blockByteCount ? secret : Array(SHA256.hash(data: secret))
        key += [UInt8](repeating: 0, count: SHA256.blockByteCount - key.count)
        inner = Self.begun(with: key.map { $0 ^ 0x36 })
        outer = Self.begun(with: key.map { $0 ^ 0x5C })
    }

    private static func begun(with block: [UInt8]) -> SHA256 {
        var hash = SHA256()
        hash.update(data: block)
        return hash
    }

    /// In lower-case hexadecimal.
    public func signature(of payload: SignedPayload) -> String { Hex.text(code(of: payload)) }

    /// Takes the same time wherever a wrong signature differs. Upper case is accepted.
    public func isValid(_ signature: String, for payload: SignedPayload) -> Bool {
        let given = signature.utf8.span
        guard given.count == 2 * SHA256.byteCount else { return false }
        return code(of: payload).withUnsafeBytes { code in
            var difference: UInt8 = 0
            for (index, expected) in code.enumerated() {
                guard let high = Hex.value(given[2 * index]), let low = Hex.value(given[2 * index + 1]) else {
                    return false
                }
                difference |= expected ^ (high << 4 | low)
            }
            return difference == 0
        }
    }

    private func code(of payload: SignedPayload) -> SHA256Digest {
        var (inner, outer) = (inner, outer)
        for piece in payload.pieces { piece.withUnsafeReadableBytes { inner.update(bufferPointer: $0) } }
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize()
    }
}
