/// What is closed together when it no longer covers its maintenance: all crossed positions of an account, or one
/// isolated position.
enum LiquidationScope: Equatable {
    case crossed
    case isolated(MarketID, PositionSide)
}

/// What a forced order pays instead of a commission: nothing without a scope, when the insurance fund offers what it has.
struct LiquidationCharge {
    var place: FuturesPlace = 0
    var scope: LiquidationScope?
    var rate = Rate.zero
    var paid = Units.zero
}

/// Closes positions that no longer cover their maintenance.
extension Engine {
    /// The most that insurance gets of what a liquidation sells.
    private static let liquidationFee = Rate(1_250_000)
    private static let callRatio = Units(80_000_000)

    /// Checks every account that a mark, a fill or a funding has moved, the lowest id first, until none is left.
    mutating func checkFutures() {
        while futures.hasDue {
            let place = futures.takeDue()
            checkFuturesAccount(place)
            watchFutures(place)
        }
    }

    private mutating func checkFuturesAccount(_ place: FuturesPlace) {
        for entry in futures[place].entries where entry.marginType == .isolated {
            for side in futures[place].sides {
                let scope = LiquidationScope.isolated(entry.market, side)
                if isShort(scope, of: place) { liquidate(scope, of: place) }
            }
        }
        if isShort(.crossed, of: place) { liquidate(.crossed, of: place) }
        for index in futures[place].entries.indices { callIsolated(index, of: place) }
        callCrossed(place)
    }

    /// Warns of isolated positions whose margin ratio has come to 0.8 from below.
    private mutating func callIsolated(_ index: Int, of place: FuturesPlace) {
        let entry = futures[place].entries[index]
        var called: UInt8 = 0
        for side in futures[place].sides where entry.marginType == .isolated && entry[side].isOpen {
            let (balance, maintenance) = standing(.isolated(entry.market, side), of: place)
            let ratio = Self.marginRatio(maintenance, balance)
            guard ratio >= Self.callRatio else { continue }
            let bit: UInt8 = 1 << FuturesEntry.index(side)
            called |= bit
            if entry.called & bit == 0 { call(place, ratio, [position(place, entry, side)]) }
        }
        if called != entry.called { futures.change(place) { $0.entries[index].called = called } }
    }

    /// Warns when the margin ratio of the crossed positions has come to 0.8 from below.
    private mutating func callCrossed(_ place: FuturesPlace) {
        let totals = totals(of: place)
        let ratio = Self.marginRatio(totals.crossMaintenance, totals.crossBalance)
        let isCalled = ratio >= Self.callRatio
        guard isCalled != futures[place].isCalled else { return }
        futures.change(place) { $0.isCalled = isCalled }
        if isCalled { call(place, ratio, crossedPositions(place)) }
    }

    private mutating func call(_ place: FuturesPlace, _ ratio: Units, _ positions: [Position]) {
        log.append(
            .futuresMarginCalled(
                FuturesMarginCall(account: futures[place].account, ratio: ratio, positions: positions)))
    }

    /// Maintenance over margin balance, in parts of 10^8, rounded up; zero without maintenance.
    static func marginRatio(_ maintenance: Units, _ balance: Units) -> Units {
        guard maintenance > .zero else { return .zero }
        guard balance > .zero else { return Units(Int128(Rate.scale) * 1_000_000) }
        let (scaled, divisor) = (Wide(maintenance, times: UInt128(Rate.scale)), Wide(UInt128(balance.raw)))
        return ((scaled + divisor - Wide(1)) / divisor).units
    }

    /// What stands behind a scope, and what must remain of it.
    private func standing(_ scope: LiquidationScope, of place: FuturesPlace) -> (balance: Units, maintenance: Units) {
        switch scope {
        case .crossed:
            let totals = totals(of: place)
            return (totals.crossBalance, totals.crossMaintenance)
        case .isolated(let market, let side):
            let holding = entry(place, market)[side]
            guard holding.isOpen else { return (.zero, .zero) }
            let notional = notional(holding, at: valuation(market), market)
            return (
                holding.isolated + profit(holding, at: notional, market), brackets(market).maintenance(of: notional)
            )
        }
    }

    private func isShort(_ scope: LiquidationScope, of place: FuturesPlace) -> Bool {
        let (balance, maintenance) = standing(scope, of: place)
        return balance < maintenance
    }

    private mutating func liquidate(_ scope: LiquidationScope, of place: FuturesPlace) {
        guard worst(scope, of: place) != nil else { return }
        cancelOrders(in: scope, of: place)
        while isShort(scope, of: place), let (market, side) = worst(scope, of: place) {
            if step(market, side, scope, of: place) { continue }
            // What the books did not take of this position the fund does, if it is still too much.
            guard isShort(scope, of: place), entry(place, market)[side].isOpen else { continue }
            takeOver(market, side, scope, of: place)
        }
    }

