import SyncronCore
import SyncronWire

/// An order as its parameters describe it, before anyone looks at the market: what is malformed is refused first.
///
/// Whether a number suits the market is the engine's business. Here only its form counts.
struct OrderTranslation: Sendable {
    let symbol: String
    let side: Side
    let terms: Terms
    let trigger: TriggerTerms?
    let icebergQuantity: DecimalText?
    /// In milliseconds.
    let lifetime: Int64?
    let selfTradePrevention: SelfTradePrevention
    /// The client's, or one made here.
    let clientOrderID: ClientOrderID
    let responseType: ResponseType
    /// Which wallet it draws on.
    let wallet: Wallet
    let sideEffect: SideEffect

    /// What each type asks for, as decimals.
    enum Terms: Sendable {
        case limit(price: DecimalText, quantity: DecimalText, TimeInForce)
        case limitMaker(price: DecimalText, quantity: DecimalText)
        case market(quantity: DecimalText)
        case marketByQuote(DecimalText)
    }

    struct TriggerTerms: Sendable {
        var kind: Trigger.Kind
        var stopPrice: DecimalText?
        var trailingDelta: UInt16?
    }

    init(_ parameters: Parameters, wallet: Wallet = .spot) throws(APIError) {
        self.wallet = wallet
        symbol = try parameters.text("symbol")
        side = try parameters.named("side")
        let type: OrderType = try parameters.named("type")
        for name in Self.optional where parameters.has(name) && !type.takes(name) {
            throw .invalidParameter(name, "not taken by a \(type.wireName) order")
        }
        terms = try Self.terms(type, parameters)
        trigger = try Self.trigger(type, side, parameters)
        icebergQuantity = try parameters.decimal(ifGiven: "icebergQty")
        lifetime = try parameters.integer(ifGiven: "cancelAfter", in: 1...Limits.longestCountdown)
        if case .limit(_, _, let timeInForce) = terms, timeInForce != .gtc, !type.isConditional {
            for name in ["icebergQty", "cancelAfter"] where parameters.has(name) {
                throw .invalidParameter(name, "only with timeInForce GTC")
            }
        }
        selfTradePrevention = try parameters.named(ifGiven: "selfTradePreventionMode") ?? .expireMaker
        clientOrderID = try parameters.orderName("newClientOrderId")
        responseType = try parameters.choice(ifGiven: "newOrderRespType") ?? .full
        sideEffect = wallet == .margin ? try parameters.named(ifGiven: "sideEffectType") ?? .none : .none
    }

    /// The parameters that some types take and others refuse.
    static let optional = [
        "price", "quantity", "quoteOrderQty", "timeInForce", "stopPrice", "trailingDelta", "icebergQty", "cancelAfter",
    ]

    private static func terms(_ type: OrderType, _ parameters: Parameters) throws(APIError) -> Terms {
        switch type {
        case .limit, .stopLossLimit, .takeProfitLimit:
            let timeInForce: TimeInForce = try parameters.named("timeInForce")
            let quantity = try parameters.decimal("quantity")
            return .limit(price: try parameters.decimal("price"), quantity: quantity, timeInForce)
        case .limitMaker:
            let quantity = try parameters.decimal("quantity")
            return .limitMaker(price: try parameters.decimal("price"), quantity: quantity)
        case .stopLoss, .takeProfit, .trailingStop: return .market(quantity: try parameters.decimal("quantity"))
        case .market:
            guard let quote = try parameters.decimal(ifGiven: "quoteOrderQty") else {
                return .market(quantity: try parameters.decimal("quantity"))
            }
            if parameters.has("quantity") { throw .invalidParameter("quoteOrderQty", "quantity is given too") }
            return .marketByQuote(quote)
        }
    }

