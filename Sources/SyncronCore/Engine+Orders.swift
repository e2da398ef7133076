extension Engine {
    /// The order is written into the slot where it may come to rest; from there it goes into its events.
    mutating func place(_ order: borrowing PlaceOrder) throws(Rejection) {
        guard order.wallet == .spot else { return try place(OrderWithOptions(copy order, OrderOptions())) }
        let admission = try admit(order, at: now)
        let market = marketSlots + order.market.index
        lastOrderID += 1
        let slot = pool.take()
        let taker = pool.states.base + Int(slot)
        describe(order, admission, in: taker)
        let accepted = log.reserve(.accepted, OrderState.self)
        let crosses = admission.limit <= market.pointee.bestKey(against: taker.pointee.side)
        if crosses || !admission.canRest {
            accepted.update(from: taker, count: 1)
            guard trade(slot, admission, crosses: crosses, isEnlisted: false, market) else { return }
            rest(slot, held(by: taker), market)
        } else {
            rest(slot, admission.needed, market)
            // A copy made sooner would wait until what was just written has reached the cache.
            accepted.update(from: taker, count: 1)
        }
        enlist(slot, market)
        orderDigest &+= partDigest(of: slot)
    }

    /// Lets an order trade that is in no book. Returns whether something of it is left that rests; otherwise it has
    /// ended. `isEnlisted`: whether it has been open before.
    @inline(__always)
    mutating func trade(
        _ slot: OrderSlot, _ admission: borrowing Admission, crosses: Bool, isEnlisted: Bool,
        _ market: UnsafeMutablePointer<MarketSlot>
    ) -> Bool {
        let taker = pool.states.base + Int(slot)
        if admission.isKilled {
            end(slot, .expired, isEnlisted: isEnlisted, market)
            return false
        }
        if crosses {
            let isStopped = match(
                taker, admission.limit, admission.sought, admission.budget, isEndedByQuote: admission.isEndedByQuote,
                market)
            if isStopped {
                end(slot, .expiredInMatch, isEnlisted: isEnlisted, market)
                return false
            }
            if taker.pointee.status == .filled {
                if isEnlisted { unlist(slot, market) } else { pool.give(back: slot) }
                return false
            }
        }
        guard admission.canRest else {
            end(slot, .expired, isEnlisted: isEnlisted, market)
            return false
        }
        return true
    }

    /// Holds what is left of an order and puts it into the book.
    @inline(__always)
    mutating func rest(_ slot: OrderSlot, _ needed: Units, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.states.base + Int(slot)
        hold(needed, for: order)
        let total = enterBook(slot, market)
        log.append(level: total, at: order.pointee.price, of: order.pointee.side, order.pointee.market)
    }

    /// Writes the order field by field, each from where it is at hand: every copy of the whole would cost.
    @inline(__always)
    private func describe(
        _ order: borrowing PlaceOrder, _ admission: borrowing Admission, in state: UnsafeMutablePointer<OrderState>
    ) {
        state.pointee.id = OrderID(lastOrderID)
        state.pointee.account = order.account
        state.pointee.market = order.market
        state.pointee.wallet = order.wallet
        state.pointee.side = order.side
        state.pointee.price = admission.price
        state.pointee.quantity = admission.quantity
        state.pointee.executed = .zero
        state.pointee.createdAt = now
        state.pointee.executedNotional = .zero
        state.pointee.particulars = UInt128(truncatingIfNeeded: admission.quoteQuantity.raw)
        state.pointee.clientOrderID = order.clientOrderID
        state.pointee.type = admission.type
        state.pointee.timeInForce = admission.timeInForce
        state.pointee.selfTradePrevention = order.selfTradePrevention
        state.pointee.status = .new
        state.pointee.updatedAt = now
    }

    /// Trades what crosses. Returns whether self-trade prevention stopped the order.
    @inline(never)
    private mutating func match(
        _ taker: UnsafeMutablePointer<OrderState>, _ limit: Int64, _ quantity: Steps, _ budget: Units?,
        isEndedByQuote: Bool, _ market: UnsafeMutablePointer<MarketSlot>
    ) -> Bool {
        let isPerpetual = rules(taker.pointee.market).pointee.kind == .perpetual
        let match = Taker(
            account: taker.pointee.account, selfTradePrevention: taker.pointee.selfTradePrevention, limit: limit,
            reducible: isPerpetual ? market.pointee.perpetual.reducible.base : nil,
            counter: isPerpetual
                ? PerpetualState.counter(taker.pointee.account, taker.pointee.positionSide) : 0)
        matches.clear()
        let unit = rules(taker.pointee.market).pointee.scale.quoteUnitsPerTickStep
        let ending =
            taker.pointee.side == .buy
            ? market.pointee.asks.match(
                match, quantity: quantity, budget: budget, unit: unit, pool, &pages, into: &matches)
            : market.pointee.bids.match(
                match, quantity: quantity, budget: budget, unit: unit, pool, &pages, into: &matches)
        if matches.count > 0 {
            if isPerpetual {
                settleFutures(taker, market)
            } else {
                settle(taker, isEndedByQuote: isEndedByQuote, market)
            }
        }
        return ending == .selfTrade
    }

    /// Ends an order that is in no book.
    @inline(never)
    mutating func end(
        _ slot: OrderSlot, _ status: OrderStatus, isEnlisted: Bool, _ market: UnsafeMutablePointer<MarketSlot>
    ) {
        let order = pool.states.base + Int(slot)
        if order.pointee.type == .market && order.pointee.quoteQuantity != .zero {
            order.pointee.quantity = order.pointee.executed
        }
        logEnd(of: slot, status)
        if pool.orders[slot].marks.contains(.margin) { returnLoan(of: slot) }
        if isEnlisted { unlist(slot, market) } else { pool.give(back: slot) }
    }

    @inline(__always)
    mutating func logEnd(of slot: OrderSlot, _ status: OrderStatus) {
        let event = log.reserve(.ended, OrderState.self)
        event.update(from: pool.states.base + Int(slot), count: 1)
        event.pointee.status = status
        event.pointee.updatedAt = now
    }

    /// Puts the order at the end of its level's queue. Returns what stands there then.
    @inline(__always)
    mutating func enterBook(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) -> Steps {
        let state = pool.states.base + Int(slot)
        let order = pool.orders.base + Int(slot)
        order.pointee.remaining = state.pointee.quantity - state.pointee.executed
        order.pointee.account = state.pointee.account
        if order.pointee.isIceberg { hideReserve(of: slot) }
        return state.pointee.side == .buy
            ? market.pointee.bids.append(slot, at: state.pointee.price, pool, &pages)
            : market.pointee.asks.append(slot, at: state.pointee.price, pool, &pages)
    }

    /// Takes the order out of its level's queue. Returns what stands there then.
    @inline(__always)
    mutating func leaveBook(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) -> Steps {
        pool.states[slot].side == .buy
            ? market.pointee.bids.remove(slot, pool, &pages) : market.pointee.asks.remove(slot, pool, &pages)
    }

    /// Makes a resting order findable, by its ids and among its account's orders.
    @inline(__always)
    mutating func enlist(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.orders.base + Int(slot)
        let state = pool.states.base + Int(slot)
        let account = accountSlots.base + Int(state.pointee.account.raw)
        orderIDs.insert(UInt32(truncatingIfNeeded: state.pointee.id.raw), slot)
        if !state.pointee.clientOrderID.isEmpty {
            clientIDs.insert(state.pointee.clientOrderID.tag(of: state.pointee.account, state.pointee.wallet), slot)
        }
        let last = account.pointee.lastOrder
        order.pointee.accountPrevious = last
        order.pointee.accountNext = 0
        if last == 0 { account.pointee.firstOrder = slot } else { pool.orders[last].accountNext = slot }
        account.pointee.lastOrder = slot
        market.pointee.openOrders[MarketSlot.counter(state.pointee.account, state.pointee.wallet)] += 1
    }

    /// Forgets an order that has left the book. Its part must still be what `orderDigest` counts.
    @inline(__always)
    mutating func delist(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        orderDigest &-= partDigest(of: slot)
        unlist(slot, market)
    }

    /// Takes an order out of the maps and its account's list, and frees its slot.
    @inline(__always)
    mutating func unlist(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.orders.base + Int(slot)
        let state = pool.states.base + Int(slot)
        let account = accountSlots.base + Int(state.pointee.account.raw)
        orderIDs.remove(UInt32(truncatingIfNeeded: state.pointee.id.raw), slot)
        if !state.pointee.clientOrderID.isEmpty {
            clientIDs.remove(state.pointee.clientOrderID.tag(of: state.pointee.account, state.pointee.wallet), slot)
        }
        let (previous, next) = (order.pointee.accountPrevious, order.pointee.accountNext)
        if previous == 0 { account.pointee.firstOrder = next } else { pool.orders[previous].accountNext = next }
        if next == 0 { account.pointee.lastOrder = previous } else { pool.orders[next].accountPrevious = previous }
        market.pointee.openOrders[MarketSlot.counter(state.pointee.account, state.pointee.wallet)] -= 1
        if order.pointee.marks.contains(.lifetime) { timers.lifetimes -= 1 }
        pool.give(back: slot)
    }

    mutating func cancel(_ cancel: borrowing CancelOrder) throws(Rejection) {
        try requireAccount(cancel.account)
        if cancel.wallet == .margin { _ = try requireMargin(cancel.account) }
        guard let market = slot(cancel.market, for: cancel.wallet) else { throw .unknownMarket }
        lookForMoney(of: cancel.account, cancel.wallet, market, rules(cancel.market))
        let slot = openSlot(cancel.account, cancel.wallet, cancel.market, cancel.order)
        guard slot != 0 else { throw .unknownOrder }
        self.cancel(slot, market)
    }

    /// Ends an open order at its owner's wish, and the other one of its list.
    @inline(__always)
    mutating func cancel(_ slot: OrderSlot, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.states.base + Int(slot)
        let (id, list) = (order.pointee.id, order.pointee.list)
        withdraw(slot, .canceled, market)
        if let list { withdrawPartner(of: id, in: list, .canceled, market) }
    }

    /// Takes an open order off the exchange: out of its book, or from where it waits.
    @inline(__always)
    mutating func withdraw(_ slot: OrderSlot, _ status: OrderStatus, _ market: UnsafeMutablePointer<MarketSlot>) {
        let order = pool.states.base + Int(slot)
        logEnd(of: slot, status)
        if order.pointee.status == .pendingTrigger { return withdrawWaiting(slot, market) }
        let (side, price) = (order.pointee.side, order.pointee.price)
        let total = leaveBook(slot, market)
        releaseHold(of: order)
        if pool.orders[slot].marks.contains(.margin) { returnLoan(of: slot) }
        let id = order.pointee.market
        delist(slot, market)
        log.append(level: total, at: price, of: side, id)
    }

    /// What the open part of an order holds.
    @inline(__always)
    func held(by order: UnsafePointer<OrderState>) -> Units {
        if order.pointee.status == .pendingTrigger { return heldWaiting(order) }
        return needed(by: order, at: order.pointee.price)
    }

    /// What the open part of an order needs at that price.
    @inline(__always)
    func needed(by order: UnsafePointer<OrderState>, at price: Ticks) -> Units {
        rules(order.pointee.market).pointee.needed(
            order.pointee.side, price, order.pointee.quantity - order.pointee.executed)
    }

    /// Moves into an order's hold what it needs, or with a negative amount out of it.
    @inline(__always)
    mutating func hold(_ amount: Units, for order: UnsafePointer<OrderState>) {
        // Orders of the futures wallet take up margin and hold nothing.
        if order.pointee.wallet == .futures { return }
        let asset = rules(order.pointee.market).pointee.asset(paidBy: order.pointee.side)
        ledger.hold(
            amount, of: BalanceKey(account: order.pointee.account, wallet: order.pointee.wallet, asset: asset))
    }

    /// Gives back what a resting order still holds.
    @inline(__always)
    mutating func releaseHold(of order: UnsafePointer<OrderState>) {
        hold(Units(0 &- held(by: order).raw), for: order)
    }

    /// The place of an account's open order, or 0.
    @inline(__always)
    func openSlot(
        _ account: AccountID, _ wallet: Wallet, _ market: MarketID, _ reference: OrderReference
    ) -> OrderSlot {
        let slot =
            switch reference {
            case .id(let id): openSlot(id)
            case .clientID(let id): openSlot(account, wallet, id)
            }
        guard slot != 0 else { return 0 }
        let order = pool.states.base + Int(slot)
        let isIt =
            order.pointee.account == account && order.pointee.market == market && order.pointee.wallet == wallet
        return isIt ? slot : 0
    }

    @inline(__always)
    func openSlot(_ id: OrderID) -> OrderSlot {
        orderIDs.find(UInt32(truncatingIfNeeded: id.raw)) { pool.states[$0].id == id }
    }

    func openSlot(_ account: AccountID, _ wallet: Wallet, _ id: ClientOrderID) -> OrderSlot {
        guard !id.isEmpty else { return 0 }
        return clientIDs.find(id.tag(of: account, wallet)) { slot in
            pool.states[slot].account == account && pool.states[slot].wallet == wallet
                && pool.states[slot].clientOrderID == id
        }
    }
}
