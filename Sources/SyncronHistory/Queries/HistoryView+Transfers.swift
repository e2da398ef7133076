import SyncronCore

/// Which transfers of one account are asked for. Bounds are inclusive; those that are nil bound nothing.
public struct TransferQuery: Sendable, Hashable {
    public var account: AccountID
    public var asset: AssetID?
    public var from: Wallet?
    public var to: Wallet?
    public var startTime: Timestamp?
    public var endTime: Timestamp?
    public var limit: Int

    public init(
        account: AccountID, asset: AssetID? = nil, from: Wallet? = nil, to: Wallet? = nil,
        startTime: Timestamp? = nil, endTime: Timestamp? = nil, limit: Int
    ) {
        self.account = account
        self.asset = asset
        self.from = from
        self.to = to
        self.startTime = startTime
        self.endTime = endTime
        self.limit = limit
    }
}

extension HistoryView {
    /// The newest first.
    public func transfers(_ query: TransferQuery) throws -> [Transfer] {
        let ofAsset = query.asset == nil ? "" : "AND asset = ?"
        let fromWallet = query.from == nil ? "" : "AND source = ?"
        let toWallet = query.to == nil ? "" : "AND target = ?"
        return try database.all(
            """
            SELECT \(TransferTable.columns) FROM transfers WHERE account = ? \(ofAsset) \(fromWallet) \(toWallet)
            AND time BETWEEN ? AND ? ORDER BY time DESC, id DESC LIMIT ?
            """,
            { values in
                values.add(query.account)
                if let asset = query.asset { values.add(asset) }
                if let wallet = query.from { values.add(wallet) }
                if let wallet = query.to { values.add(wallet) }
                values.add(query.startTime ?? Timestamp(milliseconds: .min))
                values.add(query.endTime ?? .never)
                values.add(limit: query.limit)
            }, TransferTable.transfer)
    }
}
