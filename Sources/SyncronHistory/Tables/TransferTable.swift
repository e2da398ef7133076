import SyncronCore

/// One row of `transfers`.
enum TransferTable {
    static let columns = "id, account, asset, amount, source, target, time"

    static let insert = "INSERT INTO transfers (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?)"

    static func write(_ transfer: Transfer, to values: inout ValueWriter) {
        values.add(transfer.id)
        values.add(transfer.account)
        values.add(transfer.asset)
        values.add(transfer.amount)
        values.add(transfer.from)
        values.add(transfer.to)
        values.add(transfer.time)
    }

    static func transfer(from row: inout RowReader) throws -> Transfer {
        Transfer(
            id: try row.identity(), account: try row.identity(), asset: try row.identity(),
            amount: try row.units(), from: try row.word(), to: try row.word(), time: try row.time())
    }
}
