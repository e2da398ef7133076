import SyncronCore

/// Accounts, deposits, assets and markets.
extension NaiveExchange {
    mutating func open(_ opening: OpenAccount) throws(Rejection) {
        guard Int(opening.commissionTier) < CommissionRates.tiers else { throw .invalid(.commissionTier) }
        guard accounts.count < limits.accounts else { throw .risk(.exchangeLimit) }
        let account = Account(
            id: AccountID(UInt32(accounts.count + 1)), email: opening.email, level: opening.level,
            commissionTier: opening.commissionTier, isSandbox: opening.isSandbox, createdAt: now)
        accounts.append(account)
        events.append(.accountOpened(account))
    }

    mutating func change(_ change: ChangeAccount) throws(Rejection) {
        var account = try account(change.account)
        if let tier = change.commissionTier, Int(tier) >= CommissionRates.tiers { throw .invalid(.commissionTier) }
        if let leverage = change.marginLeverage, leverage != 3 && leverage != 5 { throw .invalid(.marginLeverage) }
        account.level = change.level ?? account.level
        account.requestsPerMinute = change.requestsPerMinute ?? account.requestsPerMinute
        account.ordersPerSecond = change.ordersPerSecond ?? account.ordersPerSecond
        account.commissionTier = change.commissionTier ?? account.commissionTier
        account.marginLeverage = change.marginLeverage ?? account.marginLeverage
        account.canTrade = change.canTrade ?? account.canTrade
        account.canWithdraw = change.canWithdraw ?? account.canWithdraw
        accounts[Int(account.id.raw) - 1] = account
        events.append(.accountChanged(account))
    }

    // MARK: - Deposits

    mutating func record(_ report: RecordDeposit) throws(Rejection) {
        _ = try account(report.account)
        guard Int(report.asset.raw) < assets.count else { throw .unknownAsset }
        let asset = assets[Int(report.asset.raw)]
        guard (1...Limits.textLength).contains(report.network.utf8.count) else { throw .invalid(.network) }
        guard (1...Limits.textLength).contains(report.txID.utf8.count) else { throw .invalid(.txID) }
        guard report.amount > .zero && report.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        let known = deposits.firstIndex { deposit in
            deposit.account == report.account && deposit.asset == report.asset && deposit.network == report.network
                && deposit.txID == report.txID
        }
        if let known { try update(known, with: report) } else { try add(report, asset) }
    }

    private mutating func add(_ report: RecordDeposit, _ asset: Asset) throws(Rejection) {
        try checkSupply(report)
        deposits.append(
            Deposit(
                id: DepositID(UInt64(deposits.count + 1)), account: report.account, asset: report.asset,
                network: report.network, amount: report.amount,
                address: address(for: report.account, asset, report.network),
                txID: report.txID, status: report.status, confirmations: report.confirmations, insertedAt: now,
                completedAt: report.status == .pending ? nil : now))
        credit(deposits.count - 1, isNewSuccess: report.status == .success)
    }

    private mutating func update(_ index: Int, with report: RecordDeposit) throws(Rejection) {
        let before = deposits[index]
        guard before.amount == report.amount else { throw .conflict(.amount) }
        guard before.status != .success || report.status == .success else { throw .conflict(.status) }
        let isNewSuccess = before.status != .success && report.status == .success
        if isNewSuccess { try checkSupply(report) }
        deposits[index].status = report.status
        deposits[index].confirmations = max(before.confirmations, report.confirmations)
        if before.status != report.status { deposits[index].completedAt = report.status == .pending ? nil : now }
        credit(index, isNewSuccess: isNewSuccess)
    }

    private func checkSupply(_ report: RecordDeposit) throws(Rejection) {
        guard report.status == .success else { return }
        let sum = brought[report.asset, default: 0] + report.amount.raw
        guard sum <= Limits.assetSupply.raw else { throw .risk(.exchangeLimit) }
    }

    private mutating func credit(_ index: Int, isNewSuccess: Bool) {
        let deposit = deposits[index]
        events.append(
            .depositRecorded(DepositRecord(deposit: deposit, credited: isNewSuccess ? deposit.amount : .zero)))
        guard isNewSuccess else { return }
        brought[deposit.asset, default: 0] += deposit.amount.raw
        post(Holding(account: deposit.account, wallet: .spot, asset: deposit.asset), free: deposit.amount.raw)
    }

    // MARK: - Assets and markets

    mutating func define(_ definition: Asset) throws(Rejection) {
        var asset = definition
        if let known = assets.firstIndex(where: { $0.name == asset.name }) {
            if assets[known].margin != nil && asset.margin == nil { throw .conflict(.collateralRatio) }
            asset.id = assets[known].id
            assets[known] = asset
        } else {
            asset.id = AssetID(UInt16(assets.count))
            assets.append(asset)
        }
        events.append(.assetDefined(asset))
    }

    mutating func define(_ definition: Market) {
        var market = definition
        if let known = books.firstIndex(where: { $0.market.symbol == market.symbol }) {
            market.id = books[known].market.id
            market.status = books[known].market.status
            books[known].market = market
        } else {
            market.id = MarketID(UInt16(books.count))
            books.append(Book(market: market))
        }
        events.append(.marketDefined(market))
    }

    mutating func set(_ change: SetMarketStatus) throws(Rejection) {
        let index = try bookIndex(change.market)
        books[index].market.status = change.status
        events.append(.marketStatusChanged(change))
    }
}
