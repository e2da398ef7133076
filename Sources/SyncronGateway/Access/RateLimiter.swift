import Synchronization
import SyncronCore

/// Counts what callers ask for, by wall-clock minute and second, in each group of routes.
///
/// Memory is bounded: a new minute forgets everyone, accounts are as many as the exchange has, and addresses
/// beyond `addressesPerShard` share counters.
final class RateLimiter: Sendable {
    /// Who is charged.
    enum Payer: Hashable, Sendable {
        case account(AccountID)
        case address(IPAddress)
        /// Addresses that came when the table was full.
        case crowd(UInt8)
    }

    /// What a request costs in its group.
    struct Charge: Sendable {
        var group: RouteGroup
        var weight: UInt32
        /// Placements and amendments among it.
        var orders: UInt32 = 0
    }

    private let accounts: [Shard]
    private let addresses: [Shard]
    private let addressesPerShard: Int
    /// Milliseconds since 1970 by the real clock.
    private let clock: @Sendable () -> Int64

    init(
        shards: Int = 64, addressesPerShard: Int = 4_096,
        clock: @escaping @Sendable () -> Int64 = WallClock.milliseconds
    ) {
        accounts = (0..<shards).map { _ in Shard() }
        addresses = (0..<shards).map { _ in Shard() }
        self.addressesPerShard = addressesPerShard
        self.clock = clock
    }

    /// Whether `charge` would be within the limits. Counts nothing.
    func look(_ payer: Payer, _ limits: RateLimits, _ charge: Charge) -> RateVerdict {
        settle(payer, limits, charge, counts: false)
    }

    /// Counts `charge` if it is within the limits; what is over either limit is not counted at all.
    func charge(_ payer: Payer, _ limits: RateLimits, _ charge: Charge) -> RateVerdict {
        settle(payer, limits, charge, counts: true)
    }

    private func settle(_ payer: Payer, _ limits: RateLimits, _ charge: Charge, counts: Bool) -> RateVerdict {
        let now = clock()
        if limits.isUnlimited { return .within(RateStanding(unlimitedAt: now)) }
        return shard(of: payer).ledger.withLock { ledger in
            ledger.turn(to: now)
            let payer = ledger.seat(payer, most: addressesPerShard)
            var tally = ledger.tallies[payer] ?? Tally()
            tally.turn(to: now / 1_000)
            let group = Int(charge.group.rawValue)
            let requests = UInt64(tally.requests[group]) + UInt64(charge.weight)
            let orders = UInt64(tally.orders[group]) + UInt64(charge.orders)
            let isOverRequests = requests > UInt64(limits.requestsPerMinute)
            let isOverOrders = charge.orders > 0 && orders > UInt64(limits.ordersPerSecond)
            if counts && !isOverRequests && !isOverOrders {
                tally.requests[group] = UInt32(requests)
                tally.orders[group] = UInt32(orders)
                ledger.tallies[payer] = tally
            }
            let standing = RateStanding(limits, requests: tally.requests[group], orders: tally.orders[group], at: now)
            if isOverRequests { return .over(standing, retryAfter: standing.secondsToReset(from: now)) }
            return isOverOrders ? .over(standing, retryAfter: 1) : .within(standing)
        }
    }

    private func shard(of payer: Payer) -> Shard {
        switch payer {
        case .account(let id): accounts[Int(id.raw) % accounts.count]
        case .address, .crowd: addresses[Int(UInt(bitPattern: payer.hashValue) % UInt(addresses.count))]
        }
    }

    private final class Shard: Sendable {
        let ledger = Mutex(Ledger())
    }

    private struct Ledger {
        var minute: Int64 = 0
        var tallies: [Payer: Tally] = [:]

        mutating func turn(to now: Int64) {
            guard now / 60_000 != minute else { return }
            minute = now / 60_000
            tallies.removeAll(keepingCapacity: true)
        }

        /// The payer itself, or, for a new address in a full table, the crowd it is counted with.
        func seat(_ payer: Payer, most: Int) -> Payer {
            guard case .address(let address) = payer, tallies.count >= most, tallies[payer] == nil else { return payer }
            return .crowd(UInt8(truncatingIfNeeded: address.hashValue))
        }
    }

    private struct Tally {
        var second: Int64 = 0
        var requests = SIMD8<UInt32>.zero
        var orders = SIMD8<UInt32>.zero

        mutating func turn(to second: Int64) {
            guard second != self.second else { return }
            self.second = second
            orders = .zero
        }
    }
}

/// Where a caller stands after a request, as the headers of the answer say.
struct RateStanding: Hashable, Sendable {
    var limit: UInt32
    var remaining: UInt32
    /// The end of the minute, in milliseconds since 1970.
    var reset: Int64
    var orderLimit: UInt32
    var orderRemaining: UInt32

    init(_ limits: RateLimits, requests: UInt32, orders: UInt32, at now: Int64) {
        limit = limits.requestsPerMinute
        remaining = limit > requests ? limit - requests : 0
        reset = (now / 60_000 + 1) * 60_000
        orderLimit = limits.ordersPerSecond
        orderRemaining = orderLimit > orders ? orderLimit - orders : 0
    }

    init(unlimitedAt now: Int64) {
        (limit, remaining, orderLimit, orderRemaining) = (.max, .max, .max, .max)
        reset = (now / 60_000 + 1) * 60_000
    }

    /// Takes over the order rate of another payer.
    mutating func showOrders(of other: RateStanding) {
        (orderLimit, orderRemaining) = (other.orderLimit, other.orderRemaining)
    }

    /// Rounded up, at least 1.
    func secondsToReset(from now: Int64) -> Int { max(1, Int((reset - now + 999) / 1_000)) }
}

enum RateVerdict: Hashable, Sendable {
    case within(RateStanding)
    /// `retryAfter` in seconds.
    case over(RateStanding, retryAfter: Int)

    var standing: RateStanding {
        switch self {
        case .within(let standing), .over(let standing, _): standing
        }
    }
}
