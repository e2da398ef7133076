import ArgumentParser
import SyncronCore
import SyncronNode

/// What a running exchange starts to have a snapshot made beside it.
struct SnapshotterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshotter", abstract: "Follow a journal and write a snapshot.", shouldDisplay: false)

    @Option var data: String
    @Option var until: UInt64

    func run() throws {
        let status = SnapshotWorker.main(dataDirectory: data, until: Sequence(until))
        if status != 0 { throw ExitCode(status) }
    }
}
