import Glibc
import SyncronCore
import Testing

@testable import SyncronJournal

/// A directory of its own for each test, removed with it.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/syncron-journal-XXXXXX".utf8CString)
        path = try template.withUnsafeMutableBufferPointer { buffer in
            let made = try #require(buffer.baseAddress.flatMap { mkdtemp($0) })
            return String(cString: made)
        }
    }

    deinit {
        for folder in ["/a/b/journal", "/a/b/snapshots", "/a/b", "/a", "/journal", "/snapshots", ""] {
            if let stream = opendir(path + folder) {
                while let entry = readdir(stream) {
                    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                    }
                    unlink("\(path)\(folder)/\(name)")
                }
                closedir(stream)
            }
            rmdir(path + folder)
        }
    }
}

@Suite("Files")
struct FileStorageTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("a journal in files is read as it was written")
    func journal() throws {
        let storage = try FileStorage(directory: directory.path)
        let commands = try write(batches: manyBatches, to: storage)
        #expect(try read(FileStorage(reading: directory.path)).flatMap(\.commands) == commands)
        let summary = try open(storage)
        #expect(summary.lastSequence == Sequence(400))
        #expect(summary.segments > 3)
        let report = try JournalInspector(storage: storage).verify()
        #expect(report.isGood && report.segments.allSatisfy { $0.bytes == 4_096 })
    }

    @Test("a torn tail in a file is cut, and a file cut short is filled again")
    func cut() throws {
        let storage = try FileStorage(directory: directory.path)
        try write(batches: [3, 9], to: storage)
        let used = try #require(try JournalInspector(storage: storage).verify().segments.first?.usedBytes)
        #expect(truncate("\(directory.path)/journal/\(firstSegment)", off_t(used - 100)) == 0)
        let summary = try open(storage)
        #expect(summary.lastSequence == Sequence(3))
        #expect(summary.tornTail?.sequence == Sequence(4))
        #expect(try storage.openForReading(firstSegment, in: .journal).size() == 4_096)
        try write(batches: [2], to: storage)
        #expect(try read(storage).count == 2)
    }

    @Test("a directory is locked for one writer, and may be read meanwhile")
    func lock() throws {
        let storage = try FileStorage(directory: directory.path)
        var journal = try Journal.open(storage: storage, options: smallOptions)
        try append(batches: [2], to: &journal)
        let other = try FileStorage(directory: directory.path)
        #expect(throws: JournalFailure.locked(file: "\(directory.path)/lock")) { try open(other) }
        #expect(try read(FileStorage(reading: directory.path)).count == 1)
        try append(batches: [1], to: &journal)
    }

    @Test("directories are made where they are missing, unless they are only read")
    func directories() throws {
        let path = directory.path + "/a/b"
        #expect(try read(FileStorage(reading: path)).isEmpty)
        #expect(access(path, F_OK) != 0)
        try write(batches: [1], to: try FileStorage(directory: path))
        #expect(try read(FileStorage(reading: path)).count == 1)
    }

    @Test("what is not there is an error that names it")
    func missing() throws {
        let storage = try FileStorage(directory: directory.path)
        let expected = JournalFailure.io(operation: "opening", file: "journal/x", code: ENOENT)
        #expect(throws: expected) { try storage.openForReading("x", in: .journal) }
        #expect("\(expected)".contains("journal/x"))
        #expect(throws: JournalFailure.self) { try storage.remove("x", in: .journal) }
        #expect(throws: JournalFailure.self) { try storage.rename("x", to: "y", in: .journal) }
    }

    @Test("a snapshot in files is read as it was written")
    func snapshot() throws {
        let store = SnapshotStore(storage: try FileStorage(directory: directory.path))
        let info = SnapshotInfo(
            sequence: Sequence(9), time: milliseconds(1), digest: StateDigest(2), chain: .none)
        let bytes = [UInt8](repeating: 5, count: 100_000)
        try store.write(info, sections: [("engine", bytes)])
        let snapshot = try #require(try store.newestGood().snapshot)
        #expect(snapshot.info == info)
        #expect(snapshot.section("engine") == bytes)
        #expect(try store.size(at: Sequence(9)) > 100_000)
    }

    @Test("the benchmark measures every batch size and leaves nothing behind")
    func benchmark() throws {
        let rows = try JournalBenchmark.run(directory: directory.path, seconds: 0.01, batchSizes: [1, 64])
        #expect(rows.map(\.commandsPerBatch) == [1, 64])
        for row in rows {
            #expect(row.batches > 0 && row.ratio > 0 && row.journal.p50Nanoseconds <= row.journal.p99Nanoseconds)
        }
        var entries = 0
        if let stream = opendir(directory.path) {
            while readdir(stream) != nil { entries += 1 }
            closedir(stream)
        }
        #expect(entries == 2)
    }
}
