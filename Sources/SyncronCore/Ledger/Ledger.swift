/// The accounts of the house itself.
public enum HouseAccount: UInt8, Sendable, Hashable, CaseIterable {
    /// Commissions and withdrawal fees earned.
    case fees
    case insurance
    /// Interest earned on loans.
    case interest
    /// What may be lent.
    case lending
    /// The other side of open perpetual positions.
    case clearing
    /// What rounding leaves over.
    case rounding
    /// The outside world: minus what has come in and not gone out.
    case external
}

/// What an account has of one asset in one wallet, in units of the asset.
struct Balance: BitwiseCopyable, Equatable {
    var free: Units
    /// Held for open orders and withdrawals.
    var held: Units
}

/// A balance that a command changed. Its place does not move while the command is under way.
struct TouchedBalance: BitwiseCopyable {
    var key: BalanceKey
    var place: UnsafeMutablePointer<Balance>
}

/// All money there is. Knows no orders.
///
/// Double entry: the postings of a command sum to zero for each asset, customers and house together.
/// `post` is the only thing that changes a balance.
struct Ledger: ~Copyable {
    /// Which part of a balance a posting concerns.
    enum Part { case free, held }

    private var spot: WalletTable
    private var margin: WalletTable
    private var futures: WalletTable
    /// The house's accounts, seven an asset.
    private let house: Slab<Units>
    /// Sum over everything, by asset: zero between commands.
    private let imbalance: Slab<Units>
    private(set) var assetCount = 0
    /// Customers' balances, as a part of the state's digest.
    private(set) var digest: UInt64 = 0
    /// Balances changed since the last `takeTouched`, possibly more than once.
    private(set) var touched = Stack<TouchedBalance>(capacity: 256)

    init(accounts: Int, assets: Int) {
        spot = WalletTable(accounts: accounts)
        margin = WalletTable(accounts: accounts)
        futures = WalletTable(accounts: accounts)
        house = Slab(capacity: assets * Self.houseAccounts)
        imbalance = Slab(capacity: assets)
    }

    private static let houseAccounts = 7

    /// Makes room for one more asset.
    mutating func addAsset() {
        assetCount += 1
        spot.widen(to: assetCount)
        margin.widen(to: assetCount)
        futures.widen(to: assetCount)
    }

    var isBalanced: Bool {
        for asset in 0..<assetCount where imbalance[asset] != .zero { return false }
        return true
    }

    @inline(__always)
    func balance(_ key: BalanceKey) -> Balance {
        switch key.wallet {
        case .spot: spot[key]
        case .margin: margin[key]
        case .futures: futures[key]
        }
    }

    /// The house's accounts of one asset, in the order of `HouseAccount.allCases`.
    func houseAccounts(of asset: AssetID) -> [Units] {
        HouseAccount.allCases.map { house($0, asset) }
    }

    /// Whether the balance has ever been other than zero.
    func hasEverHeld(_ key: BalanceKey) -> Bool {
        switch key.wallet {
        case .spot: spot.isKnown(key)
        case .margin: margin.isKnown(key)
        case .futures: futures.isKnown(key)
        }
    }

    @inline(__always)
    func markKnown(_ key: BalanceKey) {
        switch key.wallet {
        case .spot: spot.markKnown(key)
        case .margin: margin.markKnown(key)
        case .futures: futures.markKnown(key)
        }
    }

    func house(_ account: HouseAccount, _ asset: AssetID) -> Units {
        house[asset.index * Self.houseAccounts + Int(account.rawValue)]
    }

    /// Asks for the memory of a balance.
    @inline(__always)
    func prefetch(_ key: BalanceKey) {
        switch key.wallet {
        case .spot: spot.prefetch(key)
        case .margin: margin.prefetch(key)
        case .futures: futures.prefetch(key)
        }
    }

    @inline(__always)
    private mutating func place(_ key: BalanceKey) -> UnsafeMutablePointer<Balance> {
        switch key.wallet {
        case .spot: spot.place(key)
        case .margin: margin.place(key)
        case .futures: futures.place(key)
        }
    }

    /// Changes one part of one customer's balance. It must not become negative.
    @inline(__always)
    mutating func post(_ amount: Units, to part: Part, of key: BalanceKey) {
        let place = place(key)
        if place.pointee.free == .zero && place.pointee.held == .zero && amount != .zero { markKnown(key) }
        switch part {
        case .free:
            change(&place.pointee.free, by: amount)
            digest &+= key.mixed &* UInt64(truncatingIfNeeded: amount.raw)
        case .held:
            change(&place.pointee.held, by: amount)
            digest &+= key.mixed &* Self.heldFactor &* UInt64(truncatingIfNeeded: amount.raw)
        }
        imbalance[key.asset.index].raw &+= amount.raw
        touch(key, place)
    }

    /// Changes an account of the house.
    mutating func post(_ amount: Units, to account: HouseAccount, _ asset: AssetID) {
        house[asset.index * Self.houseAccounts + Int(account.rawValue)] += amount
        imbalance[asset.index].raw &+= amount.raw
    }

    /// Moves what is free into what is held; a negative amount, the other way.
    @inline(__always)
    mutating func hold(_ amount: Units, of key: BalanceKey) {
        let place = place(key)
        change(&place.pointee.free, by: Units(0 &- amount.raw))
        change(&place.pointee.held, by: amount)
        digest &+= key.mixed &* (Self.heldFactor &- 1) &* UInt64(truncatingIfNeeded: amount.raw)
        touch(key, place)
    }

    @inline(__always)
    private func change(_ part: inout Units, by amount: Units) {
        part = Units(part.raw &+ amount.raw)
        precondition(part >= .zero, "a balance never becomes negative")
    }

    /// How much more a held unit counts in the digest than a free one. The digest is a sum of units times factors,
    /// modulo 2^64, so a posting adds its own part without a look at what was there.
    private static let heldFactor: UInt64 = 0xD6E8_FEB8_6659_FD93

    /// Notes a balance for the events of the command; the same one a few postings ago is not noted again.
    @inline(__always)
    private mutating func touch(_ key: BalanceKey, _ place: UnsafeMutablePointer<Balance>) {
        let count = touched.count
        if count > 0 && touched.base[count - 1].place == place { return }
        if count > 1 && touched.base[count - 2].place == place { return }
        touched.append(TouchedBalance(key: key, place: place))
    }

    mutating func forgetTouched() { touched.clear() }

    /// Puts back a balance from a snapshot.
    mutating func restore(_ balance: Balance, of key: BalanceKey) {
        post(balance.free, to: .free, of: key)
        post(balance.held, to: .held, of: key)
        markKnown(key)
        forgetTouched()
    }

    /// What the incremental digest must be.
    func digestFromScratch(accounts: Int) -> UInt64 {
        var sum: UInt64 = 0
        forEach(accounts: accounts) { key, balance in
            sum &+= key.mixed &* UInt64(truncatingIfNeeded: balance.free.raw)
            sum &+= key.mixed &* Self.heldFactor &* UInt64(truncatingIfNeeded: balance.held.raw)
        }
        return sum
    }

    /// Visits every balance that has ever been other than zero, wallet by wallet, account by account, asset by asset.
    func forEach(accounts: Int, _ body: (BalanceKey, Balance) -> Void) {
        for wallet in Wallet.allCases {
            for account in 0..<UInt32(accounts + 1) {
                for asset in 0..<UInt16(assetCount) {
                    let key = BalanceKey(account: AccountID(account), wallet: wallet, asset: AssetID(asset))
                    if hasEverHeld(key) { body(key, balance(key)) }
                }
            }
        }
    }
}
