extension Engine {
    /// Records a deposit, or what has become of it. It is credited when it first succeeds; success is final.
    mutating func record(_ report: RecordDeposit) throws(Rejection) {
        try requireAccount(report.account)
        guard report.asset.index < assets.count else { throw .unknownAsset }
        guard Self.isText(report.network) else { throw .invalid(.network) }
        guard Self.isText(report.txID) else { throw .invalid(.txID) }
        guard report.amount > .zero, report.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        let name = Register.DepositName(
            account: report.account, asset: report.asset, network: report.network, txID: report.txID)
        let place = register.depositPlaces[name]
        let known = place.map { register.deposits[$0] }
        if let known {
            guard known.amount == report.amount else { throw .conflict(.amount) }
            guard known.status != .success || report.status == .success else { throw .conflict(.status) }
        }
        let isCredited = report.status == .success && known?.status != .success
        if isCredited {
            // Balances are sums of deposits, so what bounds their sum bounds every balance.
            guard report.amount - ledger.house(.external, report.asset) <= Limits.assetSupply
            else { throw .risk(.exchangeLimit) }
        }
        guard register.deposits.count < limits.deposits || known != nil else { throw .risk(.exchangeLimit) }
        let deposit = deposit(from: report, known)
        store(deposit, name, at: place)
        if isCredited {
            ledger.post(-report.amount, to: .external, report.asset)
            ledger.post(
                report.amount, to: .free,
                of: BalanceKey(account: report.account, wallet: .spot, asset: report.asset))
        }
        log.append(.depositRecorded(DepositRecord(deposit: deposit, credited: isCredited ? report.amount : .zero)))
    }

    private func deposit(from report: RecordDeposit, _ known: Deposit?) -> Deposit {
        Deposit(
            id: known?.id ?? DepositID(UInt64(register.deposits.count + 1)), account: report.account,
            asset: report.asset, network: report.network, amount: report.amount,
            address: known?.address
                ?? depositAddress(of: report.account, asset: report.asset, network: report.network),
            txID: report.txID, status: report.status,
            confirmations: max(report.confirmations, known?.confirmations ?? 0),
            insertedAt: known?.insertedAt ?? now,
            completedAt: completion(of: report, known))
    }

    /// When the deposit reached the status that it has now, if that is an end.
    private func completion(of report: RecordDeposit, _ known: Deposit?) -> Timestamp? {
        if report.status == .pending { return nil }
        return known?.status == report.status ? known?.completedAt : now
    }

    private mutating func store(_ deposit: Deposit, _ name: Register.DepositName, at place: Int?) {
        register.add(digest: deposit.digest)
        if let place {
            register.remove(digest: register.deposits[place].digest)
            register.deposits[place] = deposit
        } else {
            register.depositPlaces[name] = register.deposits.count
            register.deposits.append(deposit)
        }
    }
}
