/// All orders of an account at once, at its word or when it has been silent for too long.
extension Engine {
    mutating func cancelAll(_ orders: CancelAllOrders) throws(Rejection) {
        if orders.wallet == .margin { _ = try requireMargin(orders.account) }
        try checkKnown(orders.account, orders.wallet, orders.market)
        cancelAll(of: orders.account, orders.wallet, orders.market)
    }

    mutating func cancelAll(of account: AccountID, _ wallet: Wallet, _ market: MarketID?) {
        var ids: [OrderID] = []
        var slot = accountSlots[account.raw].firstOrder
        while slot != 0 {
            let order = pool.states.base + Int(slot)
            if order.pointee.wallet == wallet && (market == nil || order.pointee.market == market) {
                ids.append(order.pointee.id)
            }
            slot = pool.orders[slot].accountNext
        }
        for id in ids {
            // An order may have gone with the other one of its list.
            let slot = openSlot(id)
            if slot != 0 { cancel(slot, marketSlots + pool.states[slot].market.index) }
        }
    }

    mutating func set(_ countdown: SetCancelCountdown) throws(Rejection) {
        try checkKnown(countdown.account, countdown.wallet, countdown.market)
        guard countdown.wallet == .spot else { throw .unknownMarket }
        guard countdown.countdown >= 0, countdown.countdown <= Limits.longestCountdown
        else { throw .invalid(.countdown) }
        let it = Timers.Switch(account: countdown.account, wallet: countdown.wallet, market: countdown.market)
        forgetCountdown(it)
        if countdown.countdown == 0 && countdown.market == nil { forgetCountdowns(of: it.account, it.wallet) }
        let time = countdown.countdown == 0 ? Timestamp.never : now + countdown.countdown
        if time != .never {
            timers.arm(it, at: time)
            register.add(digest: digest(of: it, time))
            forgetStaleTimers()
        }
        log.append(
            .cancelCountdownSet(
                CancelCountdown(
                    account: countdown.account, market: countdown.market, wallet: countdown.wallet, at: time)))
    }

    /// Those of single markets.
    private mutating func forgetCountdowns(of account: AccountID, _ wallet: Wallet) {
        for index in 0..<marketCount {
            forgetCountdown(
                Timers.Switch(account: account, wallet: wallet, market: MarketID(UInt16(truncatingIfNeeded: index))))
        }
    }

    mutating func forgetCountdown(_ it: Timers.Switch) {
        if let time = timers.countdowns[it] { register.remove(digest: digest(of: it, time)) }
        timers.disarm(it)
    }

    func digest(of it: Timers.Switch, _ time: Timestamp) -> UInt64 {
        var part = PartDigest(kind: 10)
        part.add(UInt64(it.account.raw) << 8 | UInt64(it.wallet.rawValue))
        part.add(it.market.map { UInt64($0.raw) + 1 } ?? 0)
        part.add(time.milliseconds)
        return part.value
    }

    private func checkKnown(_ account: AccountID, _ wallet: Wallet, _ market: MarketID?) throws(Rejection) {
        try requireAccount(account)
        if let market { guard slot(market, for: wallet) != nil else { throw .unknownMarket } }
    }
}
