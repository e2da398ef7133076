import SyncronCore
import SyncronWire

/// API keys, made for others by an operator.
enum AdminKeys {
    @Sendable static func create(_ call: AdminCall) async throws -> APIResponse {
        let draft = KeyDraft(
            account: try call.account().id, name: try call.parameters.text("name"),
            permissions: try permissions(call), ipRestrictions: try ipRestrictions(call),
            expiresAt: try call.parameters.integer(ifGiven: "expiresAt", in: 0...Int64.max)
                .map { Timestamp(milliseconds: $0) },
            publicKey: try publicKey(call))
        let (key, secret) = try draft.make(call.vault)
        _ = try await call.submit(.createAPIKey(key))
        return .json { $0.apiKey(key, secret: secret) }
    }

    @Sendable static func delete(_ call: AdminCall) async throws -> APIResponse {
        let account = try call.account().id
        _ = try await call.submit(.deleteAPIKey(DeleteAPIKey(account: account, key: call.arguments["key"] ?? "")))
        return .emptyObject
    }

    private static func permissions(_ call: AdminCall) throws(APIError) -> Permissions {
        guard let words = try call.texts("permissions") else { throw .missingParameter("permissions") }
        var permissions: Permissions = []
        for word in words {
            guard let known = Permissions.words.first(where: { $0.word == word }) else {
                let all = Permissions.words.map(\.word).joined(separator: ", ")
                throw .invalidParameter("permissions", "must be of \(all)")
            }
            permissions.insert(known.permission)
        }
        return permissions
    }

    private static func ipRestrictions(_ call: AdminCall) throws(APIError) -> [String] {
        let networks = try call.texts("ipRestrictions") ?? []
        guard networks.allSatisfy({ IPNetwork($0) != nil }) else {
            throw .invalidParameter("ipRestrictions", "must be IP addresses or networks such as 10.0.0.0/8")
        }
        return networks
    }

    private static func publicKey(_ call: AdminCall) throws(APIError) -> Ed25519PublicKey? {
        guard let text = try call.parameters.text(ifGiven: "ed25519PublicKey") else { return nil }
        guard let key = Ed25519PublicKey(text) else {
            throw .invalidParameter("ed25519PublicKey", "must be the base64 of 32 bytes, or PEM")
        }
        return key
    }
}

/// An API key that is about to be made.
struct KeyDraft {
    var account: AccountID
    var name: String
    var permissions: Permissions
    var ipRestrictions: [String] = []
    var expiresAt: Timestamp?
    /// Nil for a key with a secret.
    var publicKey: Ed25519PublicKey?

    /// The key under a fresh name, and its secret, which is kept nowhere else; none for an Ed25519 key.
    func make(_ vault: SecretVault) throws -> (key: APIKey, secret: String?) {
        let key = RandomText.letters(64)
        let secret = publicKey == nil ? RandomText.letters(64) : nil
        let credential: Credential =
            if let publicKey { .ed25519(publicKey.raw) } else { .sealedSecret(try vault.seal(secret ?? "", for: key)) }
        let made = APIKey(
            key: key, account: account, name: name, permissions: permissions, ipRestrictions: ipRestrictions,
            expiresAt: expiresAt, credential: credential, createdAt: .zero)
        return (made, secret)
    }
}

extension JSONWriter {
    fileprivate mutating func apiKey(_ key: APIKey, secret: String?) {
        beginObject()
        field("apiKey", key.key)
        if let secret { field("secret", secret) }
        field("accountId", key.account.raw)
        field("name", key.name)
        self.key("permissions")
        beginArray()
        for (word, permission) in Permissions.words where key.permissions.contains(permission) { value(word) }
        endArray()
        self.key("ipRestrictions")
        beginArray()
        for network in key.ipRestrictions { value(network) }
        endArray()
        self.key("expiresAt")
        if let expiry = key.expiresAt { value(expiry.milliseconds) } else { null() }
        endObject()
    }
}
