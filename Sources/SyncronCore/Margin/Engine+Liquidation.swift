/// What is sold or bought back next of a margin wallet in liquidation.
private struct Forced {
    /// What is given away.
    var holding: AssetID
    var market: MarketID
    var side: Side
    var price: Ticks
    var quantity: Steps
}

/// Sells the collateral of margin wallets that no longer cover their debts, and buys the debts back.
extension Engine {
    /// How far from the index a forced order may go, in percent, and what insurance gets of its notional.
    private static let reach: Int128 = 2
    private static let fee = Rate(2_000_000)

    /// One pass over an account: everything that the books take now. It ends when the collateral level is back at the
    /// borrow threshold, or there is nothing left to sell and insurance has paid; else the account stays as it is
    /// until the next second.
    mutating func liquidate(_ place: MarginPlace) {
        let account = margin[place].account
        set(.liquidating, of: place, levels(of: place))
        cancelAll(of: account, .margin, nil)
        net(place)
        var exhausted = Set<AssetID>()
        while true {
            let levels = levels(of: place)
            if !levels.hasDebt || levels.isCollateral(atLeast: borrowThreshold(of: place)) {
                release(place)
                break
            }
            guard let forced = nextForced(place, levels, besides: exhausted) else {
                if !hasAnythingToSell(place) {
                    payFromInsurance(place)
                    release(place)
                }
                break
            }
            if !carryOut(forced, of: place) { exhausted.insert(forced.holding) }
        }
    }

    private mutating func release(_ place: MarginPlace) {
        set(.normal, of: place, levels(of: place))
        margin.note(place)
    }

    /// Those that could not be helped so far are tried again.
    mutating func retryLiquidations() {
        for place in margin.liquidating { liquidate(place) }
    }

    /// What is free of an asset repays what is owed of it.
    private mutating func net(_ place: MarginPlace) {
        for asset in margin[place].debts.indices where !margin[place].debts[asset].isNone {
            repay(AssetID(UInt16(asset)), of: place, atMost: Limits.assetSupply, .liquidation)
        }
    }

    private func free(_ asset: AssetID, of place: MarginPlace) -> Units {
        ledger.balance(BalanceKey(account: margin[place].account, wallet: .margin, asset: asset)).free
    }

    /// The largest holding that can be given away now.
    private func nextForced(
        _ place: MarginPlace, _ levels: MarginLevels, besides exhausted: Set<AssetID>
    ) -> Forced? {
        let holdings = byValue { exhausted.contains($0) ? .zero : free($0, of: place) }
        for holding in holdings {
            let forced =
                holding == margin.settlementAsset
                ? purchase(place, levels, holding) : sale(place, levels, holding)
            if let forced { return forced }
        }
        return nil
    }

    /// The market where an asset is forced, while it trades.
    private func forcedMarket(_ asset: AssetID) -> MarketID? {
        guard margin.index[asset.index].factor > 0, let market = margin.index[asset.index].market,
            rules(market).pointee.status == .trading
        else { return nil }
        return market
    }

    private func sale(_ place: MarginPlace, _ levels: MarginLevels, _ asset: AssetID) -> Forced? {
        guard let market = forcedMarket(asset), let settlement = margin.settlementAsset else { return nil }
        let rules = rules(market)
        let scale = rules.pointee.scale
        let holding = Steps(
            Int64(clamping: free(asset, of: place).raw / Int128(scale.baseUnitsPerStep)))
        let most = min(holding, rules.pointee.filters.maxQuantity)
        guard most > .zero, let price = forcedPrice(asset, market, .sell), crosses(price, .sell, market)
        else { return nil }
        let rate = rate(.taker, of: margin[place].account, rules)
        let owed = margin[place].debt(settlement).owed
        func proceeds(_ quantity: Steps) -> Units {
            let notional = scale.existingNotional(price, quantity)
            return max(.zero, notional - rate.roundedUp(of: notional) - Self.fee.roundedUp(of: notional))
        }
        func isRestored(_ quantity: Steps) -> Bool {
            let received = proceeds(quantity)
            let repaid = min(owed, received)
            var after = levels
            after.remove(
                scale.existingBase(quantity), margin.index[asset.index].factor, collateralRatio(of: asset))
            let unit = margin.index[settlement.index].factor
            after.add(received - repaid, unit, collateralRatio(of: settlement))
            after.debt = after.debt - Wide(repaid, times: unit)
            return after.isCollateral(atLeast: borrowThreshold(of: place))
        }
        // Up to where the debt in the settlement asset is paid, each step helps; beyond, it depends on the ratios.
        let turn = Self.least(upTo: most) { proceeds($0) >= owed } ?? most
        let quantity =
            isRestored(turn)
            ? Self.least(upTo: turn, where: isRestored)
            : Self.least(from: turn, upTo: most, where: isRestored)
        return Forced(holding: asset, market: market, side: .sell, price: price, quantity: quantity ?? most)
    }

