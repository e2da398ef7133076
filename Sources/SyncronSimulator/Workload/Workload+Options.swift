import SyncronCore

/// Orders that wait, hide, come in pairs or end by themselves, and what is done to orders that stand.
extension Workload {
    mutating func orderWithOptions() -> OrderWithOptions {
        let market = scene.market(&random)
        var order = order()
        if random.chance(98) { order.market = market.id }
        var options = OrderOptions()
        switch random.below(100) {
        case 0..<55:
            options.trigger = trigger(order.side, market)
            if random.chance(90) { order.terms = triggeredTerms(order.side, market) }
        case 55..<92:
            let quantity = quantity(market)
            options.icebergQuantity = slice(of: quantity)
            if random.chance(92) {
                let price = price(order.side, market)
                order.terms =
                    random.chance(80)
                    ? .limit(price: price, quantity: quantity, timeInForce: .gtc)
                    : .limitMaker(price: price, quantity: quantity)
            }
            if random.chance(2) { options.trigger = trigger(order.side, market) }
        default: break
        }
        if random.chance(25) { options.lifetime = lifetime() }
        return OrderWithOptions(order, options)
    }

    /// Mostly of the side that has not come yet, and so near that the next trades fire it.
    private mutating func trigger(_ side: Side, _ market: Scene.Place) -> Trigger {
        let kind: Trigger.Kind = random.chance(60) ? .stopLoss : .takeProfit
        let isAbove = (kind == .stopLoss) == (side == .buy)
        var trigger = Trigger(kind, at: stopPrice(isAbove: random.chance(92) ? isAbove : !isAbove, market))
        guard random.chance(45) else { return random.chance(98) ? trigger : Trigger(kind, at: nil) }
        let deltas: [(UInt64, UInt16)] = [
            (8, 10), (4, 50), (4, UInt16(random.int(in: 10...2_000))), (4, 2_000), (1, 9), (1, 2_001), (1, .max),
        ]
        trigger.trailingDelta = random.pick(weighted: deltas)
        // Those that trail may start on either side of the price, or at it.
        if random.chance(40) { trigger.stopPrice = nil }
        if random.chance(25) { trigger.stopPrice = stopPrice(isAbove: !isAbove, market) }
        return trigger
    }

    private mutating func triggeredTerms(_ side: Side, _ market: Scene.Place) -> OrderTerms {
        let quantity = quantity(market)
        if random.chance(45) { return .market(quantity: quantity) }
        // Where it is likely to trade, so that it sets off the next.
        let lean = side == .buy ? market.width : -market.width
        let price = near(last(market) + random.int(in: min(0, lean)...max(0, lean)), market)
        let force: [(UInt64, TimeInForce)] = [(6, .gtc), (2, .ioc), (2, .fok)]
        return .limit(
            price: random.chance(80) ? price : self.price(side, market), quantity: quantity,
            timeInForce: random.pick(weighted: force))
    }

    private mutating func stopPrice(isAbove: Bool, _ market: Scene.Place) -> Ticks {
        if random.chance(3) { return Ticks(awkwardNumber(near: market.highestPrice)) }
        let distance = random.int(in: random.chance(5) ? 0...0 : 1...max(1, market.width / 2))
        return near(last(market) + (isAbove ? distance : -distance), market)
    }

    private func last(_ market: Scene.Place) -> Int64 { lastPrices[market.id] ?? market.middle }

    private func near(_ price: Int64, _ market: Scene.Place) -> Ticks {
        Ticks(max(1, min(price, market.highestPrice)))
    }

    private mutating func slice(of quantity: Steps) -> Steps {
        guard quantity.raw > 0 && !random.chance(6) else {
            return random.pick([quantity, .offGrid, .zero, Steps(-1), Steps(1), Steps(quantity.raw &+ 1)])
        }
        let parts: [(UInt64, Int64)] = [(10, random.int(in: 1...4)), (4, random.int(in: 5...12)), (1, 101)]
        return Steps(max(1, quantity.raw / random.pick(weighted: parts)))
    }

