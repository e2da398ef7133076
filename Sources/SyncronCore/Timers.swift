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

    struct Entry {
        var at: Timestamp
        var purpose: Purpose

        /// By time; at one time, orders by id before switches by account, wallet and market.
        fileprivate var rank: (Int64, UInt8, UInt64, UInt32) {
            switch purpose {
            case .lifetime(let order): (at.milliseconds, 0, order.raw, 0)
            case .countdown(let it):
                (
                    at.milliseconds, 1, UInt64(it.account.raw) << 8 | UInt64(it.wallet.rawValue),
                    it.market.map { UInt32($0.raw) + 1 } ?? 0
                )
            }
        }
    }

    private(set) var heap: [Entry] = []
    /// Open orders that have a lifetime.
    var lifetimes = 0
    /// When the armed switches fire.
    private(set) var countdowns: [Switch: Timestamp] = [:]

    /// When something may be due; `.never` when nothing is.
    var next: Timestamp { heap.first?.at ?? .never }
    /// Whether the heap should be made anew.
    var isMostlyStale: Bool { heap.count > 2 * (countdowns.count + lifetimes) + 64 }

    mutating func arm(_ it: Switch, at time: Timestamp) {
        countdowns[it] = time
        push(Entry(at: time, purpose: .countdown(it)))
    }

    mutating func disarm(_ it: Switch) { countdowns[it] = nil }

    mutating func expire(_ order: OrderID, at time: Timestamp) {
        lifetimes += 1
        push(Entry(at: time, purpose: .lifetime(order)))
    }

    private mutating func push(_ entry: Entry) {
        heap.append(entry)
        var place = heap.count - 1
        while place > 0, heap[place].rank < heap[(place - 1) / 2].rank {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// The first entry due by `time`, taken out.
    mutating func pop(dueBy time: Timestamp) -> Entry? {
        guard let first = heap.first, first.at <= time else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var place = 0
        while place * 2 + 1 < heap.count {
            var child = place * 2 + 1
            if child + 1 < heap.count && heap[child + 1].rank < heap[child].rank { child += 1 }
            guard heap[child].rank < heap[place].rank else { break }
            heap.swapAt(place, child)
            place = child
        }
        return first
    }

    /// Keeps these of its entries.
    mutating func keep(_ entries: [Entry]) {
        heap = []
        for entry in entries { push(entry) }
    }

    /// The armed switches, by time, account, wallet and market.
    var switches: [(Switch, Timestamp)] {
        var last: Purpose?
        return heap.sorted { $0.rank < $1.rank }.compactMap { entry in
            guard case .countdown(let it) = entry.purpose, countdowns[it] == entry.at, entry.purpose != last
            else { return nil }
            // One that was armed twice for the same time is in the heap twice.
            last = entry.purpose
            return (it, entry.at)
        }
    }
}
