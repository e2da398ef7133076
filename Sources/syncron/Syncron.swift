import ArgumentParser
import Foundation

/// The command line. Every command exits with 0 only on success.
@main
struct Syncron: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "syncron",
        abstract: "A cryptocurrency exchange: spot, margin and perpetuals behind REST and WebSocket.",
        subcommands: [
            ServeCommand.self, AdminCommand.self, ReplayCommand.self, JournalCommand.self, BenchCommand.self,
            KeysCommand.self, BackupCommand.self, RestoreCommand.self, SnapshotterCommand.self,
        ],
        defaultSubcommand: nil)

    static func main() async {
        do {
            let environment = ProcessInfo.processInfo.environment
            await main(try Settings.expanded(Array(CommandLine.arguments.dropFirst()), environment))
        } catch {
            exit(withError: error)
        }
    }
}
