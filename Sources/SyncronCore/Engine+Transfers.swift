/// Money that moves without leaving the exchange's books, and where money from outside arrives.
extension Engine {
    mutating func transfer(_ order: TransferFunds) throws(Rejection) {
        guard let account = register.account(order.account) else { throw .unknownAccount }
        guard order.from != order.to else { throw .invalid(.to) }
        let isMargin = order.from == .margin || order.to == .margin
        let place = margin.place(of: order.account)
        if isMargin && place != 0 { _ = try requireMargin(order.account) }
        guard order.amount >= .zero, order.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        guard order.amount > .zero else { throw isMargin ? .margin(.amountNotPositive) : .invalid(.amount) }
        if isMargin { try requireMarginTerms(order.asset) }
        guard order.asset.index < assets.count else { throw .unknownAsset }
        if order.from == .futures || order.to == .futures {
            guard assets[order.asset.index].name == Self.settlementAsset else { throw .invalid(.asset) }
        }
        if order.from == .margin && !account.canWithdraw { throw .margin(.withdrawalNotPermitted) }
        let source = BalanceKey(account: order.account, wallet: order.from, asset: order.asset)
        let available =
            order.from == .futures
            ? futuresTotals(of: order.account, futures.place(of: order.account)).withdrawable
            : ledger.balance(source).free
        guard order.amount <= available else {
            throw isMargin
                ? .insufficientForTransfer(asset: order.asset, required: order.amount, available: available)
                : .insufficientBalance(asset: order.asset, required: order.amount, available: available)
        }
        if order.from == .margin { try checkCollateral(order.amount, order.asset, leaving: place) }
        if order.from == .futures || order.to == .futures { settleFunding(of: order.account) }
        let transfer = Transfer(
            id: register.takeTransactionID(), account: order.account, asset: order.asset, amount: order.amount,
            from: order.from, to: order.to, time: now)
        ledger.post(-order.amount, to: .free, of: source)
        ledger.post(
            order.amount, to: .free,
            of: BalanceKey(account: order.account, wallet: order.to, asset: order.asset))
        if order.to == .margin && place == 0 { margin.open(MarginAccount(account: order.account)) }
        if order.from == .futures || order.to == .futures { futures.note(futures.place(of: order.account)) }
        if isMargin { margin.note(margin.place(of: order.account)) }
        log.append(.transferred(transfer))
    }

    /// What a debt needs as collateral stays in the margin wallet.
    private func checkCollateral(
        _ amount: Units, _ asset: AssetID, leaving place: MarginPlace
    ) throws(Rejection) {
        guard place != 0, margin[place].hasDebt else { return }
        let factor = margin.index[asset.index].factor
        var levels = levels(of: place)
        levels.remove(amount, factor, collateralRatio(of: asset))
        guard isCollateralAboveTwo(levels) else { throw .margin(.collateralNeeded) }
        guard factor > 0 else { throw .noIndexPrice(asset) }
    }

    mutating func assign(_ address: DepositAddress) throws(Rejection) {
        try requireAccount(address.account)
        guard address.asset.index < assets.count else { throw .unknownAsset }
        guard assets[address.asset.index].networks.contains(where: { $0.name == address.network })
        else { throw .invalid(.network) }
        guard Self.isAddress(address.address) else { throw .invalid(.address) }
        let place = Register.AddressName(address)
        guard register.addressPlaces[place] != nil || register.addresses.count < limits.depositAddresses
        else { throw .risk(.exchangeLimit) }
        register.assign(address)
        log.append(.depositAddressAssigned(address))
    }

    /// Sets what may be lent of an asset; the difference comes from outside.
    mutating func fund(_ pool: LendingPool) throws(Rejection) {
        try fund(.lending, pool.asset, pool.amount)
        log.append(.lendingFunded(pool))
    }

    /// Brings an account of the house to an amount.
    mutating func fund(_ account: HouseAccount, _ asset: AssetID, _ amount: Units) throws(Rejection) {
        guard asset.index < assets.count else { throw .unknownAsset }
        guard amount >= .zero, amount <= Limits.assetSupply else { throw .invalid(.amount) }
        let difference = amount - ledger.house(account, asset)
        guard difference - ledger.house(.external, asset) <= Limits.assetSupply else { throw .risk(.exchangeLimit) }
        ledger.post(-difference, to: .external, asset)
        ledger.post(difference, to: account, asset)
    }

    /// Where the account's deposits of the asset arrive on the network: what the custodian assigned, or a name of
    /// the exchange's own until then.
    public func depositAddress(of account: AccountID, asset: AssetID, network: String) -> String {
        let name = Register.AddressName(account: account, asset: asset, network: network)
        if let place = register.addressPlaces[name] { return register.addresses[place].address }
        return "syncron:\(assets[asset.index].name):\(account)"
    }
}

extension Register {
    mutating func takeTransactionID() -> TransactionID {
        lastTransactionID += 1
        return TransactionID(lastTransactionID)
    }

    mutating func assign(_ address: DepositAddress) {
        if let place = addressPlaces[AddressName(address)] {
            remove(digest: addresses[place].digest)
            addresses[place] = address
        } else {
            addressPlaces[AddressName(address)] = addresses.count
            addresses.append(address)
        }
        add(digest: address.digest)
    }

    /// The part of the state's digest that counts transactions; nothing before the first.
    var transactionDigest: UInt64 {
        guard lastTransactionID > 0 else { return 0 }
        var part = PartDigest(kind: 33)
        part.add(lastTransactionID)
        return part.value
    }
}

extension DepositAddress {
    var digest: UInt64 {
        var part = PartDigest(kind: 34)
        part.add(UInt64(account.raw) << 32 | UInt64(asset.raw))
        part.add(network)
        part.add(address)
        return part.value
    }
}
