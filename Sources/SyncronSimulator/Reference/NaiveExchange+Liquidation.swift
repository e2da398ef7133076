import SyncronCore

/// Selling the collateral and buying back the debts of a wallet whose level is too low.
extension NaiveExchange {
    /// An order that could be made for a wallet.
    struct ForcedSale {
        /// What is sold: USDT when a debt is bought back.
        var asset: AssetID
        var index: Int
        var side: Side
        var price: Int64
        /// Where the debt in the asset received is paid: more only serves as collateral.
        var turn: Int64
        var most: Int64
    }

    /// One attempt, as far as the books allow.
    mutating func liquidate(_ account: AccountID) {
        cancelOpen(of: account, .margin, in: nil)
        net(account)
        var exhausted: Set<AssetID> = []
        while isBelowThreshold(worth(account), account) {
            guard let sale = sales(account).first(where: { !exhausted.contains($0.asset) && isOpen($0) }) else { break }
            if !carryOut(sale, account) { exhausted.insert(sale.asset) }
        }
        if isBelowThreshold(worth(account), account) {
            // Where something could be sold if only somebody bought, the wallet waits for them.
            guard !hasAnythingToSell(account) else { return }
            rescue(account)
        }
        setStatus(account, .normal)
    }

    private func isOpen(_ sale: ForcedSale) -> Bool { books[sale.index].market.status == .trading }

    /// Whether a step of anything could be sold or bought back one day.
    private func hasAnythingToSell(_ account: AccountID) -> Bool {
        assets.map(\.id).contains { asset in
            guard asset != usdt?.id else { return purchase(for: account, whereClosed: true) != nil }
            guard let index = home(of: asset) else { return false }
            return balance(margin(account, asset)).free >= baseUnit(of: books[index].market)
        }
    }

    /// What could be sold, the most valuable first.
    private func sales(_ account: AccountID) -> [ForcedSale] {
        let owned = assets.map(\.id).filter { balance(margin(account, $0)).free > 0 }
        let sorted = owned.sorted { a, b in
            let (first, second) = (freeValue(account, a), freeValue(account, b))
            return first == second ? a < b : first > second
        }
        return sorted.compactMap { asset in
            asset == usdt?.id ? purchase(for: account) : sale(of: asset, account)
        }
    }

    private func freeValue(_ account: AccountID, _ asset: AssetID) -> Whole {
        value(balance(margin(account, asset)).free, asset)
    }

    // MARK: - One order

    private func sale(of asset: AssetID, _ account: AccountID) -> ForcedSale? {
        guard let usdt, let index = home(of: asset) else { return nil }
        let market = books[index].market
        guard let price = limit(.sell, self.index(of: asset), market) else { return nil }
        let steps = balance(margin(account, asset)).free / baseUnit(of: market)
        guard steps > 0 else { return nil }
        let most = Int64(min(steps, Int128(market.filters.maxQuantity.raw)))
        let owed = debt(account, usdt.id).owed
        let turn = least(1, most) { quantity in
            self.proceeds(quantity, at: price, .sell, account, market)[usdt.id, default: 0] >= owed
        }
        return ForcedSale(asset: asset, index: index, side: .sell, price: price, turn: turn ?? most, most: most)
    }

    /// Of the debts that at least a step can be bought back of, the greatest.
    private func purchase(for account: AccountID, whereClosed: Bool = false) -> ForcedSale? {
        let debts = assets.map(\.id).filter { $0 != usdt?.id && debt(account, $0).owed > 0 }
        let possible = debts.compactMap { purchase(of: $0, account) }.filter { whereClosed || isOpen($0) }
        func owed(_ sale: ForcedSale) -> Whole {
            let asset = books[sale.index].market.base
            return value(debt(account, asset).owed, asset)
        }
        return possible.reduce(nil) { best, sale in
            guard let best else { return sale }
            return owed(sale) > owed(best) ? sale : best
        }
    }

    private func purchase(of asset: AssetID, _ account: AccountID) -> ForcedSale? {
        guard let usdt, let index = home(of: asset) else { return nil }
        let market = books[index].market
        guard let price = limit(.buy, self.index(of: asset), market) else { return nil }
        let free = balance(margin(account, usdt.id)).free
        func costs(_ quantity: Int64) -> Int128 {
            let notional = notional(price, quantity, in: market)
            return notional > Limits.assetSupply.raw ? .max : notional + fee(of: notional)
        }
        let owed = debt(account, asset).owed
        let bound = market.filters.maxQuantity.raw
        let covering =
            least(1, bound) { quantity in
                self.proceeds(quantity, at: price, .buy, account, market)[asset, default: 0] >= owed
            } ?? bound
        let tooMuch = least(1, covering) { costs($0) > free }
        let most = tooMuch.map { $0 - 1 } ?? covering
        guard most > 0 else { return nil }
        return ForcedSale(asset: usdt.id, index: index, side: .buy, price: price, turn: most, most: most)
    }

