import SyncronCore

/// Borrowing, repaying and what loans cost.
extension NaiveExchange {
    mutating func borrow(_ order: BorrowFunds) throws(Rejection) {
        _ = try account(order.account)
        try checkMarginAccess(order.account)
        try checkAmount(order.amount)
        try checkTerms(order.asset)
        try checkLoan(order.amount.raw, order.asset, order.account)
        lend(order.amount.raw, order.asset, to: order.account)
    }

    mutating func repay(_ order: RepayFunds) throws(Rejection) {
        _ = try account(order.account)
        try checkMarginAccess(order.account)
        try checkAmount(order.amount)
        try checkTerms(order.asset)
        let owed = debt(order.account, order.asset).owed
        guard owed > 0 else { throw .invalid(.asset) }
        let (required, free) = (min(order.amount.raw, owed), balance(margin(order.account, order.asset)).free)
        guard required <= free else {
            throw .insufficientBalance(asset: order.asset, required: Units(required), available: Units(free))
        }
        payBack(required, order.asset, order.account, .demand)
    }

    /// There is a margin wallet, and its owner may do more than look on.
    func checkMarginAccess(_ account: AccountID) throws(Rejection) {
        guard let wallet = marginWallets[account] else { throw .margin(.noAccount) }
        guard wallet.status != .liquidating else { throw .margin(.liquidating) }
    }

    private func checkAmount(_ amount: Units) throws(Rejection) {
        guard amount != .zero else { throw .margin(.loanNotPositive) }
        guard amount > .zero && amount <= Limits.assetSupply else { throw .invalid(.amount) }
    }

    func checkTerms(_ asset: AssetID) throws(Rejection) {
        guard Int(asset.raw) < assets.count, assets[Int(asset.raw)].margin != nil
        else { throw .margin(.assetNotSupported) }
    }

    func checkLoan(_ amount: Int128, _ asset: AssetID, _ account: AccountID) throws(Rejection) {
        let worth = worth(account)
        guard worth.collateral > 0 else { throw .margin(.noCollateral) }
        if worth.debts > 0 && isBelowThreshold(worth, account) { throw .margin(.belowBorrowThreshold) }
        guard index(of: asset) != nil else { throw .noIndexPrice(asset) }
        guard amount <= maxBorrowable(asset, by: account).raw else { throw .margin(.beyondMaxBorrowable) }
    }

    /// What leaves the wallet does not take the collateral that its debts need.
    func checkLeaving(_ order: TransferFunds) throws(Rejection) {
        guard order.from == .margin, let wallet = marginWallets[order.account],
            wallet.debts.values.contains(where: { $0.owed > 0 })
        else { return }
        guard index(of: order.asset) != nil else {
            // Worth nothing, it changes nothing: but the level must be above 2 for anything to leave.
            let worth = worth(order.account)
            if worth.debts > 0 && !(worth.collateral > worth.debts * 200_000_000) { throw .margin(.collateralNeeded) }
            throw .noIndexPrice(order.asset)
        }
        guard order.amount <= maxTransferOut(order.asset, of: order.account) else { throw .margin(.collateralNeeded) }
    }

    mutating func nextTransaction() -> TransactionID {
        transactions += 1
        return TransactionID(transactions)
    }

    /// Grants a loan, and charges the first hour of it.
    mutating func lend(_ amount: Int128, _ asset: AssetID, to account: AccountID, for order: OrderID? = nil) {
        lending[asset, default: 0] -= amount
        post(margin(account, asset), free: amount)
        marginWallets[account]?.debts[asset, default: Debt()].borrowed += amount
        events.append(
            .loanTaken(
                Loan(
                    id: nextTransaction(), account: account, asset: asset, principal: Units(amount), order: order,
                    time: now)))
        charge(amount, asset, account, .borrowing)
    }

    /// An hour's interest on a principal, rounded up.
    func hourly(_ principal: Int128, _ asset: AssetID) -> Int128 {
        let rate = assets[Int(asset.raw)].margin?.dailyInterest.raw ?? 0
        return (Whole(principal) * Whole(Int128(rate))).dividedUp(by: 2_400_000_000).clamped
    }

