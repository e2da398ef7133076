import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Pruning")
struct PruningTests {
    let storage = FaultyStorage()

    private func segments() throws -> [Sequence] { try Segments.list(in: storage) }

    @Test("segments that are passed go, and the chain still holds")
    func prune() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        let commands = try append(batches: manyBatches, to: &journal)
        let all = try segments()
        let kept = all[2]
        #expect(try journal.prune(upTo: Sequence(kept.raw - 1)) == 2)
        #expect(try segments() == Array(all[2...]))
        let rest = try read(storage, from: kept)
        #expect(rest.flatMap(\.commands) == Array(commands[Int(kept.raw - 1)...]))
        try append(batches: [3], to: &journal)
        #expect(try JournalInspector(storage: storage).verify().damage == [])
    }

    @Test("a segment with one command that is still needed stays")
    func wholeSegmentsOnly() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        try append(batches: manyBatches, to: &journal)
        let all = try segments()
        #expect(try journal.prune(upTo: Sequence(all[1].raw - 2)) == 0)
        #expect(try journal.prune(upTo: Sequence(0)) == 0)
        #expect(try segments() == all)
    }

    @Test("the last two segments always stay")
    func lastTwo() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        try append(batches: manyBatches, to: &journal)
        let all = try segments()
        try journal.prune(upTo: journal.lastSequence)
        #expect(try segments() == Array(all.suffix(2)))
        #expect(try journal.prune(upTo: journal.lastSequence) == 0)
    }

    @Test("a pruned journal is opened from a snapshot, and not without one")
    func openPruned() throws {
        var places: [ChainAnchor] = []
        do {
            var journal = try Journal.open(storage: storage, options: smallOptions)
            try append(batches: manyBatches, to: &journal)
            places = try anchors(of: storage)
            try journal.prune(upTo: journal.lastSequence)
        }
        let first = try #require(try segments().first)
        #expect(throws: JournalFailure.missing(wanted: Sequence(1), first: first)) { try open(storage) }
        let anchor = try #require(places.first { $0.sequence.next == first })
        let summary = try open(storage, anchor: anchor)
        #expect(summary.firstSequence == first)
        #expect(summary.lastSequence == Sequence(400))
    }

    @Test("what was pruned is not read")
    func readPruned() throws {
        var journal = try Journal.open(storage: storage, options: smallOptions)
        try append(batches: manyBatches, to: &journal)
        try journal.prune(upTo: journal.lastSequence)
        let first = try #require(try segments().first)
        #expect(throws: JournalFailure.missing(wanted: Sequence(1), first: first)) { try read(storage) }
        #expect(try read(storage, from: first).first?.firstSequence == first)
    }
}
