import Crypto
import SyncronCore

/// A snapshot in the making. Unless it is finished there is no snapshot.
public struct SnapshotWriter: ~Copyable {
    private let info: SnapshotInfo
    private let storage: any Storage
    private let file: any StorageFile
    private var offset: Int
    private var sha = SHA256()
    private static let longWrite = 1 << 22

    init(_ info: SnapshotInfo, in storage: any Storage) throws(JournalFailure) {
        var header = ByteWriter(capacity: SnapshotFormat.headerSize)
        SnapshotFormat.write(info, to: &header)
        let file = try storage.create(FileName.unfinished, in: .snapshots)
        try header.withBytes { (bytes) throws(JournalFailure) in try file.write(bytes, at: 0) }
        self.info = info
        self.storage = storage
        self.file = file
        offset = header.count
        header.withBytes { sha.update(bufferPointer: $0) }
    }

    /// Appends a section. `name` has 1 to 255 bytes and no other section has it.
    public mutating func append(
        section name: String, _ contents: UnsafeRawBufferPointer
    ) throws(JournalFailure) {
        var head = ByteWriter(capacity: 256)
        SnapshotFormat.writeSection(name, contents, to: &head)
        try write(head)
        try write(contents)
    }

    /// Appends what `writer` holds as a section.
    public mutating func append(section name: String, _ writer: borrowing ByteWriter) throws(JournalFailure) {
        try writer.withBytes { (bytes) throws(JournalFailure) in try append(section: name, bytes) }
    }

    /// Makes the snapshot durable under its name.
    public consuming func finish() throws(JournalFailure) {
        var end = ByteWriter(capacity: 64)
        end.append(UInt8(0))
        end.withBytes { sha.update(bufferPointer: $0) }
        sha.finalize().withUnsafeBytes { end.append(bytes: $0) }
        try end.withBytes { (bytes) throws(JournalFailure) in try file.write(bytes, at: offset) }
        try file.sync()
        try storage.rename(FileName.unfinished, to: FileName.snapshot(at: info.sequence), in: .snapshots)
        try storage.syncNames(in: .snapshots)
    }

    private mutating func write(_ writer: borrowing ByteWriter) throws(JournalFailure) {
        try writer.withBytes { (bytes) throws(JournalFailure) in try write(bytes) }
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(JournalFailure) {
        var start = 0
        while start < bytes.count {
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Self.longWrite, bytes.count)])
            try file.write(part, at: offset)
            // A little at a time, so that the journal's syncs do not wait for long behind it.
            if part.count == Self.longWrite { try file.sync() }
            sha.update(bufferPointer: part)
            offset += part.count
            start += part.count
        }
    }
}
