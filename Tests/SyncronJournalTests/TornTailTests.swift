import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Torn tails")
struct TornTailTests {
    /// Batches of which the last two span several sectors, the last one with long records full of zeros in it.
    static func journal() throws -> FaultyStorage {
        let storage = FaultyStorage()
        try write(batches: [3, 1, 12], to: storage)
        var journal = try Journal.open(storage: storage, options: smallOptions)
        let commands: [Command] = [
            .tick, .createAPIKey(Samples.sealedKey), tickOrOrder(3), .defineMarket(Samples.market),
        ]
        _ = try journal.append(commands, at: journal.lastTime)
        try journal.sync()
        return storage
    }

    /// Opens what is left and checks that it is the first `count` of `whole`, cut at `offset`, and goes on.
    private func expectCut(
        _ storage: FaultyStorage, to count: Int, of whole: [Batch], at offset: Int, hasRest: Bool, _ what: String
    ) throws {
        let summary = try open(storage)
        #expect(summary.tornTail?.offset == (hasRest ? offset : nil), "\(what)")
        let left = Array(whole[..<count])
        #expect(summary.lastSequence == left.last?.lastSequence ?? Sequence(0), "\(what)")
        #expect(try read(storage) == left, "\(what)")
        let bytes = try #require(storage.bytes(of: firstSegment, in: .journal))
        #expect(bytes.count == 4_096 && bytes[offset...].allSatisfy { $0 == 0 }, "\(what)")
        #expect(try open(storage).tornTail == nil, "\(what)")
        let more = try write(batches: [2], to: storage)
        #expect(try read(storage).last?.commands == more, "\(what)")
    }

    @Test("a journal cut anywhere in its last two batches loses these and nothing else")
    func everyTruncation() throws {
        let original = try Self.journal()
        let whole = try read(original)
        let places = try extents(of: original)
        try #require(places.count == whole.count)
        for length in places[places.count - 2].lowerBound...places[places.count - 1].upperBound {
            let storage = original.copy()
            storage.change(firstSegment, in: .journal) { $0.removeSubrange(length...) }
            let kept = places.prefix { $0.upperBound <= length }.count
            let end = kept > 0 ? places[kept - 1].upperBound : 0
            try expectCut(storage, to: kept, of: whole, at: end, hasRest: length > end, "cut at \(length)")
        }
    }

    @Test("a journal zeroed from anywhere in its last two batches loses these and nothing else")
    func everyZeroedEnd() throws {
        let original = try Self.journal()
        let whole = try read(original)
        let places = try extents(of: original)
        for length in places[places.count - 2].lowerBound...places[places.count - 1].upperBound {
            let storage = original.copy()
            storage.change(firstSegment, in: .journal) { bytes in
                for index in length..<bytes.count { bytes[index] = 0 }
            }
            let kept = places.prefix { $0.upperBound <= length }.count
            let end = kept > 0 ? places[kept - 1].upperBound : 0
            try expectCut(storage, to: kept, of: whole, at: end, hasRest: length > end, "zero from \(length)")
        }
    }

    @Test("a last batch of which any of its sectors were not written is cut")
    func everySetOfSectors() throws {
        let original = try Self.journal()
        let whole = try read(original)
        let place = try #require(try extents(of: original).last)
        let sectors = (place.lowerBound / 512...(place.upperBound - 1) / 512).map {
            max($0 * 512, place.lowerBound)..<min(($0 + 1) * 512, place.upperBound)
        }
        try #require(sectors.count >= 4)
        for lost in 1..<(1 << sectors.count) {
            let storage = original.copy()
            storage.change(firstSegment, in: .journal) { bytes in
                for (index, sector) in sectors.enumerated() where lost >> index & 1 == 1 {
                    for offset in sector { bytes[offset] = 0 }
                }
            }
            let hasRest = lost != (1 << sectors.count) - 1
            try expectCut(
                storage, to: whole.count - 1, of: whole, at: place.lowerBound, hasRest: hasRest, "lost \(lost)")
        }
    }

