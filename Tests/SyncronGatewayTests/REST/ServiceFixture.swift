import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import SyncronCore
import SyncronWire

@testable import SyncronGateway
@testable import SyncronNode

/// A whole exchange in a directory of its own, with both services in front of it and no socket. Its clocks stand still.
struct ServiceFixture {
    let node: Node
    let vault = SecretVault(masterKey: SymmetricKey(size: .bits256))
    let service: PublicService
    let admin: AdminService
    /// The real clock that rate limits follow.
    let clock = TestClock(1_700_000_040_000)
    private let directory: String

    static let adminToken = "the operator's token"

    /// Someone who trades.
    struct Trader {
        var account: AccountID
        var key: String
        var secret: String
    }

    private init(sandbox: Bool, clockMode: ClockMode) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("syncron-\(UUID())").path
        var configuration = NodeConfiguration(dataDirectory: directory)
        configuration.clock = clockMode
        configuration.sandbox = sandbox
        configuration.segmentBytes = 1 << 20
        configuration.snapshotInterval = 0
        configuration.limits.accounts = 1_000
        configuration.limits.openOrders = 10_000
        configuration.initialCommands = try ExchangeDefinition.standard.commands()
        node = try Node.start(configuration)
        let clock = clock
        let gatekeeper = Gatekeeper(
            limiter: RateLimiter { clock.milliseconds }, vault: vault, proxies: TrustedProxies.none)
        // Passwords at the least cost: what they cost is scrypt's own matter.
        let web = WebAccess(vault: vault, cost: .init(log2N: 4, p: 1)) { clock.milliseconds }
        service = PublicService(node: node, gatekeeper: gatekeeper, web: web)
        guard let token = AdminToken(Self.adminToken) else { throw FixtureFailure("no token") }
        admin = AdminService(node: node, vault: vault, token: token)
    }

    /// Runs `body` with a running exchange and takes everything away afterwards.
    static func with(
        sandbox: Bool = false, clockMode: ClockMode = .manual, _ body: (ServiceFixture) async throws -> Void
    ) async throws {
        let fixture = try ServiceFixture(sandbox: sandbox, clockMode: clockMode)
        defer { try? FileManager.default.removeItem(atPath: fixture.directory) }
        do {
            try await body(fixture)
        } catch {
            await fixture.node.stop()
            throw error
        }
        await fixture.node.stop()
    }

    // MARK: People

    /// An account with a key and funds.
    func trader(
        _ funds: [String: String] = ["BTC": "10", "USDT": "1000000"], permissions: Permissions = .all,
        level: AccountLevel = .standard
    ) async throws -> Trader {
        let outcome = try await node.submit(.openAccount(OpenAccount(level: level)))
        guard case .accountOpened(let account)? = outcome.events.first else { throw FixtureFailure("no account") }
        for (asset, amount) in funds.sorted(by: { $0.key < $1.key }) { try await fund(account.id, asset, amount) }
        return try await key(of: account.id, permissions: permissions)
    }

    func fund(_ account: AccountID, _ name: String, _ amount: String) async throws {
        guard let asset = node.directory.asset(named: name) else { throw FixtureFailure("no asset \(name)") }
        let units: Int128 = try DecimalText.units(amount, decimals: Int(asset.decimals))
        let report = RecordDeposit(
            account: account, asset: asset.id, network: "X", amount: Units(units), txID: RandomText.letters(10))
        if let rejection = try await node.submit(.recordDeposit(report)).rejection {
            throw FixtureFailure("deposit refused: \(rejection)")
        }
    }

    func key(of account: AccountID, permissions: Permissions) async throws -> Trader {
        let (key, secret) = try KeyDraft(account: account, name: "test", permissions: permissions).make(vault)
        if let rejection = try await node.submit(.createAPIKey(key)).rejection {
            throw FixtureFailure("key refused: \(rejection)")
        }
        return Trader(account: account, key: key.key, secret: secret ?? "")
    }

    // MARK: Requests

    struct Answer {
        var status: Int
        var headers: [(String, String)]
        var text: String

        var json: JSONValue { (try? JSONValue(text)) ?? .null }
        /// The error's code; nil where there is none.
        var code: Int64? { json["code"]?.integer }
        var summary: String { code.map { "\(status) \($0)" } ?? "\(status)" }
        subscript(name: String) -> JSONValue? { json[name] }
        func detail(_ name: String) -> String? { json["details"]?[name]?.text }
        func header(_ name: String) -> String? { headers.first { $0.0 == name }?.1 }
    }

    /// A public request: signed when `trader` is given, its parameters in the query.
    func send(
        _ method: String, _ path: String, _ query: String = "", as trader: Trader? = nil, bearer: String? = nil
    ) async -> Answer {
        var text = query
        var headers = RequestHeaders()
        if let bearer { headers = ["Authorization": "Bearer \(bearer)"] }
        if let trader {
            text += (text.isEmpty ? "" : "&") + "timestamp=\(node.now.milliseconds)"
            let payload = SignedPayload(query: ByteBuffer(string: text))
            text += "&signature=" + HMACKey(secret: trader.secret).signature(of: payload)
            headers = ["X-API-KEY": trader.key]
        }
        return await answer(
            service, APIRequest(method: method, path: path, query: ByteBuffer(string: text), headers: headers))
    }

    /// A signed request whose parameters are a body.
    func send(
        _ method: String, _ path: String, body: String, contentType: String, as trader: Trader
    ) async -> Answer {
        let query = "timestamp=\(node.now.milliseconds)"
        let kind: Parameters.BodyKind = contentType == "application/json" ? .json : .form
        let payload = SignedPayload(
            query: ByteBuffer(string: query), body: ByteBuffer(string: body), bodyKind: kind)
        let signature = HMACKey(secret: trader.secret).signature(of: payload)
        return await answer(
            service,
            APIRequest(
                method: method, path: path, query: ByteBuffer(string: "\(query)&signature=\(signature)"),
                body: ByteBuffer(string: body),
                headers: ["X-API-KEY": trader.key, "Content-Type": contentType]))
    }

    /// A browser's request, with a JSON body.
    func browse(_ method: String, _ path: String, _ body: String = "", bearer: String? = nil) async -> Answer {
        var fields = HTTPHeaders([("Content-Type", "application/json")])
        if let bearer { fields.add(name: "Authorization", value: "Bearer \(bearer)") }
        return await answer(
            service,
            APIRequest(
                method: method, path: path, body: ByteBuffer(string: body), headers: RequestHeaders(fields)))
    }

    /// An operator's request.
    func manage(
        _ method: String, _ path: String, _ body: String = "", token: String? = ServiceFixture.adminToken
    ) async -> Answer {
        var fields = HTTPHeaders()
        if let token { fields.add(name: "Authorization", value: "Bearer \(token)") }
        let parts = path.split(separator: "?", maxSplits: 1)
        return await answer(
            admin,
            APIRequest(
                method: method, path: String(parts[0]),
                query: ByteBuffer(string: parts.count > 1 ? String(parts[1]) : ""), body: ByteBuffer(string: body),
                headers: RequestHeaders(fields)))
    }

    private func answer(_ service: some APIService, _ request: APIRequest) async -> Answer {
        let response = await service.respond(to: request)
        return Answer(status: response.status, headers: response.headers, text: String(buffer: response.body))
    }
}
