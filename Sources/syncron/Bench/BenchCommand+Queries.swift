import ArgumentParser
import Foundation
import SyncronSimulator

extension BenchCommand {
    struct Queries: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fill a history with orders that trade, over a year, and ask for them and for candles.")
        @Option(help: "How many orders; half of them are one account's.") var orders = 2_000_000
        @OptionGroup var place: BenchPlace
        @OptionGroup var form: OutputForm

        func validate() throws {
            guard orders >= 2 else { throw ValidationError("--orders must be at least 2.") }
        }

        func run() throws {
            let result = try place.use { directory in
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
                return try QueryBenchmark.run(directory: directory, orders: orders)
            }
            try form.print(
                json: { json in
                    json.field("orders", result.orders)
                    json.field("trades", result.trades)
                    json.field("millisecondsToFill", Int(result.secondsToFill * 1_000))
                    json.key("rows")
                    json.beginArray()
                    for row in result.rows {
                        json.beginObject()
                        json.field("question", row.question)
                        json.field("p50Nanoseconds", row.p50Nanoseconds)
                        json.field("p99Nanoseconds", row.p99Nanoseconds)
                        json.endObject()
                    }
                    json.endArray()
                },
                text: [
                    "\(Console.grouped(result.orders)) orders and \(Console.grouped(result.trades)) trades,"
                        + " filled in \(Int(result.secondsToFill)) s",
                    "question                                p50 us    p99 us",
                ]
                    + result.rows.map { row in
                        OutputForm.columns(
                            (row.question, 40), (OutputForm.microseconds(row.p50Nanoseconds), 10),
                            (OutputForm.microseconds(row.p99Nanoseconds), 10))
                    },
                // "In milliseconds": the worst question's median.
                thresholds: [
                    Threshold(
                        "slowest question, p50 ms", Double(result.rows.map(\.p50Nanoseconds).max() ?? 0) / 1e6,
                        .atMost(10))
                ])
        }
    }
}
