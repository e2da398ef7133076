import SyncronJournal

@testable import SyncronNode

/// A file system that can be made to fail, fill up or hang while it is used.
final class SwitchedStorage: Storage {
    struct Faults {
        var failsSync = false
        var isFull = false
        /// Syncs wait.
        var hangs = false
        /// Opening a file for reading waits.
        var hangsReaders = false
    }

    private let inner: FileStorage
    fileprivate let faults = Monitor(Faults())

    init(_ directory: String) throws(JournalFailure) { inner = try FileStorage(directory: directory) }

    func set(_ change: (inout Faults) -> Void) { faults.change { change(&$0) } }

    func names(in folder: StorageFolder) throws(JournalFailure) -> [String] { try inner.names(in: folder) }

    func openForReading(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        _ = faults.wait { $0.hangsReaders ? nil : true }
        return try inner.openForReading(name, in: folder)
    }

    func openForWriting(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        SwitchedFile(try inner.openForWriting(name, in: folder), self)
    }

    func create(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        SwitchedFile(try inner.create(name, in: folder), self)
    }

    func rename(_ name: String, to other: String, in folder: StorageFolder) throws(JournalFailure) {
        try inner.rename(name, to: other, in: folder)
    }

    func remove(_ name: String, in folder: StorageFolder) throws(JournalFailure) {
        try inner.remove(name, in: folder)
    }

    func syncNames(in folder: StorageFolder) throws(JournalFailure) { try inner.syncNames(in: folder) }

    func lock() throws(JournalFailure) -> any StorageLock { try inner.lock() }
}

private final class SwitchedFile: StorageFile {
    private let inner: any StorageFile
    private let storage: SwitchedStorage

    init(_ inner: any StorageFile, _ storage: SwitchedStorage) {
        self.inner = inner
        self.storage = storage
    }

    func size() throws(JournalFailure) -> Int { try inner.size() }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(JournalFailure) -> Int {
        try inner.read(into: buffer, at: offset)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(JournalFailure) {
        try inner.write(bytes, at: offset)
    }

    func fillWithZeros(upTo length: Int) throws(JournalFailure) {
        if storage.faults.withLock({ $0.isFull }) { throw .noSpace(file: "disk") }
        try inner.fillWithZeros(upTo: length)
    }

    func sync() throws(JournalFailure) {
        let fails = storage.faults.wait { $0.hangs ? nil : $0.failsSync } ?? false
        if fails { throw .io(operation: "syncing", file: "disk", code: 5) }
        try inner.sync()
    }
}
