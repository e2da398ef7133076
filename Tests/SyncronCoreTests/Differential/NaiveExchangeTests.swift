import SyncronCore
import SyncronSimulator
import Testing

/// The twin against figures that were worked out by hand, so that two equal mistakes are less likely.
@Suite("Naive twin")
struct NaiveExchangeTests {
    private let time = Timestamp(milliseconds: 1_000)

    /// BTC-USDT with a tick of 0.01 and a step of 0.00001; two accounts of tier 0 with 10 BTC and 1,000,000 USDT.
    private func exchange() -> NaiveExchange {
        var naive = NaiveExchange()
        let network = [Network(name: "N", withdrawalFee: .zero)]
        let btc = Asset(id: AssetID(0), name: "BTC", decimals: 8, networks: network)
        let usdt = Asset(id: AssetID(1), name: "USDT", decimals: 8, networks: network)
        let filters = Filters(
            minPrice: Ticks(1), maxPrice: Ticks(1_000_000_000), minQuantity: Steps(1),
            maxQuantity: Steps(100_000_000), minMarketQuantity: Steps(1), maxMarketQuantity: Steps(100_000_000),
            minNotional: Units(500_000_000), maxNotional: nil)
        let market = Market(
            id: MarketID(0), symbol: "BTC-USDT", base: btc.id, quote: usdt.id, kind: .spot, status: .trading,
            pricePrecision: 2, quantityPrecision: 5, tickSize: 1, stepSize: 1, filters: filters,
            commissions: CommissionRates.standard(for: .spot))
        var commands: [Command] = [
            .begin(Genesis(hasSandbox: false)), .defineAsset(btc), .defineAsset(usdt), .defineMarket(market),
        ]
        for number in 1...UInt32(2) {
            commands.append(.openAccount(OpenAccount()))
            for (asset, amount) in [(btc, Int128(10)), (usdt, 1_000_000)] {
                let deposit = RecordDeposit(
                    account: AccountID(number), asset: asset.id, network: "N", amount: Units(amount * 100_000_000),
                    txID: "1")
                commands.append(.recordDeposit(deposit))
            }
        }
        for command in commands { _ = naive.apply(command, at: time) }
        return naive
    }

    private func place(
        _ naive: inout NaiveExchange, _ account: UInt32, _ side: Side, _ terms: OrderTerms
    ) throws -> [Event] {
        let order = PlaceOrder(account: AccountID(account), market: MarketID(0), side: side, terms: terms)
        let events = naive.apply(.placeOrder(order), at: time)
        return try #require(events)
    }

    @Test("100 USDT at 60,000.00 buy 0.00166 BTC for 99.60, less 0.15 % of it rounded up")
    func byQuote() throws {
        var naive = exchange()
        _ = try place(
            &naive, 1, .sell, .limit(price: Ticks(6_000_000), quantity: Steps(100_000), timeInForce: .gtc))
        let events = try place(&naive, 2, .buy, .marketByQuote(quote: Units(10_000_000_000)))
        let fills = events.compactMap { if case .orderFilled(let fill) = $0 { fill } else { nil } }
        try #require(fills.count == 2)
        #expect(fills[1].order.status == .filled)
        #expect(fills[1].order.executed == Steps(166))
        #expect(fills[1].order.executedNotional == Units(9_960_000_000))
        #expect(fills[1].commission == Units(249))
        #expect(fills[0].commission == Units(9_960_000))
        let buyer = naive.balance(of: AccountID(2), .spot, AssetID(0))
        #expect(buyer.free == Units(1_000_000_000 + 166_000 - 249))
        #expect(naive.brokenInvariant == nil)
    }

    @Test("a better fill gives back at once what was held for the worse price")
    func betterFill() throws {
        var naive = exchange()
        _ = try place(
            &naive, 1, .sell, .limit(price: Ticks(6_000_000), quantity: Steps(100_000), timeInForce: .gtc))
        _ = try place(
            &naive, 2, .buy, .limit(price: Ticks(6_100_000), quantity: Steps(150_000), timeInForce: .gtc))
        let quote = naive.balance(of: AccountID(2), .spot, AssetID(1))
        #expect(quote.held == Units(30_500 * 100_000_000))
        #expect(quote.free == Units((1_000_000 - 60_000 - 30_500) * 100_000_000))
        #expect(naive.brokenInvariant == nil)
    }

    @Test("the invariants notice money from nowhere", arguments: [Units(1), Units(-1)])
    func noticesForgery(_ amount: Units) {
        var naive = exchange()
        #expect(naive.brokenInvariant == nil)
        naive.forge(amount, of: AssetID(1), for: AccountID(1))
        #expect(naive.brokenInvariant != nil)
    }
}
