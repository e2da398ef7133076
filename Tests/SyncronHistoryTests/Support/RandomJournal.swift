import SyncronCore

@testable import SyncronHistory

/// Entries as an exchange might leave them behind: orders that rest, trade, end; deposits; events of accounts. Times
/// stand still as often as they jump.
struct RandomJournal {
    static let accounts: UInt32 = 6
    static let markets: UInt16 = 3
    static let clients = ["", "a", "b", "client-3", "x:/._-9"]

    var random: SeededGenerator
    private(set) var now = start
    private var sequence: UInt64 = 0
    private var lastOrder: UInt64 = 0
    private var lastTrade = [UInt64](repeating: 0, count: Int(markets))
    private var open: [OrderState] = []
    private var deposits: [Deposit] = []
    private var seqs = [UInt64](repeating: 0, count: Int(accounts) + 1)

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func next() -> HistoryEntry {
        // Some commands leave no entry.
        sequence += random.chance(10) ? 2 : 1
        if random.chance(60) { now = now + Int64(random.below(random.chance(3) ? 3_000_000 : 2_000)) }
        let stamp = Stamp(sequence: Sequence(sequence), time: now)
        guard sequence > UInt64(Self.accounts) else { return HistoryEntry(stamp: stamp, events: [openAccount()]) }
        let events =
            switch random.below(20) {
            case 0...8: placeOrder()
            case 9...15: endOrder()
            case 16...17: [recordDeposit()]
            default: [Event.timePassed]
            }
        return HistoryEntry(stamp: stamp, events: events, userEvents: tell(stamp))
    }

    /// The even accounts belong to the sandbox.
    private func openAccount() -> Event { opened(UInt32(sequence), sandbox: sequence.isMultiple(of: 2)) }

    private mutating func anyAmount() -> Units {
        let high = random.chance(20) ? Int128(random.next() >> 18) << 64 : 0
        return Units(high + Int128(random.next() >> 20))
    }

    private mutating func placeOrder() -> [Event] {
        lastOrder += 1
        var taker = order(
            lastOrder, account: 1 + UInt32(random.below(Int(Self.accounts))),
            market: UInt16(random.below(Int(Self.markets))), wallet: random.chance(80) ? .spot : .margin,
            side: random.chance(50) ? .buy : .sell, client: Self.clients[random.below(Self.clients.count)], at: now)
        var events = [Event.orderAccepted(taker)]
        while random.chance(55), let index = open.firstIndex(where: { $0.market == taker.market }) {
            events += fill(&taker, open[index], at: index)
            if !taker.isOpen { return events }
        }
        if taker.isOpen { open.append(taker) }
        return events
    }

    private mutating func fill(_ taker: inout OrderState, _ resting: OrderState, at index: Int) -> [Event] {
        var maker = resting
        let left = min(taker.quantity - taker.executed, maker.quantity - maker.executed)
        let quantity = random.chance(50) ? left : Steps(1 + Int64(random.below(Int(left.raw))))
        let notional = anyAmount()
        for order in [true, false] {
            var state = order ? maker : taker
            state.executed += quantity
            state.executedNotional += notional
            state.status = state.executed == state.quantity ? .filled : .partiallyFilled
            state.updatedAt = now
            if order { maker = state } else { taker = state }
        }
        let market = Int(maker.market.raw)
        lastTrade[market] += 1
        let trade = Trade(
            market: maker.market, id: TradeID(lastTrade[market]), price: Ticks(1 + Int64(random.below(50))),
            quantity: quantity, notional: notional, takerSide: taker.side, makerOrder: maker.id, takerOrder: taker.id,
            makerAccount: maker.account, takerAccount: taker.account, makerWallet: maker.wallet,
            takerWallet: taker.wallet, makerCommission: anyAmount(), takerCommission: anyAmount(), time: now)
        if maker.isOpen { open[index] = maker } else { open.remove(at: index) }
        func report(_ order: OrderState, _ liquidity: Liquidity) -> Event {
            .orderFilled(
                OrderFill(
                    order: order, trade: trade.id, price: trade.price, quantity: quantity, notional: notional,
                    commission: .zero, commissionAsset: AssetID(0), liquidity: liquidity))
        }
        return [report(maker, .maker), .traded(trade), report(taker, .taker)]
    }

    private mutating func endOrder() -> [Event] {
        guard !open.isEmpty else { return [.rejected(.unknownOrder)] }
        var order = open.remove(at: random.below(open.count))
        order.status = random.chance(70) ? .canceled : .expired
        order.updatedAt = now
        return [ended(order)]
    }

    private mutating func recordDeposit() -> Event {
        let statuses: [DepositStatus] = [.pending, .success, .failed]
        if !deposits.isEmpty, random.chance(40) {
            let index = random.below(deposits.count)
            deposits[index].status = statuses[random.below(3)]
            deposits[index].confirmations += 1
            return recorded(deposits[index])
        }
        let new = deposit(
            UInt64(deposits.count + 1), account: 1 + UInt32(random.below(Int(Self.accounts))),
            asset: UInt16(random.below(3)), status: statuses[random.below(3)], amount: anyAmount().raw, at: now)
        deposits.append(new)
        return recorded(new)
    }

    private mutating func tell(_ stamp: Stamp) -> [StoredUserEvent] {
        (0..<random.below(3)).map { _ in
            let account = 1 + random.below(Int(Self.accounts))
            seqs[account] += 1
            return StoredUserEvent(
                account: AccountID(UInt32(account)), seq: seqs[account], stamp: stamp,
                body: (0..<random.below(20)).map { _ in UInt8(random.below(256)) })
        }
    }
}
