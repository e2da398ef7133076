/// What stands in the books for one position: Σ price × open quantity of orders that could open or enlarge it.
struct RestingNotional {
    var bids = Units.zero
    var asks = Units.zero
    var bidSteps = Steps.zero
    var askSteps = Steps.zero
}

/// What a futures wallet comes to with all its positions at mark, in units of the settlement asset.
struct FuturesTotals {
    /// What is free in the wallet.
    var cross = Units.zero
    /// What is set aside for isolated positions.
    var isolated = Units.zero
    var crossProfit = Units.zero
    var isolatedProfit = Units.zero
    /// Initial margin of crossed positions and of the orders beside them.
    var crossInitial = Units.zero
    /// Initial margin of orders beside isolated positions.
    var isolatedOrders = Units.zero
    var crossMaintenance = Units.zero
    var isolatedMaintenance = Units.zero
    /// Initial margin of all positions alone.
    var positionInitial = Units.zero
    /// Initial margin of isolated positions.
    var isolatedInitial = Units.zero

    /// What may be used for more margin.
    var available: Units { max(.zero, cross + crossProfit - crossInitial - isolatedOrders) }
    /// What may be set aside for an isolated position: no profit that is not in the wallet.
    var availableToIsolate: Units { max(.zero, min(available, cross - isolatedOrders)) }
    /// What may leave the wallet.
    var withdrawable: Units { max(.zero, min(available, cross - crossInitial - isolatedOrders)) }
    /// What stands behind the crossed positions.
    var crossBalance: Units { cross + crossProfit }
    /// Of all positions and orders, crossed or isolated.
    var initial: Units { crossInitial + isolatedInitial + isolatedOrders }
    /// Of all positions.
    var maintenance: Units { crossMaintenance + isolatedMaintenance }
    /// What the whole wallet would come to at mark.
    var balance: Units { crossBalance + isolated + isolatedProfit }
}

extension Engine {
    func futuresWallet(_ account: AccountID) -> BalanceKey {
        BalanceKey(account: account, wallet: .futures, asset: margin.settlementAsset ?? AssetID(0))
    }

    /// The price that positions are valued at: the mark, or the last price before there is one.
    func valuation(_ market: MarketID) -> Ticks {
        let slot = marketSlots + market.index
        return slot.pointee.perpetual.mark == .zero ? slot.pointee.lastPrice : slot.pointee.perpetual.mark
    }

    /// What a position would bring for its notional at mark. Before there is a mark the last price stands for it, which
    /// anyone may make: nobody gains by that.
    func profit(_ holding: Holding, at notional: Units, _ market: MarketID) -> Units {
        let profit = holding.profit(at: notional)
        let slot = marketSlots + market.index
        guard slot.pointee.perpetual.mark == .zero else { return profit }
        return slot.pointee.lastPrice == .zero ? .zero : min(.zero, profit)
    }

    func brackets(_ market: MarketID) -> Brackets { marketSlots[market.index].brackets }

    func notional(_ holding: Holding, at price: Ticks, _ market: MarketID) -> Units {
        rules(market).pointee.scale.existingNotional(price, holding.size)
    }

    /// Orders that could open or enlarge a position, without those that wait.
    func restingNotional(of account: AccountID, _ market: MarketID) -> RestingNotional {
        var resting = RestingNotional()
        let scale = rules(market).pointee.scale
        var slot = accountSlots[account.raw].firstOrder
        while slot != 0 {
            let order = pool.states.base + Int(slot)
            if order.pointee.market == market && order.pointee.wallet == .futures
                && order.pointee.status != .pendingTrigger && !order.pointee.reduces
            {
                let open = order.pointee.quantity - order.pointee.executed
                let notional = scale.existingNotional(order.pointee.price, open)
                if order.pointee.side == .buy {
                    resting.bids += notional
                    resting.bidSteps += open
                } else {
                    resting.asks += notional
                    resting.askSteps += open
                }
            }
            slot = pool.orders[slot].accountNext
        }
        return resting
    }

    static func byLeverage(_ notional: Units, _ leverage: UInt8) -> Units {
        Units((notional.raw + Int128(leverage) - 1) / Int128(leverage))
    }