    private static func trigger(
        _ type: OrderType, _ side: Side, _ parameters: Parameters
    ) throws(APIError) -> TriggerTerms? {
        let kind: Trigger.Kind
        switch type {
        case .stopLoss, .stopLossLimit: kind = .stopLoss
        case .takeProfit, .takeProfitLimit: kind = .takeProfit
        case .limit, .limitMaker, .market, .trailingStop: return nil
        }
        let bounds = Int64(Limits.trailingDeltas.lowerBound)...Int64(Limits.trailingDeltas.upperBound)
        let delta = try parameters.integer(ifGiven: "trailingDelta", in: bounds).map { UInt16($0) }
        // A purchase at market holds its stop price times its quantity.
        let needsStopPrice = delta == nil || (side == .buy && !type.hasPrice)
        let stopPrice =
            needsStopPrice ? try parameters.decimal("stopPrice") : try parameters.decimal(ifGiven: "stopPrice")
        return TriggerTerms(kind: kind, stopPrice: stopPrice, trailingDelta: delta)
    }

    /// The order in the market's own numbers.
    func order(of account: AccountID, in format: MarketFormat) -> PlaceOrder {
        let terms: OrderTerms =
            switch terms {
            case .limit(let price, let quantity, let timeInForce):
                .limit(price: format.ticks(price), quantity: format.steps(quantity), timeInForce: timeInForce)
            case .limitMaker(let price, let quantity):
                .limitMaker(price: format.ticks(price), quantity: format.steps(quantity))
            case .market(let quantity): .market(quantity: format.steps(quantity))
            case .marketByQuote(let quote): .marketByQuote(quote: format.quoteUnits(quote))
            }
        return PlaceOrder(
            account: account, market: format.market.id, wallet: wallet, side: side, terms: terms,
            selfTradePrevention: selfTradePrevention, clientOrderID: clientOrderID)
    }

    /// Nil for an order like most.
    func options(in format: MarketFormat) -> OrderOptions? {
        if trigger == nil && icebergQuantity == nil && lifetime == nil && sideEffect == .none { return nil }
        return OrderOptions(
            trigger: trigger.map {
                Trigger($0.kind, at: $0.stopPrice.map { format.ticks($0) }, trailingDelta: $0.trailingDelta)
            },
            icebergQuantity: icebergQuantity.map { format.steps($0) }, lifetime: lifetime,
            sideEffect: sideEffect)
    }

    func command(of account: AccountID, in format: MarketFormat) -> Command {
        let order = order(of: account, in: format)
        guard let options = options(in: format) else { return .placeOrder(order) }
        return .placeOrderWithOptions(OrderWithOptions(order, options))
    }
}

extension OrderType {
    /// Whether an order of this type may carry the parameter.
    func takes(_ parameter: String) -> Bool {
        switch parameter {
        case "quantity": true
        case "price": hasPrice
        case "timeInForce": hasPrice && self != .limitMaker
        case "quoteOrderQty": self == .market
        case "stopPrice", "trailingDelta": isConditional
        case "icebergQty": self == .limit || self == .limitMaker
        case "cancelAfter": self != .market
        default: false
        }
    }
}

extension Parameters {
    /// The client's name for an order, or one made here.
    func orderName(_ name: String) throws(APIError) -> ClientOrderID {
        try clientOrderID(ifGiven: name).flatMap { ClientOrderID($0) } ?? LoopShared.current.nextOrderName()
    }

    /// The order that `orderId` or `clientOrderId` (also `origClientOrderId`) names, and the parameter that did.
    func orderReference() throws(APIError) -> (OrderReference, parameter: String) {
        if has("clientOrderId") && has("origClientOrderId") {
            throw .invalidParameter("origClientOrderId", "clientOrderId is given too")
        }
        return try orderReference("orderId", has("origClientOrderId") ? "origClientOrderId" : "clientOrderId")
    }

    /// The order that one of two parameters names.
    func orderReference(
        _ idName: String, _ name: String
    ) throws(APIError) -> (OrderReference, parameter: String) {
        let id = try integer(ifGiven: idName, in: 0...Int64.max)
        let clientID = try clientOrderID(ifGiven: name).flatMap { ClientOrderID($0) }
        switch (id, clientID) {
        case (let id?, nil): return (.id(OrderID(UInt64(id))), idName)
        case (nil, let clientID?): return (.clientID(clientID), name)
        case (_?, _?): throw .invalidParameter(name, "\(idName) is given too")
        case (nil, nil): throw .missingParameter(idName)
        }
    }
}
