import ArgumentParser
import SyncronSimulator

extension BenchCommand {
    struct Futures: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a mark and a funding cost, by how many positions there are.")
        @Option(parsing: .upToNextOption, help: "How many positions, one row for each number.")
        var positions = [1_000, 10_000, 100_000]
        @OptionGroup var form: OutputForm

        func validate() throws {
            guard positions.allSatisfy({ (100...1_000_000).contains($0) }) else {
                throw ValidationError("--positions must be 100 to 1000000.")
            }
        }

        func run() throws {
            let rows = FuturesBenchmark.run(positions: positions)
            try form.print(
                json: { json in
                    json.key("rows")
                    json.beginArray()
                    for row in rows {
                        json.beginObject()
                        json.field("positions", row.positions)
                        json.field("quietP50Nanoseconds", row.quietP50Nanoseconds)
                        json.field("crossingP50Nanoseconds", row.crossingP50Nanoseconds)
                        json.field("fundingStepNanoseconds", row.fundingStepNanoseconds)
                        json.field("readingP50Nanoseconds", row.readingP50Nanoseconds)
                        json.endObject()
                    }
                    json.endArray()
                },
                text: [
                    "positions  nobody crosses, us  100 are liquidated, us  longest funding step, us  account read, us"
                ]
                    + rows.map { row in
                        OutputForm.columns(
                            (Console.grouped(row.positions), 9),
                            (OutputForm.microseconds(row.quietP50Nanoseconds), 20),
                            (OutputForm.microseconds(row.crossingP50Nanoseconds), 24),
                            (OutputForm.microseconds(row.fundingStepNanoseconds), 26),
                            (OutputForm.microseconds(row.readingP50Nanoseconds), 18))
                    })
        }
    }
}
