import SyncronCore
import SyncronWire

/// An order as its parameters describe it, before anyone looks at the market: what is malformed is refused first.
///
/// Whether a number suits the market is the engine's business. Here only its form counts.
struct OrderTranslation: Sendable {
    let symbol: String
    let side: Side
    let terms: Terms
    let selfTradePrevention: SelfTradePrevention
    /// The client's, or one made here.
    let clientOrderID: ClientOrderID
    let responseType: ResponseType

    /// What each type asks for, as decimals.
    enum Terms: Sendable {
        case limit(price: DecimalText, quantity: DecimalText, TimeInForce)
        case limitMaker(price: DecimalText, quantity: DecimalText)
        case market(quantity: DecimalText)
        case marketByQuote(DecimalText)
    }

    init(_ parameters: Parameters) throws(APIError) {
        symbol = try parameters.text("symbol")
        side = try parameters.named("side")
        let type: OrderType = try parameters.named("type")
        for name in Self.optional where parameters.has(name) && !type.takes(name) {
            throw .invalidParameter(name, "not taken by a \(type.wireName) order")
        }
        terms = try Self.terms(type, parameters)
        selfTradePrevention = try parameters.named(ifGiven: "selfTradePreventionMode") ?? .expireMaker
        let given = try parameters.clientOrderID(ifGiven: "newClientOrderId")
        clientOrderID = given.flatMap { ClientOrderID($0) } ?? LoopShared.current.nextOrderName()
        responseType = try parameters.choice(ifGiven: "newOrderRespType") ?? .full
    }

    /// The parameters that some types take and others refuse.
    static let optional = [
        "price", "quantity", "quoteOrderQty", "timeInForce", "stopPrice", "trailingDelta", "icebergQty", "cancelAfter",
    ]

    private static func terms(_ type: OrderType, _ parameters: Parameters) throws(APIError) -> Terms {
        switch type {
        case .limit:
            let timeInForce: TimeInForce = try parameters.named("timeInForce")
            let quantity = try parameters.decimal("quantity")
            return .limit(price: try parameters.decimal("price"), quantity: quantity, timeInForce)
        case .limitMaker:
            let quantity = try parameters.decimal("quantity")
            return .limitMaker(price: try parameters.decimal("price"), quantity: quantity)
        case .market:
            guard let quote = try parameters.decimal(ifGiven: "quoteOrderQty") else {
                return .market(quantity: try parameters.decimal("quantity"))
            }
            if parameters.has("quantity") { throw .invalidParameter("quoteOrderQty", "quantity is given too") }
            return .marketByQuote(quote)
        }
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
            account: account, market: format.market.id, side: side, terms: terms,
            selfTradePrevention: selfTradePrevention, clientOrderID: clientOrderID)
    }
}

extension OrderType {
    /// Whether an order of this type may carry the parameter.
    func takes(_ parameter: String) -> Bool {
        switch (self, parameter) {
        case (.limit, "price"), (.limit, "quantity"), (.limit, "timeInForce"): true
        case (.limitMaker, "price"), (.limitMaker, "quantity"): true
        case (.market, "quantity"), (.market, "quoteOrderQty"): true
        default: false
        }
    }
}

extension Parameters {
    /// The order that `orderId` or `clientOrderId` (also `origClientOrderId`) names, and the parameter that did.
    func orderReference() throws(APIError) -> (OrderReference, parameter: String) {
        let id = try integer(ifGiven: "orderId", in: 0...Int64.max)
        if has("clientOrderId") && has("origClientOrderId") {
            throw .invalidParameter("origClientOrderId", "clientOrderId is given too")
        }
        let name = has("origClientOrderId") ? "origClientOrderId" : "clientOrderId"
        let clientID = try clientOrderID(ifGiven: name).flatMap { ClientOrderID($0) }
        switch (id, clientID) {
        case (let id?, nil): return (.id(OrderID(UInt64(id))), "orderId")
        case (nil, let clientID?): return (.clientID(clientID), name)
        case (_?, _?): throw .invalidParameter(name, "orderId is given too")
        case (nil, nil): throw .missingParameter("orderId")
        }
    }
}
