import SyncronCore

/// Closing positions whose margin does not suffice.
extension NaiveExchange {
    /// What is liquidated together: one isolated position, or all crossed ones.
    enum Scope {
        case crossed
        case isolated(MarketID, PositionSide)
    }

    struct Place: Hashable {
        var market: MarketID
        var side: PositionSide
    }

    /// Looks at every account until nothing is due, lowest id first.
    mutating func checkFutures() {
        while let account = futuresWallets.keys.sorted().first(where: isDue) { check(account) }
    }

    private func isDue(_ account: AccountID) -> Bool {
        scopes(account).contains { isLiquidable($0, account) } || isNearlyShort(account) != isWarned(account)
            || Set(nearlyShort(account)) != futuresWallets[account]?.warned
    }

    /// The isolated positions whose ratio is 0.8 or more.
    private func nearlyShort(_ account: AccountID) -> [Place] {
        scopes(account).compactMap { scope in
            guard case .isolated(let market, let side) = scope, ratio(of: scope, account) >= 80_000_000 else {
                return nil
            }
            return Place(market: market, side: side)
        }
    }

    private func ratio(of scope: Scope, _ account: AccountID) -> Int128 {
        let standing = standing(scope, account)
        return ratio(standing.maintenance, standing.balance)
    }

    private func isWarned(_ account: AccountID) -> Bool { futuresWallets[account]?.isWarned == true }

    /// Whether the ratio of the crossed positions is 0.8 or more.
    private func isNearlyShort(_ account: AccountID) -> Bool { crossRatio(of: account) >= 80_000_000 }

    /// Maintenance over margin balance in parts of 10^8, rounded up.
    func ratio(_ maintenance: Int128, _ balance: Int128) -> Int128 {
        guard maintenance > 0 else { return 0 }
        guard balance > 0 else { return 100_000_000_000_000 }
        return share(maintenance, 100_000_000, of: balance, up: true)
    }

    private func crossRatio(of account: AccountID) -> Int128 {
        let totals = totals(account)
        return ratio(totals.crossMaintenance, totals.crossBalance)
    }

    private func scopes(_ account: AccountID) -> [Scope] {
        var scopes: [Scope] = []
        for entry in futuresWallets[account]?.entries ?? [] where entry.type == .isolated {
            for side in sides(of: account) where entry.stakes[side]?.size ?? 0 > 0 {
                scopes.append(.isolated(entry.market, side))
            }
        }
        return scopes + [.crossed]
    }

    private func standing(_ scope: Scope, _ account: AccountID) -> (balance: Int128, maintenance: Int128) {
        switch scope {
        case .crossed:
            let totals = totals(account)
            return (totals.crossBalance, totals.crossMaintenance)
        case .isolated(let market, let side):
            let stake = stake(account, market, side)
            let value = notional(stake, market)
            guard stake.size > 0 else { return (0, 0) }
            return (stake.isolated + profit(stake, market), maintenance(of: value, market))
        }
    }

    private func isShort(_ scope: Scope, _ account: AccountID) -> Bool {
        let standing = standing(scope, account)
        return !places(scope, account).isEmpty && standing.balance < standing.maintenance
    }

    /// Whether it is short and has a position on a market that trades.
    private func isLiquidable(_ scope: Scope, _ account: AccountID) -> Bool {
        isShort(scope, account) && worst(scope, account) != nil
    }

    private mutating func check(_ account: AccountID) {
        settleFunding(of: account)
        for scope in scopes(account) where isLiquidable(scope, account) { liquidateFutures(scope, account) }
        let near = nearlyShort(account)
        for place in near where futuresWallets[account]?.warned.contains(place) == false {
            events.append(
                .futuresMarginCalled(
                    FuturesMarginCall(
                        account: account,
                        ratio: Units(self.ratio(of: .isolated(place.market, place.side), account)),
                        positions: [position(account, place.market, place.side)])))
        }
        futuresWallets[account]?.warned = Set(near)
        let ratio = crossRatio(of: account)
        let isNear = ratio >= 80_000_000
        if isNear && !isWarned(account) {
            events.append(
                .futuresMarginCalled(
                    FuturesMarginCall(
                        account: account, ratio: Units(ratio),
                        positions: places(.crossed, account).map { position(account, $0.market, $0.side) })))
        }
        futuresWallets[account]?.isWarned = isNear
    }

    /// The open positions of a scope.
    private func places(_ scope: Scope, _ account: AccountID) -> [Place] {
        switch scope {
        case .isolated(let market, let side):
            return stake(account, market, side).size > 0 ? [Place(market: market, side: side)] : []
        case .crossed:
            return (futuresWallets[account]?.entries ?? []).filter { $0.type == .crossed }.flatMap { entry in
                sides(of: account).filter { entry.stakes[$0]?.size ?? 0 > 0 }
                    .map { Place(market: entry.market, side: $0) }
            }
        }
    }

