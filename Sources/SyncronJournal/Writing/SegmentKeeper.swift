import Synchronization
import SyncronCore

/// Makes segments ahead of the writer, and removes those that nobody needs any more. It may be used from any
/// thread, so that the writer waits for neither.
public final class SegmentKeeper: Sendable {
    private let storage: any Storage
    private let segmentBytes: Int
    /// Held while a spare segment is made or taken.
    private let spare = Mutex<Spare>(.none)
    private let isReady = Atomic(false)

    private enum Spare: Sendable {
        case none
        case ready(any StorageFile)
    }

    init(storage: any Storage, segmentBytes: Int) {
        self.storage = storage
        self.segmentBytes = segmentBytes
    }

    /// Whether the next segment lies ready. Never waits.
    public var hasSpare: Bool { isReady.load(ordering: .acquiring) }

    /// Makes the next segment, unless it is there: zero-filled and synced before it gets its name. Takes as long as
    /// the disk takes for a whole segment. Throws `.noSpace` when there is none; it can be tried again.
    public func prepare() throws(JournalFailure) {
        try spare.withLock { (spare) throws(JournalFailure) in
            if case .ready = spare { return }
            do throws(JournalFailure) {
                spare = .ready(try make())
                isReady.store(true, ordering: .releasing)
            } catch {
                // What could be made of it takes space that others may need.
                try? storage.remove(FileName.unfinished, in: .journal)
                throw error
            }
        }
    }

    /// Removes all segments whose commands are at or before `sequence`, but never the last two. Returns how many.
    @discardableResult
    public func prune(upTo sequence: Sequence) throws(JournalFailure) -> Int {
        let segments = try Segments.list(in: storage)
        var removed = 0
        for (segment, following) in zip(segments, segments.dropFirst()).dropLast()
        where following <= sequence.next {
            try storage.remove(FileName.segment(first: segment), in: .journal)
            removed += 1
        }
        if removed > 0 { try storage.syncNames(in: .journal) }
        return removed
    }

    /// Gives the spare segment the name it needs, durably. Nil when there is none.
    func take(first sequence: Sequence) throws(JournalFailure) -> (any StorageFile)? {
        try spare.withLock { (spare) throws(JournalFailure) in
            guard case .ready(let file) = spare else { return nil }
            let name = FileName.segment(first: sequence)
            try storage.rename(FileName.spareSegment, to: name, in: .journal)
            spare = .none
            isReady.store(false, ordering: .releasing)
            try storage.syncNames(in: .journal)
            return file
        }
    }

    /// Takes over the spare segment that an earlier run left, if it is as it must be.
    func adoptSpare() throws(JournalFailure) {
        let names = try storage.names(in: .journal)
        if names.contains(FileName.unfinished) { try storage.remove(FileName.unfinished, in: .journal) }
        guard names.contains(FileName.spareSegment) else { return }
        let file = try storage.openForWriting(FileName.spareSegment, in: .journal)
        guard try file.size() == segmentBytes else {
            return try storage.remove(FileName.spareSegment, in: .journal)
        }
        spare.withLock { $0 = .ready(file) }
        isReady.store(true, ordering: .releasing)
    }

    private func make() throws(JournalFailure) -> any StorageFile {
        let file = try storage.create(FileName.unfinished, in: .journal)
        try file.fillWithZeros(upTo: segmentBytes)
        try storage.rename(FileName.unfinished, to: FileName.spareSegment, in: .journal)
        try storage.syncNames(in: .journal)
        return file
    }
}
