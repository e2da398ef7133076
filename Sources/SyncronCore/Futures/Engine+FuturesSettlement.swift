/// What a trade on a perpetual does to one of the two.
extension Engine {
    /// Turns what matching did on a perpetual into positions, money and events.
    mutating func settleFutures(_ taker: UnsafeMutablePointer<OrderState>, _ market: UnsafeMutablePointer<MarketSlot>) {
        let rules = rules(taker.pointee.market)
        for index in 0..<matches.count {
            let match = matches.base[index]
            switch match.kind {
            case .trade:
                tradeFutures(match, taker, market, rules)
            case .expiry: expire(match.maker, market)
            case .lapse:
                logEnd(of: match.maker, .expired)
                delist(match.maker, market)
            case .level:
                log.append(
                    level: match.quantity, at: match.price, of: taker.pointee.side.opposite, taker.pointee.market)
            }
        }
    }

    private mutating func tradeFutures(
        _ match: Match, _ taker: UnsafeMutablePointer<OrderState>, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) {
        let maker = pool.states.base + Int(match.maker)
        let (price, quantity) = (match.price, match.quantity)
        let notional = rules.pointee.scale.existingNotional(price, quantity)
        let makerCommission = rate(.maker, of: maker.pointee.account, rules).roundedUp(of: notional)
        let takerCommission =
            forced != nil ? .zero : rate(.taker, of: taker.pointee.account, rules).roundedUp(of: notional)
        market.pointee.lastTradeID += 1
        market.pointee.lastPrice = price
        market.pointee.average.add(price, quantity, at: now)
        followLastPrice(price, market)
        let id = TradeID(market.pointee.lastTradeID)
        let key = Self.orderKey(maker.pointee.id)
        orderDigest &+= key &* UInt64(bitPattern: quantity.raw)
        orderDigest &+= (key << 1 | 1) &* UInt64(truncatingIfNeeded: notional.raw)
        logFill(
            of: maker, id, price, quantity, notional, makerCommission, rules.pointee.quote, .maker,
            status: maker.pointee.executed + quantity == maker.pointee.quantity ? .filled : .partiallyFilled)
        let trade = log.reserve(.traded, Trade.self)
        trade.pointee = Trade(
            market: taker.pointee.market, id: id, price: price, quantity: quantity, notional: notional,
            takerSide: taker.pointee.side, makerOrder: maker.pointee.id, takerOrder: taker.pointee.id,
            makerAccount: maker.pointee.account, takerAccount: taker.pointee.account, makerWallet: .futures,
            takerWallet: .futures, makerCommission: makerCommission, takerCommission: takerCommission, time: now)
        logFill(
            of: taker, id, price, quantity, notional, takerCommission, rules.pointee.quote, .taker,
            status: taker.pointee.executed + quantity == taker.pointee.quantity ? .filled : .partiallyFilled)
        let made = maker.pointee
        if match.isGone {
            if made.executed < made.quantity {
                // It may only reduce, and there is nothing left to reduce.
                logEnd(of: match.maker, .expired)
            }
            delist(match.maker, market)
        }
        move(
            made.account, made.market, made.positionSide, made.side, quantity, price, makerCommission,
            FillReference(id, .maker))
        let taken = taker.pointee
        // The account of nobody is the insurance fund's.
        if taken.account == AccountID(0) { return moveFund(taken.market, taken.side, quantity, price) }
        let fill = FillReference(id, .taker)
        move(taken.account, taken.market, taken.positionSide, taken.side, quantity, price, takerCommission, fill)
        chargeLiquidation(notional, taken.market, fill)
    }

