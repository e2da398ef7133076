import SyncronCore
import SyncronSimulator

/// A twin with one market in which a step costs its price in whole units and nothing is charged, so that figures can
/// be worked out in the head. Five accounts have 1,000 of the base and 100,000 of the quote asset.
struct NaiveStage {
    var naive = NaiveExchange()
    var time: Int64 = 1_000
    static let base = AssetID(0)
    static let quote = AssetID(1)
    private var market: Market

    init(_ change: (inout Filters) -> Void = { _ in }) {
        let network = [Network(name: "N", withdrawalFee: .zero)]
        let base = Asset(id: Self.base, name: "BASE", decimals: 0, networks: network)
        let quote = Asset(id: Self.quote, name: "QUOTE", decimals: 0, networks: network)
        var filters = Filters(
            minPrice: Ticks(1), maxPrice: Ticks(10_000), minQuantity: Steps(1), maxQuantity: Steps(1_000),
            minMarketQuantity: Steps(1), maxMarketQuantity: Steps(1_000), minNotional: .zero, maxNotional: nil,
            percentPrice: nil)
        change(&filters)
        market = Market(
            id: MarketID(0), symbol: "BASE-QUOTE", base: base.id, quote: quote.id, kind: .spot, status: .trading,
            pricePrecision: 0, quantityPrecision: 0, tickSize: 1, stepSize: 1, filters: filters,
            commissions: (0..<CommissionRates.tiers).map { _ in CommissionRates(maker: .zero, taker: .zero) })
        perform(.begin(Genesis(hasSandbox: false)))
        perform(.defineAsset(base))
        perform(.defineAsset(quote))
        perform(.defineMarket(market))
        for account in 1...UInt32(5) {
            perform(.openAccount(OpenAccount()))
            for (asset, amount) in [(base, Int128(1_000)), (quote, 100_000)] {
                let deposit = RecordDeposit(
                    account: AccountID(account), asset: asset.id, network: "N", amount: Units(amount), txID: "1")
                perform(.recordDeposit(deposit))
            }
        }
    }

    /// What the command caused, but for balances, a line each; a broken invariant is one more.
    @discardableResult
    mutating func perform(_ command: Command) -> [String] {
        let events = naive.apply(command, at: Timestamp(milliseconds: time)) ?? []
        return events.compactMap(line) + [naive.brokenInvariant].compactMap(\.self)
    }

    @discardableResult
    mutating func place(
        _ account: UInt32, _ side: Side, _ terms: OrderTerms, _ options: OrderOptions = OrderOptions(),
        _ prevention: SelfTradePrevention = .expireMaker, name: String = ""
    ) -> [String] {
        let order = PlaceOrder(
            account: AccountID(account), market: market.id, side: side, terms: terms,
            selfTradePrevention: prevention, clientOrderID: ClientOrderID(name) ?? .none)
        return perform(.placeOrderWithOptions(OrderWithOptions(order, options)))
    }

    @discardableResult
    mutating func list(
        _ account: UInt32, _ side: Side, _ quantity: Int64, at limit: Int64, stop: Int64, stopLimit: Int64? = nil,
        _ timeInForce: TimeInForce = .gtc, names: (String, String) = ("", "")
    ) -> [String] {
        perform(
            .placeOrderList(
                PlaceOrderList(
                    account: AccountID(account), market: market.id, side: side, quantity: Steps(quantity),
                    limitPrice: Ticks(limit), stopPrice: Ticks(stop),
                    stopLimit: stopLimit.map { .init(price: Ticks($0), timeInForce: timeInForce) },
                    limitClientOrderID: ClientOrderID(names.0) ?? .none,
                    stopClientOrderID: ClientOrderID(names.1) ?? .none)))
    }

    @discardableResult
    mutating func amend(_ account: UInt32, _ id: UInt64, price: Int64? = nil, quantity: Int64? = nil) -> [String] {
        perform(
            .amendOrder(
                AmendOrder(
                    account: AccountID(account), market: market.id, order: .id(OrderID(id)),
                    price: price.map { Ticks($0) }, quantity: quantity.map { Steps($0) })))
    }

