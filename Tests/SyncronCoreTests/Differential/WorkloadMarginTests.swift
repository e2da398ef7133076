import SyncronCore
import SyncronSimulator
import Testing

@Suite("Workloads of margin")
struct WorkloadMarginTests {
    @Test("the twin keeps its invariants")
    func invariants() throws {
        for seed in 1...UInt64(40) {
            var workload = Workload(seed: seed, style: .margin)
            var naive = NaiveExchange(limits: Comparison.smallLimits(openOrders: seed.isMultiple(of: 3) ? 12 : 4_096))
            for step in 0..<300 {
                let timed = workload.next()
                workload.observe(naive.apply(timed.command, at: timed.time) ?? [])
                let broken = naive.brokenInvariant
                try #require(broken == nil, "seed \(seed), step \(step): \(timed)")
            }
        }
    }

    @Test("every event and refusal of margin comes up")
    func covers() {
        var seen: [String: Int] = [:]
        for seed in 1...UInt64(60) {
            var workload = Workload(seed: seed, style: .margin)
            var naive = NaiveExchange(limits: Comparison.smallLimits(openOrders: 4_096))
            for _ in 0..<300 {
                let timed = workload.next()
                let events = naive.apply(timed.command, at: timed.time) ?? []
                workload.observe(events)
                for event in events { for sight in Self.sights(event) { seen[sight, default: 0] += 1 } }
            }
        }
        let missing = Self.wanted.filter { seen[$0] == nil }
        #expect(missing == [], "seen: \(seen.sorted { $0.key < $1.key })")
    }

    private static let wanted = [
        "loan", "loan for an order", "interest by borrowing", "interest by hour", "repaid demand", "repaid autoRepay",
        "repaid unusedLoan", "repaid liquidation", "repaid insurance", "order marginBuy", "order autoRepay",
        "status normal", "status marginCall", "status liquidating", "forced sell", "forced buy", "forced in part",
        "index", "no index", "insurance funded", "noAccount", "loanNotPositive", "collateralNeeded",
        "beyondMaxBorrowable", "belowBorrowThreshold", "tradingNotPermitted", "wouldLiquidate", "noCollateral",
        "liquidating", "tooManyOrders", "amountNotPositive", "assetNotSupported", "withdrawalNotPermitted",
        "insufficientForTransfer", "insufficientForMarginOrder", "insufficientBalance", "noIndexPrice",
        "invalid sideEffectType", "invalid index", "invalid asset", "invalid amount", "conflict collateralRatio",
        "unknownMarket",
    ]

    private static func sights(_ event: Event) -> [String] {
        switch event {
        case .loanTaken(let loan): [loan.order == nil ? "loan" : "loan for an order"]
        case .interestCharged(let charge): ["interest by \(charge.cause)"]
        case .loanRepaid(let repayment): ["repaid \(repayment.cause)"]
        case .marginOrderPlaced(let terms): ["order \(terms.sideEffect)"]
        case .marginStatusChanged(let change): ["status \(change.status)"]
        case .orderForced(let order):
            ["forced \(order.side)"] + (order.executed < order.quantity ? ["forced in part"] : [])
        case .indexPriceChanged(let quote): [quote.price == nil ? "no index" : "index"]
        case .insuranceFunded: ["insurance funded"]
        case .rejected(.margin(let rule)): ["\(rule)"]
        case .rejected(.invalid(let parameter)): ["invalid \(parameter)"]
        case .rejected(.conflict(let parameter)): ["conflict \(parameter)"]
        case .rejected(let rejection): [String("\(rejection)".prefix { $0 != "(" })]
        default: []
        }
    }
}
