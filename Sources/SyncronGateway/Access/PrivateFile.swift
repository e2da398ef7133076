#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A small file that only its owner may read: made once, read at every start.
enum PrivateFile {
    /// The file's bytes, or, where there is none, what `make` says, written with mode 0600 and synced before this
    /// returns. The mode of a file found is set to 0600.
    static func load(_ path: String, orMake make: () -> [UInt8]) throws(PrivateFileFailure) -> [UInt8] {
        if let bytes = try contents(path) { return bytes }
        let bytes = make()
        try replace(path, bytes)
        return bytes
    }

    /// Nil when there is no such file.
    private static func contents(_ path: String) throws(PrivateFileFailure) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw PrivateFileFailure("cannot open", path)
        }
        defer { close(file) }
        guard fchmod(file, 0o600) == 0 else { throw PrivateFileFailure("cannot set the mode of", path) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Self.system { read(file, &chunk, chunk.count) }
            guard count >= 0 else { throw PrivateFileFailure("cannot read", path) }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= 65_536 else { throw PrivateFileFailure(path: path, what: "is larger than a secret") }
        }
    }

    /// Writes under another name first, so that a crash leaves no half of it.
    static func replace(_ path: String, _ bytes: [UInt8]) throws(PrivateFileFailure) {
        let fresh = path + ".new"
        unlink(fresh)
        let file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw PrivateFileFailure("cannot create", fresh) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = Self.system {
                bytes.withUnsafeBytes { write(file, $0.baseAddress! + written, $0.count - written) }
            }
            guard count > 0 else { throw PrivateFileFailure("cannot write", fresh) }
            written += count
        }
        guard fsync(file) == 0 else { throw PrivateFileFailure("cannot sync", fresh) }
        guard rename(fresh, path) == 0 else { throw PrivateFileFailure("cannot rename", fresh) }
        try syncDirectory(of: path)
    }

    private static func syncDirectory(of path: String) throws(PrivateFileFailure) {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let directory = open(parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw PrivateFileFailure("cannot open", parent) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw PrivateFileFailure("cannot sync", parent) }
    }

    /// Repeats a call that a signal interrupted.
    private static func system(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}

public struct PrivateFileFailure: Error, CustomStringConvertible {
    public var path: String
    public var what: String

    init(path: String, what: String) {
        self.path = path
        self.what = what
    }

    /// Reads `errno`.
    init(_ operation: String, _ path: String) {
        self.init(path: path, what: "\(operation) it: \(String(cString: strerror(errno)))")
    }

    public var description: String { "\(path): \(what)" }
}
