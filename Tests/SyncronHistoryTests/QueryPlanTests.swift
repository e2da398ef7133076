import GRDB
import Synchronization
import SyncronCore
import SyncronMarketData
import Testing

@testable import SyncronHistory

/// Every statement that reaches SQLite, once.
private final class StatementLog: Sendable {
    private let seen = Mutex<Set<String>>([])

    func note(_ sql: String) { seen.withLock { _ = $0.insert(sql) } }

    /// What was noted since the last call, but for what has no plan.
    func take() -> [String] {
        seen.withLock { seen in
            defer { seen = [] }
            return seen.filter { sql in
                ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) }
                    && !["sqlite_", "grdb_"].contains { sql.contains($0) }
            }.sorted()
        }
    }
}

@Suite("Query plans")
struct QueryPlanTests {
    private let log = StatementLog()

    private func makeStore() throws -> TemporaryStore {
        let log = self.log
        let temporary = try TemporaryStore { database in
            database.trace { if case .statement(let statement) = $0 { log.note(statement.sql) } }
        }
        _ = log.take()
        return temporary
    }

    private func plan(_ sql: String, _ temporary: TemporaryStore) throws -> [String] {
        try temporary.store.pool.read { database in
            let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
            let marks = sql.filter { $0 == "?" }.count
            statement.setUncheckedArguments(StatementArguments(Array(repeating: 1, count: marks)))
            return try Row.fetchAll(statement).map { $0["detail"] as String }
        }
    }

    /// The plans of the statements that a question runs, without the reading of `progress`.
    private func plans(
        _ temporary: TemporaryStore, _ question: (HistoryView) throws -> Void
    ) throws -> [String] {
        _ = log.take()
        try temporary.store.read(question)
        return try log.take().flatMap { try plan($0, temporary) }
    }

    @Test("each query searches its own index by all of its terms, and sorts nothing")
    func queries() throws {
        let temporary = try makeStore()
        let first = entry(1, .orderAccepted(order(1, client: "a")), .traded(trade(1)), recorded(deposit(1)))
        try temporary.store.apply([first] + stream(of: 1, seqs: 1...3, from: 2))
        let (account, market) = (AccountID(1), MarketID(0))
        let time = start + 1
        func expect(_ expected: [String], _ question: (HistoryView) throws -> Void) throws {
            #expect(Set(try plans(temporary, question)) == Set(expected))
        }

        try expect(["SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)"]) { _ = try $0.order(OrderID(1)) }
        try expect([
            "SEARCH orders USING INDEX orders_by_client_id (account=? AND client_id=? AND wallet=? AND market=?)"
        ]) { view in
            _ = try view.order(of: account, market: market, clientID: ClientOrderID("a") ?? .none)
        }
        for rowOrder in RowOrder.allCases {
            let byAccount =
                "SEARCH orders USING INDEX orders_by_account (account=? AND wallet=? AND market=? AND rowid>? AND rowid<?)"
            try expect([byAccount]) { view in
                _ = try view.orders(OrderQuery(account: account, market: market, rowOrder: rowOrder, limit: 5))
            }
            let byTime = OrderQuery(
                account: account, market: market, startTime: start, endTime: time, rowOrder: rowOrder, limit: 5)
            let byID = ["<", ">"].map { "SEARCH orders USING INTEGER PRIMARY KEY (rowid\($0)?)" }
            try expect([byAccount] + byID) { view in
                _ = try view.orders(byTime)
            }
            func byParty(_ party: String, _ index: String, _ terms: String) -> String {
                "SEARCH trades USING INDEX trades_by_\(party)\(index) (\(terms) AND id>? AND id<?)"
            }
            try expect([
                byParty("maker", "", "maker_account=? AND maker_wallet=? AND market=?"),
                byParty("taker", "", "taker_account=? AND taker_wallet=? AND market=?"),
            ]) { view in
                _ = try view.trades(AccountTradeQuery(account: account, market: market, rowOrder: rowOrder, limit: 5))
            }
            try expect([byParty("maker", "_order", "maker_order=?"), byParty("taker", "_order", "taker_order=?")]) {
                _ = try $0.trades(
                    AccountTradeQuery(
                        account: account, market: market, order: OrderID(1), rowOrder: rowOrder, limit: 5))
            }
            try expect(["SEARCH candles USING PRIMARY KEY (market=? AND interval=? AND open_time>? AND open_time<?)"]) {
                _ = try $0.candles(of: market, .oneDay, rowOrder: rowOrder, limit: 5)
            }
        }
        try expect([
            "SEARCH trades USING INDEX trades_by_maker_order (maker_order=? AND id>?)",
            "SEARCH trades USING INDEX trades_by_taker_order (taker_order=? AND id>?)",
        ]) { _ = try $0.fills(of: OrderID(1), limit: 5) }
        try expect(["SEARCH trades USING PRIMARY KEY (market=? AND id>?)"]) { view in
            _ = try view.trades(of: market, from: TradeID(1), limit: 5)
        }
        try expect(["SEARCH trades USING PRIMARY KEY (market=? AND id<?)"]) { view in
            _ = try view.latestTrades(of: market, limit: 5)
        }
        try expect(["SEARCH candles USING PRIMARY KEY (market=? AND interval=? AND open_time>? AND open_time<?)"]) {
            _ = try $0.lastCandle(of: market, .oneDay, before: time)
        }
        try expect([
            "SEARCH user_streams USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH user_event_runs USING PRIMARY KEY (account=? AND last_seq>?)",
        ]) { _ = try $0.userEvents(of: account, from: 1, now: time, limit: 5) }
        try expect(["SEARCH progress USING INTEGER PRIMARY KEY (rowid=?)"]) { _ = try ($0.counts, $0.appliedSequence) }
    }

