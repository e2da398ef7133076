import Foundation
import GRDB
import SyncronCore

@testable import SyncronHistory

/// A history in a directory of its own, which goes when the value goes.
final class TemporaryStore {
    let directory: URL
    private(set) var store: HistoryStore

    var path: String { directory.appendingPathComponent("history.sqlite").path }

    init(prepare: @escaping @Sendable (Database) throws -> Void = { _ in }) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("history-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        store = try HistoryStore(path: directory.appendingPathComponent("history.sqlite").path, prepare: prepare)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// As a new process would find it.
    func reopen() throws {
        try store.close()
        store = try HistoryStore(path: path)
    }

    /// Rows of a table, counted one by one.
    func rowCount(of table: String) throws -> Int {
        try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    /// Events of accounts that are kept, whether or not older ones still lie in the same row.
    func keptUserEvents() throws -> Int {
        try store.pool.read { database in
            try Int.fetchOne(database, sql: "SELECT coalesce(sum(last_seq + 1 - first_seq), 0) FROM user_streams") ?? 0
        }
    }

    /// The counts as they are, in contrast to the counts as they are kept.
    func countedRows() throws -> HistoryCounts {
        var counts = HistoryCounts()
        counts.orders = try rowCount(of: "orders")
        counts.trades = try rowCount(of: "trades")
        counts.deposits = try rowCount(of: "deposits")
        counts.candles = try rowCount(of: "candles")
        counts.userEvents = try keptUserEvents()
        counts.withdrawals = try rowCount(of: "withdrawals")
        counts.transfers = try rowCount(of: "transfers")
        counts.loans = try rowCount(of: "loans")
        counts.repayments = try rowCount(of: "repayments")
        counts.interestCharges = try rowCount(of: "interest_charges")
        counts.forcedOrders = try rowCount(of: "forced_orders")
        counts.marginTerms = try rowCount(of: "margin_terms")
        counts.incomes = try rowCount(of: "incomes")
        counts.fundingRates = try rowCount(of: "funding_rates")
        return counts
    }
}
