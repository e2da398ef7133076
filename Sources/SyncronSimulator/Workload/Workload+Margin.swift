import SyncronCore

/// What borrowers, lenders and the market's prices do, right or wrong.
extension Workload {
    mutating func marginCommand() -> Command {
        if !flagged.isEmpty && random.chance(40) { return random.chance(40) ? .tick : .placeOrder(supply()) }
        return switch random.below(1_000) {
        case 0..<130: .transfer(marginTransfer())
        case 130..<260: .borrow(loan())
        case 260..<310: .repay(RepayFunds(account: marginAccount(), asset: marginAsset(), amount: sum()))
        case 310..<530: .placeOrderWithOptions(marginOrder())
        case 530..<552: .cancelOrder(marginCancellation())
        case 552..<560: .cancelAllOrders(CancelAllOrders(account: marginAccount(), market: nil, wallet: .margin))
        case 560..<840: .setIndexPrices(indexMove())
        case 840..<925: .tick
        case 925..<940: .changeAccount(ChangeAccount(account: account(), marginLeverage: random.pick([3, 5])))
        case 940..<955: .changeAccount(permission())
        case 955..<970: .fundLending(LendingPool(asset: marginAsset(), amount: pool()))
        case 970..<985: .fundInsurance(InsuranceFund(asset: marginAsset(), amount: pool()))
        case 985..<988: .defineAsset(changedTerms())
        case 988..<994: .setCancelCountdown(marginCountdown())
        default: .placeOrder(marginOrder().order)
        }
    }

    private mutating func marginAsset() -> AssetID {
        if random.chance(4) { return random.pick([AssetID(.max), scene.assets[0].id]) }
        return random.pick(scene.assets.filter { $0.margin != nil }).id
    }

    /// Mostly one that has a wallet.
    private mutating func marginAccount() -> AccountID {
        guard !marginWallets.isEmpty && !random.chance(8) else { return account() }
        return random.pick(marginWallets.keys.sorted())
    }

    /// Mostly a good part of what the collateral allows, or a little more.
    private mutating func loan() -> BorrowFunds {
        var loan = BorrowFunds(account: marginAccount(), asset: marginAsset(), amount: sum())
        guard let wallet = marginWallets[loan.account], random.chance(70), style == .margin,
            let price = price(of: loan.asset)
        else { return loan }
        // All assets have as many decimals.
        let (owned, owed) = wallet.values.reduce((Int128(0), Int128(0))) { sums, balance in
            let price = self.price(of: balance.asset) ?? 0
            let owned = balance.free + balance.held
            return (sums.0 + owned.raw * price, sums.1 + (balance.borrowed + balance.interest).raw * price)
        }
        let most = (owned * 173 - owed * 273) / 100
        loan.amount = Units(max(1, most * Int128(random.int(in: 30...105)) / 100 / price))
        return loan
    }

    /// A large order near the index, for those that must sell or buy.
    private mutating func supply() -> PlaceOrder {
        let market = random.pick(scene.markets.filter { $0.definition.quote == scene.tether.id })
        let price = middleByIndex(market)
        let quantity = Steps(min(market.usualQuantity * random.int(in: 1...4), market.highestQuantity))
        return PlaceOrder(
            account: account(), market: market.id, side: random.chance(60) ? .buy : .sell,
            terms: .limit(
                price: Ticks(max(1, price + random.int(in: -(price / 70)...(price / 70)))), quantity: quantity,
                timeInForce: .gtc))
    }

    /// Where orders gather: where loans are the matter, often at the index.
    mutating func middle(_ market: Scene.Place) -> Int64 {
        style == .margin && random.chance(30) ? middleByIndex(market) : market.middle
    }

    private func middleByIndex(_ market: Scene.Place) -> Int64 {
        guard market.definition.quote == scene.tether.id, let index = indexPrices[market.definition.base]
        else { return market.middle }
        let price = Int128(market.middle) * Int128(index) / Int128(scene.usualIndex(of: market))
        return Int64(min(max(1, price), Int128(market.highestPrice)))
    }

    private func price(of asset: AssetID) -> Int128? {
        asset == scene.tether.id ? 100_000_000 : indexPrices[asset].map { Int128($0) }
    }

    mutating func observeMargin(_ event: Event) {
        switch event {
        case .marginStatusChanged(let change):
            flagged.remove(change.account)
            if change.status == .liquidating { flagged.insert(change.account) }
        case .indexPriceChanged(let quote): indexPrices[quote.asset] = quote.price?.raw
        case .balanceChanged(let change):
            guard change.wallet == .margin else { return }
            book(change.account, change.asset) { ($0.free, $0.held) = (change.free, change.held) }
        case .loanTaken(let loan): book(loan.account, loan.asset) { $0.borrowed += loan.principal }
        case .interestCharged(let charge): book(charge.account, charge.asset) { $0.interest += charge.interest }
        case .loanRepaid(let it):
            book(it.account, it.asset) {
                $0.borrowed -= it.principal
                $0.interest -= it.interest
            }
        default: break
        }
    }

