/// What one taker pays and receives over all its fills; posted once, at their end.
private struct TakerSums {
    var quantity = Steps.zero
    var notional = Units.zero
    var commission = Units.zero
    /// Commissions of the makers, who receive the other asset.
    var makerCommission = Units.zero
}

/// Turns what matching did into money and events.
extension Engine {
    mutating func settle(
        _ taker: inout OrderState, _ admission: Admission, _ market: UnsafeMutablePointer<MarketSlot>
    ) {
        let rules = rules(taker.market)
        let takerRate = rules.pointee.commissions[Int(accountSlots[taker.account.raw].commissionTier)].taker
        var sums = TakerSums()
        market.pointee.average.advance(to: now)
        for index in 0..<matches.count {
            let match = matches.base + index
            switch match.pointee.kind {
            case .trade:
                trade(match, &taker, takerRate, admission, market, rules, &sums)
            case .expiry:
                log.append(ended: pool.state(of: match.pointee.maker, status: .expiredInMatch, updatedAt: now))
                releaseHold(of: match.pointee.maker)
                delist(match.pointee.maker, market)
            case .level:
                log.append(
                    level: LevelChange(
                        market: taker.market, side: taker.side.opposite, price: match.pointee.price,
                        quantity: match.pointee.quantity))
            }
        }
        if sums.quantity > .zero { post(sums, of: taker, rules) }
    }

    @inline(__always)
    private mutating func trade(
        _ match: UnsafeMutablePointer<Match>, _ taker: inout OrderState, _ takerRate: Rate,
        _ admission: Admission, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>, _ sums: inout TakerSums
    ) {
        let (slot, price, quantity) = (match.pointee.maker, match.pointee.price, match.pointee.quantity)
        let notional = rules.pointee.scale.existingNotional(price, quantity)
        let base = rules.pointee.scale.existingBase(quantity)
        let maker = pool.orders.base + Int(slot)
        let (makerAccount, makerWallet) = (maker.pointee.account, maker.pointee.wallet)
        let makerID = maker.pointee.id
        let makerRate = rules.pointee.commissions[Int(accountSlots[makerAccount.raw].commissionTier)].maker
        // The maker pays from its hold what it gives, and both pay their commission from what they receive.
        let makerGives = taker.side == .buy ? (rules.pointee.base, base) : (rules.pointee.quote, notional)
        let makerReceives = taker.side == .buy ? (rules.pointee.quote, notional) : (rules.pointee.base, base)
        let makerCommission = makerRate.roundedUp(of: makerReceives.1)
        let takerCommission = takerRate.roundedUp(of: makerGives.1)
        ledger.post(
            -makerGives.1, to: .held,
            of: BalanceKey(account: makerAccount, wallet: makerWallet, asset: makerGives.0))
        ledger.post(
            makerReceives.1 - makerCommission, to: .free,
            of: BalanceKey(account: makerAccount, wallet: makerWallet, asset: makerReceives.0))
        sums.quantity += quantity
        sums.notional += notional
        sums.commission += takerCommission
        sums.makerCommission += makerCommission

        market.pointee.lastTradeID += 1
        market.pointee.lastPrice = price
        market.pointee.average.add(price, quantity, at: now)
        let id = TradeID(market.pointee.lastTradeID)
        recordMakerFill(match, notional)
        log.append(
            filled: OrderFill(
                order: pool.state(of: slot, status: match.pointee.isGone ? .filled : .partiallyFilled), trade: id,
                price: price, quantity: quantity, notional: notional, commission: makerCommission,
                commissionAsset: makerReceives.0, liquidity: .maker))
        if match.pointee.isGone { delist(slot, market) }
        log.append(
            traded: Trade(
                market: taker.market, id: id, price: price, quantity: quantity, notional: notional,
                takerSide: taker.side, makerOrder: OrderID(makerID), takerOrder: taker.id,
                makerAccount: makerAccount, takerAccount: taker.account, makerWallet: makerWallet,
                takerWallet: taker.wallet, makerCommission: makerCommission, takerCommission: takerCommission))
        taker.executed += quantity
        taker.executedNotional += notional
        let isFilled = taker.executed == taker.quantity && (taker.quoteQuantity == .zero || admission.isEndedByQuote)
        taker.status = isFilled ? .filled : .partiallyFilled
        log.append(
            filled: OrderFill(
                order: taker, trade: id, price: price, quantity: quantity, notional: notional,
                commission: takerCommission, commissionAsset: makerGives.0, liquidity: .taker))
    }

    /// The maker's `remaining` is already what matching left; the digest and the details follow.
    @inline(__always)
    private mutating func recordMakerFill(_ match: UnsafeMutablePointer<Match>, _ notional: Units) {
        let maker = pool.orders.base + Int(match.pointee.maker)
        let detail = pool.details.base + Int(match.pointee.maker)
        let key = Self.orderKey(maker.pointee.id)
        let before = UInt64(truncatingIfNeeded: detail.pointee.executedNotional.raw)
        detail.pointee.executedNotional += notional
        detail.pointee.updatedAt = now
        let after = UInt64(truncatingIfNeeded: detail.pointee.executedNotional.raw)
        orderDigest &-= key &* UInt64(bitPattern: match.pointee.quantity.raw)
        orderDigest &+= (key << 1 | 1) &* (after &- before)
    }

    /// The taker's side of all its fills, and what the house earned by them.
    @inline(__always)
    private mutating func post(_ sums: TakerSums, of taker: OrderState, _ rules: UnsafePointer<MarketRules>) {
        let base = (rules.pointee.base, rules.pointee.scale.existingBase(sums.quantity))
        let quote = (rules.pointee.quote, sums.notional)
        let (given, received) = taker.side == .buy ? (quote, base) : (base, quote)
        ledger.post(
            -given.1, to: .free, of: BalanceKey(account: taker.account, wallet: taker.wallet, asset: given.0))
        ledger.post(
            received.1 - sums.commission, to: .free,
            of: BalanceKey(account: taker.account, wallet: taker.wallet, asset: received.0))
        ledger.post(sums.commission, to: .fees, received.0)
        ledger.post(sums.makerCommission, to: .fees, given.0)
    }
}
