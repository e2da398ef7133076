/// Orders of the futures wallet.
extension Engine {
    mutating func place(_ it: PlaceFuturesOrder) throws(Rejection) {
        let admission = try admit(it, at: now)
        settleFunding(of: it.order.account)
        // An order counts in the margin of its entry.
        changeEntry(futures.open(it.order.account), it.order.market) { _ in }
        let market = marketSlots + it.order.market.index
        lastOrderID += 1
        var state = OrderState(
            id: OrderID(lastOrderID), account: it.order.account, market: it.order.market, wallet: .futures,
            side: it.order.side, type: admission.type, timeInForce: admission.timeInForce,
            selfTradePrevention: it.order.selfTradePrevention, status: it.trigger == nil ? .new : .pendingTrigger,
            price: admission.price, quantity: admission.quantity, executed: .zero, executedNotional: .zero,
            quoteQuantity: .zero, clientOrderID: it.order.clientOrderID, createdAt: now, updatedAt: now)
        state.particulars = OrderState.particulars(of: it)
        let slot = accept(state, market)
        if let lifetime = it.lifetime { limit(slot, to: lifetime) }
        if it.trigger != nil {
            wait(slot, market)
        } else {
            carryOutFutures(slot, admission, market)
        }
    }

    /// Why the order would be refused if it came next; nil if it would not.
    public func check(_ order: PlaceFuturesOrder, at time: Timestamp) -> Rejection? {
        do throws(Rejection) {
            _ = try admit(order, at: time)
            return nil
        } catch {
            return error
        }
    }

    private func admit(_ it: PlaceFuturesOrder, at time: Timestamp) throws(Rejection) -> Admission {
        let order = it.order
        try requireAccount(order.account)
        guard accountSlots[order.account.raw].standing == .active else { throw .tradingDisabled }
        guard order.wallet == .futures, let market = slot(order.market, for: .futures) else { throw .unknownMarket }
        let rules = rules(order.market)
        guard rules.pointee.status == .trading else { throw .marketClosed(rules.pointee.status) }
        let place = futures.place(of: order.account)
        try checkForm(it, isHedge: place != 0 && futures[place].isHedge)
        var admission = try translateFutures(it, market, rules)
        try checkAroundMark(admission.price, order.side, market, rules)
        let entry = entry(place, order.market)
        try checkFuturesCounts(it, admission, entry, place, market, rules)
        try checkUnique(order.clientOrderID, order.account, .futures)
        if it.trigger == nil { try checkFuturesMargin(&admission, it, entry, place, market, rules) }
        return admission
    }

    private func reduces(_ it: PlaceFuturesOrder) -> Bool {
        it.reduceOnly || it.closePosition || reduces(it.order.side, it.positionSide)
    }

    /// Whether an order of hedge mode closes.
    private func reduces(_ side: Side, _ positionSide: PositionSide) -> Bool {
        (positionSide == .long && side == .sell) || (positionSide == .short && side == .buy)
    }

    /// Whether an order does no more than reduce: one that can rest together with those that rest on its side.
    private func onlyReduces(
        _ order: PlaceOrder, _ admission: Admission, _ quantity: Steps, _ holding: Holding, _ resting: RestingNotional
    ) -> Bool {
        let beside: Steps = !admission.canRest ? .zero : order.side == .buy ? resting.bidSteps : resting.askSteps
        return holding.isOpen && holding.isLong == (order.side == .sell) && quantity <= holding.size - beside
    }

    private func checkForm(_ it: PlaceFuturesOrder, isHedge: Bool) throws(Rejection) {
        guard isHedge == (it.positionSide != .both) else { throw .invalid(.positionSide) }
        guard !(isHedge && it.reduceOnly) else { throw .invalid(.reduceOnly) }
        var (isMarket, rests) = (false, false)
        switch it.order.terms {
        case .limit(_, _, let timeInForce): rests = timeInForce == .gtc || timeInForce == .gtx
        case .market: isMarket = true
        case .limitMaker, .marketByQuote: throw .invalid(.type)
        }
        if let trigger = it.trigger, trigger.kind == .trailing {
            guard isMarket else { throw .invalid(.type) }
            guard Limits.callbacks.contains(trigger.callback) else { throw .invalid(.callbackRate) }
        }
        if it.closePosition {
            guard isMarket, !it.reduceOnly, let trigger = it.trigger, trigger.kind != .trailing,
                it.order.terms.quantity == .zero
            else { throw .invalid(.closePosition) }
            guard it.positionSide == .both || reduces(it.order.side, it.positionSide)
            else { throw .invalid(.closePosition) }
        }
        try checkLifetime(it.lifetime, stays: rests || it.trigger != nil)
    }

