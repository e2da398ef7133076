import Foundation
import Synchronization
import SyncronNode

/// What the program says to whoever started it.
enum Console {
    /// Whether the program has more to do than to print: then it goes on when nobody reads what it says. Otherwise its
    /// status tells that what was asked for could not be written.
    static let isServing = Atomic(false)

    static func print(_ text: String) {
        if !write(text + "\n", to: STDOUT_FILENO), !isServing.load(ordering: .relaxed) { exit(1) }
    }

    static func note(_ text: String) { _ = write("syncron: \(text)\n", to: STDERR_FILENO) }

    /// Returns whether all of it was taken. Writing never ends the program: who reads may be gone.
    fileprivate static func write(_ text: String, to descriptor: CInt) -> Bool {
        Array(text.utf8).withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if count > 0 { done += count } else if errno != EINTR { return false }
            }
            return true
        }
    }

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// `value` with thousands set apart, as figures are printed.
    static func grouped(_ value: some BinaryInteger) -> String {
        var digits = Substring(String(value))
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = digits.dropLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }
}

/// A line that shows how far long work is, when there is a terminal to show it on.
enum ProgressBar {
    static func replaying() -> @Sendable (ReplayProgress) -> Void {
        guard Console.isTerminal else { return { _ in } }
        return { progress in
            let total = max(1, progress.last.raw - min(progress.first.raw, progress.last.raw) + 1)
            let done = progress.sequence.raw >= progress.first.raw ? progress.sequence.raw - progress.first.raw + 1 : 0
            let tenths = Int(done * 30 / total)
            let bar =
                String(repeating: "#", count: min(30, tenths)) + String(repeating: ".", count: max(0, 30 - tenths))
            let end = done >= total ? "\n" : ""
            let line = "\rreplaying [\(bar)] \(Console.grouped(done)) of \(Console.grouped(total))\(end)"
            _ = Console.write(line, to: STDERR_FILENO)
        }
    }
}
