/// Every bound of the exchange. What is full refuses with `EXCHANGE_LIMIT`; nothing grows beyond these.
public struct Limits: Sendable {
    /// Accounts that can be opened.
    public var accounts = 1 << 20
    /// Orders resting at one time, over all markets.
    public var openOrders = 1 << 21
    /// Markets that can be defined.
    public var markets = 1_024
    /// Assets that can be defined.
    public var assets = 256
    /// API keys of one account.
    public var keysPerAccount = 30
    /// Deposits that can be on record.
    public var deposits = 1 << 24
    /// Withdrawals that can be on record.
    public var withdrawals = 1 << 24
    /// Deposit addresses that can be assigned.
    public var depositAddresses = 1 << 24
    /// Listen keys open at one time for one account.
    public var listenKeysPerAccount = 10
    /// Futures accounts that one step of a funding settles: so that no order waits for all of them.
    public var fundingStep = 500

    public init() {}

    /// The most that can exist of one asset, in its smallest units: sums of balances fit 128 bits.
    public static let assetSupply = Units(1 << 110)
    /// The largest quantity of one order in steps, and its largest price in ticks.
    public static let orderMagnitude: Int64 = 1 << 60
    /// How far a trailing order of the futures wallet may be from its extreme, in basis points.
    public static let callbacks: ClosedRange<UInt16> = 10...1_000
    /// What a perpetual's positions begin with, where its brackets allow as much.
    public static let defaultLeverage: UInt8 = 20
    /// The highest index price, in parts of 10^-8.
    public static let indexPrice: Int64 = 1_000_000_000_000_000_000
    /// Characters of an email, a name, a network, an address, a transaction id.
    public static let textLength = 256
    /// IP addresses or networks that one key may name.
    public static let addressesPerKey = 30
    /// The most decimals an asset may have.
    public static let assetDecimals = 18
    /// A listen key lives this long after its last sign of life, in milliseconds.
    public static let listenKeyLifetime: Int64 = 3_600_000
    /// How far an order may trail, in basis points.
    public static let trailingDeltas: ClosedRange<UInt16> = 10...2_000
    /// The longest countdown and lifetime of an order, in milliseconds: a year.
    public static let longestCountdown: Int64 = 31_536_000_000
    /// The span of the average price that bounds limit prices, in milliseconds.
    public static let averagePriceSpan: Int64 = 300_000
}