    @Test("a batch is never torn by rights: no part of a sector of it is zero")
    func noBlankSectors() throws {
        var generator = SeededGenerator(seed: 11)
        for seed in 0..<40 {
            let secret = [UInt8](repeating: 0, count: Int.random(in: 0..<1_600, using: &generator))
            var key = Samples.sealedKey
            key.credential = .sealedSecret(secret)
            let commands =
                [Command](repeating: .tick, count: Int.random(in: 0..<70, using: &generator)) + [
                    .createAPIKey(key), .tick,
                ]
            var encoder = BatchEncoder()
            _ = try encoder.encode(
                commands.span, first: Sequence(1), time: .zero, previous: .none, rules: 0, limit: 1 << 20)
            encoder.withBytes { bytes in
                for offset in stride(from: 0, to: 512, by: 8) {
                    #expect(!Sector.hasBlankPart(bytes, at: offset), "seed \(seed), offset \(offset)")
                }
                for start in 0..<max(1, bytes.count - 511) {
                    var bits = 0
                    for byte in bytes[start..<min(start + 512, bytes.count)] where bits < 2 {
                        bits += byte.nonzeroBitCount
                    }
                    #expect(bits >= 2, "seed \(seed), from \(start)")
                }
            }
        }
    }

    @Test("a torn batch at the start of a segment is cut, and the segment is gone on with")
    func tornInNewSegment() throws {
        let original = FaultyStorage()
        try write(batches: [Int](repeating: 20, count: 5), to: original)
        let whole = try read(original)
        let newest = try #require(try Segments.list(in: original).last)
        try #require(newest > Sequence(1))
        let first = try #require(whole.firstIndex { $0.firstSequence == newest })
        let place = try #require(try extents(of: original, segment: newest).first)
        for length in [0, 1, 71, 72, 600, place.upperBound - 1] {
            let storage = original.copy()
            storage.change(FileName.segment(first: newest), in: .journal) { bytes in
                for index in length..<bytes.count { bytes[index] = 0 }
            }
            let summary = try open(storage)
            #expect(summary.lastSequence.next == newest)
            #expect((summary.tornTail != nil) == (length > 0))
            #expect(summary.lastTime == whole[first - 1].time)
            let more = try write(batches: [1], to: storage)
            #expect(try read(storage) == whole[..<first] + [try #require(try read(storage).last)])
            #expect(try read(storage).last?.commands == more)
        }
    }

    @Test("a torn batch with a whole one behind it is damage")
    func tornInTheMiddle() throws {
        let original = try Self.journal()
        let places = try extents(of: original)
        for index in 0..<places.count - 1 {
            let storage = original.copy()
            storage.change(firstSegment, in: .journal) { bytes in
                for offset in places[index] { bytes[offset] = 0 }
            }
            let sequence = try read(original)[index].firstSequence
            let failure = #expect(throws: JournalFailure.self) { try open(storage) }
            guard case .damaged(let damage) = failure else {
                Issue.record("\(String(describing: failure))")
                continue
            }
            #expect(damage.file == "journal/\(firstSegment)")
            #expect(damage.offset == places[index].lowerBound)
            #expect(damage.sequence == sequence)
            #expect(throws: JournalFailure.damaged(damage)) { try read(storage) }
        }
    }

    @Test("a torn batch before a segment that was begun is damage")
    func tornBeforeNextSegment() throws {
        let storage = FaultyStorage()
        try write(batches: [Int](repeating: 20, count: 5), to: storage)
        let place = try #require(try extents(of: storage).last)
        storage.change(firstSegment, in: .journal) { bytes in
            for offset in place.lowerBound + 600..<place.upperBound { bytes[offset] = 0 }
        }
        let failure = #expect(throws: JournalFailure.self) { try read(storage) }
        guard case .damaged(let damage) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(damage.offset == place.lowerBound)
        let newest = try #require(try Segments.list(in: storage).last)
        storage.change(FileName.segment(first: newest), in: .journal) { bytes in
            for offset in bytes.indices { bytes[offset] = 0 }
        }
        #expect(throws: JournalFailure.self) { try open(storage) }
    }
}
