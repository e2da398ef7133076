import ArgumentParser
import Foundation
import SyncronGateway
import SyncronJournal
import SyncronSimulator
import SyncronWire

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure. Every benchmark ends by itself.",
        subcommands: [
            Engine.self, Journal.self, HTTP.self, Streams.self, Recovery.self, Queries.self, Margin.self,
            Futures.self,
        ])

    struct Engine: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a command stream through the complete engine, without a disk.")
        @Option(
            help: ArgumentHelp("The stream; its trades are compared with those its header names.", valueName: "file"))
        var stream: String
        @Option(help: "Orders that wait for a trigger beside the stream's.") var waiting = 0
        @OptionGroup var form: OutputForm

        func validate() throws {
            guard (0...1_000_000).contains(waiting) else { throw ValidationError("--waiting must be 0 to 1000000") }
        }

        func run() throws {
            let result = try EngineBenchmark.run(path: stream, waiting: waiting)
            try form.print(
                json: {
                    $0.field("commandsPerSecond", Int(result.commandsPerSecond))
                    $0.field("nanosecondsPerCommand", Int(result.nanosecondsPerCommand.rounded()))
                    $0.field("peakBytes", result.peakBytes)
                    $0.field("trades", result.trades)
                    $0.field("quantity", result.quantity)
                    $0.field("checksum", String(result.checksum, radix: 16))
                },
                text: [
                    "commands/s       \(Console.grouped(Int(result.commandsPerSecond)))",
                    "ns/command       \(String(format: "%.1f", result.nanosecondsPerCommand))",
                    "peak memory      \(Console.grouped(result.peakBytes)) bytes",
                    "heap growth      \(Console.grouped(result.heapGrowth)) bytes after warm-up",
                    "open orders      \(Console.grouped(result.openOrders))",
                    "trades           \(Console.grouped(result.trades))",
                    "quantity         \(Console.grouped(result.quantity))",
                    "checksum         \(String(result.checksum, radix: 16))",
                ],
                thresholds: [Threshold("heap growth after warm-up, bytes", Double(result.heapGrowth), .atMost(0))])
        }
    }

    struct Journal: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Durable commands a second, beside a bare loop of pwrite and fdatasync.")
        @OptionGroup var place: BenchPlace
        @OptionGroup var form: OutputForm

        func run() throws {
            let rows = try place.use { try JournalBenchmark.run(directory: $0, seconds: place.seconds) }
            try form.print(
                json: { json in
                    json.key("rows")
                    json.beginArray()
                    for row in rows {
                        json.beginObject()
                        json.field("commandsPerBatch", row.commandsPerBatch)
                        json.field("commandsPerSecond", Int(row.journal.commandsPerSecond))
                        json.field("p50Nanoseconds", row.journal.p50Nanoseconds)
                        json.field("p99Nanoseconds", row.journal.p99Nanoseconds)
                        json.field("bareCommandsPerSecond", Int(row.bare.commandsPerSecond))
                        json.field("bareP50Nanoseconds", row.bare.p50Nanoseconds)
                        json.field("ratio", String(format: "%.3f", row.ratio))
                        json.endObject()
                    }
                    json.endArray()
                },
                text: ["per batch   commands/s        p50 us    p99 us    bare commands/s   ratio"]
                    + rows.map { row in
                        OutputForm.columns(
                            (Console.grouped(row.commandsPerBatch), 12),
                            (Console.grouped(Int(row.journal.commandsPerSecond)), 18),
                            (OutputForm.microseconds(row.journal.p50Nanoseconds), 10),
                            (OutputForm.microseconds(row.journal.p99Nanoseconds), 10),
                            (Console.grouped(Int(row.bare.commandsPerSecond)), 18),
                            (String(format: "%.2f", row.ratio), 8))
                    },
                thresholds: rows.map {
                    Threshold(
                        "journal ÷ bare, \(Console.grouped($0.commandsPerBatch)) a batch", $0.ratio,
                        .atLeast($0.leastRatio))
                })
        }
    }

    struct HTTP: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "http", abstract: "Signed, durable orders over HTTP beside pings, in one run.")
        @Option(parsing: .upToNextOption, help: "How many connections, one figure for each number.")
        var connections = [1, 64]
        @OptionGroup var place: BenchPlace
        @OptionGroup var form: OutputForm

        func validate() throws {
            guard connections.allSatisfy({ 1...10_000 ~= $0 }) else {
                throw ValidationError("--connections: each from 1 to 10,000.")
            }
        }

        func run() async throws {
            let (rows, sync) = try await place.use { directory in
                // What the disk takes, on both sides of the rest: it is not the same from one minute to the next.
                let before = try Self.sync(directory)
                let rows = try await HTTPBenchmark.run(
                    directory: directory, seconds: place.seconds, connections: connections)
                return (rows, (before + (try Self.sync(directory))) / 2)
            }
            try form.print(
                json: { json in
                    json.key("rows")
                    json.beginArray()
                    for row in rows {
                        json.beginObject()
                        json.field("connections", row.connections)
                        json.field("ordersPerSecond", Int(row.order.requestsPerSecond))
                        json.field("orderP50Nanoseconds", row.order.p50Nanoseconds)
                        json.field("orderP99Nanoseconds", row.order.p99Nanoseconds)
                        json.field("pingsPerSecond", Int(row.ping.requestsPerSecond))
                        json.field("pingP50Nanoseconds", row.ping.p50Nanoseconds)
                        json.field("ratio", String(format: "%.3f", row.ratio))
                        json.endObject()
                    }
                    json.endArray()
                },
                text: ["connections   orders/s    p50 us    p99 us    pings/s     p50 us    ratio"]
                    + rows.map { row in
                        OutputForm.columns(
                            ("\(row.connections)", 14), (Console.grouped(Int(row.order.requestsPerSecond)), 12),
                            (OutputForm.microseconds(row.order.p50Nanoseconds), 10),
                            (OutputForm.microseconds(row.order.p99Nanoseconds), 10),
                            (Console.grouped(Int(row.ping.requestsPerSecond)), 12),
                            (OutputForm.microseconds(row.ping.p50Nanoseconds), 10),
                            (String(format: "%.2f", row.ratio), 5))
                    },
                thresholds: rows.compactMap { $0.threshold(sync: sync) })
        }

        /// The median of one small write and its fdatasync, in nanoseconds.
        private static func sync(_ directory: String) throws -> UInt64 {
            let rows = try JournalBenchmark.run(directory: directory, seconds: 0.5, batchSizes: [1])
            return UInt64(rows[0].bare.p50Nanoseconds)
        }
    }

    struct Streams: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "streams", abstract: "Many subscribers of one market's trades.", aliases: ["ws"])
        @Option(help: "How many subscribers.") var subscribers = 1_000
        @OptionGroup var place: BenchPlace
        @OptionGroup var form: OutputForm

        func validate() throws {
            guard 1...10_000 ~= subscribers else { throw ValidationError("--subscribers: from 1 to 10,000.") }
        }

        func run() async throws {
            let figures = try await place.use {
                try await StreamsBenchmark.run(directory: $0, subscribers: subscribers, seconds: place.seconds)
            }
            try form.print(
                json: {
                    $0.field("subscribers", figures.subscribers)
                    $0.field("messagesPerSecond", Int(figures.messagesPerSecond))
                    $0.field("p50Nanoseconds", figures.p50Nanoseconds)
                    $0.field("p99Nanoseconds", figures.p99Nanoseconds)
                },
                text: [
                    "subscribers    \(Console.grouped(figures.subscribers))",
                    "messages/s     \(Console.grouped(Int(figures.messagesPerSecond)))",
                    "p50 us         \(OutputForm.microseconds(figures.p50Nanoseconds))"
                        + " at \(figures.tradesPerSecond) trades/s",
                    "p99 us         \(OutputForm.microseconds(figures.p99Nanoseconds))",
                ])
        }
    }

    struct Recovery: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a journal, then replay it into the engine and the views.")
        @Option(help: "How many commands.") var commands = 10_000_000
        @OptionGroup var place: BenchPlace
        @OptionGroup var form: OutputForm

        func run() throws {
            let result = try place.use { try RecoveryBenchmark.run(directory: $0, commands: commands) }
            try form.print(
                json: {
                    $0.field("commands", result.commands)
                    $0.field("milliseconds", Int(result.seconds * 1_000))
                    $0.field("commandsPerSecond", Int(Double(result.commands) / result.seconds))
                    $0.field("stateHash", result.digest)
                },
                text: [
                    "commands       \(Console.grouped(result.commands))",
                    "replayed in    \(String(format: "%.2f", result.seconds)) s",
                    "commands/s     \(Console.grouped(Int(Double(result.commands) / result.seconds)))",
                    "state          \(result.digest)",
                ],
                thresholds: [
                    Threshold(
                        "seconds for 10,000,000 commands", result.seconds * 10_000_000 / Double(result.commands),
                        .atMost(15))
                ])
        }
    }
}

extension HTTPBenchmark.Row {
    /// What one connection and 64 must keep to; nil for other numbers. `sync` is a write's and its fdatasync's p50, in
    /// nanoseconds.
    fileprivate func threshold(sync: UInt64) -> Threshold? {
        switch connections {
        case 1:
            Threshold(
                "one connection, p50 us, to ping's + 2 syncs", Double(order.p50Nanoseconds) / 1_000,
                .atMost(Double(ping.p50Nanoseconds + 2 * sync) / 1_000))
        case 64: Threshold("orders ÷ pings, 64 connections", ratio, .atLeast(0.7))
        default: nil
        }
    }
}
