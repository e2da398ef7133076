import Crypto
import Synchronization
import SyncronCore
import SyncronNode
import SyncronWire

/// Keeps the secrets of API keys: at rest they are encrypted under a master key that lies in a file of its own, so
/// that neither the journal nor a snapshot gives them away.
///
/// A sealed secret is one byte of version, then AES-256-GCM: nonce (12), ciphertext, tag (16). The key's public name
/// is authenticated with it, so that one key's secret cannot be put in another's place.
public final class SecretVault: Sendable {
    /// The newest first: it seals, and each of them opens. More than one only while a new one takes over.
    private let masterKeys: Mutex<[SymmetricKey]>
    /// Nil for a vault that is only in memory.
    private let path: String?
    private let opened: Mutex<[String: Opened]>
    private let capacity: Int

    private struct Opened {
        var sealed: [UInt8]
        var secret: HMACKey
    }

    static let version: UInt8 = 1

    /// `capacity`: how many opened secrets are kept in memory.
    convenience init(masterKey: SymmetricKey, capacity: Int = 65_536) {
        self.init([masterKey], path: nil, capacity: capacity)
    }

    private init(_ masterKeys: [SymmetricKey], path: String?, capacity: Int = 65_536) {
        self.masterKeys = Mutex(masterKeys)
        self.path = path
        self.capacity = capacity
        opened = Mutex([:])
    }

    /// The vault whose master key lies at `path`; makes one on the first start.
    public convenience init(path: String) throws(PrivateFileFailure) {
        let bytes = try PrivateFile.load(path) {
            SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        }
        guard bytes.count == 32 || bytes.count == 64 else {
            throw PrivateFileFailure(path: path, what: "a master key has 32 bytes, this file \(bytes.count)")
        }
        let keys = stride(from: 0, to: bytes.count, by: 32).map { SymmetricKey(data: bytes[$0..<$0 + 32]) }
        self.init(keys, path: path)
    }

    /// From here on seals under a fresh master key. What was sealed before opens still, until `finishRotation`.
    /// A rotation that was cut short goes on with the key that it made.
    func beginRotation() throws(PrivateFileFailure) {
        let keys = masterKeys.withLock { $0 }
        guard keys.count == 1 else { return }
        try replace(keys: [SymmetricKey(size: .bits256)] + keys)
    }

    /// Forgets the old master key. Everything must have been sealed anew.
    func finishRotation() throws(PrivateFileFailure) {
        try replace(keys: Array(masterKeys.withLock { $0 }.prefix(1)))
    }

    /// The file first: what only memory knows would be lost.
    private func replace(keys: [SymmetricKey]) throws(PrivateFileFailure) {
        if let path {
            try PrivateFile.replace(path, keys.flatMap { key in key.withUnsafeBytes { Array($0) } })
        }
        masterKeys.withLock { $0 = keys }
    }

    /// Encrypts the secret of the key named `key`.
    func seal(_ secret: String, for key: String) throws -> [UInt8] {
        try seal(bytes: Array(secret.utf8), for: key)
    }

    func seal(bytes: [UInt8], for name: String) throws -> [UInt8] {
        let masterKey = masterKeys.withLock { $0[0] }
        let box = try AES.GCM.seal(bytes, using: masterKey, authenticating: Array(name.utf8))
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return [Self.version] + combined
    }

    /// The secret of the key named `key`; nil when it was sealed under another master key or for another key.
    func open(_ sealed: [UInt8], for key: String) -> HMACKey? {
        if let known = opened.withLock({ $0[key] }), known.sealed == sealed { return known.secret }
        guard let bytes = unseal(sealed, for: key) else { return nil }
        let secret = HMACKey(secret: bytes)
        opened.withLock { opened in
            // Which ones are kept does not matter: opening one again costs microseconds.
            if opened.count >= capacity { opened.removeAll(keepingCapacity: true) }
            opened[key] = Opened(sealed: sealed, secret: secret)
        }
        return secret
    }

    /// The same secret under the newest master key; nil when it is under it already, or under one that is not known.
    func sealAnew(_ sealed: [UInt8], for name: String) throws -> [UInt8]? {
        guard sealed.first == Self.version, let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst())
        else { return nil }
        let newest = masterKeys.withLock { $0[0] }
        if (try? AES.GCM.open(box, using: newest, authenticating: Array(name.utf8))) != nil { return nil }
        return try unseal(sealed, for: name).map { try seal(bytes: $0, for: name) }
    }

    /// How many API keys have a secret that cannot be read: it was sealed under a master key that is lost.
    public func countUnreadable(in node: Node) async throws(Unavailable) -> Int {
        try await node.query { engine, _ in engine.apiKeys }.count { key in
            guard case .sealedSecret(let sealed) = key.credential else { return false }
            return unseal(sealed, for: key.key) == nil
        }
    }

    /// The bytes that were sealed under `name`; nil when it was another name or master key.
    func unseal(_ sealed: [UInt8], for name: String) -> [UInt8]? {
        guard sealed.first == Self.version, let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst())
        else { return nil }
        for masterKey in masterKeys.withLock({ $0 }) {
            if let bytes = try? AES.GCM.open(box, using: masterKey, authenticating: Array(name.utf8)) {
                return Array(bytes)
            }
        }
        return nil
    }
}