    private mutating func lifetime() -> Int64 {
        let lifetimes: [(UInt64, Int64)] = [
            (20, random.int(in: 1...300)), (20, random.int(in: 300...60_000)), (4, 86_400_000), (1, 0), (1, -1),
            (1, .max), (1, .min),
        ]
        return random.pick(weighted: lifetimes)
    }

    mutating func orderList() -> PlaceOrderList {
        let market = scene.market(&random)
        let side: Side = random.chance(50) ? .buy : .sell
        let (limit, stop) = (random.int(in: 1...market.width), random.int(in: 1...max(1, market.width / 2)))
        let (up, down) = random.chance(95) ? (1, -1) : (Int64(random.int(in: -1...1)), Int64(random.int(in: -1...1)))
        let last = last(market)
        var list = PlaceOrderList(
            account: account(), market: random.chance(1) ? self.market() : market.id, wallet: wallet(), side: side,
            quantity: quantity(market),
            limitPrice: near(side == .sell ? last + up * limit : last + down * limit, market),
            stopPrice: near(side == .sell ? last + down * stop : last + up * stop, market),
            selfTradePrevention: random.pick([.none, .expireTaker, .expireMaker, .expireBoth]),
            limitClientOrderID: clientID(), stopClientOrderID: clientID())
        if random.chance(50) {
            let force: [(UInt64, TimeInForce)] = [(4, .gtc), (1, .ioc), (1, .fok)]
            list.stopLimit = PlaceOrderList.StopLimit(
                price: near(list.stopPrice.raw + random.int(in: -market.width...market.width), market),
                timeInForce: random.pick(weighted: force))
        }
        switch random.below(60) {
        case 0: list.limitPrice = Ticks(awkwardNumber(near: market.highestPrice))
        case 1: list.stopPrice = Ticks(awkwardNumber(near: market.highestPrice))
        case 2: list.stopLimit?.price = Ticks(awkwardNumber(near: market.highestPrice))
        default: break
        }
        return list
    }

    mutating func amendment() -> AmendOrder {
        let cancel = cancellation()
        var amendment = AmendOrder(
            account: cancel.account, market: cancel.market, wallet: cancel.wallet, order: cancel.order)
        guard let order = open.first(where: { .id($0.id) == cancel.order }),
            let market = scene.markets.first(where: { $0.id == order.market })
        else {
            amendment.quantity = Steps(random.int(in: 1...20))
            return amendment
        }
        switch random.below(100) {
        case 0..<35: amendment.quantity = Steps(random.int(in: 1...max(1, order.quantity.raw)))
        case 35..<55: amendment.quantity = quantity(market)
        case 55..<75: amendment.price = near(order.price.raw + random.int(in: -market.width...market.width), market)
        case 75..<90:
            amendment.price = near(last(market) + random.int(in: -market.width...market.width), market)
            amendment.quantity = quantity(market)
        case 90..<93: amendment.quantity = Steps(awkwardNumber(near: market.highestQuantity))
        case 93..<95: amendment.price = Ticks(awkwardNumber(near: market.highestPrice))
        case 95..<97: amendment.quantity = .offGrid
        default: (amendment.price, amendment.quantity) = random.pick([(nil, nil), (order.price, order.quantity)])
        }
        return amendment
    }

    mutating func cancellationOfAll() -> CancelAllOrders {
        CancelAllOrders(account: account(), market: random.chance(30) ? nil : market(), wallet: wallet())
    }

    mutating func countdown() -> SetCancelCountdown {
        let year: Int64 = 86_400_000 * 365
        let countdowns: [(UInt64, Int64)] = [
            (20, random.int(in: 1...300)), (10, random.int(in: 300...60_000)), (6, 0), (1, -1), (1, year),
            (1, year + 1), (1, .max),
        ]
        return SetCancelCountdown(
            account: account(), market: random.chance(30) ? nil : market(), wallet: wallet(),
            countdown: random.pick(weighted: countdowns))
    }
}