    /// The initial margin of an entry with orders beside it: the larger of what it is if all bids are filled, and if
    /// all asks are; in hedge mode, of both sides together.
    func initialMargin(_ entry: FuturesEntry, _ resting: RestingNotional, isHedge: Bool) -> Units {
        guard isHedge else { return Self.byLeverage(mostNotional(entry, resting, isHedge: false), entry.leverage) }
        let price = valuation(entry.market)
        let (long, short) = (
            notional(entry.holdings[0], at: price, entry.market), notional(entry.holdings[1], at: price, entry.market)
        )
        return Self.byLeverage(long + resting.bids, entry.leverage)
            + Self.byLeverage(short + resting.asks, entry.leverage)
    }

    /// The wallet alone, as it is once the funding under way has come to it.
    private func wallet(of place: FuturesPlace) -> FuturesTotals {
        let balance = ledger.balance(futuresWallet(futures[place].account))
        return FuturesTotals(cross: balance.free + pendingFunding(of: place), isolated: balance.held)
    }

    /// The wallet's figures, those of one market as they would be with `changed` for the entry that it has.
    func totals(of place: FuturesPlace, with changed: FuturesEntry? = nil) -> FuturesTotals {
        let account = futures[place].account
        let isHedge = futures[place].isHedge
        var totals = wallet(of: place)
        for entry in futures[place].entries where entry.market != changed?.market {
            add(entry, isHedge: isHedge, restingNotional(of: account, entry.market), to: &totals)
        }
        if let changed { add(changed, isHedge: isHedge, restingNotional(of: account, changed.market), to: &totals) }
        return totals
    }

    private func add(
        _ entry: FuturesEntry, isHedge: Bool, _ resting: RestingNotional, to totals: inout FuturesTotals
    ) {
        let price = valuation(entry.market)
        let alone = initialMargin(entry, RestingNotional(), isHedge: isHedge)
        let together = initialMargin(entry, resting, isHedge: isHedge)
        totals.positionInitial += alone
        var (profit, maintenance) = (Units.zero, Units.zero)
        for index in 0..<2 where entry.holdings[index].isOpen {
            let notional = notional(entry.holdings[index], at: price, entry.market)
            profit += self.profit(entry.holdings[index], at: notional, entry.market)
            maintenance += brackets(entry.market).maintenance(of: notional)
        }
        switch entry.marginType {
        case .crossed:
            totals.crossProfit += profit
            totals.crossInitial += together
            totals.crossMaintenance += maintenance
        case .isolated:
            totals.isolatedProfit += profit
            totals.isolatedOrders += together - alone
            totals.isolatedInitial += alone
            totals.isolatedMaintenance += maintenance
        }
    }

    /// The account's entry of a market, as it is or as it would be made.
    func entry(_ place: FuturesPlace, _ market: MarketID) -> FuturesEntry {
        if place != 0, let index = futures[place].index(of: market) { return futures[place].entries[index] }
        return FuturesEntry(
            market: market, leverage: min(Limits.defaultLeverage, brackets(market).maxLeverage),
            funding: marketSlots[market.index].perpetual.fundings)
    }

    /// Changes an account's entry of a market, which is made when there is none.
    mutating func changeEntry(
        _ place: FuturesPlace, _ market: MarketID, _ body: (inout FuturesEntry) -> Void
    ) {
        let fresh = entry(place, market)
        futures.change(place) { account in
            if account.index(of: market) == nil { account.entries.append(fresh) }
            if let index = account.index(of: market) { body(&account.entries[index]) }
        }
    }
}

/// What the owner of a futures wallet sets.
extension Engine {
    /// That orders of the futures wallet can name the market.
    func requirePerpetual(_ account: AccountID, _ market: MarketID) throws(Rejection) {
        try requireAccount(account)
        guard slot(market, for: .futures) != nil else { throw .unknownMarket }
    }

    private func hasOrders(_ account: AccountID, _ market: MarketID) -> Bool {
        marketSlots[market.index].openOrders[MarketSlot.counter(account, .futures)] > 0
    }

    mutating func set(_ change: SetLeverage) throws(Rejection) {
        try requirePerpetual(change.account, change.market)
        let brackets = brackets(change.market)
        guard change.leverage >= 1, change.leverage <= brackets.maxLeverage else { throw .invalid(.leverage) }
        let old = futures.place(of: change.account)
        var entry = entry(old, change.market)
        let isLower = change.leverage < entry.leverage
        let resting = restingNotional(of: change.account, change.market)
        let most = mostNotional(entry, resting, isHedge: old != 0 && futures[old].isHedge)
        guard most <= brackets.cap(at: change.leverage) else { throw .risk(.maxNotional) }
        entry.leverage = change.leverage
        if isLower && old != 0 {
            let totals = totals(of: old, with: entry)
            guard totals.balance >= totals.initial else {
                throw .insufficientBalance(
                    asset: futuresWallet(change.account).asset, required: totals.initial,
                    available: max(.zero, totals.balance))
            }
        }
        settleFunding(of: change.account)
        let place = futures.open(change.account)
        changeEntry(place, change.market) { $0.leverage = change.leverage }
        log.append(.leverageSet(change))
    }

