import Foundation

/// A program under way, and what it has said. No wait for it is without an end.
final class Program: @unchecked Sendable {
    private let name: String
    private let pid: pid_t
    private let lock = NSCondition()
    private var bytes = Data()
    private var isSilent = false
    private var endedWith: Int32?

    /// Starts it, with both its outputs in one.
    init(
        _ program: URL, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) throws {
        name = ([program.lastPathComponent] + arguments).joined(separator: " ")
        let words = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + [program.path] + arguments
        let pipe = Pipe()
        let (readingEnd, writingEnd) = (
            pipe.fileHandleForReading.fileDescriptor, pipe.fileHandleForWriting.fileDescriptor
        )
        // Another program must not hold this one's output open.
        for end in [readingEnd, writingEnd] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, writingEnd, 1)
        posix_spawn_file_actions_adddup2(&actions, writingEnd, 2)
        // The thread that starts it may have signals blocked, which the program would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var pid: pid_t = 0
        let code = Self.withCStrings(words) { arguments in
            Self.withCStrings(variables) { posix_spawn(&pid, words[0], &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else {
            throw ExchangeProcess.Failure(description: "\(name): \(String(cString: strerror(code)))")
        }
        self.pid = pid
        try pipe.fileHandleForWriting.close()
        Thread.detachNewThread { [self] in
            while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
                lock.withLock { bytes.append(data) }
            }
            lock.withLock {
                isSilent = true
                lock.broadcast()
            }
        }
    }

    private static func withCStrings<R>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
    ) -> R {
        let words = strings.map { strdup($0) }
        defer { for word in words { free(word) } }
        return body(words + [nil])
    }

    var said: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }

    /// Nil while it runs; 128 and the signal's number when a signal ended it.
    var status: Int32? {
        lock.withLock {
            if endedWith == nil {
                var status: Int32 = 0
                if waitpid(pid, &status, WNOHANG) == pid {
                    endedWith = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
                }
            }
            return endedWith
        }
    }

    /// What it has resident, without what are only pages of files, in bytes; 0 when it has ended, or where the system
    /// does not tell.
    var residentBytes: Int {
        guard status == nil, let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") })
        else { return 0 }
        return (Int(line.filter(\.isNumber)) ?? 0) * 1_024
    }

    /// Nothing is sent to a program that has ended: its number may be another's.
    func send(_ signal: Int32) {
        if status == nil { kill(pid, signal) }
    }

    /// Waits for its end and for all that it has to say. One that does not end in time is killed, and is a failure.
    func end(within seconds: Double = 120) throws -> (status: Int32, output: String) {
        let deadline = Date().addingTimeInterval(seconds)
        while status == nil {
            guard Date() < deadline else {
                send(SIGKILL)
                throw ExchangeProcess.Failure(description: "\(name) did not end within \(seconds) s: \(said)")
            }
            Thread.sleep(forTimeInterval: 0.002)
        }
        // A program that it started may hold its output open.
        lock.withLock { while !isSilent && lock.wait(until: Date().addingTimeInterval(5)) {} }
        return (status ?? -1, said)
    }
}
