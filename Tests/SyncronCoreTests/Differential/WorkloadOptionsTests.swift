import SyncronCore
import SyncronSimulator
import Testing

@Suite("Workloads of orders with options")
struct WorkloadOptionsTests {
    @Test("the twin keeps its invariants", arguments: Workload.Style.allCases)
    func invariants(_ style: Workload.Style) throws {
        for seed in 1...UInt64(25) {
            var workload = Workload(seed: seed, style: style)
            var naive = NaiveExchange(limits: Comparison.smallLimits(openOrders: seed.isMultiple(of: 3) ? 12 : 4_096))
            for step in 0..<300 {
                let timed = workload.next()
                workload.observe(naive.apply(timed.command, at: timed.time) ?? [])
                let broken = naive.brokenInvariant
                try #require(broken == nil, "seed \(seed), step \(step): \(timed)")
            }
        }
    }

    @Test("whatever can happen happens in every style", arguments: Workload.Style.spot)
    func covers(_ style: Workload.Style) {
        var seen: [String: Int] = [:]
        for seed in 1...UInt64(60) {
            var workload = Workload(seed: seed, style: style)
            var naive = NaiveExchange(limits: Comparison.smallLimits(openOrders: 4_096))
            for _ in 0..<300 {
                let timed = workload.next()
                let events = naive.apply(timed.command, at: timed.time) ?? []
                workload.observe(events)
                for sight in Self.sights(timed.command, events) { seen[sight, default: 0] += 1 }
            }
        }
        let missing = Self.wanted.filter { seen[$0, default: 0] < 3 }
        #expect(missing == [], "seen: \(seen.sorted { $0.key < $1.key })")
    }

    private static let wanted = [
        "stop fired", "take profit fired", "trailing stop fired", "cascade", "triggered order rests",
        "triggered order traded", "triggered order failed", "iceberg met twice", "list placed", "stop leg expired",
        "limit leg expired", "list cancelled", "amended", "amended and traded", "amended in place", "amended in vain",
        "several cancelled", "countdown set", "countdown disarmed", "cancelled by countdown", "expired on time",
        "waiting order expired on time", "invalid type", "invalid stopPrice", "invalid trailingDelta",
        "invalid icebergQty", "invalid cancelAfter", "invalid countdown", "invalid quantity", "filter stopPrice",
        "filter icebergQty", "icebergParts", "maxNumAlgoOrders", "trigger",
    ]

    /// What a command's events show, in the words of the list above.
    private static func sights(_ command: Command, _ events: [Event]) -> Set<String> {
        var sights: Set<String> = []
        let triggered = events.compactMap { if case .orderTriggered(let order) = $0 { order } else { nil } }
        let ended = events.compactMap { if case .orderEnded(let end) = $0 { end.order } else { nil } }
        let fills = events.compactMap { if case .orderFilled(let fill) = $0 { fill } else { nil } }
        if triggered.count > 1 { sights.insert("cascade") }
        for order in triggered {
            let isStop = order.type == .stopLoss || order.type == .stopLossLimit
            sights.insert(
                order.trailingDelta > 0 ? "trailing stop fired" : isStop ? "stop fired" : "take profit fired")
            let traded = fills.contains { $0.order.id == order.id }
            let end = ended.first { $0.id == order.id }
            if traded { sights.insert("triggered order traded") }
            if end?.status == .expired && !traded { sights.insert("triggered order failed") }
            if !traded && end == nil { sights.insert("triggered order rests") }
        }
        for order in ended where order.list != nil && order.status == .expired {
            sights.insert(order.type == .limitMaker ? "limit leg expired" : "stop leg expired")
        }
        let slices = fills.filter { $0.liquidity == .maker && $0.order.icebergQuantity > .zero }
        if Set(slices.map(\.order.id)).count < slices.count { sights.insert("iceberg met twice") }
        switch command {
        case .placeOrderList: if accepts(events) { sights.insert("list placed") }
        case .cancelOrder: if ended.count == 2 { sights.insert("list cancelled") }
        case .cancelAllOrders: if ended.count > 1 { sights.insert("several cancelled") }
        case .amendOrder: amendment(events, traded: !fills.isEmpty, &sights)
        case .setCancelCountdown:
            if case .cancelCountdownSet(let set)? = events.first {
                sights.insert(set.at == .never ? "countdown disarmed" : "countdown set")
            }
        case .tick:
            for order in ended {
                let isLate = order.status == .expired
                sights.insert(isLate ? "expired on time" : "cancelled by countdown")
                if isLate && order.type.isConditional { sights.insert("waiting order expired on time") }
            }
        default: break
        }
        if case .rejected(let rejection)? = events.first { sights.insert(name(rejection)) }
        return sights
    }

    private static func accepts(_ events: [Event]) -> Bool {
        if case .orderAccepted? = events.first { true } else { false }
    }

    private static func amendment(_ events: [Event], traded: Bool, _ sights: inout Set<String>) {
        guard case .orderAmended? = events.first else { return }
        sights.insert(traded ? "amended and traded" : "amended")
        let levels = events.count { if case .levelChanged = $0 { true } else { false } }
        if levels == 1 && !traded { sights.insert("amended in place") }
        if levels == 0 { sights.insert("amended in vain") }
    }

    private static func name(_ rejection: Rejection) -> String {
        switch rejection {
        case .filter(_, let parameter): "filter \(parameter)"
        case .risk(let filter): "\(filter)"
        case .invalid(let parameter): "invalid \(parameter)"
        default: "other"
        }
    }
}
