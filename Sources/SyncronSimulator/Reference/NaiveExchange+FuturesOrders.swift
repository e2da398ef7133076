import SyncronCore

/// Placing orders of the futures wallet: whether they may be accepted, in the order in which the questions are asked.
extension NaiveExchange {
    mutating func place(_ placement: PlaceFuturesOrder) throws(Rejection) {
        let order = placement.order
        let index = try openPerpetual(order.market, for: order.account)
        settleFunding(of: order.account)
        try checkForm(placement)
        try checkFilters(placement, in: books[index])
        try checkRisks(placement, in: books[index])
        let state = accepted(placement)
        try checkReach(placement, state, in: index)
        try checkClientID(order.clientOrderID, order.account, .futures)
        if placement.trigger == nil { try checkExposure(of: state, in: index, cap: false) }

        lastOrderID += 1
        keep(entry(order.account, order.market), of: order.account)
        events.append(.orderAccepted(state))
        if let lifetime = placement.lifetime { deadlines[state.id] = deadline(after: lifetime) }
        if placement.trigger != nil {
            books[index].waiting.append(state)
            if let price = workingPrice(state.workingType, in: index) { follow(price, state) }
            return
        }
        let tradesBefore = books[index].trades.count
        executeFutures(state, in: index)
        if books[index].trades.count > tradesBefore { fireFutures(.contractPrice, in: index) }
    }

    // MARK: - The order alone

    private func checkForm(_ placement: PlaceFuturesOrder) throws(Rejection) {
        let isHedge = futuresWallets[placement.order.account]?.isHedge == true
        guard sides(of: placement.order.account).contains(placement.positionSide) else {
            throw .invalid(.positionSide)
        }
        guard !isHedge || !placement.reduceOnly else { throw .invalid(.reduceOnly) }
        let isMarket: Bool
        switch placement.order.terms {
        case .limit: isMarket = false
        case .market: isMarket = true
        case .limitMaker, .marketByQuote: throw .invalid(.type)
        }
        if let trigger = placement.trigger, trigger.kind == .trailing {
            guard isMarket else { throw .invalid(.type) }
            guard (10...1_000).contains(trigger.callback) else { throw .invalid(.callbackRate) }
        }
        if placement.closePosition {
            let isStop = placement.trigger?.kind == .stop || placement.trigger?.kind == .takeProfit
            guard isMarket, placement.order.terms.quantity == .zero, isStop, !placement.reduceOnly else {
                throw .invalid(.closePosition)
            }
            let opening: PositionSide = placement.order.side == .buy ? .long : .short
            guard placement.positionSide != opening else { throw .invalid(.closePosition) }
        }
        if let lifetime = placement.lifetime {
            guard lifetime > 0, lifetime <= Limits.longestCountdown, placement.trigger != nil || placement.mayRest
            else { throw .invalid(.cancelAfter) }
        }
    }

    private func checkFilters(_ placement: PlaceFuturesOrder, in book: Book) throws(Rejection) {
        let market = book.market
        let price = placement.limit
        if let price { try checkPrice(price, .price, market) }
        if let trigger = placement.trigger {
            if trigger.kind == .trailing {
                if trigger.price != .zero { try checkPrice(trigger.price, .activationPrice, market) }
            } else {
                try checkPrice(trigger.price, .stopPrice, market)
            }
        }
        guard !placement.closePosition else { return }
        let quantity = placement.order.terms.quantity
        try checkQuantity(quantity, .quantity, market)
        if price == nil { try checkMarketQuantity(quantity, market) }
        guard !placement.reduceOnly else { return }
        let stop = placement.trigger.map(\.price.raw) ?? 0
        let valued = price?.raw ?? (stop != 0 ? stop : book.trades.last?.price ?? 0)
        if valued != 0 { try checkNotional(notional(valued, quantity.raw, in: market), .quantity, market) }
    }

    /// PERCENT_PRICE_BY_SIDE around the mark, once there is one.
    func checkMarkBounds(_ price: Ticks, _ side: Side, in book: Book) throws(Rejection) {
        guard let bounds = book.market.filters.percentPrice, let mark = perpetuals[book.market.id]?.mark, mark != 0
        else { return }
        let (up, down) = side == .buy ? (bounds.bidUp, bounds.bidDown) : (bounds.askUp, bounds.askDown)
        let scaled = Whole(Int128(price.raw)) * 100_000_000
        let value = Whole(Int128(mark))
        guard scaled <= value * Whole(Int128(up.raw)) && scaled >= value * Whole(Int128(down.raw)) else {
            throw .risk(.percentPriceBySide)
        }
    }

