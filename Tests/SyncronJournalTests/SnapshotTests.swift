import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Snapshots")
struct SnapshotTests {
    let storage = FaultyStorage()
    var store: SnapshotStore { SnapshotStore(storage: storage) }

    private func info(_ sequence: UInt64) -> SnapshotInfo {
        SnapshotInfo(
            sequence: Sequence(sequence), time: milliseconds(Int(sequence) * 10), digest: StateDigest(sequence &* 77),
            chain: [UInt8(sequence)].withUnsafeBytes { ChainHash(of: $0) }, rules: 3)
    }

    private func write(_ sequence: UInt64, length: Int = 100) throws {
        let engine = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(sequence)) }
        try store.write(info(sequence), sections: [("engine", engine), ("empty", []), ("market data", [1, 2, 3])])
    }

    private func name(_ sequence: UInt64) -> String { FileName.snapshot(at: Sequence(sequence)) }

    @Test("a snapshot is read as it was written")
    func roundTrip() throws {
        try write(7, length: 5_000)
        let snapshot = try #require(try store.newestGood().snapshot)
        #expect(snapshot.info == info(7))
        #expect(snapshot.sectionNames == ["engine", "empty", "market data"])
        #expect(snapshot.section("engine")?.count == 5_000)
        #expect(snapshot.section("engine")?[1] == 38)
        #expect(snapshot.section("empty") == [])
        #expect(snapshot.section("market data") == [1, 2, 3])
        #expect(snapshot.section("history") == nil)
        #expect(snapshot.info.anchor.sequence == Sequence(7))
    }

    @Test("without a snapshot there is none")
    func none() throws {
        let search = try store.newestGood()
        #expect(search.snapshot == nil)
        #expect(search.skipped.isEmpty)
        #expect(try store.prune() == nil)
    }

    @Test("the newest snapshot is found")
    func newest() throws {
        for sequence in [5, 100, 20] as [UInt64] { try write(sequence) }
        #expect(try store.list() == [Sequence(100), Sequence(20), Sequence(5)])
        #expect(try store.newestGood().snapshot?.info.sequence == Sequence(100))
    }

    @Test("no flipped bit is accepted: an older snapshot takes its place")
    func everyBit() throws {
        try write(5, length: 20)
        try write(9, length: 20)
        let length = try #require(storage.bytes(of: name(9), in: .snapshots)?.count)
        for offset in 0..<length {
            for bit in 0..<8 {
                let damaged = storage.copy()
                damaged.change(name(9), in: .snapshots) { $0[offset] ^= 1 << UInt8(bit) }
                let search = try SnapshotStore(storage: damaged).newestGood()
                #expect(search.snapshot?.info == info(5), "offset \(offset), bit \(bit)")
                guard case .damaged(let damage)? = search.skipped.first else {
                    Issue.record("offset \(offset), bit \(bit)")
                    continue
                }
                #expect(damage.file == "snapshots/\(name(9))")
                #expect(damage.sequence == Sequence(9))
            }
        }
    }

    @Test("a snapshot cut anywhere is not accepted")
    func everyTruncation() throws {
        try write(5, length: 20)
        let length = try #require(storage.bytes(of: name(5), in: .snapshots)?.count)
        for kept in 0..<length {
            let damaged = storage.copy()
            damaged.change(name(5), in: .snapshots) { $0.removeSubrange(kept...) }
            let search = try SnapshotStore(storage: damaged).newestGood()
            #expect(search.snapshot == nil && search.skipped.count == 1, "cut at \(kept)")
        }
    }

    @Test("a snapshot with bytes behind it is not accepted")
    func longer() throws {
        try write(5)
        storage.change(name(5), in: .snapshots) { $0.append(0) }
        #expect(try store.newestGood().snapshot == nil)
    }

    @Test("a damaged section is named")
    func namesSection() throws {
        try write(5)
        storage.change(name(5), in: .snapshots) { $0[72 + 1 + 6 + 12 + 50] ^= 1 }
        let failure = #expect(throws: JournalFailure.self) { try store.load(Sequence(5)) }
        #expect("\(String(describing: failure))".contains("section engine"))
    }

    @Test("a snapshot under another's name is not accepted")
    func renamed() throws {
        try write(5)
        try storage.rename(name(5), to: name(6), in: .snapshots)
        #expect(try store.newestGood().snapshot == nil)
    }

    @Test("two good snapshots are kept, and older ones go only when there are two")
    func prune() throws {
        for sequence in [1, 2, 3, 4] as [UInt64] { try write(sequence) }
        storage.change(name(4), in: .snapshots) { $0[80] ^= 1 }
        #expect(try store.prune(keep: 2) == Sequence(2))
        #expect(try store.list() == [Sequence(4), Sequence(3), Sequence(2)])
        storage.change(name(3), in: .snapshots) { $0[80] ^= 1 }
        #expect(try store.prune(keep: 2) == nil)
        #expect(try store.list().count == 3)
    }

    @Test("what a crash left of a snapshot does not count, and goes")
    func unfinished() throws {
        try write(1)
        try write(2)
        var writer = try store.begin(info(3))
        try [UInt8](repeating: 1, count: 10).withUnsafeBytes { bytes in try writer.append(section: "engine", bytes) }
        _ = consume writer
        #expect(try store.newestGood().snapshot?.info.sequence == Sequence(2))
        try store.prune(keep: 2)
        #expect(try storage.names(in: .snapshots) == [name(1), name(2)])
    }

    @Test("a snapshot that was finished survives every power cut, one that was not is gone or whole")
    func powerCuts() throws {
        for seed in UInt64(0)..<100 {
            let disk = FaultyStorage()
            let store = SnapshotStore(storage: disk)
            try store.write(info(1), sections: [("engine", [UInt8](repeating: 9, count: 3_000))])
            var writer = try store.begin(info(2))
            let bytes = [UInt8](repeating: 8, count: 3_000)
            try bytes.withUnsafeBytes { try writer.append(section: "engine", $0) }
            if seed % 2 == 0 { _ = consume writer } else { try writer.finish() }
            disk.cutPower(seed: seed)
            let search = try store.newestGood()
            #expect(search.snapshot?.info == info(seed % 2 == 0 ? 1 : 2), "seed \(seed)")
            #expect(search.skipped.isEmpty, "seed \(seed)")
        }
    }

    @Test("a full disk leaves the older snapshots as they were")
    func fullDisk() throws {
        try write(1)
        storage.setSpace(storage.usedSpace + 50)
        #expect(throws: JournalFailure.noSpace(file: "snapshots/unfinished")) { try write(2) }
        #expect(try store.newestGood().snapshot?.info == info(1))
    }
}
