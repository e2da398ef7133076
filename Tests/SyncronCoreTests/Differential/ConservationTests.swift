import SyncronCore
import SyncronSimulator
import Testing

@Suite("Conservation of funds")
struct ConservationTests {
    @Test("what came in is what customers and the house have, after every command", arguments: Workload.Style.allCases)
    func balanced(_ style: Workload.Style) throws {
        for seed in 1_001...UInt64(1_012) {
            var workload = Workload(seed: seed, style: style)
            var engine = Engine(limits: Comparison.smallLimits(openOrders: 1_024))
            var events: [Event] = []
            var withdrawals: [WithdrawalID: Withdrawal] = [:]
            for step in 0..<200 {
                let timed = workload.next()
                events.removeAll(keepingCapacity: true)
                engine.apply(timed.command, at: Stamp(sequence: engine.sequence.next, time: timed.time), into: &events)
                workload.observe(events)
                let unbalanced = engine.totals.first { !$0.isBalanced }
                try #require(unbalanced == nil, "seed \(seed), step \(step): \(timed)")
                for case .withdrawalRecorded(let record) in events {
                    withdrawals[record.withdrawal.id] = record.withdrawal
                }
                let wrong = try wrongHold(engine, withdrawals.values.filter { $0.status == .pending })
                try #require(wrong == nil, "seed \(seed), step \(step): \(timed)")
            }
        }
    }

    /// The first balance that is negative, or holds something else than its account's open orders and pending withdrawals
    /// need.
    private func wrongHold(_ engine: borrowing Engine, _ pending: [Withdrawal]) throws -> BalanceChange? {
        let assets = engine.assets
        let scales = try engine.markets.map { market in
            let (base, quote) = (assets[Int(market.base.raw)], assets[Int(market.quote.raw)])
            return (market, try MarketScale(market, base: base, quote: quote))
        }
        for account in engine.accounts {
            var needed: [AssetID: Units] = [:]
            let open = engine.openOrders(of: account.id, wallet: .spot, market: nil)
            for order in open {
                let (market, scale) = scales[Int(order.market.raw)]
                let asset = order.side == .buy ? market.quote : market.base
                var amount = try need(of: order, scale)
                // The legs of a list together hold what the dearer one needs.
                if order.status == .pendingTrigger, let limit = open.first(where: { $0.id == order.list }) {
                    amount = try max(.zero, amount - need(of: limit, scale))
                }
                needed[asset, default: .zero] += amount
            }
            for withdrawal in pending where withdrawal.account == account.id {
                needed[withdrawal.asset, default: .zero] += withdrawal.total
            }
            for balance in engine.balances(of: account.id, wallet: .spot)
            where balance.free < .zero || balance.held != needed[balance.asset] ?? .zero {
                return balance
            }
        }
        return nil
    }

    private func need(of order: OrderState, _ scale: MarketScale) throws -> Units {
        let remaining = order.quantity - order.executed
        let price = order.type.hasPrice ? order.price : order.stopPrice
        return try #require(order.side == .buy ? scale.notional(price, remaining) : scale.base(remaining))
    }
}
