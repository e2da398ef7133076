import SyncronCore

/// The small exchange on which a workload plays: its assets, markets and accounts.
struct Scene: Sendable {
    /// A market, and where its orders are.
    struct Place: Sendable {
        var id: MarketID
        var definition: Market
        /// Around which price, in ticks, and how far from it.
        var middle: Int64
        var width: Int64
        var usualQuantity: Int64
        /// Quote units of one step at one tick.
        var quoteUnit: Int128
        /// Base units of one step.
        var baseUnit: Int128

        /// Quote units of a quantity at the middle price, at most all there can be.
        func value(of quantity: Int64) -> Int128 {
            let (product, overflow) = (Int128(quantity) * Int128(middle)).multipliedReportingOverflow(by: quoteUnit)
            return overflow ? Limits.assetSupply.raw : min(product, Limits.assetSupply.raw)
        }

        var highestPrice: Int64 { definition.filters.maxPrice.raw }
        var highestQuantity: Int64 { definition.filters.maxQuantity.raw }
    }

    let style: Workload.Style
    private(set) var assets: [Asset] = []
    private(set) var markets: [Place] = []
    let accounts: UInt32
    /// How many usual orders an account can pay for at the start.
    private let wealth: Int64

    init(_ style: Workload.Style, _ random: inout SeededRandom) {
        self.style = style
        accounts = UInt32(random.int(in: style == .realistic ? 4...12 : style == .margin ? 3...6 : 2...5))
        wealth = random.pick([2, 8, 40, 40])
        let names = style == .margin || random.chance(50) ? ["BTC", "ETH", "USDT"] : ["BTC", "USDT"]
        for (index, name) in (style == .margin ? ["BARE"] + names : names).enumerated() {
            let decimals: UInt8 = style == .awkward || style == .extreme ? UInt8(random.below(19)) : 8
            assets.append(
                Asset(
                    id: AssetID(UInt16(index)), name: name, decimals: decimals,
                    networks: [Network(name: "NET", withdrawalFee: Units(1))],
                    margin: name == "BARE" ? nil : Self.marginTerms(&random)))
        }
        let hasBare = random.chance(30)
        for base in assets.indices {
            for quote in assets.indices where base < quote && (base > 0 || style != .margin || hasBare && quote == 3) {
                markets.append(Self.place(markets.count, assets[base], assets[quote], style, &random))
            }
        }
        guard style == .futures else {
            // One that is not defined.
            var perpetual = markets[0]
            perpetual.id = MarketID(UInt16(markets.count))
            perpetual.definition.kind = .perpetual
            markets.append(perpetual)
            return
        }
        for place in markets where place.definition.quote == tether.id {
            markets.append(Self.perpetual(markets.count, of: place, &random))
        }
    }

    var perpetuals: [Place] { markets.filter { $0.definition.kind == .perpetual } }

    static func marginTerms(_ random: inout SeededRandom) -> MarginTerms {
        MarginTerms(
            collateralRatio: Rate(random.pick([100_000_000, 95_000_000, 95_000_000, 80_000_000, 33_333_333, 0])),
            dailyInterest: Rate(random.pick([0, 1, 20_000, 20_000, 3_000_000, 99_999_999])))
    }

    /// What all that has margin terms trades for.
    var tether: Asset { assets[assets.count - 1] }

    func account(_ random: inout SeededRandom) -> AccountID { AccountID(UInt32(random.int(in: 1...Int64(accounts)))) }

    /// Seldom the last one, which takes no orders.
    func market(_ random: inout SeededRandom) -> Place {
        random.chance(1) ? markets[markets.count - 1] : markets[Int(random.below(UInt64(markets.count - 1)))]
    }

    /// What every account has of `asset` at the start, in units.
    func funds(_ asset: Asset) -> Int128 {
        if style == .extreme { return Limits.assetSupply.raw / 16 }
        var most: Int128 = 1_000
        for place in markets {
            let steps = place.usualQuantity * wealth
            if place.definition.quote == asset.id { most = max(most, place.value(of: steps)) }
            if place.definition.base == asset.id {
                most = max(most, Int128(steps) * place.baseUnit)
            }
        }
        return min(most, Limits.assetSupply.raw / 64)
    }

