import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Journal reader")
struct ReaderTests {
    let storage = FaultyStorage()

    @Test("reading starts at any sequence")
    func anySequence() throws {
        let commands = try write(batches: [Int](repeating: 17, count: 10), to: storage)
        for first in 1...commands.count {
            let batches = try read(storage, from: Sequence(UInt64(first)))
            #expect(batches.first?.firstSequence.raw == UInt64(first))
            #expect(batches.flatMap(\.commands) == Array(commands[(first - 1)...]))
        }
        #expect(try read(storage, from: Sequence(UInt64(commands.count + 1))).isEmpty)
    }

    @Test("a reader follows a growing journal over its segments")
    func following() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        var reader = JournalReader(storage: storage, from: Sequence(1), mode: .growing)
        #expect(try reader.next() == nil)
        #expect(reader.position == nil)
        for round in 0..<30 {
            let commands = try append(batches: [round % 24 + 1], to: &journal)
            let batch = try #require(try reader.next())
            #expect(batch.commands == commands)
            #expect(batch.time == journal.lastTime)
            #expect(
                reader.position
                    == ChainAnchor(sequence: journal.lastSequence, time: journal.lastTime, hash: journal.chain))
            #expect(try reader.next() == nil)
        }
        #expect(try Segments.list(in: storage).count > 3)
    }

    @Test("what was written before it is asked for is found, whatever was read ahead")
    func readAhead() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        try append(batches: [1], to: &journal)
        for mode in [JournalReader.Mode.growing, .settled] {
            var reader = JournalReader(storage: storage, from: journal.lastSequence, mode: mode)
            #expect(try reader.next()?.lastSequence == journal.lastSequence)
            for _ in 0..<60 {
                try append(batches: [3], to: &journal)
                #expect(try reader.next()?.lastSequence == journal.lastSequence)
            }
        }
    }

    @Test("a half-written batch is not there yet")
    func halfWritten() throws {
        try write(batches: [2, 20], to: storage)
        let bytes = try #require(storage.bytes(of: firstSegment, in: .journal))
        let place = try #require(try extents(of: storage).last)
        let commands = try read(storage)[1].commands
        for length in [
            place.lowerBound, place.lowerBound + 1, place.lowerBound + 72, place.lowerBound + 700, place.upperBound - 1,
        ] {
            storage.change(firstSegment, in: .journal) { part in
                for offset in length..<place.upperBound { part[offset] = 0 }
            }
            var reader = JournalReader(storage: storage, from: Sequence(3), mode: .growing)
            #expect(try reader.next() == nil)
            storage.change(firstSegment, in: .journal) { $0 = bytes }
            #expect(try reader.next()?.commands == commands)
        }
    }

    @Test("damage is found while following, too")
    func damagedWhileFollowing() throws {
        try write(batches: [2, 3], to: storage)
        let place = try #require(try extents(of: storage).last)
        storage.change(firstSegment, in: .journal) { $0[place.lowerBound + 90] ^= 1 }
        var reader = JournalReader(storage: storage, from: Sequence(1), mode: .growing)
        #expect(try reader.next()?.lastSequence == Sequence(2))
        #expect(throws: JournalFailure.self) { try reader.next() }
    }

    @Test("a follower does not run ahead of its limit")
    func limit() throws {
        try write(batches: [2, 3, 4], to: storage)
        var reader = JournalReader(storage: storage, from: Sequence(1))
        reader.limit = Sequence(5)
        #expect(try reader.next()?.lastSequence == Sequence(2))
        #expect(try reader.next()?.lastSequence == Sequence(5))
        #expect(try reader.next() == nil)
        reader.limit = Sequence(8)
        #expect(try reader.next() == nil)
        reader.limit = Sequence(9)
        #expect(try reader.next()?.lastSequence == Sequence(9))
    }

    @Test("verifying reads everything and decodes nothing")
    func verifying() throws {
        try write(batches: [Int](repeating: 17, count: 10), to: storage)
        var reader = JournalReader(storage: storage, from: Sequence(1))
        var count = 0
        while let info = try reader.nextVerified() { count += info.count }
        #expect(count == 170)
        #expect(reader.position?.sequence == Sequence(170))
    }

    @Test("a snapshot of another journal is not followed")
    func foreignAnchor() throws {
        try write(batches: [2, 3, 4], to: storage)
        let hash = [9].withUnsafeBytes { ChainHash(of: $0) }
        var reader = JournalReader(
            storage: storage, after: ChainAnchor(sequence: Sequence(5), time: .zero, hash: hash))
        let failure = #expect(throws: JournalFailure.self) { try reader.next() }
        guard case .damaged(let damage) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(damage.sequence == Sequence(6))
        #expect(damage.what.contains("chain"))
    }

    @Test("the memory for commands is used again")
    func reuse() throws {
        let commands = try write(batches: [5, 2], to: storage)
        var reader = JournalReader(storage: storage, from: Sequence(1))
        var memory: [Command] = [.tick]
        #expect(try reader.next(into: &memory)?.count == 5)
        #expect(memory == Array(commands[..<5]))
        #expect(try reader.next(into: &memory)?.firstSequence == Sequence(6))
        #expect(memory == Array(commands[5...]))
        #expect(try reader.next(into: &memory) == nil)
    }

    @Test("batches with other rules say so")
    func rules() throws {
        try write(batches: [1], to: storage)
        try write(batches: [1], to: storage, options: JournalOptions(segmentBytes: 4_096, batchBytes: 2_048, rules: 2))
        #expect(try read(storage).map(\.info.rules) == [Genesis.currentRules, 2])
        #expect(try open(storage).rules == 2)
    }

    @Test("batches long enough to be hashed on another thread hold the chain")
    func longBatches() throws {
        let options = JournalOptions(segmentBytes: 1 << 19, batchBytes: 1 << 19)
        var journal = try Journal.open(storage: storage, options: options)
        for size in [1_200, 1, 3_000, 1_500] { try append(batches: [size], to: &journal) }
        #expect(try journal.append((0..<1_300).map { tickOrOrder($0) }, at: journal.lastTime) == 1_300)
        try journal.sync()
        var reader = JournalReader(storage: storage, from: Sequence(1))
        #expect(try drain(&reader).map(\.commands.count) == [1_200, 1, 3_000, 1_500, 1_300])
        #expect(reader.position?.hash == journal.chain)
    }
}