    // MARK: - The order and the state of things

    private func checkRisks(_ placement: PlaceFuturesOrder, in book: Book) throws(Rejection) {
        let order = placement.order
        if let price = placement.limit { try checkMarkBounds(price, order.side, in: book) }
        let staysOpen = placement.trigger != nil || placement.mayRest
        if staysOpen { try checkCount(of: 1, order.account, .futures, in: book) }
        guard let trigger = placement.trigger else { return }
        try checkAlgoCount(order.account, .futures, in: book)
        if trigger.kind != .trailing, let index = books.firstIndex(where: { $0.market.id == order.market }),
            let price = workingPrice(trigger.workingType, in: index)
        {
            let kind: Trigger.Kind = trigger.kind == .stop ? .stopLoss : .takeProfit
            guard !isReached(kind, order.side, trigger.price, at: price) else { throw .risk(.trigger) }
        }
    }

    /// A reducing order has something to reduce; any other stays within what the leverage allows; and there is
    /// room for what stays open.
    private func checkReach(_ placement: PlaceFuturesOrder, _ state: OrderState, in index: Int) throws(Rejection) {
        if state.reduces {
            guard placement.closePosition || reducible(state) > 0 else { throw .risk(.reduceOnly) }
        } else {
            try checkCap(of: state)
        }
        guard openOrders.count < limits.openOrders || !(placement.trigger != nil || placement.mayRest)
        else { throw .risk(.exchangeLimit) }
    }

    /// How much of its position no other order stands to reduce; all, for an order that does not stay.
    private func freelyReducible(_ order: OrderState) -> Int64 {
        guard order.type.hasPrice, order.timeInForce == .gtc || order.timeInForce == .gtx else {
            return opposite(order)
        }
        let others = books[Int(order.market.raw)].resting.filter {
            $0.account == order.account && $0.wallet == .futures && $0.side == order.side && !$0.reduces
        }
        return opposite(order) - others.reduce(0) { $0 + $1.quantity.raw - $1.executed.raw }
    }

    /// MAX_NOTIONAL.
    private func checkCap(of order: OrderState) throws(Rejection) {
        let market = order.market
        guard order.quantity.raw - order.executed.raw > freelyReducible(order) else { return }
        let stake = stake(order.account, market, order.positionSide)
        let isSame = order.side == .buy ? stake.quantity > 0 : stake.quantity < 0
        let own = notional(stake, market)
        let price = order.price != .zero ? order.price.raw : valuation(market)
        let value = notional(
            price != 0 ? price : order.stopPrice.raw, order.quantity.raw - order.executed.raw, in: self.market(market))
        let sum = (isSame ? own : -own) + load(order.account, market, order.side) + value
        guard abs(sum) <= cap(entry(order.account, market).leverage, market) else { throw .risk(.maxNotional) }
    }

    /// The margin of an order that is about to meet the book, and before that what its leverage allows.
    func checkExposure(of order: OrderState, in index: Int, cap: Bool = true) throws(Rejection) {
        if cap && !order.reduces { try checkCap(of: order) }
        let market = books[index].market
        var quantity = order.quantity.raw
        if order.reduces { quantity = min(quantity, reducible(order)) }
        var value = notional(order.price.raw, quantity, in: market)
        if !order.type.hasPrice {
            let sweep = sweepFutures(order, in: index)
            (quantity, value) = (sweep.executed, sweep.notional)
        }
        guard quantity > 0 else { return }
        try checkMargin(of: order, quantity, value, market)
        try checkMaintenance(after: order, quantity, value, market)
    }

    private func opposite(_ order: OrderState) -> Int64 {
        let stake = stake(order.account, order.market, order.positionSide)
        return (order.side == .buy ? stake.quantity < 0 : stake.quantity > 0) ? stake.size : 0
    }

    /// What a reducing order could still execute.
    func reducible(_ order: OrderState) -> Int64 { opposite(order) }

    private func takerFee(_ account: AccountID, _ value: Int128, _ market: Market) -> Int128 {
        let rate = market.commissions[Int(accounts[Int(account.raw) - 1].commissionTier)].taker
        return share(value, Int128(rate.raw), of: 100_000_000, up: true)
    }

