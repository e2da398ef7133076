import SyncronCore
import SyncronNode
import SyncronWire

/// Accounts of people's own, and their sessions.
enum AuthRoutes {
    /// In characters.
    static let shortestPassword = 12
    static let longestPassword = 1_024

    @Sendable static func register(_ call: Call) async throws -> APIResponse {
        let email = try email(call)
        let password = try newPassword(call, "password")
        let taken = APIError.invalidParameter("email", "has an account already", status: 409)
        if call.directory.login(email: email) != nil { throw taken }
        let hash = try await call.services.web.hash(password)
        let outcome = try await call.node.submit(.registerLogin(RegisterLogin(email: email, passwordHash: hash)))
        if outcome.rejection == .conflict(.email) { throw taken }
        let table = RefusalTable(directory: call.directory)
        for case .accountOpened(let account) in try table.accepted(outcome).events {
            return .json { json in
                json.beginObject()
                json.field("accountId", account.id.raw)
                json.field("email", email)
                json.endObject()
            }
        }
        throw APIError.unexpected
    }

    @Sendable static func login(_ call: Call) async throws -> APIResponse {
        let email = try email(call)
        let password = try call.parameters.text("password")
        let code = try call.parameters.text(ifGiven: "twoFactorCode")
        let web = call.services.web
        let login = try await web.login(email, password, call.directory)
        web.lockOut.succeeded(email)
        try web.requireSecondFactor(login, code)
        guard let grant = web.sessions.begin(login.account) else {
            throw APIError.disconnected("too many sessions")
        }
        return .grant(grant)
    }

    @Sendable static func refresh(_ call: Call) throws(APIError) -> APIResponse {
        let token = try call.parameters.text("refreshToken")
        guard let grant = call.services.web.sessions.refresh(token) else {
            throw .unauthorized("the refresh token is not good any more")
        }
        return .grant(grant)
    }

    /// Ends the session that asks, or the one whose refresh token is given.
    @Sendable static func logout(_ call: Call) throws(APIError) -> APIResponse {
        let sessions = call.services.web.sessions
        let token = try call.parameters.text(ifGiven: "refreshToken")
        if let session = call.caller?.session {
            sessions.end(session)
        } else {
            guard let token, sessions.end(refreshToken: token) else { throw .unauthorized("no session") }
        }
        return .emptyObject
    }

    /// One that may become somebody's.
    static func newPassword(_ call: Call, _ name: String) throws(APIError) -> String {
        let password = try call.parameters.text(name)
        guard (shortestPassword...longestPassword).contains(password.count) else {
            throw .invalidParameter(name, "must have \(shortestPassword) to \(longestPassword) characters")
        }
        return password
    }

    /// In lower case, as logins are kept.
    private static func email(_ call: Call) throws(APIError) -> String {
        let text = try call.parameters.text("email").lowercased()
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isWellFormed =
            parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace }
        guard isWellFormed else { throw .invalidParameter("email", "is no email address") }
        return text
    }
}

extension APIResponse {
    fileprivate static func grant(_ grant: Sessions.Grant) -> APIResponse {
        .json { json in
            json.beginObject()
            json.field("accessToken", grant.accessToken)
            json.field("refreshToken", grant.refreshToken)
            json.field("expiresIn", grant.expiresIn)
            json.endObject()
        }
    }
}
