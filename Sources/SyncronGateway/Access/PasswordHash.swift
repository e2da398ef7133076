import Crypto
import CryptoExtras
import SyncronWire

/// Passwords as they are kept: scrypt (RFC 7914) over a salt of each one's own, with its cost beside it, so that the
/// cost can be raised without asking anyone for a new password.
///
/// `scrypt$LOG2N$R$P$SALT$HASH`, salt and hash in base64.
struct PasswordHash: Sendable {
    /// 2^log2N blocks of 128 × r bytes, p times over.
    struct Cost: Sendable, Hashable {
        var log2N: Int
        var r = 8
        var p: Int

        /// 16 MiB, as OWASP's password storage page has it.
        static let standard = Cost(log2N: 14, p: 5)
    }

    var cost: Cost
    var salt: [UInt8]
    var hash: [UInt8]

    /// Takes a tenth of a second or more at the standard cost: not for an event loop.
    init(_ password: String, cost: Cost = .standard) throws {
        var source = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &source) }
        self.init(cost: cost, salt: salt, hash: try Self.derive(password, salt, cost))
    }

    private init(cost: Cost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// Nil for what `text` never was.
    init?(text: String) {
        let parts = text.split(separator: "$").map(String.init)
        guard parts.count == 6, parts[0] == "scrypt", let log2N = Int(parts[1]), let r = Int(parts[2]),
            let p = Int(parts[3]), (1...20).contains(log2N), (1...32).contains(r), (1...16).contains(p),
            let salt = Base64.bytes(parts[4]), let hash = Base64.bytes(parts[5]), hash.count >= 32
        else { return nil }
        self.init(cost: Cost(log2N: log2N, r: r, p: p), salt: salt, hash: hash)
    }

    var text: String {
        "scrypt$\(cost.log2N)$\(cost.r)$\(cost.p)$\(Base64.text(salt))$\(Base64.text(hash))"
    }

    /// As slow as making one.
    func isOf(_ password: String) -> Bool {
        guard let other = try? Self.derive(password, salt, cost, byteCount: hash.count) else { return false }
        return zip(hash, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derive(
        _ password: String, _ salt: [UInt8], _ cost: Cost, byteCount: Int = 32
    ) throws -> [UInt8] {
        try KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: byteCount, rounds: 1 << cost.log2N,
            blockSize: cost.r, parallelism: cost.p
        ).withUnsafeBytes { Array($0) }
    }
}
