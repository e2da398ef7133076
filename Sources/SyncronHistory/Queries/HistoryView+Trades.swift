import SyncronCore
import SyncronMarketData

/// A trade as one of its two accounts sees it.
public struct AccountTrade: Sendable, Hashable {
    public var market: MarketID
    public var id: TradeID
    /// The account's own order.
    public var order: OrderID
    /// What the account did. A buyer receives the market's base asset, a seller its quote asset.
    public var side: Side
    public var liquidity: Liquidity
    public var price: Ticks
    public var quantity: Steps
    /// price × quantity, in units of the quote asset.
    public var notional: Units
    /// In units of the asset that the account received.
    public var commission: Units
    public var time: Timestamp

    public init(
        market: MarketID, id: TradeID, order: OrderID, side: Side, liquidity: Liquidity, price: Ticks,
        quantity: Steps, notional: Units, commission: Units, time: Timestamp
    ) {
        self.market = market
        self.id = id
        self.order = order
        self.side = side
        self.liquidity = liquidity
        self.price = price
        self.quantity = quantity
        self.notional = notional
        self.commission = commission
        self.time = time
    }
}

/// Which trades of one account, wallet and market are asked for. Bounds are inclusive; those that are nil bound nothing.
public struct AccountTradeQuery: Sendable, Hashable {
    public var account: AccountID
    public var wallet: Wallet
    public var market: MarketID
    /// Only fills of this order.
    public var order: OrderID?
    /// Trades of this id and above.
    public var firstID: TradeID?
    public var startTime: Timestamp?
    public var endTime: Timestamp?
    public var rowOrder: RowOrder
    public var limit: Int

    public init(
        account: AccountID, wallet: Wallet = .spot, market: MarketID, order: OrderID? = nil,
        firstID: TradeID? = nil, startTime: Timestamp? = nil, endTime: Timestamp? = nil,
        rowOrder: RowOrder = .newestFirst, limit: Int
    ) {
        self.account = account
        self.wallet = wallet
        self.market = market
        self.order = order
        self.firstID = firstID
        self.startTime = startTime
        self.endTime = endTime
        self.rowOrder = rowOrder
        self.limit = limit
    }
}

extension HistoryView {
    /// The account's trades by id. One between two of its own orders stands there twice: for its maker, then its taker
    /// (newest first the other way round).
    public func trades(_ query: AccountTradeQuery) throws -> [AccountTrade] {
        guard query.limit > 0, let ids = try tradeIDs(of: query) else { return [] }
        func side(_ liquidity: Liquidity) throws -> [AccountTrade] {
            let party = TradeTable.prefix(liquidity)
            // Named, because the planner would rather walk all trades of the market.
            let (index, ofOrder) =
                query.order == nil ? ("trades_by_\(party)", "") : ("trades_by_\(party)_order", "AND \(party)_order = ?")
            return try database.all(
                """
                SELECT \(TradeTable.partyColumns(liquidity)) FROM trades INDEXED BY \(index)
                WHERE \(party)_account = ? AND \(party)_wallet = ? \(ofOrder) AND market = ? AND id BETWEEN ? AND ?
                ORDER BY id \(query.rowOrder.keyword) LIMIT ?
                """,
                { values in
                    values.add(query.account)
                    values.add(query.wallet)
                    if let order = query.order { values.add(order) }
                    values.add(query.market)
                    values.add(ids.lowerBound)
                    values.add(ids.upperBound)
                    values.add(limit: query.limit)
                }
            ) { try TradeTable.accountTrade(from: &$0, as: liquidity) }
        }
        return merge(try side(.maker), try side(.taker), query.rowOrder, limit: query.limit)
    }

    /// The fills of an order, oldest first.
    public func fills(of order: OrderID, from firstID: TradeID? = nil, limit: Int) throws -> [AccountTrade] {
        func side(_ liquidity: Liquidity) throws -> [AccountTrade] {
            let party = TradeTable.prefix(liquidity)
            return try database.all(
                """
                SELECT \(TradeTable.partyColumns(liquidity)) FROM trades INDEXED BY trades_by_\(party)_order
                WHERE \(party)_order = ? AND id >= ? ORDER BY id LIMIT ?
                """,
                { values in
                    values.add(order)
                    values.add(firstID ?? TradeID(0))
                    values.add(limit: limit)
                }
            ) { try TradeTable.accountTrade(from: &$0, as: liquidity) }
        }
        return merge(try side(.maker), try side(.taker), .oldestFirst, limit: limit)
    }

    /// The market's trades from `firstID` on, oldest first.
    public func trades(of market: MarketID, from firstID: TradeID, limit: Int) throws -> [PublicTrade] {
        try database.all(
            "SELECT \(TradeTable.publicColumns) FROM trades WHERE market = ? AND id >= ? ORDER BY id LIMIT ?",
            { values in
                values.add(market)
                values.add(firstID)
                values.add(limit: limit)
            }, TradeTable.publicTrade)
    }

    /// The market's last trades, or the last ones before `id`, newest first.
    public func latestTrades(
        of market: MarketID, before id: TradeID? = nil, limit: Int
    ) throws -> [PublicTrade] {
        try database.all(
            "SELECT \(TradeTable.publicColumns) FROM trades WHERE market = ? AND id < ? ORDER BY id DESC LIMIT ?",
            { values in
                values.add(market)
                values.add(id ?? TradeID(.max))
                values.add(limit: limit)
            }, TradeTable.publicTrade)
    }

    /// The trade ids to which bounds on id and time come; nil when there can be none.
    private func tradeIDs(of query: AccountTradeQuery) throws -> ClosedRange<UInt64>? {
        var bounds = KeyBounds(first: query.firstID?.raw)
        if query.startTime != nil || query.endTime != nil {
            let last = try latestTrades(of: query.market, limit: 1).first?.id.raw ?? 0
            try bounds.narrow(from: query.startTime, through: query.endTime, last: last) { key in
                try database.first(
                    "SELECT id, time FROM trades WHERE market = ? AND id >= ? ORDER BY id LIMIT 1",
                    { values in
                        values.add(query.market)
                        values.add(key)
                    }, TimeSearch.key)
            }
        }
        return bounds.range
    }

    /// The first `limit` of two lists in order.
    private func merge(
        _ makers: [AccountTrade], _ takers: [AccountTrade], _ rowOrder: RowOrder, limit: Int
    ) -> [AccountTrade] {
        var list: [AccountTrade] = []
        var (maker, taker) = (0, 0)
        func isMakerNext() -> Bool {
            guard maker < makers.count else { return false }
            guard taker < takers.count else { return true }
            return switch rowOrder {
            case .oldestFirst: makers[maker].id <= takers[taker].id
            case .newestFirst: makers[maker].id > takers[taker].id
            }
        }
        while list.count < limit, maker < makers.count || taker < takers.count {
            if isMakerNext() {
                list.append(makers[maker])
                maker += 1
            } else {
                list.append(takers[taker])
                taker += 1
            }
        }
        return list
    }
}
