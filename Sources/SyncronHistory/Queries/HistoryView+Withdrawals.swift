import SyncronCore

/// Which withdrawals are asked for. Bounds are inclusive; those that are nil bound nothing.
public struct WithdrawalQuery: Sendable, Hashable {
    /// Nil for everyone's; then the asset is not looked at.
    public var account: AccountID?
    public var asset: AssetID?
    public var status: WithdrawalStatus?
    /// Withdrawals asked for at this time or later.
    public var startTime: Timestamp?
    public var endTime: Timestamp?
    public var limit: Int

    public init(
        account: AccountID?, asset: AssetID? = nil, status: WithdrawalStatus? = nil, startTime: Timestamp? = nil,
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
    /// Withdrawals as they stand, the newest first.
    public func withdrawals(_ query: WithdrawalQuery) throws -> [Withdrawal] {
        let asset = query.account == nil ? nil : query.asset
        let ofAccount = query.account == nil ? "" : "account = ? AND"
        let ofAsset = asset == nil ? "" : "asset = ? AND"
        let ofStatus = query.status == nil ? "" : "status = ? AND"
        return try database.all(
            """
            SELECT \(WithdrawalTable.columns) FROM withdrawals WHERE \(ofAccount) \(ofAsset) \(ofStatus)
            applied_at BETWEEN ? AND ? ORDER BY applied_at DESC, id DESC LIMIT ?
            """,
            { values in
                if let account = query.account { values.add(account) }
                if let asset { values.add(asset) }
                if let status = query.status { values.add(status) }
                values.add(query.startTime ?? Timestamp(milliseconds: .min))
                values.add(query.endTime ?? .never)
                values.add(limit: query.limit)
            }, WithdrawalTable.withdrawal)
    }
}
