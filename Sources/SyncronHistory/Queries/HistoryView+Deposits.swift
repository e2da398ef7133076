import SyncronCore

/// Which deposits of one account are asked for. Bounds are inclusive; those that are nil bound nothing.
public struct DepositQuery: Sendable, Hashable {
    public var account: AccountID
    public var asset: AssetID?
    public var status: DepositStatus?
    /// Deposits first reported at this time or later.
    public var startTime: Timestamp?
    public var endTime: Timestamp?
    public var limit: Int

    public init(
        account: AccountID, asset: AssetID? = nil, status: DepositStatus? = nil, startTime: Timestamp? = nil,
        endTime: Timestamp? = nil, limit: Int
    ) {
        self.account = account
        self.asset = asset
        self.status = status
        self.startTime = startTime
        self.endTime = endTime
        self.limit = limit
    }
}

extension HistoryView {
    /// Deposits as they stand, the newest report first.
    public func deposits(_ query: DepositQuery) throws -> [Deposit] {
        let ofAsset = query.asset == nil ? "" : "AND asset = ?"
        let ofStatus = query.status == nil ? "" : "AND status = ?"
        return try database.all(
            """
            SELECT \(DepositTable.columns) FROM deposits WHERE account = ? \(ofAsset) \(ofStatus)
            AND inserted_at BETWEEN ? AND ? ORDER BY inserted_at DESC, id DESC LIMIT ?
            """,
            { values in
                values.add(query.account)
                if let asset = query.asset { values.add(asset) }
                if let status = query.status { values.add(status) }
                values.add(query.startTime ?? Timestamp(milliseconds: .min))
                values.add(query.endTime ?? .never)
                values.add(limit: query.limit)
            }, DepositTable.deposit)
    }

    /// The deposit as it stands.
    public func deposit(_ id: DepositID) throws -> Deposit? {
        try database.first(
            "SELECT \(DepositTable.columns) FROM deposits WHERE id = ?", { $0.add(id) }, DepositTable.deposit)
    }
}
