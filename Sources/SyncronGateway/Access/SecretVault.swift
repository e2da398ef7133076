import Crypto
import Synchronization
import SyncronWire

/// Keeps the secrets of API keys: at rest they are encrypted under a master key that lies in a file of its own, so
/// that neither the journal nor a snapshot gives them away.
///
/// A sealed secret is one byte of version, then AES-256-GCM: nonce (12), ciphertext, tag (16). The key's public name
/// is authenticated with it, so that one key's secret cannot be put in another's place.
public final class SecretVault: Sendable {
    private let masterKey: SymmetricKey
    private let opened: Mutex<[String: Opened]>
    private let capacity: Int

    private struct Opened {
        var sealed: [UInt8]
        var secret: HMACKey
    }

    static let version: UInt8 = 1

    /// `capacity`: how many opened secrets are kept in memory.
    init(masterKey: SymmetricKey, capacity: Int = 65_536) {
        self.masterKey = masterKey
        self.capacity = capacity
        opened = Mutex([:])
    }

    /// The vault whose master key lies at `path`; makes one on the first start.
    public convenience init(path: String) throws(PrivateFileFailure) {
        let bytes = try PrivateFile.load(path) {
            SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        }
        guard bytes.count == 32 else {
            throw PrivateFileFailure(path: path, what: "a master key has 32 bytes, this file \(bytes.count)")
        }
        self.init(masterKey: SymmetricKey(data: bytes))
    }

    /// Encrypts the secret of the key named `key`.
    func seal(_ secret: String, for key: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(Array(secret.utf8), using: masterKey, authenticating: Array(key.utf8))
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return [Self.version] + combined
    }

    /// The secret of the key named `key`; nil when it was sealed under another master key or for another key.
    func open(_ sealed: [UInt8], for key: String) -> HMACKey? {
        if let known = opened.withLock({ $0[key] }), known.sealed == sealed { return known.secret }
        guard sealed.first == Self.version,
            let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst()),
            let bytes = try? AES.GCM.open(box, using: masterKey, authenticating: Array(key.utf8))
        else { return nil }
        let secret = HMACKey(secret: Array(bytes))
        opened.withLock { opened in
            // Which ones are kept does not matter: opening one again costs microseconds.
            if opened.count >= capacity { opened.removeAll(keepingCapacity: true) }
            opened[key] = Opened(sealed: sealed, secret: secret)
        }
        return secret
    }
}
