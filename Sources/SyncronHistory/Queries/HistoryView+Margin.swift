import SyncronCore

/// Which rows of one account's margin wallet are asked for. Bounds are inclusive; those that are nil bound nothing.
public struct MarginQuery: Sendable, Hashable {
    public var account: AccountID
    public var asset: AssetID?
    /// One loan or repayment. Interest and forced orders have no such id.
    public var transaction: TransactionID?
    public var startTime: Timestamp?
    public var endTime: Timestamp?
    /// Counted from 1; page × size is below 2^63.
    public var page: Int
    /// Rows of a page.
    public var size: Int

    public init(
        account: AccountID, asset: AssetID? = nil, transaction: TransactionID? = nil, startTime: Timestamp? = nil,
        endTime: Timestamp? = nil, page: Int = 1, size: Int = 10
    ) {
        self.account = account
        self.asset = asset
        self.transaction = transaction
        self.startTime = startTime
        self.endTime = endTime
        self.page = page
        self.size = size
    }
}

/// Some rows of a list, and how many there are in all.
public struct HistoryPage<Row: Sendable & Hashable>: Sendable, Hashable {
    public var rows: [Row]
    public var total: Int
}

extension HistoryView {
    /// The newest first, as all pages of the margin wallet.
    public func loans(_ query: MarginQuery) throws -> HistoryPage<Loan> { try page(query) }

    public func repayments(_ query: MarginQuery) throws -> HistoryPage<Repayment> { try page(query) }

    public func interestCharges(_ query: MarginQuery) throws -> HistoryPage<InterestCharge> { try page(query) }

    /// The asset of the query is not looked at.
    public func forcedOrders(_ query: MarginQuery) throws -> HistoryPage<ForcedOrder> {
        var query = query
        query.asset = nil
        return try page(query)
    }

    /// Between the margin and the spot wallet. Nil for `intoMargin` asks for both directions.
    public func marginTransfers(_ query: MarginQuery, intoMargin: Bool?) throws -> HistoryPage<Transfer> {
        let inward = "(source = \(Wallet.spot.rawValue) AND target = \(Wallet.margin.rawValue))"
        let outward = "(source = \(Wallet.margin.rawValue) AND target = \(Wallet.spot.rawValue))"
        let direction = intoMargin.map { $0 ? inward : outward } ?? "(\(inward) OR \(outward))"
        return try page(
            query, table: "transfers", columns: TransferTable.columns, also: "AND \(direction)",
            TransferTable.transfer)
    }

    /// What the order had beyond its terms; nil of one that had nothing.
    public func marginTerms(of order: OrderID) throws -> MarginOrderTerms? {
        try database.first(
            "SELECT \(MarginOrderTerms.columns) FROM \(MarginOrderTerms.table) WHERE id = ?", { $0.add(order) },
            MarginOrderTerms.init(from:))
    }

    private func page<Row: MarginRow & Sendable & Hashable>(_ query: MarginQuery) throws -> HistoryPage<Row> {
        try page(query, table: Row.table, columns: Row.columns, Row.init(from:))
    }

    private func page<Row>(
        _ query: MarginQuery, table: String, columns: String, also condition: String = "",
        _ read: (inout RowReader) throws -> Row
    ) throws -> HistoryPage<Row> {
        let ofAsset = query.asset == nil ? "" : "AND asset = ?"
        let ofTransaction = query.transaction == nil ? "" : "AND id = ?"
        let rows = """
            FROM \(table) WHERE account = ? \(ofAsset) \(ofTransaction) \(condition) AND time BETWEEN ? AND ?
            """
        func bind(_ values: inout ValueWriter) {
            values.add(query.account)
            if let asset = query.asset { values.add(asset) }
            if let transaction = query.transaction { values.add(transaction) }
            values.add(query.startTime ?? Timestamp(milliseconds: .min))
            values.add(query.endTime ?? .never)
        }
        let total = try database.first("SELECT count(*) \(rows)", bind) { try $0.integer(Int.self) } ?? 0
        let list = try database.all(
            "SELECT \(columns) \(rows) ORDER BY time DESC, id DESC LIMIT ? OFFSET ?",
            { values in
                bind(&values)
                values.add(limit: query.size)
                values.add(limit: (max(1, query.page) - 1) * query.size)
            }, read)
        return HistoryPage(rows: list, total: total)
    }
}