    /// The largest that a position could become by the orders beside it.
    private func mostNotional(_ entry: FuturesEntry, _ resting: RestingNotional, isHedge: Bool) -> Units {
        let price = valuation(entry.market)
        let first = notional(entry.holdings[0], at: price, entry.market)
        guard !isHedge else {
            return max(first + resting.bids, notional(entry.holdings[1], at: price, entry.market) + resting.asks)
        }
        let position = entry.holdings[0].isLong ? first : -first
        return Units(max(abs((position + resting.bids).raw), abs((position - resting.asks).raw)))
    }

    mutating func set(_ change: SetMarginType) throws(Rejection) {
        try requirePerpetual(change.account, change.market)
        let known = entry(futures.place(of: change.account), change.market)
        if known.marginType != change.type {
            guard known.isFlat, !hasOrders(change.account, change.market) else { throw .risk(.openPosition) }
        }
        settleFunding(of: change.account)
        let place = futures.open(change.account)
        changeEntry(place, change.market) { $0.marginType = change.type }
        log.append(.marginTypeSet(change))
    }

    mutating func set(_ change: SetPositionMode) throws(Rejection) {
        try requireAccount(change.account)
        let known = futures.place(of: change.account)
        if (known != 0 && futures[known].isHedge) != change.isHedge {
            let isIdle =
                (known == 0 || futures[known].entries.allSatisfy { $0.isFlat })
                && !futures.markets.contains { hasOrders(change.account, $0) }
            guard isIdle else { throw .risk(.openPosition) }
        }
        let place = futures.open(change.account)
        futures.change(place) { $0.isHedge = change.isHedge }
        log.append(.positionModeSet(change))
    }

    mutating func adjust(_ change: AdjustPositionMargin) throws(Rejection) {
        try requirePerpetual(change.account, change.market)
        let place = futures.place(of: change.account)
        let isHedge = place != 0 && futures[place].isHedge
        guard isHedge == (change.side != .both) else { throw .invalid(.positionSide) }
        guard change.amount > .zero, change.amount <= Limits.assetSupply else { throw .invalid(.amount) }
        let known = entry(place, change.market)
        let holding = known[change.side]
        guard place != 0, known.marginType == .isolated, holding.isOpen else { throw .risk(.noPosition) }
        let wallet = futuresWallet(change.account)
        let available: Units
        if change.isAdded {
            available = totals(of: place).availableToIsolate
        } else {
            let notional = notional(holding, at: valuation(change.market), change.market)
            let balance = holding.isolated + min(.zero, profit(holding, at: notional, change.market))
            available = max(.zero, balance - Self.byLeverage(notional, known.leverage))
        }
        guard change.amount <= available
        else { throw .insufficientBalance(asset: wallet.asset, required: change.amount, available: available) }
        settleFunding(of: change.account)
        let moved = change.isAdded ? change.amount : -change.amount
        if change.isAdded { makeFree(change.amount, wallet) }
        var entry = self.entry(place, change.market)
        ledger.hold(moved, of: wallet)
        entry[change.side].isolated += moved
        entry[change.side].updatedAt = now
        changeEntry(place, change.market) { $0 = entry }
        futures.note(place)
        logPosition(place, change.market, change.side)
    }

    mutating func logPosition(_ place: FuturesPlace, _ market: MarketID, _ side: PositionSide) {
        log.append(.positionChanged(position(place, entry(place, market), side)))
    }

    func position(_ place: FuturesPlace, _ entry: FuturesEntry, _ side: PositionSide) -> Position {
        let holding = entry[side]
        let profit =
            holding.isOpen
            ? self.profit(holding, at: notional(holding, at: valuation(entry.market), entry.market), entry.market)
            : .zero
        return Position(
            account: futures[place].account, market: entry.market, side: side, marginType: entry.marginType,
            leverage: entry.leverage, quantity: holding.quantity, cost: holding.cost,
            isolatedWallet: holding.isolated, fees: holding.fees, profit: profit,
            updatedAt: holding.updatedAt)
    }
}
