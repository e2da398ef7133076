import SyncronCore
import SyncronWire

/// The types of futures orders, by the words that clients use.
enum FuturesOrderType: String, Sendable, CaseIterable {
    case limit = "LIMIT"
    case market = "MARKET"
    case stop = "STOP"
    case stopMarket = "STOP_MARKET"
    case takeProfit = "TAKE_PROFIT"
    case takeProfitMarket = "TAKE_PROFIT_MARKET"
    case trailingStopMarket = "TRAILING_STOP_MARKET"

    init(_ type: OrderType) {
        switch type {
        case .limit, .limitMaker: self = .limit
        case .market: self = .market
        case .stopLoss: self = .stopMarket
        case .stopLossLimit: self = .stop
        case .takeProfit: self = .takeProfitMarket
        case .takeProfitLimit: self = .takeProfit
        case .trailingStop: self = .trailingStopMarket
        }
    }

    private var hasPrice: Bool { self == .limit || self == .stop || self == .takeProfit }
    private var isConditional: Bool { self != .limit && self != .market }

    /// Whether an order of this type may carry the parameter.
    fileprivate func takes(_ parameter: String) -> Bool {
        switch parameter {
        case "quantity", "cancelAfter", "workingType", "priceProtect": true
        case "price", "timeInForce": hasPrice
        case "stopPrice": isConditional && self != .trailingStopMarket
        case "activationPrice", "callbackRate": self == .trailingStopMarket
        default: false
        }
    }
}

/// A futures order as its parameters describe it, before anyone looks at the market.
struct FuturesOrderTranslation: Sendable {
    let symbol: String
    let responseType: ResponseType
    private let side: Side
    private let terms: Terms
    private let trigger: TriggerTerms?
    private let positionSide: PositionSide
    private let reduceOnly: Bool
    private let closePosition: Bool
    private let selfTradePrevention: SelfTradePrevention
    private let clientOrderID: ClientOrderID
    private let lifetime: Int64?

    private enum Terms: Sendable {
        case limit(price: DecimalText, quantity: DecimalText, TimeInForce)
        /// Nil for the whole position.
        case market(quantity: DecimalText?)
    }

    private struct TriggerTerms: Sendable {
        var kind: FuturesTrigger.Kind
        /// Nil of a trailing order that trails at once.
        var price: DecimalText?
        /// In basis points.
        var callback: UInt16
        var workingType: WorkingType
        var isProtected: Bool
    }

    /// The parameters that some types take and others refuse, and those that no futures order takes.
    static let optional = [
        "price", "quantity", "timeInForce", "stopPrice", "activationPrice", "callbackRate", "workingType",
        "priceProtect", "quoteOrderQty", "trailingDelta", "icebergQty", "cancelAfter",
    ]

    init(_ parameters: Parameters) throws(APIError) {
        symbol = try parameters.text("symbol")
        side = try parameters.named("side")
        let type: FuturesOrderType = try parameters.choice("type")
        for name in Self.optional where parameters.has(name) && !type.takes(name) {
            throw .invalidParameter(name, "not taken by a \(type.rawValue) order")
        }
        closePosition = try parameters.boolean(ifGiven: "closePosition") ?? false
        if closePosition {
            guard type == .stopMarket || type == .takeProfitMarket else {
                throw .invalidParameter("closePosition", "not taken by a \(type.rawValue) order")
            }
            if parameters.has("quantity") { throw .invalidParameter("quantity", "closePosition is given too") }
        }
        terms = try Self.terms(type, closesPosition: closePosition, parameters)
        trigger = try Self.trigger(type, parameters)
        positionSide = try parameters.named(ifGiven: "positionSide") ?? .both
        reduceOnly = try parameters.boolean(ifGiven: "reduceOnly") ?? false
        selfTradePrevention = try parameters.named(ifGiven: "selfTradePreventionMode") ?? .expireMaker
        clientOrderID = try parameters.orderName("newClientOrderId")
        lifetime = try parameters.integer(ifGiven: "cancelAfter", in: 1...Limits.longestCountdown)
        responseType = try parameters.choice(ifGiven: "newOrderRespType") ?? .full
    }

