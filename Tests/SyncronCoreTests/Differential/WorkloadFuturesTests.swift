import SyncronCore
import SyncronSimulator
import Testing

@Suite("Workloads of perpetuals")
struct WorkloadFuturesTests {
    @Test("the twin keeps its invariants, and every event and refusal of perpetuals comes up")
    func covers() throws {
        var seen: [String: Int] = [:]
        for seed in 1...UInt64(60) {
            var workload = Workload(seed: seed, style: .futures)
            var naive = NaiveExchange(limits: Comparison.smallLimits(openOrders: seed.isMultiple(of: 3) ? 12 : 4_096))
            for step in 0..<250 {
                let timed = workload.next()
                let events = naive.apply(timed.command, at: timed.time) ?? []
                workload.observe(events)
                for event in events { for sight in Self.sights(event) { seen[sight, default: 0] += 1 } }
                let broken = naive.brokenInvariant
                try #require(broken == nil, "seed \(seed), step \(step): \(timed)")
            }
        }
        let missing = Self.wanted.filter { seen[$0] == nil }
        #expect(missing == [], "seen: \(seen.sorted { $0.key < $1.key })")
    }

    private static let wanted = [
        "position long", "position short", "position both", "position closed", "leverage", "margin type", "hedge",
        "one-way", "income realizedProfit", "income funding", "income commission", "income insuranceClear",
        "profit made wallet", "mark", "funding up", "funding down", "margin call", "bankrupt", "deleveraged",
        "forced sell", "forced buy", "forced in part", "offered by the fund", "order limit", "order market",
        "order stopLoss", "order stopLossLimit", "order takeProfit", "order takeProfitLimit", "order trailingStop",
        "order gtx", "order reduceOnly", "order closePosition", "expired reducing", "triggered",
        "belowMaintenance", "insufficientBalance", "risk reduceOnly", "risk maxNotional", "risk openPosition",
        "risk noPosition", "risk trigger", "risk percentPriceBySide", "risk maxNumOrders", "risk maxNumAlgoOrders",
        "risk exchangeLimit", "invalid positionSide", "invalid reduceOnly", "invalid closePosition",
        "invalid callbackRate", "invalid leverage", "invalid amount", "invalid type", "filter priceFilter",
        "filter lotSize", "filter notional", "unknownMarket", "marketClosed", "tradingDisabled", "unknownOrder",
        "duplicateClientOrderID",
    ]

    private static func sights(_ event: Event) -> [String] {
        switch event {
        case .positionChanged(let position):
            ["position \(position.side)"] + (position.quantity == .zero ? ["position closed"] : [])
        case .leverageSet: ["leverage"]
        case .marginTypeSet: ["margin type"]
        case .positionModeSet(let mode): [mode.isHedge ? "hedge" : "one-way"]
        case .incomeBooked(let income):
            ["income \(income.kind)"]
                + (income.kind == .realizedProfit && income.fill == nil ? ["profit made wallet"] : [])
        case .markPriceChanged: ["mark"]
        case .fundingSettled(let funding): [funding.rate > .zero ? "funding up" : "funding down"]
        case .futuresMarginCalled: ["margin call"]
        case .positionDeleveraged(let it): [it.isBankrupt ? "bankrupt" : "deleveraged"]
        case .orderForced(let order):
            ["forced \(order.side)"] + (order.executed < order.quantity ? ["forced in part"] : [])
        case .orderAccepted(let order) where order.wallet == .futures: sights(order)
        case .orderEnded(let end) where end.order.reduces && end.order.status == .expired: ["expired reducing"]
        case .orderTriggered(let order) where order.wallet == .futures: ["triggered"]
        case .rejected(.risk(let rule)): ["risk \(rule)"]
        case .rejected(.invalid(let parameter)): ["invalid \(parameter)"]
        case .rejected(.filter(let filter, _)): ["filter \(filter)"]
        case .rejected(let rejection): [String("\(rejection)".prefix { $0 != "(" })]
        default: []
        }
    }

    private static func sights(_ order: OrderState) -> [String] {
        var sights = ["order \(order.type)"]
        if order.account == AccountID(0) { sights.append("offered by the fund") }
        if order.timeInForce == .gtx { sights.append("order gtx") }
        if order.reduceOnly { sights.append("order reduceOnly") }
        if order.closePosition { sights.append("order closePosition") }
        return sights
    }
}
