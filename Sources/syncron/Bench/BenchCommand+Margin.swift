import ArgumentParser
import SyncronSimulator

extension BenchCommand {
    struct Margin: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a price change costs, by how many margin accounts there are.")
        @Option(parsing: .upToNextOption, help: "How many accounts, one row for each number.")
        var accounts = [1_000, 10_000, 100_000]
        @OptionGroup var form: OutputForm

        func validate() throws {
            guard accounts.allSatisfy({ (100...1_000_000).contains($0) }) else {
                throw ValidationError("--accounts must be 100 to 1000000.")
            }
        }

        func run() throws {
            let rows = MarginBenchmark.run(accounts: accounts)
            try form.print(
                json: { json in
                    json.key("rows")
                    json.beginArray()
                    for row in rows {
                        json.beginObject()
                        json.field("accounts", row.accounts)
                        json.field("quietP50Nanoseconds", row.quietP50Nanoseconds)
                        json.field("crossingP50Nanoseconds", row.crossingP50Nanoseconds)
                        json.field("hourNanoseconds", row.hourNanoseconds)
                        json.endObject()
                    }
                    json.endArray()
                },
                text: ["accounts      nobody crosses, us    ten are liquidated, us    an hour is charged, us"]
                    + rows.map { row in
                        OutputForm.columns(
                            (Console.grouped(row.accounts), 14),
                            (OutputForm.microseconds(row.quietP50Nanoseconds), 22),
                            (OutputForm.microseconds(row.crossingP50Nanoseconds), 26),
                            (OutputForm.microseconds(row.hourNanoseconds), 12))
                    })
        }
    }
}
