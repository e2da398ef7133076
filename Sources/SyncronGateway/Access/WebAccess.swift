import NIOPosix
import Synchronization
import SyncronCore
import SyncronNode
import SyncronWire

/// How people get in, in contrast to programs: passwords, second factors and sessions.
final class WebAccess: Sendable {
    let sessions: Sessions
    let secondFactors: SecondFactors
    let lockOut: LockOut
    private let vault: SecretVault
    private let cost: PasswordHash.Cost
    private let hashing = Mutex(0)
    /// What a password for an unknown email is compared with, so that it takes as long.
    private let decoy: PasswordHash?

    /// Passwords being hashed at one time, each with 16 MiB; more are refused.
    private static let hashingAtOnce = 32

    /// `clock`: milliseconds since 1970, the real time.
    init(
        vault: SecretVault, cost: PasswordHash.Cost = .standard,
        clock: @escaping @Sendable () -> Int64 = WallClock.milliseconds
    ) {
        self.vault = vault
        self.cost = cost
        sessions = Sessions(clock: clock)
        secondFactors = SecondFactors(clock: clock)
        lockOut = LockOut(clock: clock)
        decoy = PasswordHash(
            text: "scrypt$\(cost.log2N)$\(cost.r)$\(cost.p)$" + Base64.text(Array(repeating: 0, count: 16)) + "$"
                + Base64.text(Array(repeating: 0, count: 32)))
    }

    // MARK: Passwords

    func hash(_ password: String) async throws -> String {
        let cost = cost
        return try await aside { try PasswordHash(password, cost: cost).text }
    }

    /// The login that email and password open. Refuses everything else in the same words and after the same time.
    func login(_ email: String, _ password: String, _ directory: Directory) async throws -> Login {
        if let seconds = lockOut.attempt(email) {
            throw APIError.tooManyRequests(retryAfter: seconds, "too many failures; locked for a while")
        }
        let login = directory.login(email: email)
        let hash = login.flatMap { PasswordHash(text: $0.passwordHash) } ?? decoy
        let isRight = try await aside { hash?.isOf(password) == true }
        guard let login, isRight else { throw APIError.unauthorized("wrong email or password") }
        return login
    }

    /// Hashing takes long and memory: it runs on threads of its own, so many at a time.
    private func aside<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        let isFree = hashing.withLock { hashing in
            guard hashing < Self.hashingAtOnce else { return false }
            hashing += 1
            return true
        }
        guard isFree else { throw APIError.disconnected("the exchange is busy") }
        defer { hashing.withLock { $0 -= 1 } }
        return try await NIOThreadPool.singleton.runIfActive(body)
    }

    // MARK: Second factors

    /// Refuses unless `code` is a fresh one-time code of the login, or it has no second factor.
    func requireSecondFactor(_ login: Login, _ code: String?) throws(APIError) {
        guard let sealed = login.secondFactor else { return }
        guard let secret = vault.unseal(sealed, for: Self.vaultName(login.account)) else { throw .unexpected }
        guard let code else {
            throw .unauthorized("a one-time code is needed").with("parameter", "twoFactorCode")
        }
        try check(code, of: OneTimeCode(secret: secret), login.account)
    }

    /// Refuses unless `code` is a fresh one of `secret`. Guesses lock the account's codes for a while.
    func check(_ code: String, of secret: OneTimeCode, _ account: AccountID) throws(APIError) {
        let name = "code of \(account)"
        if let seconds = lockOut.attempt(name) {
            throw .tooManyRequests(retryAfter: seconds, "too many failures; locked for a while")
        }
        guard secondFactors.use(code, of: secret, account) else {
            throw .unauthorized("wrong one-time code").with("parameter", "twoFactorCode")
        }
        lockOut.succeeded(name)
    }

    func sealed(_ code: OneTimeCode, of account: AccountID) throws -> [UInt8] {
        try vault.seal(bytes: code.secret, for: Self.vaultName(account))
    }

    /// What a second factor's secret is called when it is sealed. No API key has such a name.
    static func vaultName(_ account: AccountID) -> String { "second factor of \(account)" }
}
