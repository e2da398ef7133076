/// Something that has balances.
public struct Asset: Sendable, Hashable {
    public var id: AssetID
    /// 1 to 20 of `A-Z0-9`.
    public var name: String
    /// Its smallest unit is 10^-decimals. 0 to 18.
    public var decimals: UInt8
    public var networks: [Network]
    /// Nil of an asset that cannot be in a margin wallet.
    public var margin: MarginTerms?

    public init(id: AssetID, name: String, decimals: UInt8, networks: [Network], margin: MarginTerms? = nil) {
        self.id = id
        self.name = name
        self.decimals = decimals
        self.networks = networks
        self.margin = margin
    }
}

/// A way for an asset to come and go.
public struct Network: Sendable, Hashable {
    public var name: String
    /// What a withdrawal costs, in the asset's units.
    public var withdrawalFee: Units

    public init(name: String, withdrawalFee: Units) {
        self.name = name
        self.withdrawalFee = withdrawalFee
    }
}

public enum MarketKind: UInt8, Sendable, Hashable, BitwiseCopyable {
    case spot, perpetual
}

public enum MarketStatus: UInt8, Sendable, Hashable, BitwiseCopyable {
    case trading
    /// No new orders; cancels work.
    case halt
    /// No new orders by decision of the operator, while the book is emptied.
    case cancelOnly
    /// Between two sessions of trading.
    case `break`
}

/// A book of orders of one asset priced in another.
public struct Market: Sendable, Hashable {
    public var id: MarketID
    /// `BASE-QUOTE`, or `BASE-QUOTE-PERP`.
    public var symbol: String
    public var base: AssetID
    public var quote: AssetID
    public var kind: MarketKind
    public var status: MarketStatus
    /// Decimals of a price as it is printed.
    public var pricePrecision: UInt8
    /// Decimals of a quantity.
    public var quantityPrecision: UInt8
    /// The tick in units of 10^-pricePrecision.
    public var tickSize: Int64
    /// The step in units of 10^-quantityPrecision.
    public var stepSize: Int64
    public var filters: Filters
    /// Maker and taker rates by commission tier, five of them.
    public var commissions: [CommissionRates]
    /// Nil of a spot market.
    public var perpetual: PerpetualTerms?

    public init(
        id: MarketID, symbol: String, base: AssetID, quote: AssetID, kind: MarketKind, status: MarketStatus,
        pricePrecision: UInt8, quantityPrecision: UInt8, tickSize: Int64, stepSize: Int64, filters: Filters,
        commissions: [CommissionRates], perpetual: PerpetualTerms? = nil
    ) {
        self.id = id
        self.symbol = symbol
        self.base = base
        self.quote = quote
        self.kind = kind
        self.status = status
        self.pricePrecision = pricePrecision
        self.quantityPrecision = quantityPrecision
        self.tickSize = tickSize
        self.stepSize = stepSize
        self.filters = filters
        self.commissions = commissions
        self.perpetual = perpetual
    }
}

/// The bounds on a market's orders.
public struct Filters: Sendable, Hashable, BitwiseCopyable {
    public var minPrice: Ticks
    public var maxPrice: Ticks
    public var minQuantity: Steps
    public var maxQuantity: Steps
    public var minMarketQuantity: Steps
    public var maxMarketQuantity: Steps
    /// In units of the quote asset.
    public var minNotional: Units
    /// In units of the quote asset; nil for no bound.
    public var maxNotional: Units?
    /// Highest and lowest price over the five-minute average; nil for no bound.
    public var percentPrice: PercentPrice?
    public var maxIcebergParts: UInt32
    /// Open orders of one account in the market.
    public var maxOrders: UInt32
    /// Of these, orders that wait for a trigger.
    public var maxAlgoOrders: UInt32
    /// The most of the base asset that an account may own and bid for; nil for no bound.
    public var maxPosition: Units?

    public init(
        minPrice: Ticks, maxPrice: Ticks, minQuantity: Steps, maxQuantity: Steps, minMarketQuantity: Steps,
        maxMarketQuantity: Steps, minNotional: Units, maxNotional: Units?,
        percentPrice: PercentPrice? = PercentPrice(), maxIcebergParts: UInt32 = 100, maxOrders: UInt32 = 200,
        maxAlgoOrders: UInt32 = 50, maxPosition: Units? = nil
    ) {
        self.minPrice = minPrice
        self.maxPrice = maxPrice
        self.minQuantity = minQuantity
        self.maxQuantity = maxQuantity
        self.minMarketQuantity = minMarketQuantity
        self.maxMarketQuantity = maxMarketQuantity
        self.minNotional = minNotional
        self.maxNotional = maxNotional
        self.percentPrice = percentPrice
        self.maxIcebergParts = maxIcebergParts
        self.maxOrders = maxOrders
        self.maxAlgoOrders = maxAlgoOrders
        self.maxPosition = maxPosition
    }
}

/// Multipliers on the average price between which an order's price must lie, bounds included.
public struct PercentPrice: Sendable, Hashable, BitwiseCopyable {
    public var bidUp: Rate
    public var bidDown: Rate
    public var askUp: Rate
    public var askDown: Rate

    public init(
        bidUp: Rate = Rate(500_000_000), bidDown: Rate = Rate(20_000_000), askUp: Rate = Rate(500_000_000),
        askDown: Rate = Rate(20_000_000)
    ) {
        self.bidUp = bidUp
        self.bidDown = bidDown
        self.askUp = askUp
        self.askDown = askDown
    }
}

public struct CommissionRates: Sendable, Hashable, BitwiseCopyable {
    public var maker: Rate
    public var taker: Rate

    public init(maker: Rate, taker: Rate) {
        self.maker = maker
        self.taker = taker
    }

    /// Commission tiers 0 to 4: Standard, Silver, Gold, Platinum, VIP.
    public static let tiers = 5

    /// What a market charges unless it says otherwise.
    public static func standard(for kind: MarketKind) -> [CommissionRates] {
        switch kind {
        case .spot:
            [(100_000, 150_000), (90_000, 120_000), (80_000, 100_000), (60_000, 80_000), (20_000, 50_000)]
                .map { CommissionRates(maker: Rate($0), taker: Rate($1)) }
        case .perpetual:
            [(20_000, 50_000), (16_000, 45_000), (12_000, 40_000), (6_000, 35_000), (0, 30_000)]
                .map { CommissionRates(maker: Rate($0), taker: Rate($1)) }
        }
    }
}
