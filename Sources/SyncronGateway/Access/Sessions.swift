import Crypto
import Synchronization
import SyncronCore

/// Who is logged in. A session lives on by refresh tokens, each good for one use; one used a second time was stolen
/// from somebody, so it ends the session. In memory: after a restart everyone logs in again.
final class Sessions: Sendable {
    struct Grant: Sendable {
        var accessToken: String
        var refreshToken: String
        /// Of the access token, in seconds.
        var expiresIn: Int64
    }

    private struct Session {
        var account: AccountID
        var refresh: SHA256Digest
        /// Milliseconds since 1970.
        var expiresAt: Int64
    }

    private let sessions = Mutex<[String: Session]>([:])
    private let key = SymmetricKey(size: .bits256)
    private let clock: @Sendable () -> Int64

    /// How long an access token is good for, in seconds.
    static let accessLifetime: Int64 = 900
    /// How long a session lives after its last refresh, in milliseconds.
    static let lifetime: Int64 = 7 * 86_400_000
    static let perAccount = 20
    static let capacity = 100_000

    init(clock: @escaping @Sendable () -> Int64 = WallClock.milliseconds) { self.clock = clock }

    /// Nil when there is no room for another one.
    func begin(_ account: AccountID) -> Grant? {
        let id = RandomText.letters(24)
        let now = clock()
        return sessions.withLock { sessions in
            let own = sessions.filter { $0.value.account == account }
            if own.count >= Self.perAccount, let oldest = own.min(by: { $0.value.expiresAt < $1.value.expiresAt }) {
                sessions[oldest.key] = nil
            }
            if sessions.count >= Self.capacity { sessions = sessions.filter { $0.value.expiresAt > now } }
            guard sessions.count < Self.capacity else { return nil }
            return grant(account, id, now, &sessions)
        }
    }

    /// Nil for a refresh token that is unknown, expired or used before.
    func refresh(_ token: String) -> Grant? {
        guard let (id, secret) = Self.parts(token) else { return nil }
        let now = clock()
        return sessions.withLock { sessions in
            guard let session = sessions[id] else { return nil }
            guard session.expiresAt > now, SHA256.hash(data: Array(secret.utf8)) == session.refresh else {
                sessions[id] = nil
                return nil
            }
            return grant(session.account, id, now, &sessions)
        }
    }

    private func grant(
        _ account: AccountID, _ id: String, _ now: Int64, _ sessions: inout [String: Session]
    ) -> Grant {
        let secret = RandomText.letters(48)
        sessions[id] = Session(
            account: account, refresh: SHA256.hash(data: Array(secret.utf8)), expiresAt: now + Self.lifetime)
        let token = AccessToken(
            account: account, session: id, issuedAt: now / 1_000, expiresAt: now / 1_000 + Self.accessLifetime)
        return Grant(
            accessToken: token.signed(with: key), refreshToken: "\(id).\(secret)", expiresIn: Self.accessLifetime)
    }

    /// Whom an access token stands for; nil when it is none, has expired, or its session has ended.
    func holder(of accessToken: String) -> AccessToken? {
        let now = clock()
        guard let token = AccessToken(accessToken, key: key, now: now) else { return nil }
        let isAlive = sessions.withLock { $0[token.session].map { $0.account == token.account && $0.expiresAt > now } }
        return isAlive == true ? token : nil
    }

    func endAll(of account: AccountID, except session: String?) {
        sessions.withLock { $0 = $0.filter { $0.value.account != account || $0.key == session } }
    }

    func end(_ session: String) { sessions.withLock { $0[session] = nil } }

    /// As `end`, by the session's refresh token. False when it is none.
    func end(refreshToken: String) -> Bool {
        guard let (id, secret) = Self.parts(refreshToken) else { return false }
        return sessions.withLock { sessions in
            guard let session = sessions[id], SHA256.hash(data: Array(secret.utf8)) == session.refresh
            else { return false }
            sessions[id] = nil
            return true
        }
    }

    private static func parts(_ token: String) -> (id: String, secret: String)? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
}
