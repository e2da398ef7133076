/// What is owed of one asset, in its units.
struct Debt: BitwiseCopyable {
    var borrowed = Units.zero
    /// Charged and not yet paid. No posting counts it before it is.
    var interest = Units.zero

    var owed: Units { borrowed + interest }
    var isNone: Bool { borrowed == .zero && interest == .zero }
}

/// What a margin wallet has beside its balances.
struct MarginAccount {
    let account: AccountID
    var status = MarginStatus.normal
    /// By asset; those beyond its end are none.
    var debts: [Debt] = []
    /// Which of the watches over it count.
    var watch: UInt32 = 0
    /// Whether it stands among those to be checked.
    var isDue = false

    var hasDebt: Bool { debts.contains { !$0.isNone } }

    func debt(_ asset: AssetID) -> Debt { asset.index < debts.count ? debts[asset.index] : Debt() }

    /// The part of the state's digest that counts the account.
    var digest: UInt64 {
        var part = PartDigest(kind: 40)
        part.add(UInt64(account.raw) << 8 | UInt64(status.rawValue))
        for (asset, debt) in debts.enumerated() where !debt.isNone {
            part.add(UInt64(asset))
            part.add(debt.borrowed)
            part.add(debt.interest)
        }
        return part.value
    }
}

/// Names a place among the margin accounts. 0 names none.
typealias MarginPlace = UInt32

/// What an asset is worth, and where that comes from.
struct IndexEntry {
    var price: IndexPrice?
    /// Set by the operator, until it is set anew.
    var isFixed = false
    /// What one unit is worth, in 10^-26 USDT; zero without a price.
    var factor: UInt128 = 0
    /// The spot market of the asset and the settlement asset.
    var market: MarketID?

    mutating func set(_ new: IndexPrice?, decimals: UInt8) {
        price = new
        factor = 0
        guard let new else { return }
        factor = UInt128(new.raw) * .ten(to: Limits.assetDecimals - Int(decimals))
    }
}

/// Who owes what, what everything is worth, and who is to be looked at when that changes.
struct MarginBook: ~Copyable {
    /// By place, from 1.
    var accounts: [MarginAccount] = []
    /// By account.
    private let places: Slab<MarginPlace>
    /// By asset.
    var index: [IndexEntry] = []
    /// What values are counted in, and margin liquidations end in.
    var settlementAsset: AssetID?
    /// The last whole second that was gone through.
    var lastSecond = Timestamp.zero
    /// Whether nothing waited for seconds when they last passed: then nobody lets them pass.
    var wasIdle = true
    /// The accounts, as a part of the state's digest.
    private(set) var digest: UInt64 = 0
    /// Accounts that are in liquidation, by account.
    private(set) var liquidating: [MarginPlace] = []

    /// Accounts that must be checked before the command ends, by account.
    private var due = MinHeap<Due>()
    /// By asset: what happens at or below a price (kept negative), and at or above one.
    var falls: [MinHeap<Watch>] = []
    var rises: [MinHeap<Watch>] = []

    private struct Due: Comparable {
        var account: AccountID
        var place: MarginPlace
        static func < (a: Due, b: Due) -> Bool { a.account.raw < b.account.raw }
    }

    /// An account that is to be checked when a price reaches `key`.
    struct Watch: Comparable {
        var key: Int64
        var place: MarginPlace
        var number: UInt32
        static func < (a: Watch, b: Watch) -> Bool { a.key < b.key }
    }

    init(accounts: Int) { places = Slab(capacity: accounts + 1) }

    func place(of account: AccountID) -> MarginPlace { account.index < places.capacity ? places[account.raw] : 0 }

    subscript(place: MarginPlace) -> MarginAccount {
        get { accounts[Int(place) - 1] }
        _modify { yield &accounts[Int(place) - 1] }
    }

    mutating func addAsset() {
        index.append(IndexEntry())
        falls.append(MinHeap())
        rises.append(MinHeap())
    }

    @discardableResult
    mutating func open(_ account: MarginAccount) -> MarginPlace {
        accounts.append(account)
        let place = MarginPlace(accounts.count)
        places[account.account.raw] = place
        digest &+= account.digest
        if account.status == .liquidating { insertLiquidating(place) }
        return place
    }

    /// Changes what is owed of an asset, or nothing of it, and keeps the digest.
    mutating func change(_ asset: AssetID, of place: MarginPlace, _ body: (inout Debt) -> Void) {
        digest &-= self[place].digest
        while self[place].debts.count <= asset.index { self[place].debts.append(Debt()) }
        body(&self[place].debts[asset.index])
        digest &+= self[place].digest
        note(place)
    }

    mutating func set(_ status: MarginStatus, of place: MarginPlace) {
        digest &-= self[place].digest
        if self[place].status == .liquidating { liquidating.removeAll { $0 == place } }
        self[place].status = status
        if status == .liquidating { insertLiquidating(place) }
        digest &+= self[place].digest
    }

    private mutating func insertLiquidating(_ place: MarginPlace) {
        let account = self[place].account.raw
        let index = liquidating.firstIndex { self[$0].account.raw > account } ?? liquidating.count
        liquidating.insert(place, at: index)
    }

    var hasDue: Bool { !due.isEmpty }

    /// The account is to be checked before the command ends.
    mutating func note(_ place: MarginPlace) {
        guard place != 0, !self[place].isDue else { return }
        self[place].isDue = true
        due.push(Due(account: self[place].account, place: place))
    }

    /// The one that is to be checked next.
    mutating func takeDue() -> MarginPlace {
        let place = due.pop().place
        self[place].isDue = false
        return place
    }

    /// Notes the accounts that watch for a price of the asset like this one; 0 for none.
    mutating func reach(_ price: Int64, of asset: AssetID) {
        while let watch = falls[asset.index].first, watch.key <= -price { fire(falls[asset.index].pop()) }
        while let watch = rises[asset.index].first, watch.key <= price { fire(rises[asset.index].pop()) }
    }

    private mutating func fire(_ watch: Watch) {
        if self[watch.place].watch == watch.number { note(watch.place) }
    }

    /// Puts an account on watch for a fall to, or a rise to, a price.
    mutating func watch(_ place: MarginPlace, _ asset: AssetID, atOrBelow price: Int64) {
        Self.add(Watch(key: -price, place: place, number: self[place].watch), to: &falls[asset.index], accounts)
    }

    mutating func watch(_ place: MarginPlace, _ asset: AssetID, atOrAbove price: Int64) {
        Self.add(Watch(key: price, place: place, number: self[place].watch), to: &rises[asset.index], accounts)
    }

    /// Most watches are overtaken before they fire; when most of a heap are, it is made anew.
    private static func add(_ watch: Watch, to heap: inout MinHeap<Watch>, _ accounts: [MarginAccount]) {
        if heap.count > 4 * accounts.count + 64 {
            heap = MinHeap(heap.elements.filter { accounts[Int($0.place) - 1].watch == $0.number })
        }
        heap.push(watch)
    }
}