    private mutating func liquidateFutures(_ scope: Scope, _ account: AccountID) {
        cancelScope(scope, account)
        while isShort(scope, account), let place = worst(scope, account) {
            if !step(scope, account, place) && isShort(scope, account) { takeOver(scope, account, place) }
        }
    }

    private mutating func clear(
        _ amount: Int128, _ account: AccountID, _ market: MarketID, _ fill: FillReference? = nil
    ) {
        insurance[futures(account).asset, default: 0] += amount
        book(.insuranceClear, -amount, account, market, fill)
    }

    private mutating func cancelScope(_ scope: Scope, _ account: AccountID) {
        switch scope {
        case .isolated(let market, _): cancelOpen(of: account, .futures, in: market)
        case .crossed:
            let entries = (futuresWallets[account]?.entries ?? []).filter { $0.type == .crossed }
            for market in entries.map(\.market).sorted(by: { $0.raw < $1.raw }) {
                cancelOpen(of: account, .futures, in: market)
            }
        }
    }

    /// The position of the greatest maintenance; of two on its market the one that loses more.
    private func worst(_ scope: Scope, _ account: AccountID) -> Place? {
        let places = places(scope, account)
        func maintenance(_ place: Place) -> Int128 {
            self.maintenance(of: notional(stake(account, place.market, place.side), place.market), place.market)
        }
        func profit(_ place: Place) -> Int128 {
            self.profit(stake(account, place.market, place.side), place.market)
        }
        guard let most = places.map(maintenance).max(), let first = places.first(where: { maintenance($0) == most })
        else { return nil }
        let both = places.filter { $0.market == first.market }
        let least = both.map(profit).min()
        // One whose market does not trade is waited for.
        return both.first { profit($0) == least && market($0.market).status == .trading }
    }

    /// What stands behind one position: its isolated wallet, or the wallet without what the others need.
    private func backing(_ scope: Scope, _ account: AccountID, _ place: Place) -> Int128 {
        let stake = stake(account, place.market, place.side)
        guard case .crossed = scope else { return stake.isolated }
        let totals = totals(account)
        let value = notional(stake, place.market)
        return totals.cross - (totals.crossMaintenance - maintenance(of: value, place.market))
            + (totals.crossProfit - profit(stake, place.market))
    }

    /// Where the position would have used up what stands behind it, rounded in its owner's favour.
    private func bankruptcyPrice(_ scope: Scope, _ account: AccountID, _ place: Place) -> Int64 {
        let stake = stake(account, place.market, place.side)
        let backing = backing(scope, account, place)
        let total = stake.isLong ? stake.cost - backing : stake.cost + backing
        guard total > 0 else { return 1 }
        let price = share(total, 1, of: Int128(stake.size) * quoteUnit(of: market(place.market)), up: stake.isLong)
        return Int64(clamping: max(1, price))
    }

    /// One order. False when the market did not fill it.
    private mutating func step(_ scope: Scope, _ account: AccountID, _ place: Place) -> Bool {
        let stake = stake(account, place.market, place.side)
        let value = notional(stake, place.market)
        guard let row = row(of: value, place.market) else { return false }
        let each = Int128(valuation(place.market)) * quoteUnit(of: market(place.market))
        let quantity =
            row.floor == 0
            ? stake.size : Int64(min(Int128(stake.size), share(value - row.floor, 1, of: each, up: true)))
        let price = bankruptcyPrice(scope, account, place)
        let side: Side = stake.isLong ? .sell : .buy
        guard !crossing(side, price, in: books[Int(place.market.raw)]).isEmpty else { return false }
        let charge = Charge(account: account, scope: scope, rate: min(2_500_000, row.rate))
        return force(account, place, side, price, quantity, charge) == quantity
    }

    /// What a forced order pays of each fill.
    struct Charge {
        var account: AccountID
        var scope: Scope
        /// In parts of 2 × 10^8.
        var rate: Int128
        var paid: Int128 = 0
    }

    /// As far as margin balance and wallet last.
    mutating func chargeLiquidation(_ value: Int128, _ market: MarketID, _ fill: FillReference) {
        guard let charge else { return }
        let most = share(value, charge.rate, of: 200_000_000, up: true)
        let free = balance(futures(charge.account)).free
        let fee = min(most, standing(charge.scope, charge.account).balance, free)
        guard fee > 0 else { return }
        clear(fee, charge.account, market, fill)
        self.charge?.paid += fee
    }

