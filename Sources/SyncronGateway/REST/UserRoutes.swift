import SyncronCore
import SyncronNode
import SyncronWire

/// What people manage about their own access: password, API keys and the second factor. By sessions alone; a key cannot make
/// keys.
enum UserRoutes {
    // MARK: Password

    /// Ends all other sessions: whoever knew the old password is out.
    @Sendable static func changePassword(_ call: Call) async throws -> APIResponse {
        let old = try call.parameters.text("oldPassword")
        let new = try AuthRoutes.newPassword(call, "newPassword")
        let code = try call.parameters.text(ifGiven: "twoFactorCode")
        let web = call.services.web
        let login = try await web.login(try login(call).email, old, call.directory)
        web.lockOut.succeeded(login.email)
        try web.requireSecondFactor(login, code)
        let change = SetPassword(account: login.account, passwordHash: try await web.hash(new))
        _ = try await call.submit(.setPassword(change))
        web.sessions.endAll(of: login.account, except: call.caller?.session)
        return .emptyObject
    }

    // MARK: API keys

    @Sendable static func keys(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let keys = try await call.node.query { engine, _ in engine.apiKeys.filter { $0.account == account } }
        return .json(capacity: 64 + 384 * keys.count) { json in
            json.beginArray()
            for key in keys { json.apiKey(key, secret: nil) }
            json.endArray()
        }
    }

    @Sendable static func createKey(_ call: Call) async throws -> APIResponse {
        guard let permissions = try call.parameters.permissionsIfGiven() else {
            throw APIError.missingParameter("permissions")
        }
        let draft = KeyDraft(
            account: try call.account().id, name: try call.parameters.text("name"), permissions: permissions,
            ipRestrictions: try call.parameters.ipRestrictionsIfGiven() ?? [],
            expiresAt: try call.parameters.expiryIfGiven(), publicKey: try call.parameters.publicKeyIfGiven())
        try secondFactor(call)
        let (key, secret) = try draft.make(call.services.gatekeeper.vault)
        let outcome = try await call.submit(.createAPIKey(key))
        for case .apiKeyCreated(let key) in outcome.events { return .json { $0.apiKey(key, secret: secret) } }
        throw APIError.unexpected
    }

    /// What is not given stays.
    @Sendable static func changeKey(_ call: Call) async throws -> APIResponse {
        let key = try ownKey(call)
        let change = ChangeAPIKey(
            account: key.account, key: key.key, name: try call.parameters.text(ifGiven: "name"),
            permissions: try call.parameters.permissionsIfGiven(),
            ipRestrictions: try call.parameters.ipRestrictionsIfGiven(),
            expiresAt: try call.parameters.expiryIfGiven())
        try secondFactor(call)
        let outcome = try await call.submit(.changeAPIKey(change))
        for case .apiKeyChanged(let key) in outcome.events { return .json { $0.apiKey(key, secret: nil) } }
        throw APIError.unexpected
    }

    @Sendable static func deleteKey(_ call: Call) async throws -> APIResponse {
        let key = try ownKey(call)
        try secondFactor(call)
        _ = try await call.submit(.deleteAPIKey(DeleteAPIKey(account: key.account, key: key.key)))
        return .emptyObject
    }

    private static func ownKey(_ call: Call) throws(APIError) -> APIKey {
        let account = try call.account().id
        guard let key = call.argument.flatMap({ call.directory.apiKey($0) }), key.account == account else {
            throw .invalidParameter("keyId", "no such API key", status: 404)
        }
        return key
    }

    // MARK: Second factor

    /// Makes a secret, which counts once a first code of it has been shown.
    @Sendable static func enableSecondFactor(_ call: Call) async throws -> APIResponse {
        let login = try login(call)
        guard login.secondFactor == nil else { throw alreadyEnabled }
        guard let code = call.services.web.secondFactors.begin(login.account) else {
            throw APIError.disconnected("the exchange is busy")
        }
        return .json { json in
            json.beginObject()
            json.field("secret", Base32.encode(code.secret))
            json.field("otpauthUrl", code.url(email: login.email))
            json.endObject()
        }
    }

    @Sendable static func verifySecondFactor(_ call: Call) async throws -> APIResponse {
        let login = try login(call)
        let web = call.services.web
        let text = try code(call)
        guard login.secondFactor == nil else { throw alreadyEnabled }
        guard let code = web.secondFactors.pending(login.account) else {
            throw APIError.invalidParameter("twoFactorCode", "nothing waits to be verified", status: 409)
        }
        try web.check(text, of: code, login.account)
        let secret = try web.sealed(code, of: login.account)
        _ = try await call.submit(.setSecondFactor(SetSecondFactor(account: login.account, secret: secret)))
        web.secondFactors.finish(login.account)
        return answer(isEnabled: true)
    }

    @Sendable static func disableSecondFactor(_ call: Call) async throws -> APIResponse {
        let login = try login(call)
        let text = try code(call)
        guard login.secondFactor != nil else {
            throw APIError.invalidParameter("twoFactorCode", "the second factor is not enabled", status: 409)
        }
        try call.services.web.requireSecondFactor(login, text)
        _ = try await call.submit(.setSecondFactor(SetSecondFactor(account: login.account, secret: nil)))
        return answer(isEnabled: false)
    }

    private static var alreadyEnabled: APIError {
        .invalidParameter("twoFactorCode", "the second factor is enabled already", status: 409)
    }

    private static func answer(isEnabled: Bool) -> APIResponse {
        .json { json in
            json.beginObject()
            json.field("enabled", isEnabled)
            json.endObject()
        }
    }

    /// `code` is taken for `twoFactorCode` too.
    private static func code(_ call: Call) throws(APIError) -> String {
        if let code = try call.parameters.text(ifGiven: "code") { return code }
        return try call.parameters.text("twoFactorCode")
    }

    private static func secondFactor(_ call: Call) throws(APIError) {
        try call.services.web.requireSecondFactor(
            try login(call), try call.parameters.text(ifGiven: "twoFactorCode"))
    }

    /// Sessions are begun by logins, so there is one.
    private static func login(_ call: Call) throws(APIError) -> Login {
        guard let email = try call.account().email, let login = call.directory.login(email: email) else {
            throw .unauthorized()
        }
        return login
    }
}
