import SyncronCore

/// What a price change costs an exchange with many margin accounts, of which none or ten cross their liquidation level.
public struct MarginBenchmark: ~Copyable {
    public struct Row: Sendable {
        public var accounts: Int
        /// Of an index price command that nobody crosses by.
        public var quietP50Nanoseconds: Int
        /// Of one by which ten accounts are liquidated in a deep book.
        public var crossingP50Nanoseconds: Int
        /// Of the tick that charges every account its hour.
        public var hourNanoseconds: Int
    }

    private static let btc = AssetID(0)
    private static let usdt = AssetID(1)
    private static let crossing = 10

    private var engine: Engine
    private var sequence = Sequence(0)
    private var time = Timestamp(milliseconds: 1_800_000_600_000)
    private let accounts: Int

    public static func run(accounts counts: [Int]) -> [Row] {
        counts.map { count in
            var benchmark = MarginBenchmark(accounts: count)
            return benchmark.run()
        }
    }

    /// Everyone has 1 BTC and owes 27,000 to 28,000 USDT that have left: margin calls are made between 36,400 and
    /// 35,100, and liquidations begin between 30,800 and 29,700.
    private init(accounts: Int) {
        self.accounts = accounts
        var limits = Limits()
        limits.accounts = accounts + 1
        limits.openOrders = 1 << 12
        engine = Engine(limits: limits)
        apply(.begin(Genesis(hasSandbox: false)))
        for (name, ratio) in [("BTC", Int64(95_000_000)), ("USDT", 100_000_000)] {
            let terms = MarginTerms(collateralRatio: Rate(ratio), dailyInterest: Rate(20_000))
            apply(.defineAsset(Asset(id: AssetID(0), name: name, decimals: 8, networks: [], margin: terms)))
        }
        let filters = Filters(
            minPrice: Ticks(1), maxPrice: Ticks(100_000_000), minQuantity: Steps(1),
            maxQuantity: Steps(1 << 50), minMarketQuantity: Steps(1), maxMarketQuantity: Steps(1 << 50),
            minNotional: .zero, maxNotional: nil, percentPrice: nil)
        apply(
            .defineMarket(
                Market(
                    id: MarketID(0), symbol: "BTC-USDT", base: Self.btc, quote: Self.usdt, kind: .spot,
                    status: .trading, pricePrecision: 2, quantityPrecision: 5, tickSize: 1, stepSize: 1,
                    filters: filters, commissions: CommissionRates.standard(for: .spot))))
        setIndex(60_000_00)
        apply(.fundLending(LendingPool(asset: Self.usdt, amount: Units(1 << 70))))
        apply(.fundInsurance(InsuranceFund(asset: Self.usdt, amount: Units(1 << 70))))
        for index in 1...UInt32(accounts) { open(index) }
        apply(.openAccount(OpenAccount()))
        deposit(maker, Self.usdt, Units(1 << 80))
    }

    private var maker: AccountID { AccountID(UInt32(accounts + 1)) }

    private mutating func open(_ index: UInt32) {
        let account = AccountID(index)
        apply(.openAccount(OpenAccount()))
        deposit(account, Self.btc, Units(100_000_000))
        apply(
            .transfer(
                TransferFunds(account: account, asset: Self.btc, amount: Units(100_000_000), from: .spot, to: .margin)))
        let debt = Units(Int128(28_000_00 - 1_000_00 * Int(index) / accounts) * 1_000_000)
        apply(.borrow(BorrowFunds(account: account, asset: Self.usdt, amount: debt)))
        apply(.transfer(TransferFunds(account: account, asset: Self.usdt, amount: debt, from: .margin, to: .spot)))
    }

    private mutating func deposit(_ account: AccountID, _ asset: AssetID, _ amount: Units) {
        apply(
            .recordDeposit(RecordDeposit(account: account, asset: asset, network: "test", amount: amount, txID: "1")))
    }

    private mutating func apply(_ command: Command) {
        sequence = sequence.next
        engine.apply(command, at: Stamp(sequence: sequence, time: time))
    }

    private mutating func setIndex(_ cents: Int64) {
        apply(
            .setIndexPrices(
                SetIndexPrices([IndexQuote(asset: Self.btc, price: IndexPrice(cents * 1_000_000))])))
    }

    private mutating func run() -> Row {
        // Far above everyone's margin call.
        let quiet = (0..<1_001).map { step in measured { $0.setIndex(55_000_00 - Int64(step % 100)) } }.sorted()
        // Past every margin call, above the first liquidation.
        setIndex(32_000_00)
        var crossing: [Int] = []
        let first: Int64 = 30_800_00
        let step = max(1, Int64(1_100_00 * Self.crossing / accounts))
        for index in 1...Int64(min(31, accounts / Self.crossing)) {
            let cents = first - index * step
            apply(
                .placeOrder(
                    PlaceOrder(
                        account: maker, market: MarketID(0), side: .buy,
                        terms: .limit(price: Ticks(cents), quantity: Steps(1 << 30), timeInForce: .gtc))))
            let nanoseconds = measured { $0.setIndex(cents) }
            if (Self.crossing - 3...Self.crossing + 3).contains(forcedOrders) { crossing.append(nanoseconds) }
        }
        crossing.sort()
        time = Timestamp(milliseconds: 1_800_003_600_000)
        let hour = measured { $0.apply(.tick) }
        return Row(
            accounts: accounts, quietP50Nanoseconds: quiet[quiet.count / 2],
            crossingP50Nanoseconds: crossing.isEmpty ? 0 : crossing[crossing.count / 2], hourNanoseconds: hour)
    }

    private var forcedOrders: Int {
        var count = 0
        engine.log.forEach { if case .orderForced = $0 { count += 1 } }
        return count
    }

    private mutating func measured(_ body: (inout MarginBenchmark) -> Void) -> Int {
        let start = EngineBenchmark.now()
        body(&self)
        return Int(EngineBenchmark.now() - start)
    }
}