    private mutating func cancelOrders(in scope: LiquidationScope, of place: FuturesPlace) {
        let account = futures[place].account
        switch scope {
        case .isolated(let market, _): cancelAll(of: account, .futures, market)
        case .crossed:
            for market in futures.markets where entry(place, market).marginType == .crossed {
                cancelAll(of: account, .futures, market)
            }
        }
    }

    /// The position to be reduced next, nil while its market does not trade: the one with the greatest maintenance; of
    /// two on one market, the one with the greater loss.
    private func worst(_ scope: LiquidationScope, of place: FuturesPlace) -> (MarketID, PositionSide)? {
        if case .isolated(let market, let side) = scope {
            return entry(place, market)[side].isOpen && isTrading(market) ? (market, side) : nil
        }
        var found: (market: MarketID, side: PositionSide, maintenance: Units, profit: Units)?
        for entry in futures[place].entries where entry.marginType == .crossed {
            for side in futures[place].sides where entry[side].isOpen {
                let notional = notional(entry[side], at: valuation(entry.market), entry.market)
                let maintenance = brackets(entry.market).maintenance(of: notional)
                let profit = profit(entry[side], at: notional, entry.market)
                guard let known = found else {
                    found = (entry.market, side, maintenance, profit)
                    continue
                }
                let isWorse =
                    known.market == entry.market ? profit < known.profit : maintenance > known.maintenance
                if isWorse { found = (entry.market, side, maintenance, profit) }
            }
        }
        guard let found, isTrading(found.market) else { return nil }
        return (found.market, found.side)
    }

    /// What stands behind one position alone: the wallet less the maintenance of the others, with their profit.
    private func backing(
        _ market: MarketID, _ side: PositionSide, _ scope: LiquidationScope, of place: FuturesPlace
    ) -> Units {
        let holding = entry(place, market)[side]
        guard scope == .crossed else { return holding.isolated }
        let totals = totals(of: place)
        let notional = notional(holding, at: valuation(market), market)
        return totals.crossBalance - profit(holding, at: notional, market)
            - (totals.crossMaintenance - brackets(market).maintenance(of: notional))
    }

    /// Entry - d × backing / quantity, to the tick in the owner's favour, at least one.
    private func bankruptcyPrice(
        _ market: MarketID, _ side: PositionSide, _ scope: LiquidationScope, of place: FuturesPlace
    ) -> Ticks {
        let holding = entry(place, market)[side]
        let backing = backing(market, side, scope, of: place)
        let perTick = Int128(holding.size.raw) * Int128(rules(market).pointee.scale.quoteUnitsPerTickStep)
        let value = max(0, holding.isLong ? (holding.cost - backing).raw : (holding.cost + backing).raw)
        let ticks = holding.isLong ? (value + perTick - 1) / perTick : value / perTick
        return Ticks(Int64(clamping: max(1, min(ticks, Int128(Limits.orderMagnitude)))))
    }

    /// Sells down to the row below, immediate or cancel at the bankruptcy price. Returns whether it was filled.
    private mutating func step(
        _ market: MarketID, _ side: PositionSide, _ scope: LiquidationScope, of place: FuturesPlace
    ) -> Bool {
        let account = futures[place].account
        let holding = entry(place, market)[side]
        let scale = rules(market).pointee.scale
        let notional = notional(holding, at: valuation(market), market)
        let row = brackets(market).row(of: notional)
        let perStep = Int128(valuation(market).raw) * Int128(scale.quoteUnitsPerTickStep)
        let excess = (notional - row.floor).raw
        let quantity =
            row.floor == .zero ? holding.size : min(holding.size, Steps(Int64((excess + perStep - 1) / perStep)))
        let price = bankruptcyPrice(market, side, scope, of: place)
        let orderSide: Side = holding.isLong ? .sell : .buy
        let limit = BookSide.key(of: price, against: orderSide)
        guard limit <= marketSlots[market.index].bestKey(against: orderSide) else { return false }
        let charge = LiquidationCharge(
            place: place, scope: scope, rate: Rate(min(Self.liquidationFee.raw, row.maintenance.raw / 2)))
        let (done, fee) = force(account, market, side, orderSide, price, quantity, charge)
        log.append(
            .orderForced(
                ForcedOrder(
                    order: done.id, account: account, market: market, side: orderSide, price: price,
                    quantity: quantity, executed: done.executed, executedNotional: done.executedNotional, fee: fee,
                    time: now)))
        return done.executed == quantity
    }

