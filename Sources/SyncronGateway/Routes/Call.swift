import NIOCore
import SyncronCore
import SyncronNode
import SyncronWire

/// An admitted request, as a handler sees it.
struct Call: Sendable {
    let services: Services
    let parameters: Parameters
    /// The wallet whose orders and trades the route deals with.
    let wallet: Wallet
    /// Who asks; on routes for keys never nil.
    let caller: Caller?
    /// The last component of the path, where the route leaves it open.
    let argument: String?
    let directory: Directory
    /// By the exchange's clock.
    let now: Timestamp

    var node: Node { services.node }

    /// Submits the command; a refusal is thrown.
    ///
    /// - Parameter orderParameter: the parameter by which the client named an order.
    func submit(_ command: Command, orderParameter: String = "orderId") async throws -> Outcome {
        try RefusalTable(directory: directory, orderParameter: orderParameter).accepted(
            try await node.submit(command))
    }

    /// The account that asks.
    func account() throws(APIError) -> Account {
        guard let caller else { throw .unauthorized() }
        return caller.account
    }

    /// The market that `symbol` names; on routes of futures a perpetual.
    func market() throws(APIError) -> MarketFormat {
        let format = try directory.format(symbol: try parameters.text("symbol"))
        return wallet == .futures ? try format.requiring(.perpetual) : format
    }

    /// As above, for routes of one wallet's orders.
    func tradedMarket() throws(APIError) -> MarketFormat { try market().requiring(wallet.marketKind) }

    /// As `market`; nil when none is named.
    func marketIfGiven() throws(APIError) -> MarketFormat? { parameters.has("symbol") ? try market() : nil }
}

/// A command, and how its outcome is told.
struct CommandCall: Sendable {
    var command: Command
    var answer: CommandAnswer

    init(
        command: Command, orderParameter: String = "orderId", riskParameter: String? = nil,
        render: @escaping @Sendable (Outcome) -> APIResponse
    ) {
        self.command = command
        answer = CommandAnswer(orderParameter: orderParameter, riskParameter: riskParameter, render: render)
    }
}

struct CommandAnswer: Sendable {
    /// The parameter by which the client named an order, for refusals.
    var orderParameter: String
    /// The parameter that met a bound of risk, where it is not the one that the bound usually speaks of.
    var riskParameter: String?
    /// Renders what became of the command; not asked about refused ones.
    var render: @Sendable (Outcome) -> APIResponse
}

extension Wallet {
    /// Where its orders trade.
    var marketKind: MarketKind {
        switch self {
        case .spot, .margin: .spot
        case .futures: .perpetual
        }
    }
}

extension CommandCall {
    /// A command about one order of the account.
    init(
        _ command: Command, of account: AccountID, orderParameter: String = "orderId",
        answer: @escaping @Sendable (OrderOutcome) -> APIResponse
    ) {
        self.init(command: command, orderParameter: orderParameter) { outcome in
            OrderOutcome(outcome, account: account).map(answer) ?? APIResponse(.unexpected)
        }
    }
}

/// What handlers work with.
final class Services: Sendable {
    let node: Node
    let gatekeeper: Gatekeeper
    let web: WebAccess
    let exchangeInfo = ExchangeInfoCache()
    let documents: Documents

    /// `swaggerUI`: the folder with its files, where it is installed.
    init(node: Node, gatekeeper: Gatekeeper, web: WebAccess, swaggerUI: String?) {
        self.node = node
        self.gatekeeper = gatekeeper
        self.web = web
        documents = Documents(
            RouteTable.all.filter { Self.offers($0, isSandbox: node.isSandbox) }, swaggerUI: swaggerUI)
    }

    /// Whether the route is there at all.
    func offers(_ route: Route) -> Bool { Self.offers(route, isSandbox: node.isSandbox) }

    private static func offers(_ route: Route, isSandbox: Bool) -> Bool {
        if case .sandboxKey = route.access { return isSandbox }
        return true
    }
}

extension APIResponse {
    /// What `write` writes.
    static func json<E: Error>(
        status: Int = 200, capacity: Int = 512, _ write: (inout JSONWriter) throws(E) -> Void
    ) throws(E) -> APIResponse {
        var json = JSONWriter(capacity: capacity)
        try write(&json)
        return APIResponse(status: status, body: json.buffer)
    }

    static var emptyObject: APIResponse { APIResponse(body: ByteBuffer(staticString: "{}")) }
}

extension Directory {
    func format(symbol: String) throws(APIError) -> MarketFormat {
        guard let market = market(spelled: symbol), let format = MarketFormat(market, self) else {
            throw .invalidParameter("symbol", "no such market")
        }
        return format
    }

    /// Nil for a market that is not defined.
    func format(_ id: MarketID) -> MarketFormat? { market(id).flatMap { MarketFormat($0, self) } }
}
