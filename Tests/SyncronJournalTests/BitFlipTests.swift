import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Flipped bits")
struct BitFlipTests {
    /// Three batches; the middle one has a record with guards, the last one ends with padding.
    private func journal() throws -> FaultyStorage {
        let storage = FaultyStorage()
        var journal = try Journal.open(storage: storage, options: smallOptions)
        try append(batches: [2], to: &journal)
        let long = Command.deleteAPIKey(DeleteAPIKey(account: AccountID(1), key: String(repeating: "k", count: 510)))
        _ = try journal.append([.tick, long], at: milliseconds(2))
        try append(batches: [3], to: &journal)
        return storage
    }

    @Test("no flipped bit is ever taken for what was written")
    func everyBit() throws {
        let original = try journal()
        let whole = try read(original)
        let places = try extents(of: original)
        let end = try #require(places.last?.upperBound)
        for offset in 0..<end + 96 {
            for bit in 0..<8 {
                let storage = original.copy()
                storage.change(firstSegment, in: .journal) { $0[offset] ^= 1 << UInt8(bit) }
                let what = "offset \(offset), bit \(bit)"
                if offset >= end {
                    // Never written: harmless.
                    #expect(try open(storage).lastSequence == Sequence(7), "\(what)")
                    #expect(try read(storage) == whole, "\(what)")
                    continue
                }
                guard case .damaged(let damage)? = failure({ _ = try open(storage) }) else {
                    Issue.record("accepted: \(what)")
                    continue
                }
                let index = try #require(places.firstIndex { $0.contains(offset) })
                #expect(damage.file == "journal/\(firstSegment)", "\(what)")
                #expect(places[index].contains(damage.offset) && damage.offset <= offset, "\(what): \(damage)")
                let batch = whole[index]
                #expect((batch.firstSequence...batch.lastSequence).contains(damage.sequence), "\(what): \(damage)")
                #expect(failure({ _ = try read(storage) }) == .damaged(damage), "\(what)")
            }
        }
    }

    @Test("a flipped bit costs at most one batch, if a snapshot covers it")
    func everyBitCovered() throws {
        let original = try journal()
        let whole = try read(original)
        let places = try extents(of: original)
        let all = try anchors(of: original)
        for index in places.indices {
            for offset in stride(from: places[index].lowerBound, to: places[index].upperBound, by: 3) {
                let storage = original.copy()
                storage.change(firstSegment, in: .journal) { $0[offset] ^= 1 << UInt8(offset % 8) }
                let what = "offset \(offset), bit \(offset % 8)"
                let anchor = all[index]
                let summary = try open(storage, anchor: anchor)
                #expect(summary.lastSequence == Sequence(7), "\(what)")
                #expect(summary.tornTail == nil, "\(what)")
                #expect(summary.coveredDamage.count == 1, "\(what)")
                var reader = JournalReader(storage: storage, after: anchor)
                #expect(try drain(&reader) == Array(whole[(index + 1)...]), "\(what)")
                guard index > 0 else { continue }
                #expect(failure({ _ = try open(storage, anchor: all[index - 1]) }) != nil, "\(what)")
            }
        }
    }

    private func failure(_ body: () throws -> Void) -> JournalFailure? {
        do {
            try body()
            return nil
        } catch {
            return error as? JournalFailure
        }
    }
}
