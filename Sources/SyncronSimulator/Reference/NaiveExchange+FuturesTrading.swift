import SyncronCore

/// Orders of the futures wallet meeting the book.
extension NaiveExchange {
    private struct Owner: Hashable {
        var account: AccountID
        var side: PositionSide
    }

    /// A price of 5 % off the mark, beyond which orders at market do not go; nil before the first mark.
    private func bound(of order: OrderState) -> Int64? {
        guard !order.type.hasPrice else { return order.price.raw }
        let mark = Int128(perpetuals[order.market]?.mark ?? 0)
        guard mark != 0 else { return nil }
        return Int64(order.side == .buy ? mark * 105 / 100 : (mark * 95 + 99) / 100)
    }

    /// As on spot, but that a reducing order trades no more than what is left of its position.
    func sweepFutures(_ order: OrderState, in index: Int) -> Sweep {
        var sweep = Sweep()
        var moved: [Owner: Int64] = [:]
        func reducible(_ order: OrderState) -> Int64 {
            let owner = Owner(account: order.account, side: order.positionSide)
            let quantity =
                stake(order.account, order.market, order.positionSide).quantity + moved[owner, default: 0]
            return max(0, order.side == .buy ? -quantity : quantity)
        }
        func move(_ order: OrderState, _ quantity: Int64) {
            let owner = Owner(account: order.account, side: order.positionSide)
            moved[owner, default: 0] += order.side == .buy ? quantity : -quantity
        }
        let asked = order.quantity.raw - order.executed.raw
        for maker in crossing(order.side, bound(of: order), in: books[index]) {
            var left = asked - sweep.executed
            if order.reduces { left = min(left, reducible(order)) }
            if left == 0 { return sweep.ended(.satisfied) }
            if maker.account == order.account && order.selfTradePrevention != .none {
                if order.selfTradePrevention != .expireTaker { sweep.meetings.append(.expire(maker.id)) }
                if order.selfTradePrevention == .expireMaker { continue }
                return sweep.ended(.ownOrder)
            }
            let open = maker.quantity.raw - maker.executed.raw
            let quantity = min(left, maker.reduces ? min(open, reducible(maker)) : open)
            sweep.meetings.append(.trade(maker.id, quantity: quantity))
            if quantity == 0 { continue }
            sweep.executed += quantity
            sweep.notional += notional(maker.price.raw, quantity, in: books[index].market)
            move(maker, quantity)
            move(order, quantity)
        }
        let isDone = sweep.executed == asked || (order.reduces && reducible(order) == 0)
        return isDone ? sweep.ended(.satisfied) : sweep
    }

    /// Lets an order that was accepted meet the book, and what is left of it rest or end. Returns it as it is then.
    @discardableResult
    mutating func executeFutures(_ order: OrderState, in index: Int, isForced: Bool = false) -> OrderState {
        let sweep = sweepFutures(order, in: index)
        let force = order.type.hasPrice ? order.timeInForce : .ioc
        if force == .gtx && !crossing(order.side, order.price.raw, in: books[index]).isEmpty
            || force == .fok && sweep.executed < order.quantity.raw
        {
            end(order, as: .expired, in: index)
            return order
        }
        var taker = order
        var level: Ticks?
        for meeting in sweep.meetings {
            guard let maker = books[index].resting.first(where: { $0.id == meeting.maker }) else { continue }
            if let left = level, left != maker.price { reportLevel(maker.side, left, in: index) }
            level = maker.price
            switch meeting {
            case .expire:
                remove(maker, in: index)
                end(maker, as: .expiredInMatch, in: index)
            case .trade(_, 0):
                remove(maker, in: index)
                end(maker, as: .expired, in: index)
            case .trade(_, let quantity): match(maker, &taker, quantity, isForced, in: index)
            }
        }
        if let left = level { reportLevel(order.side.opposite, left, in: index) }
        let isReduced = order.reduces && reducible(taker) == 0
        if taker.executed < taker.quantity {
            if sweep.end == .ownOrder {
                end(taker, as: .expiredInMatch, in: index)
            } else if (force == .gtc || force == .gtx) && !isReduced {
                rest(taker, in: index)
            } else {
                end(taker, as: .expired, in: index)
            }
        }
        endIdleReducers(in: index)
        return taker
    }

