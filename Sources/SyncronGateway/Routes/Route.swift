import SyncronCore
import SyncronWire

/// One way to ask for something: everything about it but its handler's inside.
final class Route: Sendable {
    let method: Method
    let path: String
    let group: RouteGroup
    let weight: Weight
    let access: Access
    let orderRate: OrderRate
    /// One line for a reader of the documents.
    let summary: String
    let handler: Handler

    init(
        _ method: Method, _ path: String, _ group: RouteGroup, weight: Weight = 1, _ access: Access,
        orderRate: OrderRate = .none, _ summary: String, _ handler: Handler
    ) {
        self.method = method
        self.path = path
        self.group = group
        self.weight = weight
        self.access = access
        self.orderRate = orderRate
        self.summary = summary
        self.handler = handler
    }

    enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// Who may use a route.
    enum Access: Sendable, Hashable {
        /// Everyone; not counted against any limit.
        case operations
        /// Everyone. A known key pays for its account, everyone else for the address.
        case anyone
        /// A signed request of a key with any of these permissions.
        case key(Permissions)
        /// Someone who is logged in.
        case session
        /// As `key`, and only where test money may be made.
        case sandboxKey(Permissions)
    }

    /// What a route has to do with the order rate.
    enum OrderRate: Sendable, Hashable {
        case none
        /// Its answers say where the account stands.
        case shown
        /// It places or amends one order.
        case counted
    }

    /// How a route answers.
    enum Handler: Sendable {
        /// At once, on the connection's event loop.
        case immediate(@Sendable (Call) throws(APIError) -> APIResponse)
        /// Later, from a task of its own.
        case suspending(@Sendable (Call) async throws -> APIResponse)
        /// By one command, answered from its outcome without a task.
        case command(@Sendable (Call) throws(APIError) -> CommandCall)
    }
}

/// Routes with counters of their own.
enum RouteGroup: UInt8, Sendable, CaseIterable {
    case market, account, trading, margin, futures

    /// The wallet whose orders its routes deal with.
    var wallet: Wallet {
        switch self {
        case .margin: .margin
        case .futures: .futures
        case .market, .account, .trading: .spot
        }
    }

    /// The group whose counters pay for a path that leads nowhere.
    init(path: String) {
        if path.hasPrefix("/v1/trading/") {
            self = .trading
        } else if path.hasPrefix("/v1/auth/") || path.hasPrefix("/v1/user/") || path.hasPrefix("/v1/account/")
            || path.hasPrefix("/v1/userDataStream")
        {
            self = .account
        } else if path.hasPrefix("/api/v3/margin/") || path.hasPrefix("/v1/api/v3/margin/") {
            self = .margin
        } else {
            self = path.hasPrefix("/v1/futures/") ? .futures : .market
        }
    }
}

/// What a request counts against its group's limit.
enum Weight: Sendable, Hashable, ExpressibleByIntegerLiteral {
    case fixed(UInt32)
    /// One figure for a single symbol, another for all of them.
    case bySymbol(one: UInt32, all: UInt32)
    /// By the number of price levels asked for.
    case byDepth

    init(integerLiteral value: UInt32) { self = .fixed(value) }

    /// A parameter that is wrong costs what its absence would: the request is refused anyway.
    func of(_ parameters: Parameters?) -> UInt32 {
        switch self {
        case .fixed(let weight): return weight
        case .bySymbol(let one, let all): return parameters?.has("symbol") == true ? one : all
        case .byDepth:
            switch (try? parameters?.integer(ifGiven: "limit", in: 1...5_000)) ?? 100 {
            case ...100: return 1
            case ...500: return 5
            case ...1_000: return 10
            default: return 50
            }
        }
    }
}
