import SyncronCore

@testable import SyncronHistory

/// Random numbers that a seed repeats.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// 2023-11-14 22:13:20 UTC.
let start = Timestamp(milliseconds: 1_700_000_000_000)

func entry(_ sequence: UInt64, at time: Timestamp = start, _ events: Event...) -> HistoryEntry {
    let events = events.map { event in
        guard case .traded(var trade) = event else { return event }
        trade.time = time
        return .traded(trade)
    }
    return HistoryEntry(stamp: Stamp(sequence: Sequence(sequence), time: time), events: events)
}

func order(
    _ id: UInt64, account: UInt32 = 1, market: UInt16 = 0, wallet: Wallet = .spot, side: Side = .buy,
    status: OrderStatus = .new, quantity: Int64 = 1_000, executed: Int64 = 0, notional: Int128 = 0,
    client: String = "", at time: Timestamp = start, updated: Timestamp? = nil
) -> OrderState {
    OrderState(
        id: OrderID(id), account: AccountID(account), market: MarketID(market), wallet: wallet, side: side,
        type: .limit, timeInForce: .gtc, selfTradePrevention: .expireMaker, status: status, price: Ticks(30_000),
        quantity: Steps(quantity), executed: Steps(executed), executedNotional: Units(notional),
        quoteQuantity: .zero, clientOrderID: ClientOrderID(client) ?? .none, createdAt: time,
        updatedAt: updated ?? time)
}

func trade(
    _ id: UInt64, market: UInt16 = 0, price: Int64 = 30_000, quantity: Int64 = 10, takerSide: Side = .buy,
    maker: (order: UInt64, account: UInt32) = (1, 1), taker: (order: UInt64, account: UInt32) = (2, 2),
    wallets: (maker: Wallet, taker: Wallet) = (.spot, .spot)
) -> Trade {
    let notional = Int128(price) * Int128(quantity)
    return Trade(
        market: MarketID(market), id: TradeID(id), price: Ticks(price), quantity: Steps(quantity),
        notional: Units(notional), takerSide: takerSide, makerOrder: OrderID(maker.order),
        takerOrder: OrderID(taker.order), makerAccount: AccountID(maker.account),
        takerAccount: AccountID(taker.account), makerWallet: wallets.maker, takerWallet: wallets.taker,
        makerCommission: Units(notional / 1_000), takerCommission: Units(Int128(quantity) / 10),
        time: start)
}

func deposit(
    _ id: UInt64, account: UInt32 = 1, asset: UInt16 = 0, status: DepositStatus = .success, amount: Int128 = 100,
    at time: Timestamp = start
) -> Deposit {
    Deposit(
        id: DepositID(id), account: AccountID(account), asset: AssetID(asset), network: "ETH", amount: Units(amount),
        address: "syncron:\(asset):\(account)", txID: "tx-\(id)", status: status, confirmations: UInt32(id),
        insertedAt: time, completedAt: status == .success ? time : nil)
}

func recorded(_ deposit: Deposit) -> Event {
    .depositRecorded(DepositRecord(deposit: deposit, credited: deposit.amount))
}

func opened(_ account: UInt32, sandbox: Bool = false) -> Event {
    .accountOpened(Account(id: AccountID(account), isSandbox: sandbox))
}

func ended(_ order: OrderState) -> Event { .orderEnded(OrderEnd(order: order)) }

/// Entries with `events` of one account, one each, `step` milliseconds apart.
func stream(
    of account: UInt32, seqs: ClosedRange<UInt64>, from sequence: UInt64, at time: Timestamp = start,
    step: Int64 = 1
) -> [HistoryEntry] {
    seqs.enumerated().map { index, seq in
        let stamp = Stamp(sequence: Sequence(sequence + UInt64(index)), time: time + Int64(index) * step)
        let event = StoredUserEvent(
            account: AccountID(account), seq: seq, stamp: stamp, body: Array("event \(seq)".utf8))
        return HistoryEntry(stamp: stamp, events: [], userEvents: [event])
    }
}

extension Array where Element == OrderState {
    var ids: [UInt64] { map(\.id.raw) }
}

extension Array where Element == AccountTrade {
    var ids: [UInt64] { map(\.id.raw) }
}

extension Array where Element == Deposit {
    var ids: [UInt64] { map(\.id.raw) }
}

extension Array where Element == StoredUserEvent {
    var seqs: [UInt64] { map(\.seq) }
}
