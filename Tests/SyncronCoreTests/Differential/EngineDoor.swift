import SyncronCore
import SyncronNode

@testable import SyncronSimulator

/// An exchange without journal and threads, whose time passes when somebody waits.
actor EngineDoor: ExchangeDoor {
    private var engine: Engine
    private(set) var now = Timestamp(milliseconds: 1_700_000_000_000)
    private(set) var log: [(time: Timestamp, command: Command, events: [Event])] = []
    /// What the next commands are answered with instead of being performed.
    private var outages: [Unavailable] = []
    private var keepsLog = true

    init(_ commands: [Command] = DefaultScene.commands) {
        var limits = Limits()
        limits.accounts = 64
        limits.openOrders = 8_192
        limits.markets = 8
        engine = Engine(limits: limits)
        var events: [Event] = []
        for command in commands {
            engine.apply(command, at: Stamp(sequence: engine.sequence.next, time: now), into: &events)
        }
    }

    func perform(_ command: Command) async throws(Unavailable) -> [Event] {
        if let outage = outages.popLast() { throw outage }
        var events: [Event] = []
        engine.apply(command, at: Stamp(sequence: engine.sequence.next, time: now), into: &events)
        if keepsLog { log.append((now, command, events)) }
        return events
    }

    func query<R: Sendable>(
        _ body: @escaping @Sendable (borrowing Engine, Timestamp) -> R
    ) async throws(Unavailable) -> R {
        body(engine, now)
    }

    func pass(_ duration: Duration) {
        now = now + (duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000)
    }

    func forgetLog() { log = [] }

    func fail(with outages: [Unavailable]) { self.outages = outages.reversed() }

    /// A way to wait that lets this exchange's time pass, and yields to those who want to cancel.
    nonisolated var pause: TradingFloor.Pause {
        { duration in
            try Task.checkCancellation()
            await self.pass(duration)
            await Task.yield()
        }
    }
}

/// The default spot markets.
enum DefaultScene {
    static let commands: [Command] =
        [.begin(Genesis(hasSandbox: true))] + assets.map { .defineAsset($0) }
        + markets.map { .defineMarket($0) }
        + assets.map { .fundLending(LendingPool(asset: $0.id, amount: Units(500_000_000_000_000))) }

    static let assets = ["BTC", "ETH", "SOL", "USDT"].enumerated().map { index, name in
        Asset(
            id: AssetID(UInt16(index)), name: name, decimals: 8,
            networks: [Network(name: name, withdrawalFee: Units(1))],
            margin: MarginTerms(collateralRatio: Rate(95_000_000), dailyInterest: Rate(25_000)))
    }

    static let markets = [
        market(0, "BTC-USDT", 0, 3, 2, 5, 500_000_000), market(1, "ETH-USDT", 1, 3, 2, 4, 500_000_000),
        market(2, "SOL-USDT", 2, 3, 2, 3, 500_000_000), market(3, "ETH-BTC", 1, 0, 5, 3, 10_000),
    ]

    private static func market(
        _ id: UInt16, _ symbol: String, _ base: UInt16, _ quote: UInt16, _ pricePrecision: UInt8,
        _ quantityPrecision: UInt8, _ minNotional: Int128
    ) -> Market {
        let filters = Filters(
            minPrice: Ticks(1), maxPrice: Ticks(1_000_000_000), minQuantity: Steps(1), maxQuantity: Steps(100_000_000),
            minMarketQuantity: Steps(1), maxMarketQuantity: Steps(100_000_000), minNotional: Units(minNotional),
            maxNotional: nil)
        return Market(
            id: MarketID(id), symbol: symbol, base: AssetID(base), quote: AssetID(quote), kind: .spot,
            status: .trading, pricePrecision: pricePrecision, quantityPrecision: quantityPrecision, tickSize: 1,
            stepSize: 1, filters: filters, commissions: CommissionRates.standard(for: .spot))
    }
}
