import SyncronCore

/// Positions, what stands behind them and what they ask for.
extension NaiveExchange {
    /// One position.
    struct Stake: Hashable {
        /// Below zero when it is short.
        var quantity: Int64 = 0
        /// Σ price × quantity of what is open, above zero on both sides.
        var cost: Int128 = 0
        var isolated: Int128 = 0
        /// Commissions paid on what is open.
        var fees: Int128 = 0
        var updatedAt = Timestamp.zero

        var size: Int64 { abs(quantity) }
        var isLong: Bool { quantity > 0 }
        var signedCost: Int128 { isLong ? cost : -cost }

        func profit(at notional: Int128) -> Int128 { isLong ? notional - cost : cost - notional }
    }

    /// What an account has in one perpetual.
    struct FuturesEntry: Hashable {
        var market: MarketID
        var leverage: UInt8
        var type = MarginType.crossed
        var stakes: [PositionSide: Stake] = [:]
    }

    /// A position that is gone, and the side of the orders that reduced it.
    struct Closure {
        var account: AccountID
        var positionSide: PositionSide
        var side: Side
    }

    struct FuturesWallet {
        var isHedge = false
        /// In the order in which they were first used.
        var entries: [FuturesEntry] = []
        /// Whether the ratio had come to 0.8 when it was last looked at: of the crossed positions, and of which isolated
        /// ones.
        var isWarned = false
        var warned: Set<NaiveExchange.Place> = []
    }

    /// A row of a perpetual's table, with the amount that makes the maintenance go on where the last row ends.
    struct Row {
        var floor: Int128
        var cap: Int128
        var maxLeverage: UInt8
        var rate: Int128
        var cum: Int128
    }

    /// More of one kind of order than rests.
    struct Addition {
        var market: MarketID
        var side: Side
        var notional: Int128
    }

    struct FuturesTotals {
        var cross: Int128 = 0
        var isolated: Int128 = 0
        var crossProfit: Int128 = 0
        var isolatedProfit: Int128 = 0
        var crossInitial: Int128 = 0
        var isolatedInitial: Int128 = 0
        var isolatedOrders: Int128 = 0
        var positionInitial: Int128 = 0
        var crossMaintenance: Int128 = 0
        var isolatedMaintenance: Int128 = 0

        var crossBalance: Int128 { cross + crossProfit }
        var balance: Int128 { crossBalance + isolated + isolatedProfit }
        var initial: Int128 { crossInitial + isolatedInitial + isolatedOrders }
        var available: Int128 { max(0, crossBalance - crossInitial - isolatedOrders) }
        var availableToIsolate: Int128 { max(0, min(available, cross - isolatedOrders)) }
        var withdrawable: Int128 { max(0, min(available, cross - crossInitial - isolatedOrders)) }
    }

    /// a × b / c of numbers that are not below zero.
    func share(_ a: Int128, _ b: Int128, of c: Int128, up: Bool = false) -> Int128 {
        let product = Whole(a) * Whole(b)
        return (up ? product.dividedUp(by: Whole(c)) : product.divided(by: Whole(c))).clamped
    }

    // MARK: - Finding

    func futures(_ account: AccountID) -> Holding {
        Holding(account: account, wallet: .futures, asset: usdt?.id ?? AssetID(0))
    }

    func market(_ id: MarketID) -> Market { books[Int(id.raw)].market }

    func sides(of account: AccountID) -> [PositionSide] {
        futuresWallets[account]?.isHedge == true ? [.long, .short] : [.both]
    }

    func entry(_ account: AccountID, _ market: MarketID) -> FuturesEntry {
        futuresWallets[account]?.entries.first { $0.market == market }
            ?? FuturesEntry(
                market: market, leverage: min(Limits.defaultLeverage, rows(of: market).first?.maxLeverage ?? 1))
    }

    mutating func newFuturesWallet(_ account: AccountID) -> FuturesWallet {
        futuresAccounts.append(account)
        return FuturesWallet()
    }

