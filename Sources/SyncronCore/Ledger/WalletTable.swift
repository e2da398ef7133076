import CSyncron

/// Names one balance.
struct BalanceKey: BitwiseCopyable, Hashable {
    var account: AccountID
    var wallet: Wallet
    var asset: AssetID

    /// Odd, and unlike that of any other balance.
    @inline(__always)
    var mixed: UInt64 {
        let word = UInt64(account.raw) << 32 | UInt64(asset.raw) << 8 | UInt64(wallet.rawValue)
        return mix(word ^ 0x9E37_79B9_7F4A_7C15, 0xE703_7ED1_A0B4_28DB) | 1
    }
}

/// The balances of all accounts in one wallet: a row an account, a column an asset, in blocks of 1,024 rows that come
/// into being when one of them is first used.
struct WalletTable: ~Copyable {
    private static let rowsPerBlock = 1_024

    private var blocks: [UnsafeMutablePointer<Balance>?] = []
    /// Which balances have ever been other than zero; blocks as above.
    private var known: [UnsafeMutablePointer<Bool>?] = []
    /// Columns of a row, a power of two.
    private var width = 4

    deinit {
        for block in blocks { block?.deallocate() }
        for block in known { block?.deallocate() }
    }

    @inline(__always)
    subscript(key: BalanceKey) -> Balance {
        let block = key.account.index / Self.rowsPerBlock
        guard block < blocks.count, let rows = blocks[block] else { return Balance(free: .zero, held: .zero) }
        return rows[key.account.index % Self.rowsPerBlock * width + key.asset.index]
    }

    @inline(__always)
    func prefetch(_ account: AccountID) {
        let block = account.index / Self.rowsPerBlock
        guard block < blocks.count, let rows = blocks[block] else { return }
        syncron_prefetch(rows + account.index % Self.rowsPerBlock * width)
    }

    @inline(__always)
    mutating func place(_ key: BalanceKey) -> UnsafeMutablePointer<Balance> {
        let block = key.account.index / Self.rowsPerBlock
        if block >= blocks.count || blocks[block] == nil { addBlock(block) }
        assert(key.asset.index < width)
        return blocks[block].unsafelyUnwrapped
            + (key.account.index % Self.rowsPerBlock * width + key.asset.index)
    }

    @inline(never)
    private mutating func addBlock(_ block: Int) {
        while blocks.count <= block {
            blocks.append(nil)
            known.append(nil)
        }
        blocks[block] = Self.emptyBlock(width: width)
        known[block] = Self.unknownBlock(width: width)
    }

    /// Whether the balance has ever been other than zero.
    func isKnown(_ key: BalanceKey) -> Bool {
        let block = key.account.index / Self.rowsPerBlock
        guard block < known.count, let flags = known[block] else { return false }
        return flags[key.account.index % Self.rowsPerBlock * width + key.asset.index]
    }

    /// Notes that the balance, whose place exists, is no longer zero.
    @inline(__always)
    func markKnown(_ key: BalanceKey) {
        let block = key.account.index / Self.rowsPerBlock
        known[block].unsafelyUnwrapped[key.account.index % Self.rowsPerBlock * width + key.asset.index] = true
    }

    private static func unknownBlock(width: Int) -> UnsafeMutablePointer<Bool> {
        let flags = UnsafeMutablePointer<Bool>.allocate(capacity: rowsPerBlock * width)
        flags.initialize(repeating: false, count: rowsPerBlock * width)
        return flags
    }

    private static func emptyBlock(width: Int) -> UnsafeMutablePointer<Balance> {
        // A row of two assets is one cache line, and begins at one.
        let rows = UnsafeMutableRawPointer.allocate(
            byteCount: rowsPerBlock * width * MemoryLayout<Balance>.stride, alignment: 64
        ).bindMemory(to: Balance.self, capacity: rowsPerBlock * width)
        rows.initialize(repeating: Balance(free: .zero, held: .zero), count: rowsPerBlock * width)
        return rows
    }

    /// Lays the rows out anew when there are more assets than columns.
    mutating func widen(to assets: Int) {
        guard assets > width else { return }
        let old = width
        while width < assets { width *= 2 }
        for index in blocks.indices {
            guard let rows = blocks[index], let flags = known[index] else { continue }
            let widerRows = Self.emptyBlock(width: width)
            let widerFlags = Self.unknownBlock(width: width)
            for row in 0..<Self.rowsPerBlock {
                (widerRows + row * width).update(from: rows + row * old, count: old)
                (widerFlags + row * width).update(from: flags + row * old, count: old)
            }
            rows.deallocate()
            flags.deallocate()
            blocks[index] = widerRows
            known[index] = widerFlags
        }
    }
}
