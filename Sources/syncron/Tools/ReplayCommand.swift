import ArgumentParser
import Foundation
import SyncronCore
import SyncronGateway
import SyncronNode

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Rebuild the exchange from its journal, beside everything else. Nothing in the directory changes.")

    @OptionGroup var place: DataOption

    @Flag(
        help:
            "Compare every digest of the journal and of the snapshots, and check the balances; fail where they differ.")
    var verify = false

    @Option(help: ArgumentHelp("Stop after this command and print the state then.", valueName: "sequence"))
    var until: UInt64?

    @Flag(help: "Begin at the newest good snapshot instead of at the first command.")
    var fromSnapshot = false

    func run() async throws {
        var replayer = Replayer(dataDirectory: place.data)
        replayer.until = until.map { Sequence($0) }
        replayer.comparesSnapshots = verify
        replayer.usesSnapshots = fromSnapshot
        replayer.onProgress = ProgressBar.replaying()
        replayer.listsState = until != nil
        let report = try replayer.run()
        report.print()
        if let until, report.sequence < Sequence(until) {
            Console.note("--until: the journal ends at \(report.sequence), before \(until)")
            throw ExitCode.failure
        }
        guard !verify || report.isBalanced else {
            Console.note("the ledger does not balance")
            throw ExitCode.failure
        }
    }
}

extension ReplayReport {
    fileprivate func print() {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Double(commands) / seconds : 0
        Console.print("sequence     \(sequence)")
        Console.print("stateHash    \(digest)")
        Console.print("time         \(time.milliseconds)")
        Console.print("replayed     \(Console.grouped(commands)) commands, \(Console.grouped(events)) events")
        Console.print("took         \(String(format: "%.2f", seconds)) s, \(Console.grouped(Int(rate))) commands/s")
        Console.print("compared     \(checkpoints) digests of the journal, \(snapshots) of snapshots")
        Console.print("accounts     \(directory.accountCount)")
        Console.print("open orders  \(openOrders)")
        for total in totals {
            let name = directory.asset(total.asset)?.name ?? "?"
            Console.print("\(name)  \(total.isBalanced ? "balances" : "DOES NOT BALANCE")")
        }
        for line in StateListing.lines(of: self) { Console.print(line) }
    }
}
