import SyncronCore
import SyncronHistory
import SyncronMarketData

/// Fills a history with orders that trade, spread over a year, and measures what is asked of it.
public enum QueryBenchmark {
    public struct Row: Sendable {
        public var question: String
        public var p50Nanoseconds: UInt64
        public var p99Nanoseconds: UInt64
    }

    public struct Result: Sendable {
        public var orders: Int
        public var trades: Int
        public var secondsToFill: Double
        public var rows: [Row]
    }

    private static let market = MarketID(0)
    /// It takes all orders of the others, so half of all orders are its own.
    private static let taker = AccountID(1)
    private static let makers: UInt32 = 20
    private static let begin: Int64 = 1_672_531_200_000
    private static let year: Int64 = 365 * 86_400_000
    private static let batch = 5_000
    private static let repetitions = 300

    /// `directory` must not hold a history. `orders` is rounded down to an even number.
    public static func run(directory: String, orders: Int) throws -> Result {
        let store = try HistoryStore(path: "\(directory)/history.sqlite")
        let clock = ContinuousClock()
        let filled = try clock.measure { try fill(store, pairs: orders / 2) }
        let (seconds, attoseconds) = filled.components
        let rows = try store.read { view in try measure(view, pairs: orders / 2) }
        try store.close()
        return Result(
            orders: orders / 2 * 2, trades: orders / 2, secondsToFill: Double(seconds) + Double(attoseconds) / 1e18,
            rows: rows)
    }

    // MARK: Filling

    private static func fill(_ store: HistoryStore, pairs: Int) throws {
        var limits = Limits()
        limits.accounts = 64
        limits.openOrders = 1_024
        var engine = Engine(limits: limits)
        var entries: [HistoryEntry] = []
        var random = SeededRandom(seed: 1)
        var price: Int64 = 3_000_000
        func apply(_ command: Command, at time: Timestamp, _ engine: inout Engine) throws {
            var events: [Event] = []
            let stamp = Stamp(sequence: engine.sequence.next, time: time)
            engine.apply(command, at: stamp, into: &events)
            entries.append(HistoryEntry(stamp: stamp, events: events))
            if entries.count >= batch {
                try store.apply(entries)
                entries.removeAll(keepingCapacity: true)
            }
        }
        for command in opening { try apply(command, at: Timestamp(milliseconds: begin), &engine) }
        for pair in 0..<pairs {
            let time = Timestamp(milliseconds: begin + year / Int64(pairs) * Int64(pair))
            price = min(max(price + random.int(in: -200...200), 1_000_000), 9_000_000)
            let quantity = Steps(random.int(in: 1...1_000))
            let maker = AccountID(2 + UInt32(pair) % makers)
            try apply(order(maker, .sell, price, quantity, "m-\(pair)"), at: time, &engine)
            try apply(order(taker, .buy, price, quantity, "t-\(pair)"), at: time, &engine)
        }
        try store.apply(entries)
    }

    private static func order(
        _ account: AccountID, _ side: Side, _ price: Int64, _ quantity: Steps, _ name: String
    ) -> Command {
        .placeOrder(
            PlaceOrder(
                account: account, market: market, side: side,
                terms: .limit(price: Ticks(price), quantity: quantity, timeInForce: .gtc),
                selfTradePrevention: .none, clientOrderID: ClientOrderID(name) ?? .none))
    }

    private static var opening: [Command] {
        RecoveryBenchmark.exchange
            + (1...(makers + 1)).flatMap { account in
                [Command.openAccount(OpenAccount())]
                    + [UInt16(0), 1].map { asset in
                        .recordDeposit(
                            RecordDeposit(
                                account: AccountID(account), asset: AssetID(asset), network: "bench",
                                amount: Units(1 << 80), txID: "bench"))
                    }
            }
    }

    // MARK: Asking

    private static func measure(_ view: HistoryView, pairs: Int) throws -> [Row] {
        var random = SeededRandom(seed: 2)
        func time() -> Timestamp { Timestamp(milliseconds: begin + random.int(in: 0...year)) }
        func trade() -> TradeID { TradeID(UInt64(random.int(in: 1...Int64(pairs)))) }
        func order() -> OrderID { OrderID(UInt64(random.int(in: 1...Int64(2 * pairs)))) }
        let orders = OrderQuery(account: taker, market: market, limit: 500)
        let trades = AccountTradeQuery(account: taker, wallet: .spot, market: market, limit: 500)
        func klines(_ interval: KlineInterval, from start: Timestamp?) throws -> Int {
            let firstTrade = Timestamp(milliseconds: begin)
            let now = Timestamp(milliseconds: begin + year)
            guard
                let range = CandleRange(
                    interval: interval, startTime: start, limit: 1_000, firstTradeTime: firstTrade, now: now)
            else { return 0 }
            let before = try view.lastCandle(of: market, interval, before: range.firstOpenTime)
            let candles = try view.candles(
                of: market, interval, startTime: range.firstOpenTime, endTime: range.lastOpenTime, limit: range.count)
            return range.filled((before.map { [$0] } ?? []) + candles).count
        }
        return [
            try row("allOrders, the newest 500") { try view.orders(orders).count },
            try row("allOrders, 500 from an id on") {
                var query = orders
                (query.firstID, query.rowOrder) = (order(), .oldestFirst)
                return try view.orders(query).count
            },
            try row("allOrders of one day, up to 500") {
                var query = orders
                query.startTime = time()
                query.endTime = query.startTime.map { $0 + 86_400_000 }
                return try view.orders(query).count
            },
            try row("one order by its id") { try view.order(order()) == nil ? 0 : 1 },
            try row("one order by its client id") {
                let name = ClientOrderID("t-\(random.int(in: 0...Int64(pairs) - 1))") ?? .none
                return try view.order(of: taker, market: market, clientID: name) == nil ? 0 : 1
            },
            try row("own trades, the newest 500") { try view.trades(trades).count },
            try row("own trades of one day, up to 500") {
                var query = trades
                query.startTime = time()
                query.endTime = query.startTime.map { $0 + 86_400_000 }
                return try view.trades(query).count
            },
            try row("historicalTrades, 1,000 from an id on") {
                try view.trades(of: market, from: trade(), limit: 1_000).count
            },
            try row("klines, 1,000 of 1m from a time on") { try klines(.oneMinute, from: time()) },
            try row("klines, 1,000 of 1h from a time on") { try klines(.oneHour, from: time()) },
            try row("klines, the newest 1,000 of 1d") { try klines(.oneDay, from: nil) },
        ]
    }

    private static func row(_ question: String, _ body: () throws -> Int) throws -> Row {
        var times: [UInt64] = []
        for _ in 0..<repetitions {
            let (seconds, attoseconds) = try ContinuousClock().measure { _ = try body() }.components
            times.append(UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000)
        }
        times.sort()
        return Row(
            question: question, p50Nanoseconds: times[times.count / 2], p99Nanoseconds: times[times.count * 99 / 100])
    }
}