    private static func terms(
        _ type: FuturesOrderType, closesPosition: Bool, _ parameters: Parameters
    ) throws(APIError) -> Terms {
        switch type {
        case .limit, .stop, .takeProfit:
            let timeInForce = try timeInForce(parameters)
            if timeInForce == nil && type == .limit { throw .missingParameter("timeInForce") }
            let quantity = try parameters.decimal("quantity")
            return .limit(price: try parameters.decimal("price"), quantity: quantity, timeInForce ?? .gtc)
        case .market, .stopMarket, .takeProfitMarket, .trailingStopMarket:
            return .market(quantity: closesPosition ? nil : try parameters.decimal("quantity"))
        }
    }

    private static func timeInForce(_ parameters: Parameters) throws(APIError) -> TimeInForce? {
        guard let word = try parameters.text(ifGiven: "timeInForce") else { return nil }
        guard let found = TimeInForce.futuresChoices.first(where: { $0.wireName == word }) else {
            throw .invalidParameter(
                "timeInForce", "one of " + TimeInForce.futuresChoices.map(\.wireName).joined(separator: ", "))
        }
        return found
    }

    private static func trigger(_ type: FuturesOrderType, _ parameters: Parameters) throws(APIError) -> TriggerTerms? {
        let workingType: WorkingType = try parameters.named(ifGiven: "workingType") ?? .contractPrice
        let isProtected = try parameters.boolean(ifGiven: "priceProtect") ?? false
        let kind: FuturesTrigger.Kind
        switch type {
        case .limit, .market: return nil
        case .stop, .stopMarket: kind = .stop
        case .takeProfit, .takeProfitMarket: kind = .takeProfit
        case .trailingStopMarket: kind = .trailing
        }
        let isTrailing = kind == .trailing
        let price =
            isTrailing
            ? try parameters.decimal(ifGiven: "activationPrice") : try parameters.decimal("stopPrice")
        if isTrailing, let price, price.mantissa == 0 {
            throw .invalidParameter("activationPrice", "must be above zero")
        }
        // Percent with two decimals are basis points.
        let callback = isTrailing ? try parameters.percentage("callbackRate", decimals: 2) : 0
        return TriggerTerms(
            kind: kind, price: price, callback: UInt16(clamping: callback),
            workingType: workingType, isProtected: isProtected)
    }

    /// The order in the market's own numbers.
    func order(of account: AccountID, in format: MarketFormat) -> PlaceFuturesOrder {
        let terms: OrderTerms =
            switch terms {
            case .limit(let price, let quantity, let timeInForce):
                .limit(price: format.ticks(price), quantity: format.steps(quantity), timeInForce: timeInForce)
            case .market(let quantity): .market(quantity: quantity.map { format.steps($0) } ?? .zero)
            }
        let order = PlaceOrder(
            account: account, market: format.market.id, wallet: .futures, side: side, terms: terms,
            selfTradePrevention: selfTradePrevention, clientOrderID: clientOrderID)
        return PlaceFuturesOrder(
            order, positionSide: positionSide, reduceOnly: reduceOnly, closePosition: closePosition,
            trigger: trigger.map {
                FuturesTrigger(
                    $0.kind, at: $0.price.map { format.ticks($0) } ?? .zero, callback: $0.callback,
                    workingType: $0.workingType, isProtected: $0.isProtected)
            }, lifetime: lifetime)
    }
}

extension TimeInForce {
    /// Those of futures.
    static var futuresChoices: [TimeInForce] { [.gtc, .ioc, .fok, .gtx] }
}

extension PositionSide: WireNamed {
    var wireName: String {
        switch self {
        case .both: "BOTH"
        case .long: "LONG"
        case .short: "SHORT"
        }
    }

    static var choices: [PositionSide] { [.both, .long, .short] }
}

extension MarginType: WireNamed {
    var wireName: String {
        switch self {
        case .crossed: "CROSSED"
        case .isolated: "ISOLATED"
        }
    }

    static var choices: [MarginType] { [.crossed, .isolated] }
}

extension WorkingType: WireNamed {
    var wireName: String {
        switch self {
        case .contractPrice: "CONTRACT_PRICE"
        case .markPrice: "MARK_PRICE"
        }
    }

    static var choices: [WorkingType] { [.contractPrice, .markPrice] }
}
