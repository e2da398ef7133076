import GRDB
import SyncronCore

/// The tables of the history, as prose; the statements that make them follow.
///
/// - `progress` is one row: the sequence up to which the journal has been applied, and how many rows each table
///   holds, so that counting never scans.
/// - `accounts` says which accounts belong to the sandbox.
/// - `orders` has one row for each order as its last event left it, open orders included. `expendable_since` is set
///   when an order of a sandbox account ended without a fill, and is when it ended.
/// - `trades` has one row for each trade, which serves the public and both of its accounts.
/// - `deposits` has one row for each deposit as it stands.
/// - `withdrawals` has one row for each withdrawal as it stands, `transfers` one for each transfer.
/// - `loans`, `repayments`, `interest_charges` and `forced_orders` have one row for each, `margin_terms` one for each
///   order that borrows or repays.
/// - `incomes` has one row for each change of a futures wallet's money, `funding_rates` one for each funding of each
///   perpetual, `mark_candles` one for each interval of each perpetual that had a mark.
/// - `candles` has one row for each interval of each market in which there was a trade.
/// - `user_event_runs` holds the newest events of each account as bytes; `user_streams` says which.
///
/// Ids, sequences, prices (ticks), quantities (steps), times (milliseconds since 1970) and the codes of enumerations
/// are integers; amounts are as `Columns.swift` says. Order and trade times never fall while ids rise, so no index
/// by time is kept for them: `TimeSearch` finds the id.
///
/// A migration that has been released never changes. The next one is added below it.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator().disablingDeferredForeignKeyChecks()
        migrator.registerMigration("1 spot") { database in
            for statement in progress + orders + trades + deposits + candles + userEvents {
                try database.execute(sql: statement)
            }
        }
        migrator.registerMigration("2 funds") { database in
            for statement in withdrawals + transfers { try database.execute(sql: statement) }
        }
        migrator.registerMigration("3 margin") { database in
            for statement in MarginSchema.statements { try database.execute(sql: statement) }
        }
        migrator.registerMigration("4 futures") { database in
            for statement in FuturesSchema.statements { try database.execute(sql: statement) }
        }
        migrator.registerMigration("5 runs of user events") { database in
            for statement in userEventRuns { try database.execute(sql: statement) }
            try moveUserEvents(in: database)
            try database.execute(sql: "DROP TABLE user_events")
            try database.execute(
                sql: """
                    UPDATE progress SET user_events =
                        (SELECT coalesce(sum(last_seq + 1 - first_seq), 0) FROM user_streams)
                    """)
        }
        return migrator
    }()

    private static let userEventRuns = [
        """
        CREATE TABLE user_event_runs (
            account INTEGER NOT NULL, last_seq INTEGER NOT NULL, first_seq INTEGER NOT NULL, events BLOB NOT NULL,
            PRIMARY KEY (account, last_seq)
        ) STRICT, WITHOUT ROWID
        """
    ]

    /// What earlier releases kept in rows of single events.
    private static func moveUserEvents(in database: Database) throws {
        let accounts = try database.all("SELECT DISTINCT account FROM user_events") { try $0.identity(AccountID.self) }
        for account in accounts {
            var runs: [UserEventRun] = []
            let events = try database.all(
                "SELECT seq, sequence, time, body FROM user_events WHERE account = ? ORDER BY seq",
                { $0.add(account) }
            ) { row in
                StoredUserEvent(
                    account: account, seq: try row.integer(),
                    stamp: Stamp(sequence: try row.identity(), time: try row.time()), body: try row.bytes())
            }
            for event in events { runs.append(event) }
            try database.insert(runs, UserEventRun.insert, columns: UserEventRun.columnCount) { run, values in
                run.write(to: &values)
            }
        }
    }

    private static let progress = [
        """
        CREATE TABLE progress (
            id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, orders INTEGER NOT NULL,
            trades INTEGER NOT NULL, deposits INTEGER NOT NULL, candles INTEGER NOT NULL, user_events INTEGER NOT NULL
        ) STRICT
        """,
        "INSERT INTO progress VALUES (1, 0, 0, 0, 0, 0, 0)",
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, is_sandbox INTEGER NOT NULL) STRICT",
    ]

    private static let orders = [
        """
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, wallet INTEGER NOT NULL, market INTEGER NOT NULL,
            side INTEGER NOT NULL, type INTEGER NOT NULL, time_in_force INTEGER NOT NULL,
            self_trade_prevention INTEGER NOT NULL, status INTEGER NOT NULL, price INTEGER NOT NULL,
            quantity INTEGER NOT NULL, executed INTEGER NOT NULL, executed_notional ANY NOT NULL,
            particulars ANY NOT NULL, client_id TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            expendable_since INTEGER
        ) STRICT
        """,
        "CREATE INDEX orders_by_account ON orders (account, wallet, market)",
        """
        CREATE INDEX orders_by_client_id ON orders (account, client_id, wallet, market)
        WHERE client_id IS NOT NULL
        """,
        "CREATE INDEX orders_expendable ON orders (expendable_since) WHERE expendable_since IS NOT NULL",
    ]

    private static let trades = [
        """
        CREATE TABLE trades (
            market INTEGER NOT NULL, id INTEGER NOT NULL, time INTEGER NOT NULL, price INTEGER NOT NULL,
            quantity INTEGER NOT NULL, notional ANY NOT NULL, taker_side INTEGER NOT NULL,
            maker_order INTEGER NOT NULL, taker_order INTEGER NOT NULL, maker_account INTEGER NOT NULL,
            taker_account INTEGER NOT NULL, maker_wallet INTEGER NOT NULL, taker_wallet INTEGER NOT NULL,
            maker_commission ANY NOT NULL, taker_commission ANY NOT NULL, PRIMARY KEY (market, id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX trades_by_maker ON trades (maker_account, maker_wallet, market, id)",
        "CREATE INDEX trades_by_taker ON trades (taker_account, taker_wallet, market, id)",
        "CREATE INDEX trades_by_maker_order ON trades (maker_order, id)",
        "CREATE INDEX trades_by_taker_order ON trades (taker_order, id)",
    ]

    private static let deposits = [
        """
        CREATE TABLE deposits (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, asset INTEGER NOT NULL, network TEXT NOT NULL,
            amount ANY NOT NULL, address TEXT NOT NULL, tx_id TEXT NOT NULL, status INTEGER NOT NULL,
            confirmations INTEGER NOT NULL, inserted_at INTEGER NOT NULL, completed_at INTEGER
        ) STRICT
        """,
        "CREATE INDEX deposits_by_account ON deposits (account, inserted_at)",
        "CREATE INDEX deposits_by_asset ON deposits (account, asset, inserted_at)",
        "CREATE INDEX deposits_by_status ON deposits (account, status, inserted_at)",
        "CREATE INDEX deposits_by_asset_and_status ON deposits (account, asset, status, inserted_at)",
    ]

    private static let withdrawals = [
        "ALTER TABLE progress ADD COLUMN withdrawals INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE withdrawals (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, asset INTEGER NOT NULL, network TEXT NOT NULL,
            amount ANY NOT NULL, fee ANY NOT NULL, address TEXT NOT NULL, tx_id TEXT NOT NULL, status INTEGER NOT NULL,
            client_id TEXT NOT NULL, reason TEXT NOT NULL, applied_at INTEGER NOT NULL, completed_at INTEGER
        ) STRICT
        """,
        "CREATE INDEX withdrawals_by_account ON withdrawals (account, applied_at)",
        "CREATE INDEX withdrawals_by_account_and_asset ON withdrawals (account, asset, applied_at)",
        "CREATE INDEX withdrawals_by_account_and_status ON withdrawals (account, status, applied_at)",
        """
        CREATE INDEX withdrawals_by_account_asset_and_status ON withdrawals (account, asset, status, applied_at)
        """,
        "CREATE INDEX withdrawals_by_status ON withdrawals (status, applied_at)",
        "CREATE INDEX withdrawals_by_time ON withdrawals (applied_at)",
    ]

    private static let transfers = [
        "ALTER TABLE progress ADD COLUMN transfers INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE transfers (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, asset INTEGER NOT NULL, amount ANY NOT NULL,
            source INTEGER NOT NULL, target INTEGER NOT NULL, time INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX transfers_by_account ON transfers (account, time)",
        "CREATE INDEX transfers_by_asset ON transfers (account, asset, time)",
    ]

    private static let candles = [
        """
        CREATE TABLE candles (
            market INTEGER NOT NULL, interval INTEGER NOT NULL, open_time INTEGER NOT NULL, open INTEGER NOT NULL,
            high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL, trades INTEGER NOT NULL,
            first_trade INTEGER NOT NULL, last_trade INTEGER NOT NULL, volume ANY NOT NULL, notional ANY NOT NULL,
            taker_buy_volume ANY NOT NULL, taker_buy_notional ANY NOT NULL,
            PRIMARY KEY (market, interval, open_time)
        ) STRICT, WITHOUT ROWID
        """
    ]

    private static let userEvents = [
        """
        CREATE TABLE user_events (
            account INTEGER NOT NULL, seq INTEGER NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,
            body BLOB NOT NULL, PRIMARY KEY (account, seq)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE user_streams (
            account INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, first_time INTEGER
        ) STRICT
        """,
        "CREATE INDEX user_streams_by_age ON user_streams (first_time) WHERE first_time IS NOT NULL",
    ]
}
