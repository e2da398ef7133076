import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Journal")
struct JournalTests {
    let storage = FaultyStorage()

    @Test("every command is read as it was appended")
    func everyCommand() throws {
        var journal = try Journal.open(storage: storage, options: JournalOptions(segmentBytes: 65_536))
        #expect(try journal.append(Samples.commands, at: milliseconds(5)) == Samples.commands.count)
        try journal.sync()
        let batches = try read(storage)
        #expect(batches.map(\.commands) == [Samples.commands])
        #expect(batches.first?.time == milliseconds(5))
        #expect(batches.first?.info.rules == Genesis.currentRules)
    }

    @Test("a journal goes on where it was closed")
    func reopen() throws {
        let first = try write(batches: [3, 1, 5], to: storage)
        let summary = try open(storage)
        #expect(summary.lastSequence == Sequence(9))
        #expect(summary.lastTime == milliseconds(3))
        #expect(summary.tornTail == nil)
        #expect(summary.coveredDamage.isEmpty)
        #expect(summary.rules == Genesis.currentRules)
        let second = try write(batches: [2], to: storage)
        let batches = try read(storage)
        #expect(batches.flatMap(\.commands) == first + second)
        #expect(batches.map(\.firstSequence.raw) == [1, 4, 5, 10])
    }

    @Test("a new journal is empty")
    func empty() throws {
        let summary = try open(storage)
        #expect(summary.lastSequence == Sequence(0))
        #expect(summary.firstSequence == Sequence(1))
        #expect(summary.rules == nil)
        #expect(try read(storage).isEmpty)
        #expect(try open(storage).lastSequence == Sequence(0))
    }

    @Test("segments follow each other, named by their first sequence")
    func rollover() throws {
        let commands = try write(batches: manyBatches, to: storage)
        let names = try storage.names(in: .journal).filter { $0.hasSuffix(".journal") }
        #expect(names.count > 3)
        #expect(names == names.sorted())
        let batches = try read(storage)
        #expect(batches.flatMap(\.commands) == commands)
        for name in names {
            let first = try #require(FileName.sequence(of: name, suffix: ".journal"))
            #expect(batches.contains { $0.firstSequence == first })
            #expect(storage.bytes(of: name, in: .journal)?.count == 4_096)
        }
        let summary = try open(storage)
        #expect(summary.segments == names.count)
        #expect(summary.lastSequence == Sequence(400))
    }

    @Test("commands too many for one batch are taken in part")
    func longBatch() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        let commands = (1...200).map { tickOrOrder($0) }
        var rest = commands[...]
        var batches = 0
        while !rest.isEmpty {
            rest = rest.dropFirst(try journal.append(Array(rest), at: .zero))
            batches += 1
        }
        try journal.sync()
        #expect(batches > 3)
        #expect(try read(storage).flatMap(\.commands) == commands)
        #expect(try read(storage).count == batches)
    }

    @Test("a command longer than a batch is refused, and nothing changes")
    func tooLong() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        let long = Command.deleteAPIKey(DeleteAPIKey(account: AccountID(1), key: String(repeating: "k", count: 3_000)))
        #expect(throws: JournalFailure.tooLarge(bytes: 3_020, limit: 1_968)) {
            try journal.append([long], at: .zero)
        }
        #expect(journal.lastSequence == Sequence(0))
        try append(batches: [1], to: &journal)
        #expect(try read(storage).count == 1)
    }

    @Test("a second writer is refused while there is a first one")
    func lock() throws {
        do {
            let journal = try Journal.open(storage: storage, options: smallOptions)
            #expect(throws: JournalFailure.locked(file: "lock")) { try open(storage) }
            #expect(journal.lastSequence == Sequence(0))
        }
        #expect(throws: Never.self) { try open(storage) }
    }

    @Test("nothing is written to the disk by opening a good journal")
    func openingChangesNothing() throws {
        try write(batches: [3, 4], to: storage)
        let before = storage.bytes(of: firstSegment, in: .journal)
        _ = try open(storage)
        #expect(storage.bytes(of: firstSegment, in: .journal) == before)
    }

    @Test("a segment is prepared ahead, and taken over by the next run")
    func spare() throws {
        do {
            var journal = try Journal.open(storage: storage, options: smallOptions)
            try append(batches: [1], to: &journal)
            #expect(journal.needsSegment == true)
            try journal.prepareNextSegment()
            #expect(journal.needsSegment == false)
            #expect(try storage.names(in: .journal).contains(FileName.spareSegment))
        }
        let journal = try Journal.open(storage: storage, options: smallOptions)
        #expect(journal.needsSegment == false)
        #expect(journal.hasRoom == true)
    }

    @Test("a spare segment of another length is made anew")
    func otherSpare() throws {
        do {
            var journal = try Journal.open(storage: storage, options: smallOptions)
            try journal.prepareNextSegment()
        }
        var journal = try Journal.open(
            storage: storage, options: JournalOptions(segmentBytes: 8_192, batchBytes: 2_048))
        try journal.prepareNextSegment()
        #expect(storage.bytes(of: FileName.spareSegment, in: .journal)?.count == 8_192)
    }

    @Test("what a crash left unfinished is removed")
    func unfinished() throws {
        _ = try storage.create(FileName.unfinished, in: .journal)
        _ = try open(storage)
        #expect(try !storage.names(in: .journal).contains(FileName.unfinished))
    }

    @Test("the segment is prepared on another thread")
    func keeperOnAnotherThread() async throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        try append(batches: [1], to: &journal)
        let keeper = journal.keeper
        try await Task.detached { try keeper.prepare() }.value
        #expect(journal.needsSegment == false)
        try append(batches: [Int](repeating: 20, count: 6), to: &journal)
        #expect(try read(storage).count == 7)
    }

    @Test("an append syncs what was not synced")
    func implicitSync() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        #expect(try journal.append([.tick], at: .zero) == 1)
        let before = storage.syncs
        #expect(try journal.append([.tick], at: .zero) == 1)
        #expect(storage.syncs == before + 1)
        try journal.sync()
        try journal.sync()
        #expect(storage.syncs == before + 2)
    }

    @Test("the bytes of a journal are those of earlier versions")
    func bytesAreStable() throws {
        try write(batches: [1, 2], to: storage)
        let bytes = try #require(storage.bytes(of: firstSegment, in: .journal))
        let last = try #require(try anchors(of: storage).last)
        #expect(try extents(of: storage) == [0..<128, 128..<296])
        #expect(String(decoding: bytes[..<8], as: UTF8.self) == "SYNCRON1")
        #expect(String(decoding: bytes[120..<128], as: UTF8.self) == "BATCHEND")
        #expect(last.hash.description == "8a10a995d8c475b0094b664bbe021f7f72d6c70342d9e6bc3fd23d666babd03c")
    }
}
