/// Loans of the margin wallet, and what they cost.
extension Engine {
    /// The margin wallet of an account that may change something in it.
    func requireMargin(_ account: AccountID) throws(Rejection) -> MarginPlace {
        try requireAccount(account)
        let place = margin.place(of: account)
        guard place != 0 else { throw .margin(.noAccount) }
        guard margin[place].status != .liquidating else { throw .margin(.liquidating) }
        return place
    }

    func requireMarginTerms(_ asset: AssetID) throws(Rejection) {
        guard asset.index < assets.count, assets[asset.index].margin != nil
        else { throw .margin(.assetNotSupported) }
    }

    mutating func borrow(_ order: BorrowFunds) throws(Rejection) {
        let place = try admit(order)
        lend(order.amount, order.asset, to: place, for: nil)
    }

    private func admit(_ order: BorrowFunds) throws(Rejection) -> MarginPlace {
        let place = try requireMargin(order.account)
        guard order.amount >= .zero, order.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        guard order.amount > .zero else { throw .margin(.loanNotPositive) }
        try requireMarginTerms(order.asset)
        try checkLoan(order.amount, order.asset, place, levels(of: place))
        return place
    }

    func checkLoan(
        _ amount: Units, _ asset: AssetID, _ place: MarginPlace, _ levels: MarginLevels
    ) throws(Rejection) {
        guard levels.collateral > .zero else { throw .margin(.noCollateral) }
        guard !levels.hasDebt || levels.isCollateral(atLeast: borrowThreshold(of: place))
        else { throw .margin(.belowBorrowThreshold) }
        guard margin.index[asset.index].factor > 0 else { throw .noIndexPrice(asset) }
        guard amount <= maxBorrowable(asset, by: place, levels) else { throw .margin(.beyondMaxBorrowable) }
    }

    /// Pays out a loan and charges its first hour.
    mutating func lend(_ amount: Units, _ asset: AssetID, to place: MarginPlace, for order: OrderID?) {
        let account = margin[place].account
        let id = register.takeTransactionID()
        ledger.post(-amount, to: .lending, asset)
        ledger.post(amount, to: .free, of: BalanceKey(account: account, wallet: .margin, asset: asset))
        margin.change(asset, of: place) { $0.borrowed += amount }
        log.append(
            .loanTaken(Loan(id: id, account: account, asset: asset, principal: amount, order: order, time: now)))
        charge(asset, on: amount, to: place, .borrowing)
    }

    /// An hour's interest on a principal: a day's by 24, rounded up.
    func hourlyInterest(_ asset: AssetID, on principal: Units) -> Units {
        let rate = assets[asset.index].margin?.dailyInterest ?? .zero
        let hours = Int128(Rate.scale) * 24
        // In two parts, so that no amount that can exist overflows.
        let (whole, rest) = principal.raw.quotientAndRemainder(dividingBy: hours)
        return Units(whole * Int128(rate.raw) + (rest * Int128(rate.raw) + hours - 1) / hours)
    }

    private mutating func charge(
        _ asset: AssetID, on principal: Units, to place: MarginPlace, _ cause: InterestCharge.Cause
    ) {
        let interest = hourlyInterest(asset, on: principal)
        guard interest > .zero else { return }
        margin.change(asset, of: place) { $0.interest += interest }
        log.append(
            .interestCharged(
                InterestCharge(
                    account: margin[place].account, asset: asset, interest: interest, principal: principal,
                    rate: assets[asset.index].margin?.dailyInterest ?? .zero, cause: cause, time: now)))
    }

    /// A clock hour begins: every debt is charged on the whole of its principal.
    mutating func chargeHour() {
        guard !margin.accounts.isEmpty else { return }
        for raw in 1...UInt32(register.accounts.count) {
            let place = margin.place(of: AccountID(raw))
            guard place != 0 else { continue }
            for asset in margin[place].debts.indices where margin[place].debts[asset].borrowed > .zero {
                charge(AssetID(UInt16(asset)), on: margin[place].debts[asset].borrowed, to: place, .hour)
            }
        }
    }

    mutating func repay(_ order: RepayFunds) throws(Rejection) {
        let place = try requireMargin(order.account)
        guard order.amount >= .zero, order.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        guard order.amount > .zero else { throw .margin(.loanNotPositive) }
        try requireMarginTerms(order.asset)
        let owed = margin[place].debt(order.asset).owed
        guard owed > .zero else { throw .invalid(.asset) }
        let amount = min(order.amount, owed)
        let free = ledger.balance(BalanceKey(account: order.account, wallet: .margin, asset: order.asset)).free
        guard amount <= free
        else { throw .insufficientBalance(asset: order.asset, required: amount, available: free) }
        repay(order.asset, of: place, atMost: amount, .demand)
    }

    /// Pays back what is owed of an asset, interest first, as far as `most` and what is free of it go.
    mutating func repay(_ asset: AssetID, of place: MarginPlace, atMost most: Units, _ cause: Repayment.Cause) {
        let debt = margin[place].debt(asset)
        let key = BalanceKey(account: margin[place].account, wallet: .margin, asset: asset)
        let amount = min(most, debt.owed, ledger.balance(key).free)
        guard amount > .zero else { return }
        let interest = min(amount, debt.interest)
        ledger.post(-amount, to: .free, of: key)
        ledger.post(interest, to: .interest, asset)
        ledger.post(amount - interest, to: .lending, asset)
        settle(asset, of: place, interest: interest, principal: amount - interest, cause)
    }

