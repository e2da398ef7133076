import SyncronCore

/// What a caller may ask for, in each group of routes.
struct RateLimits: Hashable, Sendable {
    /// Request weight in a minute.
    var requestsPerMinute: UInt32
    /// Placements and amendments in a second.
    var ordersPerSecond: UInt32

    /// The figures of a level. VIP has Platinum's until an account is given its own.
    init(level: AccountLevel) {
        switch level {
        case .standard: (requestsPerMinute, ordersPerSecond) = (1_200, 10)
        case .silver: (requestsPerMinute, ordersPerSecond) = (2_400, 15)
        case .gold: (requestsPerMinute, ordersPerSecond) = (3_600, 20)
        case .platinum, .vip: (requestsPerMinute, ordersPerSecond) = (6_000, 30)
        }
    }

    init(of account: Account) {
        self.init(level: account.level)
        requestsPerMinute = account.requestsPerMinute ?? requestsPerMinute
        ordersPerSecond = account.ordersPerSecond ?? ordersPerSecond
        isUnlimited = account.level == .vip && requestsPerMinute == .max && ordersPerSecond == .max
    }

    /// A VIP account whose two figures are the largest there are is not counted at all.
    private(set) var isUnlimited = false

    /// For callers without a key.
    static let anonymous = RateLimits(level: .standard)
}