    /// The fee of one fill of a liquidation, as far as margin balance and wallet last.
    mutating func chargeLiquidation(_ notional: Units, _ market: MarketID, _ fill: FillReference) {
        guard let charge = forced, let scope = charge.scope else { return }
        let (balance, _) = standing(scope, of: charge.place)
        let wallet = futuresWallet(futures[charge.place].account)
        let fee = min(charge.rate.roundedUp(of: notional), balance, ledger.balance(wallet).free)
        guard fee > .zero else { return }
        ledger.post(fee, to: .insurance, wallet.asset)
        book(-fee, wallet, market, .insuranceClear, fill)
        forced?.paid += fee
    }

    /// An order of the exchange's own will, immediate or cancel and without commission. Returns it as it ended, and the
    /// fees that its fills came to.
    private mutating func force(
        _ account: AccountID, _ market: MarketID, _ positionSide: PositionSide, _ side: Side, _ price: Ticks,
        _ quantity: Steps, _ charge: LiquidationCharge
    ) -> (OrderState, fee: Units) {
        let slot = marketSlots + market.index
        lastOrderID += 1
        let place = pool.take()
        let order = pool.states.base + Int(place)
        order.pointee = OrderState(
            id: OrderID(lastOrderID), account: account, market: market, wallet: .futures, side: side, type: .limit,
            timeInForce: .ioc, selfTradePrevention: .expireMaker, status: .new, price: price, quantity: quantity,
            executed: .zero, executedNotional: .zero, quoteQuantity: .zero, clientOrderID: .none, createdAt: now,
            updatedAt: now)
        order.pointee.particulars = OrderState.particulars(
            of: PlaceFuturesOrder(
                PlaceOrder(
                    account: account, market: market, wallet: .futures, side: side,
                    terms: .market(quantity: quantity)),
                positionSide: positionSide))
        log.reserve(.accepted, OrderState.self).pointee = order.pointee
        let admission = Admission(
            type: .limit, timeInForce: .ioc, price: price, quantity: quantity, quoteQuantity: .zero,
            limit: BookSide.key(of: price, against: side), needed: .zero)
        forced = charge
        _ = trade(place, admission, crosses: true, isEnlisted: false, slot)
        let fee = forced?.paid ?? .zero
        forced = nil
        let done = order.pointee
        expireReducing()
        if let market = triggersDue { fireTriggers(of: market) }
        return (done, fee)
    }

    /// Brings what is left of a position to the insurance fund at the bankruptcy price; to those who stand on the
    /// other side, when the fund could not stand it.
    private mutating func takeOver(
        _ market: MarketID, _ side: PositionSide, _ scope: LiquidationScope, of place: FuturesPlace
    ) {
        let account = futures[place].account
        let holding = entry(place, market)[side]
        let price = bankruptcyPrice(market, side, scope, of: place)
        let atMark = profit(holding, at: notional(holding, at: valuation(market), market), market)
        let deficit = -(backing(market, side, scope, of: place) + atMark)
        let orderSide: Side = holding.isLong ? .sell : .buy
        var left = holding.size
        if deficit > fundBacking { left = deleverage(holding, market, price, left, besides: account) }
        let deleveraged = holding.size - left
        let wallet = futuresWallet(account)
        let free = ledger.balance(wallet).free
        if deleveraged > .zero {
            move(account, market, side, orderSide, deleveraged, price, .zero, nil)
            logDeleveraging(account, market, side, price, deleveraged, isBankrupt: true)
        }
        if left > .zero {
            move(account, market, side, orderSide, left, price, .zero, nil)
            moveFund(market, orderSide.opposite, left, price)
        }
        expireReducing()
        // What the rounding to a tick left of the margin that stood behind it.
        let rest: Units =
            switch scope {
            case .isolated: ledger.balance(wallet).free - free
            case .crossed: hasCrossedPositions(place) ? .zero : ledger.balance(wallet).free
            }
        guard rest > .zero else { return }
        ledger.post(rest, to: .insurance, wallet.asset)
        book(-rest, wallet, market, .insuranceClear, nil)
    }

    private func crossedPositions(_ place: FuturesPlace) -> [Position] {
        futures[place].entries.filter { $0.marginType == .crossed }.flatMap { entry in
            futures[place].sides.filter { entry[$0].isOpen }.map { position(place, entry, $0) }
        }
    }

    private func isTrading(_ market: MarketID) -> Bool { marketRules[market.index].status == .trading }

    /// A market trades again: who was due while it did not is due now.
    mutating func noteHolders(of market: MarketID) {
        for place in 1..<FuturesPlace(futures.accounts.count + 1) where futures[place].index(of: market) != nil {
            futures.note(place)
        }
    }

    private func hasCrossedPositions(_ place: FuturesPlace) -> Bool {
        futures[place].entries.contains { $0.marginType == .crossed && !$0.isFlat }
    }