    /// An order that no customer asked for; of the fund's own nothing more is told. Returns what was executed.
    private mutating func force(
        _ account: AccountID, _ place: Place, _ side: Side, _ price: Int64, _ quantity: Int64,
        _ charge: Charge? = nil
    ) -> Int64 {
        let index = Int(place.market.raw)
        let flag: UInt64 = place.side == .long ? 1 << 56 : place.side == .short ? 1 << 57 : 0
        let order = OrderState(
            id: nextOrderID(), account: account, market: place.market, wallet: .futures, side: side, type: .limit,
            timeInForce: .ioc, selfTradePrevention: .expireMaker, status: .new, price: Ticks(price),
            quantity: Steps(quantity), executed: .zero, executedNotional: .zero, particulars: UInt128(flag) << 64,
            clientOrderID: .none, createdAt: now, updatedAt: now)
        events.append(.orderAccepted(order))
        let tradesBefore = books[index].trades.count
        self.charge = charge
        let done = executeFutures(order, in: index, isForced: true)
        let fee = self.charge?.paid ?? 0
        self.charge = nil
        if books[index].trades.count > tradesBefore { fireFutures(.contractPrice, in: index) }
        guard account.raw != 0 else { return done.executed.raw }
        events.append(
            .orderForced(
                ForcedOrder(
                    order: order.id, account: account, market: place.market, side: side, price: Ticks(price),
                    quantity: order.quantity, executed: done.executed, executedNotional: done.executedNotional,
                    fee: Units(fee), time: now)))
        return done.executed.raw
    }

    // MARK: - What no order closes

    private mutating func takeOver(_ scope: Scope, _ account: AccountID, _ place: Place) {
        let price = bankruptcyPrice(scope, account, place)
        let stake = stake(account, place.market, place.side)
        guard stake.size > 0 else { return }
        let side: Side = stake.isLong ? .sell : .buy
        var left = stake.size
        let deficit = -(backing(scope, account, place) + profit(stake, place.market))
        let fundsProfit = perpetualMarkets.reduce(Int128(0)) { $0 + profit(perpetuals[$1]?.fund ?? Stake(), $1) }
        if deficit > insurance[futures(account).asset, default: 0] + fundsProfit {
            for other in queue(place.market, isLong: !stake.isLong) where other.account != account && left > 0 {
                let size = self.stake(other.account, place.market, other.side).size
                let closed = min(size, left)
                move(other.account, place.market, other.side, side.opposite, closed, at: price)
                tellDeleveraging(other.account, place.market, other.side, price, closed, false)
                left -= closed
            }
        }
        let free = balance(futures(account)).free
        if left < stake.size {
            move(account, place.market, place.side, side, stake.size - left, at: price)
            tellDeleveraging(account, place.market, place.side, price, stake.size - left, true)
        }
        if left > 0 {
            move(account, place.market, place.side, side, left, at: price)
            move(AccountID(0), place.market, .both, side.opposite, left, at: price)
        }
        endIdleReducers(in: Int(place.market.raw))
        // Nothing remains of the margin that stood behind it.
        var rest: Int128 = 0
        switch scope {
        case .isolated: rest = balance(futures(account)).free - free
        case .crossed: if places(scope, account).isEmpty { rest = balance(futures(account)).free }
        }
        if rest > 0 { clear(rest, account, place.market) }
    }

    private mutating func tellDeleveraging(
        _ account: AccountID, _ market: MarketID, _ side: PositionSide, _ price: Int64, _ quantity: Int64,
        _ isBankrupt: Bool
    ) {
        events.append(
            .positionDeleveraged(
                Deleveraging(
                    account: account, market: market, side: side, price: Ticks(price), quantity: Steps(quantity),
                    isBankrupt: isBankrupt, time: now)))
    }

    struct Ranked {
        var account: AccountID
        var side: PositionSide
        var rank: Whole
    }

    /// The holders of one direction, those first who win most on most leverage.
    func queue(_ market: MarketID, isLong: Bool) -> [Ranked] {
        var ranked: [Ranked] = []
        for account in futuresWallets.keys.sorted() {
            for side in sides(of: account) {
                let stake = stake(account, market, side)
                guard stake.size > 0, stake.isLong == isLong else { continue }
                ranked.append(Ranked(account: account, side: side, rank: rank(stake, account, market)))
            }
        }
        return ranked.sorted { $0.rank == $1.rank ? $0.account < $1.account : $0.rank > $1.rank }
    }

    private func rank(_ stake: Stake, _ account: AccountID, _ market: MarketID) -> Whole {
        let value = notional(stake, market)
        let profit = profit(stake, market)
        guard profit > 0 else { return 0 }
        let holding = futures(account)
        let wallet = entry(account, market).type == .isolated ? stake.isolated : balance(holding).free
        let one = Whole.power(decimals(of: holding.asset)).clamped
        let first = (Whole(profit) * Whole.power(18)).divided(by: Whole(max(one, wallet)))
        return (first * Whole(maintenance(of: value, market))).divided(by: Whole(wallet + profit))
    }

    /// The fund offers what it took over within 1 % of the mark.
    mutating func offerFund() {
        for id in perpetualMarkets {
            let fund = perpetuals[id]?.fund ?? Stake()
            let mark = Int128(perpetuals[id]?.mark ?? 0)
            guard fund.size > 0, mark > 0, market(id).status == .trading else { continue }
            let side: Side = fund.isLong ? .sell : .buy
            let price = Int64(fund.isLong ? (mark * 99 + 99) / 100 : mark * 101 / 100)
            guard !crossing(side, price, in: books[Int(id.raw)]).isEmpty else { continue }
            _ = force(AccountID(0), Place(market: id, side: .both), side, price, fund.size)
        }
    }
}
