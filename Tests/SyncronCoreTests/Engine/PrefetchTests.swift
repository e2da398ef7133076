import SyncronSimulator
import Testing

@testable import SyncronCore

@Suite("looking ahead")
struct PrefetchTests {
    @Test("changes nothing, whatever the commands to come are", arguments: Workload.Style.allCases)
    func changesNothing(_ style: Workload.Style) {
        for seed in 1...10 as ClosedRange<UInt64> {
            let limits = Comparison.smallLimits(openOrders: 4_096)
            let run = Comparison(limits: limits).run(Workload(seed: seed, style: style), steps: 250)
            let commands = run.commands.map(\.command)
            var plain = Engine(limits: limits)
            var ahead = Engine(limits: limits)
            ahead.prefetchesFrom = 0
            for index in commands.indices {
                let stamp = Stamp(sequence: Sequence(UInt64(index + 1)), time: run.commands[index].time)
                ahead.prefetch(commands.span, at: index)
                ahead.apply(commands[index], at: stamp)
                plain.apply(commands[index], at: stamp)
                #expect(ahead.digest == plain.digest, "seed \(seed), \(style), command \(index)")
            }
        }
    }
}
