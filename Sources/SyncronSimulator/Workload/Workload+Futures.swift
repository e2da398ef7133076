import SyncronCore

/// What traders of perpetuals do, right or wrong, while the index wanders and jumps.
extension Workload {
    mutating func futuresCommand() -> Command {
        switch random.below(1_000) {
        case 0..<520: .placeFuturesOrder(futuresOrder())
        case 520..<550: .cancelOrder(futuresCancellation())
        case 550..<555: .cancelAllOrders(futuresCancellationOfAll())
        case 555..<570: .setLeverage(leverage())
        case 570..<580:
            .setMarginType(
                SetMarginType(
                    account: account(), market: perpetual().id, type: random.chance(60) ? .isolated : .crossed))
        case 580..<590: .setPositionMode(SetPositionMode(account: account(), isHedge: random.chance(60)))
        case 590..<610: .adjustPositionMargin(adjustment())
        case 610..<640: .transfer(futuresTransfer())
        case 640..<780: .setIndexPrices(futuresIndexMove())
        case 780..<960: .tick
        case 960..<975: .fundInsurance(insuranceFund())
        case 975..<990: .changeAccount(accountChange())
        default: .setMarketStatus(statusChange())
        }
    }

    mutating func observeFutures(_ event: Event) {
        switch event {
        case .positionModeSet(let mode):
            hedging.remove(mode.account)
            if mode.isHedge { hedging.insert(mode.account) }
        case .positionChanged(let position):
            positions.removeAll {
                ($0.account, $0.market, $0.side) == (position.account, position.market, position.side)
            }
            if position.quantity != .zero { positions.append(position) }
        default: break
        }
    }

    /// Mostly a perpetual.
    private mutating func perpetual() -> Scene.Place {
        if random.chance(1) { return scene.market(&random) }
        return random.chance(70) ? scene.perpetuals[0] : random.pick(scene.perpetuals)
    }

    private mutating func futuresOrder() -> PlaceFuturesOrder {
        let place = perpetual()
        var account = account()
        var side: Side = random.chance(50) ? .buy : .sell
        var positionSide: PositionSide = .both
        // Now and then one that has a position closes it.
        let closes = random.chance(25)
        if closes, let position = positions.filter({ $0.market == place.id }).drawn(&random) {
            (account, positionSide) = (position.account, position.side)
            side = position.quantity > .zero ? .sell : .buy
        } else if hedging.contains(account) {
            positionSide = (side == .buy) == random.chance(85) ? .long : .short
        }
        if random.chance(3) { positionSide = random.pick([.both, .long, .short]) }
        var placement = PlaceFuturesOrder(
            PlaceOrder(
                account: account, market: place.id, wallet: .futures, side: side, terms: futuresTerms(side, place),
                selfTradePrevention: random.pick([.none, .expireTaker, .expireMaker, .expireBoth]),
                clientOrderID: clientID()),
            positionSide: positionSide)
        if random.chance(4) { placement.lifetime = random.pick([500, 3_000, 30_000, 0, -1, .max]) }
        placement.reduceOnly = random.chance(positionSide == .both && closes ? 50 : 1)
        if random.chance(14) { addTrigger(&placement, place) }
        // What reduces and trades with itself reduces nothing: how often it does so is nobody's business.
        let isHedged = positionSide != .both
        if placement.reduceOnly || placement.closePosition || closes || isHedged {
            placement.order.selfTradePrevention = random.pick([.expireTaker, .expireMaker, .expireBoth])
        }
        return placement
    }

    private mutating func futuresTerms(_ side: Side, _ place: Scene.Place) -> OrderTerms {
        let quantity = futuresQuantity(place)
        // As many cross as rest.
        let lean = random.pick(side == .buy ? [-1, 1] : [1, -1]) * place.width / 4
        var price = futuresMiddle(place) + lean + random.int(in: -place.width...place.width) / 2
        // Some take whatever is there.
        if random.chance(25) { price = futuresMiddle(place) + (side == .buy ? 3 : -3) * place.width }
        if random.chance(6) { price = price * random.int(in: 80...120) / 100 }
        if random.chance(2) { price = awkwardNumber(near: place.highestPrice) }
        switch random.below(100) {
        case 0..<80:
            let force: TimeInForce = random.pick(weighted: [(45, .gtc), (8, .ioc), (7, .fok), (10, .gtx)])
            return .limit(price: Ticks(price), quantity: quantity, timeInForce: force)
        case 80..<98: return .market(quantity: quantity)
        case 98: return .limitMaker(price: Ticks(price), quantity: quantity)
        default: return .marketByQuote(quote: Units(100_000_000))
        }
    }

    private mutating func futuresQuantity(_ place: Scene.Place) -> Steps {
        if random.chance(2) { return Steps(awkwardNumber(near: place.highestQuantity)) }
        let most = random.chance(5) ? place.usualQuantity * 8 : place.usualQuantity / random.pick([1, 2, 5, 20])
        return Steps(max(1, random.int(in: 1...most)))
    }

