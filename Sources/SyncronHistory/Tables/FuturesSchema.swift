/// The tables of the futures wallet and of perpetuals.
enum FuturesSchema {
    static let statements = progress + incomes + fundingRates + markCandles

    private static let progress = ["incomes", "funding_rates"].map {
        "ALTER TABLE progress ADD COLUMN \($0) INTEGER NOT NULL DEFAULT 0"
    }

    /// Transfers stand here too: what came into or left a futures wallet, in one order. They have no market.
    private static let incomes = [
        """
        CREATE TABLE incomes (
            id INTEGER PRIMARY KEY, transaction_id INTEGER NOT NULL, account INTEGER NOT NULL, market INTEGER,
            asset INTEGER, kind INTEGER NOT NULL, amount ANY NOT NULL, trade INTEGER, liquidity INTEGER,
            time INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX incomes_by_account ON incomes (account, time)",
        "CREATE INDEX incomes_by_market ON incomes (account, market, time)",
        "CREATE INDEX incomes_by_kind ON incomes (account, kind, time)",
        "CREATE INDEX incomes_by_market_and_kind ON incomes (account, market, kind, time)",
        "CREATE INDEX incomes_by_trade ON incomes (account, market, trade) WHERE trade IS NOT NULL",
    ]

    private static let fundingRates = [
        """
        CREATE TABLE funding_rates (
            market INTEGER NOT NULL, time INTEGER NOT NULL, rate INTEGER NOT NULL, mark INTEGER NOT NULL,
            PRIMARY KEY (market, time)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX funding_rates_by_time ON funding_rates (time)",
    ]

    private static let markCandles = [
        """
        CREATE TABLE mark_candles (
            market INTEGER NOT NULL, interval INTEGER NOT NULL, open_time INTEGER NOT NULL, open INTEGER NOT NULL,
            high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL,
            PRIMARY KEY (market, interval, open_time)
        ) STRICT, WITHOUT ROWID
        """
    ]
}
