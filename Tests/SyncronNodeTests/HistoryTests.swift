import Dispatch
import Foundation
import SyncronCore
import SyncronHistory
import SyncronJournal
import Testing

@testable import SyncronNode

@Suite("The history behind the writer")
struct HistoryTests {
    @Test("who was answered finds what he did, at once")
    func ownWrites() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        for round in 1...30 {
            let outcome = try await node.submit(
                SmallExchange.limit(SmallExchange.alice, .buy, price: 100, quantity: Int64(round)))
            guard case .orderAccepted(let order)? = outcome.events.first else {
                Issue.record("\(outcome.events)")
                break
            }
            let found = try await node.history.read { try $0.order(order.id) }
            #expect(found == order)
        }
        await node.stop()
    }

    /// While the history catches up, what needs it is refused, for longer than a client would wait on a busy machine.
    private static func patiently<R>(_ body: () async throws -> R) async throws -> R {
        for _ in 0..<300 {
            do { return try await body() } catch Unavailable.historyBehind {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        return try await body()
    }

    @Test("a history that is gone is rebuilt while the node serves", arguments: [81, 82] as [UInt64])
    func catchUp(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(2_000, seed: seed)
        _ = try await node.snapshot()
        await node.trade(2_000, seed: seed + 1)
        let before = try await node.history.read { try Rows($0) }
        await node.stop()
        try directory.removeHistory()

        // Too small a bound for what is missing: the journal has to be read again beside the live engine.
        let restarted = try SmallExchange.start(directory) { $0.historyBound = 500 }
        let order = try await Self.patiently {
            try await restarted.submit(
                SmallExchange.limit(SmallExchange.alice, .buy, price: 1, quantity: 1, name: "new"))
        }
        #expect(order.rejection == nil)
        let after = try await Self.patiently { try await restarted.history.read { try Rows($0) } }
        #expect(after.orders == before.orders + 1, "seed \(seed)")
        #expect(after.trades == before.trades, "seed \(seed)")
        #expect(after.userEvents == before.userEvents + 2, "the new order and its hold; seed \(seed)")
        #expect(after.sequence == order.stamp.sequence, "seed \(seed)")
        await restarted.stop()

        // And once it has caught up, it is like any other.
        let again = try SmallExchange.start(directory)
        #expect(try await again.history.read { try Rows($0) } == after, "seed \(seed)")
        await again.stop()
    }

    @Test("a history that lags a little goes on from the replay")
    func lag() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(100, seed: 83)
        await node.drain()
        let image = try directory.crashImage()
        await node.stop()
        // Commands that the history has not seen.
        try SmallExchange.append(
            (0..<50).map { SmallExchange.limit(SmallExchange.bob, .buy, price: 10 + $0, quantity: 1) }, to: image)
        let restarted = try SmallExchange.start(image)
        let found = try await restarted.history.read { view in
            try view.orders(OrderQuery(account: SmallExchange.bob, market: SmallExchange.market, limit: 50))
        }
        #expect(found.map(\.price.raw) == (0..<50).map { 10 + $0 }.reversed())
        await restarted.stop()
    }

    @Test("while the history is too far behind commands are refused, and it goes on by itself")
    func behind() async throws {
        let directory = TemporaryDirectory()
        let first = try SmallExchange.start(directory)
        await first.trade(500, seed: 84)
        await first.stop()
        try directory.removeHistory()
        let storage = try SwitchedStorage(directory.path)
        let node = try SmallExchange.start(directory) {
            $0.makeStorage = { _ in storage }
            $0.historyBound = 300
            $0.historyPatience = .milliseconds(300)
            $0.onProgress = { _ in storage.set { $0.hangsReaders = true } }
        }
        let order = SmallExchange.limit(SmallExchange.alice, .buy, price: 1, quantity: 1, name: "last")
        await #expect(throws: Unavailable.historyBehind) { try await node.history.read { try $0.appliedSequence } }
        var refusal: Unavailable?
        var orders = RandomOrders(seed: 85)
        for _ in 0..<2_000 where refusal == nil {
            do { _ = try await node.submit(orders.next()) } catch { refusal = error }
        }
        #expect(refusal == .historyBehind)
        #expect(try await node.query { engine, _ in engine.accountCount } == 3)
        storage.set { $0.hangsReaders = false }
        var accepted: Outcome?
        for _ in 0..<100 where accepted == nil {
            accepted = try? await node.submit(order)
            if accepted == nil { try await Task.sleep(for: .milliseconds(50)) }
        }
        #expect(accepted != nil)
        await node.stop()
    }

    /// One trade that waits to be stored, and a reader for whom that may take a minute.
    private func unstoredTrade() throws -> (TemporaryDirectory, HistoryStore, HistoryTail, HistoryReader) {
        let directory = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let store = try HistoryStore(path: directory.path + "/history.sqlite")
        let tail = HistoryTail(bound: 1_000, stored: Sequence(0))
        let reader = HistoryReader(store: store, tail: tail, patience: .seconds(60)) { Directory(DirectoryParts()) }
        var exchange = Exchange(limits: SmallExchange.configuration(directory).limits, marketData: nil)
        var draft = BatchDraft(keepsUserEvents: true)
        let commands =
            [.begin(Genesis(hasSandbox: false))] + SmallExchange.definition + [
                SmallExchange.limit(SmallExchange.alice, .buy, price: 5, quantity: 2, name: "mine"),
                SmallExchange.limit(SmallExchange.bob, .sell, price: 5, quantity: 1),
            ]
        try exchange.apply(commands.span, at: Timestamp(milliseconds: 1), into: &draft)
        tail.put(draft.finish())
        return (directory, store, tail, reader)
    }

    @Test("while nothing can be stored, what waits in memory is read as if it were")
    func stuck() async throws {
        let (directory, store, tail, reader) = try unstoredTrade()
        defer { withExtendedLifetime(directory) {} }
        // Whoever waits already is told as well.
        async let early = reader.read { try $0.counts }
        while tail.waiterCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
        tail.markStuck()
        let (first, second) = (try await early, try await reader.read { try $0.counts })
        #expect(first == second && first.orders == 2 && first.trades == 1)
        let query = OrderQuery(account: SmallExchange.alice, market: SmallExchange.market, limit: 5)
        #expect(try await reader.read { try $0.orders(query) }.map(\.status) == [.partiallyFilled])
        #expect(try await store.read { try $0.counts.orders } == 0, "nothing of it is kept")

        // So many that they would hold each other up are sent away, and later ones find a place again.
        let semaphore = DispatchSemaphore(value: 0)
        let busy = (0..<HistoryReader.mostReadersAhead).map { _ in
            Task { try await reader.read { _ in semaphore.wait() } }
        }
        while reader.aheadCount < HistoryReader.mostReadersAhead { try await Task.sleep(for: .milliseconds(1)) }
        await #expect(throws: Unavailable.historyBehind) { try await reader.read { try $0.counts } }
        for _ in busy { semaphore.signal() }
        for task in busy { try await task.value }
        #expect(try await reader.read { try $0.counts } == first)

        try store.apply(HistoryEntry.entries(of: tail.batches, Directory(DirectoryParts())))
        tail.markStored(tail.applied)
        #expect(!tail.isStuck)
        #expect(try await reader.read { try $0.counts.orders } == 2)
    }

    @Test("an order that waits to be stored can be found without waiting")
    func pendingOrder() throws {
        let (directory, _, _, reader) = try unstoredTrade()
        defer { withExtendedLifetime(directory) {} }
        let market = SmallExchange.market
        let name = OrderReference.clientID(ClientOrderID("mine") ?? .none)
        let mine = reader.pendingOrder(of: SmallExchange.alice, market: market, name)
        #expect(mine?.executed == Steps(1))
        #expect(mine?.status == .partiallyFilled)
        #expect(reader.pendingOrder(of: SmallExchange.alice, market: market, .id(OrderID(1))) == mine)
        #expect(reader.pendingOrder(of: SmallExchange.bob, market: market, .id(OrderID(1))) == nil)
        #expect(reader.pendingOrder(of: SmallExchange.alice, market: market, .id(OrderID(9))) == nil)
    }
}

/// What a history holds.
private struct Rows: Sendable, Equatable {
    var sequence: Sequence
    var orders: Int
    var trades: Int
    var deposits: Int
    var userEvents: Int
    var aliceTrades: [AccountTrade]

    init(_ view: HistoryView) throws {
        sequence = try view.appliedSequence
        let counts = try view.counts
        orders = counts.orders
        trades = counts.trades
        deposits = counts.deposits
        userEvents = counts.userEvents
        aliceTrades = try view.trades(
            AccountTradeQuery(account: SmallExchange.alice, market: SmallExchange.market, limit: 1_000))
    }
}
