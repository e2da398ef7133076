import Synchronization
import SyncronCore
import SyncronHistory
import Testing

@testable import SyncronNode

@Suite("User events")
struct UserEventTests {
    @Test("an account is told of its orders, then of its balances, once a wallet")
    func order() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        let funded = try await node.userEvents(of: SmallExchange.alice, from: 1, limit: 100)
        #expect(funded.events.map(\.seq) == [1, 2, 3, 4])
        #expect(funded.firstSeq == 1 && funded.lastSeq == 4)
        #expect(
            funded.events[0].event == .balanceUpdate(.spot, SmallExchange.btc, Units(1_000_000_000_000_000)))

        _ = try await node.submit(SmallExchange.limit(SmallExchange.bob, .sell, price: 500, quantity: 2))
        let trade = try await node.submit(SmallExchange.limit(SmallExchange.alice, .buy, price: 500, quantity: 3))
        let page = try await node.userEvents(of: SmallExchange.alice, from: 5, limit: 100)
        #expect(page.events.map(\.seq) == [5, 6, 7])
        #expect(page.events.allSatisfy { $0.stamp == trade.stamp })
        guard case .order(let accepted, .new) = page.events[0].event,
            case .order(let filled, .trade(let fill, _)) = page.events[1].event,
            case .balances(.spot, let changes) = page.events[2].event
        else {
            Issue.record("\(page.events)")
            return
        }
        #expect(accepted.status == .new && filled.status == .partiallyFilled && fill.quantity == Steps(2))
        #expect(Set(changes.map(\.asset)) == [SmallExchange.btc, SmallExchange.usdt] && changes.count == 2)

        guard case .orderAccepted(let order)? = trade.events.first else { return }
        _ = try await node.submit(
            .cancelOrder(
                CancelOrder(account: SmallExchange.alice, market: SmallExchange.market, order: .id(order.id))))
        let end = try await node.userEvents(of: SmallExchange.alice, from: 8, limit: 1)
        guard case .order(let canceled, .canceled)? = end.events.first?.event else {
            Issue.record("\(end.events)")
            return
        }
        #expect(canceled.status == .canceled && end.lastSeq == 9)
        await node.stop()
    }

    @Test(
        "events are numbered without gaps across a restart and a snapshot, live and read back", arguments: [101, 102])
    func numbering(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        var node = try SmallExchange.start(directory)
        let follower = UserEventFollower()
        try await node.feed.subscribe(follower)
        await node.trade(500, seed: seed)
        _ = try await node.snapshot()
        await node.trade(500, seed: seed + 10)
        await node.stop()
        node = try SmallExchange.start(directory)
        try await node.feed.subscribe(follower)
        await node.trade(500, seed: seed + 20)
        await node.drain()

        for account in [SmallExchange.alice, SmallExchange.bob] {
            let live = follower.events(of: account)
            #expect(live.map(\.seq) == Array(5..<5 + UInt64(live.count)), "seed \(seed)")
            var read: [NumberedUserEvent] = []
            var page: UserStreamPage
            repeat {
                page = try await node.userEvents(of: account, from: 5 + UInt64(read.count), limit: 300)
                read += page.events
            } while (read.last?.seq ?? 0) < page.lastSeq && !page.events.isEmpty
            #expect(read == live, "seed \(seed)")
        }
        await node.stop()
    }

    @Test("reading while trading misses nothing and reads nothing twice", arguments: [103] as [UInt64])
    func meanwhile(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        async let traffic: Void = node.trade(3_000, seed: seed)
        var read: [UInt64] = []
        var last: UInt64 = 0
        for _ in 0..<200 {
            let page = try await node.userEvents(of: SmallExchange.bob, from: UInt64(read.count) + 1, limit: 50)
            read += page.events.map(\.seq)
            last = page.lastSeq
            #expect(page.firstSeq == 1)
        }
        await traffic
        #expect(read == Array(1...UInt64(max(read.count, 1))), "seed \(seed)")
        #expect(read.count > 50 && last >= UInt64(read.count), "seed \(seed)")
        await node.stop()
    }

    @Test("the sandbox's accounts are numbered and not stored")
    func sandboxAccounts() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        _ = try await node.submit(SmallExchange.limit(SmallExchange.robot, .sell, price: 500, quantity: 2))
        _ = try await node.history.read { try $0.appliedSequence }
        let page = try await node.userEvents(of: SmallExchange.robot, from: 1, limit: 10)
        #expect(page.events.isEmpty)
        #expect(page.lastSeq == 6)
        #expect(page.firstSeq == 7, "what was before is gone")
        await node.stop()
    }

    @Test("an account without events, or that there is not, has an empty stream")
    func empty() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        let outcome = try await node.submit(.openAccount(OpenAccount()))
        guard case .accountOpened(let account)? = outcome.events.first else { return }
        for id in [account.id, AccountID(77)] {
            let page = try await node.userEvents(of: id, from: 1, limit: 10)
            #expect(page == UserStreamPage(firstSeq: 1, events: [], lastSeq: 0))
        }
        await node.stop()
    }

    @Test("counting alone comes to the numbers that telling comes to", arguments: [104, 105] as [UInt64])
    func counting(seed: UInt64) throws {
        let directory = TemporaryDirectory()
        var orders = RandomOrders(seed: seed)
        let commands =
            [.begin(Genesis(hasSandbox: false))] + SmallExchange.definition + (0..<2_000).map { _ in orders.next() }
        var logs: [UserEventLog] = []
        for keeps in [true, false] {
            var exchange = Exchange(limits: SmallExchange.configuration(directory).limits, marketData: nil)
            var draft = BatchDraft(keepsUserEvents: keeps)
            try exchange.apply(commands.span, at: Timestamp(milliseconds: 1), into: &draft)
            #expect(draft.userEvents?.isEmpty != true)
            logs.append(exchange.userEvents)
        }
        #expect(logs[0] == logs[1], "seed \(seed)")
        #expect(logs[0].lastSeq(of: SmallExchange.alice) > 500, "seed \(seed)")
    }

    @Test("every event reads back from its bytes, and bytes that are cut do not read", arguments: [106] as [UInt64])
    func coding(seed: UInt64) throws {
        let directory = TemporaryDirectory()
        var orders = RandomOrders(seed: seed)
        var commands = [.begin(Genesis(hasSandbox: false))] + SmallExchange.definition
        commands.append(.openListenKey(OpenListenKey(account: SmallExchange.alice, key: "key")))
        commands += (0..<500).map { _ in orders.next() }
        var exchange = Exchange(limits: SmallExchange.configuration(directory).limits, marketData: nil)
        var draft = BatchDraft(keepsUserEvents: true)
        try exchange.apply(commands.span, at: .zero, into: &draft)
        try exchange.apply([Command.tick].span, at: Timestamp(milliseconds: 1 << 40), into: &draft)
        let events = try #require(draft.userEvents)
        #expect(events.contains { $0.event == .listenKeyExpired("key") })
        var writer = ByteWriter()
        for event in events {
            let body = StoredUserEvent(event, &writer).body
            let back = try NumberedUserEvent(account: event.account, seq: event.seq, stamp: event.stamp, body: body)
            #expect(back == event, "seed \(seed)")
            #expect(throws: CodingFailure.self) {
                try NumberedUserEvent(account: event.account, seq: 1, stamp: event.stamp, body: Array(body.dropLast()))
            }
            #expect(throws: CodingFailure.self) {
                try NumberedUserEvent(account: event.account, seq: 1, stamp: event.stamp, body: body + [0])
            }
        }
    }
}

/// Remembers the user events that it was told.
private final class UserEventFollower: FeedSink {
    private let all = Mutex<[NumberedUserEvent]>([])

    func events(of account: AccountID) -> [NumberedUserEvent] {
        all.withLock { all in all.filter { $0.account == account } }
    }

    func publish(_ batch: AppliedBatch) { all.withLock { $0 += batch.userEvents } }
}
