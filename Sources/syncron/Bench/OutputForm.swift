import ArgumentParser
import Foundation
import SyncronWire

/// How a benchmark prints what it found.
struct OutputForm: ParsableArguments {
    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    @Flag(help: "End with status 1 when a figure misses its threshold.")
    var check = false

    /// Prints the figures, and whether each of them that has a threshold keeps to it. Throws when one does not and
    /// `--check` asks.
    func print(json fields: (inout JSONWriter) -> Void, text: [String], thresholds: [Threshold] = []) throws {
        if json {
            var writer = JSONWriter()
            writer.beginObject()
            fields(&writer)
            writer.endObject()
            Console.print(String(buffer: writer.buffer))
        } else {
            Console.print((text + thresholds.map(\.line)).joined(separator: "\n"))
        }
        if check, !thresholds.allSatisfy(\.isReached) { throw ExitCode(1) }
    }

    static func columns(_ cells: (text: String, width: Int)...) -> String {
        cells.map { $0.text.padding(toLength: max($0.width, $0.text.count + 1), withPad: " ", startingAt: 0) }.joined()
    }

    static func microseconds(_ nanoseconds: some BinaryInteger) -> String {
        String(format: "%.1f", Double(nanoseconds) / 1_000)
    }
}

/// Where a benchmark writes, and for how long it runs.
struct BenchPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to write; a fresh temporary directory by default, removed at the end.", valueName: "dir"))
    var directory: String?

    @Option(help: "How long each figure is measured.")
    var seconds = 3.0

    func validate() throws {
        guard seconds > 0, seconds <= 600 else { throw ValidationError("--seconds must be above 0 and at most 600.") }
    }

    func use<R>(_ body: (String) async throws -> R) async throws -> R {
        let path = place
        defer { cleanUp(path) }
        return try await body(path)
    }

    func use<R>(_ body: (String) throws -> R) throws -> R {
        let path = place
        defer { cleanUp(path) }
        return try body(path)
    }

    /// Below the working directory rather than /tmp, which is often no disk.
    private var place: String { directory ?? ".syncron-bench-\(ProcessInfo.processInfo.processIdentifier)" }

    private func cleanUp(_ path: String) {
        if directory == nil { try? FileManager.default.removeItem(atPath: path) }
    }
}
