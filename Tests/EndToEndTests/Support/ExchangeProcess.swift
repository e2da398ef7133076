import Foundation

/// The real program, running on a data directory of its own, on ports that the system chose.
final class ExchangeProcess: @unchecked Sendable {
    struct Failure: Error, CustomStringConvertible { var description: String }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Beside the test bundle, where the build leaves it.
    static var binary: URL {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = folder.appendingPathComponent("syncron")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return root.appendingPathComponent(".build/debug/syncron")
    }

    let data: String
    private let program: Program
    private(set) var port = 0
    private(set) var adminPort = 0

    /// Starts `syncron serve` and returns when it listens. Throws with what it said when it ends instead.
    init(
        data: String, _ arguments: [String] = ["--no-sandbox"], environment: [String: String] = [:],
        within seconds: Double = 60
    ) throws {
        self.data = data
        program = try Program(
            Self.binary, ["serve", "--data", data, "--port", "0", "--admin-port", "0"] + arguments,
            environment: environment)
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline {
            let text = program.said
            if let port = Self.port(after: "Syncron listens on http://127.0.0.1:", in: text)
                ?? Self.port(after: "Syncron listens on https://127.0.0.1:", in: text),
                let adminPort = Self.port(after: "admin on http://127.0.0.1:", in: text)
            {
                (self.port, self.adminPort) = (port, adminPort)
                return
            }
            if !isRunning { throw Failure(description: try program.end().output) }
            Thread.sleep(forTimeInterval: 0.002)
        }
        kill9()
        throw Failure(description: "did not listen within \(seconds) s: \(program.said)")
    }

    private static func port(after prefix: String, in text: String) -> Int? {
        guard let range = text.range(of: prefix) else { return nil }
        let digits = text[range.upperBound...].prefix { $0.isNumber }
        // The line may still be on its way.
        guard text[range.upperBound...].dropFirst(digits.count).first != nil else { return nil }
        return Int(digits)
    }

    /// What the program has said so far.
    var said: String { program.said }
    var isRunning: Bool { program.status == nil }
    var residentBytes: Int { program.residentBytes }

    var adminToken: String {
        let text = (try? String(contentsOfFile: "\(data)/admin.token", encoding: .utf8)) ?? ""
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// As a power cut would, as far as the process is concerned.
    func kill9() {
        program.send(SIGKILL)
        _ = try? program.end()
    }

    /// Asks it to stop, and returns its exit status; -1 when it does not.
    @discardableResult
    func stop() -> Int32 {
        program.send(SIGTERM)
        do {
            return try program.end().status
        } catch {
            print(error)
            return -1
        }
    }

    deinit { kill9() }
}

/// A directory below the system's temporary one, gone with its value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "syncron-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs the program to its end.
func runSyncron(_ arguments: [String], environment: [String: String] = [:]) throws -> (status: Int32, output: String) {
    try run(ExchangeProcess.binary, arguments, environment: environment)
}

func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
) throws -> (status: Int32, output: String) {
    try Program(program, arguments, environment: environment, in: folder).end()
}
