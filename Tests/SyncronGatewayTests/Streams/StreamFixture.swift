import NIOCore
import SyncronCore
import SyncronMarketData
import SyncronWire

@testable import SyncronGateway
@testable import SyncronNode

/// Two assets, a market of each kind of precision, and what stands around them.
enum StreamFixture {
    static let btc = Asset(
        id: AssetID(0), name: "BTC", decimals: 8, networks: [],
        margin: MarginTerms(collateralRatio: Rate(95_000_000), dailyInterest: Rate(25_000)))
    static let usdt = Asset(
        id: AssetID(1), name: "USDT", decimals: 8, networks: [],
        margin: MarginTerms(collateralRatio: .one, dailyInterest: Rate(20_000)))
    static let eth = Asset(id: AssetID(2), name: "ETH", decimals: 8, networks: [])

    static let btcUSDT = market(0, "BTC-USDT", btc, usdt, pricePrecision: 2, quantityPrecision: 5)
    static let ethBTC = market(1, "ETH-BTC", eth, btc, pricePrecision: 5, quantityPrecision: 3)
    static let perpetual = market(
        2, "BTC-USDT-PERP", btc, usdt, pricePrecision: 2, quantityPrecision: 3, tickSize: 10, kind: .perpetual)

    static let directory = directory(of: [btcUSDT, ethBTC, perpetual])

    static func directory(of markets: [Market]) -> Directory {
        var parts = DirectoryParts()
        for asset in [btc, usdt, eth] { _ = parts.apply(.assetDefined(asset)) }
        for market in markets { _ = parts.apply(.marketDefined(market)) }
        return Directory(parts)
    }

    static func market(
        _ id: UInt16, _ symbol: String, _ base: Asset, _ quote: Asset, pricePrecision: UInt8,
        quantityPrecision: UInt8, tickSize: Int64 = 1, kind: MarketKind = .spot
    ) -> Market {
        let filters = Filters(
            minPrice: Ticks(1), maxPrice: Ticks(1_000_000_000), minQuantity: Steps(1),
            maxQuantity: Steps(100_000_000), minMarketQuantity: Steps(1), maxMarketQuantity: Steps(100_000_000),
            minNotional: Units(0), maxNotional: nil)
        return Market(
            id: MarketID(id), symbol: symbol, base: base.id, quote: quote.id, kind: kind, status: .trading,
            pricePrecision: pricePrecision, quantityPrecision: quantityPrecision, tickSize: tickSize, stepSize: 1,
            filters: filters, commissions: CommissionRates.standard(for: kind))
    }

    static func format(_ market: Market = btcUSDT) throws -> MarketFormat {
        guard let format = MarketFormat(market, directory) else { throw FixtureFailure("no format") }
        return format
    }

    static func trade(
        _ id: UInt64, price: Int64, quantity: Int64, takerSide: Side = .buy, market: Market = btcUSDT,
        at time: Timestamp = .zero
    ) -> Trade {
        Trade(
            market: market.id, id: TradeID(id), price: Ticks(price), quantity: Steps(quantity),
            // One tick times one step of BTC-USDT is 10^-7 USDT, 10 of its units.
            notional: Units(Int128(price) * Int128(quantity) * 10), takerSide: takerSide, makerOrder: OrderID(1),
            takerOrder: OrderID(2), makerAccount: AccountID(1), takerAccount: AccountID(2), makerWallet: .spot,
            takerWallet: .spot, makerCommission: Units(0), takerCommission: Units(0), time: time)
    }

    static func stamp(_ milliseconds: Int64, _ sequence: UInt64 = 1) -> Stamp {
        Stamp(sequence: Sequence(sequence), time: Timestamp(milliseconds: milliseconds))
    }

    static func json(_ body: (inout JSONWriter) throws -> Void) rethrows -> String {
        var writer = JSONWriter()
        try body(&writer)
        return String(buffer: writer.buffer)
    }
}

struct FixtureFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// Market data that a test holds in its hand.
final class HeldMarketData: MarketReading {
    var data = MarketData()
    var now = Timestamp(milliseconds: 0)

    init(_ markets: [Market] = [StreamFixture.btcUSDT]) {
        for market in markets { data.apply(.marketDefined(market)) }
    }

    func apply(_ event: Event, at time: Int64 = 0) {
        var event = event
        if case .traded(var trade) = event {
            trade.time = Timestamp(milliseconds: time)
            event = .traded(trade)
        }
        data.apply(event)
        now = max(now, Timestamp(milliseconds: time))
    }

    func read<R>(_ market: MarketID, _ body: (borrowing MarketView, Timestamp) -> R) -> R? {
        data.withMarket(market) { body($0, now) }
    }
}

extension MarketMessages {
    /// The messages of one stream as text, taken out.
    mutating func take(_ stream: MarketStream, of market: Market = StreamFixture.btcUSDT) -> [String] {
        let key = StreamKey.market(market.id, stream)
        let texts = items.filter { $0.key == key }.flatMap { $0.frames.messages }
        removeAll()
        return texts
    }
}

extension ByteBuffer {
    /// The messages of finished frames.
    var messages: [String] {
        var (rest, texts) = (self, [String]())
        while let payload = TextFrames.nextPayload(of: &rest) { texts.append(String(buffer: payload)) }
        return texts
    }
}

/// The same numbers for the same seed (SplitMix64).
struct StreamRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