    /// Takes off what was paid, or written off.
    mutating func settle(
        _ asset: AssetID, of place: MarginPlace, interest: Units, principal: Units, _ cause: Repayment.Cause
    ) {
        margin.change(asset, of: place) { debt in
            debt.interest -= interest
            debt.borrowed -= principal
        }
        log.append(
            .loanRepaid(
                Repayment(
                    id: register.takeTransactionID(), account: margin[place].account, asset: asset,
                    interest: interest, principal: principal, cause: cause, time: now)))
    }

    /// Sets what there is to pay for bankrupt accounts with; the difference comes from outside.
    mutating func fund(_ fund: InsuranceFund) throws(Rejection) {
        try self.fund(.insurance, fund.asset, fund.amount)
        log.append(.insuranceFunded(fund))
    }

    /// Checks every account that has moved since it was last looked at, the lowest id first, until none is left.
    @inline(never)
    mutating func checkMargin() {
        while margin.hasDue {
            let place = margin.takeDue()
            if margin[place].status != .liquidating { check(place) }
        }
    }

    private mutating func check(_ place: MarginPlace) {
        let levels = levels(of: place)
        if levels.isAtMost(MarginLevels.liquidationPercent) { return liquidate(place) }
        let isCall = levels.isAtMost(MarginLevels.callPercent(leverage: leverage(of: place)))
        set(isCall ? .marginCall : .normal, of: place, levels)
        watch(place)
    }

    mutating func set(_ status: MarginStatus, of place: MarginPlace, _ levels: MarginLevels) {
        guard margin[place].status != status else { return }
        margin.set(status, of: place)
        log.append(
            .marginStatusChanged(
                MarginStatusChange(account: margin[place].account, status: status, level: levels.level)))
    }
}

/// What can be read of margin wallets.
extension Engine {
    /// The account's margin wallet; nil before the first transfer into it.
    public func marginReading(of account: AccountID) -> MarginReading? {
        let place = margin.place(of: account)
        guard place != 0 else { return nil }
        let levels = levels(of: place)
        let bitcoin = assets.first { $0.name == "BTC" }.flatMap { indexPrice(of: $0.id) }
        // A price is in 10^-8 USDT, a value in 10^-26: their quotient counts 10^-18 BTC.
        func inBitcoin(_ value: Wide) -> Units {
            bitcoin.map { (value / (Wide(UInt128($0.raw)) * 10_000_000_000)).units } ?? .zero
        }
        let balances: [MarginBalance] = assets.indices.compactMap { index in
            let asset = AssetID(UInt16(index))
            let key = BalanceKey(account: account, wallet: .margin, asset: asset)
            let debt = margin[place].debt(asset)
            guard ledger.hasEverHeld(key) || !debt.isNone else { return nil }
            let balance = ledger.balance(key)
            return MarginBalance(
                asset: asset, free: balance.free, held: balance.held, borrowed: debt.borrowed,
                interest: debt.interest)
        }
        return MarginReading(
            status: margin[place].status, level: levels.level, totalAssetOfBTC: inBitcoin(levels.assets),
            totalLiabilityOfBTC: inBitcoin(levels.debt), balances: balances)
    }

    /// The most of the asset that a loan would be granted for; zero without an index price.
    public func maxBorrowable(_ asset: AssetID, by account: AccountID) -> Units {
        let place = margin.place(of: account)
        guard place != 0, asset.index < assets.count, assets[asset.index].margin != nil else { return .zero }
        return maxBorrowable(asset, by: place, levels(of: place))
    }

    /// The most of the asset that could leave the margin wallet.
    public func maxTransferOut(_ asset: AssetID, of account: AccountID) -> Units {
        let place = margin.place(of: account)
        guard place != 0, asset.index < assets.count else { return .zero }
        return maxTransferOut(asset, of: place)
    }

    /// What is left to lend of the asset.
    public func lendingPool(of asset: AssetID) -> Units {
        asset.index < assets.count ? ledger.house(.lending, asset) : .zero
    }

    /// Why the account may not borrow so much; nil if it may.
    public func check(_ order: BorrowFunds) -> Rejection? {
        do throws(Rejection) {
            _ = try admit(order)
            return nil
        } catch {
            return error
        }
    }

    /// What an open order has beyond its terms; nil of one that has nothing.
    public func marginTerms(of order: OrderID) -> MarginOrderTerms? {
        let slot = openSlot(order)
        guard slot != 0, pool.orders[slot].marks.contains(.margin) else { return nil }
        let rules = rules(pool.states[slot].market)
        return MarginOrderTerms(
            order: order, sideEffect: pool.extras[slot].sideEffect, borrowed: pool.extras[slot].loan,
            borrowedAsset: rules.pointee.asset(paidBy: pool.states[slot].side))
    }
}
