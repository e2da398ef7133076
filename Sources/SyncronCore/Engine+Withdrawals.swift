extension Engine {
    /// Holds amount and fee until the custodian has sent the money or given up, or its owner takes it back.
    mutating func request(_ request: RequestWithdrawal) throws(Rejection) {
        guard let account = register.account(request.account) else { throw .unknownAccount }
        guard account.canWithdraw else { throw .withdrawalsDisabled }
        guard request.asset.index < assets.count else { throw .unknownAsset }
        let asset = assets[request.asset.index]
        guard let network = asset.networks.first(where: { $0.name == request.network })
        else { throw .invalid(.network) }
        guard Self.isAddress(request.address) else { throw .invalid(.address) }
        guard request.amount > .zero, request.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        guard request.clientID.utf8.count <= Limits.textLength else { throw .invalid(.clientWithdrawID) }
        let name = Register.WithdrawalName(account: request.account, clientID: request.clientID)
        if let place = register.withdrawalPlaces[name] {
            let known = register.withdrawals[place]
            guard known.isAnswer(to: request) else { throw .conflict(.clientWithdrawID) }
            log.append(.withdrawalRecorded(WithdrawalRecord(withdrawal: known, debited: .zero)))
            return
        }
        let withdrawal = Withdrawal(
            id: WithdrawalID(UInt64(register.withdrawals.count + 1)), account: request.account,
            asset: request.asset, network: request.network, amount: request.amount, fee: network.withdrawalFee,
            address: request.address, txID: "", status: .pending, clientID: request.clientID, reason: "",
            appliedAt: now, completedAt: nil)
        let key = withdrawal.balanceKey
        let available = ledger.balance(key).free
        guard withdrawal.total <= available
        else { throw .insufficientBalance(asset: asset.id, required: withdrawal.total, available: available) }
        guard register.withdrawals.count < limits.withdrawals else { throw .risk(.exchangeLimit) }
        register.append(withdrawal)
        ledger.hold(withdrawal.total, of: key)
        log.append(.withdrawalRecorded(WithdrawalRecord(withdrawal: withdrawal, debited: .zero)))
    }

    mutating func cancel(_ order: CancelWithdrawal) throws(Rejection) {
        let known = try withdrawal(order.withdrawal)
        guard known.account == order.account else { throw .unknownWithdrawal }
        guard known.status == .pending else { throw .conflict(.id) }
        giveBack(known, reason: "canceled")
    }

    /// The money has left: the amount to the outside world, the fee to the house.
    mutating func settle(_ order: SettleWithdrawal) throws(Rejection) {
        var withdrawal = try withdrawal(order.withdrawal)
        guard Self.isText(order.txID) else { throw .invalid(.txID) }
        guard withdrawal.status != .failed else { throw .conflict(.status) }
        guard withdrawal.status == .pending || withdrawal.txID == order.txID else { throw .conflict(.txID) }
        let debited = withdrawal.status == .pending ? withdrawal.total : .zero
        if withdrawal.status == .pending {
            withdrawal.status = .success
            withdrawal.txID = order.txID
            withdrawal.completedAt = now
            register.replace(withdrawal)
            ledger.post(-withdrawal.total, to: .held, of: withdrawal.balanceKey)
            ledger.post(withdrawal.amount, to: .external, withdrawal.asset)
            ledger.post(withdrawal.fee, to: .fees, withdrawal.asset)
        }
        log.append(.withdrawalRecorded(WithdrawalRecord(withdrawal: withdrawal, debited: debited)))
    }

    mutating func fail(_ order: FailWithdrawal) throws(Rejection) {
        let known = try withdrawal(order.withdrawal)
        guard order.reason.utf8.count <= Limits.textLength else { throw .invalid(.reason) }
        guard known.status != .success else { throw .conflict(.status) }
        if known.status == .pending { return giveBack(known, reason: order.reason) }
        log.append(.withdrawalRecorded(WithdrawalRecord(withdrawal: known, debited: .zero)))
    }

    private mutating func giveBack(_ known: Withdrawal, reason: String) {
        var withdrawal = known
        withdrawal.status = .failed
        withdrawal.reason = reason
        withdrawal.completedAt = now
        register.replace(withdrawal)
        ledger.hold(-withdrawal.total, of: withdrawal.balanceKey)
        log.append(.withdrawalRecorded(WithdrawalRecord(withdrawal: withdrawal, debited: .zero)))
    }

    private func withdrawal(_ id: WithdrawalID) throws(Rejection) -> Withdrawal {
        guard id.raw >= 1, id.raw <= register.withdrawals.count else { throw .unknownWithdrawal }
        return register.withdrawals[id.index - 1]
    }

    /// Printable ASCII without blanks.
    static func isAddress(_ text: String) -> Bool {
        isText(text) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension Register {
    /// A withdrawal that is new, or read from a snapshot.
    mutating func append(_ withdrawal: Withdrawal) {
        if !withdrawal.clientID.isEmpty {
            let name = WithdrawalName(account: withdrawal.account, clientID: withdrawal.clientID)
            withdrawalPlaces[name] = withdrawals.count
        }
        withdrawals.append(withdrawal)
        add(digest: withdrawal.digest)
    }

    mutating func replace(_ withdrawal: Withdrawal) {
        let place = withdrawal.id.index - 1
        remove(digest: withdrawals[place].digest)
        add(digest: withdrawal.digest)
        withdrawals[place] = withdrawal
    }
}

extension Withdrawal {
    /// Money leaves from the spot wallet.
    var balanceKey: BalanceKey { BalanceKey(account: account, wallet: .spot, asset: asset) }

    fileprivate func isAnswer(to request: RequestWithdrawal) -> Bool {
        asset == request.asset && network == request.network && address == request.address
            && amount == request.amount
    }

    var digest: UInt64 {
        var part = PartDigest(kind: 32)
        part.add(id.raw)
        part.add(UInt64(account.raw) << 32 | UInt64(asset.raw) << 16 | UInt64(status.rawValue))
        for text in [network, address, txID, clientID, reason] { part.add(text) }
        part.add(amount)
        part.add(fee)
        part.add(appliedAt.milliseconds)
        part.add(completedAt?.milliseconds ?? -1)
        return part.value
    }
}
