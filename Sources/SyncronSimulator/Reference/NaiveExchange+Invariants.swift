import SyncronCore

/// What must hold after every command, and the state as it can be compared.
extension NaiveExchange {
    /// The first rule that is broken, in words; nil when all hold.
    public var brokenInvariant: String? { brokenConservation ?? brokenHold ?? brokenBook ?? brokenWait ?? brokenMargin }

    /// Every open order of the exchange, oldest first.
    public var openOrders: [OrderState] { books.flatMap { $0.resting + $0.waiting }.sorted { $0.id < $1.id } }

    /// Every balance that was ever touched.
    public var allBalances: [BalanceChange] { balances.keys.map(balanceChange) }

    /// What the exchange earned in commissions.
    public func earned(_ asset: AssetID) -> Units { Units(fees[asset, default: 0]) }

    /// What borrowers paid for their loans.
    public func earnedInterest(_ asset: AssetID) -> Units { Units(interestEarned[asset, default: 0]) }

    public func insuranceFund(of asset: AssetID) -> Units { Units(insurance[asset, default: 0]) }

    public func balance(of account: AccountID, _ wallet: Wallet, _ asset: AssetID) -> BalanceChange {
        balanceChange(Holding(account: account, wallet: wallet, asset: asset))
    }

    /// The other side of all open positions.
    private var clearing: Int128 {
        let stakes = futuresWallets.values.flatMap(\.entries).flatMap(\.stakes.values)
        return -(stakes + perpetuals.values.map(\.fund)).reduce(0) { $0 + $1.signedCost }
    }

    /// What came from outside is what customers and the house have.
    private var brokenConservation: String? {
        for asset in assets {
            let owned = balances.filter { $0.key.asset == asset.id }
                .reduce(Int128(0)) { $0 + $1.value.free + $1.value.held }
            let house = [fees, interestEarned, lending, insurance].map { $0[asset.id, default: 0] }
            let pots = asset.id == usdt?.id ? clearing + (pendingFunding?.pot ?? 0) : 0
            let sum = house.reduce(owned + pots, +) - brought[asset.id, default: 0]
            if sum != 0 { return "\(asset.name) does not balance: \(sum) units too many" }
        }
        return nil
    }

    /// What is held is what the open orders and the pending withdrawals need, and nothing is below zero.
    private var brokenHold: String? {
        var needed: [Holding: Int128] = [:]
        for book in books {
            for order in book.resting + book.waiting where order.wallet != .futures {
                var amount = need(of: order, in: book.market)
                // The legs of a list together set aside what the dearer one needs.
                if order.status == .pendingTrigger, order.list != nil,
                    let limit = book.resting.first(where: { $0.list == order.list })
                {
                    amount = max(0, amount - need(of: limit, in: book.market))
                }
                needed[paid(by: order, in: book.market), default: 0] += amount
            }
        }
        for withdrawal in withdrawals where withdrawal.status == .pending {
            needed[spot(withdrawal), default: 0] += withdrawal.amount.raw + withdrawal.fee.raw
        }
        for (account, wallet) in futuresWallets {
            for stake in wallet.entries.flatMap(\.stakes.values) {
                needed[futures(account), default: 0] += stake.isolated
            }
        }
        for (holding, balance) in balances {
            if balance.free < 0 || balance.held < 0 { return "\(holding) is below zero: \(balance)" }
            if balance.held != needed[holding, default: 0] {
                return
                    "\(holding) holds \(balance.held), its orders and withdrawals need \(needed[holding, default: 0])"
            }
        }
        return nil
    }

    /// No two orders that stand would trade, and none that stands is done.
    private var brokenBook: String? {
        for book in books {
            let bid = book.resting.filter { $0.side == .buy }.map(\.price).max()
            let ask = book.resting.filter { $0.side == .sell }.map(\.price).min()
            if let bid, let ask, bid >= ask { return "\(book.market.symbol) is crossed: \(bid.raw) >= \(ask.raw)" }
            if let done = book.resting.first(where: { $0.executed >= $0.quantity || !$0.isOpen }) {
                return "order \(done.id) stands and is done"
            }
            for order in book.resting where order.icebergQuantity > .zero {
                let most = min(order.icebergQuantity.raw, order.quantity.raw - order.executed.raw)
                guard (1...most).contains(shown(of: order)) else {
                    return "order \(order.id) shows \(shown(of: order)) of \(most)"
                }
            }
        }
        return nil
    }

    /// Every wallet is in the status of its level, or waits to be sold out of it.
    private var brokenMargin: String? {
        for asset in assets where lending[asset.id, default: 0] < 0 || insurance[asset.id, default: 0] < 0 {
            return "the house has less than nothing of \(asset.name)"
        }
        for (account, wallet) in marginWallets {
            if let debt = wallet.debts.first(where: { $0.value.borrowed < 0 || $0.value.interest < 0 }) {
                return "\(account) owes \(debt)"
            }
            if wallet.status == .liquidating {
                if openOrders.contains(where: { $0.account == account && $0.wallet == .margin }) {
                    return "\(account) is liquidated and has orders"
                }
            } else if wallet.status != statusByLevel(account) {
                return "\(account) is \(wallet.status)"
            }
        }
        return nil
    }

    /// Who waits does so for something that has not come, untouched, and stands in no book.
    private var brokenWait: String? {
        for book in books {
            if let order = book.resting.first(where: { $0.status == .pendingTrigger }) {
                return "order \(order.id) stands and waits"
            }
            for order in book.waiting {
                guard order.status == .pendingTrigger && order.executed == .zero else {
                    return "order \(order.id) waits as \(order.status)"
                }
                // A protected order may have to wait, and others behind it.
                let isBlocked =
                    order.workingType == .markPrice
                    || book.waiting.contains { $0.isPriceProtected && $0.id <= order.id }
                if let last = book.trades.last, !isBlocked, fires(order, at: last.price) {
                    return "order \(order.id) should have fired at \(last.price)"
                }
                guard let list = order.list else { continue }
                guard book.resting.contains(where: { $0.id == list && $0.executed == .zero }) else {
                    return "order \(order.id) waits without its untouched limit leg"
                }
            }
        }
        return nil
    }
}

extension NaiveExchange {
    /// Books money without a source, to see that the invariants notice.
    public mutating func forge(_ amount: Units, of asset: AssetID, for account: AccountID) {
        post(Holding(account: account, wallet: .spot, asset: asset), free: amount.raw)
    }
}
