import ArgumentParser
import Foundation
import SyncronJournal

struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Look at a journal. Only repair changes anything.",
        subcommands: [InspectCommand.self, VerifyCommand.self, RepairCommand.self])

    struct InspectCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "inspect", abstract: "Segments, sequences and times, by the batch headers alone.")
        @OptionGroup var place: DataOption

        func run() throws {
            let report = try place.inspector().inspect()
            report.print()
            if !report.isGood { throw ExitCode.failure }
        }
    }

    struct VerifyCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Read everything: checksums, sequences, times and the hash chain.")
        @OptionGroup var place: DataOption

        func run() throws {
            let report = try place.inspector().verify()
            report.print()
            if !report.isGood { throw ExitCode.failure }
        }
    }

    struct RepairCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "repair",
            abstract: "Cut a torn tail, as the next start would. Damage is never cut.")
        @OptionGroup var place: DataOption

        func run() throws {
            if let tail = try place.inspector().repair() {
                Console.print("cut: \(tail)")
            } else {
                Console.print("nothing to repair")
            }
        }
    }
}

struct DataOption: ParsableArguments {
    @Option(help: ArgumentHelp("The data directory of the exchange.", valueName: "dir"))
    var data = "data"

    func validate() throws {
        guard FileManager.default.fileExists(atPath: "\(data)/journal") else {
            throw ValidationError("--data: there is no journal in \(data).")
        }
    }

    func inspector() throws -> JournalInspector { JournalInspector(storage: try FileStorage(directory: data)) }
}

extension JournalReport {
    fileprivate func print() {
        for segment in segments {
            Console.print(
                "\(segment.file)  sequences \(segment.firstSequence) to \(segment.lastSequence)"
                    + "  \(Console.grouped(segment.commands)) commands in \(Console.grouped(segment.batches)) batches"
                    + "  \(Console.grouped(segment.usedBytes)) of \(Console.grouped(segment.bytes)) bytes"
                    + (segment.lastTime.map {
                        "  until \(Date(timeIntervalSince1970: Double($0.milliseconds) / 1_000))"
                    } ?? ""))
        }
        if let chain { Console.print("chain \(chain)") }
        if let tornTail { Console.print("torn tail: \(tornTail)") }
        for damage in damage { Console.print("damage: \(damage)") }
        Console.print(damage.isEmpty ? "no damage found" : "\(damage.count) places are damaged")
    }
}
