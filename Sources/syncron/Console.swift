import Foundation
import SyncronNode

/// What the program says to whoever started it.
enum Console {
    static func print(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func note(_ text: String) {
        FileHandle.standardError.write(Data("syncron: \(text)\n".utf8))
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
            FileHandle.standardError.write(Data(line.utf8))
        }
    }
}
