import SyncronCore

/// Something of the margin wallet that is written once and never changes.
protocol MarginRow {
    static var table: String { get }
    static var columns: String { get }
    static var columnCount: Int { get }
    func write(to values: inout ValueWriter)
    init(from row: inout RowReader) throws
}

extension MarginRow {
    static var insert: String { "INSERT INTO \(table) (\(columns)) VALUES " }
}

extension Loan: MarginRow {
    static var table: String { "loans" }
    static var columns: String { "id, account, asset, principal, order_id, time" }
    static var columnCount: Int { 6 }

    func write(to values: inout ValueWriter) {
        values.add(id)
        values.add(account)
        values.add(asset)
        values.add(principal)
        if let order { values.add(order) } else { values.addNull() }
        values.add(time)
    }

    init(from row: inout RowReader) throws {
        self.init(
            id: try row.identity(), account: try row.identity(), asset: try row.identity(),
            principal: try row.units(), order: try row.optionalIdentity(), time: try row.time())
    }
}

extension Repayment: MarginRow {
    static var table: String { "repayments" }
    static var columns: String { "id, account, asset, interest, principal, cause, time" }
    static var columnCount: Int { 7 }

    func write(to values: inout ValueWriter) {
        values.add(id)
        values.add(account)
        values.add(asset)
        values.add(interest)
        values.add(principal)
        values.add(cause)
        values.add(time)
    }

    init(from row: inout RowReader) throws {
        self.init(
            id: try row.identity(), account: try row.identity(), asset: try row.identity(),
            interest: try row.units(), principal: try row.units(), cause: try row.word(), time: try row.time())
    }
}

extension InterestCharge: MarginRow {
    static var table: String { "interest_charges" }
    static var columns: String { "account, asset, interest, principal, rate, cause, time" }
    static var columnCount: Int { 7 }

    func write(to values: inout ValueWriter) {
        values.add(account)
        values.add(asset)
        values.add(interest)
        values.add(principal)
        values.add(rate.raw)
        values.add(cause)
        values.add(time)
    }

    init(from row: inout RowReader) throws {
        self.init(
            account: try row.identity(), asset: try row.identity(), interest: try row.units(),
            principal: try row.units(), rate: Rate(try row.integer()), cause: try row.word(), time: try row.time())
    }
}

extension ForcedOrder: MarginRow {
    static var table: String { "forced_orders" }
    static var columns: String {
        "id, account, market, side, price, quantity, executed, executed_notional, fee, time"
    }
    static var columnCount: Int { 10 }

    func write(to values: inout ValueWriter) {
        values.add(order)
        values.add(account)
        values.add(market)
        values.add(side)
        values.add(price)
        values.add(quantity)
        values.add(executed)
        values.add(executedNotional)
        values.add(fee)
        values.add(time)
    }

    init(from row: inout RowReader) throws {
        self.init(
            order: try row.identity(), account: try row.identity(), market: try row.identity(),
            side: try row.word(), price: try row.ticks(), quantity: try row.steps(), executed: try row.steps(),
            executedNotional: try row.units(), fee: try row.units(), time: try row.time())
    }
}

extension MarginOrderTerms: MarginRow {
    static var table: String { "margin_terms" }
    static var columns: String { "id, side_effect, borrowed, asset" }
    static var columnCount: Int { 4 }

    func write(to values: inout ValueWriter) {
        values.add(order)
        values.add(sideEffect)
        values.add(borrowed)
        values.add(borrowedAsset)
    }

    init(from row: inout RowReader) throws {
        self.init(
            order: try row.identity(), sideEffect: try row.word(), borrowed: try row.units(),
            borrowedAsset: try row.identity())
    }
}
