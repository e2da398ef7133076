/// What time alone will bring about: orders that expire, and dead man's switches.
///
/// A heap by time. Its entries are confirmed when they come up, since most of what they wait for ends before; when most
/// of them are stale, the heap is made anew.
struct Timers {
    enum Purpose: Hashable {
        case lifetime(OrderID)
        case countdown(Switch)
    }

    /// Names one dead man's switch.
    struct Switch: Hashable {
        var account: AccountID
        var wallet: Wallet
        /// Nil for all markets.
        var market: MarketID?
    }

    struct Entry: Comparable {
        var at: Timestamp
        var purpose: Purpose

        /// By time; at one time, orders by id before switches by account, wallet and market.
        private var rank: (Int64, UInt8, UInt64, UInt32) {
            switch purpose {
            case .lifetime(let order): (at.milliseconds, 0, order.raw, 0)
            case .countdown(let it):
                (
                    at.milliseconds, 1, UInt64(it.account.raw) << 8 | UInt64(it.wallet.rawValue),
                    it.market.map { UInt32($0.raw) + 1 } ?? 0
                )
            }
        }

        static func < (a: Entry, b: Entry) -> Bool { a.rank < b.rank }
    }

    private var heap = MinHeap<Entry>()
    /// Open orders that have a lifetime.
    var lifetimes = 0
    /// When the armed switches fire.
    private(set) var countdowns: [Switch: Timestamp] = [:]

    /// When something may be due; `.never` when nothing is.
    var next: Timestamp { heap.first?.at ?? .never }
    /// All entries, the stale ones too.
    var entries: [Entry] { heap.elements }
    /// Whether the heap should be made anew.
    var isMostlyStale: Bool { heap.count > 2 * (countdowns.count + lifetimes) + 64 }

    mutating func arm(_ it: Switch, at time: Timestamp) {
        countdowns[it] = time
        heap.push(Entry(at: time, purpose: .countdown(it)))
    }

    mutating func disarm(_ it: Switch) { countdowns[it] = nil }

    mutating func expire(_ order: OrderID, at time: Timestamp) {
        lifetimes += 1
        heap.push(Entry(at: time, purpose: .lifetime(order)))
    }

    /// Takes out the first entry.
    mutating func pop() -> Entry { heap.pop() }

    /// Keeps these of its entries.
    mutating func keep(_ entries: [Entry]) { heap = MinHeap(entries) }

    /// The armed switches, by time, account, wallet and market.
    var switches: [(Switch, Timestamp)] {
        var last: Purpose?
        return entries.sorted().compactMap { entry in
            guard case .countdown(let it) = entry.purpose, countdowns[it] == entry.at, entry.purpose != last
            else { return nil }
            // One that was armed twice for the same time is in the heap twice.
            last = entry.purpose
            return (it, entry.at)
        }
    }
}