    /// Moves a position by one fill: what it closes realises its profit, what it opens adds to the cost.
    ///
    /// Closing c of q realises d · c × price - cost × c / q, rounded down, and takes from the cost basis what is left,
    /// so that the basis stays whole and the postings sum to zero: the wallet gains what `clearing` loses, both sides
    /// of the trade together.
    mutating func move(
        _ account: AccountID, _ market: MarketID, _ positionSide: PositionSide, _ side: Side, _ quantity: Steps,
        _ price: Ticks, _ commission: Units, _ fill: FillReference?
    ) {
        settleFunding(of: account)
        let place = futures.open(account)
        let wallet = futuresWallet(account)
        var entry = entry(place, market)
        let before = entry[positionSide]
        var (after, realized) = moved(before, side, quantity, price, market)
        let opened = after.size - max(.zero, before.isLong == after.isLong ? before.size : .zero)
        if opened > .zero { after.fees += Self.share(commission, opened, of: quantity, isRoundedUp: false) }
        after.updatedAt = now
        entry[positionSide] = after
        changeEntry(place, market) { $0 = entry }
        noteSize(account, market, positionSide, before, after)
        let returned = before.isolated - after.isolated
        if returned > .zero { ledger.hold(-returned, of: wallet) }
        // What was opened counts as its notional, what was closed as its basis; the difference is the profit.
        ledger.post(before.signedCost - after.signedCost, to: .clearing, wallet.asset)
        book(realized, wallet, market, .realizedProfit, fill)
        if commission > .zero { ledger.post(commission, to: .fees, wallet.asset) }
        book(-commission, wallet, market, .commission, fill)
        if opened > .zero && entry.marginType == .isolated {
            let wanted = Self.byLeverage(
                rules(market).pointee.scale.existingNotional(price, opened), entry.leverage)
            makeFree(wanted, wallet)
            let moved = min(wanted, ledger.balance(wallet).free)
            ledger.hold(moved, of: wallet)
            changeEntry(place, market) { $0[positionSide].isolated += moved }
        }
        futures.note(place)
        logPosition(place, market, positionSide)
    }

    /// A position after a fill, and what it realised.
    func moved(
        _ before: Holding, _ side: Side, _ quantity: Steps, _ price: Ticks, _ market: MarketID
    ) -> (Holding, realized: Units) {
        let scale = rules(market).pointee.scale
        var after = before
        var realized = Units.zero
        let isOpposite = before.isOpen && before.isLong != (side == .buy)
        let closed = isOpposite ? min(before.size, quantity) : .zero
        let opened = quantity - closed
        if closed > .zero {
            realized = Self.close(closed, for: scale.existingNotional(price, closed), of: &after)
        }
        after.cost += scale.existingNotional(price, opened)
        after.quantity += side == .buy ? quantity : Steps(-quantity.raw)
        return (after, realized)
    }

    /// Takes from a position what belongs to a part of it that is closed for so much, but for its quantity. Returns what
    /// that realises.
    static func close(_ closed: Steps, for notional: Units, of holding: inout Holding) -> Units {
        let size = holding.size
        let basis = share(holding.cost, closed, of: size, isRoundedUp: holding.isLong)
        holding.cost -= basis
        holding.isolated -= share(holding.isolated, closed, of: size, isRoundedUp: false)
        holding.fees -= share(holding.fees, closed, of: size, isRoundedUp: false)
        return holding.isLong ? notional - basis : basis - notional
    }

    /// `amount` × part / whole.
    static func share(_ amount: Units, _ part: Steps, of whole: Steps, isRoundedUp: Bool) -> Units {
        if part == whole { return amount }
        let product = Wide(amount, times: UInt128(part.raw))
        let divisor = Wide(UInt128(whole.raw))
        return ((isRoundedUp ? product + divisor - Wide(1) : product) / divisor).units
    }

    /// Posts income to a futures wallet, which is never negative. What it cannot pay is realised of the profit that the
    /// account's crossed positions have at mark, and then taken from what is set aside for its positions on that market;
    /// what is lacking then insurance pays, and last the house's fees.
    mutating func book(
        _ amount: Units, _ wallet: BalanceKey, _ market: MarketID, _ kind: Income.Kind, _ fill: FillReference?
    ) {
        guard amount != .zero else { return }
        log.append(.incomeBooked(income(amount, wallet, market, kind, fill)))
        var lack = -(ledger.balance(wallet).free + amount)
        guard lack > .zero else { return ledger.post(amount, to: .free, of: wallet) }
        ledger.post(amount + lack, to: .free, of: wallet)
        lack -= realizeProfit(lack, wallet)
        if lack > .zero { lack -= takeIsolated(lack, wallet, market) }
        guard lack > .zero else { return }
        log.append(.incomeBooked(income(lack, wallet, market, .insuranceClear, fill)))
        insure(-lack, wallet.asset)
    }

