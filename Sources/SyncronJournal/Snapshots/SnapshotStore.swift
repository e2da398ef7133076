import SyncronCore

/// The snapshots of a data directory. One process at a time writes them; anybody may read.
public struct SnapshotStore: Sendable {
    private let storage: any Storage

    public init(storage: any Storage) { self.storage = storage }

    /// Begins a snapshot. It takes the place of one of the same sequence when it is finished.
    public func begin(_ info: SnapshotInfo) throws(JournalFailure) -> SnapshotWriter {
        try SnapshotWriter(info, in: storage)
    }

    /// Writes a whole snapshot, durably.
    public func write(_ info: SnapshotInfo, sections: [(name: String, bytes: [UInt8])]) throws(JournalFailure) {
        var writer = try begin(info)
        for section in sections {
            try section.bytes.span.bytes.withUnsafeBytes { (bytes) throws(JournalFailure) in
                try writer.append(section: section.name, bytes)
            }
        }
        try writer.finish()
    }

    /// The sequences at which there are snapshots, good or not, newest first.
    public func list() throws(JournalFailure) -> [Sequence] {
        try storage.names(in: .snapshots)
            .compactMap { FileName.sequence(of: $0, suffix: FileName.snapshotSuffix) }
            .sorted(by: >)
    }

    /// The length of the snapshot's file in bytes.
    public func size(at sequence: Sequence) throws(JournalFailure) -> Int {
        try storage.openForReading(FileName.snapshot(at: sequence), in: .snapshots).size()
    }

    /// The first snapshot, from the newest back, of which every byte is as it was written. What is wrong with newer
    /// ones is reported and does not stop the search.
    public func newestGood() throws(JournalFailure) -> SnapshotSearch {
        var search = SnapshotSearch(snapshot: nil, skipped: [])
        for sequence in try list() {
            do throws(JournalFailure) {
                search.snapshot = try load(sequence)
                return search
            } catch {
                search.skipped.append(error)
            }
        }
        return search
    }

    /// The snapshot at `sequence`, verified. Throws `.damaged` when it is not as it was written.
    public func load(_ sequence: Sequence) throws(JournalFailure) -> Snapshot {
        let name = FileName.snapshot(at: sequence)
        let bytes = try readAll(name)
        let info = bytes.withUnsafeBytes { SnapshotFormat.info(in: $0) }
        guard let info, info.sequence == sequence else {
            throw damaged(name, sequence, 0, "the header does not match its checksum or its name")
        }
        do throws(SnapshotFormat.Fault) {
            let sections = try bytes.span.bytes.withUnsafeBytes { (all) throws(SnapshotFormat.Fault) in
                try SnapshotFormat.sections(in: all)
            }
            return Snapshot(info: info, bytes: bytes, sections: sections)
        } catch {
            throw damaged(name, sequence, error.offset, error.what)
        }
    }

    /// Removes all snapshots older than the newest `count` good ones, and what a crash left unfinished. The good ones
    /// are read to know that they are. Returns the sequence of the oldest good one kept: what lies before it is not
    /// needed any more. Nil, and nothing is removed, when there are fewer.
    @discardableResult
    public func prune(keep count: Int = 2) throws(JournalFailure) -> Sequence? {
        let all = try list()
        var good: [Sequence] = []
        for sequence in all where good.count < count && isGood(sequence) { good.append(sequence) }
        guard good.count == count, let oldest = good.last else { return nil }
        for sequence in all where sequence < oldest {
            try storage.remove(FileName.snapshot(at: sequence), in: .snapshots)
        }
        if try storage.names(in: .snapshots).contains(FileName.unfinished) {
            try storage.remove(FileName.unfinished, in: .snapshots)
        }
        try storage.syncNames(in: .snapshots)
        return oldest
    }

    private func isGood(_ sequence: Sequence) -> Bool {
        do throws(JournalFailure) {
            _ = try load(sequence)
            return true
        } catch {
            return false
        }
    }

    private func readAll(_ name: String) throws(JournalFailure) -> [UInt8] {
        let file = try storage.openForReading(name, in: .snapshots)
        let size = try file.size()
        var failure: JournalFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            do throws(JournalFailure) {
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private func damaged(_ name: String, _ sequence: Sequence, _ offset: Int, _ what: String) -> JournalFailure {
        let file = "\(StorageFolder.snapshots.rawValue)/\(name)"
        return .damaged(Damage(file: file, offset: offset, sequence: sequence, what: what))
    }
}
