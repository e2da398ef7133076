import SyncronCore

/// Doing what a sweep foresaw.
extension NaiveExchange {
    /// Lets an order that is paid for in advance meet the book, and what is left of it rest or end.
    mutating func execute(_ order: OrderState, _ sweep: Sweep, in index: Int) {
        let isAllOrNothing = order.type.hasPrice && order.timeInForce == .fok
        if isAllOrNothing && sweep.executed < order.quantity.raw { return end(order, as: .expired, in: index) }
        var taker = order
        carryOut(sweep, &taker, in: index)
        settle(taker, sweep, in: index)
    }

    /// Meets one order after the other, and reports each price level when it is left.
    private mutating func carryOut(_ sweep: Sweep, _ taker: inout OrderState, in index: Int) {
        var level: Ticks?
        var fills: [OrderFill] = []
        let lastTrade = sweep.meetings.lastIndex { if case .trade = $0 { true } else { false } }
        for (position, meeting) in sweep.meetings.enumerated() {
            guard let maker = books[index].resting.first(where: { $0.id == meeting.maker }) else { continue }
            if let left = level, left != maker.price { reportLevel(maker.side, left, in: index) }
            level = maker.price
            switch meeting {
            case .expire:
                remove(maker, in: index)
                end(maker, as: .expiredInMatch, in: index)
            case .trade(_, let quantity):
                let isFilled = position == lastTrade && sweep.end == .satisfied
                fills.append(
                    trade(maker, &taker, quantity, leaving: isFilled ? .filled : .partiallyFilled, in: index))
            }
            // The first thing that happens to the limit leg of a list ends the stop leg.
            if let other = partner(of: maker, in: index) { withdraw(other, as: .expired, in: index) }
        }
        if let left = level { reportLevel(taker.side.opposite, left, in: index) }
        for fill in fills { repayAutomatically(by: fill, in: books[index].market) }
    }

    /// What becomes of an order after its sweep.
    private mutating func settle(_ taker: OrderState, _ sweep: Sweep, in index: Int) {
        switch sweep.end {
        case .satisfied: return
        case .ownOrder: end(taker, as: .expiredInMatch, in: index)
        case .outOfBook where taker.type.hasPrice && taker.timeInForce == .gtc: rest(taker, in: index)
        case .outOfBook, .outOfFunds: end(taker, as: .expired, in: index)
        }
    }

    /// Puts an order at the back of its level.
    mutating func rest(_ order: OrderState, in index: Int) {
        books[index].resting.append(order)
        if order.icebergQuantity > .zero {
            slices[order.id] = min(order.icebergQuantity.raw, order.quantity.raw - order.executed.raw)
        }
        reportLevel(order.side, order.price, in: index)
    }

    private mutating func trade(
        _ resting: OrderState, _ taker: inout OrderState, _ quantity: Int64, leaving status: OrderStatus, in index: Int
    ) -> OrderFill {
        let market = books[index].market
        let price = resting.price
        let value = notional(price.raw, quantity, in: market)
        books[index].trades.append(PastTrade(time: now, price: price.raw, quantity: quantity))
        follow(price.raw, in: index)
        let id = TradeID(UInt64(books[index].trades.count))

        var maker = resting
        let makerFill = fill(&maker, .maker, price, quantity, value, id, market)
        if maker.executed == maker.quantity {
            maker.status = .filled
            remove(maker, in: index)
        } else if let place = books[index].resting.firstIndex(where: { $0.id == maker.id }) {
            maker.status = .partiallyFilled
            books[index].resting[place] = maker
            showNextSlice(of: maker, after: quantity, in: index)
        }
        let takerFill = fill(&taker, .taker, price, quantity, value, id, market)
        taker.status = status

        events.append(.orderFilled(makerFill.with(maker)))
        events.append(
            .traded(
                Trade(
                    market: market.id, id: id, price: price, quantity: Steps(quantity), notional: Units(value),
                    takerSide: taker.side, makerOrder: maker.id, takerOrder: taker.id, makerAccount: maker.account,
                    takerAccount: taker.account, makerWallet: maker.wallet, takerWallet: taker.wallet,
                    makerCommission: makerFill.commission, takerCommission: takerFill.commission, time: now)))
        events.append(.orderFilled(takerFill.with(taker)))
        repayAutomatically(by: makerFill, in: market)
        return takerFill
    }

    /// A slice of an iceberg that is used up is renewed at the back of its level.
    private mutating func showNextSlice(of maker: OrderState, after quantity: Int64, in index: Int) {
        guard let slice = slices[maker.id] else { return }
        slices[maker.id] = slice - quantity
        guard slice == quantity else { return }
        slices[maker.id] = min(maker.icebergQuantity.raw, maker.quantity.raw - maker.executed.raw)
        remove(maker, in: index)
        books[index].resting.append(maker)
    }

    /// Moves the money of one side of a trade and counts the fill.
    private mutating func fill(
        _ order: inout OrderState, _ liquidity: Liquidity, _ price: Ticks, _ quantity: Int64, _ value: Int128,
        _ trade: TradeID, _ market: Market
    ) -> OrderFill {
        let amount = base(quantity, in: market)
        let (given, taken) = order.side == .buy ? (value, amount) : (amount, value)
        let payer = paid(by: order, in: market)
        if !order.type.hasPrice {
            post(payer, free: -given)
        } else {
            // The part of the hold that was for this quantity goes; what it exceeds the price by comes back.
            let heldFor = order.side == .buy ? notional(order.price.raw, quantity, in: market) : amount
            post(payer, free: heldFor - given, held: -heldFor)
        }
        let receiver = received(by: order, in: market)
        let commission = commission(rate(of: order, liquidity, market), of: taken)
        post(receiver, free: taken - commission)
        fees[receiver.asset, default: 0] += commission

        order.executed += Steps(quantity)
        order.executedNotional += Units(value)
        order.updatedAt = now
        return OrderFill(
            order: order, trade: trade, price: price, quantity: Steps(quantity), notional: Units(value),
            commission: Units(commission), commissionAsset: receiver.asset, liquidity: liquidity)
    }

    private func rate(of order: OrderState, _ liquidity: Liquidity, _ market: Market) -> Rate {
        let tier = accounts.first { $0.id == order.account }?.commissionTier ?? 0
        let rates = market.commissions[Int(tier)]
        return liquidity == .maker ? rates.maker : rates.taker
    }
}

extension OrderFill {
    fileprivate func with(_ order: OrderState) -> OrderFill {
        var copy = self
        copy.order = order
        return copy
    }
}
