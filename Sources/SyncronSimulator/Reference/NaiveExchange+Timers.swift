import SyncronCore

/// Orders that end all at once or by themselves.
extension NaiveExchange {
    mutating func cancelAll(_ orders: CancelAllOrders) throws(Rejection) {
        _ = try account(orders.account)
        if orders.wallet == .margin { try checkMarginAccess(orders.account) }
        try checkScope(orders.market, orders.wallet)
        cancelOpen(of: orders.account, orders.wallet, in: orders.market)
    }

    mutating func set(_ countdown: SetCancelCountdown) throws(Rejection) {
        _ = try account(countdown.account)
        try checkScope(countdown.market, countdown.wallet)
        guard countdown.wallet == .spot else { throw .unknownMarket }
        let year: Int64 = 86_400_000 * 365
        guard (0...year).contains(countdown.countdown) else { throw .invalid(.countdown) }
        let set = CancelCountdown(
            account: countdown.account, market: countdown.market, wallet: countdown.wallet,
            at: countdown.countdown == 0 ? .never : now + countdown.countdown)
        let disarmsAll = countdown.market == nil && countdown.countdown == 0
        countdowns.removeAll {
            $0.account == set.account && $0.wallet == set.wallet && ($0.market == set.market || disarmsAll)
        }
        if countdown.countdown > 0 { countdowns.append(set) }
        events.append(.cancelCountdownSet(set))
    }

    /// Carries time forward to the command's: what is due until then happens in order, each at its own time.
    mutating func passTime() {
        let end = now
        if wasIdle { handledSecond = max(handledSecond, previousTime.milliseconds / 1_000) }
        var second = handledSecond + 1
        if pendingFunding != nil && second > end.milliseconds / 1_000 {
            settleSomeFunding()
            checkFutures()
        }
        while second <= end.milliseconds / 1_000 {
            let mark = events.count
            bringAbout(until: Timestamp(milliseconds: second * 1_000))
            pass(second)
            handledSecond = second
            // Where nothing happens in one second nothing happens in the next, but on the hour and when something is due.
            let isIdle = events.count == mark && perpetualMarkets.isEmpty
            second = isIdle ? min((second / 3_600 + 1) * 3_600, nextDue) : second + 1
        }
        handledSecond = end.milliseconds / 1_000
        bringAbout(until: end)
        now = end
        wasIdle =
            marginWallets.isEmpty && pendingFunding == nil
            && perpetualMarkets.allSatisfy { id in
                let base = market(id).base
                return indexPrices[base] == nil && sample(base) == nil
            }
        events.append(.timePassed)
    }

    /// The first second by which something is due.
    private var nextDue: Int64 {
        let times = openOrders.map { deadline(of: $0) } + countdowns.map(\.at)
        return (times.min().map(\.milliseconds) ?? .max) / 1_000 + 1
    }

    /// What happens on a whole second.
    private mutating func pass(_ second: Int64) {
        now = Timestamp(milliseconds: second * 1_000)
        sampleAll()
        if second % 3_600 == 0 { chargeAll() }
        checkMargins()
        for account in marginWallets.keys.sorted() where marginWallets[account]?.status == .liquidating {
            liquidate(account)
        }
        checkMargins()
        if !perpetualMarkets.isEmpty { passFuturesSecond() }
        checkMargins()
    }

    private mutating func bringAbout(until end: Timestamp) {
        while true {
            let order = openOrders.filter { deadline(of: $0) <= end }.min {
                (deadline(of: $0), $0.id) < (deadline(of: $1), $1.id)
            }
            let countdown = countdowns.filter { $0.at <= end }.min { $0.rank < $1.rank }
            if let order, deadline(of: order) <= countdown?.at ?? .never {
                now = deadline(of: order)
                expire(order)
            } else if let countdown {
                now = countdown.at
                countdowns.removeAll { $0 == countdown }
                cancelOpen(of: countdown.account, countdown.wallet, in: countdown.market)
            } else {
                break
            }
            checkMargins()
        }
    }

    private func deadline(of order: OrderState) -> Timestamp { deadlines[order.id] ?? .never }

    private mutating func expire(_ order: OrderState) {
        guard let index = books.firstIndex(where: { $0.market.id == order.market }) else { return }
        withdraw(order, as: .expired, in: index)
    }

    /// Nil stands for all markets.
    private func checkScope(_ market: MarketID?, _ wallet: Wallet) throws(Rejection) {
        if let market { _ = try bookIndex(market, wallet) }
    }

    /// The oldest first, each with the other of its list.
    mutating func cancelOpen(of account: AccountID, _ wallet: Wallet, in market: MarketID?) {
        func isMeant(_ order: OrderState) -> Bool {
            order.account == account && order.wallet == wallet && (market == nil || order.market == market)
        }
        while let order = openOrders.first(where: isMeant) {
            guard let index = books.firstIndex(where: { $0.market.id == order.market }) else { return }
            cancel(order, in: index)
        }
    }
}

extension CancelCountdown {
    /// When it is its turn.
    fileprivate var rank: (Timestamp, AccountID, Int) { (at, account, market.map { Int($0.raw) } ?? -1) }
}