    private mutating func charge(
        _ principal: Int128, _ asset: AssetID, _ account: AccountID, _ cause: InterestCharge.Cause
    ) {
        let interest = hourly(principal, asset)
        guard interest > 0 else { return }
        marginWallets[account]?.debts[asset, default: Debt()].interest += interest
        events.append(
            .interestCharged(
                InterestCharge(
                    account: account, asset: asset, interest: Units(interest), principal: Units(principal),
                    rate: assets[Int(asset.raw)].margin?.dailyInterest ?? .zero, cause: cause, time: now)))
    }

    /// A clock hour begins.
    mutating func chargeAll() {
        for account in marginWallets.keys.sorted() {
            for asset in assets {
                charge(debt(account, asset.id).borrowed, asset.id, account, .hour)
            }
        }
    }

    /// Repays at most what is owed, interest first.
    mutating func payBack(_ amount: Int128, _ asset: AssetID, _ account: AccountID, _ cause: Repayment.Cause) {
        let debt = debt(account, asset)
        let paid = min(amount, debt.owed)
        guard paid > 0 else { return }
        let interest = min(paid, debt.interest)
        post(margin(account, asset), free: -paid)
        interestEarned[asset, default: 0] += interest
        lending[asset, default: 0] += paid - interest
        writeOff(interest, paid - interest, asset, account, cause)
    }

    mutating func writeOff(
        _ interest: Int128, _ principal: Int128, _ asset: AssetID, _ account: AccountID, _ cause: Repayment.Cause
    ) {
        marginWallets[account]?.debts[asset, default: Debt()].interest -= interest
        marginWallets[account]?.debts[asset, default: Debt()].borrowed -= principal
        events.append(
            .loanRepaid(
                Repayment(
                    id: nextTransaction(), account: account, asset: asset, interest: Units(interest),
                    principal: Units(principal), cause: cause, time: now)))
    }

    /// Pays what is owed from what is free of the same asset.
    mutating func net(_ account: AccountID) {
        for asset in assets {
            payBack(balance(margin(account, asset.id)).free, asset.id, account, .liquidation)
        }
    }

    // MARK: - Insurance

    mutating func fund(_ fund: InsuranceFund) throws(Rejection) {
        guard Int(fund.asset.raw) < assets.count else { throw .unknownAsset }
        guard (0...Limits.assetSupply.raw).contains(fund.amount.raw) else { throw .invalid(.amount) }
        let more = fund.amount.raw - insurance[fund.asset, default: 0]
        guard brought[fund.asset, default: 0] + more <= Limits.assetSupply.raw else { throw .risk(.exchangeLimit) }
        insurance[fund.asset] = fund.amount.raw
        brought[fund.asset, default: 0] += more
        events.append(.insuranceFunded(fund))
    }

    /// Insurance pays, as far as it lasts, and the debts are gone, but for those of which nobody knows what they are worth.
    mutating func rescue(_ account: AccountID) {
        guard let usdt else { return }
        for asset in assets {
            let debt = debt(account, asset.id)
            guard debt.owed > 0 && index(of: asset.id) != nil else { continue }
            if asset.id == usdt.id {
                let interest = min(debt.interest, insurance[usdt.id, default: 0])
                insurance[usdt.id, default: 0] -= interest
                interestEarned[usdt.id, default: 0] += interest
                compensate(debt.borrowed, usdt.id)
            } else {
                compensate(
                    value(debt.owed, asset.id).dividedUp(by: Whole.power(26 - Int(usdt.decimals))).clamped, usdt.id)
            }
            writeOff(debt.interest, debt.borrowed, asset.id, account, .insurance)
        }
    }

    private mutating func compensate(_ amount: Int128, _ usdt: AssetID) {
        let paid = min(amount, insurance[usdt, default: 0])
        insurance[usdt, default: 0] -= paid
        lending[usdt, default: 0] += paid
    }
}
