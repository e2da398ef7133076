import Crypto

/// Time-based one-time codes of six digits: RFC 6238 over HMAC-SHA-1 in steps of 30 seconds, as authenticator
/// programs make them.
struct OneTimeCode: Sendable {
    let secret: [UInt8]

    /// Seconds.
    static let step: Int64 = 30
    static let digits = 6
    /// How many steps a client's clock may be off, either way.
    static let tolerance: Int64 = 1

    init(secret: [UInt8]) { self.secret = secret }

    /// A fresh secret of 160 bits, as RFC 4226 recommends.
    static func fresh() -> OneTimeCode {
        var source = SystemRandomNumberGenerator()
        return OneTimeCode(secret: (0..<20).map { _ in UInt8.random(in: .min ... .max, using: &source) })
    }

    static func step(at milliseconds: Int64) -> Int64 { milliseconds / 1_000 / step }

    /// The code of a step, zeros in front included.
    func code(step: Int64) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Array($0) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(mac[mac.count - 1] & 15)
        let word = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let text = String(word % 1_000_000)
        return String(repeating: "0", count: Self.digits - text.count) + text
    }

    /// The step after `last` whose code this is; nil when it is none of those that may be used now.
    func step(of code: String, at milliseconds: Int64, after last: Int64?) -> Int64? {
        let now = Self.step(at: milliseconds)
        for step in now - Self.tolerance...now + Self.tolerance where last == nil || step > last ?? 0 {
            if isSame(code, self.code(step: step)) { return step }
        }
        return nil
    }

    /// Takes the same time for every wrong code.
    private func isSame(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        return a.count == b.count && zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// What an authenticator program reads from a QR code.
    func url(email: String) -> String {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
        let name = email.utf8.map { byte in
            allowed.contains(byte) ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true)
        }.joined()
        return "otpauth://totp/Syncron:\(name)?secret=\(Base32.encode(secret))&issuer=Syncron"
    }
}