    /// PRICE_FILTER, LOT_SIZE, MARKET_LOT_SIZE and NOTIONAL.
    private func translateFutures(
        _ it: PlaceFuturesOrder, _ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) -> Admission {
        let hasNotional = !it.reduceOnly && !it.closePosition
        var admission: Admission
        var notionalPrice: Ticks
        switch it.order.terms {
        case .limit(let price, let quantity, let timeInForce):
            try checkPrice(price, rules, .price)
            if let trigger = it.trigger { try checkPrice(trigger.price, rules, .stopPrice) }
            try checkLot(quantity, rules, .quantity)
            admission = Admission(
                type: type(it, isMarket: false), timeInForce: timeInForce, price: price, quantity: quantity,
                quoteQuantity: .zero, limit: BookSide.key(of: price, against: it.order.side), needed: .zero)
            notionalPrice = price
        case .market(let quantity):
            if let trigger = it.trigger, trigger.kind != .trailing || trigger.price != .zero {
                try checkPrice(
                    trigger.price, rules, trigger.kind == .trailing ? .activationPrice : .stopPrice)
            }
            if !it.closePosition {
                try checkLot(quantity, rules, .quantity)
                try checkMarketLot(quantity, rules)
            }
            admission = Admission(
                type: type(it, isMarket: true), timeInForce: .gtc, price: .zero, quantity: quantity,
                quoteQuantity: .zero, limit: marketLimit(it.order.side, market), needed: .zero)
            let stop = it.trigger?.price ?? .zero
            notionalPrice = stop == .zero ? market.pointee.lastPrice : stop
        case .limitMaker, .marketByQuote: throw .invalid(.type)
        }
        if hasNotional && notionalPrice != .zero {
            try checkNotional(
                rules.pointee.scale.uncheckedNotional(notionalPrice, admission.quantity), rules, .quantity)
        }
        return admission
    }

    private func type(_ it: PlaceFuturesOrder, isMarket: Bool) -> OrderType {
        switch it.trigger?.kind {
        case nil: isMarket ? .market : .limit
        case .stop: isMarket ? .stopLoss : .stopLossLimit
        case .takeProfit: isMarket ? .takeProfit : .takeProfitLimit
        case .trailing: .trailingStop
        }
    }

    /// An order at market stops 5 % from the mark: a purchase's limit rounded down to a tick, a sale's up.
    func marketLimit(_ side: Side, _ market: UnsafeMutablePointer<MarketSlot>) -> Int64 {
        let mark = Int128(market.pointee.perpetual.mark.raw)
        guard mark > 0 else { return .min }
        let ticks = side == .buy ? mark * 105 / 100 : (mark * 95 + 99) / 100
        return BookSide.key(of: Ticks(Int64(clamping: ticks)), against: side)
    }

    /// PERCENT_PRICE_BY_SIDE of perpetuals is around the mark.
    private func checkAroundMark(
        _ price: Ticks, _ side: Side, _ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let mark = market.pointee.perpetual.mark
        guard price != .zero, mark != .zero, let percent = rules.pointee.filters.percentPrice else { return }
        let (up, down) = side == .buy ? (percent.bidUp, percent.bidDown) : (percent.askUp, percent.askDown)
        let scaled = Int128(price.raw) * Int128(Rate.scale)
        guard scaled <= Int128(mark.raw) * Int128(up.raw), scaled >= Int128(mark.raw) * Int128(down.raw)
        else { throw .risk(.percentPriceBySide) }
    }

    private func checkFuturesCounts(
        _ it: PlaceFuturesOrder, _ admission: Admission, _ entry: FuturesEntry, _ place: FuturesPlace,
        _ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let account = it.order.account
        let isWaiting = it.trigger != nil
        if isWaiting || admission.canRest { try checkOrderCount(account, .futures, market, rules) }
        if let trigger = it.trigger {
            guard
                market.pointee.waitingOrders[MarketSlot.counter(account, .futures)]
                    < rules.pointee.filters.maxAlgoOrders
            else { throw .risk(.maxNumAlgoOrders) }
            let price =
                trigger.workingType == .markPrice ? market.pointee.perpetual.mark : market.pointee.lastPrice
            if trigger.kind != .trailing && price != .zero {
                let falls = TriggerBook.falls(admission.type, it.order.side)
                guard !TriggerBook.isMet(trigger.price, falls: falls, at: price) else { throw .risk(.trigger) }
            }
        }
        let holding = entry[it.positionSide]
        if reduces(it) && !it.closePosition {
            guard holding.isOpen, holding.isLong == (it.order.side == .sell) else { throw .risk(.reduceOnly) }
        } else if !it.closePosition {
            try checkMaxNotional(it, admission, entry, place, market, rules)
        }
        guard isWaiting || admission.canRest else { return }
        let price = max(Ticks(1), admission.price)
        guard !pool.isFull, hasRoom(for: max(Steps(1), admission.quantity), at: price, it.order.side, market),
            market.pointee.triggers.hasRoom(at: max(Ticks(1), it.trigger?.price ?? .zero), pages)
        else { throw .risk(.exchangeLimit) }
    }

