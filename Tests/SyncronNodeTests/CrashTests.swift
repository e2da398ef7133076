import Foundation
import SyncronCore
import SyncronHistory
import SyncronJournal
import Testing

@testable import SyncronNode

@Suite("Crashes and failing disks")
struct CrashTests {
    @Test("what was acknowledged is there after a crash", arguments: [11, 12] as [UInt64])
    func crash(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        let traffic = Task {
            var orders = RandomOrders(seed: seed)
            while !Task.isCancelled { await node.submitAll((0..<20).map { _ in orders.next() }) }
        }
        for round in 1...5 {
            await node.trade(50, seed: seed + UInt64(round))
            let acknowledged = node.appliedSequence
            let image = try directory.crashImage()
            // The copy takes its time; the history's file must be of one moment and is rebuilt instead.
            try image.removeHistory()
            let survivor = try SmallExchange.start(image)
            #expect(survivor.appliedSequence >= acknowledged, "seed \(seed), round \(round)")
            let replayed = try SmallExchange.replayer(image).run()
            #expect(try await survivor.digest == replayed.digest, "seed \(seed), round \(round)")
            await survivor.stop()
        }
        traffic.cancel()
        await traffic.value
        await node.stop()
    }

    @Test("what was acknowledged is there after a power cut", arguments: 21...28 as ClosedRange<UInt64>)
    func powerCut(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let disk = FaultyStorage()
        let node = try SmallExchange.start(directory) { $0.makeStorage = { _ in disk } }
        await node.trade(100, seed: seed)
        let traffic = Task {
            var orders = RandomOrders(seed: seed + 1_000)
            var last = Sequence(0)
            while true {
                let results = await node.submitAll((0..<10).map { _ in orders.next() })
                for case .success(let outcome) in results { last = max(last, outcome.stamp.sequence) }
                guard results.allSatisfy({ $0.isSuccess }) else { return last }
            }
        }
        // Two rounds applied mean one answered, on however slow a machine.
        let start = node.appliedSequence
        for _ in 0..<10_000 where node.appliedSequence.raw < start.raw + 20 {
            try await Task.sleep(for: .milliseconds(1))
        }
        try await Task.sleep(for: .milliseconds(seed % 7))
        disk.cutPower(seed: seed)
        let acknowledged = await traffic.value
        await node.stop()

        // The history may be ahead of nothing: all that it has was durable.
        let survivor = try SmallExchange.start(directory) { $0.makeStorage = { _ in disk } }
        #expect(survivor.appliedSequence >= acknowledged, "seed \(seed)")
        #expect(acknowledged.raw > 100, "seed \(seed)")
        await survivor.trade(20, seed: seed)
        await survivor.stop()
    }

    @Test("a failed sync stops the node, and nothing of the batch is ever seen")
    func failedSync() async throws {
        let directory = TemporaryDirectory()
        let storage = try SwitchedStorage(directory.path)
        let messages = Monitor<[String]>([])
        let node = try SmallExchange.start(directory) {
            $0.makeStorage = { _ in storage }
            $0.onFatal = { message in messages.change { $0.append(message) } }
        }
        await node.trade(10, seed: 31)
        let before = node.appliedSequence
        storage.set { $0.failsSync = true }
        let order = SmallExchange.limit(SmallExchange.alice, .buy, price: 1, quantity: 1)
        await #expect(throws: Unavailable.stopping) { try await node.submit(order) }
        await #expect(throws: Unavailable.stopping) { try await node.submit(order) }
        await #expect(throws: Unavailable.stopping) { try await node.query { _, now in now } }
        #expect(node.appliedSequence == before)
        #expect(await node.refusal() == .stopping)
        let told = messages.withLock { $0 }
        #expect(told.count == 1)
        #expect(told.first?.contains("cannot be synced") == true)
        await node.stop()
    }

    @Test("without space commands are refused and questions answered, and trading resumes by itself")
    func noSpace() async throws {
        let directory = TemporaryDirectory()
        let storage = try SwitchedStorage(directory.path)
        let node = try SmallExchange.start(directory) {
            $0.makeStorage = { _ in storage }
            $0.segmentBytes = 16_384
        }
        storage.set { $0.isFull = true }
        var orders = RandomOrders(seed: 41)
        var refusal: Unavailable?
        for _ in 0..<2_000 where refusal == nil {
            do { _ = try await node.submit(orders.next()) } catch { refusal = error }
        }
        #expect(refusal == .noSpace)
        #expect(try await node.query { engine, _ in engine.accountCount } == 3)
        #expect(await node.refusal() == .noSpace)
        let before = node.appliedSequence
        #expect(try await node.history.read { try $0.appliedSequence } == before)

        storage.set { $0.isFull = false }
        var accepted: Outcome?
        for _ in 0..<100 where accepted == nil {
            accepted = try? await node.submit(orders.next())
            if accepted == nil { try await Task.sleep(for: .milliseconds(50)) }
        }
        #expect(accepted?.stamp.sequence == before.next)
        #expect(await node.refusal() == nil)
        let live = try await node.digest
        await node.stop()
        #expect(try SmallExchange.replayer(directory).run().digest == live)
    }

    @Test("a full inbox refuses, and answers all that it took")
    func fullInbox() async throws {
        let directory = TemporaryDirectory()
        let storage = try SwitchedStorage(directory.path)
        let node = try SmallExchange.start(directory) {
            $0.makeStorage = { _ in storage }
            $0.inboxCapacity = 50
        }
        storage.set { $0.hangs = true }
        var orders = RandomOrders(seed: 51)
        let first = Collector(expecting: 1)
        node.submit(orders.next(), to: first, token: 0)
        // The writer hangs with the first once it has taken it.
        while node.commons.inbox.count > 0 { try await Task.sleep(for: .milliseconds(1)) }
        let rest = Collector(expecting: 60)
        for token: UInt64 in 0..<60 { node.submit(orders.next(), to: rest, token: token) }
        storage.set { $0.hangs = false }
        let taken = await first.results + rest.results.prefix(50)
        let refused = await rest.results.dropFirst(50)
        #expect(taken.allSatisfy { $0.isSuccess })
        #expect(refused.allSatisfy { $0 == .failure(.inboxFull) })
        #expect(node.metrics.registry.render().contains("syncron_unavailable_total{reason=\"inbox_full\"} 10\n"))
        await node.stop()
    }
}

extension Result {
    var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}

extension TemporaryDirectory {
    func removeHistory() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasPrefix("history.sqlite") {
            try remove(name)
        }
    }
}