    mutating func keep(_ entry: FuturesEntry, of account: AccountID) {
        var wallet = futuresWallets[account] ?? newFuturesWallet(account)
        if let place = wallet.entries.firstIndex(where: { $0.market == entry.market }) {
            wallet.entries[place] = entry
        } else {
            wallet.entries.append(entry)
        }
        futuresWallets[account] = wallet
    }

    /// The house's fund has positions too, as account 0.
    func stake(_ account: AccountID, _ market: MarketID, _ side: PositionSide) -> Stake {
        account.raw == 0
            ? perpetuals[market]?.fund ?? Stake() : entry(account, market).stakes[side] ?? Stake()
    }

    mutating func keep(_ stake: Stake, of account: AccountID, _ market: MarketID, _ side: PositionSide) {
        guard account.raw != 0 else {
            perpetuals[market, default: Perpetual()].fund = stake
            return
        }
        var entry = entry(account, market)
        entry.stakes[side] = stake
        keep(entry, of: account)
    }

    func position(_ account: AccountID, _ market: MarketID, _ side: PositionSide) -> Position {
        let (entry, stake) = (entry(account, market), stake(account, market, side))
        return Position(
            account: account, market: market, side: side, marginType: entry.type, leverage: entry.leverage,
            quantity: Steps(stake.quantity), cost: Units(stake.cost), isolatedWallet: Units(stake.isolated),
            fees: Units(stake.fees), profit: Units(profit(stake, market)), updatedAt: stake.updatedAt)
    }

    // MARK: - Values

    /// The mark, or the last price before there is one; zero without both.
    func valuation(_ market: MarketID) -> Int64 {
        let mark = perpetuals[market]?.mark ?? 0
        return mark != 0 ? mark : books[Int(market.raw)].trades.last?.price ?? 0
    }

    func notional(_ stake: Stake, _ market: MarketID) -> Int128 {
        notional(valuation(market), stake.size, in: self.market(market))
    }

    func profit(_ stake: Stake, _ market: MarketID) -> Int128 {
        guard stake.size > 0, valuation(market) > 0 else { return 0 }
        let profit = stake.profit(at: notional(stake, market))
        // The last price stands for a mark that there is not yet: nobody gains by it.
        return perpetuals[market]?.mark ?? 0 == 0 ? min(0, profit) : profit
    }

    func rows(of market: MarketID) -> [Row] {
        var rows: [Row] = []
        for bracket in self.market(market).perpetual?.brackets ?? [] {
            let (floor, rate) = (rows.last?.cap ?? 0, Int128(bracket.maintenance.raw))
            let more = share(floor, rate - (rows.last?.rate ?? 0), of: 100_000_000)
            rows.append(
                Row(
                    floor: floor, cap: bracket.cap.raw, maxLeverage: bracket.maxLeverage, rate: rate,
                    cum: (rows.last?.cum ?? 0) + more))
        }
        return rows
    }

    func row(of notional: Int128, _ market: MarketID) -> Row? {
        let rows = rows(of: market)
        return rows.first { notional <= $0.cap } ?? rows.last
    }

    func maintenance(of notional: Int128, _ market: MarketID) -> Int128 {
        guard let row = row(of: notional, market) else { return 0 }
        return max(0, share(notional, row.rate, of: 100_000_000, up: true) - row.cum)
    }

    /// The highest notional that a leverage allows.
    func cap(_ leverage: UInt8, _ market: MarketID) -> Int128 {
        rows(of: market).filter { $0.maxLeverage >= leverage }.map(\.cap).max() ?? 0
    }

    /// What opening orders that stand would buy and sell for.
    func load(_ account: AccountID, _ market: MarketID, _ side: Side) -> Int128 {
        books[Int(market.raw)].resting
            .filter { $0.account == account && $0.wallet == .futures && $0.side == side && !$0.reduces }
            .reduce(0) { $0 + notional($1.price.raw, $1.quantity.raw - $1.executed.raw, in: self.market(market)) }
    }

    func byLeverage(_ notional: Int128, _ leverage: UInt8) -> Int128 {
        share(notional, 1, of: Int128(leverage), up: true)
    }