    /// Position, resting orders of the same side and the order together, at most what the leverage allows.
    private func checkMaxNotional(
        _ it: PlaceFuturesOrder, _ admission: Admission, _ entry: FuturesEntry, _ place: FuturesPlace,
        _ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let resting = restingNotional(of: it.order.account, it.order.market)
        let price = valuation(it.order.market)
        let holding = entry[it.positionSide]
        let position = notional(holding, at: price, it.order.market)
        let own = price == .zero ? (it.trigger?.price ?? .zero) : price
        let order = rules.pointee.scale.uncheckedNotional(
            admission.price == .zero ? own : admission.price, admission.quantity)
        guard !onlyReduces(it.order, admission, admission.quantity, holding, resting) else { return }
        let isBuying = it.order.side == .buy
        let beside = isBuying ? resting.bids : resting.asks
        let signed = holding.isLong == isBuying ? position : -position
        guard Units(abs((signed + beside + order).raw)) <= brackets(it.order.market).cap(at: entry.leverage)
        else { throw .risk(.maxNotional) }
    }

    /// That the wallet covers what the order adds to the initial margin, what it loses at once and its fee; and that
    /// its full fill would leave the maintenance margin.
    private func checkFuturesMargin(
        _ admission: inout Admission, _ it: PlaceFuturesOrder, _ entry: FuturesEntry, _ place: FuturesPlace,
        _ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let order = it.order
        let scale = rules.pointee.scale
        let holding = entry[it.positionSide]
        let isReducing = holding.isOpen && holding.isLong == (order.side == .sell)
        var quantity = admission.quantity
        if reduces(it) { quantity = min(quantity, holding.size) }
        let taker = Taker(
            account: order.account, selfTradePrevention: order.selfTradePrevention, limit: admission.limit,
            reducible: market.pointee.perpetual.reducible.base,
            counter: PerpetualState.counter(order.account, it.positionSide))
        var notional = scale.existingNotional(admission.price, quantity)
        if admission.type == .market {
            let sweep = sweep(taker, order.side, .quantity(quantity), market, rules)
            (quantity, notional) = (sweep.quantity, sweep.notional)
        } else if admission.timeInForce == .fok {
            let sweep = sweep(taker, order.side, .quantity(quantity), market, rules)
            admission.isKilled = sweep.quantity < admission.quantity
        } else if admission.timeInForce == .gtx {
            admission.isKilled = admission.limit <= market.pointee.bestKey(against: order.side)
        }
        guard quantity > .zero else { return }
        let fee = rate(.taker, of: order.account, rules).roundedUp(of: notional)
        let totals = futuresTotals(of: order.account, place)
        var resting = restingNotional(of: order.account, order.market)
        if !reduces(it) && !onlyReduces(order, admission, quantity, holding, resting) {
            let isHedge = place != 0 && futures[place].isHedge
            let before = initialMargin(entry, resting, isHedge: isHedge)
            if order.side == .buy { resting.bids += notional } else { resting.asks += notional }
            let added = initialMargin(entry, resting, isHedge: isHedge) - before
            let opened = isReducing ? max(.zero, quantity - holding.size) : quantity
            let atMark = scale.existingNotional(valuation(order.market), quantity)
            // Before there is a price nothing is lost.
            let loss = atMark == .zero ? .zero : max(.zero, order.side == .buy ? notional - atMark : atMark - notional)
            let openLoss = Self.share(loss, opened, of: quantity, isRoundedUp: false)
            let needed = added + openLoss + fee
            let available = entry.marginType == .isolated ? totals.availableToIsolate : totals.available
            guard needed <= available else {
                throw .insufficientBalance(
                    asset: rules.pointee.quote, required: needed, available: available)
            }
        }
        try checkMaintenance(after: quantity, notional, fee, it, entry, totals, rules)
    }

