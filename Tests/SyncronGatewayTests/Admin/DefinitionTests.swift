import NIOCore
import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway
@testable import SyncronNode

@Suite("Definitions of assets and markets")
struct DefinitionTests {
    private func failure(_ body: () throws -> Void) throws -> DefinitionFailure {
        try #require(throws: DefinitionFailure.self) { try body() }
    }

    private func market(_ json: String, changing symbol: String? = nil) throws -> Market {
        let directory = try StandardExchange.directory()
        let known = try symbol.map { try directory.format(symbol: $0) }
        let definition = try MarketDefinition(try JSONValue(json), symbol: symbol)
        return try MarketTranslation.market(definition, changing: known) { directory.asset(named: $0) }
    }

    private static let minimal =
        #"{"symbol":"SOL-BTC","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.000001","maxPrice":"1000"},"#
        + #"{"filterType":"LOT_SIZE","stepSize":"0.01","maxQty":"5000"}]}"#

    @Test("a new market needs its grid and its greatest price and quantity, all else has defaults")
    func minimalMarket() throws {
        let market = try market(Self.minimal)
        #expect(market.symbol == "SOL-BTC")
        #expect(market.kind == .spot)
        #expect(market.status == .trading)
        #expect(market.base == AssetID(2))
        #expect(market.quote == AssetID(0))
        #expect(market.pricePrecision == 6)
        #expect(market.quantityPrecision == 2)
        #expect(market.tickSize == 1)
        #expect(market.stepSize == 1)
        #expect(market.filters.minPrice == Ticks(1))
        #expect(market.filters.maxPrice == Ticks(1_000_000_000))
        #expect(market.filters.minQuantity == Steps(1))
        #expect(market.filters.maxQuantity == Steps(500_000))
        #expect(market.filters.maxMarketQuantity == Steps(500_000))
        #expect(market.filters.minNotional == .zero)
        #expect(market.filters.maxNotional == nil)
        #expect(market.filters.percentPrice == PercentPrice())
        #expect(market.filters.maxIcebergParts == 100)
        #expect(market.filters.maxOrders == 200)
        #expect(market.filters.maxAlgoOrders == 50)
        #expect(market.filters.maxPosition == nil)
        #expect(market.commissions == CommissionRates.standard(for: .spot))
    }

