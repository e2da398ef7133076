import SyncronCore

/// Which orders of one account, wallet and market are asked for. Bounds are inclusive; those that are nil bound nothing.
public struct OrderQuery: Sendable, Hashable {
    public var account: AccountID
    public var wallet: Wallet
    public var market: MarketID
    /// Orders of this id and above.
    public var firstID: OrderID?
    /// Orders accepted at this time or later.
    public var startTime: Timestamp?
    /// Orders accepted at this time or earlier.
    public var endTime: Timestamp?
    public var rowOrder: RowOrder
    public var limit: Int

    public init(
        account: AccountID, wallet: Wallet = .spot, market: MarketID, firstID: OrderID? = nil,
        startTime: Timestamp? = nil, endTime: Timestamp? = nil, rowOrder: RowOrder = .newestFirst, limit: Int
    ) {
        self.account = account
        self.wallet = wallet
        self.market = market
        self.firstID = firstID
        self.startTime = startTime
        self.endTime = endTime
        self.rowOrder = rowOrder
        self.limit = limit
    }
}

extension HistoryView {
    /// The order as its last event left it. Whose it is must be looked at by the caller.
    public func order(_ id: OrderID) throws -> OrderState? {
        try database.first("SELECT \(OrderTable.columns) FROM orders WHERE id = ?", { $0.add(id) }, OrderTable.order)
    }

    /// The newest order that the account gave this client id.
    public func order(
        of account: AccountID, wallet: Wallet = .spot, market: MarketID, clientID: ClientOrderID
    ) throws -> OrderState? {
        guard !clientID.isEmpty else { return nil }
        return try database.first(
            """
            SELECT \(OrderTable.columns) FROM orders
            WHERE account = ? AND client_id = ? AND wallet = ? AND market = ? ORDER BY id DESC LIMIT 1
            """,
            { values in
                values.add(account)
                values.add(clientID)
                values.add(wallet)
                values.add(market)
            }, OrderTable.order)
    }

    /// Orders in every status, by id.
    public func orders(_ query: OrderQuery) throws -> [OrderState] {
        let ids = try orderIDs(from: query.firstID, startTime: query.startTime, endTime: query.endTime)
        guard let ids, query.limit > 0 else { return [] }
        return try database.all(
            """
            SELECT \(OrderTable.columns) FROM orders WHERE account = ? AND wallet = ? AND market = ?
            AND id BETWEEN ? AND ? ORDER BY id \(query.rowOrder.keyword) LIMIT ?
            """,
            { values in
                values.add(query.account)
                values.add(query.wallet)
                values.add(query.market)
                values.add(ids.lowerBound)
                values.add(ids.upperBound)
                values.add(limit: query.limit)
            }, OrderTable.order)
    }

    /// The ids to which bounds on id and time come; nil when there can be none.
    private func orderIDs(
        from firstID: OrderID?, startTime: Timestamp?, endTime: Timestamp?
    ) throws -> ClosedRange<UInt64>? {
        var bounds = KeyBounds(first: firstID?.raw)
        if startTime != nil || endTime != nil {
            try bounds.narrow(from: startTime, through: endTime, last: lastOrderID()) { key in
                try database.first(
                    "SELECT id, created_at FROM orders WHERE id >= ? ORDER BY id LIMIT 1", { $0.add(key) },
                    TimeSearch.key)
            }
        }
        return bounds.range
    }

    private func lastOrderID() throws -> UInt64 {
        try database.first(
            "SELECT id FROM orders WHERE id <= ? ORDER BY id DESC LIMIT 1", { $0.add(KeyBounds.largest) },
            { try $0.integer() }) ?? 0
    }
}
