import CSyncron

/// Names one balance.
struct BalanceKey: BitwiseCopyable, Hashable {
    var account: AccountID
    var wallet: Wallet
    var asset: AssetID

    /// The same account's balance of another asset.
    @inline(__always)
    func of(_ asset: AssetID) -> BalanceKey { BalanceKey(account: account, wallet: wallet, asset: asset) }

    /// What a free unit counts in the digest: odd, and unlike that of any other balance.
    @inline(__always)
    var mixed: UInt64 {
        let word = UInt64(account.raw) << 32 | UInt64(asset.raw) << 8 | UInt64(wallet.rawValue)
        return mix(word ^ 0x9E37_79B9_7F4A_7C15, 0xE703_7ED1_A0B4_28DB) | 1
    }
}

/// The balances of all accounts in one wallet: a row an account, a column an asset. There is room for every account
/// that can be opened; it becomes resident as it is used.
struct WalletTable: ~Copyable {
    private let accounts: Int
    private var rows: Slab<Balance>
    /// Which balances have ever been other than zero.
    private var known: Slab<Bool>
    /// Columns of a row: two for each of its cache lines, whose number is odd. Rows a power of two apart would share
    /// the same few places of every cache.
    private var width = 2

    init(accounts: Int) {
        self.accounts = accounts
        rows = Slab(capacity: (accounts + 1) * width)
        known = Slab(capacity: (accounts + 1) * width)
    }

    @inline(__always)
    private func index(_ key: BalanceKey) -> Int { key.account.index &* width &+ key.asset.index }

    @inline(__always)
    subscript(key: BalanceKey) -> Balance {
        key.account.index <= accounts ? rows[index(key)] : Balance(free: .zero, held: .zero)
    }

    @inline(__always)
    func prefetch(_ key: BalanceKey) { syncron_prefetch(rows.base + index(key)) }

    @inline(__always)
    func place(_ key: BalanceKey) -> UnsafeMutablePointer<Balance> {
        assert(key.asset.index < width && key.account.index <= accounts)
        return rows.base + index(key)
    }

    /// Whether the balance has ever been other than zero.
    func isKnown(_ key: BalanceKey) -> Bool { key.account.index <= accounts && known[index(key)] }

    /// Notes that the balance is no longer zero.
    @inline(__always)
    func markKnown(_ key: BalanceKey) { known[index(key)] = true }

    /// Lays the rows out anew when there are more assets than columns.
    mutating func widen(to assets: Int) {
        guard assets > width else { return }
        let old = width
        while width < assets { width = width * 2 + 2 }
        let widerRows = Slab<Balance>(capacity: (accounts + 1) * width)
        let widerFlags = Slab<Bool>(capacity: (accounts + 1) * width)
        let (from, flags, to, toFlags) = (rows.base, known.base, widerRows.base, widerFlags.base)
        for row in 0...accounts {
            for column in 0..<old where flags[row * old + column] {
                to[row * width + column] = from[row * old + column]
                toFlags[row * width + column] = true
            }
        }
        rows = widerRows
        known = widerFlags
    }
}