    private mutating func book(_ account: AccountID, _ asset: AssetID, _ change: (inout MarginBalance) -> Void) {
        let none = MarginBalance(asset: asset, free: .zero, held: .zero, borrowed: .zero, interest: .zero)
        change(&marginWallets[account, default: [:]][asset, default: none])
    }

    /// Parts of what an account had at the start, over three orders of magnitude.
    private mutating func sum() -> Units {
        if random.chance(6) {
            return random.pick([.zero, .zero, Units(-1), .offGrid, Units(Limits.assetSupply.raw + 1)])
        }
        let usual = scene.funds(random.pick(scene.assets))
        return Units(max(1, usual / random.pick([1, 2, 3, 10, 30, 100, 1_000, usual])))
    }

    private mutating func marginTransfer() -> TransferFunds {
        let isIn = random.chance(60)
        return TransferFunds(
            account: marginAccount(), asset: marginAsset(), amount: sum(), from: isIn ? .spot : .margin,
            to: isIn ? .margin : .spot)
    }

    private mutating func marginOrder() -> OrderWithOptions {
        var placement = random.chance(70) ? OrderWithOptions(order(), OrderOptions()) : orderWithOptions()
        placement.order.account = marginAccount()
        if case .limit = placement.order.terms, placement.options.trigger == nil, random.chance(30) {
            placement.order.terms = .market(quantity: placement.order.terms.quantity)
        }
        placement.order.wallet = random.chance(98) ? .margin : .spot
        placement.options.sideEffect = random.pick([.none, .marginBuy, .marginBuy, .marginBuy, .autoRepay, .autoRepay])
        return placement
    }

    private mutating func marginCancellation() -> CancelOrder {
        guard let order = open.filter({ $0.wallet == .margin }).randomElement(&random) else {
            return CancelOrder(account: account(), market: market(), wallet: .margin, order: .id(OrderID(1)))
        }
        return CancelOrder(
            account: random.chance(90) ? order.account : account(), market: order.market, wallet: .margin,
            order: .id(order.id))
    }

    /// Mostly a small step from where the price is, sometimes a jump, seldom back to the market or to none.
    private mutating func indexMove() -> SetIndexPrices {
        var quotes = [indexQuote()]
        if random.chance(20) { quotes.append(indexQuote()) }
        if random.chance(2) { quotes = [] }
        return SetIndexPrices(quotes)
    }

    private mutating func indexQuote() -> IndexQuote {
        let markets = scene.markets.filter { $0.definition.quote == scene.tether.id && $0.definition.kind == .spot }
        let market = random.pick(markets)
        let asset = market.definition.base
        switch random.below(100) {
        case 0..<12: return IndexQuote(asset: asset, price: nil)
        case 12: return IndexQuote(asset: random.pick([AssetID(.max), scene.tether.id]), price: IndexPrice(1))
        case 13:
            let prices: [Int64] = [0, -1, 1, .min, 1_000_000_000_000_000_000, 1_000_000_000_000_000_001]
            return IndexQuote(asset: asset, price: IndexPrice(random.pick(prices)))
        case 14..<30: return IndexQuote(asset: asset, price: IndexPrice(scene.usualIndex(of: market)))
        default: break
        }
        let from = Int128(indexPrices[asset] ?? scene.usualIndex(of: market))
        let percent =
            random.chance(50) ? random.int(in: 90...110) : random.pick([20, 50, 60, 70, 80, 130, 150, 200, 300])
        let price = from * Int128(percent) / 100 + Int128(random.int(in: -9...9))
        return IndexQuote(asset: asset, price: IndexPrice(Int64(min(max(1, price), 1_000_000_000_000_000_000))))
    }

    private mutating func permission() -> ChangeAccount {
        random.chance(50)
            ? ChangeAccount(account: marginAccount(), canTrade: random.chance(60))
            : ChangeAccount(account: marginAccount(), canWithdraw: random.chance(60))
    }

    private mutating func pool() -> Units {
        let usual = scene.funds(scene.tether)
        return random.chance(5)
            ? random.pick([.offGrid, Units(-1), Limits.assetSupply])
            : Units(random.pick([0, 1, usual / 100, usual, usual * 4]))
    }

    /// Other terms, or wrongly none.
    private mutating func changedTerms() -> Asset {
        var asset = random.pick(scene.assets)
        if asset.margin != nil { asset.margin = random.chance(25) ? nil : Scene.marginTerms(&random) }
        return asset
    }

    private mutating func marginCountdown() -> SetCancelCountdown {
        SetCancelCountdown(account: account(), market: nil, wallet: .margin, countdown: 1_000)
    }
}

extension Array {
    fileprivate func randomElement(_ random: inout SeededRandom) -> Element? { isEmpty ? nil : random.pick(self) }
}
