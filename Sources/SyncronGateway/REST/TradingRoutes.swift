import NIOCore
import SyncronCore
import SyncronHistory
import SyncronNode
import SyncronWire

/// Orders of the wallets: placing, cancelling and looking them up. Futures orders are placed elsewhere.
enum TradingRoutes {
    @Sendable static func placeOrder(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let translation = try OrderTranslation(call.parameters, wallet: call.wallet)
        let format = try call.directory.format(symbol: translation.symbol).requiring(.spot)
        return CommandCall(translation.command(of: account, in: format), of: account) { result in
            .json(capacity: 768) { $0.placement(result, format, translation.responseType) }
        }
    }

    /// `{}`, or the refusal that the order would get.
    @Sendable static func testOrder(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let translation = try OrderTranslation(call.parameters, wallet: call.wallet)
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
        let format = try call.tradedMarket()
        let command = CancelOrder(
            account: account, market: format.market.id, wallet: call.wallet, order: reference)
        return CommandCall(.cancelOrder(command), of: account, orderParameter: parameter) { result in
            .json(capacity: 768) { $0.canceledOrder(result.order, format, name: newID) }
        }
    }

    @Sendable static func order(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        try await call.requireWallet()
        let (reference, parameter) = try call.parameters.orderReference()
        let format = try call.tradedMarket()
        let (wallet, market) = (call.wallet, format.market.id)
        // An open order is the newest of its client id, because an id cannot be given again while it is open.
        let open = try await call.node.query { engine, _ -> ShownOrder? in
            engine.openOrder(of: account, wallet: wallet, market: market, reference).map { order in
                ShownOrder(order: order, terms: engine.marginTerms(of: order.id))
            }
        }
        let shown: ShownOrder? =
            if let open { open } else { try await endedOrder(reference, account, wallet, market, call.node) }
        guard let shown else { throw APIError.invalidParameter(parameter, "no such order", status: 404) }
        return .json(capacity: 768) { $0.order(shown.order, format, terms: shown.terms) }
    }

    private static func endedOrder(
        _ reference: OrderReference, _ account: AccountID, _ wallet: Wallet, _ market: MarketID, _ node: Node
    ) async throws -> ShownOrder? {
        // What an order of the margin wallet has beyond its terms is only to be found where it is stored.
        if wallet != .margin,
            let pending = node.history.pendingOrder(of: account, wallet: wallet, market: market, reference)
        {
            return ShownOrder(order: pending, terms: nil)
        }
        return try await node.history.read { view in
            let order: OrderState?
            switch reference {
            case .clientID(let clientID):
                order = try view.order(of: account, wallet: wallet, market: market, clientID: clientID)
            case .id(let id):
                let found = try view.order(id)
                let isTheirs = found?.account == account && found?.market == market && found?.wallet == wallet
                order = isTheirs ? found : nil
            }
            return try order.map { try ShownOrder($0, in: view) }
        }
    }

    @Sendable static func openOrders(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        try await call.requireWallet()
        let format = try call.marketIfGiven()?.requiring(call.wallet.marketKind)
        let (wallet, market) = (call.wallet, format?.market.id)
        let orders = try await call.node.query { engine, _ in
            engine.openOrders(of: account, wallet: wallet, market: market).map { order in
                ShownOrder(order: order, terms: engine.marginTerms(of: order.id))
            }
        }
        return .orders(orders, call.directory)
    }

    /// In every status, newest first.
    @Sendable static func allOrders(_ call: Call) async throws -> APIResponse {
        try await call.requireWallet()
        let account = try call.account().id
        let format = try call.tradedMarket()
        let span = try call.parameters.timeSpan()
        let first = try call.parameters.integer(ifGiven: "orderId", in: 0...Int64.max)
        var query = OrderQuery(
            account: account, wallet: call.wallet, market: format.market.id,
            limit: Int(try call.parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 500))
        query.firstID = first.map { OrderID(UInt64($0)) }
        query.rowOrder = .window(hasFirst: first != nil)
        query.startTime = span.start
        query.endTime = span.end
        let orders = try await call.node.history.read { [query] view in
            try view.orders(query).map { try ShownOrder($0, in: view) }
        }
        return .orders(query.rowOrder.newestFirst(orders), call.directory)
    }
}

/// An order, and what one of the margin wallet has beyond its terms.
struct ShownOrder: Sendable {
    var order: OrderState
    var terms: MarginOrderTerms?
}

extension ShownOrder {
    /// With what the history has stored of it.
    init(_ order: OrderState, in view: HistoryView) throws {
        self.init(order: order, terms: order.wallet == .margin ? try view.marginTerms(of: order.id) : nil)
    }
}

extension Call {
    /// That the account has the wallet which the route deals with: the margin wallet is opened by the first transfer
    /// into it.
    func requireWallet() async throws {
        if wallet == .margin { _ = try await marginReading() }
    }

    /// The account's margin wallet as it stands.
    func marginReading() async throws -> MarginReading {
        let account = try account().id
        let reading = try await node.query { engine, _ in engine.marginReading(of: account) }
        guard let reading else { throw APIError.margin(.noAccount) }
        return reading
    }
}

extension JSONWriter {
    /// What became of a placement, as much as the client asked for.
    mutating func placement(_ result: OrderOutcome, _ format: MarketFormat, _ type: ResponseType) {
        switch type {
        case .acknowledgement: acknowledgement(result.order, format)
        case .result: order(result.order, format, terms: result.terms)
        case .full: order(result, format)
        }
    }

    /// An order with its fills.
    mutating func order(_ result: OrderOutcome, _ format: MarketFormat) {
        order(result.order, format, terms: result.terms) { json in
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
    static func orders(_ orders: [ShownOrder], _ directory: Directory) -> APIResponse {
        .json(capacity: 64 + 640 * orders.count) { json in
            var format: MarketFormat?
            json.beginArray()
            for shown in orders {
                let market = shown.order.market
                if format?.market.id != market { format = directory.format(market) }
                if let format { json.order(shown.order, format, terms: shown.terms) }
            }
            json.endArray()
        }
    }
}
