import SyncronCore
import SyncronHistory
import Testing

@testable import SyncronNode

@Suite("The clock")
struct ClockTests {
    private static let key = OpenListenKey(account: SmallExchange.alice, key: "key")

    @Test("a manual clock begins at a whole second, stands still, and goes on by what it is told")
    func manual() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory) { $0.clock = .manual }
        let start = node.now
        #expect(start.milliseconds % 1_000 == 0)
        let outcome = try await node.submit(.openListenKey(Self.key))
        #expect(outcome.stamp.time == start)
        let stamp = try await node.advanceClock(byMilliseconds: 1_234)
        #expect(stamp.time == start + 1_234)
        #expect(node.now == start + 1_234)
        await node.stop()
    }

    @Test("advancing the clock brings about what is due until then")
    func dueByAdvance() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory) { $0.clock = .manual }
        _ = try await node.submit(.openListenKey(Self.key))
        try await node.advanceClock(byMilliseconds: Limits.listenKeyLifetime - 1)
        #expect(node.directory.listenKey("key") != nil)
        try await node.advanceClock(byMilliseconds: 1)
        #expect(node.directory.listenKey("key") == nil)
        await node.stop()
    }

    @Test("what happens to an account while the clock is advanced is told at its own time")
    func toldInTime() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory) { $0.clock = .manual }
        let start = node.now
        for lifetime in [5_000, 600_000] as [Int64] {
            let order = PlaceOrder(
                account: SmallExchange.alice, market: SmallExchange.market, side: .buy,
                terms: .limit(price: Ticks(1), quantity: Steps(1), timeInForce: .gtc))
            _ = try await node.submit(
                .placeOrderWithOptions(OrderWithOptions(order, OrderOptions(lifetime: lifetime))))
        }
        let known = try await node.userEvents(of: SmallExchange.alice, from: 1, limit: 100)
        let stamp = try await node.advanceClock(byMilliseconds: 1_800_000)
        #expect(stamp.time == start + 1_800_000)
        let told = try await node.userEvents(of: SmallExchange.alice, from: known.lastSeq + 1, limit: 100)
        #expect(told.events.map(\.stamp.time) == [5_000, 5_000, 600_000, 600_000].map { start + $0 })
        let balances = told.events.compactMap { event in
            if case .balances(_, let changes) = event.event { changes.first?.held } else { nil }
        }
        #expect(balances.count == 2 && balances[0] > .zero && balances[1] == .zero)
        await node.stop()
    }

    @Test("a history that an advance leaves behind is waited for, and nothing due is lost")
    func slowHistory() async throws {
        let directory = TemporaryDirectory()
        // Each order that expires leaves more than may wait for the history.
        let node = try SmallExchange.start(directory) {
            $0.clock = .manual
            $0.historyBound = 3
        }
        let start = node.now
        for lifetime in (1...6).map({ Int64($0) * 60_000 }) {
            let order = PlaceOrder(
                account: SmallExchange.alice, market: SmallExchange.market, side: .buy,
                terms: .limit(price: Ticks(1), quantity: Steps(1), timeInForce: .gtc))
            let command = Command.placeOrderWithOptions(OrderWithOptions(order, OrderOptions(lifetime: lifetime)))
            while (try? await node.submit(command)) == nil { try await Task.sleep(for: .milliseconds(5)) }
        }
        let stamp = try await node.advanceClock(byMilliseconds: 3_600_000)
        #expect(stamp.time == start + 3_600_000)
        let query = OrderQuery(account: SmallExchange.alice, market: SmallExchange.market, limit: 100)
        let orders = try await node.history.read { try $0.orders(query) }
        #expect(orders.map(\.updatedAt) == (1...6).reversed().map { start + Int64($0) * 60_000 })
        await node.stop()
    }

    @Test("a directory opened with a manual clock stands at its last time, whichever clock it had")
    func reopened() async throws {
        let directory = TemporaryDirectory()
        try SmallExchange.write(
            [.begin(Genesis(hasSandbox: false))], to: directory, at: Timestamp(milliseconds: 1_234_567))
        let node = try SmallExchange.start(directory) { $0.clock = .manual }
        #expect(node.now == Timestamp(milliseconds: 1_234_567))
        try await node.advanceClock(byMilliseconds: 3)
        await node.stop()
        let again = try SmallExchange.start(directory) { $0.clock = .manual }
        #expect(again.now == Timestamp(milliseconds: 1_234_570))
        await again.stop()
    }

    @Test("the system's clock cannot be advanced, and never shows less than the journal")
    func system() async throws {
        let directory = TemporaryDirectory()
        let future = Timestamp(milliseconds: 32_503_680_000_000)
        try SmallExchange.write([.begin(Genesis(hasSandbox: false))], to: directory, at: future)
        let node = try SmallExchange.start(directory)
        await #expect(throws: Unavailable.notManual) { try await node.advanceClock(byMilliseconds: 1) }
        #expect(node.now == future)
        #expect(try await node.submit(.openAccount(OpenAccount())).stamp.time == future)
        await node.stop()
    }

    @Test("after an outage what fell due is settled by a tick before any order")
    func outage() async throws {
        let directory = TemporaryDirectory()
        try SmallExchange.write(
            [.begin(Genesis(hasSandbox: false))] + SmallExchange.definition + [.openListenKey(Self.key)], to: directory)
        let before = Sequence(UInt64(SmallExchange.definition.count) + 2)
        let node = try SmallExchange.start(directory)
        let outcome = try await node.submit(SmallExchange.limit(SmallExchange.alice, .buy, price: 1, quantity: 1))
        #expect(node.directory.listenKey("key") == nil)
        #expect(outcome.stamp.sequence.raw == before.raw + 2, "the tick, then the order")
        await node.stop()
    }

    @Test("what is due happens though nobody asks for anything")
    func dueByItself() async throws {
        let directory = TemporaryDirectory()
        let now = NodeClock(mode: .system, journalTime: nil).now
        try SmallExchange.write(
            [.begin(Genesis(hasSandbox: false))] + SmallExchange.definition + [.openListenKey(Self.key)], to: directory,
            at: now + (500 - Limits.listenKeyLifetime))
        let node = try SmallExchange.start(directory)
        for _ in 0..<100 where node.directory.listenKey("key") != nil { try await Task.sleep(for: .milliseconds(50)) }
        #expect(node.directory.listenKey("key") == nil)
        let applied = node.appliedSequence
        #expect(applied.raw == UInt64(SmallExchange.definition.count) + 3, "one tick, and no more than that")
        await node.stop()
    }
}
