import SyncronCore

/// Doing what a sweep foresaw.
extension NaiveExchange {
    /// Meets one order after the other, and reports each price level when it is left.
    mutating func carryOut(_ sweep: Sweep, _ taker: inout OrderState, in index: Int) {
        var level: Ticks?
        let lastTrade = sweep.meetings.lastIndex { if case .trade = $0 { true } else { false } }
        for (position, meeting) in sweep.meetings.enumerated() {
            let maker: OrderState =
                switch meeting {
                case .trade(let maker, _), .expire(let maker): maker
                }
            if let left = level, left != maker.price { reportLevel(maker.side, left, in: index) }
            level = maker.price
            switch meeting {
            case .expire:
                remove(maker, in: index)
                end(maker, as: .expiredInMatch, in: index)
            case .trade(_, let quantity):
                let isFilled = position == lastTrade && sweep.end == .satisfied
                trade(maker, &taker, quantity, leaving: isFilled ? .filled : .partiallyFilled, in: index)
            }
        }
        if let left = level { reportLevel(taker.side.opposite, left, in: index) }
    }

    /// What becomes of an order after its sweep.
    mutating func settle(_ taker: OrderState, _ sweep: Sweep, _ terms: OrderTerms, in index: Int) {
        switch sweep.end {
        case .satisfied: return
        case .ownOrder: end(taker, as: .expiredInMatch, in: index)
        case .outOfBook where mayRest(terms):
            books[index].resting.append(taker)
            reportLevel(taker.side, taker.price, in: index)
        case .outOfBook: end(taker, as: .expired, in: index)
        }
    }

    private mutating func trade(
        _ resting: OrderState, _ taker: inout OrderState, _ quantity: Int64, leaving status: OrderStatus, in index: Int
    ) {
        let market = books[index].market
        let price = resting.price
        let value = notional(price.raw, quantity, in: market)
        books[index].trades.append(PastTrade(time: now, price: price.raw, quantity: quantity))
        let id = TradeID(UInt64(books[index].trades.count))

        var maker = resting
        let makerFill = fill(&maker, .maker, price, quantity, value, id, market)
        if maker.executed == maker.quantity {
            maker.status = .filled
            remove(maker, in: index)
        } else if let place = books[index].resting.firstIndex(where: { $0.id == maker.id }) {
            maker.status = .partiallyFilled
            books[index].resting[place] = maker
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
                    makerCommission: makerFill.commission, takerCommission: takerFill.commission)))
        events.append(.orderFilled(takerFill.with(taker)))
    }

    /// Moves the money of one side of a trade and counts the fill.
    private mutating func fill(
        _ order: inout OrderState, _ liquidity: Liquidity, _ price: Ticks, _ quantity: Int64, _ value: Int128,
        _ trade: TradeID, _ market: Market
    ) -> OrderFill {
        let amount = base(quantity, in: market)
        let (given, taken) = order.side == .buy ? (value, amount) : (amount, value)
        let payer = paid(by: order, in: market)
        if order.type == .market {
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
