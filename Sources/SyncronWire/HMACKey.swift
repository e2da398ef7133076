import Crypto

/// The secret of an API key, prepared for HMAC-SHA256 (RFC 2104).
public struct HMACKey: Sendable {
    /// With the padded secret in it already, so that a signature costs only what it covers.
    private let begun: HMAC<SHA256>

    public init(secret: String) { self.init(secret: Array(secret.utf8)) }

    public init(secret: [UInt8]) { begun = HMAC(key: SymmetricKey(data: secret)) }

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

    private func code(of payload: SignedPayload) -> HMAC<SHA256>.MAC {
        var code = begun
        for piece in payload.pieces { piece.withUnsafeReadableBytes { code.update(data: $0) } }
        return code.finalize()
    }
}
