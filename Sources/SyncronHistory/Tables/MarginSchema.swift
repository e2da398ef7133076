/// The tables of the margin wallet.
enum MarginSchema {
    static let statements = progress + loans + repayments + interestCharges + forcedOrders + marginTerms

    private static let progress = [
        "loans", "repayments", "interest_charges", "forced_orders", "margin_terms",
    ].map { "ALTER TABLE progress ADD COLUMN \($0) INTEGER NOT NULL DEFAULT 0" }

    private static let loans = [
        """
        CREATE TABLE loans (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, asset INTEGER NOT NULL, principal ANY NOT NULL,
            order_id INTEGER, time INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX loans_by_account ON loans (account, time)",
        "CREATE INDEX loans_by_asset ON loans (account, asset, time)",
    ]

    private static let repayments = [
        """
        CREATE TABLE repayments (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, asset INTEGER NOT NULL, interest ANY NOT NULL,
            principal ANY NOT NULL, cause INTEGER NOT NULL, time INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX repayments_by_account ON repayments (account, time)",
        "CREATE INDEX repayments_by_asset ON repayments (account, asset, time)",
    ]

    /// Charges have no ids of their own: they are counted here.
    private static let interestCharges = [
        """
        CREATE TABLE interest_charges (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, asset INTEGER NOT NULL, interest ANY NOT NULL,
            principal ANY NOT NULL, rate INTEGER NOT NULL, cause INTEGER NOT NULL, time INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX interest_charges_by_account ON interest_charges (account, time)",
        "CREATE INDEX interest_charges_by_asset ON interest_charges (account, asset, time)",
    ]

    private static let forcedOrders = [
        """
        CREATE TABLE forced_orders (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, market INTEGER NOT NULL, side INTEGER NOT NULL,
            price INTEGER NOT NULL, quantity INTEGER NOT NULL, executed INTEGER NOT NULL,
            executed_notional ANY NOT NULL, fee ANY NOT NULL, time INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX forced_orders_by_account ON forced_orders (account, time)",
    ]

    private static let marginTerms = [
        """
        CREATE TABLE margin_terms (
            id INTEGER PRIMARY KEY, side_effect INTEGER NOT NULL, borrowed ANY NOT NULL, asset INTEGER NOT NULL
        ) STRICT
        """
    ]
}