    private mutating func addTrigger(_ placement: inout PlaceFuturesOrder, _ place: Scene.Place) {
        let near = random.chance(80) ? last(place) : futuresMiddle(place)
        var trigger = FuturesTrigger(
            random.pick([.stop, .stop, .takeProfit, .takeProfit, .trailing]),
            at: Ticks(max(1, near + random.int(in: -place.width...place.width))),
            workingType: random.pick([.contractPrice, .markPrice]), isProtected: random.chance(30))
        if trigger.kind == .trailing {
            trigger.callback = random.pick([10, 10, 20, 50, 1_000, 9, 1_001])
            if random.chance(50) { trigger.price = .zero }
            if random.chance(90) { placement.order.terms = .market(quantity: placement.order.terms.quantity) }
        } else if random.chance(30) {
            placement.closePosition = true
            placement.reduceOnly = random.chance(3)
            placement.order.terms = random.chance(96) ? .market(quantity: .zero) : placement.order.terms
        }
        placement.trigger = trigger
    }

    /// Where the index is, in ticks.
    private func futuresMiddle(_ place: Scene.Place) -> Int64 {
        guard let index = indexPrices[place.definition.base] else { return place.middle }
        let price = Int128(place.middle) * Int128(index) / Int128(scene.usualIndex(of: place))
        return Int64(min(max(1, price), Int128(place.highestPrice)))
    }

    private func last(_ place: Scene.Place) -> Int64 { lastPrices[place.id] ?? futuresMiddle(place) }

    private mutating func futuresCancellation() -> CancelOrder {
        guard let order = open.filter({ $0.wallet == .futures }).drawn(&random) else {
            return CancelOrder(account: account(), market: perpetual().id, wallet: .futures, order: .id(OrderID(1)))
        }
        return CancelOrder(
            account: random.chance(90) ? order.account : account(), market: order.market, wallet: .futures,
            order: .id(order.id))
    }

    private mutating func futuresCancellationOfAll() -> CancelAllOrders {
        CancelAllOrders(account: account(), market: random.chance(50) ? nil : perpetual().id, wallet: .futures)
    }

    private mutating func leverage() -> SetLeverage {
        SetLeverage(
            account: account(), market: perpetual().id,
            leverage: random.pick([1, 5, 10, 20, 50, 50, 75, 100, 125, 126, 0]))
    }

    private mutating func adjustment() -> AdjustPositionMargin {
        let position = positions.drawn(&random)
        let usual = scene.funds(scene.tether) / random.pick([100, 1_000, 10_000])
        return AdjustPositionMargin(
            account: position?.account ?? account(), market: position?.market ?? perpetual().id,
            side: random.chance(4) ? random.pick([.both, .long, .short]) : position?.side ?? .both,
            amount: random.chance(5) ? random.pick([.zero, Units(-1), .offGrid]) : Units(max(1, usual)),
            isAdded: random.chance(50))
    }

    private mutating func futuresTransfer() -> TransferFunds {
        let isIn = random.chance(60)
        let usual = scene.funds(scene.tether) / random.pick([2, 200, 1_000, 5_000])
        return TransferFunds(
            account: account(), asset: random.chance(97) ? scene.tether.id : scene.assets[0].id,
            amount: random.chance(3) ? .zero : Units(max(1, usual)), from: isIn ? .spot : .futures,
            to: isIn ? .futures : .spot)
    }

    private mutating func insuranceFund() -> InsuranceFund {
        let usual = scene.funds(scene.tether)
        return InsuranceFund(asset: scene.tether.id, amount: Units(random.pick([0, 0, 1, usual / 100, usual])))
    }

    /// Mostly a small step, sometimes a jump that nobody's margin outlasts, seldom to the spot market or none.
    private mutating func futuresIndexMove() -> SetIndexPrices {
        let place = random.chance(60) ? scene.perpetuals[0] : random.pick(scene.perpetuals)
        let usual = Int128(scene.usualIndex(of: place))
        let asset = place.definition.base
        if random.chance(2) { return SetIndexPrices([IndexQuote(asset: asset, price: nil)]) }
        var price = Int128(indexPrices[asset] ?? Int64(usual))
        switch random.below(100) {
        case 0..<60: price = price * Int128(random.int(in: 9_970...10_030)) / 10_000 + Int128(random.int(in: -9...9))
        case 60..<92: price = price * Int128(random.pick([85, 92, 95, 97, 98, 102, 103, 106, 109, 118])) / 100
        default: price = usual
        }
        price = min(max(price, usual / 4), usual * 4)
        return SetIndexPrices([IndexQuote(asset: asset, price: IndexPrice(Int64(price)))])
    }
}

extension Array {
    fileprivate func drawn(_ random: inout SeededRandom) -> Element? { isEmpty ? nil : random.pick(self) }
}
