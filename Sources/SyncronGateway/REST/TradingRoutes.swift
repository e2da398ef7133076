import NIOCore
import SyncronCore
import SyncronHistory
import SyncronNode
import SyncronWire

/// Spot orders: placing, cancelling and looking them up.
enum TradingRoutes {
    @Sendable static func placeOrder(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let translation = try OrderTranslation(call.parameters)
        let format = try call.directory.format(symbol: translation.symbol).requiring(.spot)
        return CommandCall(translation.command(of: account, in: format), of: account) { result in
            .json(capacity: 768) { $0.placement(result, format, translation.responseType) }
        }
    }

    /// `{}`, or the refusal that the order would get.
    @Sendable static func testOrder(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let translation = try OrderTranslation(call.parameters)
        let format = try call.directory.format(symbol: translation.symbol).requiring(.spot)
        let order = translation.order(of: account, in: format)
        let options = translation.options(in: format)
        let rejection = try await call.node.query { engine, now in engine.check(order, options, at: now) }
        if let rejection { throw RefusalTable(directory: call.directory).error(for: rejection) }
        return .emptyObject
    }

    @Sendable static func cancelOrder(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let (reference, parameter) = try call.parameters.orderReference()
        let newID = try call.parameters.clientOrderID(ifGiven: "newClientOrderId").flatMap { ClientOrderID($0) }
        let format = try call.spotMarket()
        let command = CancelOrder(account: account, market: format.market.id, order: reference)
        return CommandCall(.cancelOrder(command), of: account, orderParameter: parameter) { result in
            .json(capacity: 768) { $0.order(result.order, format, clientOrderID: newID) }
        }
    }

    @Sendable static func order(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let (reference, parameter) = try call.parameters.orderReference()
        let format = try call.spotMarket()
        let market = format.market.id
        // An open order is the newest of its client id, because an id cannot be given again while it is open.
        let open = try await call.node.query { engine, _ in
            engine.openOrder(of: account, wallet: .spot, market: market, reference)
        }
        let order: OrderState? =
            if let open { open } else { try await endedOrder(reference, account, market, call.node) }
        guard let order else { throw APIError.invalidParameter(parameter, "no such order", status: 404) }
        return .json(capacity: 768) { $0.order(order, format) }
    }

    private static func endedOrder(
        _ reference: OrderReference, _ account: AccountID, _ market: MarketID, _ node: Node
    ) async throws -> OrderState? {
        if let pending = node.history.pendingOrder(of: account, market: market, reference) { return pending }
        return try await node.history.read { view in
            switch reference {
            case .clientID(let clientID): return try view.order(of: account, market: market, clientID: clientID)
            case .id(let id):
                let order = try view.order(id)
                let isTheirs = order?.account == account && order?.market == market && order?.wallet == .spot
                return isTheirs ? order : nil
            }
        }
    }

    @Sendable static func openOrders(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let format = try call.marketIfGiven()?.requiring(.spot)
        let market = format?.market.id
        let orders = try await call.node.query { engine, _ in
            engine.openOrders(of: account, wallet: .spot, market: market)
        }
        return .orders(orders, call.directory)
    }

    /// In every status, newest first.
    @Sendable static func allOrders(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let format = try call.spotMarket()
        let span = try call.parameters.timeSpan()
        let first = try call.parameters.integer(ifGiven: "orderId", in: 0...Int64.max)
        var query = OrderQuery(
            account: account, market: format.market.id,
            limit: Int(try call.parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 500))
        query.firstID = first.map { OrderID(UInt64($0)) }
        query.startTime = span.start
        query.endTime = span.end
        let orders = try await call.node.history.read { [query] in try $0.orders(query) }
        return .orders(orders, call.directory)
    }
}

extension JSONWriter {
    /// What became of a placement, as much as the client asked for.
    mutating func placement(_ result: OrderOutcome, _ format: MarketFormat, _ type: ResponseType) {
        switch type {
        case .acknowledgement: acknowledgement(result.order, format)
        case .result: order(result.order, format)
        case .full: order(result, format)
        }
    }

    /// An order with its fills.
    mutating func order(_ result: OrderOutcome, _ format: MarketFormat) {
        order(result.order, format) { json in
            result.forEachFill { json.fill($0, format) }
        }
    }

    private mutating func acknowledgement(_ order: OrderState, _ format: MarketFormat) {
        beginObject()
        field("orderId", order.id.raw)
        field("symbol", format.market.symbol)
        field("clientOrderId", order.clientOrderID.text)
        field("transactTime", order.updatedAt.milliseconds)
        endObject()
    }
}

extension APIResponse {
    /// Orders of any markets.
    static func orders(_ orders: [OrderState], _ directory: Directory) -> APIResponse {
        .json(capacity: 64 + 640 * orders.count) { json in
            var format: MarketFormat?
            json.beginArray()
            for order in orders {
                if format?.market.id != order.market { format = directory.format(order.market) }
                if let format { json.order(order, format) }
            }
            json.endArray()
        }
    }
}
