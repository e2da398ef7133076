import Foundation
import SyncronCore
import SyncronJournal
import Testing

@testable import SyncronNode

@Suite("Snapshots")
struct SnapshotTests {
    @Test("a snapshot is made by a second engine, and has the live engine's digest")
    func digest() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(500, seed: 91)
        let live = try await node.status()
        let snapshot = try await node.snapshot()
        #expect(snapshot.sequence == live.sequence)
        #expect(snapshot.digest == live.stateHash)
        #expect(try await node.status().snapshotSequence == live.sequence)
        let again = try await node.snapshot()
        #expect(again.sequence == snapshot.sequence)
        await node.stop()
    }

    @Test("trading goes on while a snapshot is made, and it is of the moment of the request")
    func meanwhile() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(2_000, seed: 92)
        let asked = node.appliedSequence
        async let traffic: Void = node.trade(2_000, seed: 93)
        let snapshot = try await node.snapshot()
        await traffic
        #expect(snapshot.sequence >= asked)
        await node.stop()
        var replayer = SmallExchange.replayer(directory)
        replayer.until = snapshot.sequence
        #expect(try replayer.run().digest == snapshot.digest)
    }

    @Test("two snapshots are kept")
    func keepsTwo() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        var sequences: [UInt64] = []
        for round in 0..<4 {
            await node.trade(10, seed: UInt64(round))
            sequences.append(try await node.snapshot().sequence.raw)
        }
        await node.stop()
        let store = SnapshotStore(storage: FileStorage(reading: directory.path))
        #expect(try store.list().map(\.raw) == sequences.suffix(2).reversed())
    }

    @Test("snapshots are made by themselves, each after so many commands")
    func cadence() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory) { $0.snapshotInterval = 200 }
        await node.trade(300, seed: 94)
        for _ in 0..<100 where try await node.status().snapshotSequence.raw == 0 {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try await node.status().snapshotSequence.raw >= 200)
        await node.stop()
    }

    @Test("a damaged snapshot is passed over for the one before")
    func damaged() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(100, seed: 95)
        _ = try await node.snapshot()
        await node.trade(100, seed: 96)
        let newest = try await node.snapshot()
        await node.trade(100, seed: 97)
        let live = try await node.digest
        await node.stop()
        let name = String(repeating: "0", count: 20 - "\(newest.sequence)".count) + "\(newest.sequence).snapshot"
        let file = URL(fileURLWithPath: directory.path + "/snapshots/" + name)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        let restarted = try SmallExchange.start(directory)
        #expect(try await restarted.digest == live)
        await restarted.stop()
    }

    @Test("a second engine that comes to another state stops the node")
    func divergence() async throws {
        let directory = TemporaryDirectory()
        let messages = Monitor<[String]>([])
        let script = directory.path + "/liar.sh"
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        try Data("#!/bin/sh\necho \"$5 00000000000000ff\"\n".utf8).write(to: URL(fileURLWithPath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let node = try SmallExchange.start(directory) {
            $0.snapshotter = script
            $0.onFatal = { message in messages.change { $0.append(message) } }
        }
        await #expect(throws: NodeFailure.self) { try await node.snapshot() }
        #expect(messages.withLock { $0.first }?.contains("00000000000000ff") == true)
        await #expect(throws: Unavailable.stopping) { try await node.query { _, _ in true } }
        await node.stop()
    }

    @Test("a snapshot process that fails is no reason to stop")
    func failedProcess() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory) { $0.snapshotter = "/bin/false" }
        await #expect(throws: NodeFailure.self) { try await node.snapshot() }
        await node.trade(10, seed: 98)
        #expect(await node.refusal() == nil)
        await node.stop()
        let missing = try SmallExchange.start(directory) { $0.snapshotter = "/nonexistent/program" }
        await #expect(throws: NodeFailure.self) { try await missing.snapshot() }
        await missing.stop()
    }

    @Test("stopping does not wait for a snapshot process")
    func stopMeanwhile() async throws {
        let directory = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let script = directory.path + "/slow.sh"
        try Data("#!/bin/sh\nexec sleep 600\n".utf8).write(to: URL(fileURLWithPath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let node = try SmallExchange.start(directory) { $0.snapshotter = script }
        let snapshot = Task { try await node.snapshot() }
        try await Task.sleep(for: .milliseconds(100))
        await node.stop()
        await #expect(throws: NodeFailure.self) { try await snapshot.value }
    }

    @Test("under the sandbox passed segments go, and the exchange starts from what is left")
    func pruning() async throws {
        let directory = TemporaryDirectory()
        let sandbox: (inout NodeConfiguration) -> Void = {
            $0.sandbox = true
            $0.segmentBytes = 16_384
        }
        let node = try SmallExchange.start(directory, sandbox)
        for round in 0..<4 {
            await node.trade(400, seed: UInt64(round))
            _ = try await node.history.read { try $0.appliedSequence }
            _ = try await node.snapshot()
        }
        let live = try await node.digest
        await node.stop()
        let starts = try JournalSegments.starts(in: FileStorage(reading: directory.path))
        let snapshots = try SnapshotStore(storage: FileStorage(reading: directory.path)).list()
        let first = try #require(starts.first)
        let oldest = try #require(snapshots.last)
        #expect(first.raw > 1, "segments were removed")
        #expect(first <= oldest.next, "the older snapshot can still be gone on from")

        var restarted = try SmallExchange.start(directory, sandbox)
        #expect(try await restarted.digest == live)
        await restarted.stop()
        // A history that is gone begins at the oldest snapshot then.
        try directory.removeHistory()
        restarted = try SmallExchange.start(directory) {
            sandbox(&$0)
            $0.historyBound = 100
        }
        let applied = restarted.appliedSequence
        #expect(try await restarted.history.read { try $0.appliedSequence } == applied)
        await restarted.stop()
    }

    @Test("without a retention every segment is kept, with one those past it go")
    func retention() async throws {
        let directory = TemporaryDirectory()
        for (retention, isPruned) in [(nil, false), (Duration.seconds(3_600), false), (Duration.zero, true)] {
            let node = try SmallExchange.start(directory) {
                $0.segmentBytes = 16_384
                $0.journalRetention = retention
            }
            for round in 0..<3 {
                await node.trade(300, seed: UInt64(round))
                _ = try await node.history.read { try $0.appliedSequence }
                // So that the oldest segments are older than the moment of the snapshot.
                try await Task.sleep(for: .milliseconds(5))
                _ = try await node.snapshot()
            }
            let live = try await node.status()
            await node.stop()
            // A pruned journal is replayed from its oldest snapshot, but not to where it does not reach any more.
            var replayer = SmallExchange.replayer(directory)
            replayer.comparesSnapshots = true
            let replayed = try replayer.run()
            #expect(replayed.digest == live.stateHash && (replayed.firstSequence != Sequence(1)) == isPruned)
            replayer.until = Sequence(2)
            if isPruned {
                #expect(throws: NodeFailure.self) { try replayer.run() }
            } else {
                #expect(try replayer.run().sequence == Sequence(2))
            }
            let starts = try JournalSegments.starts(in: FileStorage(reading: directory.path))
            #expect((starts.first != Sequence(1)) == isPruned, "\(String(describing: retention))")
        }
    }
}
