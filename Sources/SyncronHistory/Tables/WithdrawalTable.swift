import SyncronCore

/// One row of `withdrawals`.
enum WithdrawalTable {
    static let columns = """
        id, account, asset, network, amount, fee, address, tx_id, status, client_id, reason, applied_at, completed_at
        """

    static let exists = "SELECT 1 FROM withdrawals WHERE id = ?"

    static let replace = """
        INSERT OR REPLACE INTO withdrawals (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static func write(_ withdrawal: Withdrawal, to values: inout ValueWriter) {
        values.add(withdrawal.id)
        values.add(withdrawal.account)
        values.add(withdrawal.asset)
        values.add(text: withdrawal.network)
        values.add(withdrawal.amount)
        values.add(withdrawal.fee)
        values.add(text: withdrawal.address)
        values.add(text: withdrawal.txID)
        values.add(withdrawal.status)
        values.add(text: withdrawal.clientID)
        values.add(text: withdrawal.reason)
        values.add(withdrawal.appliedAt)
        values.add(withdrawal.completedAt)
    }

    static func withdrawal(from row: inout RowReader) throws -> Withdrawal {
        Withdrawal(
            id: try row.identity(), account: try row.identity(), asset: try row.identity(),
            network: try row.text(), amount: try row.units(), fee: try row.units(), address: try row.text(),
            txID: try row.text(), status: try row.word(), clientID: try row.text(), reason: try row.text(),
            appliedAt: try row.time(), completedAt: try row.optionalTime())
    }
}