    /// Two per cent off the index, rounded towards it.
    private func limit(_ side: Side, _ index: Int64?, _ market: Market) -> Int64? {
        guard let index else { return nil }
        let price = Whole(Int128(index)) * Whole.power(Int(market.pricePrecision))
        let tick = Whole(Int128(market.tickSize)) * Whole.power(IndexPrice.decimals) * 100
        let ticks = side == .sell ? (price * 98).dividedUp(by: tick) : (price * 102).divided(by: tick)
        let limit = min(ticks.clamped, Int128(Limits.orderMagnitude))
        return limit > 0 ? Int64(limit) : nil
    }

    private func fee(of notional: Int128) -> Int128 { commission(Rate(2_000_000), of: notional) }

    /// What free balances change by when a quantity is executed at a price and the fee is paid.
    private func proceeds(
        _ quantity: Int64, at price: Int64, _ side: Side, _ account: AccountID, _ market: Market
    ) -> [AssetID: Int128] {
        // More than there can be is not paid in any case.
        let notional = min(notional(price, quantity, in: market), Limits.assetSupply.raw * 4)
        let amount = min(base(quantity, in: market), Limits.assetSupply.raw * 4)
        let rate = market.commissions[Int(accounts[Int(account.raw) - 1].commissionTier)].taker
        return switch side {
        case .sell:
            [market.base: -amount, market.quote: notional - commission(rate, of: notional) - fee(of: notional)]
        case .buy: [market.base: amount - commission(rate, of: amount), market.quote: -notional - fee(of: notional)]
        }
    }

    /// The smallest quantity that restores the borrow threshold, or all there is.
    private func quantity(of sale: ForcedSale, _ account: AccountID) -> Int64 {
        let market = books[sale.index].market
        func suffices(_ quantity: Int64) -> Bool {
            let changes = proceeds(quantity, at: sale.price, sale.side, account, market)
            return !isBelowThreshold(worth(account, changing: changes), account)
        }
        // Beyond the turn more may be less again, since what is received counts in part only.
        for end in [sale.turn - 1, sale.turn, sale.most] where end > 0 && suffices(end) {
            return least(1, end, where: suffices) ?? end
        }
        return sale.most
    }

    /// The smallest number of a range for which something holds that holds for all greater ones.
    private func least(_ first: Int64, _ last: Int64, where holds: (Int64) -> Bool) -> Int64? {
        guard first <= last, holds(last) else { return nil }
        var (low, high) = (first, last)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return high
    }

    /// Whether the order was made and executed in full.
    private mutating func carryOut(_ sale: ForcedSale, _ account: AccountID) -> Bool {
        let (index, market) = (sale.index, books[sale.index].market)
        guard !crossing(sale.side, sale.price, in: books[index]).isEmpty else { return false }
        let order = OrderState(
            id: nextOrderID(), account: account, market: market.id, wallet: .margin, side: sale.side, type: .limit,
            timeInForce: .ioc, selfTradePrevention: .expireMaker, status: .new, price: Ticks(sale.price),
            quantity: Steps(quantity(of: sale, account)), executed: .zero, executedNotional: .zero,
            quoteQuantity: .zero, clientOrderID: .none, createdAt: now, updatedAt: now)
        let mark = events.count
        let tradesBefore = books[index].trades.count
        events.append(.orderAccepted(order))
        setAside(order, in: market)
        execute(order, sweep(demand(of: order, in: market), in: books[index]), in: index)
        if books[index].trades.count > tradesBefore { fireTriggers(in: index) }

        var (executed, notional) = (Steps.zero, Int128(0))
        for case .orderFilled(let fill) in events[mark...] where fill.order.id == order.id {
            executed += fill.quantity
            notional += fill.notional.raw
        }
        let fee = min(fee(of: notional), balance(margin(account, market.quote)).free)
        post(margin(account, market.quote), free: -fee)
        insurance[market.quote, default: 0] += fee
        events.append(
            .orderForced(
                ForcedOrder(
                    order: order.id, account: account, market: market.id, side: sale.side, price: order.price,
                    quantity: order.quantity, executed: executed, executedNotional: Units(notional), fee: Units(fee),
                    time: now)))
        net(account)
        return executed == order.quantity
    }
}