    /// The increase of the initial margin, the loss that opening brings at once, and the commission.
    private func checkMargin(
        of order: OrderState, _ quantity: Int64, _ value: Int128, _ market: Market
    ) throws(Rejection) {
        let opposite = opposite(order)
        guard !order.reduces, quantity > freelyReducible(order) else { return }
        let entry = entry(order.account, market.id)
        let addition = Addition(market: market.id, side: order.side, notional: value)
        let increase = initial(order.account, entry, addition) - initial(order.account, entry)
        let atMark = notional(valuation(market.id), quantity, in: market)
        let loss = atMark == 0 ? 0 : max(0, order.side == .buy ? value - atMark : atMark - value)
        let openLoss = share(loss, Int128(quantity - min(quantity, opposite)), of: Int128(quantity))
        let needed = increase + openLoss + takerFee(order.account, value, market)
        let totals = totals(order.account)
        let available = entry.type == .isolated ? totals.availableToIsolate : totals.available
        guard needed <= available else {
            throw .insufficientBalance(
                asset: market.quote, required: Units(needed), available: Units(available))
        }
    }

    /// What a full fill at its price would leave stays above the maintenance.
    private func checkMaintenance(
        after order: OrderState, _ quantity: Int64, _ value: Int128, _ market: Market
    ) throws(Rejection) {
        let entry = entry(order.account, market.id)
        let old = stake(order.account, market.id, order.positionSide)
        let closed = min(quantity, opposite(order))
        let closedValue = share(value, Int128(closed), of: Int128(quantity))
        let openedValue = value - closedValue
        var new = old
        var realised: Int128 = 0
        if closed > 0 {
            let part = part(closed, of: old)
            realised = old.isLong ? closedValue - part.cost : part.cost - closedValue
            new.cost -= part.cost
            new.isolated -= part.isolated
        }
        new.quantity += order.side == .buy ? quantity : -quantity
        new.cost += openedValue
        let newValue = notional(new, market.id)
        let newProfit = profit(new, market.id)
        let newMaintenance = new.size == 0 ? 0 : maintenance(of: newValue, market.id)
        if entry.type == .isolated {
            let margin = byLeverage(openedValue, entry.leverage)
            guard new.size == 0 || new.isolated + margin + newProfit >= newMaintenance
            else { throw .belowMaintenance }
            guard closed > 0 else { return }
            let totals = totals(order.account)
            let rest =
                totals.crossBalance + old.isolated - new.isolated - margin + realised
                - takerFee(order.account, value, market)
            guard rest >= totals.crossMaintenance else { throw .belowMaintenance }
        } else {
            let totals = totals(order.account)
            let oldValue = notional(old, market.id)
            let balance =
                totals.crossBalance - profit(old, market.id) + realised - takerFee(order.account, value, market)
                + newProfit
            let needed = totals.crossMaintenance - (old.size == 0 ? 0 : maintenance(of: oldValue, market.id))
            guard balance >= needed + newMaintenance else { throw .belowMaintenance }
        }
    }

    // MARK: - The order as it is kept

    private func accepted(_ placement: PlaceFuturesOrder) -> OrderState {
        let order = placement.order
        var type = OrderType.market
        var (price, timeInForce) = (Ticks.zero, TimeInForce.gtc)
        if case .limit(let limit, _, let force) = order.terms { (type, price, timeInForce) = (.limit, limit, force) }
        switch placement.trigger?.kind {
        case .stop: type = type == .limit ? .stopLossLimit : .stopLoss
        case .takeProfit: type = type == .limit ? .takeProfitLimit : .takeProfit
        case .trailing: type = .trailingStop
        case nil: break
        }
        return OrderState(
            id: OrderID(lastOrderID + 1), account: order.account, market: order.market, wallet: .futures,
            side: order.side, type: type, timeInForce: timeInForce,
            selfTradePrevention: order.selfTradePrevention,
            status: placement.trigger == nil ? .new : .pendingTrigger, price: price,
            quantity: order.terms.quantity, executed: .zero, executedNotional: .zero,
            particulars: placement.particulars, clientOrderID: order.clientOrderID, createdAt: now, updatedAt: now)
    }
}

extension PlaceFuturesOrder {
    fileprivate var limit: Ticks? {
        if case .limit(let price, _, _) = order.terms { price } else { nil }
    }

    fileprivate var mayRest: Bool {
        if case .limit(_, _, let force) = order.terms { force == .gtc || force == .gtx } else { false }
    }

    /// The flags as orders keep them: see `OrderState.particulars`.
    fileprivate var particulars: UInt128 {
        var flags = UInt64(trigger?.callback ?? 0)
        let marks = [
            positionSide == .long, positionSide == .short, reduceOnly, closePosition,
            trigger?.workingType == .markPrice, trigger?.isProtected == true,
        ]
        for (bit, isSet) in marks.enumerated() where isSet { flags |= 1 << UInt64(56 + bit) }
        return UInt128(flags) << 64 | UInt128(UInt64(bitPattern: trigger?.price.raw ?? 0))
    }
}
