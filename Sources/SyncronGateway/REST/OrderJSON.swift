import SyncronCore
import SyncronNode
import SyncronWire

extension JSONWriter {
    /// An order as all answers about one show it.
    ///
    /// - Parameters:
    ///   - terms: what is known of an order of the margin wallet; nil for nothing.
    ///   - fills: writes them at its end.
    mutating func order(
        _ order: OrderState, _ format: MarketFormat, terms: MarginOrderTerms? = nil,
        fills: ((inout JSONWriter) -> Void)? = nil
    ) {
        beginObject()
        orderFields(order, format, name: order.clientOrderID)
        if order.wallet == .margin { marginFields(terms ?? .none(of: order, format), format) }
        if order.wallet == .futures { futuresFields(order, format) }
        if let fills, order.wallet != .futures {
            key("fills")
            beginArray()
            fills(&self)
            endArray()
        }
        endObject()
    }

    /// An order that its owner took back, and what the cancel is called; nil for the order's own name.
    mutating func canceledOrder(_ order: OrderState, _ format: MarketFormat, name: ClientOrderID? = nil) {
        beginObject()
        orderFields(order, format, name: name ?? order.clientOrderID)
        if order.wallet == .margin { field("origClientOrderId", order.clientOrderID.text) }
        if order.wallet == .futures { futuresFields(order, format) }
        endObject()
    }

    private mutating func orderFields(_ order: OrderState, _ format: MarketFormat, name: ClientOrderID) {
        field("orderId", order.id.raw)
        field("symbol", format.market.symbol)
        field("status", order.status.wireName)
        field("clientOrderId", name.text)
        field("price", price: order.price, format)
        field("origQty", quantity: order.quantity, format)
        field("executedQty", quantity: order.executed, format)
        field("type", order.typeName)
        field("side", order.side.wireName)
        field("timeInForce", order.timeInForce.wireName)
        field("transactTime", order.updatedAt.milliseconds)
        field("cummulativeQuoteQty", notional: order.executedNotional, format)
        field(
            "avgPrice", fixed: format.averagePrice(order.executedNotional, order.executed),
            decimals: format.priceDecimals)
        // A trailing order of futures has an activationPrice instead.
        field("stopPrice", price: order.type == .trailingStop ? .zero : order.stopPrice, format)
        if order.wallet != .futures { field("icebergQty", quantity: order.icebergQuantity, format) }
        field("origQuoteOrderQty", notional: order.quoteQuantity, format)
        field("time", order.createdAt.milliseconds)
        field("updateTime", order.updatedAt.milliseconds)
        field("isWorking", order.status != .pendingTrigger)
        field("selfTradePreventionMode", order.selfTradePrevention.wireName)
    }

    mutating func fill(_ fill: OrderFill, _ format: MarketFormat) {
        let asset = format.asset(fill.commissionAsset)
        beginObject()
        field("price", price: fill.price, format)
        field("qty", quantity: fill.quantity, format)
        field("commission", amount: fill.commission, of: asset)
        field("commissionAsset", asset.name)
        field("tradeId", fill.trade.raw)
        endObject()
    }
}

extension OrderState {
    /// Its type by the word that clients of its wallet use.
    var typeName: String { wallet == .futures ? FuturesOrderType(type).rawValue : type.wireName }
}

/// What became of one order by one command.
struct OrderOutcome {
    /// As it stood when its own part of the command was over.
    let order: OrderState
    private let events: ArraySlice<Event>

    /// Nil when no order of that account was accepted or ended by the command.
    init?(_ outcome: Outcome, account: AccountID) {
        events = outcome.events.prefix { !$0.endsAnswer }
        var found: OrderState?
        for event in events {
            if case .orderAmended(let order) = event, found == nil, order.account == account { found = order }
            if case .orderAccepted(let order) = event, found == nil, order.account == account { found = order }
            if case .orderFilled(let fill) = event, fill.order.id == found?.id { found = fill.order }
            if case .orderEnded(let end) = event,
                found == nil ? end.order.account == account : end.order.id == found?.id
            {
                found = end.order
            }
        }
        guard let found else { return nil }
        order = found
    }

    /// What the order has beyond its terms; nil for nothing, and of orders that were there before.
    var terms: MarginOrderTerms? {
        for case .marginOrderPlaced(let terms) in events where terms.order == order.id { return terms }
        return nil
    }

    /// The order's fills, in the order in which they happened.
    func forEachFill(_ body: (OrderFill) -> Void) {
        for case .orderFilled(let fill) in events where fill.order.id == order.id { body(fill) }
    }
}

extension Event {
    /// What the triggers do that an order's trades fire, and a liquidation that follows, come after the answer to it.
    fileprivate var endsAnswer: Bool {
        if case .orderTriggered = self { return true }
        if case .marginStatusChanged = self { return true }
        return false
    }
}
