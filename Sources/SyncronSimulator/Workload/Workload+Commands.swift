import SyncronCore

/// One command of each kind, right or wrong.
extension Workload {
    mutating func account() -> AccountID {
        random.chance(1) ? AccountID(random.pick([0, scene.accounts + 40, .max])) : scene.account(&random)
    }

    mutating func market() -> MarketID {
        random.chance(1) ? MarketID(random.pick([UInt16(scene.markets.count), .max])) : scene.market(&random).id
    }

    mutating func wallet() -> Wallet {
        random.pick(weighted: [(198, .spot), (1, .margin), (1, .futures)])
    }

    mutating func order() -> PlaceOrder {
        let market = scene.market(&random)
        let side: Side = random.chance(50) ? .buy : .sell
        return PlaceOrder(
            account: account(), market: random.chance(1) ? self.market() : market.id, wallet: wallet(), side: side,
            terms: terms(side, market),
            selfTradePrevention: random.pick([.none, .expireTaker, .expireMaker, .expireBoth]),
            clientOrderID: clientID())
    }

    private mutating func terms(_ side: Side, _ market: Scene.Place) -> OrderTerms {
        switch random.below(100) {
        case 0..<45: .limit(price: price(side, market), quantity: quantity(market), timeInForce: .gtc)
        case 45..<57: .limitMaker(price: price(side, market), quantity: quantity(market))
        case 57..<67: .limit(price: price(side, market), quantity: quantity(market), timeInForce: .ioc)
        case 67..<77: .limit(price: price(side, market), quantity: quantity(market), timeInForce: .fok)
        case 77..<88: .market(quantity: quantity(market))
        default: .marketByQuote(quote: quote(market))
        }
    }

    mutating func price(_ side: Side, _ market: Scene.Place) -> Ticks {
        if random.chance(3) { return Ticks(awkwardNumber(near: market.highestPrice)) }
        // Bids a little low and asks a little high, so that a book stands and is crossed now and then.
        let lean = side == .buy ? -market.width / 3 : market.width / 3
        let price = middle(market) + lean + random.int(in: -market.width...market.width)
        return Ticks(max(1, min(price, market.highestPrice)))
    }

    mutating func quantity(_ market: Scene.Place) -> Steps {
        if random.chance(3) { return Steps(awkwardNumber(near: market.highestQuantity)) }
        return Steps(
            style == .extreme
                ? random.magnitude(upTo: market.highestQuantity) : random.int(in: 1...market.usualQuantity))
    }

    private mutating func quote(_ market: Scene.Place) -> Units {
        if random.chance(5) { return random.pick([.offGrid, .zero, Units(-1), Units(1), Limits.assetSupply]) }
        let steps = quantity(market)
        let value = market.value(of: max(1, steps.raw))
        return Units(max(1, value + Int128(random.int(in: -1_000...1_000))))
    }

    /// Bounds and what lies just beyond them.
    mutating func awkwardNumber(near bound: Int64) -> Int64 {
        random.pick([
            .min, .max, -1, 0, 1, 2, bound - 1, bound, bound + 1, Limits.orderMagnitude, Limits.orderMagnitude + 1,
            random.magnitude(upTo: .max),
        ])
    }

    mutating func clientID() -> ClientOrderID {
        switch random.below(100) {
        case 0..<75: .none
        case 75..<98: ClientOrderID(random.pick(Self.clientIDs)) ?? .none
        default: ClientOrderID(random.pick(["a b", "ä", "x\u{0}", "\"", "a\n"])) ?? .none
        }
    }

    /// Few, so that they meet again; one of them as long as they may be.
    private static let clientIDs = ["a", "b", "c", "d-1", "e:/._Z", "123456789012345678901234567890123456"]

    mutating func cancellation() -> CancelOrder {
        if !open.isEmpty && random.chance(85) {
            let order = open[Int(random.below(UInt64(open.count)))]
            var cancel = CancelOrder(
                account: order.account, market: order.market, wallet: order.wallet, order: .id(order.id))
            // Of another account, in another market or wallet: not to be found there.
            switch random.below(30) {
            case 0: cancel.account = account()
            case 1: cancel.market = market()
            case 2: cancel.wallet = .margin
            default: break
            }
            return cancel
        }
        let reference: OrderReference =
            random.chance(70)
            ? .clientID(clientID()) : .id(OrderID(random.pick([0, 1, random.below(500), .max])))
        return CancelOrder(account: account(), market: market(), wallet: wallet(), order: reference)
    }

    /// Few transaction ids and amounts, so that deposits are reported again, rightly and wrongly.
    mutating func deposit() -> RecordDeposit {
        let asset = scene.assets[Int(random.below(UInt64(scene.assets.count)))]
        let isUnknown = random.chance(2)
        let usual = scene.funds(asset) / 10
        let amounts: [(UInt64, Int128)] = [(10, usual), (2, usual + 1), (1, 0), (1, -1)]
        return RecordDeposit(
            account: account(), asset: isUnknown ? AssetID(.max) : asset.id,
            network: random.chance(2) ? "none" : asset.networks[0].name,
            amount: random.chance(2) ? .offGrid : Units(random.pick(weighted: amounts)),
            txID: random.chance(2) ? "" : "tx-\(random.below(6))",
            status: random.pick(weighted: [(3, .success), (3, .pending), (1, .failed)]),
            confirmations: UInt32(random.below(4)))
    }

    mutating func accountChange() -> ChangeAccount {
        var change = ChangeAccount(account: account())
        switch random.below(6) {
        case 0: change.canTrade = random.chance(60)
        case 1: change.level = random.pick(AccountLevel.allCases)
        case 2: change.marginLeverage = random.pick([3, 5, 4, 0])
        case 3: change.canWithdraw = random.chance(60)
        default: change.commissionTier = random.pick([0, 1, 2, 3, 4, 4, 5])
        }
        // Those who may not shall not stay so.
        if random.chance(80) { change.canTrade = true }
        if random.chance(20) { change.canWithdraw = true }
        return change
    }

    mutating func statusChange() -> SetMarketStatus {
        SetMarketStatus(
            market: market(),
            status: random.pick(weighted: [(17, .trading), (1, .halt), (1, .cancelOnly), (1, .break)]))
    }
}
