import Glibc

/// A data directory in a file system.
public struct FileStorage: Storage {
    /// As it was given.
    public let directory: String

    /// Makes the directory and its two folders where they are missing, durably.
    public init(directory: String) throws(JournalFailure) {
        self.directory = directory
        try Self.makeDirectories(upTo: directory)
        for folder in StorageFolder.allCases { try Self.makeDirectory(directory + "/" + folder.rawValue) }
        try Self.syncDirectory(directory)
    }

    /// A directory that is only read. Nothing is made.
    public init(reading directory: String) { self.directory = directory }

    public func names(in folder: StorageFolder) throws(JournalFailure) -> [String] {
        guard let stream = opendir(path(folder)) else {
            if errno == ENOENT { return [] }
            throw failure("listing", folder.rawValue)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw failure("listing", folder.rawValue) }
        return names.sorted()
    }

    public func openForReading(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        try open(name, in: folder, flags: O_RDONLY)
    }

    public func openForWriting(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        try open(name, in: folder, flags: O_RDWR)
    }

    public func create(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        try open(name, in: folder, flags: O_RDWR | O_CREAT | O_TRUNC)
    }

    public func rename(_ name: String, to other: String, in folder: StorageFolder) throws(JournalFailure) {
        guard Glibc.rename(path(folder, name), path(folder, other)) == 0 else {
            throw failure("renaming", "\(folder.rawValue)/\(name)")
        }
    }

    public func remove(_ name: String, in folder: StorageFolder) throws(JournalFailure) {
        guard unlink(path(folder, name)) == 0 else { throw failure("removing", "\(folder.rawValue)/\(name)") }
    }

    public func syncNames(in folder: StorageFolder) throws(JournalFailure) {
        try Self.syncDirectory(path(folder))
    }

    public func lock() throws(JournalFailure) -> any StorageLock {
        try FileLock(path: directory + "/lock")
    }

    private func path(_ folder: StorageFolder) -> String { directory + "/" + folder.rawValue }
    private func path(_ folder: StorageFolder, _ name: String) -> String { path(folder) + "/" + name }

    private func open(
        _ name: String, in folder: StorageFolder, flags: Int32
    ) throws(JournalFailure) -> any StorageFile {
        let shown = "\(folder.rawValue)/\(name)"
        let descriptor = Glibc.open(path(folder, name), flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("opening", shown) }
        return OpenFile(descriptor: descriptor, name: shown)
    }

    private static func makeDirectories(upTo path: String) throws(JournalFailure) {
        var parent = path.utf8.first == 0x2F ? "/" : "."
        var made = path.utf8.first == 0x2F ? "" : "."
        for part in path.split(separator: "/", omittingEmptySubsequences: true) {
            made += "/" + part
            if try makeDirectory(made) { try syncDirectory(parent) }
            parent = made
        }
    }

    /// False when it was there already. Only its owner may look into it.
    @discardableResult
    private static func makeDirectory(_ path: String) throws(JournalFailure) -> Bool {
        if mkdir(path, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw failure("making", path) }
        return false
    }

    private static func syncDirectory(_ path: String) throws(JournalFailure) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opening", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("syncing", path) }
    }
}

/// What `errno` says about an operation that failed just now.
private func failure(_ operation: String, _ file: String) -> JournalFailure {
    let code = errno
    return meansNoSpace(code) ? .noSpace(file: file) : .io(operation: operation, file: file, code: code)
}

/// A lock that ends with the process, however the process ends.
private final class FileLock: StorageLock {
    private let descriptor: Int32

    init(path: String) throws(JournalFailure) {
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("opening", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error = errno == EWOULDBLOCK ? JournalFailure.locked(file: path) : failure("locking", path)
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }
}

private final class OpenFile: StorageFile {
    private let descriptor: Int32
    private let name: String
    private static let zeros = [UInt8](repeating: 0, count: 1 << 20)
    /// Bytes that may wait to be written, so that other files' syncs do not wait for long behind them.
    private static let longestBacklog = 4 << 20

    init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    deinit { close(descriptor) }

    func size() throws(JournalFailure) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("measuring", name) }
        return Int(status.st_size)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(JournalFailure) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("reading", name) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(JournalFailure) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("writing", name) }
            done += count
        }
    }

    func fillWithZeros(upTo length: Int) throws(JournalFailure) {
        var offset = try size()
        guard length > offset else { return }
        // Asks for all of the space first, so that a full disk is known before anything is written.
        let code = posix_fallocate(descriptor, off_t(offset), off_t(length - offset))
        if meansNoSpace(code) { throw .noSpace(file: name) }
        guard code == 0 || code == EOPNOTSUPP || code == EINVAL else {
            throw .io(operation: "allocating", file: name, code: code)
        }
        while offset < length {
            let count = min(Self.zeros.count, length - offset)
            try Self.zeros.span.bytes.withUnsafeBytes { (zeros) throws(JournalFailure) in
                try write(UnsafeRawBufferPointer(rebasing: zeros[..<count]), at: offset)
            }
            offset += count
            if offset % Self.longestBacklog == 0 { try sync() }
        }
        guard fsync(descriptor) == 0 else { throw failure("syncing", name) }
    }

    func sync() throws(JournalFailure) {
        guard fdatasync(descriptor) == 0 else { throw failure("syncing", name) }
    }
}