    /// What a triggered order is checked for again.
    func checkTriggered(
        _ admission: inout Admission, _ it: PlaceFuturesOrder, _ market: UnsafeMutablePointer<MarketSlot>
    ) throws(Rejection) {
        let rules = rules(it.order.market)
        let place = futures.place(of: it.order.account)
        let entry = entry(place, it.order.market)
        try checkAroundMark(admission.price, it.order.side, market, rules)
        if !reduces(it) { try checkMaxNotional(it, admission, entry, place, market, rules) }
        try checkFuturesMargin(&admission, it, entry, place, market, rules)
    }

    func futuresTotals(of account: AccountID, _ place: FuturesPlace) -> FuturesTotals {
        if place != 0 { return totals(of: place) }
        let balance = ledger.balance(futuresWallet(account))
        return FuturesTotals(cross: balance.free, isolated: balance.held)
    }

    private func checkMaintenance(
        after quantity: Steps, _ notional: Units, _ fee: Units, _ it: PlaceFuturesOrder, _ entry: FuturesEntry,
        _ totals: FuturesTotals, _ rules: UnsafePointer<MarketRules>
    ) throws(Rejection) {
        let market = it.order.market
        let price = valuation(market)
        let brackets = brackets(market)
        let old = entry[it.positionSide]
        let isOpposite = old.isOpen && old.isLong == (it.order.side == .sell)
        let closed = isOpposite ? min(old.size, quantity) : .zero
        var new = old
        var (closedNotional, realized) = (Units.zero, Units.zero)
        if closed > .zero {
            closedNotional = Self.share(notional, closed, of: quantity, isRoundedUp: false)
            realized = Self.close(closed, for: closedNotional, of: &new)
        }
        new.cost += notional - closedNotional
        new.quantity += it.order.side == .buy ? quantity : Steps(-quantity.raw)
        let (oldValue, newValue) = (
            self.notional(old, at: price, market), self.notional(new, at: price, market)
        )
        let maintenance = brackets.maintenance(of: newValue)
        if entry.marginType == .isolated {
            let share = old.isolated - new.isolated
            let set = Self.byLeverage(notional - closedNotional, entry.leverage)
            let kept = new.isolated + set
            guard !new.isOpen || kept + profit(new, at: newValue, market) >= maintenance else {
                throw .belowMaintenance
            }
            // What is closed is settled by the wallet.
            guard closed == .zero || totals.crossBalance + share - set + realized - fee >= totals.crossMaintenance
            else { throw .belowMaintenance }
            return
        }
        let balance =
            totals.crossBalance - profit(old, at: oldValue, market) + realized - fee
            + (new.isOpen ? profit(new, at: newValue, market) : .zero)
        guard balance >= totals.crossMaintenance - brackets.maintenance(of: oldValue) + maintenance
        else { throw .belowMaintenance }
    }

    /// Trades and rests an order that is enlisted and in no book.
    mutating func carryOutFutures(
        _ slot: OrderSlot, _ admission: Admission, _ market: UnsafeMutablePointer<MarketSlot>
    ) {
        let order = pool.states.base + Int(slot)
        let side = order.pointee.side
        var admission = admission
        repeat {
            if order.pointee.reduces {
                let open = order.pointee.quantity - order.pointee.executed
                admission.quantity = min(open, reducible(by: UnsafePointer(order), market))
                guard admission.quantity > .zero else {
                    end(slot, .expired, isEnlisted: true, market)
                    return expireReducing()
                }
                pool.orders[slot].marks.insert(.reduceOnly)
            }
            let crosses = admission.limit <= market.pointee.bestKey(against: side)
            guard trade(slot, admission, crosses: crosses, isEnlisted: true, market) else { return expireReducing() }
            // One that reduces may have met its own account's orders, which leave the position as it was.
        } while order.pointee.reduces && admission.limit <= market.pointee.bestKey(against: side)
        guard !order.pointee.reduces || reducible(by: UnsafePointer(order), market) > .zero else {
            end(slot, .expired, isEnlisted: true, market)
            return expireReducing()
        }
        rest(slot, .zero, market)
        orderDigest &+= partDigest(of: slot)
        futures.note(futures.place(of: order.pointee.account))
        expireReducing()
    }

    /// How much an order that only reduces may trade now.
    private func reducible(
        by order: UnsafePointer<OrderState>, _ market: UnsafeMutablePointer<MarketSlot>
    ) -> Steps {
        let size = market.pointee.perpetual.reducible[
            PerpetualState.counter(order.pointee.account, order.pointee.positionSide)]
        return Steps(max(0, order.pointee.side == .sell ? size : -size))
    }

    /// Ends the orders whose position was closed under them.
    mutating func expireReducing() {
        while !expiring.isEmpty {
            let slot = openSlot(expiring.removeFirst())
            if slot != 0 { withdraw(slot, .expired, marketSlots + pool.states[slot].market.index) }
        }
    }
}