    @Test("each filter of deposits has its index")
    func deposits() throws {
        let temporary = try makeStore()
        let cases: [(AssetID?, DepositStatus?, String)] = [
            (nil, nil, "deposits_by_account (account=?"), (AssetID(1), nil, "deposits_by_asset (account=? AND asset=?"),
            (nil, .success, "deposits_by_status (account=? AND status=?"),
            (AssetID(1), .failed, "deposits_by_asset_and_status (account=? AND asset=? AND status=?"),
        ]
        for (asset, status, index) in cases {
            let plans = try plans(temporary) { view in
                _ = try view.deposits(DepositQuery(account: AccountID(1), asset: asset, status: status, limit: 5))
            }
            #expect(plans == ["SEARCH deposits USING INDEX \(index) AND inserted_at>? AND inserted_at<?)"])
        }
        #expect(
            try plans(temporary) { _ = try $0.deposit(DepositID(1)) }
                == ["SEARCH deposits USING INTEGER PRIMARY KEY (rowid=?)"])
    }

    @Test("each filter of withdrawals and transfers has its index")
    func funds() throws {
        let temporary = try makeStore()
        let cases: [(AccountID?, AssetID?, WithdrawalStatus?, String)] = [
            (AccountID(1), nil, nil, "by_account (account=? AND"),
            (AccountID(1), AssetID(1), nil, "by_account_and_asset (account=? AND asset=? AND"),
            (AccountID(1), nil, .pending, "by_account_and_status (account=? AND status=? AND"),
            (AccountID(1), AssetID(1), .failed, "by_account_asset_and_status (account=? AND asset=? AND status=? AND"),
            (nil, nil, .pending, "by_status (status=? AND"), (nil, nil, nil, "by_time ("),
        ]
        for (account, asset, status, index) in cases {
            let query = WithdrawalQuery(account: account, asset: asset, status: status, limit: 5)
            let plans = try plans(temporary) { _ = try $0.withdrawals(query) }
            let terms = index.hasSuffix("(") ? index : index + " "
            #expect(
                plans == ["SEARCH withdrawals USING INDEX withdrawals_\(terms)applied_at>? AND applied_at<?)"])
        }
        for (asset, index) in [(nil, "account (account=?"), (AssetID(1), "asset (account=? AND asset=?")] {
            let query = TransferQuery(account: AccountID(1), asset: asset, from: .spot, to: .margin, limit: 5)
            let plans = try plans(temporary) { _ = try $0.transfers(query) }
            #expect(plans == ["SEARCH transfers USING INDEX transfers_by_\(index) AND time>? AND time<?)"])
        }
    }

    @Test("a page of the margin wallet and its count search one index, and sort nothing")
    func margin() throws {
        let temporary = try makeStore()
        func expect(
            _ table: String, _ asset: AssetID?, _ transaction: TransactionID? = nil,
            _ question: @escaping (HistoryView, MarginQuery) throws -> Void
        ) throws {
            let query = MarginQuery(account: AccountID(1), asset: asset, transaction: transaction, page: 2)
            let plans = try Set(plans(temporary) { try question($0, query) })
            let index = asset == nil ? "account (account=?" : "asset (account=? AND asset=?"
            let search = "INDEX \(table)_by_\(index) AND time>? AND time<?)"
            let byID = "INTEGER PRIMARY KEY (rowid=?)"
            let expected =
                transaction == nil
                ? ["SEARCH \(table) USING \(search)", "SEARCH \(table) USING COVERING \(search)"]
                : ["SEARCH \(table) USING \(byID)"]
            #expect(plans.isSubset(of: expected) && !plans.isEmpty, "\(plans)")
        }
        for asset in [nil, AssetID(1)] {
            try expect("loans", asset) { _ = try $0.loans($1) }
            try expect("repayments", asset) { _ = try $0.repayments($1) }
            try expect("interest_charges", asset) { _ = try $0.interestCharges($1) }
            try expect("forced_orders", nil) { _ = try $0.forcedOrders($1) }
            try expect("transfers", asset) { _ = try $0.marginTransfers($1, intoMargin: nil) }
            try expect("transfers", asset) { _ = try $0.marginTransfers($1, intoMargin: true) }
        }
        try expect("loans", nil, TransactionID(7)) { _ = try $0.loans($1) }
        try expect("repayments", nil, TransactionID(7)) { _ = try $0.repayments($1) }
        #expect(
            try plans(temporary) { _ = try $0.marginTerms(of: OrderID(1)) }
                == ["SEARCH margin_terms USING INTEGER PRIMARY KEY (rowid=?)"])
    }

    @Test("what is written and pruned is found by indexes too")
    func writing() throws {
        let temporary = try makeStore()
        try temporary.store.apply(
            [
                entry(
                    1, opened(1, sandbox: true), .orderAccepted(order(1, client: "a")), .traded(trade(1)),
                    recorded(deposit(1))),
                entry(2, ended(order(2, status: .canceled))),
            ] + stream(of: 1, seqs: 1...20_000, from: 3))
        try temporary.store.apply(stream(of: 1, seqs: 20_001...22_000, from: 30_000))
        try temporary.store.apply([entry(40_000, ended(order(1, status: .canceled)))])
        let summary = try temporary.store.prune(now: start + 2 * HistoryRetention.userEventAge)
        #expect(summary.orders == 2 && summary.userEvents > 0)
        let statements = log.take()
        #expect(statements.count >= 15, "\(statements)")
        for sql in statements {
            for step in try plan(sql, temporary) {
                // The rows of one statement that inserts many are no table.
                let isScan = step.contains("SCAN") && !step.contains("CONSTANT ROWS")
                #expect(!isScan && !step.contains("TEMP B-TREE"), "\(step): \(sql)")
            }
        }
    }
}
