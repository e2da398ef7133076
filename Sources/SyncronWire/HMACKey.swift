import Crypto

/// The secret of an API key, prepared for HMAC-SHA256.
public struct HMACKey: Sendable {
    private let key: SymmetricKey

    public init(secret: String) { self.init(secret: Array(secret.utf8)) }

    public init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// In lower-case hexadecimal.
    public func signature(of payload: SignedPayload) -> String { Hex.text(code(of: payload)) }

    /// Takes the same time wherever a wrong signature differs. Upper case is accepted.
    public func isValid(_ signature: String, for payload: SignedPayload) -> Bool {
        let given = signature.utf8.span
        guard given.count == 2 * SHA256.byteCount else { return false }
        var difference: UInt8 = 0
        var position = 0
        for expected in code(of: payload) {
            guard let high = Hex.value(given[position]), let low = Hex.value(given[position + 1]) else { return false }
            difference |= expected ^ (high << 4 | low)
            position += 2
        }
        return difference == 0
    }

    private func code(of payload: SignedPayload) -> HMAC<SHA256>.MAC {
        var code = HMAC<SHA256>(key: key)
        for piece in payload.pieces { piece.withUnsafeReadableBytes { code.update(data: $0) } }
        return code.finalize()
    }
}
