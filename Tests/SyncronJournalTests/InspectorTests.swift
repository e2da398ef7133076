import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Journal inspector")
struct InspectorTests {
    let storage = FaultyStorage()
    var inspector: JournalInspector { JournalInspector(storage: storage) }

    @Test("a good journal is described, by its headers and in full")
    func good() throws {
        try write(batches: manyBatches, to: storage)
        for report in [try inspector.inspect(), try inspector.verify()] {
            #expect(report.isGood)
            #expect(report.tornTail == nil)
            #expect(report.commands == 400)
            #expect(report.batches == 20)
            #expect(report.firstSequence == Sequence(1))
            #expect(report.lastSequence == Sequence(400))
            #expect(report.segments.count == (try Segments.list(in: storage).count))
            let segment = try #require(report.segments.first)
            #expect(segment.file == "journal/\(firstSegment)")
            #expect(segment.bytes == 4_096)
            #expect(segment.usedBytes == (try extents(of: storage).last?.upperBound))
            #expect(segment.firstTime == milliseconds(1))
            #expect(segment.lastTime == milliseconds(segment.batches))
        }
        #expect(try inspector.verify().chain == (try anchors(of: storage).last?.hash))
    }

    @Test("an empty journal is described")
    func empty() throws {
        let report = try inspector.verify()
        #expect(report.isGood)
        #expect(report.segments.isEmpty)
        #expect(report.lastSequence == nil)
    }

    @Test("a torn tail is shown, and cut only on demand")
    func tornTail() throws {
        try write(batches: [3, 9], to: storage)
        let place = try extents(of: storage)[1]
        storage.change(firstSegment, in: .journal) { $0[place.upperBound - 1] = 0 }
        let before = storage.bytes(of: firstSegment, in: .journal)
        let report = try inspector.verify()
        #expect(report.isGood)
        #expect(report.tornTail?.offset == place.lowerBound)
        #expect(report.tornTail?.bytes == place.count - 1)
        #expect(report.tornTail?.sequence == Sequence(4))
        #expect(report.commands == 3)
        #expect(storage.bytes(of: firstSegment, in: .journal) == before)
        #expect(try inspector.repair() == report.tornTail)
        #expect(try inspector.verify().tornTail == nil)
        #expect(try inspector.repair() == nil)
        #expect(try read(storage).count == 1)
    }

    @Test("damage is shown, all of it, and never repaired")
    func damage() throws {
        try write(batches: manyBatches, to: storage)
        let segments = try Segments.list(in: storage)
        for segment in segments.dropLast() {
            let place = try extents(of: storage, segment: segment)[1]
            storage.change(FileName.segment(first: segment), in: .journal) { $0[place.lowerBound + 100] ^= 1 }
        }
        let last = try #require(segments.last)
        storage.change(FileName.segment(first: last), in: .journal) { $0[0] ^= 1 }
        let before = try segments.map { try #require(storage.bytes(of: FileName.segment(first: $0), in: .journal)) }
        let report = try inspector.verify()
        #expect(report.damage.count == segments.count)
        #expect(report.lastSequence == Sequence(400))
        #expect(report.commands == 400)
        #expect(throws: JournalFailure.self) { try inspector.repair() }
        #expect(segments.map { storage.bytes(of: FileName.segment(first: $0), in: .journal) } == before)
        #expect(!(try inspector.inspect().isGood))
    }

    @Test("a repair is refused while the journal is written")
    func locked() throws {
        let journal = try Journal.open(storage: storage, options: smallOptions)
        #expect(throws: JournalFailure.locked(file: "lock")) { try inspector.repair() }
        #expect(journal.lastSequence == Sequence(0))
        #expect(throws: Never.self) { try inspector.verify() }
    }
}