    /// What the insurance fund has, with what its positions would bring at mark.
    private var fundBacking: Units {
        guard let asset = margin.settlementAsset else { return .zero }
        return futures.markets.reduce(max(.zero, ledger.house(.insurance, asset))) { sum, market in
            let fund = marketSlots[market.index].perpetual.fund
            return fund.isOpen ? sum + profit(fund, at: notional(fund, at: valuation(market), market), market) : sum
        }
    }

    /// Moves the insurance fund's own position; its profit and loss are insurance's.
    mutating func moveFund(_ market: MarketID, _ side: Side, _ quantity: Steps, _ price: Ticks) {
        guard let asset = margin.settlementAsset else { return }
        let slot = marketSlots + market.index
        let before = slot.pointee.perpetual.fund
        let (after, realized) = moved(before, side, quantity, price, market)
        slot.pointee.perpetual.fund = after
        slot.pointee.perpetual.openInterest += max(.zero, after.quantity) - max(.zero, before.quantity)
        ledger.post(before.signedCost - after.signedCost, to: .clearing, asset)
        insure(realized, asset)
    }

    /// Posts to insurance; what it does not have the house's fees pay: insurance is never negative.
    mutating func insure(_ amount: Units, _ asset: AssetID) {
        let insured = max(amount, -max(.zero, ledger.house(.insurance, asset)))
        ledger.post(insured, to: .insurance, asset)
        ledger.post(amount - insured, to: .fees, asset)
    }

    /// What the fund has taken over is offered each second within 1 % of the mark.
    mutating func offerFund() {
        for market in futures.markets {
            let fund = marketSlots[market.index].perpetual.fund
            let mark = Int128(marketSlots[market.index].perpetual.mark.raw)
            guard fund.isOpen, mark > 0, isTrading(market) else { continue }
            let side: Side = fund.isLong ? .sell : .buy
            let price = Ticks(Int64(clamping: side == .sell ? (mark * 99 + 99) / 100 : mark * 101 / 100))
            let limit = BookSide.key(of: price, against: side)
            guard limit <= marketSlots[market.index].bestKey(against: side) else { continue }
            _ = force(AccountID(0), market, .both, side, price, fund.size, LiquidationCharge())
        }
    }

    /// Puts an account on watch for the marks at which it could fall short of its maintenance, or come to a ratio of
    /// 0.8: as margin accounts watch for index prices. A mark that moves by one changes a long position's margin by its
    /// size, and a short one's by no more than one and a half of it, its maintenance included.
    mutating func watchFutures(_ place: FuturesPlace) {
        futures.renewWatch(place)
        let account = futures[place]
        let totals = totals(of: place)
        var crossed: [(MarketID, Holding)] = []
        for entry in account.entries {
            for side in account.sides where entry[side].isOpen {
                switch entry.marginType {
                case .crossed: crossed.append((entry.market, entry[side]))
                case .isolated:
                    let (balance, maintenance) = standing(.isolated(entry.market, side), of: place)
                    let isCalled = entry.called & 1 << FuturesEntry.index(side) != 0
                    watch(
                        place, entry.market, entry[side],
                        distance: Self.watchDistance(balance, maintenance, isCalled: isCalled), shares: 1,
                        isBoth: isCalled)
                }
            }
        }
        let distance = Self.watchDistance(totals.crossBalance, totals.crossMaintenance, isCalled: account.isCalled)
        for (market, holding) in crossed {
            watch(
                place, market, holding, distance: distance, shares: Int128(crossed.count),
                isBoth: account.isCalled)
        }
    }

    /// By how much balance and maintenance may come nearer to each other, or while a call stands farther from each other,
    /// before there is something to do.
    private static func watchDistance(_ balance: Units, _ maintenance: Units, isCalled: Bool) -> Units {
        let toLiquidation = balance - maintenance
        // 0.8 × balance - maintenance, above zero while no call is made.
        let toCall = Units(balance.raw * 4 / 5) - maintenance
        return max(.zero, min(toLiquidation, isCalled ? max(.zero, -toCall - Units(1)) : toCall))
    }

    private mutating func watch(
        _ place: FuturesPlace, _ market: MarketID, _ holding: Holding, distance: Units, shares: Int128, isBoth: Bool
    ) {
        let price = valuation(market)
        let perTick = Int128(holding.size.raw) * Int128(rules(market).pointee.scale.quoteUnitsPerTickStep)
        // One and a half for maintenance that grows with the mark.
        let move = Int64(clamping: max(1, max(.zero, distance).raw * 2 / (3 * perTick * shares)))
        let (above, overflow) = price.raw.addingReportingOverflow(move)
        if holding.isLong || isBoth { futures.watch(place, market, at: max(0, price.raw - move), isFalling: true) }
        if (!holding.isLong || isBoth) && !overflow {
            futures.watch(place, market, at: above, isFalling: false)
        }
    }
}
