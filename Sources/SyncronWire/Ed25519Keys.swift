import Crypto

/// The public half of an Ed25519 key pair: checks signatures.
public struct Ed25519PublicKey: Sendable, Hashable {
    /// 32 bytes.
    public let raw: [UInt8]

    /// Nil unless `raw` are 32 bytes that make a key.
    public init?(raw: [UInt8]) {
        guard raw.count == 32, (try? Curve25519.Signing.PublicKey(rawRepresentation: raw)) != nil else { return nil }
        self.raw = raw
    }

    /// From base64 of the 32 bytes, or from PEM. Nil when it is neither.
    public init?(_ text: String) {
        guard let raw = Self.raw(in: text, label: "PUBLIC KEY", prefix: Self.prefix) else { return nil }
        self.init(raw: raw)
    }

    /// Base64 of the 32 bytes.
    public var text: String { Base64.text(raw) }

    /// `signature` is base64 of 64 bytes.
    public func isValid(_ signature: String, for payload: SignedPayload) -> Bool {
        // A `+` that a client did not percent-encode arrives as a blank; base64 has none of its own.
        let text = String(decoding: signature.utf8.map { $0 == 0x20 ? UInt8(ascii: "+") : $0 }, as: UTF8.self)
        guard let bytes = Base64.bytes(text), bytes.count == 64,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
        else { return false }
        return key.isValidSignature(bytes, for: payload.bytes)
    }
}

/// The private half of an Ed25519 key pair: signs.
public struct Ed25519PrivateKey: Sendable {
    /// 32 bytes.
    public let raw: [UInt8]
    public let publicKey: Ed25519PublicKey

    /// A new pair.
    public init() { self.init(Curve25519.Signing.PrivateKey()) }

    /// From base64 of the 32 bytes, or from PEM (PKCS #8). Nil when it is neither.
    public init?(_ text: String) {
        guard let raw = Ed25519PublicKey.raw(in: text, label: "PRIVATE KEY", prefix: Self.prefix),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw)
        else { return nil }
        self.init(key)
    }

    private init(_ key: Curve25519.Signing.PrivateKey) {
        raw = Array(key.rawRepresentation)
        publicKey = Ed25519PublicKey(checked: Array(key.publicKey.rawRepresentation))
    }

    /// Base64 of the 32 bytes.
    public var text: String { Base64.text(raw) }

    public var pem: String { Ed25519PublicKey.pem(raw, label: "PRIVATE KEY", prefix: Self.prefix) }

    /// In base64. Nil when the system gives no randomness, which the algorithm may ask for.
    public func signature(of payload: SignedPayload) -> String? {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw),
            let signature = try? key.signature(for: payload.bytes)
        else { return nil }
        return Base64.text(Array(signature))
    }
}

// MARK: PEM

extension Ed25519PublicKey {
    init(checked raw: [UInt8]) { self.raw = raw }

    public var pem: String { Self.pem(raw, label: "PUBLIC KEY", prefix: Self.prefix) }

    /// What stands before the 32 bytes in a SubjectPublicKeyInfo for Ed25519 (RFC 8410).
    static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    static func pem(_ raw: [UInt8], label: String, prefix: [UInt8]) -> String {
        "-----BEGIN \(label)-----\n\(Base64.text(prefix + raw))\n-----END \(label)-----\n"
    }

    /// The 32 bytes in base64 or PEM text.
    static func raw(in text: String, label: String, prefix: [UInt8]) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let (begin, end) = ("-----BEGIN \(label)-----", "-----END \(label)-----")
        guard lines.hasPrefix(begin), lines.hasSuffix(end), lines.count >= begin.count + end.count else {
            guard let raw = Base64.bytes(lines), raw.count == 32 else { return nil }
            return raw
        }
        let body = lines.dropFirst(begin.count).dropLast(end.count).filter { $0 != " " }
        guard let der = Base64.bytes(body), der.count == prefix.count + 32, der.starts(with: prefix) else { return nil }
        return Array(der.suffix(32))
    }
}

extension Ed25519PrivateKey {
    /// What stands before the 32 bytes in a PKCS #8 key for Ed25519 (RFC 8410).
    static let prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
}
