import SyncronCore

/// Money that comes, goes and moves, right or wrong. Few names and ids, so that everything is met again.
extension Workload {
    mutating func funds() -> Command {
        switch random.below(100) {
        case 0..<30: .requestWithdrawal(withdrawal())
        case 30..<42: .cancelWithdrawal(withdrawalCancellation())
        case 42..<57:
            .settleWithdrawal(
                SettleWithdrawal(withdrawal: withdrawalID(), txID: random.pick(["tx-1", "tx-1", "tx-2", "tx-2", ""])))
        case 57..<65:
            .failWithdrawal(FailWithdrawal(withdrawal: withdrawalID(), reason: random.pick(["", "no such address"])))
        case 65..<90: .transfer(transfer())
        case 90..<96:
            .assignDepositAddress(
                DepositAddress(
                    account: account(), asset: asset(), network: random.pick(["NET", "NET", "none"]),
                    address: random.pick(["address-1", "address-2", "an address", ""])))
        default: .fundLending(LendingPool(asset: asset(), amount: amount()))
        }
    }

    private mutating func withdrawal() -> RequestWithdrawal {
        RequestWithdrawal(
            account: account(), asset: asset(), network: random.chance(3) ? "none" : "NET",
            address: random.chance(3) ? random.pick(["", "an address", "ä"]) : "address", amount: amount(),
            clientID: random.pick(["", "", "w-1", "w-2"]))
    }

    private mutating func transfer() -> TransferFunds {
        // Mostly there and back, so that orders go on finding money in the spot wallet.
        let (from, to): (Wallet, Wallet) = random.pick([
            (.spot, .margin), (.margin, .spot), (.margin, .spot), (.spot, .futures), (.futures, .spot),
            (.futures, .margin), (.spot, .spot),
        ])
        return TransferFunds(account: account(), asset: asset(), amount: amount(), from: from, to: to)
    }

    private mutating func withdrawalID() -> WithdrawalID {
        withdrawals.isEmpty || random.chance(5)
            ? WithdrawalID(random.pick([0, 1, 1_000])) : random.pick(withdrawals).id
    }

    /// Mostly by its owner.
    private mutating func withdrawalCancellation() -> CancelWithdrawal {
        let id = withdrawalID()
        let owner = withdrawals.first { $0.id == id }?.account
        return CancelWithdrawal(
            account: random.chance(80) ? owner ?? account() : account(), withdrawal: id)
    }

    private mutating func asset() -> AssetID {
        random.chance(4) ? AssetID(.max) : scene.assets[Int(random.below(UInt64(scene.assets.count)))].id
    }

    private mutating func amount() -> Units {
        let usual = scene.funds(scene.assets[0])
        return random.chance(5)
            ? random.pick([.zero, .offGrid, Units(-1), Limits.assetSupply, Units(Limits.assetSupply.raw + 1)])
            : Units(random.pick([1, usual / 1_000, usual / 100, usual / 10, usual]))
    }
}
