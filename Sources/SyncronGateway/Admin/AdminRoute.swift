import NIOCore
import SyncronCore
import SyncronNode
import SyncronWire

/// One call of the admin interface.
struct AdminRoute: Sendable {
    typealias Handler = @Sendable (AdminCall) async throws -> APIResponse

    var method: Route.Method
    /// With `{name}` for what varies.
    var path: String
    var summary: String
    var handler: Handler
    private let segments: [Substring]

    init(_ method: Route.Method, _ path: String, _ summary: String, _ handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.summary = summary
        self.handler = handler
        segments = path.split(separator: "/", omittingEmptySubsequences: false)
    }

    /// What stands for the names of the path; nil when `path` is another one.
    func arguments(of path: String) -> [String: String]? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == segments.count else { return nil }
        var arguments: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            if segment.first == "{" {
                guard !part.isEmpty else { return nil }
                arguments[String(segment.dropFirst().dropLast())] = String(part)
            } else if part != segment {
                return nil
            }
        }
        return arguments
    }
}

/// A request of an operator, as a handler sees it.
struct AdminCall: Sendable {
    let node: Node
    let vault: SecretVault
    let directory: Directory
    /// What stood for the names of the path.
    let arguments: [String: String]
    /// Query and flat members of the body; lists are read by `Parameters.json`.
    let parameters: Parameters
    /// The body; an empty object without one.
    let body: JSONValue

    /// The members of bodies that may be lists.
    static let lists = [
        "permissions", "ipRestrictions", "networks", "filters", "commissions", "fees", "orderTypes", "timeInForce",
    ]

    init(_ request: APIRequest, arguments: [String: String], node: Node, vault: SecretVault) throws(APIError) {
        self.node = node
        self.vault = vault
        directory = node.directory
        self.arguments = arguments
        guard request.body.readableBytes > 0 else {
            body = .object([])
            parameters = try Parameters(query: request.query)
            return
        }
        do throws(JSONFailure) {
            body = try JSONValue(request.body)
        } catch {
            if case .duplicateName(let name) = error.kind { throw .invalidParameter(name, "given twice") }
            throw .invalidFormat(error.description)
        }
        guard body.members != nil else { throw .invalidFormat("expected a JSON object") }
        parameters = try Parameters(
            query: request.query, body: request.body, contentType: "application/json", nested: Self.lists)
    }

    /// Submits the command; a refusal is thrown.
    func submit(_ command: Command) async throws -> Outcome {
        try RefusalTable(directory: directory).accepted(try await node.submit(command))
    }

    /// The account that the path names.
    func account() throws(APIError) -> Account {
        guard let id = arguments["id"].flatMap({ UInt32($0) }), let account = directory.account(AccountID(id)) else {
            throw .invalidParameter("accountId", "no such account", status: 404)
        }
        return account
    }

    /// The market that the path names.
    func market() throws(APIError) -> MarketFormat {
        guard let symbol = arguments["symbol"], let market = directory.market(spelled: symbol),
            let format = MarketFormat(market, directory)
        else { throw .invalidParameter("symbol", "no such market", status: 404) }
        return format
    }
}
