import Logging
import SyncronCore
import SyncronHistory
import SyncronJournal

/// One exchange, running: the deterministic engine and everything around it that makes it last and be seen.
///
/// All methods may be called from any thread. Those that are `async` never block the thread they are called on.
public final class Node: Sendable {
    /// Whether test money may be made: the exchange was begun with the sandbox, and this start asked for it.
    public let isSandbox: Bool
    public let marketData: MarketDataStore
    public let history: HistoryReader
    /// What happens, as it happens.
    public let feed: Feed
    public let metrics: NodeMetrics
    public let clockMode: ClockMode

    let commons: Commons
    private let userEventReader: UserEventReader
    private let snapshots: SnapshotSchedule
    private let startedAt = MonotonicTime.now
    private let threads: NodeThreads

    init(
        _ configuration: NodeConfiguration, _ commons: Commons, _ store: HistoryStore, _ snapshots: SnapshotSchedule,
        _ threads: NodeThreads
    ) {
        self.commons = commons
        self.snapshots = snapshots
        self.threads = threads
        isSandbox = configuration.sandbox && commons.directory.genesis?.hasSandbox == true
        marketData = commons.marketData
        feed = commons.feed
        metrics = commons.metrics
        clockMode = commons.clock.mode
        history = HistoryReader(store: store, tail: commons.tail, patience: configuration.historyPatience) {
            commons.directory
        }
        userEventReader = UserEventReader(
            store: store, tail: commons.tail, patience: configuration.historyPatience)
        registerGauges()
    }

    // MARK: What is to be seen

    /// Who and what there is, as of the last command applied.
    public var directory: Directory { commons.directory }

    /// The exchange's time.
    public var now: Timestamp { commons.clock.now }

    /// The last command applied: what it changed is to be seen everywhere.
    public var appliedSequence: Sequence { commons.appliedSequence }

    /// Why a command would be refused now; nil while they are taken. The writer is asked, and looks again for space
    /// that it did not find before.
    public func refusal() async -> Unavailable? {
        do throws(Unavailable) { try await inspect { _, _ in } } catch { return error }
        if commons.inbox.isClosedToCommands { return .stopping }
        if commons.isOutOfSpace { return .noSpace }
        return commons.tail.isFull ? .historyBehind : nil
    }

    // MARK: Commands

