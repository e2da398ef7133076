import Crypto
import SyncronCore
import SyncronWire

/// A JSON Web Token (RFC 7519) under HMAC-SHA256: who is logged in, in which session, until when.
struct AccessToken: Sendable, Hashable {
    var account: AccountID
    var session: String
    /// Seconds since 1970.
    var issuedAt: Int64
    var expiresAt: Int64

    /// `{"alg":"HS256","typ":"JWT"}`. No other header is ever accepted, so there is no algorithm to be talked into.
    private static let header = base64URL(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

    func signed(with key: SymmetricKey) -> String {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.field("sub", String(account.raw))
        json.field("sid", session)
        json.field("iat", issuedAt)
        json.field("exp", expiresAt)
        json.endObject()
        let content = Self.header + "." + Self.base64URL(Array(json.buffer.readableBytesView))
        let code = HMAC<SHA256>.authenticationCode(for: Array(content.utf8), using: key)
        return content + "." + Self.base64URL(Array(code))
    }

    /// Nil unless `text` was signed with `key` and has not expired at `now`, in milliseconds since 1970.
    init?(_ text: String, key: SymmetricKey, now: Int64) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 1_024, parts.count == 3, parts[0] == Self.header,
            let code = Self.bytes(parts[2]),
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: Array("\(parts[0]).\(parts[1])".utf8), using: key),
            let payload = Self.bytes(parts[1]), let json = try? JSONValue(String(decoding: payload, as: UTF8.self)),
            let account = json["sub"]?.text.flatMap({ UInt32($0) }), let session = json["sid"]?.text,
            let issuedAt = json["iat"]?.integer, let expiresAt = json["exp"]?.integer, expiresAt > now / 1_000
        else { return nil }
        self.init(account: AccountID(account), session: session, issuedAt: issuedAt, expiresAt: expiresAt)
    }

    init(account: AccountID, session: String, issuedAt: Int64, expiresAt: Int64) {
        self.account = account
        self.session = session
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Base64.text(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Base64.bytes(plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }
}