    @discardableResult
    mutating func cancel(_ account: UInt32, _ id: UInt64) -> [String] {
        perform(.cancelOrder(CancelOrder(account: AccountID(account), market: market.id, order: .id(OrderID(id)))))
    }

    @discardableResult
    mutating func tick(at time: Int64) -> [String] {
        self.time = time
        return perform(.tick)
    }

    /// A step changes hands between accounts 4 and 5 at the price, where nothing else may stand.
    @discardableResult
    mutating func trade(at price: Int64) -> [String] {
        place(4, .sell, .limit(price: Ticks(price), quantity: Steps(1), timeInForce: .gtc))
        return Array(
            place(5, .buy, .limit(price: Ticks(price), quantity: Steps(1), timeInForce: .gtc)).dropFirst(5))
    }

    func funds(_ account: UInt32, _ asset: AssetID) -> [Int128] {
        let balance = naive.balance(of: AccountID(account), .spot, asset)
        return [balance.free.raw, balance.held.raw]
    }

    private func line(_ event: Event) -> String? {
        switch event {
        case .rejected(let rejection): "\(rejection)".replacing("SyncronCore.", with: "").refusal
        case .orderAccepted(let order): "accepted \(order.id) \(order.type) \(order.status)"
        case .orderTriggered(let order): "triggered \(order.id) \(order.status) at \(order.updatedAt.milliseconds)"
        case .orderAmended(let order):
            "amended \(order.id) \(order.status) \(order.executed.raw)/\(order.quantity.raw) @ \(order.price.raw)"
        case .orderFilled(let fill):
            "filled \(fill.order.id) \(fill.liquidity) \(fill.order.status) \(fill.quantity.raw) @ \(fill.price.raw)"
        case .orderEnded(let end):
            "ended \(end.order.id) \(end.order.status) \(end.order.executed.raw)/\(end.order.quantity.raw)"
                + " at \(end.order.updatedAt.milliseconds)"
        case .traded(let trade): "trade \(trade.quantity.raw) @ \(trade.price.raw)"
        case .levelChanged(let level): "\(level.side) \(level.price.raw): \(level.quantity.raw)"
        case .cancelCountdownSet(let set): "countdown \(set.at == .never ? "off" : "\(set.at.milliseconds)")"
        default: nil
        }
    }
}

extension String {
    /// `filter(Rejection.Filter.lotSize, Rejection.Parameter.quantity)` as `filter lotSize quantity`.
    fileprivate var refusal: String {
        let name = prefix { $0 != "(" }
        guard name != "insufficientBalance" else { return String(name) }
        let values = drop { $0 != "(" }.dropFirst().dropLast().split(separator: ",")
        return ([name] + values.map { $0.split(separator: ".").last ?? "" }).joined(separator: " ")
    }
}

extension OrderTerms {
    static func limit(_ quantity: Int64, at price: Int64, _ timeInForce: TimeInForce = .gtc) -> OrderTerms {
        .limit(price: Ticks(price), quantity: Steps(quantity), timeInForce: timeInForce)
    }

    static func maker(_ quantity: Int64, at price: Int64) -> OrderTerms {
        .limitMaker(price: Ticks(price), quantity: Steps(quantity))
    }

    static func market(_ quantity: Int64) -> OrderTerms { .market(quantity: Steps(quantity)) }
}

extension OrderOptions {
    static func stop(_ price: Int64?, trailing delta: UInt16? = nil) -> OrderOptions {
        OrderOptions(trigger: Trigger(.stopLoss, at: price.map { Ticks($0) }, trailingDelta: delta))
    }

    static func profit(_ price: Int64?, trailing delta: UInt16? = nil) -> OrderOptions {
        OrderOptions(trigger: Trigger(.takeProfit, at: price.map { Ticks($0) }, trailingDelta: delta))
    }

    static func iceberg(_ shown: Int64) -> OrderOptions { OrderOptions(icebergQuantity: Steps(shown)) }

    static func lasting(_ milliseconds: Int64) -> OrderOptions { OrderOptions(lifetime: milliseconds) }
}