    /// Of the positions alone.
    func ownInitial(_ entry: FuturesEntry) -> Int128 {
        entry.stakes.values.reduce(0) { $0 + byLeverage(notional($1, entry.market), entry.leverage) }
    }

    /// Of the positions and the orders beside them.
    func initial(_ account: AccountID, _ entry: FuturesEntry, _ more: Addition? = nil) -> Int128 {
        func load(_ side: Side) -> Int128 {
            let added = more?.market == entry.market && more?.side == side ? more?.notional ?? 0 : 0
            return self.load(account, entry.market, side) + added
        }
        func own(_ side: PositionSide) -> Int128 {
            notional(entry.stakes[side] ?? Stake(), entry.market)
        }
        if sides(of: account).count == 2 {
            return byLeverage(own(.long) + load(.buy), entry.leverage)
                + byLeverage(own(.short) + load(.sell), entry.leverage)
        }
        let signed = entry.stakes[.both]?.isLong == true ? own(.both) : -own(.both)
        return byLeverage(max(abs(signed + load(.buy)), abs(signed - load(.sell))), entry.leverage)
    }

    func totals(_ account: AccountID, _ more: Addition? = nil) -> FuturesTotals {
        var totals = FuturesTotals(cross: balance(futures(account)).free + dueFunding(account))
        var entries = futuresWallets[account]?.entries ?? []
        if let more, !entries.contains(where: { $0.market == more.market }) {
            entries.append(entry(account, more.market))
        }
        for entry in entries {
            let all = initial(account, entry, more)
            let own = ownInitial(entry)
            totals.positionInitial += own
            if entry.type == .crossed {
                totals.crossInitial += all
            } else {
                totals.isolatedInitial += own
                totals.isolatedOrders += all - own
            }
            for stake in entry.stakes.values where stake.size > 0 {
                let value = notional(stake, entry.market)
                let maintenance = maintenance(of: value, entry.market)
                if entry.type == .crossed {
                    totals.crossProfit += profit(stake, entry.market)
                    totals.crossMaintenance += maintenance
                } else {
                    totals.isolated += stake.isolated
                    totals.isolatedProfit += profit(stake, entry.market)
                    totals.isolatedMaintenance += maintenance
                }
            }
        }
        return totals
    }

    // MARK: - Money

    /// Books what came into the wallet or left it. What the wallet cannot pay its crossed positions' profit does, then
    /// the insurance, then the fees.
    mutating func book(
        _ kind: Income.Kind, _ amount: Int128, _ account: AccountID, _ market: MarketID, _ fill: FillReference?
    ) {
        guard amount != 0 else { return }
        post(futures(account), free: amount)
        tell(kind, amount, account, market, fill)
        drawProfit(account)
        drawIsolated(account, market)
        let short = -balance(futures(account)).free
        guard short > 0 else { return }
        post(futures(account), free: short)
        payFromHouse(short)
        tell(.insuranceClear, short, account, market, fill)
    }

    /// Makes wallet of the profit of crossed positions while the wallet is below `goal` and there is such profit: the
    /// position counts as if it had been bought dearer, or sold cheaper.
    mutating func drawProfit(_ account: AccountID, until goal: Int128 = 0) {
        while balance(futures(account)).free < goal {
            var best: (market: MarketID, side: PositionSide, profit: Int128)?
            for entry in futuresWallets[account]?.entries ?? [] where entry.type == .crossed {
                for side in sides(of: account) {
                    let profit = profit(entry.stakes[side] ?? Stake(), entry.market)
                    if profit > best?.profit ?? 0 { best = (entry.market, side, profit) }
                }
            }
            guard let best else { return }
            let amount = min(best.profit, goal - balance(futures(account)).free)
            var stake = stake(account, best.market, best.side)
            stake.cost += stake.isLong ? amount : -amount
            stake.updatedAt = now
            keep(stake, of: account, best.market, best.side)
            post(futures(account), free: amount)
            tell(.realizedProfit, amount, account, best.market, nil)
            events.append(.positionChanged(position(account, best.market, best.side)))
        }
    }

