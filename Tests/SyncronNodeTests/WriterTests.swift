import Synchronization
import SyncronCore
import Testing

@testable import SyncronNode

@Suite("The writer")
struct WriterTests {
    @Test("a question sees everything that was submitted before it")
    func ownWrites() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        for round in 1...50 {
            let name = "order-\(round)"
            let order = SmallExchange.limit(SmallExchange.bob, .sell, price: 9_000_000, quantity: 1, name: name)
            node.submit(order) { _ in }
            let isThere = try await node.query { engine, _ in
                engine.openOrder(
                    of: SmallExchange.bob, wallet: .spot, market: SmallExchange.market,
                    .clientID(ClientOrderID(name) ?? .none)) != nil
            }
            #expect(isThere, "\(name)")
        }
        await node.stop()
    }

    @Test("the directory shows a change before the command is answered")
    func directoryFirst() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        let old = node.directory
        let seen: Account? = await withCheckedContinuation { continuation in
            node.submit(.openAccount(OpenAccount(email: "carol@example.com"))) { _ in
                continuation.resume(returning: node.directory.account(AccountID(4)))
            }
        }
        #expect(seen?.email == "carol@example.com")
        #expect(old.account(AccountID(4)) == nil)
        _ = try await node.submit(.openListenKey(OpenListenKey(account: AccountID(4), key: "listen")))
        #expect(node.directory.listenKey("listen")?.account == AccountID(4))
        _ = try await node.submit(.closeListenKey(KeepListenKey(account: AccountID(4), key: "listen")))
        #expect(node.directory.listenKey("listen") == nil)
        await node.stop()
    }

    @Test("a refused command is an outcome, durable like all others, and changes nothing but the sequence")
    func refusal() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        let cancel = CancelOrder(account: SmallExchange.alice, market: SmallExchange.market, order: .id(OrderID(99)))
        let outcome = try await node.submit(.cancelOrder(cancel))
        #expect(outcome.rejection == .unknownOrder)
        #expect(outcome.events.count == 1)
        #expect(node.appliedSequence == outcome.stamp.sequence)
        await node.stop()
    }

    @Test("the market data shows what the answer says")
    func marketData() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        _ = try await node.submit(SmallExchange.limit(SmallExchange.bob, .sell, price: 500, quantity: 7))
        let outcome = try await node.submit(SmallExchange.limit(SmallExchange.alice, .buy, price: 500, quantity: 3))
        #expect(outcome.events.contains { if case .traded = $0 { true } else { false } })
        let seen = node.marketData.read(SmallExchange.market) { view, now in (view.lastPrice, now) }
        let (last, now) = try #require(seen)
        #expect(last == Ticks(500))
        #expect(now >= outcome.stamp.time)
        #expect(node.marketData.read(MarketID(1)) { _, _ in true } == nil)
        await node.stop()
    }

    @Test("a follower gets every command in order, from where it began")
    func feed() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(100, seed: 61)
        let follower = Follower()
        async let traffic: Void = node.trade(1_000, seed: 62)
        try await node.feed.subscribe(follower)
        await traffic
        await node.trade(100, seed: 63)
        await node.drain()
        let (start, stamps) = follower.seen
        #expect(stamps.map(\.sequence.raw) == Array((start.raw + 1)...node.appliedSequence.raw))
        #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0.time <= $1.time })
        node.feed.unsubscribe(follower)
        await node.stop()
    }

    @Test("after draining commands are refused and questions answered; after stopping nothing is")
    func drain() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        #expect(await node.refusal() == nil)
        await node.drain()
        #expect(await node.refusal() == .stopping)
        let order = SmallExchange.limit(SmallExchange.alice, .buy, price: 1, quantity: 1)
        await #expect(throws: Unavailable.stopping) { try await node.submit(order) }
        #expect(try await node.query { engine, _ in engine.accountCount } == 3)
        await node.stop()
        await #expect(throws: Unavailable.stopping) { try await node.query { _, _ in true } }
        await #expect(throws: NodeFailure.self) { try await node.snapshot() }
    }

    @Test("the status tells of one moment, and the figures are shown")
    func status() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        _ = try await node.submit(SmallExchange.limit(SmallExchange.alice, .buy, price: 1, quantity: 1))
        let status = try await node.status()
        #expect(status.sequence == node.appliedSequence)
        #expect(status.durableSequence == status.sequence)
        #expect(status.snapshotSequence == Sequence(0))
        #expect(status.markets == 1 && status.accounts == 3 && status.openOrders == 1)
        let text = node.metrics.registry.render()
        #expect(text.contains("syncron_ack_seconds_count 1\n"))
        #expect(text.contains("syncron_journal_sync_seconds_count 1\n"))
        #expect(text.contains("syncron_engine_apply_seconds_count 1\n"))
        #expect(text.contains("syncron_sequence \(Double(status.sequence.raw))\n"))
        #expect(text.contains("syncron_queue_depth{queue=\"inbox\"} 0.0\n"))
        await node.stop()
    }
}

/// Remembers what it was told.
private final class Follower: FeedSink {
    private let state = Mutex<(start: Sequence, stamps: [Stamp])>((Sequence(0), []))

    var seen: (start: Sequence, stamps: [Stamp]) { state.withLock { $0 } }

    func started(after sequence: Sequence) { state.withLock { $0.start = sequence } }

    func publish(_ batch: AppliedBatch) {
        state.withLock { $0.stamps.append(contentsOf: batch.commands.map(\.stamp)) }
    }
}
