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
        accounts = UInt32(random.int(in: style == .realistic ? 4...12 : 2...5))
        wealth = random.pick([2, 8, 40, 40])
        for index in 0..<Int(random.int(in: 2...3)) {
            let decimals: UInt8 = style == .realistic || style == .tight ? 8 : UInt8(random.below(19))
            assets.append(
                Asset(
                    id: AssetID(UInt16(index)), name: index == 0 ? "USDT" : "AS\(index)", decimals: decimals,
                    networks: [Network(name: "NET", withdrawalFee: Units(1))]))
        }
        for base in assets.indices {
            for quote in assets.indices where base < quote {
                markets.append(Self.place(markets.count, assets[base], assets[quote], style, &random))
            }
        }
        // One that takes no orders of ours.
        var perpetual = markets[0]
        perpetual.id = MarketID(UInt16(markets.count))
        perpetual.definition.kind = .perpetual
        perpetual.definition.symbol += "-PERP"
        markets.append(perpetual)
    }

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
        commands += markets.map { .defineMarket($0.definition) }
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
        return commands
    }

    /// One of the markets with other filters and fees.
    func changed(_ random: inout SeededRandom) -> Market {
        let place = market(&random)
        var definition = place.definition
        definition.filters = Self.filters(place, style, &random)
        definition.commissions = Self.commissions(style, &random)
        return definition
    }
}
