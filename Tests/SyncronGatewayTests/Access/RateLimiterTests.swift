import SyncronCore
import Testing

@testable import SyncronGateway

@Suite("Rate limits")
struct RateLimiterTests {
    /// The start of a minute.
    private static let minute: Int64 = 1_700_000_040_000
    private let clock = TestClock(RateLimiterTests.minute + 15_250)
    private let limiter: RateLimiter
    private let payer = RateLimiter.Payer.account(AccountID(7))
    private let standard = RateLimits(level: .standard)

    init() {
        let clock = clock
        limiter = RateLimiter(shards: 4, addressesPerShard: 8) { clock.milliseconds }
    }

    private func charge(_ weight: UInt32, orders: UInt32 = 0, _ group: RouteGroup = .trading) -> RateVerdict {
        limiter.charge(payer, standard, RateLimiter.Charge(group: group, weight: weight, orders: orders))
    }

    @Test(
        "each level has its figures, and VIP those of Platinum until it is given its own",
        arguments: [
            (AccountLevel.standard, 1_200, 10), (.silver, 2_400, 15), (.gold, 3_600, 20), (.platinum, 6_000, 30),
            (.vip, 6_000, 30),
        ] as [(AccountLevel, UInt32, UInt32)])
    func levels(level: AccountLevel, requests: UInt32, orders: UInt32) {
        let limits = RateLimits(of: Account(id: AccountID(1), level: level))
        #expect(limits.requestsPerMinute == requests)
        #expect(limits.ordersPerSecond == orders)
        #expect(!limits.isUnlimited)
    }

    @Test("an account's own figures go before its level's")
    func overrides() {
        let account = Account(id: AccountID(1), level: .gold, requestsPerMinute: 5, ordersPerSecond: 2)
        #expect(RateLimits(of: account).requestsPerMinute == 5)
        #expect(RateLimits(of: account).ordersPerSecond == 2)
    }

    @Test("only a VIP account with the largest figures is unlimited")
    func unlimited() {
        func limits(_ level: AccountLevel, _ requests: UInt32?, _ orders: UInt32?) -> RateLimits {
            RateLimits(
                of: Account(id: AccountID(1), level: level, requestsPerMinute: requests, ordersPerSecond: orders))
        }
        #expect(limits(.vip, .max, .max).isUnlimited)
        #expect(!limits(.gold, .max, .max).isUnlimited)
        #expect(!limits(.vip, .max, nil).isUnlimited)
        let charge = RateLimiter.Charge(group: .trading, weight: .max, orders: .max)
        for _ in 0..<3 {
            let verdict = limiter.charge(payer, limits(.vip, .max, .max), charge)
            #expect(verdict == .within(RateStanding(unlimitedAt: clock.milliseconds)))
        }
    }

    private func refusal(_ verdict: RateVerdict) throws -> (standing: RateStanding, retryAfter: Int) {
        guard case .over(let standing, let retryAfter) = verdict else {
            throw FixtureFailure("it is within the limits")
        }
        return (standing, retryAfter)
    }

    @Test("the standing says limit, remainder and the end of the minute")
    func standing() {
        let standing = charge(40, orders: 1).standing
        #expect(standing.limit == 1_200)
        #expect(standing.remaining == 1_160)
        #expect(standing.reset == Self.minute + 60_000)
        #expect(standing.orderLimit == 10)
        #expect(standing.orderRemaining == 9)
    }

    @Test("what is over the limit is refused until the minute ends, and not counted")
    func overRequests() throws {
        #expect(charge(1_199).standing.remaining == 1)
        let refused = try refusal(charge(2))
        #expect(refused.standing.remaining == 1)
        #expect(refused.retryAfter == 45)
        #expect(charge(1).standing.remaining == 0)
        clock.set(Self.minute + 59_999)
        #expect(try refusal(charge(1)).retryAfter == 1)
        clock.set(Self.minute + 60_000)
        #expect(charge(1).standing.remaining == 1_199)
    }

    @Test("orders are counted by the second and groups apart")
    func overOrders() throws {
        for left in (0..<10).reversed() { #expect(charge(1, orders: 1).standing.orderRemaining == UInt32(left)) }
        let refused = try refusal(charge(1, orders: 1))
        #expect(refused.retryAfter == 1)
        #expect(refused.standing.remaining == 1_190, "a refused order does not count as a request")
        #expect(charge(1).standing.remaining == 1_189, "other requests go on")
        #expect(charge(1, orders: 1, .futures).standing.orderRemaining == 9)
        clock.advance(750)
        #expect(charge(1, orders: 1).standing.orderRemaining == 9)
    }

    @Test("each group has counters of its own", arguments: RouteGroup.allCases)
    func groups(group: RouteGroup) {
        for other in RouteGroup.allCases where other != group { _ = charge(1_200, other) }
        #expect(charge(1, group).standing.remaining == 1_199)
    }

    @Test("looking counts nothing")
    func looking() {
        let request = RateLimiter.Charge(group: .account, weight: 1_200)
        for _ in 0..<3 {
            let verdict = limiter.look(payer, standard, request)
            #expect(verdict == .within(verdict.standing))
            #expect(verdict.standing.remaining == 1_200)
        }
    }

    @Test("payers do not share counters")
    func payers() throws {
        _ = charge(1_200)
        let one = RateLimiter.Charge(group: .trading, weight: 1)
        #expect(limiter.charge(.account(AccountID(8)), standard, one).standing.remaining == 1_199)
        let address = RateLimiter.Payer.address(try #require(IPAddress("10.0.0.1")))
        #expect(limiter.charge(address, .anonymous, one).standing.remaining == 1_199)
    }

    @Test("a flood of addresses ends up in shared counters, and known ones keep theirs")
    func crowd() throws {
        let one = RateLimiter.Charge(group: .market, weight: 1)
        let first = RateLimiter.Payer.address(IPAddress(high: 1, low: 0))
        _ = limiter.charge(first, .anonymous, one)
        var least = UInt32.max
        for index in 2..<20_000 {
            let address = RateLimiter.Payer.address(IPAddress(high: UInt64(index), low: 0))
            least = min(least, limiter.charge(address, .anonymous, one).standing.remaining)
        }
        #expect(least < 1_199, "addresses beyond the table share counters")
        #expect(limiter.charge(first, .anonymous, one).standing.remaining == 1_198)
        clock.advance(60_000)
        let fresh = RateLimiter.Payer.address(IPAddress(high: 19_999, low: 0))
        #expect(limiter.charge(fresh, .anonymous, one).standing.remaining == 1_199, "a new minute forgets everyone")
    }

    @Test("a clock set back begins a new window")
    func clockSetBack() {
        _ = charge(1_200)
        clock.advance(-3_600_000)
        #expect(charge(1).standing.remaining == 1_199)
    }
}
