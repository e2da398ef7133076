import SyncronCore
import SyncronSimulator
import Testing

@Suite("Workloads")
struct WorkloadTests {
    @Test("the same seed gives the same commands")
    func repeatable() {
        let comparison = Comparison()
        for style in Workload.Style.allCases {
            let first = comparison.run(Workload(seed: 7, style: style), steps: 120).commands
            #expect(first == comparison.run(Workload(seed: 7, style: style), steps: 120).commands)
            #expect(first != comparison.run(Workload(seed: 8, style: style), steps: 120).commands)
        }
    }

    @Test("the commands that open the exchange are accepted", arguments: Workload.Style.allCases)
    func opens(_ style: Workload.Style) {
        for seed in 1...UInt64(15) {
            var workload = Workload(seed: seed, style: style)
            var naive = NaiveExchange()
            var engine = Engine(limits: Comparison.smallLimits(openOrders: 64))
            var events: [Event] = []
            for _ in 0..<workload.openingCount {
                let timed = workload.next()
                _ = naive.apply(timed.command, at: timed.time)
                engine.apply(timed.command, at: Stamp(sequence: engine.sequence.next, time: timed.time), into: &events)
            }
            let refused = events.first { if case .rejected = $0 { true } else { false } }
            #expect(refused == nil, "seed \(seed), \(style)")
        }
    }

    @Test("every way to end an order and every refusal of an order comes up")
    func covers() {
        var statuses: Set<OrderStatus> = []
        var refusals: Set<String> = []
        var ends: Set<WithdrawalStatus> = []
        for seed in 1...UInt64(100) {
            var workload = Workload(seed: seed)
            var naive = NaiveExchange(limits: Comparison.smallLimits(openOrders: 12))
            for _ in 0..<300 {
                let timed = workload.next()
                let events = naive.apply(timed.command, at: timed.time) ?? []
                workload.observe(events)
                for event in events {
                    switch event {
                    case .orderEnded(let end): statuses.insert(end.order.status)
                    case .orderFilled(let fill): statuses.insert(fill.order.status)
                    case .withdrawalRecorded(let record): ends.insert(record.withdrawal.status)
                    case .rejected(let rejection): refusals.insert(name(rejection))
                    default: break
                    }
                }
            }
        }
        #expect(statuses == [.partiallyFilled, .filled, .canceled, .expired, .expiredInMatch])
        #expect(ends == [.pending, .success, .failed])
        let wanted: Set = [
            "outOfPlace", "unknownAccount", "tradingDisabled", "unknownAsset", "unknownMarket", "marketClosed",
            "insufficientBalance", "duplicateClientOrderID", "unknownOrder", "priceFilter price", "lotSize quantity",
            "lotSize quoteOrderQty", "marketLotSize quantity", "notional quantity", "notional quoteOrderQty",
            "percentPriceBySide", "maxNumOrders", "maxPosition", "postOnly", "exchangeLimit", "conflict amount",
            "conflict status", "conflict txID", "conflict id", "conflict clientWithdrawID", "withdrawalsDisabled",
            "unknownWithdrawal", "insufficientForTransfer", "margin amountNotPositive", "margin assetNotSupported",
            "invalid network", "invalid address", "invalid to", "invalid asset",
            "invalid amount", "invalid txID", "invalid commissionTier", "invalid marginLeverage",
        ]
        #expect(wanted.subtracting(refusals) == [])
    }

    @Test("a load of valid orders is accepted, but for cancels that come too late")
    func load() throws {
        let account = AccountID(1)
        var commands = DefaultScene.commands + [.openAccount(OpenAccount())]
        for asset in DefaultScene.assets {
            commands.append(
                .recordDeposit(
                    RecordDeposit(
                        account: account, asset: asset.id, network: asset.name, amount: Units(1 << 70), txID: "1")))
        }
        let market = DefaultScene.markets[0]
        let scale = try MarketScale(market, base: DefaultScene.assets[0], quote: DefaultScene.assets[3])
        var load = OrderLoad(
            account: account, market: market, scale: scale, middle: Ticks(6_000_000), prefix: "run-1", seed: 5,
            count: 600)
        while let command = load.next() { commands.append(command) }
        var engine = Engine(limits: Comparison.smallLimits(openOrders: 256))
        var trades = 0
        for command in commands {
            var events: [Event] = []
            engine.apply(command, at: Stamp(sequence: engine.sequence.next, time: .zero), into: &events)
            trades += events.count { if case .traded = $0 { true } else { false } }
            if case .rejected(let rejection)? = events.first {
                #expect(rejection == .unknownOrder, "\(command)")
            }
        }
        #expect(trades > 50)
        #expect(engine.openOrderCount <= OrderLoad.openOrders)
    }

    private func name(_ rejection: Rejection) -> String {
        switch rejection {
        case .filter(let filter, let parameter): "\(filter) \(parameter)"
        case .risk(let filter): "\(filter)"
        case .invalid(let parameter): "invalid \(parameter)"
        case .conflict(let parameter): "conflict \(parameter)"
        case .marketClosed: "marketClosed"
        case .insufficientBalance: "insufficientBalance"
        case .insufficientForTransfer: "insufficientForTransfer"
        case .margin(let rule): "margin \(rule)"
        default: "\(rejection)"
        }
    }
}
