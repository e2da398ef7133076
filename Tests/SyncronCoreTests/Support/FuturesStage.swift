import SyncronCore

/// A perpetual as it is by default, with three customers.
struct FuturesStage: ~Copyable {
    static let btc = AssetID(0)
    static let usdt = AssetID(1)
    static let perpetual = MarketID(0)
    static let alice = AccountID(1)
    static let bob = AccountID(2)
    static let carol = AccountID(3)

    private(set) var engine: Engine
    private(set) var time: Int64
    private var sequence: UInt64 = 0
    private var customers: UInt32 = 0

    /// The contract's rows for BTC: cap, leverage, maintenance in parts of 10^4.
    static let brackets: [(Int128, UInt8, Int64)] = [
        (50_000, 125, 40), (600_000, 100, 50), (3_000_000, 75, 65), (12_000_000, 50, 100), (70_000_000, 25, 200),
        (100_000_000, 20, 250), (230_000_000, 10, 500), (480_000_000, 5, 1_000), (600_000_000, 4, 1_250),
        (800_000_000, 3, 1_500), (1_200_000_000, 2, 2_500), (1_800_000_000, 1, 5_000),
    ]

    /// - Parameter sinceFunding: in milliseconds, when it begins.
    init(
        sinceFunding: Int64 = 600_000, index: Int64 = 60_000_00, wallet: Int128 = 100_000, fundingStep: Int = 1_000,
        hasIndex: Bool = true
    ) {
        time = 1_800_000_000_000 / 28_800_000 * 28_800_000 + sinceFunding
        var limits = Stage.limits
        limits.fundingStep = fundingStep
        engine = Engine(limits: limits)
        perform(.begin(Genesis(hasSandbox: false)))
        for name in ["BTC", "USDT"] {
            perform(.defineAsset(Asset(id: AssetID(0), name: name, decimals: 8, networks: [])))
        }
        var market = Stage.market(Stage.openFilters)
        market.symbol = "BTC-USDT-PERP"
        (market.kind, market.base, market.quote) = (.perpetual, Self.btc, Self.usdt)
        (market.pricePrecision, market.tickSize, market.quantityPrecision) = (2, 1, 3)
        market.filters.maxPrice = Ticks(100_000_000)
        market.commissions = CommissionRates.standard(for: .perpetual)
        market.perpetual = PerpetualTerms(
            brackets: Self.brackets.map { cap, leverage, maintenance in
                PerpetualTerms.Bracket(
                    cap: Self.units(cap), maxLeverage: leverage, maintenance: Rate(maintenance * 10_000))
            })
        perform(.defineMarket(market))
        perform(.fundInsurance(InsuranceFund(asset: Self.usdt, amount: Self.units(1_000_000))))
        for _ in 0..<3 { join(wallet: wallet) }
        if hasIndex { self.index(index) }
        wait(milliseconds: 1_000)
    }

    static func units(_ whole: Int128) -> Units { Units(whole * 100_000_000) }

    @discardableResult
    mutating func perform(_ command: Command) -> [Event] {
        sequence += 1
        var events: [Event] = []
        engine.apply(
            command, at: Stamp(sequence: Sequence(sequence), time: Timestamp(milliseconds: time)), into: &events)
        return events
    }

    @discardableResult
    mutating func wait(milliseconds: Int64) -> [Event] {
        time += milliseconds
        return perform(.tick)
    }

    /// Time that no command comes in.
    mutating func pause(milliseconds: Int64) { time += milliseconds }

    @discardableResult
    mutating func index(_ cents: Int64) -> [Event] {
        perform(
            .setIndexPrices(SetIndexPrices([IndexQuote(asset: Self.btc, price: IndexPrice(cents * 1_000_000))])))
    }

    @discardableResult
    mutating func transfer(_ account: AccountID, _ amount: Units, _ from: Wallet, _ to: Wallet) -> [Event] {
        perform(.transfer(TransferFunds(account: account, asset: Self.usdt, amount: amount, from: from, to: to)))
    }

    /// Goes on with what a snapshot restores.
    mutating func restart() throws { engine = try engine.restored() }

    /// One more customer, with so many USDT in the futures wallet.
    @discardableResult
    mutating func join(wallet: Int128) -> AccountID {
        perform(.openAccount(OpenAccount()))
        customers += 1
        let account = AccountID(customers)
        perform(
            .recordDeposit(
                RecordDeposit(
                    account: account, asset: Self.usdt, network: "test", amount: Self.units(10_000_000), txID: "1")))
        transfer(account, Self.units(wallet), .spot, .futures)
        return account
    }

    /// A limit order; quantity in thousandths.
    @discardableResult
    mutating func order(
        _ account: AccountID, _ side: Side, _ quantity: Int64, at cents: Int64, _ timeInForce: TimeInForce = .gtc,
        positionSide: PositionSide = .both, reduceOnly: Bool = false, trigger: FuturesTrigger? = nil
    ) -> [Event] {
        place(
            account, side, .limit(price: Ticks(cents), quantity: Steps(quantity), timeInForce: timeInForce),
            positionSide: positionSide, reduceOnly: reduceOnly, trigger: trigger)
    }

    @discardableResult
    mutating func place(
        _ account: AccountID, _ side: Side, _ terms: OrderTerms, positionSide: PositionSide = .both,
        reduceOnly: Bool = false, closePosition: Bool = false, trigger: FuturesTrigger? = nil
    ) -> [Event] {
        perform(
            .placeFuturesOrder(
                PlaceFuturesOrder(
                    PlaceOrder(account: account, market: Self.perpetual, wallet: .futures, side: side, terms: terms),
                    positionSide: positionSide, reduceOnly: reduceOnly, closePosition: closePosition,
                    trigger: trigger)))
    }

    /// One buys from the other.
    mutating func trade(_ buyer: AccountID, _ seller: AccountID, _ quantity: Int64, at cents: Int64) {
        order(seller, .sell, quantity, at: cents)
        order(buyer, .buy, quantity, at: cents)
    }
}
