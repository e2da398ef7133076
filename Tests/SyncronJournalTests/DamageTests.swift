import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Damage")
struct DamageTests {
    private func journal() throws -> FaultyStorage {
        let storage = FaultyStorage()
        try write(batches: [4, 5, 6, 7], to: storage)
        return storage
    }

    private func damage(_ body: () throws -> Void) throws -> Damage {
        let failure = #expect(throws: JournalFailure.self) { try body() }
        guard case .damaged(let damage) = failure else { throw try #require(failure) }
        return damage
    }

    /// Writes other bytes over a batch, with all checksums right, as somebody would who wants to change the past.
    private func forge(_ storage: FaultyStorage, _ place: Range<Int>) throws {
        let bytes = try #require(storage.bytes(of: firstSegment, in: .journal))
        guard
            case .good(let header) = bytes[place].withUnsafeBytes({
                BatchHeader.read(UnsafeRawBufferPointer(rebasing: $0[..<BatchHeader.size]))
            })
        else { throw CodingFailure("no header") }
        var commands = try read(storage).first { $0.firstSequence == header.first }?.commands ?? []
        commands[0] = .checkpoint(StateDigest(1))
        commands[1] = .tick
        var encoder = BatchEncoder()
        _ = try encoder.encode(
            commands.span, first: header.first, time: header.time, previous: header.previous, rules: header.rules,
            limit: 4_096)
        let forged = encoder.withBytes { Array($0) }
        try #require(forged.count <= place.count)
        storage.change(firstSegment, in: .journal) { bytes in
            bytes.replaceSubrange(place, with: forged)
            bytes += [UInt8](repeating: 0, count: place.count - forged.count)
        }
    }

    @Test("damage in the middle is refused with file, offset and sequence")
    func middle() throws {
        let storage = try journal()
        let place = try extents(of: storage)[1]
        storage.change(firstSegment, in: .journal) { $0[place.lowerBound + BatchHeader.size + 20] ^= 0x10 }
        let found = try damage { _ = try open(storage) }
        #expect(found.file == "journal/00000000000000000001.journal")
        #expect(found.offset == place.lowerBound + BatchHeader.size + 9)
        #expect(found.sequence == Sequence(6))
        #expect("\(JournalFailure.damaged(found))".contains("offset \(found.offset), sequence 6"))
        let before = storage.bytes(of: firstSegment, in: .journal)
        #expect(throws: JournalFailure.self) { try open(storage) }
        #expect(storage.bytes(of: firstSegment, in: .journal) == before)
    }

    @Test("damage that a snapshot covers does not stop the start, and is reported")
    func covered() throws {
        let storage = try journal()
        let places = try extents(of: storage)
        let all = try anchors(of: storage)
        let whole = try read(storage)
        storage.change(firstSegment, in: .journal) { $0[places[1].lowerBound + 80] ^= 1 }
        storage.change(firstSegment, in: .journal) { $0[places[0].lowerBound + 3] ^= 1 }
        #expect(throws: JournalFailure.self) { try open(storage, anchor: all[0]) }
        let summary = try open(storage, anchor: all[1])
        #expect(summary.coveredDamage.map(\.sequence.raw) == [1, 5])
        #expect(summary.lastSequence == Sequence(22))
        var reader = JournalReader(storage: storage, after: all[1])
        #expect(try drain(&reader) == Array(whole[2...]))
        #expect(reader.position == all[3])
    }

    @Test("a journal goes on behind a last batch that is damaged but covered")
    func coveredLast() throws {
        let storage = try journal()
        let place = try extents(of: storage)[3]
        let last = try #require(try anchors(of: storage).last)
        for offset in [0, 10, 72, 80, place.count - 1] {
            let damaged = storage.copy()
            damaged.change(firstSegment, in: .journal) { $0[place.lowerBound + offset] ^= 4 }
            var journal = try Journal.open(storage: damaged, options: smallOptions, anchor: last)
            #expect(journal.recovery.coveredDamage.count == 1)
            let more = try append(batches: [3], to: &journal)
            var reader = JournalReader(storage: damaged, after: last)
            #expect(try drain(&reader).flatMap(\.commands) == more)
        }
    }

    @Test("a changed past breaks the chain, however well it is forged")
    func forged() throws {
        for index in 0..<3 {
            let storage = try journal()
            let places = try extents(of: storage)
            try forge(storage, places[index])
            let found = try damage { _ = try open(storage) }
            #expect(found.sequence.raw > UInt64(index))
            #expect(throws: JournalFailure.damaged(found)) { try read(storage) }
        }
    }

    @Test("a forged batch that a snapshot followed otherwise is found")
    func forgedAtAnchor() throws {
        let storage = FaultyStorage()
        // One command, so that the forged batch can have the same length.
        var journal = try Journal.open(storage: storage, options: smallOptions)
        _ = try journal.append([.checkpoint(StateDigest(7))], at: milliseconds(1))
        try journal.sync()
        _ = consume journal
        let anchor = try #require(try anchors(of: storage).last)
        let other = ChainAnchor(
            sequence: anchor.sequence, time: anchor.time, hash: [1].withUnsafeBytes { ChainHash(of: $0) })
        #expect(try open(storage, anchor: anchor).coveredDamage.isEmpty)
        #expect(try open(storage, anchor: other).coveredDamage.count == 1)
        try write(batches: [1], to: storage)
        let found = try damage { _ = try open(storage, anchor: other) }
        #expect(found.what.contains("chain"))
        #expect(found.sequence == Sequence(2))
    }

    @Test("a sequence that does not follow is refused")
    func gap() throws {
        let storage = try journal()
        let places = try extents(of: storage)
        storage.change(firstSegment, in: .journal) { bytes in
            bytes.removeSubrange(places[1])
            bytes += [UInt8](repeating: 0, count: places[1].count)
        }
        let found = try damage { _ = try open(storage) }
        #expect(found.offset == places[1].lowerBound)
        #expect(found.sequence == Sequence(5))
        #expect(found.what.contains("sequence 10"))
    }

    @Test("a segment that is gone is missed")
    func missingSegment() throws {
        let storage = FaultyStorage()
        try write(batches: manyBatches, to: storage)
        let segments = try Segments.list(in: storage)
        try storage.remove(FileName.segment(first: segments[1]), in: .journal)
        let found = try damage { _ = try read(storage) }
        #expect(found.sequence == segments[1])
        #expect(found.what.contains("\(segments[2])"))
        #expect(try read(storage, from: segments[2]).first?.firstSequence == segments[2])
    }

    @Test("a journal that ends before its snapshot is refused")
    func endsBeforeSnapshot() throws {
        let storage = try journal()
        let last = try #require(try anchors(of: storage).last)
        let places = try extents(of: storage)
        storage.change(firstSegment, in: .journal) { bytes in
            for offset in places[3] { bytes[offset] = 0 }
        }
        #expect(throws: JournalFailure.endsBeforeSnapshot(last: Sequence(15), snapshot: Sequence(22))) {
            try open(storage, anchor: last)
        }
        #expect(throws: JournalFailure.endsBeforeSnapshot(last: Sequence(0), snapshot: Sequence(22))) {
            try open(FaultyStorage(), anchor: last)
        }
    }

    @Test("a torn batch that a snapshot has is no torn tail")
    func tornButCovered() throws {
        let storage = try journal()
        let last = try #require(try anchors(of: storage).last)
        let place = try extents(of: storage)[3]
        storage.change(firstSegment, in: .journal) { $0[place.upperBound - 1] = 0 }
        let before = storage.bytes(of: firstSegment, in: .journal)
        let summary = try open(storage, anchor: last)
        #expect(summary.lastSequence == Sequence(22))
        #expect(summary.tornTail == nil)
        #expect(summary.coveredDamage.count == 1)
        #expect(storage.bytes(of: firstSegment, in: .journal) == before)
    }

    @Test("a command of no known kind is damage, not a crash")
    func unknownCommand() throws {
        let storage = FaultyStorage()
        var journal = try Journal.open(storage: storage, options: smallOptions)
        _ = try journal.append([.tick, .tick], at: .zero)
        try journal.sync()
        storage.change(firstSegment, in: .journal) { bytes in
            let record = BatchHeader.size + 9
            bytes[record + 8] = 200
            let checksum = [UInt8(200)].withUnsafeBytes { crc32c($0) }
            withUnsafeBytes(of: checksum.littleEndian) { bytes.replaceSubrange(record + 4..<record + 8, with: $0) }
        }
        let found = try damage { _ = try read(storage) }
        #expect(found.sequence == Sequence(2))
        #expect(found.offset == BatchHeader.size + 17)
        #expect(found.what.contains("200"))
    }
}
