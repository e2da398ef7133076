import SyncronCore

/// One row of `deposits`.
enum DepositTable {
    static let columns = """
        id, account, asset, network, amount, address, tx_id, status, confirmations, inserted_at, completed_at
        """

    static let exists = "SELECT 1 FROM deposits WHERE id = ?"

    static let replace = "INSERT OR REPLACE INTO deposits (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    static func write(_ deposit: Deposit, to values: inout ValueWriter) {
        values.add(deposit.id)
        values.add(deposit.account)
        values.add(deposit.asset)
        values.add(text: deposit.network)
        values.add(deposit.amount)
        values.add(text: deposit.address)
        values.add(text: deposit.txID)
        values.add(deposit.status)
        values.add(deposit.confirmations)
        values.add(deposit.insertedAt)
        values.add(deposit.completedAt)
    }

    static func deposit(from row: inout RowReader) throws -> Deposit {
        Deposit(
            id: try row.identity(), account: try row.identity(), asset: try row.identity(),
            network: try row.text(), amount: try row.units(), address: try row.text(),
            txID: try row.text(), status: try row.word(), confirmations: try row.integer(),
            insertedAt: try row.time(), completedAt: try row.optionalTime())
    }
}
