/// Money that moves without leaving the exchange's books, and where money from outside arrives.
extension Engine {
    /// What perpetuals are margined in.
    static let futuresAsset = "USDT"

    mutating func transfer(_ order: TransferFunds) throws(Rejection) {
        guard let account = register.account(order.account) else { throw .unknownAccount }
        guard order.from != order.to else { throw .invalid(.to) }
        let isMargin = order.from == .margin || order.to == .margin
        guard order.amount >= .zero, order.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        guard order.amount > .zero else { throw isMargin ? .margin(.amountNotPositive) : .invalid(.amount) }
        guard order.asset.index < assets.count
        else { throw isMargin ? .margin(.assetNotSupported) : .unknownAsset }
        if order.from == .futures || order.to == .futures {
            guard assets[order.asset.index].name == Self.futuresAsset else { throw .invalid(.asset) }
        }
        if order.from == .margin && !account.canWithdraw { throw .margin(.withdrawalNotPermitted) }
        let source = BalanceKey(account: order.account, wallet: order.from, asset: order.asset)
        let available = ledger.balance(source).free
        guard order.amount <= available else {
            throw isMargin
                ? .insufficientForTransfer(asset: order.asset, required: order.amount, available: available)
                : .insufficientBalance(asset: order.asset, required: order.amount, available: available)
        }
        // Once there are loans and positions: what a debt's collateral or a position's margin needs stays in
        // `order.from`, and is refused here.
        let transfer = Transfer(
            id: register.takeTransactionID(), account: order.account, asset: order.asset, amount: order.amount,
            from: order.from, to: order.to, time: now)
        ledger.post(-order.amount, to: .free, of: source)
        ledger.post(
            order.amount, to: .free,
            of: BalanceKey(account: order.account, wallet: order.to, asset: order.asset))
        log.append(.transferred(transfer))
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
        guard pool.asset.index < assets.count else { throw .unknownAsset }
        guard pool.amount >= .zero, pool.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        let difference = pool.amount - ledger.house(.lending, pool.asset)
        guard difference - ledger.house(.external, pool.asset) <= Limits.assetSupply
        else { throw .risk(.exchangeLimit) }
        ledger.post(-difference, to: .external, pool.asset)
        ledger.post(difference, to: .lending, pool.asset)
        log.append(.lendingFunded(pool))
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
