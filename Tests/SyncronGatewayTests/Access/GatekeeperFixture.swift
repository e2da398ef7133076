import Crypto
import NIOCore
import NIOHTTP1
import SyncronCore
import SyncronWire

@testable import SyncronGateway
@testable import SyncronNode

/// A gatekeeper with one account and its keys, and requests to knock with.
struct GatekeeperFixture {
    static let now = Timestamp(milliseconds: 1_800_000_000_000)
    static let account = Account(id: AccountID(1), requestsPerMinute: 100, ordersPerSecond: 3)
    static let secret = "a secret that nobody knows"

    let vault = SecretVault(masterKey: SymmetricKey(size: .bits256))
    let signer = Ed25519PrivateKey()
    let gatekeeper: Gatekeeper
    let directory: Directory

    init(proxies: [String] = []) throws {
        let vault = vault
        let clock = TestClock(1_700_000_040_000)
        gatekeeper = Gatekeeper(
            limiter: RateLimiter { clock.milliseconds }, vault: vault, proxies: try TrustedProxies(proxies))
        func key(
            _ name: String, _ permissions: Permissions, from networks: [String] = [], expiresAt: Timestamp? = nil,
            _ credential: Credential? = nil
        ) throws -> Event {
            .apiKeyCreated(
                APIKey(
                    key: name, account: Self.account.id, name: name, permissions: permissions, ipRestrictions: networks,
                    expiresAt: expiresAt,
                    credential: try credential ?? .sealedSecret(try vault.seal(Self.secret, for: name)),
                    createdAt: .zero))
        }
        directory = try StandardExchange.directory([
            .accountOpened(Self.account),
            try key("reader", .read),
            try key("trader", .trade),
            try key("all", .all),
            try key("at-home", .all, from: ["10.1.0.0/16", "2001:db8::7"]),
            try key("expired", .all, expiresAt: Self.now),
            try key("expiring", .all, expiresAt: Self.now + 1),
            try key("signer", .all, .ed25519(signer.publicKey.raw)),
        ])
    }

    /// A request with a good signature, unless something else is asked for.
    func request(
        _ key: String?, query: String = "", timestamp: Int64? = GatekeeperFixture.now.milliseconds,
        secret: String = GatekeeperFixture.secret, peer: String = "10.1.2.3", forwardedFor: String? = nil
    ) -> APIRequest {
        let parts = [query, timestamp.map { "timestamp=\($0)" } ?? ""].filter { !$0.isEmpty }
        let text = parts.joined(separator: "&")
        let payload = SignedPayload(query: ByteBuffer(string: text))
        let signature =
            key == "signer"
            ? encoded(signer.signature(of: payload) ?? "") : HMACKey(secret: secret).signature(of: payload)
        return unsigned(
            key, query: text.isEmpty ? "signature=\(signature)" : "\(text)&signature=\(signature)", peer: peer,
            forwardedFor: forwardedFor)
    }

    func unsigned(
        _ key: String?, query: String, peer: String = "10.1.2.3", forwardedFor: String? = nil
    ) -> APIRequest {
        var fields: [(String, String)] = []
        if let key { fields.append(("X-API-KEY", key)) }
        if let forwardedFor { fields.append(("X-Forwarded-For", forwardedFor)) }
        return APIRequest(
            method: "GET", path: "/", query: ByteBuffer(string: query), headers: RequestHeaders(HTTPHeaders(fields)),
            peer: peer)
    }

    private func encoded(_ base64: String) -> String {
        base64.map { $0 == "+" ? "%2B" : $0 == "/" ? "%2F" : $0 == "=" ? "%3D" : String($0) }.joined()
    }

    /// What the gatekeeper says to a request for a route of that access.
    func knock(
        _ request: APIRequest, _ access: Route.Access = .key(.read), weight: Weight = 1,
        orderRate: Route.OrderRate = .none
    ) -> Answer {
        let route = Route(
            .get, "/", .trading, weight: weight, access, orderRate: orderRate, "",
            .immediate { call throws(APIError) in .emptyObject })
        let parameters = Result { () throws(APIError) in try Parameters(query: request.query) }
        switch gatekeeper.admit(request, to: route, parameters, directory, now: Self.now) {
        case .admitted(let caller, let standing): return Answer(caller: caller, standing: standing)
        case .refused(let error, let standing): return Answer(error: error, standing: standing)
        }
    }

    struct Answer {
        var caller: Caller?
        var error: APIError?
        var standing: RateStanding?

        /// `200`, or status and code.
        var summary: String { error.map { "\($0.status) \($0.code)" } ?? "200" }
        var remaining: UInt32? { standing?.remaining }
    }
}
