import SyncronCore

/// What a margin wallet is worth and owes, and what follows from it.
extension NaiveExchange {
    struct Debt: Hashable {
        var borrowed: Int128 = 0
        var interest: Int128 = 0
        var owed: Int128 { borrowed + interest }
    }

    struct MarginWallet {
        var status = MarginStatus.normal
        var debts: [AssetID: Debt] = [:]
    }

    /// Values are whole numbers of 10^-26 USDT: an amount in units of up to 10^-18, times a price in 10^-8.
    struct Worth {
        var assets: Whole = 0
        /// As far as it is good as collateral, in 10^-34 USDT.
        var collateral: Whole = 0
        var debts: Whole = 0
    }

    func margin(_ account: AccountID, _ asset: AssetID) -> Holding {
        Holding(account: account, wallet: .margin, asset: asset)
    }

    func debt(_ account: AccountID, _ asset: AssetID) -> Debt {
        marginWallets[account]?.debts[asset] ?? Debt()
    }

    var usdt: Asset? { assets.first { $0.name == "USDT" } }

    func index(of asset: AssetID) -> Int64? { asset == usdt?.id ? 100_000_000 : indexPrices[asset] }

    func value(_ amount: Int128, _ asset: AssetID) -> Whole {
        guard amount != 0, let index = index(of: asset) else { return 0 }
        return Whole(amount) * Whole(Int128(index)) * Whole.power(18 - decimals(of: asset))
    }

    private func ratio(_ asset: AssetID) -> Whole {
        Whole(Int128(assets[Int(asset.raw)].margin?.collateralRatio.raw ?? 0))
    }

    /// What the wallet would be worth with other free balances, after debts are paid from what is free of their asset.
    func worth(_ account: AccountID, changing changes: [AssetID: Int128]? = nil) -> Worth {
        var worth = Worth()
        for asset in assets {
            let balance = balance(margin(account, asset.id))
            var (owned, owed) = (balance.free + balance.held, debt(account, asset.id).owed)
            if let changes {
                owned += changes[asset.id] ?? 0
                let paid = min(max(0, owned), owed)
                (owned, owed) = (owned - paid, owed - paid)
            }
            let value = value(owned, asset.id)
            worth.assets += value
            worth.collateral += value * ratio(asset.id)
            worth.debts += self.value(owed, asset.id)
        }
        return worth
    }

    func leverage(_ account: AccountID) -> Int { Int(accounts[Int(account.raw) - 1].marginLeverage) }

    /// Whether the collateral is below what a new loan asks for: C < R × D with R = L / (L - 1).
    func isBelowThreshold(_ worth: Worth, _ account: AccountID) -> Bool {
        let leverage = Int128(leverage(account))
        return worth.collateral * Whole(leverage - 1) < worth.debts * 100_000_000 * Whole(leverage)
    }

    /// What the level says, whatever is going on.
    func statusByLevel(_ account: AccountID) -> MarginStatus {
        let worth = worth(account)
        guard worth.debts > 0 else { return .normal }
        if worth.assets * 100 <= worth.debts * 110 { return .liquidating }
        return worth.assets * 100 <= worth.debts * (leverage(account) == 3 ? 130 : 116) ? .marginCall : .normal
    }

    func level(_ account: AccountID) -> Units? {
        let worth = worth(account)
        guard worth.debts > 0 else { return nil }
        return units((worth.assets * 100_000_000).divided(by: worth.debts))
    }

    mutating func setStatus(_ account: AccountID, _ status: MarginStatus) {
        marginWallets[account]?.status = status
        events.append(
            .marginStatusChanged(MarginStatusChange(account: account, status: status, level: level(account))))
    }

    /// Looks at every wallet until none is in a status that is not its level's. Those in liquidation have their own time.
    mutating func checkMargins() {
        while let account = marginWallets.keys.sorted().first(where: isDue) {
            setStatus(account, statusByLevel(account))
            if marginWallets[account]?.status == .liquidating { liquidate(account) }
        }
    }

    private func isDue(_ account: AccountID) -> Bool {
        guard let status = marginWallets[account]?.status, status != .liquidating else { return false }
        return status != statusByLevel(account)
    }

    // MARK: - Questions

    public func marginReading(of account: AccountID) -> MarginReading? {
        guard let wallet = marginWallets[account] else { return nil }
        let worth = worth(account)
        let known = assets.filter { everHeld.contains(margin(account, $0.id)) || debt(account, $0.id).owed > 0 }
        return MarginReading(
            status: wallet.status, level: level(account), totalAssetOfBTC: bitcoins(worth.assets),
            totalLiabilityOfBTC: bitcoins(worth.debts),
            balances: known.map { asset in
                let (balance, debt) = (balance(margin(account, asset.id)), debt(account, asset.id))
                return MarginBalance(
                    asset: asset.id, free: Units(balance.free), held: Units(balance.held),
                    borrowed: Units(debt.borrowed), interest: Units(debt.interest))
            })
    }

    private func bitcoins(_ value: Whole) -> Units {
        guard let bitcoin = assets.first(where: { $0.name == "BTC" }), let index = index(of: bitcoin.id)
        else { return .zero }
        return units(value.divided(by: Whole(Int128(index)) * Whole.power(10)))
    }

    /// A number for the eye: at most all there can be.
    private func units(_ number: Whole) -> Units { min(Units(number.clamped), Limits.assetSupply) }

    /// (C - R × D) / (R - c) at the asset's price, and no more than there is to lend.
    public func maxBorrowable(_ asset: AssetID, by account: AccountID) -> Units {
        guard Int(asset.raw) < assets.count, marginWallets[account] != nil, let terms = assets[Int(asset.raw)].margin,
            index(of: asset) != nil
        else { return .zero }
        let worth = worth(account)
        let leverage = Int128(leverage(account))
        let spare = worth.collateral * Whole(leverage - 1) - worth.debts * 100_000_000 * Whole(leverage)
        guard spare > 0 else { return .zero }
        let divisor = Whole(leverage * 100_000_000 - (leverage - 1) * Int128(terms.collateralRatio.raw))
        return Units(min(spare.divided(by: divisor * value(1, asset)).clamped, lending[asset, default: 0]))
    }

    /// The most that leaves more than twice the debts as collateral.
    public func maxTransferOut(_ asset: AssetID, of account: AccountID) -> Units {
        guard Int(asset.raw) < assets.count, let wallet = marginWallets[account] else { return .zero }
        let free = balance(margin(account, asset)).free
        guard wallet.debts.values.contains(where: { $0.owed > 0 }) else { return Units(free) }
        guard index(of: asset) != nil else { return .zero }
        let worth = worth(account)
        guard worth.debts > 0 else { return Units(free) }
        let spare = worth.collateral - worth.debts * 200_000_000
        guard spare > 0 else { return .zero }
        let each = value(1, asset) * ratio(asset)
        // Rounded up and one less, since exactly twice is not enough.
        return Units(each == 0 ? free : min(free, spare.dividedUp(by: each).clamped - 1))
    }

    public func lendingPool(of asset: AssetID) -> Units { Units(lending[asset, default: 0]) }

    public func indexPrice(of asset: AssetID) -> IndexPrice? { index(of: asset).map { IndexPrice($0) } }
}
