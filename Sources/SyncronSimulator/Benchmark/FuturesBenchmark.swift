import SyncronCore

/// What a mark costs an exchange with many positions, of which none or a hundred fall short of their maintenance; and
/// how long one step of a funding holds up what comes after it.
public struct FuturesBenchmark: ~Copyable {
    public struct Row: Sendable {
        public var positions: Int
        /// Of a tick whose mark moves and that nobody crosses by.
        public var quietP50Nanoseconds: Int
        /// Of one by which a hundred positions are liquidated in a deep book.
        public var crossingP50Nanoseconds: Int
        /// Of the longest tick of a funding: how long an order waits for it at most.
        public var fundingStepNanoseconds: Int
        /// Of reading an account whose position is in profit, its place in the deleveraging queue included.
        public var readingP50Nanoseconds: Int
    }

    private static let crossing = 100
    private static let market = MarketID(0)
    private static let usdt = AssetID(1)

    private var engine: Engine
    private var sequence = Sequence(0)
    private var time = Timestamp(milliseconds: 1_800_000_000_000)
    private let positions: Int

    public static func run(positions counts: [Int]) -> [Row] {
        counts.map { count in
            var benchmark = FuturesBenchmark(positions: count)
            return benchmark.run()
        }
    }

    /// Everyone is long 0.01 BTC from 60,000, with 100 to 200 USDT, so that they cross one after the other between
    /// 50,000 and 40,000.
    private init(positions: Int) {
        self.positions = positions
        var limits = Limits()
        limits.accounts = positions + 1
        limits.openOrders = 1 << 12
        engine = Engine(limits: limits)
        apply(.begin(Genesis(hasSandbox: false)))
        for name in ["BTC", "USDT"] {
            apply(.defineAsset(Asset(id: AssetID(0), name: name, decimals: 8, networks: [])))
        }
        let filters = Filters(
            minPrice: Ticks(1), maxPrice: Ticks(100_000_000), minQuantity: Steps(1), maxQuantity: Steps(1 << 40),
            minMarketQuantity: Steps(1), maxMarketQuantity: Steps(1 << 40), minNotional: .zero, maxNotional: nil,
            percentPrice: nil)
        let rows: [(Int128, UInt8, Int64)] = [(50_000, 125, 400_000), (1_000_000_000_000, 100, 500_000)]
        apply(
            .defineMarket(
                Market(
                    id: Self.market, symbol: "BTC-USDT-PERP", base: AssetID(0), quote: Self.usdt, kind: .perpetual,
                    status: .trading, pricePrecision: 2, quantityPrecision: 3, tickSize: 1, stepSize: 1,
                    filters: filters, commissions: CommissionRates.standard(for: .perpetual),
                    perpetual: PerpetualTerms(
                        brackets: rows.map { cap, leverage, maintenance in
                            PerpetualTerms.Bracket(
                                cap: Units(cap * 100_000_000), maxLeverage: leverage, maintenance: Rate(maintenance))
                        }))))
        apply(.fundInsurance(InsuranceFund(asset: Self.usdt, amount: Units(1 << 70))))
        setIndex(60_000_00)
        for index in 1...UInt32(positions) {
            fund(AccountID(index), Units(Int128(200_00 - 100_00 * Int(index) / positions) * 1_000_000))
        }
        fund(maker, Units(1 << 80))
        tick()
        place(maker, .sell, Int64(positions) * 10, at: 60_000_00)
        for index in 1...UInt32(positions) { place(AccountID(index), .buy, 10, at: 60_000_00) }
    }

    private var maker: AccountID { AccountID(UInt32(positions + 1)) }

    private mutating func fund(_ account: AccountID, _ amount: Units) {
        apply(.openAccount(OpenAccount()))
        apply(
            .recordDeposit(
                RecordDeposit(account: account, asset: Self.usdt, network: "test", amount: amount, txID: "1")))
        apply(
            .transfer(
                TransferFunds(account: account, asset: Self.usdt, amount: amount, from: .spot, to: .futures)))
    }

    private mutating func place(_ account: AccountID, _ side: Side, _ quantity: Int64, at cents: Int64) {
        apply(
            .placeFuturesOrder(
                PlaceFuturesOrder(
                    PlaceOrder(
                        account: account, market: Self.market, wallet: .futures, side: side,
                        terms: .limit(price: Ticks(cents), quantity: Steps(quantity), timeInForce: .gtc)))))
    }

    private mutating func apply(_ command: Command) {
        sequence = sequence.next
        engine.apply(command, at: Stamp(sequence: sequence, time: time))
    }

    private mutating func tick() {
        time = time + 1_000
        apply(.tick)
    }

    private mutating func setIndex(_ cents: Int64) {
        apply(
            .setIndexPrices(
                SetIndexPrices([IndexQuote(asset: AssetID(0), price: IndexPrice(cents * 1_000_000))])))
    }

    private mutating func run() -> Row {
        let quiet = (0..<301).map { step in tickNanoseconds(at: 58_000_00 - Int64(step % 100)) }.sorted()
        setIndex(61_000_00)
        tick()
        let readings = (0..<31).map { _ in
            measured { precondition($0.engine.futuresReading(of: AccountID(1)).positions.count == 1) }
        }.sorted()
        var crossing: [Int] = []
        let step = max(1, Int64(10_000_00 * Self.crossing / positions))
        for index in 1...Int64(min(21, positions / Self.crossing)) {
            let cents = 50_300_00 - index * step
            place(maker, .buy, 1 << 24, at: cents)
            let nanoseconds = tickNanoseconds(at: cents)
            if (Self.crossing / 2...Self.crossing * 2).contains(forcedOrders) { crossing.append(nanoseconds) }
        }
        crossing.sort()
        time = FundingRate.next(after: time) + -1_000
        apply(.tick)
        // The instant itself, and the ticks until all are settled.
        let funding = (0..<positions / engine.limits.fundingStep + 3).map { _ in measured { $0.tick() } }
        return Row(
            positions: positions, quietP50Nanoseconds: quiet[quiet.count / 2],
            crossingP50Nanoseconds: crossing.isEmpty ? 0 : crossing[crossing.count / 2],
            fundingStepNanoseconds: funding.max() ?? 0, readingP50Nanoseconds: readings[readings.count / 2])
    }

    private var forcedOrders: Int {
        var count = 0
        engine.log.forEach { if case .orderForced = $0 { count += 1 } }
        return count
    }

    private mutating func tickNanoseconds(at cents: Int64) -> Int {
        setIndex(cents)
        return measured { $0.tick() }
    }

    private mutating func measured(_ body: (inout FuturesBenchmark) -> Void) -> Int {
        let start = EngineBenchmark.now()
        body(&self)
        return Int(EngineBenchmark.now() - start)
    }
}
