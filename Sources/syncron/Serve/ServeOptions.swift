import ArgumentParser
import Foundation
import Logging
import SyncronGateway
import SyncronNode

/// What `syncron serve` can be told.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where everything is kept; made on the first start.", valueName: "dir"))
    var data = "data"

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port for REST and WebSocket; 0 for any free one.")
    var port = 8_080

    @Option(help: "The port for admin calls, on 127.0.0.1; 0 for any free one.")
    var adminPort = 8_081

    @Option(help: ArgumentHelp("What the exchange trades on its first day.", valueName: "exchange.yaml"))
    var config: String?

    @Flag(inversion: .prefixedNo, help: "A demo account, simulated traders and a faucet. Recorded on the first start.")
    var sandbox = false

    @Option(help: "system, or manual: time stands still between calls of clock/advance.")
    var clock: Clock = .system

    @Option(help: ArgumentHelp("A certificate chain in PEM; with --tls-key.", valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's private key in PEM.", valueName: "file"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("A peer whose X-Forwarded-For is believed; may be repeated.", valueName: "cidr"))
    var trustedProxy: [String] = []

    @Option(help: "The origin whose web pages may read answers; none by default.")
    var corsOrigin: String?

    @Option(
        help: ArgumentHelp(
            "Hours that journal segments are kept once two snapshots and the history have passed them; for ever by default.",
            valueName: "hours"))
    var journalRetention: Int?

    @Option(
        help: ArgumentHelp(
            "MiB of one segment of the journal. The next one is made ahead: twice as much must be free.",
            valueName: "mebibytes"))
    var journalSegment = 64

    @Option(help: ArgumentHelp("Seed of the simulated traders.", valueName: "number"))
    var sandboxSeed: UInt64 = 1

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .notice

    enum Clock: String, ExpressibleByArgument, CaseIterable {
        case system, manual
    }

    func validate() throws {
        for (name, port) in [("--port", port), ("--admin-port", adminPort)] where !(0...65_535).contains(port) {
            throw ValidationError("\(name) must be 0 to 65535.")
        }
        guard port != adminPort || port == 0 else { throw ValidationError("--port and --admin-port must differ.") }
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key go together.")
        }
        if let corsOrigin, !APIServer.isOrigin(corsOrigin) {
            throw ValidationError(
                "--cors-origin: '\(corsOrigin)' is no origin; one is '*' or like 'https://app.example.com'.")
        }
        if let journalRetention, journalRetention < 0 {
            throw ValidationError("--journal-retention must not be negative.")
        }
        guard (1...1_024).contains(journalSegment) else {
            throw ValidationError("--journal-segment must be 1 to 1024.")
        }
        do { _ = try TrustedProxies(trustedProxy) } catch { throw ValidationError("--trusted-proxy: \(error)") }
    }

    /// What the node needs to know of it.
    func nodeConfiguration() throws -> NodeConfiguration {
        var configuration = NodeConfiguration(dataDirectory: data)
        configuration.clock = clock == .manual ? .manual : .system
        configuration.sandbox = sandbox
        configuration.initialCommands = try DefinitionFile.load(config).commands()
        configuration.journalRetention = journalRetention.map { .seconds($0 * 3_600) }
        configuration.segmentBytes = journalSegment << 20
        configuration.snapshotter = OwnProgram.path
        configuration.onProgress = ProgressBar.replaying()
        configuration.log = Logger(label: "syncron.node")
        return configuration
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

enum OwnProgram {
    /// The file that this process runs.
    static var path: String? { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") }

    /// The folder of that name that `make setup` has put below `.tools`, beside the program or in a folder above it.
    static func tool(_ name: String) -> String? {
        guard let path else { return nil }
        var folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        while folder.path != "/" {
            let tool = folder.appendingPathComponent(".tools/\(name)").path
            if FileManager.default.fileExists(atPath: tool) { return tool }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
