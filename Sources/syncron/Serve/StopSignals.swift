import Foundation

/// SIGINT and SIGTERM, caught from the moment this is made: none that arrives later is lost. Make it once.
struct StopSignals {
    /// Where the handler writes, which may call next to nothing.
    nonisolated(unsafe) private static var writingEnd: Int32 = -1
    private let readingEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "a pipe can be had")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        readingEnd = ends[0]
        Self.writingEnd = ends[1]
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                let before = errno
                // A second one ends the process at once.
                signal(SIGINT, SIG_DFL)
                signal(SIGTERM, SIG_DFL)
                var byte: UInt8 = 0
                _ = write(StopSignals.writingEnd, &byte, 1)
                errno = before
            }
        }
    }

    /// Returns when the first of them has arrived.
    func first() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var byte: UInt8 = 0
                while read(readingEnd, &byte, 1) < 0 && errno == EINTR {}
                continuation.resume()
            }
        }
    }
}
