import Foundation
import SyncronCore
import SyncronSimulator
import Testing

@Suite("Engine and naive twin")
struct DifferentialTests {
    /// More than the usual ones with SYNCRON_SEEDS=10000 in the environment.
    private static let seeds = ProcessInfo.processInfo.environment["SYNCRON_SEEDS"].flatMap(UInt64.init) ?? 30

    @Test("give the same events on every seed", arguments: Workload.Style.allCases)
    func same(_ style: Workload.Style) {
        var trades = 0
        for seed in 1...Self.seeds {
            // Every third exchange has hardly room for its orders.
            let limits = Comparison.smallLimits(openOrders: seed.isMultiple(of: 3) ? 12 : 4_096)
            let comparison = Comparison(limits: limits)
            let workload = Workload(seed: seed, style: style)
            let run = comparison.run(workload, steps: 250)
            trades += run.trades
            guard let difference = run.difference else { continue }
            let shortest = comparison.shrink(run.commands, keeping: workload.openingCount)
            let list = shortest.dropFirst(workload.openingCount).map(\.description).joined(separator: "\n")
            Issue.record(
                """
                seed \(seed), \(style), \(difference)
                shrunk to \(comparison.difference(over: shortest)?.description ?? "nothing")
                after the \(workload.openingCount) commands that open the exchange:
                \(list)
                """)
            return
        }
        #expect(trades > 10 * Int(Self.seeds), "\(style) workloads hardly trade")
    }
}
