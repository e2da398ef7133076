import GRDB
import SyncronCore

/// Rows in each table; of events of accounts, of which a row has many, those that are kept.
public struct HistoryCounts: Sendable, Hashable {
    public var orders = 0
    public var trades = 0
    public var deposits = 0
    public var candles = 0
    public var userEvents = 0
    public var withdrawals = 0
    public var transfers = 0
    public var loans = 0
    public var repayments = 0
    public var interestCharges = 0
    public var forcedOrders = 0
    public var marginTerms = 0
    public var incomes = 0
    public var fundingRates = 0

    public init() {}
}

/// The one row of `progress`: how far the journal has been applied, and what has come of it.
struct Progress {
    var sequence: Sequence
    var counts: HistoryCounts

    static let select = """
        SELECT sequence, orders, trades, deposits, candles, user_events, withdrawals, transfers, loans, repayments,
            interest_charges, forced_orders, margin_terms, incomes, funding_rates FROM progress WHERE id = 1
        """

    static let update = """
        UPDATE progress SET sequence = ?, orders = ?, trades = ?, deposits = ?, candles = ?, user_events = ?,
            withdrawals = ?, transfers = ?, loans = ?, repayments = ?, interest_charges = ?, forced_orders = ?,
            margin_terms = ?, incomes = ?, funding_rates = ? WHERE id = 1
        """

    static func read(from database: Database) throws -> Progress {
        let progress = try database.first(select) { row in
            var progress = Progress(sequence: try row.identity(), counts: HistoryCounts())
            progress.counts.orders = try row.integer()
            progress.counts.trades = try row.integer()
            progress.counts.deposits = try row.integer()
            progress.counts.candles = try row.integer()
            progress.counts.userEvents = try row.integer()
            progress.counts.withdrawals = try row.integer()
            progress.counts.transfers = try row.integer()
            progress.counts.loans = try row.integer()
            progress.counts.repayments = try row.integer()
            progress.counts.interestCharges = try row.integer()
            progress.counts.forcedOrders = try row.integer()
            progress.counts.marginTerms = try row.integer()
            progress.counts.incomes = try row.integer()
            progress.counts.fundingRates = try row.integer()
            return progress
        }
        guard let progress else { throw RowDamage(what: "its progress is missing") }
        return progress
    }

    func write(to database: Database) throws {
        try database.run(Progress.update) { values in
            values.add(sequence)
            values.add(counts.orders)
            values.add(counts.trades)
            values.add(counts.deposits)
            values.add(counts.candles)
            values.add(counts.userEvents)
            values.add(counts.withdrawals)
            values.add(counts.transfers)
            values.add(counts.loans)
            values.add(counts.repayments)
            values.add(counts.interestCharges)
            values.add(counts.forcedOrders)
            values.add(counts.marginTerms)
            values.add(counts.incomes)
            values.add(counts.fundingRates)
        }
    }
}
