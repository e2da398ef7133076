/// What time alone will bring about: orders that expire, and dead man's switches.
///
/// A heap by time. Its entries are confirmed when they come up, since most of what they wait for ends before; when more
/// than half of them are stale, the heap is made anew.
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

    private var heap: [Entry] = []
    private var stale = 0
    /// When the armed switches fire.
    private(set) var countdowns: [Switch: Timestamp] = [:]

    /// When something may be due; `.never` when nothing is.
    var next: Timestamp { heap.first?.at ?? .never }
    /// Whether the heap should be made anew.
    var isMostlyStale: Bool { stale * 2 > heap.count + 64 }

    /// An order with a lifetime has ended.
    mutating func noteStale() { stale += 1 }

    mutating func arm(_ it: Switch, at time: Timestamp) {
        if countdowns.updateValue(time, forKey: it) != nil { noteStale() }
        push(Entry(at: time, purpose: .countdown(it)))
    }

    mutating func disarm(_ it: Switch) {
        if countdowns.removeValue(forKey: it) != nil { noteStale() }
    }

    mutating func push(_ entry: Entry) {
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

    /// An entry came up for which there was nothing left to do.
    mutating func forgetStale() { stale = max(0, stale - 1) }

    /// Keeps the entries for which `isLive` holds.
    mutating func rebuild(where isLive: (Entry) -> Bool) {
        let live = heap.filter(isLive)
        heap = []
        stale = 0
        for entry in live { push(entry) }
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
