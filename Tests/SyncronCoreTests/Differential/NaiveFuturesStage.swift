import SyncronCore

@testable import SyncronSimulator

/// A twin with the contract's perpetual of BTC and three customers, twenty seconds before a funding.
struct NaiveFuturesStage {
    var naive = NaiveExchange()
    private var time: Int64 = 1_800_000_000_000 / 28_800_000 * 28_800_000 - 20_000
    private static let perpetual = MarketID(0)

    init(wallet: Int128 = 100_000) {
        perform(.begin(Genesis(hasSandbox: false)))
        for name in ["BTC", "USDT"] {
            perform(.defineAsset(Asset(id: AssetID(0), name: name, decimals: 8, networks: [])))
        }
        perform(.defineMarket(Self.market))
        perform(.fundInsurance(InsuranceFund(asset: AssetID(1), amount: units("1000000"))))
        for number in 1...UInt32(3) {
            perform(.openAccount(OpenAccount()))
            perform(
                .recordDeposit(
                    RecordDeposit(
                        account: AccountID(number), asset: AssetID(1), network: "N", amount: units("10000000"),
                        txID: "1")))
            transfer(AccountID(number), Units(wallet * 100_000_000), .spot, .futures)
        }
        index(60_000_00)
        wait()
    }

    private static var market: Market {
        let rows: [(Int128, UInt8, Int64)] = [
            (50_000, 125, 40), (600_000, 100, 50), (3_000_000, 75, 65), (12_000_000, 50, 100),
        ]
        return Market(
            id: perpetual, symbol: "BTC-USDT-PERP", base: AssetID(0), quote: AssetID(1), kind: .perpetual,
            status: .trading, pricePrecision: 2, quantityPrecision: 3, tickSize: 1, stepSize: 1,
            filters: Filters(
                minPrice: Ticks(1), maxPrice: Ticks(100_000_000), minQuantity: Steps(1),
                maxQuantity: Steps(1_000_000), minMarketQuantity: Steps(1), maxMarketQuantity: Steps(1_000_000),
                minNotional: .zero, maxNotional: nil, percentPrice: nil),
            commissions: CommissionRates.standard(for: .perpetual),
            perpetual: PerpetualTerms(
                brackets: rows.map { cap, leverage, maintenance in
                    PerpetualTerms.Bracket(
                        cap: Units(cap * 100_000_000), maxLeverage: leverage, maintenance: Rate(maintenance * 10_000))
                }))
    }

    @discardableResult
    mutating func perform(_ command: Command) -> [Event] {
        naive.apply(command, at: Timestamp(milliseconds: time)) ?? []
    }

    /// A second, or until the second after the next funding.
    @discardableResult
    mutating func wait(untilFunding: Bool = false) -> [Event] {
        time = untilFunding ? (time / 28_800_000 + 1) * 28_800_000 + 1_000 : time + 1_000
        return perform(.tick)
    }

    mutating func index(_ cents: Int64) {
        perform(
            .setIndexPrices(
                SetIndexPrices([IndexQuote(asset: AssetID(0), price: IndexPrice(cents * 1_000_000))])))
    }

    mutating func transfer(_ account: AccountID, _ amount: Units, _ from: Wallet, _ to: Wallet) {
        perform(.transfer(TransferFunds(account: account, asset: AssetID(1), amount: amount, from: from, to: to)))
    }

    mutating func isolate(_ account: AccountID) {
        perform(.setMarginType(SetMarginType(account: account, market: Self.perpetual, type: .isolated)))
    }

    /// A limit order; quantity in thousandths.
    @discardableResult
    mutating func order(
        _ account: AccountID, _ side: Side, _ quantity: Int64, at cents: Int64, reduceOnly: Bool = false
    ) -> [Event] {
        perform(
            .placeFuturesOrder(
                PlaceFuturesOrder(
                    PlaceOrder(
                        account: account, market: Self.perpetual, wallet: .futures, side: side,
                        terms: .limit(price: Ticks(cents), quantity: Steps(quantity), timeInForce: .gtc)),
                    reduceOnly: reduceOnly)))
    }

    mutating func trade(_ buyer: AccountID, _ seller: AccountID, _ quantity: Int64, at cents: Int64) {
        order(buyer, .buy, quantity, at: cents)
        order(seller, .sell, quantity, at: cents)
    }

    func refusal(_ events: [Event]) -> Rejection? {
        if case .rejected(let rejection) = events.first { rejection } else { nil }
    }

    func ends(_ events: [Event]) -> [String] {
        events.compactMap { event in
            guard case .orderEnded(let end) = event else { return nil }
            return "\(end.order.status) \(end.order.executed.raw)/\(end.order.quantity.raw)"
        }
    }

    func position(of account: AccountID) -> Position? { naive.futuresPicture(of: account).positions.first }

    func liquidationPrice(of account: AccountID) -> Int128? { naive.futuresPicture(of: account).figures.first?[2] }

    func cross(of account: AccountID) -> Units { Units(naive.totals(account).cross) }

    func available(to account: AccountID) -> Units { Units(naive.totals(account).available) }
}