    @Test("a tick of ten units keeps the precision it is given, or is written with")
    func coarseTick() throws {
        let text = Self.minimal.replacing("0.000001", with: "0.10")
        #expect(try market(text).pricePrecision == 2)
        #expect(try market(text).tickSize == 10)
        let given = try market(text.replacing(#""symbol""#, with: #""pricePrecision":3,"symbol""#))
        #expect(given.pricePrecision == 3)
        #expect(given.tickSize == 100)
    }

    @Test("a perpetual's symbol makes a perpetual, with its commissions")
    func perpetual() throws {
        let market = try market(Self.minimal.replacing("SOL-BTC", with: "sol-usdt-perp"))
        #expect(market.symbol == "SOL-USDT-PERP")
        #expect(market.kind == .perpetual)
        #expect(market.quote == AssetID(3))
        #expect(market.commissions == CommissionRates.standard(for: .perpetual))
    }

    @Test("a change keeps what it does not name")
    func partialChange() throws {
        let known = try StandardExchange.format().market
        var expected = known
        expected.filters.maxOrders = 7
        expected.filters.minNotional = Units(1_000_000_000)
        let changed = try market(
            #"{"filters":[{"filterType":"MAX_NUM_ORDERS","maxNumOrders":7},"#
                + #"{"filterType":"NOTIONAL","minNotional":"10"}]}"#, changing: "BTC-USDT")
        #expect(changed == expected)
        #expect(try market("{}", changing: "BTC-USDT") == known)
    }

    @Test("null takes a bound away")
    func removal() throws {
        let changed = try market(
            #"{"filters":[{"filterType":"NOTIONAL","maxNotional":null},{"filterType":"PERCENT_PRICE_BY_SIDE","#
                + #""bidMultiplierUp":null,"bidMultiplierDown":null,"askMultiplierUp":null,"askMultiplierDown":null}]}"#,
            changing: "BTC-USDT")
        #expect(changed.filters.maxNotional == nil)
        #expect(changed.filters.percentPrice == nil)
        #expect(changed.filters.minNotional == Units(500_000_000))
    }

    @Test("what exchangeInfo shows can be put back and changes nothing")
    func roundTrip() throws {
        for symbol in ["BTC-USDT", "ETH-USDT", "SOL-USDT", "ETH-BTC"] {
            let format = try StandardExchange.format(symbol)
            let shown = StandardExchange.json { $0.marketDefinition(format) }
            #expect(try market(shown, changing: symbol) == format.market)
            #expect(try market(shown).filters == format.market.filters)
            #expect(try market(shown).commissions == format.market.commissions)
        }
    }

    static let spoilt: [(String, String, [String])] = [
        (#""symbol":"SOL-BTC""#, #""symbol":"SOLBTC""#, ["symbol"]),
        (#""symbol":"SOL-BTC""#, #""symbol":"SOL-BTC-SWAP""#, ["symbol"]),
        (#""symbol":"SOL-BTC""#, #""symbol":7"#, ["symbol"]),
        (#""symbol":"SOL-BTC""#, #""symbol":"SOL-DOGE""#, ["quoteAsset"]),
        (#""symbol":"SOL-BTC""#, #""symbol":"DOGE-BTC""#, ["baseAsset"]),
        (#""symbol":"SOL-BTC""#, #""symbol":"SOL-BTC","status":"OPEN""#, ["status"]),
        (#""symbol":"SOL-BTC""#, #""symbol":"SOL-BTC","pricePrecision":19"#, ["pricePrecision"]),
        (#""symbol":"SOL-BTC""#, #""symbol":"SOL-BTC","pricePrecision":2"#, ["tickSize"]),
        (#""symbol":"SOL-BTC""#, #""symbol":"SOL-BTC","quantityPrecision":1.5"#, ["quantityPrecision"]),
        (#""symbol":"SOL-BTC""#, #""symbol":"SOL-BTC","filters2":1,"commissions":[]"#, ["commissions"]),
        ("PRICE_FILTER", "PRICE_BAND", ["filterType"]),
        (#""tickSize":"0.000001""#, #""tickSize":"0""#, ["tickSize"]),
        (#""tickSize":"0.000001""#, #""tickSize":0.000001"#, ["tickSize"]),
        (#""tickSize":"0.000001""#, #""tickSize":"-1""#, ["tickSize"]),
        (#""tickSize":"0.000001""#, #""tickSizes":"1""#, ["tickSizes"]),
        (#""tickSize":"0.000001","#, "", ["tickSize"]),
        (#""maxPrice":"1000""#, #""maxPrice":"1000.0000005""#, ["maxPrice"]),
        (#""maxPrice":"1000""#, #""maxPrice":"lots""#, ["maxPrice"]),
        (#","maxPrice":"1000""#, "", ["maxPrice"]),
        (#""stepSize":"0.01""#, #""stepSize":"0.01","minQty":"0.015""#, ["minQty"]),
        (
            #""maxQty":"5000"}"#,
            #""maxQty":"5000"},{"filterType":"MARKET_LOT_SIZE","minQty":"0.01","maxQty":"10","stepSize":"0.1"}"#,
            ["stepSize"]
        ),
        (#""maxQty":"5000"}"#, #""maxQty":"5000"},{"filterType":"ICEBERG_PARTS","limit":"0"}"#, ["limit"]),
        (
            #""maxQty":"5000"}"#, #""maxQty":"5000"},{"filterType":"MAX_NUM_ORDERS","maxNumOrders":-1}"#,
            ["maxNumOrders"]
        ),
        (
            #""maxQty":"5000"}"#, #""maxQty":"5000"},{"filterType":"PERCENT_PRICE_BY_SIDE","bidMultiplierUp":null}"#,
            ["bidMultiplierUp"]
        ),
        (
            #""maxQty":"5000"}"#, #""maxQty":"5000"},{"filterType":"PERCENT_PRICE_BY_SIDE","avgPriceMins":10}"#,
            ["avgPriceMins"]
        ),
        (
            #""maxQty":"5000"}"#, #""maxQty":"5000"},{"filterType":"NOTIONAL","minNotional":"0.000000001"}"#,
            ["minNotional"]
        ),
        (#""maxQty":"5000"}"#, #""maxQty":"5000"},{"filterType":"LOT_SIZE","maxQty":"1"}"#, ["maxQty"]),
    ]

    @Test("every bad value is named", arguments: spoilt)
    func badMarkets(part: String, replacement: String, names: [String]) throws {
        let text = Self.minimal.replacing(part, with: replacement)
        #expect(text != Self.minimal)
        let failure = try failure { _ = try market(text) }
        #expect(failure.problems.map(\.name) == names, "\(failure)")
        #expect(failure.asAPIError.code == 1006)
        #expect(failure.asAPIError.details.first?.value == names[0])
    }

    @Test("of several bad values all are named")
    func severalProblems() throws {
        let text = Self.minimal.replacing(#""0.000001""#, with: #""x""#).replacing(#""5000""#, with: "5000")
        let failure = try failure { _ = try market(text) }
        #expect(Set(failure.problems.map(\.name)) == ["tickSize", "maxQty"])
        #expect(failure.description.contains("maxQty: must be a decimal number as text"))
    }

    // MARK: Assets

    private func asset(_ json: String, changing name: String? = nil) throws -> Asset {
        let known = try name.map { try #require(try StandardExchange.directory().asset(named: $0)) }
        return try AssetDefinition(try JSONValue(json), asset: name).asset(changing: known)
    }

    @Test("a new asset has eight decimals and no network unless it says so")
    func newAsset() throws {
        #expect(try asset(#"{"asset":"doge"}"#) == Asset(id: AssetID(0), name: "DOGE", decimals: 8, networks: []))
        let full = try asset(
            #"{"asset":"DOGE","decimals":2,"networks":[{"network":"DOGE","withdrawalFee":"1.5"},{"network":"X"}]}"#)
        #expect(full.decimals == 2)
        #expect(
            full.networks == [
                Network(name: "DOGE", withdrawalFee: Units(150)), Network(name: "X", withdrawalFee: .zero),
            ])
    }

    @Test("a change of an asset keeps what it does not name")
    func changedAsset() throws {
        let known = try #require(try StandardExchange.directory().asset(named: "BTC"))
        #expect(try asset("{}", changing: "BTC") == known)
        let shown = StandardExchange.json { $0.asset(known) }
        #expect(
            shown == #"{"asset":"BTC","decimals":8,"networks":[{"network":"BTC","withdrawalFee":"0.0002"}],"#
                + #""collateralRatio":"0.95","dailyInterestRate":"0.00025"}"#)
        #expect(try asset(shown, changing: "BTC") == known)
    }

    @Test(
        "every bad value of an asset is named",
        arguments: [
            ("{}", ["asset"]), (#"{"asset":"A","decimals":19}"#, ["decimals"]),
            (#"{"asset":"A","decimals":"x","networks":[{"network":""},{}]}"#, ["decimals", "network", "network"]),
            (#"{"asset":"A","networks":{}}"#, ["networks"]),
            (#"{"asset":"A","networks":[{"network":"A","withdrawalFee":1}]}"#, ["withdrawalFee"]),
            (#"{"asset":"A","networks":[{"network":"A","withdrawalFee":"0.123456789"}]}"#, ["withdrawalFee"]),
            ("[]", ["asset"]),
        ])
    func badAssets(json: String, names: [String]) throws {
        #expect(try failure { _ = try asset(json) }.problems.map(\.name) == names)
    }

    // MARK: A whole exchange

    @Test("the default exchange is what the contract says")
    func standard() throws {
        let directory = try StandardExchange.directory()
        #expect(directory.assets.map(\.name) == ["BTC", "ETH", "SOL", "USDT"])
        #expect(directory.assets.allSatisfy { $0.decimals == 8 })
        #expect(directory.assets.map(\.networks[0].name) == ["BTC", "ETH", "SOL", "ETH"])
        #expect(
            directory.assets.map(\.networks[0].withdrawalFee.raw) == [20_000, 200_000, 1_000_000, 100_000_000])
        let (spot, perpetuals) = (
            directory.markets.filter { $0.kind == .spot }, directory.markets.filter { $0.kind == .perpetual }
        )
        #expect(spot.map(\.symbol) == ["BTC-USDT", "ETH-USDT", "SOL-USDT", "ETH-BTC"])
        #expect(spot.map(\.pricePrecision) == [2, 2, 2, 5])
        #expect(spot.map(\.quantityPrecision) == [5, 4, 3, 3])
        #expect(spot.map(\.filters.maxPrice.raw) == [1_000_000_000, 1_000_000_000, 1_000_000_000, 100_000_000])
        #expect(spot.map(\.filters.maxQuantity.raw) == [100_000_000, 100_000_000, 100_000_000, 10_000_000])
        #expect(spot.map(\.filters.minNotional.raw) == [500_000_000, 500_000_000, 500_000_000, 10_000])
        #expect(
            spot.map(\.filters.maxNotional?.raw)
                == [900_000_000_000_000, 900_000_000_000_000, 900_000_000_000_000, 10_000_000_000])
        #expect(spot.allSatisfy { $0.perpetual == nil })

        #expect(perpetuals.map(\.symbol) == ["BTC-USDT-PERP", "ETH-USDT-PERP", "SOL-USDT-PERP"])
        #expect(perpetuals.map(\.tickSize) == [10, 1, 1] && perpetuals.map(\.pricePrecision) == [2, 2, 2])
        #expect(perpetuals.map(\.quantityPrecision) == [3, 3, 1])
        #expect(perpetuals.map(\.filters.maxQuantity.raw) == [1_000_000, 10_000_000, 1_000_000])
        #expect(perpetuals.map(\.filters.minNotional.raw) == [500_000_000, 500_000_000, 500_000_000])
        #expect(perpetuals.allSatisfy { $0.filters.maxNotional == nil })
        #expect(
            perpetuals.map { $0.perpetual?.brackets.map(\.maxLeverage) ?? [] } == [
                [125, 100, 75, 50, 25, 20, 10, 5, 4, 3, 2, 1], [100, 75, 50, 25, 20, 10, 5, 4, 3, 2, 1],
                [75, 50, 25, 20, 10, 5],
            ])
    }

    @Test("an exchange is read from text alone, as a file without types gives it")
    func textOnly() throws {
        let json =
            #"{"assets":[{"asset":"AAA","decimals":"4"},{"asset":"BBB"}],"markets":["#
            + Self.minimal.replacing("SOL-BTC", with: "AAA-BBB")
            .replacing(#""symbol""#, with: #""pricePrecision":"6","symbol""#) + "]}"
        let commands = try ExchangeDefinition(try JSONValue(json)).commands()
        #expect(commands.count == 3)
        guard case .defineMarket(let market) = commands[2] else { throw FixtureFailure("the market comes last") }
        #expect(market.base == AssetID(0))
        #expect(market.quote == AssetID(1))
    }

    @Test("problems of a whole exchange say where they are")
    func places() throws {
        let json = #"{"assets":[{"asset":"AAA"},{"asset":"aaa"},{"asset":"B","decimals":99}],"markets":[{}],"fees":1}"#
        let failure = try failure { _ = try ExchangeDefinition(try JSONValue(json)) }
        #expect(failure.description.contains("fees: is neither assets nor markets"))
        #expect(failure.description.contains("assets[2].decimals: must be a whole number from 0 to 18"))
        #expect(failure.description.contains("markets[0].symbol: is missing"))
        let twice = #"{"assets":[{"asset":"AAA"},{"asset":"aaa"}],"markets":[]}"#
        let doubled = try self.failure { _ = try ExchangeDefinition(try JSONValue(twice)).commands() }
        #expect(doubled.description.contains("assets[1].asset: is defined twice"))
    }
}
