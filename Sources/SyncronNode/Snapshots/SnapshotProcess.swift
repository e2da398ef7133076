import CSyncron
import Foundation
import SyncronCore

/// The program run as a process of its own to make one snapshot.
final class SnapshotProcess: Sendable {
    private struct State {
        var pid: pid_t?
        var isCancelled = false
    }

    private let state = Monitor(State())

    /// Runs `program snapshotter --data directory --until sequence` and returns what it printed: the digest.
    /// Blocks until it has ended.
    func run(_ program: String, dataDirectory: String, until sequence: Sequence) throws(NodeFailure) -> StateDigest {
        let child = try spawn([program, "snapshotter", "--data", dataDirectory, "--until", "\(sequence)"])
        let text = readAll(child.output)
        close(child.output)
        let status = wait(child.pid)
        let words = text.split(whereSeparator: \.isWhitespace)
        guard status == 0, words.count == 2, words[0] == "\(sequence)", let raw = UInt64(words[1], radix: 16) else {
            throw .snapshotFailed(what: "\(program) ended with status \(status) and said '\(text)'")
        }
        return StateDigest(raw)
    }

    /// Ends the process that is running, if one is, and lets none begin.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            if let pid = state.pid { kill(pid, SIGKILL) }
        }
    }

    private func spawn(_ arguments: [String]) throws(NodeFailure) -> (pid: pid_t, output: Int32) {
        var words = arguments.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        return try state.withLock { (state) throws(NodeFailure) in
            guard !state.isCancelled else { throw .unavailable(.stopping) }
            var (pid, output): (pid_t, Int32) = (0, 0)
            let code = syncron_spawn(arguments[0], words, &pid, &output)
            guard code == 0 else {
                let why = code > 0 ? String(cString: strerror(code)) : "no pipe"
                throw .snapshotFailed(what: "\(arguments[0]) cannot be run: \(why)")
            }
            state.pid = pid
            return (pid, output)
        }
    }

    private func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1_024)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: buffer.prefix(count))
        }
    }

    /// The exit status; 128 and the signal's number when a signal ended it.
    private func wait(_ pid: pid_t) -> Int32 {
        // Until the number is given back under the lock it can belong to no other process, and may be signalled.
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        return state.withLock { state in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
            state.pid = nil
            return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        }
    }
}