    /// Buys back the largest debt.
    private func purchase(_ place: MarginPlace, _ levels: MarginLevels, _ settlement: AssetID) -> Forced? {
        for asset in debtsByValue(place) {
            guard let market = forcedMarket(asset) else { continue }
            guard let price = forcedPrice(asset, market, .buy), crosses(price, .buy, market) else { return nil }
            let rules = rules(market)
            let scale = rules.pointee.scale
            let rate = rate(.taker, of: margin[place].account, rules)
            let owed = margin[place].debt(asset).owed
            func received(_ quantity: Steps) -> Units {
                let base = scale.existingBase(quantity)
                return base - rate.roundedUp(of: base)
            }
            let affordable = affordable(free(settlement, of: place), at: price, scale)
            let bound = min(affordable, rules.pointee.filters.maxQuantity)
            guard bound > .zero else { continue }
            let most = Self.least(upTo: bound) { received($0) >= owed } ?? bound
            let unit = margin.index[asset.index].factor
            func isRestored(_ quantity: Steps) -> Bool {
                let repaid = min(owed, received(quantity))
                var after = levels
                after.remove(
                    cost(quantity, at: price, scale), margin.index[settlement.index].factor,
                    collateralRatio(of: settlement))
                after.add(received(quantity) - repaid, unit, collateralRatio(of: asset))
                after.debt = after.debt - Wide(repaid, times: unit)
                return after.isCollateral(atLeast: borrowThreshold(of: place))
            }
            return Forced(
                holding: settlement, market: market, side: .buy, price: price,
                quantity: Self.least(upTo: most, where: isRestored) ?? most)
        }
        return nil
    }

    /// Debts in other assets than the settlement asset, the largest by value first.
    private func debtsByValue(_ place: MarginPlace) -> [AssetID] {
        byValue { $0 == margin.settlementAsset ? .zero : margin[place].debt($0).owed }
    }

    /// The assets of which there is something, the largest by value first.
    private func byValue(_ amount: (AssetID) -> Units) -> [AssetID] {
        var ranked: [(asset: AssetID, value: Wide)] = []
        for index in assets.indices {
            let asset = AssetID(UInt16(index))
            let amount = amount(asset)
            if amount > .zero { ranked.append((asset, Wide(amount, times: margin.index[index].factor))) }
        }
        // Assets of one value keep their order.
        ranked.sort { a, b in a.value == b.value ? a.asset.raw < b.asset.raw : a.value > b.value }
        return ranked.map { $0.asset }
    }

    /// What a purchase takes, with the fee.
    private func cost(_ quantity: Steps, at price: Ticks, _ scale: MarketScale) -> Units {
        let notional = scale.existingNotional(price, quantity)
        return notional + Self.fee.roundedUp(of: notional)
    }

    private func affordable(_ funds: Units, at price: Ticks, _ scale: MarketScale) -> Steps {
        let perStep = Int128(price.raw) * Int128(scale.quoteUnitsPerTickStep)
        let bound = Steps(Int64(clamping: min(funds.raw / perStep, Int128(Limits.orderMagnitude))))
        let tooMuch = Self.least(upTo: bound) { cost($0, at: price, scale) > funds }
        return tooMuch.map { $0 - Steps(1) } ?? bound
    }

