import SyncronCore
import SyncronJournal
import Testing

@testable import SyncronNode

@Suite("Restart and replay")
struct RestartTests {
    @Test("a restarted exchange has the same digest and goes on where it stopped", arguments: [1, 2] as [UInt64])
    func restart(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        var node = try SmallExchange.start(directory)
        await node.trade(3_000, seed: seed)
        let before = try await node.status()
        await node.stop()

        node = try SmallExchange.start(directory)
        let after = try await node.status()
        #expect(after.stateHash == before.stateHash, "seed \(seed)")
        #expect(after.sequence == before.sequence, "seed \(seed)")
        #expect(after.openOrders == before.openOrders, "seed \(seed)")
        let outcome = try await node.submit(SmallExchange.limit(SmallExchange.alice, .buy, price: 1, quantity: 1))
        #expect(outcome.stamp.sequence == before.sequence.next)
        #expect(outcome.stamp.time >= node.now + -60_000)
        await node.stop()
    }

    @Test("two replays lead to one digest, and to that of the live engine", arguments: [3, 4] as [UInt64])
    func twoReplays(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory) { $0.checkpointInterval = 500 }
        // A digest stands at the beginning of a batch only.
        for part in 0..<3 { await node.trade(1_000, seed: seed + UInt64(part) * 100) }
        let live = try await node.status()
        await node.stop()

        let replayer = SmallExchange.replayer(directory)
        let first = try replayer.run()
        let second = try replayer.run()
        #expect(first.digest == live.stateHash, "seed \(seed)")
        #expect(second.digest == live.stateHash, "seed \(seed)")
        #expect(first.commands == live.sequence.raw)
        #expect(first.checkpoints >= 1, "digests stand in the journal")
        #expect(first.isBalanced)
    }

    @Test("a snapshot and the journal behind it lead where the whole journal leads", arguments: [5, 6] as [UInt64])
    func snapshotAndTail(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(1_500, seed: seed)
        let snapshot = try await node.snapshot()
        await node.trade(1_500, seed: seed + 100)
        let live = try await node.inspect { exchange, _ in Views(exchange) }
        await node.stop()

        var replayer = SmallExchange.replayer(directory)
        replayer.comparesSnapshots = true
        let whole = try replayer.run()
        replayer.usesSnapshots = true
        let tail = try replayer.run()
        #expect(whole.snapshots == 1)
        #expect(tail.firstSequence == snapshot.sequence.next)
        #expect(tail.digest == whole.digest, "seed \(seed)")

        let restarted = try SmallExchange.start(directory)
        let fromSnapshot = try await restarted.inspect { exchange, _ in Views(exchange) }
        #expect(fromSnapshot == live, "seed \(seed)")
        await restarted.stop()
        try directory.remove("snapshots")
        let rebuilt = try SmallExchange.start(directory)
        let fromBeginning = try await rebuilt.inspect { exchange, _ in Views(exchange) }
        #expect(fromBeginning == live, "seed \(seed)")
        await rebuilt.stop()
    }

    @Test("a replay ends at any command that is asked for")
    func until() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(100, seed: 7)
        await node.stop()
        var replayer = SmallExchange.replayer(directory)
        for sequence: UInt64 in [1, 5, 13, 60, 112] {
            replayer.until = Sequence(sequence)
            let report = try replayer.run()
            #expect(report.sequence == Sequence(sequence))
            #expect(report.commands == sequence)
        }
    }

    @Test("a journal whose digest the replay does not meet is refused, with the sequence")
    func divergence() throws {
        let directory = TemporaryDirectory()
        try SmallExchange.write(
            [.begin(Genesis(hasSandbox: false))] + SmallExchange.definition + [.checkpoint(StateDigest(7))],
            to: directory)
        let wrong = Sequence(UInt64(SmallExchange.definition.count) + 2)
        #expect {
            try SmallExchange.start(directory)
        } throws: { error in
            guard case .diverged(let sequence, StateDigest(7), _)? = error as? NodeFailure else { return false }
            return sequence == wrong && "\(error)".contains("sequence \(wrong)")
        }
        #expect(throws: NodeFailure.self) { try SmallExchange.replayer(directory).run() }
    }

    @Test("a journal of other rules is refused, with the part that cannot be replayed")
    func otherRules() throws {
        let directory = TemporaryDirectory()
        try SmallExchange.write([.begin(Genesis(hasSandbox: false))], to: directory)
        try SmallExchange.write(SmallExchange.definition, to: directory, rules: 99)
        #expect {
            try SmallExchange.start(directory)
        } throws: { error in
            guard case .otherRules(99, let sequence)? = error as? NodeFailure else { return false }
            return sequence == Sequence(2)
        }
    }

    @Test("a journal that does not begin an exchange is refused")
    func notBegun() throws {
        let directory = TemporaryDirectory()
        try SmallExchange.write([.tick], to: directory)
        #expect {
            try SmallExchange.start(directory)
        } throws: { error in
            guard case .notBegun? = error as? NodeFailure else { return false }
            return true
        }
    }

    @Test("a second node on one directory is refused")
    func secondNode() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        #expect {
            try SmallExchange.start(directory)
        } throws: { error in
            guard case .journal(.locked)? = error as? NodeFailure else { return false }
            return true
        }
        await node.stop()
        try await SmallExchange.start(directory).stop()
    }

    @Test("progress is told, up to the last command")
    func progress() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(10, seed: 8)
        let last = node.appliedSequence
        await node.stop()
        let told = Monitor<[ReplayProgress]>([])
        let restarted = try SmallExchange.start(directory) {
            $0.onProgress = { step in told.change { $0.append(step) } }
        }
        #expect(told.withLock { $0.last } == ReplayProgress(sequence: last, last: last, first: Sequence(1)))
        await restarted.stop()
    }
}

/// All that an exchange shows, to be compared.
struct Views: Sendable, Equatable {
    var digest: StateDigest
    var userEvents: UserEventLog
    var marketData: [UInt8]
    var accounts: [Account?]
    var listenKey: ListenKey?

    init(_ exchange: borrowing Exchange) {
        digest = exchange.engine.digest
        userEvents = exchange.userEvents
        var writer = ByteWriter()
        exchange.marketData?.encode(into: &writer)
        marketData = writer.array()
        let directory = Directory(exchange.directory)
        accounts = (0...4).map { directory.account(AccountID($0)) }
        listenKey = directory.listenKey("key")
    }
}

extension SmallExchange {
    static func replayer(_ directory: TemporaryDirectory) -> Replayer {
        var replayer = Replayer(dataDirectory: directory.path)
        replayer.limits = configuration(directory).limits
        replayer.log.logLevel = .critical
        return replayer
    }

    /// Puts commands into the journal as one batch without an engine having seen them.
    static func write(
        _ commands: [Command], to directory: TemporaryDirectory, at time: Timestamp = Timestamp(milliseconds: 1_000),
        rules: UInt32 = Genesis.currentRules
    ) throws {
        var journal = try Journal.open(
            storage: FileStorage(directory: directory.path),
            options: JournalOptions(segmentBytes: 1 << 20, rules: rules))
        let count = try journal.append(commands, at: time)
        precondition(count == commands.count)
        try journal.sync()
    }

    /// As `write`, behind what is there.
    static func append(_ commands: [Command], to directory: TemporaryDirectory) throws {
        var journal = try Journal.open(
            storage: FileStorage(directory: directory.path), options: JournalOptions(segmentBytes: 1 << 20))
        let count = try journal.append(commands, at: journal.lastTime)
        precondition(count == commands.count)
        try journal.sync()
    }
}
