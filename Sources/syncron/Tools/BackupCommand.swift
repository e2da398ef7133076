import ArgumentParser
import SyncronNode

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a data directory, also while the exchange runs on it, and verify the copy.",
        discussion: "The copy is a data directory: restore puts it back.")

    @OptionGroup var place: DataOption

    @Option(help: ArgumentHelp("Where the copy goes; a new folder.", valueName: "dir"))
    var to: String

    @Flag(help: "Leave out master.key and the other keys: without it no secret of an API key can be opened again.")
    var withoutKeys = false

    func run() throws {
        var copy = DataCopy(from: place.data, to: to)
        copy.includesKeys = !withoutKeys
        try copy.run().print()
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a data directory from a backup, and verify it.")

    @Option(help: ArgumentHelp("The backup.", valueName: "dir"))
    var from: String

    @Option(help: ArgumentHelp("The data directory; it must not exist, or be empty.", valueName: "dir"))
    var data = "data"

    func run() throws { try DataCopy(from: from, to: data).run().print() }
}

extension DataCopy.Report {
    fileprivate func print() {
        Console.print("sequence   \(sequence)")
        Console.print("segments   \(segments)")
        Console.print("snapshots  \(snapshots)")
        Console.print("bytes      \(Console.grouped(bytes)), verified")
    }
}
