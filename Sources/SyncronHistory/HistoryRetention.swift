import SyncronCore

/// How long the history keeps what it does not keep for ever.
public enum HistoryRetention {
    /// Events of one account that are kept.
    public static let userEvents = 10_000
    /// How long events of accounts are kept, in milliseconds.
    public static let userEventAge: Int64 = 86_400_000
    /// How long orders of sandbox accounts that ended without a fill are kept, in milliseconds.
    public static let unfilledSandboxOrderAge: Int64 = 3_600_000

    /// Events beyond `userEvents` that gather before they are deleted together.
    static let userEventSlack = 1_000
    /// Rows, or events of accounts, deleted in one transaction, so that a batch never waits long for its turn.
    static let rowsPerStep = 500
    /// Rows or events of each kind deleted in one round, so that a thread that also writes batches is soon back.
    static let rowsPerRound = 10_000
    /// Pages given back in one transaction, and in one round.
    static let pagesPerStep = 64
    static let pagesPerRound = 1_024
    /// Unused pages that stay in the file for new rows, at least, and as the divisor of all pages: giving them back
    /// and growing again would be work for nothing.
    static let sparePages = 1_024
    static let spareShare = 8
}

/// What a round of pruning took away.
public struct PruneSummary: Sendable, Hashable {
    public var orders = 0
    public var userEvents = 0
    /// Pages of 4 KiB by which the file became shorter.
    public var pages = 0

    public init() {}
}
