/// What a margin wallet is worth and owes, all in 10^-26 USDT.
struct MarginLevels {
    /// Σ (free + held) × index.
    var assets = Wide.zero
    /// Σ value × collateral ratio × 10^8.
    var collateral = Wide.zero
    /// Σ (borrowed + interest) × index.
    var debt = Wide.zero

    var hasDebt: Bool { debt > .zero }

    /// Value over debt in parts of 10^8, rounded down; nil without debt.
    var level: Units? { hasDebt ? (assets * UInt64(Rate.scale) / debt).units : nil }

    func isAtMost(_ percent: UInt64) -> Bool { hasDebt && assets * 100 <= debt * percent }

    /// Whether the collateral level is at or above a threshold.
    func isCollateral(atLeast threshold: BorrowThreshold) -> Bool {
        collateral * threshold.denominator >= debt * (threshold.numerator * UInt64(Rate.scale))
    }

    mutating func add(_ units: Units, _ factor: UInt128, _ ratio: Rate) {
        let value = Wide(units, times: factor)
        assets += value
        collateral += value * UInt64(ratio.raw)
    }

    mutating func remove(_ units: Units, _ factor: UInt128, _ ratio: Rate) {
        let value = Wide(units, times: factor)
        assets = assets - value
        collateral = collateral - value * UInt64(ratio.raw)
    }
}

/// The collateral level from which on an account may borrow: leverage / (leverage - 1).
struct BorrowThreshold {
    var numerator: UInt64
    var denominator: UInt64

    init(leverage: UInt8) { (numerator, denominator) = (UInt64(leverage), UInt64(leverage) - 1) }
}

extension MarginLevels {
    /// The margin level of the margin call, in percent.
    static func callPercent(leverage: UInt8) -> UInt64 { leverage == 5 ? 116 : 130 }
    /// The margin level of the liquidation, in percent.
    static let liquidationPercent: UInt64 = 110
}

extension Engine {
    func levels(of place: MarginPlace) -> MarginLevels {
        var levels = MarginLevels()
        let account = margin[place].account
        for asset in assets.indices {
            let id = AssetID(UInt16(asset))
            let factor = margin.index[asset].factor
            guard factor > 0 else { continue }
            let balance = ledger.balance(BalanceKey(account: account, wallet: .margin, asset: id))
            if balance.free > .zero || balance.held > .zero {
                levels.add(balance.free + balance.held, factor, collateralRatio(of: id))
            }
            let owed = margin[place].debt(id).owed
            if owed > .zero { levels.debt += Wide(owed, times: factor) }
        }
        return levels
    }

    func collateralRatio(of asset: AssetID) -> Rate { assets[asset.index].margin?.collateralRatio ?? .zero }

    func leverage(of place: MarginPlace) -> UInt8 { register.account(margin[place].account)?.marginLeverage ?? 3 }

    func borrowThreshold(of place: MarginPlace) -> BorrowThreshold { BorrowThreshold(leverage: leverage(of: place)) }

    /// (C - R·D) / (R - c) at the asset's price, not below zero, and at most what there is to lend.
    func maxBorrowable(_ asset: AssetID, by place: MarginPlace, _ levels: MarginLevels) -> Units {
        let factor = margin.index[asset.index].factor
        guard factor > 0 else { return .zero }
        let threshold = borrowThreshold(of: place)
        let room =
            levels.collateral * threshold.denominator - levels.debt * (threshold.numerator * UInt64(Rate.scale))
        let perUnit =
            Wide(factor)
            * (threshold.numerator * UInt64(Rate.scale)
                - UInt64(collateralRatio(of: asset).raw) * threshold.denominator)
        return min((room / perUnit).units, max(.zero, ledger.house(.lending, asset)))
    }

    /// The most that may leave the wallet: everything free without debt, or what keeps the collateral level above 2.
    func maxTransferOut(_ asset: AssetID, of place: MarginPlace) -> Units {
        let free = ledger.balance(BalanceKey(account: margin[place].account, wallet: .margin, asset: asset)).free
        guard margin[place].hasDebt else { return free }
        let factor = margin.index[asset.index].factor
        guard factor > 0 else { return .zero }
        let levels = levels(of: place)
        guard levels.hasDebt else { return free }
        guard isCollateralAboveTwo(levels) else { return .zero }
        let ratio = UInt64(collateralRatio(of: asset).raw)
        guard ratio > 0 else { return free }
        let room = levels.collateral - levels.debt * (2 * UInt64(Rate.scale))
        let perUnit = Wide(factor) * ratio
        // Above 2, not at it.
        let most = ((room - Wide(1)) / perUnit).units
        return min(free, most)
    }

    func isCollateralAboveTwo(_ levels: MarginLevels) -> Bool {
        !levels.hasDebt || levels.collateral > levels.debt * (2 * UInt64(Rate.scale))
    }

    /// Puts the account on watch for every price at which it could cross a boundary of its status.
    ///
    /// Value minus a multiple of the debt is a sum over the assets. What lies between it and zero is shared out
    /// evenly among the assets that can move it, so that the account is safe while none has used up its share: a
    /// price change costs what it affects, and an account is looked at before it crosses, not after.
    mutating func watch(_ place: MarginPlace) {
        margin[place].watch &+= 1
        guard margin[place].hasDebt, margin[place].status != .liquidating else { return }
        watch(place, percent: MarginLevels.liquidationPercent, isFalling: true)
        watch(
            place, percent: MarginLevels.callPercent(leverage: leverage(of: place)),
            isFalling: margin[place].status == .normal)
    }

    /// - Parameter isFalling: whether the account is above that level, and watched for coming down to it.
    private mutating func watch(_ place: MarginPlace, percent: UInt64, isFalling: Bool) {
        let account = margin[place].account
        var exposures: [(asset: AssetID, units: Units, isLong: Bool)] = []
        var (above, below) = (Wide.zero, Wide.zero)
        for asset in assets.indices {
            let id = AssetID(UInt16(asset))
            let balance = ledger.balance(BalanceKey(account: account, wallet: .margin, asset: id))
            let net = (balance.free + balance.held).raw * 100 - margin[place].debt(id).owed.raw * Int128(percent)
            guard net != 0 else { continue }
            let units = Units(net.magnitude > Int128.max.magnitude ? .max : Int128(net.magnitude))
            let value = Wide(units, times: margin.index[asset].factor)
            if net > 0 { above += value } else { below += value }
            if id != margin.settlementAsset { exposures.append((id, units, net > 0)) }
        }
        let distance = isFalling ? above - below : below - above
        for exposure in exposures {
            let entry = margin.index[exposure.asset.index]
            guard let price = entry.price else {
                // Any price at all changes everything.
                margin.watch(place, exposure.asset, atOrAbove: 1)
                continue
            }
            let perTick = Wide(exposure.units, times: entry.factor / UInt128(price.raw)) * UInt64(exposures.count)
            let move = max(1, Int64(clamping: (distance / perTick).units.raw))
            if exposure.isLong == isFalling {
                margin.watch(place, exposure.asset, atOrBelow: max(0, price.raw - move))
            } else {
                let (key, overflow) = price.raw.addingReportingOverflow(move)
                if !overflow { margin.watch(place, exposure.asset, atOrAbove: key) }
            }
        }
    }
}
