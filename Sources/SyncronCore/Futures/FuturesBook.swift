/// A position as the engine keeps it.
struct Holding: BitwiseCopyable {
    /// Above zero of a long position, below of a short one.
    var quantity = Steps.zero
    /// Σ price × quantity of what is open, at least zero.
    var cost = Units.zero
    /// What is set aside for it; held in the wallet.
    var isolated = Units.zero
    /// Commissions paid on what is open.
    var fees = Units.zero
    var updatedAt = Timestamp.zero

    var isOpen: Bool { quantity != .zero }
    var isLong: Bool { quantity > .zero }
    /// How much is open, of either direction.
    var size: Steps { Steps(abs(quantity.raw)) }
    /// The cost basis with the position's sign.
    var signedCost: Units { isLong ? cost : -cost }

    /// What it would bring if it were closed for that notional.
    func profit(at notional: Units) -> Units { isLong ? notional - cost : cost - notional }
}

/// An account's settings and positions on one perpetual.
struct FuturesEntry {
    let market: MarketID
    var leverage: UInt8
    var marginType = MarginType.crossed
    /// In one-way mode the first; in hedge mode long and short.
    var holdings: InlineArray<2, Holding> = [Holding(), Holding()]
    /// The last funding that was settled.
    var funding: UInt32
    /// Of which isolated positions, a bit each, the owner was told that their margin ratio is at 0.8 or more.
    var called: UInt8 = 0

    static func index(_ side: PositionSide) -> Int { side == .short ? 1 : 0 }

    var isFlat: Bool { !holdings[0].isOpen && !holdings[1].isOpen }

    subscript(side: PositionSide) -> Holding {
        get { holdings[Self.index(side)] }
        set { holdings[Self.index(side)] = newValue }
    }

    var digest: UInt64 {
        var part = PartDigest(kind: 51)
        part.add(
            UInt64(called) << 32 | UInt64(market.raw) << 16 | UInt64(leverage) << 8 | UInt64(marginType.rawValue))
        part.add(UInt64(funding))
        for index in 0..<2 {
            part.add(holdings[index].quantity.raw)
            part.add(holdings[index].cost)
            part.add(holdings[index].isolated)
            part.add(holdings[index].fees)
            part.add(holdings[index].updatedAt.milliseconds)
        }
        return part.value
    }
}

/// What a futures wallet has beside its balance.
struct FuturesAccount {
    let account: AccountID
    var isHedge = false
    /// Whether its owner was told that the margin ratio of the crossed positions is at 0.8 or more.
    var isCalled = false
    var entries: [FuturesEntry] = []
    /// Which of the watches over it count.
    var watch: UInt32 = 0
    /// Whether it stands among those to be checked.
    var isDue = false

    func index(of market: MarketID) -> Int? { entries.firstIndex { $0.market == market } }

    /// The sides on which it can have positions.
    var sides: [PositionSide] { isHedge ? [.long, .short] : [.both] }

    var digest: UInt64 {
        var part = PartDigest(kind: 50)
        part.add(UInt64(account.raw) << 2 | (isHedge ? 2 : 0) | (isCalled ? 1 : 0))
        for entry in entries { part.add(entry.digest) }
        return part.value
    }
}

/// Names a place among the futures accounts. 0 names none.
typealias FuturesPlace = UInt32

/// Who has positions, and who is to be looked at when a mark changes.
struct FuturesBook: ~Copyable {
    /// By place, from 1.
    private(set) var accounts: [FuturesAccount] = []
    /// By account.
    private let places: Slab<FuturesPlace>
    /// The accounts, as a part of the state's digest.
    private(set) var digest: UInt64 = 0
    /// Perpetual markets, in the order of their definition.
    var markets: [MarketID] = []
    /// The account that funding has come to, while one is under way.
    var fundingCursor: FuturesPlace = 0
    /// Whether a funding is under way that not everybody has paid yet.
    var isFunding: Bool { fundingCursor != 0 }

    /// Accounts to be checked on the next tick, by account.
    private var due = MinHeap<Due>()
    /// By market: what happens when the mark is at or below a price (kept negative), and at or above one.
    private var falls: [MinHeap<MarginBook.Watch>] = []
    private var rises: [MinHeap<MarginBook.Watch>] = []

    private struct Due: Comparable {
        var account: AccountID
        var place: FuturesPlace
        static func < (a: Due, b: Due) -> Bool { a.account.raw < b.account.raw }
    }

    init(accounts: Int) { places = Slab(capacity: accounts + 1) }

    func place(of account: AccountID) -> FuturesPlace { account.index < places.capacity ? places[account.raw] : 0 }

    subscript(place: FuturesPlace) -> FuturesAccount { accounts[Int(place) - 1] }

    mutating func addMarket(_ market: MarketID) { markets.append(market) }

    /// The account's place, made when it has none.
    mutating func open(_ account: AccountID) -> FuturesPlace {
        let place = place(of: account)
        return place == 0 ? append(FuturesAccount(account: account)) : place
    }

    mutating func append(_ account: FuturesAccount) -> FuturesPlace {
        accounts.append(account)
        let place = FuturesPlace(accounts.count)
        places[account.account.raw] = place
        digest &+= account.digest
        return place
    }

    /// Changes an account and keeps the digest.
    mutating func change(_ place: FuturesPlace, _ body: (inout FuturesAccount) -> Void) {
        digest &-= self[place].digest
        body(&accounts[Int(place) - 1])
        digest &+= self[place].digest
    }

    var hasDue: Bool { !due.isEmpty }

    mutating func note(_ place: FuturesPlace) {
        guard place != 0, !self[place].isDue else { return }
        accounts[Int(place) - 1].isDue = true
        due.push(Due(account: self[place].account, place: place))
    }

    mutating func takeDue() -> FuturesPlace {
        let place = due.pop().place
        accounts[Int(place) - 1].isDue = false
        return place
    }

    /// Notes the accounts that watch for a mark like this one.
    mutating func reach(_ mark: Ticks, of market: MarketID) {
        guard market.index < falls.count else { return }
        while let watch = falls[market.index].first, watch.key <= -mark.raw { fire(falls[market.index].pop()) }
        while let watch = rises[market.index].first, watch.key <= mark.raw { fire(rises[market.index].pop()) }
    }

    private mutating func fire(_ watch: MarginBook.Watch) {
        if self[watch.place].watch == watch.number { note(watch.place) }
    }

    /// The watches over the account so far count no more.
    mutating func renewWatch(_ place: FuturesPlace) { accounts[Int(place) - 1].watch &+= 1 }

    mutating func watch(_ place: FuturesPlace, _ market: MarketID, at price: Int64, isFalling: Bool) {
        while falls.count <= market.index {
            falls.append(MinHeap())
            rises.append(MinHeap())
        }
        let watch = MarginBook.Watch(
            key: isFalling ? -price : price, place: place, number: self[place].watch)
        if isFalling {
            Self.add(watch, to: &falls[market.index], accounts)
        } else {
            Self.add(watch, to: &rises[market.index], accounts)
        }
    }

    private static func add(
        _ watch: MarginBook.Watch, to heap: inout MinHeap<MarginBook.Watch>, _ accounts: [FuturesAccount]
    ) {
        if heap.count > 4 * accounts.count + 64 {
            heap = MinHeap(heap.elements.filter { accounts[Int($0.place) - 1].watch == $0.number })
        }
        heap.push(watch)
    }
}