    private mutating func match(
        _ resting: OrderState, _ taker: inout OrderState, _ quantity: Int64, _ isForced: Bool, in index: Int
    ) {
        let market = books[index].market
        let price = resting.price
        let value = notional(price.raw, quantity, in: market)
        books[index].trades.append(PastTrade(time: now, price: price.raw, quantity: quantity))
        follow(price.raw, in: index)
        let id = TradeID(UInt64(books[index].trades.count))
        var maker = resting
        let makerFee = futuresFee(maker, .maker, value, market)
        let takerFee = isForced ? 0 : futuresFee(taker, .taker, value, market)
        for liquidity in [Liquidity.maker, .taker] {
            var order = liquidity == .maker ? maker : taker
            order.executed += Steps(quantity)
            order.executedNotional += Units(value)
            order.updatedAt = now
            order.status = order.executed == order.quantity ? .filled : .partiallyFilled
            if liquidity == .maker { maker = order } else { taker = order }
        }
        if maker.executed == maker.quantity {
            remove(maker, in: index)
        } else if let place = books[index].resting.firstIndex(where: { $0.id == maker.id }) {
            books[index].resting[place] = maker
        }
        func fill(_ order: OrderState, _ liquidity: Liquidity, _ fee: Int128) -> Event {
            .orderFilled(
                OrderFill(
                    order: order, trade: id, price: price, quantity: Steps(quantity), notional: Units(value),
                    commission: Units(fee), commissionAsset: market.quote, liquidity: liquidity))
        }
        events.append(fill(maker, .maker, makerFee))
        events.append(
            .traded(
                Trade(
                    market: market.id, id: id, price: price, quantity: Steps(quantity), notional: Units(value),
                    takerSide: taker.side, makerOrder: maker.id, takerOrder: taker.id, makerAccount: maker.account,
                    takerAccount: taker.account, makerWallet: maker.wallet, takerWallet: taker.wallet,
                    makerCommission: Units(makerFee), takerCommission: Units(takerFee), time: now)))
        events.append(fill(taker, .taker, takerFee))
        if maker.reduces && maker.executed < maker.quantity && reducible(maker) == quantity {
            remove(maker, in: index)
            end(maker, as: .expired, in: index)
        }
        move(
            maker.account, market.id, maker.positionSide, maker.side, quantity, at: price.raw, fee: makerFee,
            fill: FillReference(id, .maker))
        move(
            taker.account, market.id, taker.positionSide, taker.side, quantity, at: price.raw, fee: takerFee,
            fill: FillReference(id, .taker))
        if isForced { chargeLiquidation(value, market.id, FillReference(id, .taker)) }
    }

    private func futuresFee(
        _ order: OrderState, _ liquidity: Liquidity, _ value: Int128, _ market: Market
    ) -> Int128 {
        guard order.account.raw != 0 else { return 0 }
        let rates = market.commissions[Int(accounts[Int(order.account.raw) - 1].commissionTier)]
        let rate = liquidity == .maker ? rates.maker : rates.taker
        return share(value, Int128(rate.raw), of: 100_000_000, up: true)
    }

    /// Orders that stand to reduce a position that closed or flipped end, the oldest first.
    mutating func endIdleReducers(in index: Int) {
        while !closures.isEmpty {
            let closure = closures.removeFirst()
            let idle = books[index].resting.filter { order in
                order.account == closure.account && order.wallet == .futures && order.reduces
                    && order.positionSide == closure.positionSide && order.side == closure.side
            }
            for order in idle.sorted(by: { $0.id < $1.id }) { withdraw(order, as: .expired, in: index) }
        }
    }
}
