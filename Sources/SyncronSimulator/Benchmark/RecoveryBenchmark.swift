import SyncronCore
import SyncronJournal
import SyncronNode

/// Writes a journal of random orders and cancels, then measures its replay into the engine and the views.
public enum RecoveryBenchmark {
    public struct Result: Sendable {
        public var commands: UInt64
        public var seconds: Double
        public var digest: String
    }

    private static let accounts: UInt32 = 1_000
    private static let batch = 1_024

    /// `directory` must not hold a journal.
    public static func run(directory: String, commands: Int) throws -> Result {
        try write(directory, commands: commands)
        let report = try Replayer(dataDirectory: directory).run()
        let (seconds, attoseconds) = report.duration.components
        return Result(
            commands: report.commands, seconds: Double(seconds) + Double(attoseconds) / 1e18,
            digest: report.digest.description)
    }

    private static func write(_ directory: String, commands: Int) throws {
        let storage = try FileStorage(directory: directory)
        var journal = try Journal.open(storage: storage)
        var time = Timestamp(milliseconds: 1_700_000_000_000)
        var random = SeededRandom(seed: 1)
        var orders = OrderFlow(accounts: accounts)
        var pending = opening
        var written = 0
        while written < commands {
            while pending.count < batch && written + pending.count < commands { pending.append(orders.next(&random)) }
            time = time + 5
            let count = try journal.append(pending, at: time)
            try journal.sync()
            try journal.prepareNextSegment()
            pending.removeFirst(count)
            written += count
        }
    }

    /// One market, BTC-USDT, and nobody who trades in it.
    static var exchange: [Command] {
        var commands: [Command] = [.begin(Genesis(hasSandbox: false))]
        for name in ["USDT", "BTC"] {
            commands.append(.defineAsset(Asset(id: AssetID(0), name: name, decimals: 8, networks: [])))
        }
        commands.append(
            .defineMarket(
                Market(
                    id: MarketID(0), symbol: "BTC-USDT", base: AssetID(1), quote: AssetID(0), kind: .spot,
                    status: .trading, pricePrecision: 2, quantityPrecision: 5, tickSize: 1, stepSize: 1,
                    filters: Filters(
                        minPrice: Ticks(1), maxPrice: Ticks(1_000_000_000), minQuantity: Steps(1),
                        maxQuantity: Steps(100_000_000), minMarketQuantity: Steps(1),
                        maxMarketQuantity: Steps(100_000_000), minNotional: .zero, maxNotional: nil),
                    commissions: CommissionRates.standard(for: .spot))))
        return commands
    }

    private static var opening: [Command] {
        var commands = exchange
        for account in 1...accounts {
            commands.append(.openAccount(OpenAccount()))
            for asset in [UInt16(0), 1] {
                commands.append(
                    .recordDeposit(
                        RecordDeposit(
                            account: AccountID(account), asset: AssetID(asset), network: "bench",
                            amount: Units(1 << 80), txID: "bench")))
            }
        }
        return commands
    }
}

/// Six orders in ten near a wandering price, a third of the commands cancels, the rest orders that take.
private struct OrderFlow {
    let accounts: UInt32
    private var middle: Int64 = 6_000_000
    private var placed: UInt64 = 0

    init(accounts: UInt32) { self.accounts = accounts }

    mutating func next(_ random: inout SeededRandom) -> Command {
        let choice = random.below(100)
        middle += choice < 5 ? 1 : choice > 94 ? -1 : 0
        if choice < 35 && placed > 100 {
            let id = placed - random.below(100)
            return .cancelOrder(
                CancelOrder(account: account(of: id), market: MarketID(0), order: .id(OrderID(id))))
        }
        placed += 1
        let side: Side = random.below(2) == 0 ? .buy : .sell
        let distance = Int64(random.below(50))
        let takes = choice < 45
        let worse = (side == .buy) == takes
        return .placeOrder(
            PlaceOrder(
                account: account(of: placed), market: MarketID(0), side: side,
                terms: .limit(
                    price: Ticks(worse ? middle + distance : middle - distance),
                    quantity: Steps(Int64(random.below(1_000)) + 1), timeInForce: takes ? .ioc : .gtc),
                selfTradePrevention: .none, clientOrderID: ClientOrderID("r-\(placed)") ?? .none))
    }

    private func account(of order: UInt64) -> AccountID { AccountID(UInt32(order % UInt64(accounts)) + 1) }
}
