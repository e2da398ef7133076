import SyncronCore

/// A small exchange for tests, with names for its people and text for what happens.
///
/// Its market is BTC-USDT with a tick and a step of one whole, and both assets have four decimals, so that quantities
/// and prices are read as they stand and a commission still shows its rounding.
struct Stage: ~Copyable {
    static let decimals = 4
    private(set) var engine: Engine
    private var names: [String] = []
    private var sequence: UInt64 = 0
    private(set) var time: Int64 = 1_000

    init(limits: Limits = Stage.limits, filters: Filters = Stage.openFilters) {
        engine = Engine(limits: limits)
        perform(.begin(Genesis(hasSandbox: false)))
        for name in ["USDT", "BTC"] {
            perform(.defineAsset(Asset(id: AssetID(0), name: name, decimals: UInt8(Stage.decimals), networks: [])))
        }
        perform(.defineMarket(Stage.market(filters)))
    }

    static var limits: Limits {
        var limits = Limits()
        limits.accounts = 100
        limits.openOrders = 1_000
        limits.markets = 8
        limits.assets = 8
        return limits
    }

    static let openFilters = Filters(
        minPrice: Ticks(1), maxPrice: Ticks(1_000_000), minQuantity: Steps(1), maxQuantity: Steps(1_000_000),
        minMarketQuantity: Steps(1), maxMarketQuantity: Steps(1_000_000), minNotional: .zero, maxNotional: nil,
        percentPrice: nil)

    static func market(_ filters: Filters) -> Market {
        Market(
            id: MarketID(0), symbol: "BTC-USDT", base: AssetID(1), quote: AssetID(0), kind: .spot, status: .trading,
            pricePrecision: 0, quantityPrecision: 0, tickSize: 1, stepSize: 1, filters: filters,
            commissions: CommissionRates.standard(for: .spot))
    }

    /// Applies a command and returns what happened.
    @discardableResult
    mutating func perform(_ command: Command) -> [Event] {
        sequence += 1
        var events: [Event] = []
        let stamp = Stamp(sequence: Sequence(sequence), time: Timestamp(milliseconds: time))
        engine.apply(command, at: stamp, into: &events)
        return events
    }

    mutating func wait(milliseconds: Int64) { time += milliseconds }

    /// The account of that name, opened when it is new.
    mutating func account(_ name: String) -> AccountID {
        if let index = names.firstIndex(of: name) { return AccountID(UInt32(index + 1)) }
        names.append(name)
        perform(.openAccount(OpenAccount()))
        return AccountID(UInt32(names.count))
    }

    @discardableResult
    mutating func deposit(_ name: String, _ asset: String, _ amount: Int64) -> [Event] {
        let account = account(name)
        return perform(
            .recordDeposit(
                RecordDeposit(
                    account: account, asset: AssetID(asset == "USDT" ? 0 : 1), network: "test",
                    amount: Units(Int128(amount) * 10_000), txID: "\(sequence)")))
    }

    @discardableResult
    mutating func place(
        _ name: String, _ side: Side, _ terms: OrderTerms, prevention: SelfTradePrevention = .expireMaker,
        clientID: String = ""
    ) -> [Event] {
        let account = account(name)
        return perform(
            .placeOrder(
                PlaceOrder(
                    account: account, market: MarketID(0), side: side, terms: terms,
                    selfTradePrevention: prevention, clientOrderID: ClientOrderID(clientID) ?? .none)))
    }

    func name(_ account: AccountID) -> String { names[Int(account.raw) - 1] }
}
