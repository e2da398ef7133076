import SyncronCore

/// Withdrawals, transfers, deposit addresses and the lending pools.
extension NaiveExchange {
    // MARK: - Withdrawals

    mutating func request(_ request: RequestWithdrawal) throws(Rejection) {
        let account = try account(request.account)
        if !account.canWithdraw { throw .withdrawalsDisabled }
        guard Int(request.asset.raw) < assets.count else { throw .unknownAsset }
        let networks = assets[Int(request.asset.raw)].networks.filter { $0.name == request.network }
        guard let fee = networks.first?.withdrawalFee else { throw .invalid(.network) }
        guard isAddress(request.address) else { throw .invalid(.address) }
        guard request.amount > .zero && request.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        guard request.clientID.utf8.count <= Limits.textLength else { throw .invalid(.clientWithdrawID) }
        let named = withdrawals.first {
            !request.clientID.isEmpty && $0.account == request.account && $0.clientID == request.clientID
        }
        if let named {
            let asked = (request.asset, request.network, request.address, request.amount)
            guard asked == (named.asset, named.network, named.address, named.amount)
            else { throw .conflict(.clientWithdrawID) }
            tell(named)
            return
        }
        let withdrawal = Withdrawal(
            id: WithdrawalID(UInt64(withdrawals.count + 1)), account: request.account, asset: request.asset,
            network: request.network, amount: request.amount, fee: fee, address: request.address, txID: "",
            status: .pending, clientID: request.clientID, reason: "", appliedAt: now, completedAt: nil)
        let needed = request.amount.raw + fee.raw
        let free = balance(spot(withdrawal)).free
        if free < needed {
            throw .insufficientBalance(asset: request.asset, required: Units(needed), available: Units(free))
        }
        guard withdrawals.count < limits.withdrawals else { throw .risk(.exchangeLimit) }
        withdrawals.append(withdrawal)
        post(spot(withdrawal), free: -needed, held: needed)
        tell(withdrawal)
    }

    mutating func cancel(_ order: CancelWithdrawal) throws(Rejection) {
        let index = try index(of: order.withdrawal)
        guard withdrawals[index].account == order.account else { throw .unknownWithdrawal }
        guard withdrawals[index].status == .pending else { throw .conflict(.id) }
        giveBack(index, "canceled")
    }

    mutating func settle(_ order: SettleWithdrawal) throws(Rejection) {
        let index = try index(of: order.withdrawal)
        guard (1...Limits.textLength).contains(order.txID.utf8.count) else { throw .invalid(.txID) }
        switch withdrawals[index].status {
        case .failed: throw .conflict(.status)
        case .success:
            guard withdrawals[index].txID == order.txID else { throw .conflict(.txID) }
            tell(withdrawals[index])
        case .pending:
            withdrawals[index].status = .success
            withdrawals[index].txID = order.txID
            withdrawals[index].completedAt = now
            let withdrawal = withdrawals[index]
            let sum = withdrawal.amount.raw + withdrawal.fee.raw
            post(spot(withdrawal), held: -sum)
            brought[withdrawal.asset, default: 0] -= withdrawal.amount.raw
            fees[withdrawal.asset, default: 0] += withdrawal.fee.raw
            events.append(.withdrawalRecorded(WithdrawalRecord(withdrawal: withdrawal, debited: Units(sum))))
        }
    }

    mutating func fail(_ order: FailWithdrawal) throws(Rejection) {
        let index = try index(of: order.withdrawal)
        guard order.reason.utf8.count <= Limits.textLength else { throw .invalid(.reason) }
        switch withdrawals[index].status {
        case .success: throw .conflict(.status)
        case .failed: tell(withdrawals[index])
        case .pending: giveBack(index, order.reason)
        }
    }

    private mutating func giveBack(_ index: Int, _ reason: String) {
        withdrawals[index].status = .failed
        withdrawals[index].reason = reason
        withdrawals[index].completedAt = now
        let sum = withdrawals[index].amount.raw + withdrawals[index].fee.raw
        post(spot(withdrawals[index]), free: sum, held: -sum)
        tell(withdrawals[index])
    }

    private mutating func tell(_ withdrawal: Withdrawal) {
        events.append(.withdrawalRecorded(WithdrawalRecord(withdrawal: withdrawal, debited: .zero)))
    }

