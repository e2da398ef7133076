import Foundation

/// The right to do something that only one process may do at a time. It ends with the process, however that ends.
struct FileLock: Sendable {
    private let descriptor: Int32

    /// Does not wait: throws when another holds it.
    init(_ path: String) throws(NodeFailure) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .directory(path, what: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .directory(path, what: "held by another process")
        }
    }

    func release() { close(descriptor) }
}
