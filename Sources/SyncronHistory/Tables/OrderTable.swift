import SyncronCore

/// One row of `orders`.
enum OrderTable {
    static let columns = """
        id, account, market, wallet, side, type, time_in_force, self_trade_prevention, status, price, quantity, \
        executed, executed_notional, particulars, client_id, created_at, updated_at
        """

    static let insert = "INSERT INTO orders (\(columns), expendable_since) VALUES "
    static let insertColumns = 18

    /// What an order cannot change is not written again, so that no index but the last is touched.
    static let update = """
        UPDATE orders SET time_in_force = ?, status = ?, price = ?, quantity = ?, executed = ?, \
        executed_notional = ?, updated_at = ?, expendable_since = ? WHERE id = ?
        """

    static func writeInsert(_ order: OrderState, expendableSince: Timestamp?, to values: inout ValueWriter) {
        values.add(order.id)
        values.add(order.account)
        values.add(order.market)
        values.add(order.wallet)
        values.add(order.side)
        values.add(order.type)
        values.add(order.timeInForce)
        values.add(order.selfTradePrevention)
        values.add(order.status)
        values.add(order.price)
        values.add(order.quantity)
        values.add(order.executed)
        values.add(order.executedNotional)
        values.add(Units(Int128(bitPattern: order.particulars)))
        values.add(order.clientOrderID)
        values.add(order.createdAt)
        values.add(order.updatedAt)
        values.add(expendableSince)
    }

    static func writeUpdate(_ order: OrderState, expendableSince: Timestamp?, to values: inout ValueWriter) {
        values.add(order.timeInForce)
        values.add(order.status)
        values.add(order.price)
        values.add(order.quantity)
        values.add(order.executed)
        values.add(order.executedNotional)
        values.add(order.updatedAt)
        values.add(expendableSince)
        values.add(order.id)
    }

    static func order(from row: inout RowReader) throws -> OrderState {
        OrderState(
            id: try row.identity(), account: try row.identity(), market: try row.identity(),
            wallet: try row.word(), side: try row.word(), type: try row.word(),
            timeInForce: try row.word(), selfTradePrevention: try row.word(), status: try row.word(),
            price: try row.ticks(), quantity: try row.steps(), executed: try row.steps(),
            executedNotional: try row.units(), particulars: UInt128(bitPattern: try row.units().raw),
            clientOrderID: try row.clientOrderID(), createdAt: try row.time(), updatedAt: try row.time())
    }
}