    /// The least quantity from `first` to `last` for which a condition holds that holds for all larger ones.
    private static func least(
        from first: Steps = Steps(1), upTo last: Steps, where holds: (Steps) -> Bool
    ) -> Steps? {
        guard first <= last, holds(last) else { return nil }
        var (low, high) = (first.raw, last.raw)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(Steps(middle)) { high = middle } else { low = middle + 1 }
        }
        return Steps(low)
    }

    /// 2 % from the index: a sale's limit rounded up to a tick, a purchase's down.
    private func forcedPrice(_ asset: AssetID, _ market: MarketID, _ side: Side) -> Ticks? {
        guard let index = margin.index[asset.index].price else { return nil }
        let (numerator, denominator) = indexPerTick(of: market)
        let (scaled, overflow) = (Int128(index.raw) * (side == .sell ? 100 - Self.reach : 100 + Self.reach))
            .multipliedReportingOverflow(by: denominator)
        guard !overflow else { return nil }
        let tick = numerator * 100
        let ticks = side == .sell ? (scaled + tick - 1) / tick : scaled / tick
        return ticks >= 1 && ticks <= Int128(Limits.orderMagnitude) ? Ticks(Int64(ticks)) : nil
    }

    private func crosses(_ price: Ticks, _ side: Side, _ market: MarketID) -> Bool {
        BookSide.key(of: price, against: side) <= marketSlots[market.index].bestKey(against: side)
    }

    /// Whether anything could be given away if there were someone to take it.
    private func hasAnythingToSell(_ place: MarginPlace) -> Bool {
        assets.indices.contains { index in
            let asset = AssetID(UInt16(index))
            let free = free(asset, of: place)
            guard free > .zero else { return false }
            guard asset == margin.settlementAsset else {
                guard let market = margin.index[index].market else { return false }
                return free.raw >= Int128(rules(market).pointee.scale.baseUnitsPerStep)
            }
            return debtsByValue(place).contains { debt in
                guard let market = margin.index[debt.index].market, let price = forcedPrice(debt, market, .buy)
                else { return false }
                return affordable(free, at: price, rules(market).pointee.scale) > .zero
            }
        }
    }

    /// Places a forced order, immediate or cancel. Returns whether all of it was executed.
    private mutating func carryOut(_ forced: Forced, of place: MarginPlace) -> Bool {
        let account = margin[place].account
        let market = marketSlots + forced.market.index
        let rules = rules(forced.market)
        lastOrderID += 1
        let slot = pool.take()
        let order = pool.states.base + Int(slot)
        order.pointee = OrderState(
            id: OrderID(lastOrderID), account: account, market: forced.market, wallet: .margin, side: forced.side,
            type: .limit, timeInForce: .ioc, selfTradePrevention: .expireMaker, status: .new, price: forced.price,
            quantity: forced.quantity, executed: .zero, executedNotional: .zero, quoteQuantity: .zero,
            clientOrderID: .none, createdAt: now, updatedAt: now)
        log.reserve(.accepted, OrderState.self).pointee = order.pointee
        let admission = Admission(
            type: .limit, timeInForce: .ioc, price: forced.price, quantity: forced.quantity, quoteQuantity: .zero,
            limit: BookSide.key(of: forced.price, against: forced.side), needed: .zero)
        _ = trade(slot, admission, crosses: true, isEnlisted: false, market)
        let done = order.pointee
        if let market = triggersDue { fireTriggers(of: market) }
        let fee = Self.fee.roundedUp(of: done.executedNotional)
        ledger.post(-fee, to: .free, of: BalanceKey(account: account, wallet: .margin, asset: rules.pointee.quote))
        ledger.post(fee, to: .insurance, rules.pointee.quote)
        log.append(
            .orderForced(
                ForcedOrder(
                    order: done.id, account: account, market: forced.market, side: forced.side, price: forced.price,
                    quantity: forced.quantity, executed: done.executed, executedNotional: done.executedNotional,
                    fee: fee, time: now)))
        net(place)
        return done.executed == forced.quantity
    }

    /// Everything is sold and something is owed: insurance pays, as far as it can; the rest is the lenders' loss.
    private mutating func payFromInsurance(_ place: MarginPlace) {
        guard let settlement = margin.settlementAsset else { return }
        for asset in margin[place].debts.indices.map({ AssetID(UInt16($0)) }) {
            let debt = margin[place].debt(asset)
            let factor = margin.index[asset.index].factor
            guard !debt.isNone, factor > 0 else { continue }
            let insured = max(.zero, ledger.house(.insurance, settlement))
            let interest: Units
            let principal: Units
            if asset == settlement {
                interest = min(insured, debt.interest)
                principal = min(insured - interest, debt.borrowed)
            } else {
                let unit = Wide(margin.index[settlement.index].factor)
                interest = .zero
                principal = min(insured, ((Wide(debt.owed, times: factor) + unit - Wide(1)) / unit).units)
            }
            ledger.post(-(interest + principal), to: .insurance, settlement)
            ledger.post(interest, to: .interest, settlement)
            ledger.post(principal, to: .lending, settlement)
            settle(asset, of: place, interest: debt.interest, principal: debt.borrowed, .insurance)
        }
    }
}
