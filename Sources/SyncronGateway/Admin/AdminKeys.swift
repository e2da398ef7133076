import SyncronCore
import SyncronWire

/// API keys, made for others by an operator.
enum AdminKeys {
    @Sendable static func create(_ call: AdminCall) async throws -> APIResponse {
        let account = try call.account().id
        let name = try call.parameters.text("name")
        guard let permissions = try call.parameters.permissionsIfGiven() else {
            throw APIError.missingParameter("permissions")
        }
        let draft = KeyDraft(
            account: account, name: name, permissions: permissions,
            ipRestrictions: try call.parameters.ipRestrictionsIfGiven() ?? [],
            expiresAt: try call.parameters.expiryIfGiven(), publicKey: try call.parameters.publicKeyIfGiven())
        let (key, secret) = try draft.make(call.vault)
        _ = try await call.submit(.createAPIKey(key))
        return .json { $0.apiKey(key, secret: secret) }
    }

    /// What is not given stays.
    @Sendable static func change(_ call: AdminCall) async throws -> APIResponse {
        let change = ChangeAPIKey(
            account: try call.account().id, key: call.arguments["key"] ?? "",
            name: try call.parameters.text(ifGiven: "name"), permissions: try call.parameters.permissionsIfGiven(),
            ipRestrictions: try call.parameters.ipRestrictionsIfGiven(),
            expiresAt: try call.parameters.expiryIfGiven())
        let outcome = try await call.submit(.changeAPIKey(change))
        for case .apiKeyChanged(let key) in outcome.events { return .json { $0.apiKey(key, secret: nil) } }
        throw APIError.unexpected
    }

    @Sendable static func delete(_ call: AdminCall) async throws -> APIResponse {
        let account = try call.account().id
        _ = try await call.submit(.deleteAPIKey(DeleteAPIKey(account: account, key: call.arguments["key"] ?? "")))
        return .emptyObject
    }

    /// Seals every secret under a fresh master key and forgets the old one. Cut short, it goes on when it is asked
    /// for again.
    @Sendable static func rotateMasterKey(_ call: AdminCall) async throws -> APIResponse {
        try call.vault.beginRotation()
        var count = 0
        var sealed = 0
        // Until a pass finds nothing to do: keys may have been made under the old one while it went out.
        repeat {
            sealed = try await sealAnew(call)
            count += sealed
        } while sealed > 0
        try call.vault.finishRotation()
        return .json { json in
            json.beginObject()
            json.field("secrets", count)
            json.endObject()
        }
    }

    /// How many secrets were not sealed under the newest master key, and are now.
    private static func sealAnew(_ call: AdminCall) async throws -> Int {
        let (keys, logins) = try await call.node.query { engine, _ in (engine.apiKeys, engine.logins) }
        var count = 0
        for key in keys {
            guard case .sealedSecret(let sealed) = key.credential,
                let fresh = try call.vault.sealAnew(sealed, for: key.key)
            else { continue }
            let change = ChangeAPIKey(account: key.account, key: key.key, credential: .sealedSecret(fresh))
            // A key that was taken back meanwhile needs no secret.
            if try await call.node.submit(.changeAPIKey(change)).rejection == nil { count += 1 }
        }
        for login in logins {
            guard let sealed = login.secondFactor,
                let fresh = try call.vault.sealAnew(sealed, for: WebAccess.vaultName(login.account)),
                call.node.directory.login(email: login.email)?.secondFactor == sealed
            else { continue }
            _ = try await call.submit(.setSecondFactor(SetSecondFactor(account: login.account, secret: fresh)))
            count += 1
        }
        return count
    }
}

/// An API key that is about to be made.
struct KeyDraft {
    var account: AccountID
    var name: String
    var permissions: Permissions
    var ipRestrictions: [String] = []
    /// Nil or `.zero` for none.
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
            expiresAt: expiresAt == .zero ? nil : expiresAt, credential: credential, createdAt: .zero)
        return (made, secret)
    }
}

extension JSONWriter {
    mutating func apiKey(_ key: APIKey, secret: String?) {
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