    /// Pays what the wallet lacks with what is set aside for isolated positions on a market.
    private mutating func drawIsolated(_ account: AccountID, _ market: MarketID) {
        for side in sides(of: account) {
            var stake = stake(account, market, side)
            let amount = min(-balance(futures(account)).free, stake.isolated)
            guard amount > 0 else { continue }
            post(futures(account), free: amount, held: -amount)
            stake.isolated -= amount
            stake.updatedAt = now
            keep(stake, of: account, market, side)
            events.append(.positionChanged(position(account, market, side)))
        }
    }

    mutating func payFromHouse(_ amount: Int128) {
        let asset = futures(AccountID(0)).asset
        let insured = min(amount, insurance[asset, default: 0])
        insurance[asset, default: 0] -= insured
        fees[asset, default: 0] -= amount - insured
    }

    mutating func tell(
        _ kind: Income.Kind, _ amount: Int128, _ account: AccountID, _ market: MarketID, _ fill: FillReference?
    ) {
        events.append(
            .incomeBooked(
                Income(
                    id: nextTransaction(), account: account, market: market, kind: kind, amount: Units(amount),
                    fill: fill,
                    time: kind == .funding
                        ? Timestamp(milliseconds: now.milliseconds / 28_800_000 * 28_800_000) : now)))
    }

    /// What `quantity` of a position gives up of its cost, its isolated wallet and its fees.
    func part(_ quantity: Int64, of stake: Stake) -> (cost: Int128, isolated: Int128, fees: Int128) {
        let (part, size) = (Int128(quantity), Int128(stake.size))
        return (
            share(stake.cost, part, of: size, up: stake.isLong), share(stake.isolated, part, of: size),
            share(stake.fees, part, of: size)
        )
    }

    /// Lets a quantity change hands on one side: closes what is opposite, opens the rest.
    mutating func move(
        _ account: AccountID, _ market: MarketID, _ positionSide: PositionSide, _ side: Side, _ quantity: Int64,
        at price: Int64, fee: Int128 = 0, fill: FillReference? = nil
    ) {
        settleFunding(of: account)
        var stake = stake(account, market, positionSide)
        let isOpposite = side == .buy ? stake.quantity < 0 : stake.quantity > 0
        let closed = isOpposite ? min(quantity, stake.size) : 0
        let opened = quantity - closed
        var realised: Int128 = 0
        var returned: Int128 = 0
        if closed > 0 {
            let part = part(closed, of: stake)
            let value = notional(price, closed, in: self.market(market))
            if closed == stake.size {
                closures.append(Closure(account: account, positionSide: positionSide, side: side))
            }
            realised = stake.isLong ? value - part.cost : part.cost - value
            returned = part.isolated
            stake.quantity += side == .buy ? closed : -closed
            stake.cost -= part.cost
            stake.isolated -= part.isolated
            stake.fees -= part.fees
        }
        let value = notional(price, opened, in: self.market(market))
        stake.quantity += side == .buy ? opened : -opened
        stake.cost += value
        stake.fees += share(fee, Int128(opened), of: Int128(quantity))
        stake.updatedAt = now
        if account.raw == 0 {
            keep(stake, of: account, market, positionSide)
            if realised > 0 {
                insurance[futures(account).asset, default: 0] += realised
            } else {
                payFromHouse(-realised)
            }
            return
        }
        keep(stake, of: account, market, positionSide)
        post(futures(account), free: returned, held: -returned)
        book(.realizedProfit, realised, account, market, fill)
        fees[futures(account).asset, default: 0] += fee
        book(.commission, -fee, account, market, fill)
        let entry = entry(account, market)
        if entry.type == .isolated && opened > 0 {
            let wanted = byLeverage(value, entry.leverage)
            drawProfit(account, until: wanted)
            let margin = min(wanted, balance(futures(account)).free)
            post(futures(account), free: -margin, held: margin)
            var stake = self.stake(account, market, positionSide)
            stake.isolated += margin
            keep(stake, of: account, market, positionSide)
        }
        events.append(.positionChanged(position(account, market, positionSide)))
    }
}