    /// Has a command stamped, made durable and applied, and returns what came of it: a refusal by the exchange is an
    /// outcome as well.
    ///
    /// - Throws: `Unavailable` when the command was not accepted; nothing of it happened.
    public func submit(_ command: Command) async throws(Unavailable) -> Outcome {
        let result: Result<Outcome, Unavailable> = await withUnsafeContinuation { continuation in
            submit(command) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// As above. `completion` is called once, on the writer's thread or on this one, and must be short.
    public func submit(
        _ command: Command, _ completion: @escaping @Sendable (Result<Outcome, Unavailable>) -> Void
    ) {
        put(.command(Self.checked(command), .callback(completion), since: .now))
    }

    /// As above, for those who submit many commands: the answer goes to `sink` with `token`.
    public func submit(_ command: Command, to sink: any ReplySink, token: UInt64) {
        put(.command(Self.checked(command), .sink(sink, token: token), since: .now))
    }

    /// Those that only the node itself may journal are a mistake of the caller's.
    private static func checked(_ command: Command) -> Command {
        switch command {
        case .begin, .tick, .checkpoint:
            preconditionFailure("the node's own commands cannot be submitted")
        case .placeOrder, .placeOrderWithOptions, .placeOrderList, .amendOrder, .cancelOrder, .cancelAllOrders,
            .setCancelCountdown, .openAccount, .changeAccount, .createAPIKey, .deleteAPIKey, .openListenKey,
            .keepListenKey, .closeListenKey, .recordDeposit, .requestWithdrawal, .cancelWithdrawal, .settleWithdrawal,
            .failWithdrawal, .assignDepositAddress, .transfer, .fundLending, .fundInsurance, .borrow, .repay,
            .setIndexPrices, .placeFuturesOrder, .setLeverage, .setMarginType, .setPositionMode, .adjustPositionMargin,
            .changeAPIKey, .registerLogin,
            .setSecondFactor, .setPassword, .defineAsset, .defineMarket, .setMarketStatus:
            return command
        }
    }

    // MARK: Questions

    /// Has the writer run `body` between two batches: it sees exactly what is applied, everything that was submitted
    /// before it included. The writer waits for it, so it should be short.
    public func query<R: Sendable>(
        _ body: @escaping @Sendable (borrowing Engine, _ now: Timestamp) -> R
    ) async throws(Unavailable) -> R {
        try await inspect { exchange, now in body(exchange.engine, now) }
    }

    func inspect<R: Sendable>(
        _ body: @escaping @Sendable (borrowing Exchange, _ now: Timestamp) -> R
    ) async throws(Unavailable) -> R {
        try await commons.inbox.inspect(body)
    }

    /// At most `limit` events of the account's stream, from number `seq` on.
    ///
    /// Who goes on live afterwards misses nothing and sees nothing twice in this way: first the account's live events
    /// are collected, then pages are read until one reaches its `lastSeq`, then of those collected the ones above the
    /// last one read follow.
    ///
    /// - Throws: `Unavailable`, `HistoryFailure`.
    public func userEvents(of account: AccountID, from seq: UInt64, limit: Int) async throws -> UserStreamPage {
        let newest = try await inspect { exchange, _ in exchange.userEvents.lastSeq(of: account) }
        return try await userEventReader.page(of: account, from: seq, newest: newest, now: now, limit: limit)
    }

    public func status() async throws(Unavailable) -> NodeStatus {
        let (commons, uptime) = (commons, Duration.nanoseconds(Int64(clamping: MonotonicTime.now.since(startedAt))))
        return try await inspect { exchange, _ in
            NodeStatus(
                sequence: exchange.engine.sequence, durableSequence: commons.durableSequence,
                stateHash: exchange.engine.digest, snapshotSequence: commons.snapshotSequence, uptime: uptime,
                markets: commons.directory.markets.count, accounts: commons.directory.accountCount,
                openOrders: exchange.engine.openOrderCount)
        }
    }

    // MARK: Operations

    /// The furthest that a manual clock can be set forward at once, in milliseconds: a hundred years.
    public static let longestAdvance: Int64 = 3_155_760_000_000

    /// Sets a manual clock forward and has everything happen that is due until then, in order.
    ///
    /// - Parameter milliseconds: 1 to `longestAdvance`.
    /// - Throws: `.notManual` under the system's clock.
    @discardableResult
    public func advanceClock(byMilliseconds milliseconds: Int64) async throws(Unavailable) -> Stamp {
        precondition(1...Self.longestAdvance ~= milliseconds, "the clock cannot be set forward by \(milliseconds)")
        let result: Result<Outcome, Unavailable> = await withUnsafeContinuation { continuation in
            put(.advance(milliseconds: milliseconds, .callback { continuation.resume(returning: $0) }))
        }
        return try result.get().stamp
    }

    /// Has a snapshot made of what is applied now, and checked: the second engine that makes it must come to the same
    /// digest.
    ///
    /// - Throws: `NodeFailure`.
    public func snapshot() async throws(NodeFailure) -> (sequence: Sequence, digest: StateDigest) {
        try await snapshots.request()
    }

    /// Takes no more commands, brings those that were taken to their end, and waits until the history and all who
    /// follow have seen them. Questions are still answered.
    public func drain() async {
        commons.inbox.closeToCommands()
        let sequence = try? await inspect { exchange, _ in exchange.engine.sequence }
        commons.log.info("drained", metadata: ["sequence": "\(sequence ?? commons.appliedSequence)"])
        _ = await commons.tail.storesAll(by: .now + .seconds(2))
        await offPool("syncron.drain") { [commons] in commons.feed.waitUntilIdle() }
    }

    /// Drains, then ends all threads and gives the data directory back. Afterwards everything is refused.
    public func stop() async {
        await drain()
        await offPool("syncron.stop") { [self] in
            commons.inbox.close(.stopping)
            snapshots.close()
            threads.joinWriter()
            commons.feed.close()
            commons.tail.close()
            threads.joinAll()
            history.close()
        }
    }

    private func put(_ request: Request) {
        guard let refusal = commons.inbox.put(request) else { return }
        metrics.count(refusal)
        request.refuse(refusal)
    }

    private func registerGauges() {
        let (registry, commons, history) = (metrics.registry, commons, history)
        let depth = "syncron_queue_depth"
        let help = "What waits: requests for the writer, events for the history, its readers, batches for the feed."
        registry.gauge(depth, help: help, labels: [("queue", "inbox")]) { Double(commons.inbox.count) }
        registry.gauge(depth, help: help, labels: [("queue", "history")]) { Double(commons.tail.depth) }
        registry.gauge(depth, help: help, labels: [("queue", "history_readers")]) {
            Double(commons.tail.waiterCount)
        }
        registry.gauge(depth, help: help, labels: [("queue", "feed")]) { Double(commons.feed.depth) }
        registry.gauge("syncron_sequence", help: "The last command applied.") { Double(commons.appliedSequence.raw) }
        registry.gauge("syncron_history_sequence", help: "The last command that the history holds.") {
            Double(history.storedSequence.raw)
        }
        registry.gauge("syncron_snapshot_sequence", help: "The command after which the newest snapshot was taken.") {
            Double(commons.snapshotSequence.raw)
        }
    }
}

/// Figures about a running node, all of one moment.
public struct NodeStatus: Sendable, Hashable {
    public var sequence: Sequence
    public var durableSequence: Sequence
    public var stateHash: StateDigest
    /// 0 when there is no snapshot.
    public var snapshotSequence: Sequence
    public var uptime: Duration
    public var markets: Int
    public var accounts: Int
    public var openOrders: Int
}

/// The threads of one node.
struct NodeThreads: Sendable {
    var writer: Worker
    var others: [Worker]

    func joinWriter() { writer.join() }

    func joinAll() {
        writer.join()
        for worker in others { worker.join() }
    }
}
