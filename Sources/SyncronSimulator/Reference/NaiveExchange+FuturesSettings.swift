import SyncronCore

/// How an account trades perpetuals, and orders of the futures wallet that wait.
extension NaiveExchange {
    mutating func set(_ change: SetLeverage) throws(Rejection) {
        _ = try account(change.account)
        _ = try bookIndex(change.market, .futures)
        settleFunding(of: change.account)
        guard change.leverage >= 1, change.leverage <= rows(of: change.market).first?.maxLeverage ?? 0
        else { throw .invalid(.leverage) }
        var entry = entry(change.account, change.market)
        guard largest(change.account, entry) <= cap(change.leverage, change.market) else { throw .risk(.maxNotional) }
        let isLower = change.leverage < entry.leverage
        entry.leverage = change.leverage
        keep(entry, of: change.account)
        if isLower {
            let totals = totals(change.account)
            guard totals.balance >= totals.initial else {
                throw .insufficientBalance(
                    asset: futures(change.account).asset, required: Units(totals.initial),
                    available: Units(max(0, totals.balance)))
            }
        }
        events.append(.leverageSet(change))
    }

    /// The most that the position could come to by the orders beside it.
    private func largest(_ account: AccountID, _ entry: FuturesEntry) -> Int128 {
        let (bids, asks) = (load(account, entry.market, .buy), load(account, entry.market, .sell))
        func own(_ side: PositionSide) -> Int128 {
            let stake = entry.stakes[side] ?? Stake()
            return stake.isLong ? notional(stake, entry.market) : -notional(stake, entry.market)
        }
        if sides(of: account).count == 2 { return max(own(.long) + bids, asks - own(.short)) }
        return max(abs(own(.both) + bids), abs(own(.both) - asks))
    }

    mutating func set(_ change: SetMarginType) throws(Rejection) {
        _ = try account(change.account)
        _ = try bookIndex(change.market, .futures)
        settleFunding(of: change.account)
        var entry = entry(change.account, change.market)
        if entry.type != change.type {
            let isOpen = entry.stakes.values.contains { $0.size > 0 }
            guard !isOpen, !hasFuturesOrders(change.account, change.market) else { throw .risk(.openPosition) }
        }
        entry.type = change.type
        keep(entry, of: change.account)
        events.append(.marginTypeSet(change))
    }

    mutating func set(_ change: SetPositionMode) throws(Rejection) {
        _ = try account(change.account)
        settleFunding(of: change.account)
        var wallet = futuresWallets[change.account] ?? newFuturesWallet(change.account)
        if wallet.isHedge != change.isHedge {
            let isOpen = wallet.entries.contains { $0.stakes.values.contains { $0.size > 0 } }
            guard !isOpen, !hasFuturesOrders(change.account, nil) else { throw .risk(.openPosition) }
        }
        wallet.isHedge = change.isHedge
        futuresWallets[change.account] = wallet
        events.append(.positionModeSet(change))
    }

    private func hasFuturesOrders(_ account: AccountID, _ market: MarketID?) -> Bool {
        openOrders.contains {
            $0.account == account && $0.wallet == .futures && (market == nil || $0.market == market)
        }
    }

    mutating func adjust(_ change: AdjustPositionMargin) throws(Rejection) {
        _ = try account(change.account)
        _ = try bookIndex(change.market, .futures)
        settleFunding(of: change.account)
        guard sides(of: change.account).contains(change.side) else { throw .invalid(.positionSide) }
        guard change.amount > .zero, change.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        let entry = entry(change.account, change.market)
        var stake = stake(change.account, change.market, change.side)
        guard entry.type == .isolated, stake.size > 0 else { throw .risk(.noPosition) }
        let value = notional(stake, change.market)
        let most =
            change.isAdded
            ? totals(change.account).availableToIsolate
            : max(0, stake.isolated + min(0, profit(stake, change.market)) - byLeverage(value, entry.leverage))
        guard change.amount.raw <= most else {
            throw .insufficientBalance(
                asset: futures(change.account).asset, required: change.amount, available: Units(most))
        }
        let amount = change.isAdded ? change.amount.raw : -change.amount.raw
        if change.isAdded {
            drawProfit(change.account, until: amount)
            stake = self.stake(change.account, change.market, change.side)
        }
        post(futures(change.account), free: -amount, held: amount)
        stake.isolated += amount
        stake.updatedAt = now
        keep(stake, of: change.account, change.market, change.side)
        events.append(.positionChanged(position(change.account, change.market, change.side)))
    }

    // MARK: - Triggers

    /// The price that a waiting order looks at; nil while there is none.
    func workingPrice(_ type: WorkingType, in index: Int) -> Int64? {
        switch type {
        case .contractPrice: return books[index].trades.last?.price
        case .markPrice:
            let mark = perpetuals[books[index].market.id]?.mark ?? 0
            return mark == 0 ? nil : mark
        }
    }

    /// Fires the oldest order whose condition holds, and looks again. Protected ones wait until the prices are near
    /// each other.
    mutating func fireFutures(_ type: WorkingType, in index: Int) {
        if type == .markPrice, let mark = workingPrice(type, in: index) {
            for order in books[index].waiting where order.workingType == .markPrice { follow(mark, order) }
        }
        while let price = workingPrice(type, in: index) {
            let areApart = areApart(in: index)
            let ready = books[index].waiting.filter {
                $0.workingType == type && fires($0, at: price) && !($0.isPriceProtected && areApart)
            }
            guard let oldest = ready.min(by: { $0.id < $1.id }) else { return }
            let tradesBefore = books[index].trades.count
            fireFutures(oldest, in: index)
            if type == .markPrice && books[index].trades.count > tradesBefore {
                fireFutures(.contractPrice, in: index)
            }
        }
    }

    /// Whether mark and last price are more than 5 % apart.
    func areApart(in index: Int) -> Bool {
        guard let mark = workingPrice(.markPrice, in: index), let last = workingPrice(.contractPrice, in: index)
        else { return false }
        return abs(Int128(mark) - Int128(last)) * 20 > Int128(mark)
    }

    private mutating func fireFutures(_ waiting: OrderState, in index: Int) {
        settleFunding(of: waiting.account)
        books[index].waiting.removeAll { $0.id == waiting.id }
        var order = waiting
        order.status = .new
        order.updatedAt = now
        events.append(.orderTriggered(order))
        if order.closePosition { order.quantity = Steps(reducible(order)) }
        if order.closePosition && order.quantity == .zero { return end(order, as: .expired, in: index) }
        do throws(Rejection) {
            if order.type.hasPrice { try checkMarkBounds(order.price, order.side, in: books[index]) }
            try checkExposure(of: order, in: index)
        } catch {
            return end(order, as: .expired, in: index)
        }
        executeFutures(order, in: index)
    }
}
