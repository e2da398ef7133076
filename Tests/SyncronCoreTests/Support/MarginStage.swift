import SyncronCore

/// An exchange with margin as it is by default, for one customer and the others that trade with him.
struct MarginStage: ~Copyable {
    static let btc = AssetID(0)
    static let eth = AssetID(1)
    static let usdt = AssetID(2)
    /// An asset without margin terms.
    static let doge = AssetID(3)
    static let bitcoin = MarketID(0)
    static let ether = MarketID(1)
    /// Whose margin wallet it is about.
    static let alice = AccountID(1)
    /// Who quotes, from the spot wallet.
    static let bob = AccountID(2)

    private(set) var engine: Engine
    private(set) var time: Int64
    private var sequence: UInt64 = 0

    /// - Parameter time: in milliseconds; by default ten minutes after a full hour.
    init(time: Int64 = 1_800_000_600_000) {
        self.time = time
        var limits = Stage.limits
        limits.assets = 16
        engine = Engine(limits: limits)
        perform(.begin(Genesis(hasSandbox: false)))
        let terms: [(String, MarginTerms?)] = [
            ("BTC", MarginTerms(collateralRatio: Rate(95_000_000), dailyInterest: Rate(25_000))),
            ("ETH", MarginTerms(collateralRatio: Rate(90_000_000), dailyInterest: Rate(35_000))),
            ("USDT", MarginTerms(collateralRatio: .one, dailyInterest: Rate(20_000))), ("DOGE", nil),
        ]
        for (name, terms) in terms {
            perform(.defineAsset(Asset(id: AssetID(0), name: name, decimals: 8, networks: [], margin: terms)))
        }
        for (id, base, step) in [(Self.bitcoin, Self.btc, Int64(1)), (Self.ether, Self.eth, 10)] {
            var market = Stage.market(Stage.openFilters)
            market.symbol = "\(base == Self.btc ? "BTC" : "ETH")-USDT"
            (market.id, market.base, market.quote) = (id, base, Self.usdt)
            (market.pricePrecision, market.quantityPrecision) = (2, 5)
            market.stepSize = step
            market.filters.maxPrice = Ticks(100_000_000)
            market.filters.maxQuantity = Steps(100_000_000)
            market.filters.maxMarketQuantity = Steps(100_000_000)
            perform(.defineMarket(market))
        }
        for _ in 0..<2 { perform(.openAccount(OpenAccount())) }
        perform(.setIndexPrices(SetIndexPrices([quote(Self.btc, 60_000), quote(Self.eth, 3_000)])))
        for (asset, amount) in [(Self.btc, 100), (Self.eth, 1_000), (Self.usdt, 5_000_000)] as [(AssetID, Int128)] {
            perform(.fundLending(LendingPool(asset: asset, amount: Self.units(amount))))
            for account in [Self.alice, Self.bob] {
                perform(
                    .recordDeposit(
                        RecordDeposit(
                            account: account, asset: asset, network: "test", amount: Self.units(amount), txID: "1")))
            }
        }
        perform(.fundInsurance(InsuranceFund(asset: Self.usdt, amount: Self.units(1_000_000))))
    }

    /// So many whole ones.
    static func units(_ whole: Int128) -> Units { Units(whole * 100_000_000) }

    private func quote(_ asset: AssetID, _ dollars: Int64) -> IndexQuote {
        IndexQuote(asset: asset, price: IndexPrice(dollars * 100_000_000))
    }

    @discardableResult
    mutating func perform(_ command: Command) -> [Event] {
        sequence += 1
        var events: [Event] = []
        engine.apply(
            command, at: Stamp(sequence: Sequence(sequence), time: Timestamp(milliseconds: time)), into: &events)
        return events
    }

    /// Lets time pass, in one tick.
    @discardableResult
    mutating func wait(milliseconds: Int64) -> [Event] {
        time += milliseconds
        return perform(.tick)
    }

    /// - Parameter price: in parts of 10^-8; nil for none.
    @discardableResult
    mutating func index(_ asset: AssetID, _ price: Int64?) -> [Event] {
        perform(.setIndexPrices(SetIndexPrices([IndexQuote(asset: asset, price: price.map { IndexPrice($0) })])))
    }

    @discardableResult
    mutating func transfer(_ asset: AssetID, _ amount: Units, _ from: Wallet, _ to: Wallet) -> [Event] {
        perform(.transfer(TransferFunds(account: Self.alice, asset: asset, amount: amount, from: from, to: to)))
    }

    @discardableResult
    mutating func borrow(_ asset: AssetID, _ amount: Units) -> [Event] {
        perform(.borrow(BorrowFunds(account: Self.alice, asset: asset, amount: amount)))
    }

    @discardableResult
    mutating func repay(_ asset: AssetID, _ amount: Units) -> [Event] {
        perform(.repay(RepayFunds(account: Self.alice, asset: asset, amount: amount)))
    }

    /// An order of Alice's margin wallet.
    @discardableResult
    mutating func order(
        _ side: Side, _ terms: OrderTerms, _ sideEffect: SideEffect = .none, market: MarketID = bitcoin,
        trigger: Trigger? = nil
    ) -> [Event] {
        perform(
            .placeOrderWithOptions(
                OrderWithOptions(
                    PlaceOrder(account: Self.alice, market: market, wallet: .margin, side: side, terms: terms),
                    OrderOptions(trigger: trigger, sideEffect: sideEffect))))
    }

    /// An order of Bob's, good till cancelled.
    @discardableResult
    mutating func quote(_ side: Side, _ quantity: Int64, at price: Int64, market: MarketID = bitcoin) -> [Event] {
        perform(
            .placeOrder(
                PlaceOrder(
                    account: Self.bob, market: market, side: side,
                    terms: .limit(price: Ticks(price), quantity: Steps(quantity), timeInForce: .gtc))))
    }

    var reading: MarginReading? { engine.marginReading(of: Self.alice) }

    func balance(_ asset: AssetID) -> MarginBalance? { reading?.balances.first { $0.asset == asset } }

    /// The contract's example: 0.9 BTC and 1,500 USDT that owe 20,000 USDT and 1.66666667 of interest.
    mutating func becomeTheExample() {
        transfer(Self.btc, Units(90_000_000), .spot, .margin)
        transfer(Self.usdt, Self.units(1_500), .spot, .margin)
        borrow(Self.usdt, Self.units(12_000))
        transfer(Self.usdt, Self.units(12_000), .margin, .spot)
        wait(milliseconds: 15 * 3_600_000)
        borrow(Self.usdt, Self.units(8_000))
        transfer(Self.usdt, Self.units(8_000), .margin, .spot)
    }
}