    /// The commands that build the exchange.
    func opening(_ random: inout SeededRandom) -> [Command] {
        var commands: [Command] = [.begin(Genesis(hasSandbox: true))]
        commands += assets.map { .defineAsset($0) }
        let defined = style == .futures ? markets : markets.dropLast()
        commands += defined.map { .defineMarket($0.definition) }
        for number in 1...accounts {
            commands.append(.openAccount(OpenAccount(commissionTier: UInt8(random.below(5)))))
            for asset in assets {
                commands.append(
                    .recordDeposit(
                        RecordDeposit(
                            account: AccountID(number), asset: asset.id, network: "NET",
                            amount: Units(funds(asset)), txID: "first")))
            }
        }
        switch style {
        case .margin: return commands + marginOpening(&random)
        case .futures: return commands + futuresOpening(&random)
        case .realistic, .tight, .awkward, .extreme: return commands
        }
    }

    /// Pools, index prices and filled wallets, but for the last account.
    private func marginOpening(_ random: inout SeededRandom) -> [Command] {
        var commands: [Command] = []
        for asset in assets where asset.margin != nil {
            commands.append(.fundLending(LendingPool(asset: asset.id, amount: Units(funds(asset) * 8))))
            for number in 1..<accounts where random.chance(60) {
                commands.append(
                    .transfer(
                        TransferFunds(
                            account: AccountID(number), asset: asset.id,
                            amount: Units(funds(asset) / random.pick([2, 10, 100])), from: .spot, to: .margin)))
            }
        }
        let fund = Units(funds(tether) / random.pick([1, 10, 10_000]))
        commands.append(.fundInsurance(InsuranceFund(asset: tether.id, amount: fund)))
        commands.append(
            .setIndexPrices(
                SetIndexPrices(
                    markets.filter { $0.definition.kind == .spot && $0.definition.quote == tether.id }.map {
                        IndexQuote(asset: $0.definition.base, price: IndexPrice(usualIndex(of: $0)))
                    })))
        return commands
    }

    /// Index prices and wallets with much or little in them, but for the last account.
    private func futuresOpening(_ random: inout SeededRandom) -> [Command] {
        var commands: [Command] = []
        for number in 1..<accounts {
            // Of the value of an order of usual size.
            let percent: Int128 = random.pick([1_000, 10, 4, 2, 1])
            let amount = Units(min(funds(tether), funds(tether) * percent / (100 * Int128(wealth))))
            commands.append(
                .transfer(
                    TransferFunds(
                        account: AccountID(number), asset: tether.id, amount: amount, from: .spot, to: .futures)))
        }
        for place in perpetuals {
            for number in 1...accounts where random.chance(70) {
                let leverage: UInt8 = random.pick([20, 50, 50, 100])
                commands.append(
                    .setLeverage(SetLeverage(account: AccountID(number), market: place.id, leverage: leverage)))
            }
        }
        let fund = Units(funds(tether) / random.pick([1, 500, 1_000_000]))
        commands.append(.fundInsurance(InsuranceFund(asset: tether.id, amount: fund)))
        let quotes = perpetuals.map {
            IndexQuote(asset: $0.definition.base, price: IndexPrice(usualIndex(of: $0)))
        }
        return commands + [.setIndexPrices(SetIndexPrices(quotes))]
    }

    /// The middle price of a market in USDT, in parts of 10^-8.
    func usualIndex(of place: Place) -> Int64 {
        let scale = Int(place.definition.pricePrecision)
        let ticks = Int128(place.middle) * Int128(place.definition.tickSize)
        let price = scale <= 8 ? ticks * Self.power(8 - scale) : ticks / Self.power(scale - 8)
        return Int64(min(max(1, price), 1_000_000_000_000_000_000))
    }

    /// One of the markets with other filters and fees.
    func changed(_ random: inout SeededRandom) -> Market {
        var place = market(&random)
        if place.definition.kind == .perpetual { place = markets[0] }
        var definition = place.definition
        definition.filters = Self.filters(place, style, &random)
        definition.commissions = Self.commissions(style, &random)
        return definition
    }
}
