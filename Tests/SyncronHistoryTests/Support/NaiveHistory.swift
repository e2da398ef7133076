import SyncronCore
import SyncronMarketData

@testable import SyncronHistory

/// The same answers from plain lists that are looked through from end to end.
struct NaiveHistory {
    private(set) var orders: [OrderID: OrderState] = [:]
    private(set) var trades: [(trade: Trade, time: Timestamp)] = []
    private(set) var deposits: [DepositID: Deposit] = [:]
    private(set) var events: [StoredUserEvent] = []
    private var sandbox: Set<AccountID> = []

    mutating func apply(_ entry: HistoryEntry) {
        for event in entry.events {
            switch event {
            case .orderAccepted(let order): orders[order.id] = order
            case .orderFilled(let fill): orders[fill.order.id] = fill.order
            case .orderEnded(let end): orders[end.order.id] = end.order
            case .traded(let trade): trades.append((trade, entry.stamp.time))
            case .depositRecorded(let record): deposits[record.deposit.id] = record.deposit
            case .accountOpened(let account): if account.isSandbox { sandbox.insert(account.id) }
            default: break
            }
        }
        events += entry.userEvents
    }

    mutating func prune(now: Timestamp) {
        let end = now + -HistoryRetention.unfilledSandboxOrderAge
        orders = orders.filter { _, order in
            !(sandbox.contains(order.account) && !order.isOpen && order.executed == .zero && order.updatedAt < end)
        }
        events.removeAll { $0.stamp.time < now + -HistoryRetention.userEventAge }
    }

    func orders(_ query: OrderQuery) -> [OrderState] {
        let (first, from, to) = (query.firstID ?? OrderID(0), query.startTime ?? .zero, query.endTime ?? .never)
        let list = orders.values.filter { order in
            order.account == query.account && order.wallet == query.wallet && order.market == query.market
                && order.id >= first && order.createdAt >= from && order.createdAt <= to
        }.sorted { $0.id < $1.id }
        return cut(list, query.rowOrder, query.limit)
    }

    func order(_ account: AccountID, _ wallet: Wallet, _ market: MarketID, _ clientID: ClientOrderID) -> OrderState? {
        orders.values.filter {
            $0.account == account && $0.wallet == wallet && $0.market == market && $0.clientOrderID == clientID
                && !clientID.isEmpty
        }.max { $0.id < $1.id }
    }

    func trades(_ query: AccountTradeQuery) -> [AccountTrade] {
        var list: [AccountTrade] = []
        for (trade, time) in trades {
            for (account, wallet, side) in sides(trade, time) {
                guard account == query.account, wallet == query.wallet, side.market == query.market else { continue }
                if let order = query.order, side.order != order { continue }
                if let firstID = query.firstID, side.id < firstID { continue }
                if let startTime = query.startTime, time < startTime { continue }
                if let endTime = query.endTime, time > endTime { continue }
                list.append(side)
            }
        }
        return cut(list, query.rowOrder, query.limit)
    }

    func fills(of order: OrderID, from firstID: TradeID, limit: Int) -> [AccountTrade] {
        var list: [AccountTrade] = []
        for (trade, time) in trades {
            list += sides(trade, time).map { $0.trade }.filter { $0.order == order && $0.id >= firstID }
        }
        return cut(list, .oldestFirst, limit)
    }

    func publicTrades(of market: MarketID) -> [PublicTrade] {
        trades.filter { $0.trade.market == market }.map { PublicTrade($0.trade) }
    }

    func deposits(_ query: DepositQuery) -> [Deposit] {
        let (from, to) = (query.startTime ?? .zero, query.endTime ?? .never)
        let list = deposits.values.filter { deposit in
            if let asset = query.asset, deposit.asset != asset { return false }
            if let status = query.status, deposit.status != status { return false }
            return deposit.account == query.account && deposit.insertedAt >= from && deposit.insertedAt <= to
        }.sorted { $0.id < $1.id }
        return cut(list, .newestFirst, query.limit)
    }

    func candles(of market: MarketID, _ interval: KlineInterval) -> [Candle] {
        var list: [Candle] = []
        for trade in publicTrades(of: market) {
            let openTime = interval.bounds(of: trade.time).lowerBound
            if list.last?.openTime == openTime {
                list[list.count - 1].add(trade)
            } else {
                list.append(Candle(openTime: openTime, first: trade))
            }
        }
        return list
    }

    private func sides(
        _ trade: Trade, _ time: Timestamp
    ) -> [(account: AccountID, wallet: Wallet, trade: AccountTrade)] {
        let maker = AccountTrade(
            market: trade.market, id: trade.id, order: trade.makerOrder, side: trade.takerSide.opposite,
            liquidity: .maker, price: trade.price, quantity: trade.quantity, notional: trade.notional,
            commission: trade.makerCommission, time: time)
        let taker = AccountTrade(
            market: trade.market, id: trade.id, order: trade.takerOrder, side: trade.takerSide, liquidity: .taker,
            price: trade.price, quantity: trade.quantity, notional: trade.notional,
            commission: trade.takerCommission, time: time)
        return [(trade.makerAccount, trade.makerWallet, maker), (trade.takerAccount, trade.takerWallet, taker)]
    }

    private func cut<T>(_ list: [T], _ rowOrder: RowOrder, _ limit: Int) -> [T] {
        Array((rowOrder == .oldestFirst ? list : list.reversed()).prefix(max(0, limit)))
    }
}