    private func index(of id: WithdrawalID) throws(Rejection) -> Int {
        guard let index = withdrawals.firstIndex(where: { $0.id == id }) else { throw .unknownWithdrawal }
        return index
    }

    func spot(_ withdrawal: Withdrawal) -> Holding {
        Holding(account: withdrawal.account, wallet: .spot, asset: withdrawal.asset)
    }

    private func isAddress(_ text: String) -> Bool {
        (1...Limits.textLength).contains(text.utf8.count) && !text.utf8.contains { $0 <= 0x20 || $0 >= 0x7F }
    }

    // MARK: - Transfers

    mutating func transfer(_ order: TransferFunds) throws(Rejection) {
        let account = try account(order.account)
        let wallets = [order.from, order.to]
        let isMargin = wallets.contains(.margin)
        if order.from == order.to { throw .invalid(.to) }
        if isMargin && marginWallets[order.account]?.status == .liquidating { throw .margin(.liquidating) }
        if order.amount < .zero || order.amount > Limits.assetSupply { throw .invalid(.amount) }
        if order.amount == .zero { throw isMargin ? .margin(.amountNotPositive) : .invalid(.amount) }
        guard Int(order.asset.raw) < assets.count else { throw isMargin ? .margin(.assetNotSupported) : .unknownAsset }
        if isMargin { try checkTerms(order.asset) }
        if wallets.contains(.futures) && assets[Int(order.asset.raw)].name != "USDT" { throw .invalid(.asset) }
        if order.from == .margin && !account.canWithdraw { throw .margin(.withdrawalNotPermitted) }
        if wallets.contains(.futures) { settleFunding(of: order.account) }
        let source = Holding(account: order.account, wallet: order.from, asset: order.asset)
        // What leaves the futures wallet is not needed there.
        let free = Units(order.from == .futures ? totals(order.account).withdrawable : balance(source).free)
        if free < order.amount {
            if isMargin { throw .insufficientForTransfer(asset: order.asset, required: order.amount, available: free) }
            throw .insufficientBalance(asset: order.asset, required: order.amount, available: free)
        }
        try checkLeaving(order)
        if order.to == .margin && marginWallets[order.account] == nil { marginWallets[order.account] = MarginWallet() }
        post(source, free: -order.amount.raw)
        post(
            Holding(account: order.account, wallet: order.to, asset: order.asset), free: order.amount.raw)
        events.append(
            .transferred(
                Transfer(
                    id: nextTransaction(), account: order.account, asset: order.asset, amount: order.amount,
                    from: order.from, to: order.to, time: now)))
    }

    // MARK: - Addresses and pools

    mutating func assign(_ address: DepositAddress) throws(Rejection) {
        _ = try account(address.account)
        guard Int(address.asset.raw) < assets.count else { throw .unknownAsset }
        guard assets[Int(address.asset.raw)].networks.map(\.name).contains(address.network)
        else { throw .invalid(.network) }
        guard isAddress(address.address) else { throw .invalid(.address) }
        let others = addresses.filter {
            ($0.account, $0.asset, $0.network) != (address.account, address.asset, address.network)
        }
        guard others.count < limits.depositAddresses else { throw .risk(.exchangeLimit) }
        addresses = others + [address]
        events.append(.depositAddressAssigned(address))
    }

    func address(for account: AccountID, _ asset: Asset, _ network: String) -> String {
        addresses.first { $0.account == account && $0.asset == asset.id && $0.network == network }?.address
            ?? "syncron:\(asset.name):\(account)"
    }

    mutating func fund(_ pool: LendingPool) throws(Rejection) {
        guard Int(pool.asset.raw) < assets.count else { throw .unknownAsset }
        guard (0...Limits.assetSupply.raw).contains(pool.amount.raw) else { throw .invalid(.amount) }
        let more = pool.amount.raw - lending[pool.asset, default: 0]
        guard brought[pool.asset, default: 0] + more <= Limits.assetSupply.raw else { throw .risk(.exchangeLimit) }
        lending[pool.asset] = pool.amount.raw
        brought[pool.asset, default: 0] += more
        events.append(.lendingFunded(pool))
    }
}
