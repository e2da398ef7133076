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
    @inline(__always)
    mutating func settle(
        _ taker: UnsafeMutablePointer<OrderState>, isEndedByQuote: Bool, _ market: UnsafeMutablePointer<MarketSlot>
    ) {
        let rules = rules(taker.pointee.market)
        var sums = TakerSums()
        lookForMakers(market, rules)
        for index in 0..<matches.count {
            let match = matches.base + index
            switch match.pointee.kind {
            case .trade:
                trade(match, taker, isEndedByQuote: isEndedByQuote, market, rules, &sums)
            case .expiry:
                expire(match.pointee.maker, market)
            case .lapse: break
            case .level:
                log.append(
                    level: match.pointee.quantity, at: match.pointee.price, of: taker.pointee.side.opposite,
                    taker.pointee.market)
            }
        }
        guard sums.quantity > .zero else { return }
        post(sums, of: taker, rules)
        if taker.pointee.wallet == .margin { noteMargin(taker, rules) }
        if market.pointee.triggers.count > 0 { triggersDue = market }
    }

    @inline(__always)
    private mutating func trade(
        _ match: UnsafeMutablePointer<Match>, _ taker: UnsafeMutablePointer<OrderState>, isEndedByQuote: Bool,
        _ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>, _ sums: inout TakerSums
    ) {
        let (price, quantity) = (match.pointee.price, match.pointee.quantity)
        let notional = rules.pointee.scale.existingNotional(price, quantity)
        let base = rules.pointee.scale.existingBase(quantity)
        let maker = pool.states.base + Int(match.pointee.maker)
        let makerKey = BalanceKey(
            account: maker.pointee.account, wallet: maker.pointee.wallet, asset: rules.pointee.base)
        // The maker pays from its hold what it gives, and both pay their commission from what they receive.
        let isBuying = taker.pointee.side == .buy
        let makerGives = isBuying ? base : notional
        let makerReceives = isBuying ? notional : base
        let makerAsset = rules.pointee.asset(paidBy: taker.pointee.side)
        let takerAsset = rules.pointee.asset(receivedBy: taker.pointee.side)
        let makerCommission = rate(.maker, of: makerKey.account, rules).roundedUp(of: makerReceives)
        let takerCommission = rate(.taker, of: taker.pointee.account, rules).roundedUp(of: makerGives)
        ledger.post(-makerGives, to: .held, of: makerKey.of(takerAsset))
        ledger.post(makerReceives - makerCommission, to: .free, of: makerKey.of(makerAsset))
        sums.quantity += quantity
        sums.notional += notional
        sums.commission += takerCommission
        sums.makerCommission += makerCommission

        market.pointee.lastTradeID += 1
        market.pointee.lastPrice = price
        market.pointee.average.add(price, quantity, at: now)
        if market.pointee.triggers.trailing > 0 { market.pointee.triggers.follow(price, pool, &pages) }
        let id = TradeID(market.pointee.lastTradeID)
        let makerOrder = maker.pointee.id
        let key = Self.orderKey(makerOrder)
        orderDigest &+= key &* UInt64(bitPattern: quantity.raw)
        orderDigest &+= (key << 1 | 1) &* UInt64(truncatingIfNeeded: notional.raw)
        logFill(
            of: maker, id, price, quantity, notional, makerCommission, makerAsset, .maker,
            status: match.pointee.isGone ? .filled : .partiallyFilled)
        let trade = log.reserve(.traded, Trade.self)
        trade.pointee.market = taker.pointee.market
        trade.pointee.id = id
        trade.pointee.price = price
        trade.pointee.quantity = quantity
        trade.pointee.notional = notional
        trade.pointee.takerSide = taker.pointee.side
        trade.pointee.makerOrder = makerOrder
        trade.pointee.takerOrder = taker.pointee.id
        trade.pointee.makerAccount = makerKey.account
        trade.pointee.takerAccount = taker.pointee.account
        trade.pointee.makerWallet = makerKey.wallet
        trade.pointee.takerWallet = taker.pointee.wallet
        trade.pointee.makerCommission = makerCommission
        trade.pointee.takerCommission = takerCommission
        trade.pointee.time = now
        let list = maker.pointee.list
        let repays = makerKey.wallet == .margin && repaysAutomatically(match.pointee.maker)
        if match.pointee.isGone { delist(match.pointee.maker, market) }
        let isFilled =
            taker.pointee.executed + quantity == taker.pointee.quantity
            && (taker.pointee.quoteQuantity == .zero || isEndedByQuote)
        logFill(
            of: taker, id, price, quantity, notional, takerCommission, takerAsset, .taker,
            status: isFilled ? .filled : .partiallyFilled)
        if let list { withdrawPartner(of: makerOrder, in: list, .expired, market) }
        if makerKey.wallet == .margin {
            margin.note(margin.place(of: makerKey.account))
            if repays { repayAutomatically(makerReceives - makerCommission, makerAsset, of: makerKey.account) }
        }
    }

    private func repaysAutomatically(_ slot: OrderSlot) -> Bool {
        pool.orders[slot].marks.contains(.margin) && pool.extras[slot].sideEffect == .autoRepay
    }

    @inline(never)
    private mutating func noteMargin(_ taker: UnsafePointer<OrderState>, _ rules: UnsafePointer<MarketRules>) {
        margin.note(margin.place(of: taker.pointee.account))
        let slot = OrderSlot(taker - UnsafePointer(pool.states.base))
        if repaysAutomatically(slot) { repayFills(of: taker, rules) }
    }

    /// Ends a resting order that self-trade prevention took out of the book.
    @inline(never)
    mutating func expire(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.states.base + Int(slot)
        let (id, list) = (order.pointee.id, order.pointee.list)
        logEnd(of: slot, .expiredInMatch)
        releaseHold(of: order)
        if pool.orders[slot].marks.contains(.margin) { returnLoan(of: slot) }
        delist(slot, market)
        if let list { withdrawPartner(of: id, in: list, .expired, market) }
    }

    @inline(__always)
    func rate(_ liquidity: Liquidity, of account: AccountID, _ rules: UnsafePointer<MarketRules>) -> Rate {
        let tier = Int(accountSlots[account.raw].commissionTier)
        return liquidity == .maker ? rules.pointee.commissions[tier].maker : rules.pointee.commissions[tier].taker
    }

    /// Writes a fill into the order and into its event. The event is copied before the order changes: a copy would
    /// wait for fields that have just been written.
    @inline(__always)
    mutating func logFill(
        of order: UnsafeMutablePointer<OrderState>, _ trade: TradeID, _ price: Ticks, _ quantity: Steps,
        _ notional: Units, _ commission: Units, _ commissionAsset: AssetID, _ liquidity: Liquidity,
        status: OrderStatus
    ) {
        let fill = log.reserve(.filled, OrderFill.self)
        let executed = order.pointee.executed + quantity
        let executedNotional = order.pointee.executedNotional + notional
        UnsafeMutableRawPointer(fill).copyMemory(from: order, byteCount: MemoryLayout<OrderState>.size)
        fill.pointee.order.executed = executed
        fill.pointee.order.executedNotional = executedNotional
        fill.pointee.order.status = status
        fill.pointee.order.updatedAt = now
        order.pointee.executed = executed
        order.pointee.executedNotional = executedNotional
        order.pointee.status = status
        order.pointee.updatedAt = now
        fill.pointee.trade = trade
        fill.pointee.price = price
        fill.pointee.quantity = quantity
        fill.pointee.notional = notional
        fill.pointee.commission = commission
        fill.pointee.commissionAsset = commissionAsset
        fill.pointee.liquidity = liquidity
    }

    /// The taker's side of all its fills, and what the house earned by them.
    @inline(__always)
    private mutating func post(
        _ sums: TakerSums, of taker: UnsafePointer<OrderState>, _ rules: UnsafePointer<MarketRules>
    ) {
        let base = rules.pointee.scale.existingBase(sums.quantity)
        let side = taker.pointee.side
        let (given, received) = side == .buy ? (sums.notional, base) : (base, sums.notional)
        let givenAsset = rules.pointee.asset(paidBy: side)
        let receivedAsset = rules.pointee.asset(receivedBy: side)
        let key = BalanceKey(account: taker.pointee.account, wallet: taker.pointee.wallet, asset: givenAsset)
        ledger.post(-given, to: .free, of: key)
        ledger.post(received - sums.commission, to: .free, of: key.of(receivedAsset))
        ledger.post(sums.commission, to: .fees, receivedAsset)
        ledger.post(sums.makerCommission, to: .fees, givenAsset)
    }
}