    /// Realises as much profit of crossed positions as the wallet lacks of an amount.
    mutating func makeFree(_ amount: Units, _ wallet: BalanceKey) {
        let lack = amount - ledger.balance(wallet).free
        guard lack > .zero else { return }
        let realized = realizeProfit(lack, wallet)
        ledger.post(realized, to: .free, of: wallet)
    }

    /// Takes so much, or what there is, from the profit of crossed positions by moving their cost basis towards the mark,
    /// the largest profit first. The margin balance stays as it is. Returns what it came to.
    private mutating func realizeProfit(_ wanted: Units, _ wallet: BalanceKey) -> Units {
        let place = futures.place(of: wallet.account)
        var taken = Units.zero
        while place != 0, taken < wanted, let (market, side, profit) = mostProfitable(place) {
            let part = min(wanted - taken, profit)
            var entry = entry(place, market)
            entry[side].cost += entry[side].isLong ? part : -part
            entry[side].updatedAt = now
            changeEntry(place, market) { $0 = entry }
            ledger.post(-part, to: .clearing, wallet.asset)
            log.append(.incomeBooked(income(part, wallet, market, .realizedProfit, nil)))
            logPosition(place, market, side)
            taken += part
        }
        return taken
    }

    /// Pays so much, or what there is, with what is set aside for isolated positions on a market.
    private mutating func takeIsolated(_ wanted: Units, _ wallet: BalanceKey, _ market: MarketID) -> Units {
        let place = futures.place(of: wallet.account)
        var taken = Units.zero
        for side in place == 0 ? [] : futures[place].sides {
            var entry = entry(place, market)
            let part = min(wanted - taken, entry[side].isolated)
            guard part > .zero else { continue }
            entry[side].isolated -= part
            entry[side].updatedAt = now
            changeEntry(place, market) { $0 = entry }
            ledger.post(-part, to: .held, of: wallet)
            logPosition(place, market, side)
            taken += part
        }
        return taken
    }

    private func mostProfitable(_ place: FuturesPlace) -> (MarketID, PositionSide, Units)? {
        var found: (MarketID, PositionSide, profit: Units)?
        for entry in futures[place].entries where entry.marginType == .crossed {
            for side in futures[place].sides where entry[side].isOpen {
                let notional = notional(entry[side], at: valuation(entry.market), entry.market)
                let profit = profit(entry[side], at: notional, entry.market)
                if profit > found?.profit ?? .zero { found = (entry.market, side, profit) }
            }
        }
        return found
    }

    private mutating func income(
        _ amount: Units, _ wallet: BalanceKey, _ market: MarketID, _ kind: Income.Kind, _ fill: FillReference?
    ) -> Income {
        // All of one funding is paid as of its instant, whenever an account has its turn.
        let instant = now.milliseconds - now.milliseconds % FundingRate.interval
        return Income(
            id: register.takeTransactionID(), account: wallet.account, market: market, kind: kind, amount: amount,
            fill: fill, time: kind == .funding ? Timestamp(milliseconds: instant) : now)
    }

    /// Keeps what depends on a position's size: open interest, and how much resting orders may reduce.
    mutating func noteSize(
        _ account: AccountID, _ market: MarketID, _ side: PositionSide, _ before: Holding, _ after: Holding
    ) {
        let slot = marketSlots + market.index
        slot.pointee.perpetual.openInterest += max(.zero, after.quantity) - max(.zero, before.quantity)
        slot.pointee.perpetual.reducible[PerpetualState.counter(account, side)] = after.quantity.raw
        if before.isOpen && (!after.isOpen || before.isLong != after.isLong) {
            expireReducing(account, market, side)
        }
    }

    /// Ends the resting orders that could only reduce a position that is closed.
    private mutating func expireReducing(_ account: AccountID, _ market: MarketID, _ side: PositionSide) {
        var ids: [OrderID] = []
        var slot = accountSlots[account.raw].firstOrder
        while slot != 0 {
            let order = pool.states.base + Int(slot)
            if order.pointee.market == market && order.pointee.wallet == .futures && order.pointee.reduces
                && order.pointee.positionSide == side && order.pointee.status != .pendingTrigger
            {
                ids.append(order.pointee.id)
            }
            slot = pool.orders[slot].accountNext
        }
        expiring += ids
    }
}
