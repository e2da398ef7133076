import SyncronCore
import SyncronSimulator
import Testing

@Suite("Engine snapshots and digests")
struct SnapshotTests {
    /// An engine that has followed a workload, and the workload where it stands.
    private struct Followed: ~Copyable {
        var engine: Engine
        var workload: Workload
        var sequence: UInt64 = 0

        init(seed: UInt64, steps: Int) {
            engine = Engine(limits: Comparison.smallLimits(openOrders: 4_096))
            workload = Workload(seed: seed)
            advance(steps)
        }

        mutating func advance(_ steps: Int) {
            for _ in 0..<steps { step(workload.next()) }
        }

        @discardableResult
        mutating func step(_ command: TimedCommand) -> [Event] {
            sequence += 1
            var events: [Event] = []
            engine.apply(
                command.command, at: Stamp(sequence: Sequence(sequence), time: command.time), into: &events)
            workload.observe(events)
            return events
        }

        borrowing func snapshot() -> [UInt8] {
            var writer = ByteWriter()
            engine.encode(into: &writer)
            return writer.array()
        }
    }

    private func restore(_ bytes: [UInt8]) throws -> Engine {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        var reader = ByteReader(UnsafeRawBufferPointer(memory))
        let engine = try Engine(limits: Comparison.smallLimits(openOrders: 4_096), from: &reader)
        #expect(reader.isAtEnd)
        return engine
    }

    @Test(
        "a restored engine has the same digest and does the same from there on",
        arguments: 1...12 as ClosedRange<UInt64>)
    func restored(_ seed: UInt64) throws {
        var original = Followed(seed: seed, steps: 400)
        var restored = try restore(original.snapshot())
        #expect(restored.digest == original.engine.digest, "seed \(seed)")
        restored.checkInvariants()
        for step in 0..<300 {
            let command = original.workload.next()
            let expected = original.step(command)
            var events: [Event] = []
            let stamp = Stamp(sequence: Sequence(original.sequence), time: command.time)
            restored.apply(command.command, at: stamp, into: &events)
            #expect(events == expected, "seed \(seed), step \(step)")
        }
        #expect(restored.digest == original.engine.digest, "seed \(seed)")
    }

    @Test("the same commands give the same digest, and one more command another", arguments: [1, 2, 3] as [UInt64])
    func deterministic(_ seed: UInt64) {
        var first = Followed(seed: seed, steps: 500)
        let second = Followed(seed: seed, steps: 500)
        #expect(first.engine.digest == second.engine.digest)
        #expect(first.snapshot() == second.snapshot())
        first.advance(1)
        #expect(first.engine.digest != second.engine.digest)
    }

    @Test("a snapshot cut anywhere is refused, never half read")
    func cut() {
        let bytes = Followed(seed: 5, steps: 300).snapshot()
        for length in stride(from: 0, to: bytes.count, by: 7) {
            let cut = Array(bytes[..<length])
            #expect(throws: CodingFailure.self, "cut to \(length) of \(bytes.count)") {
                _ = try restore(cut).digest
            }
        }
    }
}
