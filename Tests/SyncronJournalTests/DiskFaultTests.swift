import Glibc
import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Failing disks")
struct DiskFaultTests {
    let storage = FaultyStorage()

    @Test("a full disk stops new segments until there is space again")
    func fullDisk() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        try append(batches: [2], to: &journal)
        #expect(journal.hasRoom == true)
        storage.setSpace(storage.usedSpace)
        #expect(throws: JournalFailure.noSpace(file: "journal/unfinished")) { try journal.prepareNextSegment() }
        var refused = false
        for _ in 0..<60 where !refused {
            let before = journal.lastSequence
            do throws(JournalFailure) {
                _ = try journal.append([Samples.commands[1]], at: journal.lastTime)
                try journal.sync()
            } catch {
                #expect(error.isNoSpace)
                #expect(journal.lastSequence == before)
                refused = true
            }
            // While there is room for the longest batch no append fails.
            if refused { #expect(journal.hasRoom == false) }
        }
        #expect(refused)
        let kept = try read(storage).flatMap(\.commands)
        #expect(kept.count == Int(journal.lastSequence.raw))
        #expect(try !storage.names(in: .journal).contains(FileName.unfinished))

        storage.setSpace(.max)
        try journal.prepareNextSegment()
        #expect(journal.hasRoom == true)
        let more = try append(batches: [20], to: &journal)
        #expect(try read(storage).flatMap(\.commands) == kept + more)
    }

    @Test("whatever has room is written on a full disk")
    func reserve() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        storage.setSpace(storage.usedSpace)
        while journal.hasRoom { try append(batches: [5], to: &journal) }
        // Less than the longest batch is left, but a cancel still fits.
        try append(batches: [1], to: &journal)
        #expect(journal.hasRoom == false)
    }

    @Test("a journal is opened and read on a full disk, but not begun")
    func openOnFullDisk() throws {
        let commands = try write(batches: [20, 20, 20], to: storage)
        storage.setSpace(storage.usedSpace)
        let journal = try Journal.open(storage: storage, options: smallOptions)
        #expect(journal.hasRoom == false)
        #expect(try read(storage).flatMap(\.commands) == commands)
        let empty = FaultyStorage()
        empty.setSpace(1_000)
        var other = try Journal.open(storage: empty, options: smallOptions)
        #expect(other.hasRoom == false)
        #expect(throws: JournalFailure.noSpace(file: "journal/unfinished")) { try other.append([.tick], at: .zero) }
    }

    @Test("a failed sync is final")
    func failedSync() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        try append(batches: [2], to: &journal)
        storage.failSync(after: 0)
        #expect(try journal.append([.tick], at: journal.lastTime) == 1)
        let expected = JournalFailure.io(operation: "using", file: "journal/\(firstSegment)", code: EIO)
        let first = #expect(throws: JournalFailure.self) { try journal.sync() }
        guard case .io = first else {
            Issue.record("\(String(describing: first))")
            return
        }
        storage.failSync(after: nil)
        let syncs = storage.syncs
        #expect(throws: first ?? expected) { try journal.sync() }
        #expect(throws: first ?? expected) { try journal.append([.tick], at: journal.lastTime) }
        #expect(throws: first ?? expected) { try journal.sync() }
        #expect(storage.syncs == syncs)
    }

    @Test("a failed write is final, and what it left is torn")
    func failedWrite() throws {
        let options = smallOptions
        do {
            var journal = try Journal.open(storage: storage, options: options)
            try append(batches: [2], to: &journal)
            storage.failWrite(after: 0)
            let commands = (0..<9).map { tickOrOrder($0) }
            let failure = #expect(throws: JournalFailure.self) { try journal.append(commands, at: journal.lastTime) }
            storage.failWrite(after: nil)
            #expect(journal.lastSequence == Sequence(2))
            #expect(throws: try #require(failure)) { try journal.append([.tick], at: journal.lastTime) }
        }
        let summary = try open(storage)
        #expect(summary.lastSequence == Sequence(2))
        #expect(summary.tornTail?.sequence == Sequence(3))
    }

    @Test("what was synced survives every crash and power cut, and what was not is whole or gone")
    func powerCuts() throws {
        for seed in UInt64(0)..<400 {
            let storage = FaultyStorage()
            var generator = SeededGenerator(seed: seed)
            var acknowledged: [Command] = []
            for life in 0..<4 {
                acknowledged = try liveAndDie(storage, &generator, acknowledged, "seed \(seed), life \(life)")
            }
        }
    }

    /// Runs a journal up to a power cut at a random place, starts again and checks what is there. Returns it.
    private func liveAndDie(
        _ storage: FaultyStorage, _ generator: inout SeededGenerator, _ before: [Command], _ what: String
    ) throws -> [Command] {
        var synced = before
        var written = before
        do {
            var journal = try Journal.open(storage: storage, options: smallOptions)
            for _ in 0..<Int.random(in: 0..<9, using: &generator) {
                if Int.random(in: 0..<4, using: &generator) == 0 { try journal.prepareNextSegment() }
                let size = Int.random(in: 1...24, using: &generator)
                let commands = (0..<size).map { tickOrOrder(written.count + 1 + $0) }
                // An append syncs the batch before.
                synced = written
                written += commands[..<(try journal.append(commands, at: journal.lastTime))]
                if Int.random(in: 0..<5, using: &generator) > 0 {
                    try journal.sync()
                    synced = written
                }
            }
        }
        // The process ends here; the power sometimes does, too, now or as soon as the journal was opened again.
        if Bool.random(using: &generator) { storage.cutPower(seed: generator.next()) }
        let summary = try open(storage)
        let found = try read(storage).flatMap(\.commands)
        if Bool.random(using: &generator) {
            storage.cutPower(seed: generator.next())
            #expect(try open(storage).tornTail == nil, "\(what)")
            #expect(try read(storage).flatMap(\.commands) == found, "\(what)")
        }
        #expect(found == synced || found == written, "\(what): \(found.count) of \(synced.count) or \(written.count)")
        #expect(summary.lastSequence == Sequence(UInt64(found.count)), "\(what)")
        #expect(try JournalInspector(storage: storage).verify().damage.isEmpty, "\(what)")
        return found
    }
}
