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
    let process: Process
    private(set) var port = 0
    private(set) var adminPort = 0
    private let output: OutputReader

    /// Starts `syncron serve` and returns when it listens. Throws with what it said when it ends instead.
    init(
        data: String, _ arguments: [String] = ["--no-sandbox"], environment: [String: String] = [:],
        within seconds: Double = 60
    ) throws {
        self.data = data
        process = Process()
        process.executableURL = Self.binary
        process.arguments = ["serve", "--data", data, "--port", "0", "--admin-port", "0"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        output = OutputReader(pipe.fileHandleForReading)
        try process.run()
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline {
            let text = output.text
            if let port = Self.port(after: "Syncron listens on http://127.0.0.1:", in: text)
                ?? Self.port(after: "Syncron listens on https://127.0.0.1:", in: text),
                let adminPort = Self.port(after: "admin on http://127.0.0.1:", in: text)
            {
                (self.port, self.adminPort) = (port, adminPort)
                return
            }
            if !process.isRunning {
                Thread.sleep(forTimeInterval: 0.1)
                throw Failure(description: output.text)
            }
            Thread.sleep(forTimeInterval: 0.01)
        }
        kill(process.processIdentifier, SIGKILL)
        throw Failure(description: "did not listen within \(seconds) s: \(output.text)")
    }

    private static func port(after prefix: String, in text: String) -> Int? {
        guard let range = text.range(of: prefix) else { return nil }
        let digits = text[range.upperBound...].prefix { $0.isNumber }
        // The line may still be on its way.
        guard text[range.upperBound...].dropFirst(digits.count).first != nil else { return nil }
        return Int(digits)
    }

    /// What the program has said so far.
    var said: String { output.text }

    var adminToken: String {
        let text = (try? String(contentsOfFile: "\(data)/admin.token", encoding: .utf8)) ?? ""
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// As a power cut would, as far as the process is concerned.
    func kill9() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to stop, and returns its exit status.
    @discardableResult
    func stop() -> Int32 {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        return process.terminationStatus
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
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

/// Collects what a program says.
final class OutputReader: @unchecked Sendable {
    private let lock = NSLock()
    private var bytes = Data()

    init(_ handle: FileHandle) {
        handle.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            self?.append(data)
        }
    }

    private func append(_ data: Data) { lock.withLock { bytes.append(data) } }
    var text: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }
}

/// Runs the program to its end.
func runSyncron(_ arguments: [String], environment: [String: String] = [:]) throws -> (status: Int32, output: String) {
    try run(ExchangeProcess.binary, arguments, environment: environment)
}

func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
