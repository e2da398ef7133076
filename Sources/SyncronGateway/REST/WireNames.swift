import SyncronCore
import SyncronWire

/// A value of the core that the API knows by a word.
protocol WireNamed {
    var wireName: String { get }
    /// Every value that may be asked for.
    static var choices: [Self] { get }
}

extension Parameters {
    /// The value of that word, exactly as it is written.
    func named<T: WireNamed>(_ name: String, as type: T.Type = T.self) throws(APIError) -> T {
        guard let value = try named(ifGiven: name, as: type) else { throw .missingParameter(name) }
        return value
    }

    func named<T: WireNamed>(ifGiven name: String, as type: T.Type = T.self) throws(APIError) -> T? {
        guard let text = try text(ifGiven: name) else { return nil }
        guard let value = T.choices.first(where: { $0.wireName == text }) else {
            throw .invalidParameter(name, "one of " + T.choices.map(\.wireName).joined(separator: ", "))
        }
        return value
    }
}

extension Side: WireNamed {
    var wireName: String {
        switch self {
        case .buy: "BUY"
        case .sell: "SELL"
        }
    }

    static var choices: [Side] { [.buy, .sell] }
}

extension OrderType: WireNamed {
    var wireName: String {
        switch self {
        case .limit: "LIMIT"
        case .market: "MARKET"
        case .limitMaker: "LIMIT_MAKER"
        case .stopLoss: "STOP_LOSS"
        case .stopLossLimit: "STOP_LOSS_LIMIT"
        case .takeProfit: "TAKE_PROFIT"
        case .takeProfitLimit: "TAKE_PROFIT_LIMIT"
        case .trailingStop: "TRAILING_STOP_MARKET"
        }
    }

    /// Those of spot and margin.
    static var choices: [OrderType] {
        [.limit, .limitMaker, .market, .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit]
    }
}

extension TimeInForce: WireNamed {
    var wireName: String {
        switch self {
        case .gtc: "GTC"
        case .ioc: "IOC"
        case .fok: "FOK"
        case .gtx: "GTX"
        }
    }

    /// Those of spot and margin.
    static var choices: [TimeInForce] { [.gtc, .ioc, .fok] }
}

extension SelfTradePrevention: WireNamed {
    var wireName: String {
        switch self {
        case .none: "NONE"
        case .expireTaker: "EXPIRE_TAKER"
        case .expireMaker: "EXPIRE_MAKER"
        case .expireBoth: "EXPIRE_BOTH"
        }
    }

    static var choices: [SelfTradePrevention] { [.none, .expireTaker, .expireMaker, .expireBoth] }
}

extension OrderStatus {
    var wireName: String {
        switch self {
        case .new: "NEW"
        case .partiallyFilled: "PARTIALLY_FILLED"
        case .filled: "FILLED"
        case .canceled: "CANCELED"
        case .expired: "EXPIRED"
        case .expiredInMatch: "EXPIRED_IN_MATCH"
        case .pendingTrigger: "PENDING_TRIGGER"
        }
    }
}

extension MarketStatus: WireNamed {
    var wireName: String {
        switch self {
        case .trading: "TRADING"
        case .halt: "HALT"
        case .cancelOnly: "CANCEL_ONLY"
        case .break: "BREAK"
        }
    }

    static var choices: [MarketStatus] { [.trading, .halt, .cancelOnly, .break] }
}

extension AccountLevel: WireNamed {
    var wireName: String {
        switch self {
        case .standard: "Standard"
        case .silver: "Silver"
        case .gold: "Gold"
        case .platinum: "Platinum"
        case .vip: "VIP"
        }
    }

    static var choices: [AccountLevel] { allCases }
}

extension Permissions {
    /// Each permission by its word, in the order in which they are shown.
    static let words: [(word: String, permission: Permissions)] = [
        ("read", .read), ("trade", .trade), ("withdraw", .withdraw), ("transfer", .transfer),
    ]
}

/// How much an order's answer says.
enum ResponseType: String, Sendable {
    case acknowledgement = "ACK"
    case result = "RESULT"
    case full = "FULL"
}
