/// What an asset counts for in the margin wallet, and what a loan of it costs.
public struct MarginTerms: Sendable, Hashable, BitwiseCopyable {
    /// The part of its value that is good as collateral: 0 to 1.
    public var collateralRatio: Rate
    /// Of the principal, for a day: 0 to below 1.
    public var dailyInterest: Rate

    public init(collateralRatio: Rate, dailyInterest: Rate) {
        self.collateralRatio = collateralRatio
        self.dailyInterest = dailyInterest
    }
}

/// A price of one whole asset, in parts of 10^-8 USDT. Above zero.
public struct IndexPrice: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int64
    @inlinable public init(_ raw: Int64) { self.raw = raw }
    @inlinable public static func < (a: IndexPrice, b: IndexPrice) -> Bool { a.raw < b.raw }
    public static let decimals = 8
}

/// The index price of one asset; nil for none.
public struct IndexQuote: Sendable, Hashable {
    public var asset: AssetID
    public var price: IndexPrice?

    public init(asset: AssetID, price: IndexPrice?) {
        self.asset = asset
        self.price = price
    }
}

/// Fixes index prices until they are fixed anew; nil hands an asset back to its spot market's mid.
public struct SetIndexPrices: Sendable, Hashable {
    public var quotes: [IndexQuote]

    public init(_ quotes: [IndexQuote]) { self.quotes = quotes }
}

public struct BorrowFunds: Sendable, Hashable {
    public var account: AccountID
    public var asset: AssetID
    public var amount: Units

    public init(account: AccountID, asset: AssetID, amount: Units) {
        self.account = account
        self.asset = asset
        self.amount = amount
    }
}

/// More than is owed repays what is owed.
public struct RepayFunds: Sendable, Hashable {
    public var account: AccountID
    public var asset: AssetID
    public var amount: Units

    public init(account: AccountID, asset: AssetID, amount: Units) {
        self.account = account
        self.asset = asset
        self.amount = amount
    }
}

/// What a margin order does beside trading.
public enum SideEffect: UInt8, Sendable, Hashable, BitwiseCopyable {
    case none
    /// It borrows what the account lacks to pay for it.
    case marginBuy
    /// What its fills bring repays the debt in that asset.
    case autoRepay
}

/// What an order of the margin wallet has beyond its terms; comes before its `orderAccepted`.
public struct MarginOrderTerms: Sendable, Hashable {
    public var order: OrderID
    public var sideEffect: SideEffect
    /// What was borrowed for it, and of which asset.
    public var borrowed: Units
    public var borrowedAsset: AssetID

    public init(order: OrderID, sideEffect: SideEffect, borrowed: Units, borrowedAsset: AssetID) {
        self.order = order
        self.sideEffect = sideEffect
        self.borrowed = borrowed
        self.borrowedAsset = borrowedAsset
    }
}

/// A loan that was granted.
public struct Loan: Sendable, Hashable {
    public var id: TransactionID
    public var account: AccountID
    public var asset: AssetID
    public var principal: Units
    /// The order that it pays for; nil when it was asked for by itself.
    public var order: OrderID?
    public var time: Timestamp

    public init(
        id: TransactionID, account: AccountID, asset: AssetID, principal: Units, order: OrderID?, time: Timestamp
    ) {
        self.id = id
        self.account = account
        self.asset = asset
        self.principal = principal
        self.order = order
        self.time = time
    }
}

/// A debt that became less.
public struct Repayment: Sendable, Hashable {
    public enum Cause: UInt8, Sendable, Hashable {
        case demand
        /// An AUTO_REPAY order was filled.
        case autoRepay
        /// An order ended that had not used all of its loan.
        case unusedLoan
        case liquidation
        /// The insurance fund paid, or the debt was written off.
        case insurance
    }

    public var id: TransactionID
    public var account: AccountID
    public var asset: AssetID
    public var interest: Units
    public var principal: Units
    public var cause: Cause
    public var time: Timestamp
    public var amount: Units { interest + principal }

    public init(
        id: TransactionID, account: AccountID, asset: AssetID, interest: Units, principal: Units, cause: Cause,
        time: Timestamp
    ) {
        self.id = id
        self.account = account
        self.asset = asset
        self.interest = interest
        self.principal = principal
        self.cause = cause
        self.time = time
    }
}

/// Interest that became due.
public struct InterestCharge: Sendable, Hashable {
    public enum Cause: UInt8, Sendable, Hashable {
        /// The first hour of a loan.
        case borrowing
        /// A clock hour began.
        case hour
    }

    public var account: AccountID
    public var asset: AssetID
    public var interest: Units
    /// What it was charged on.
    public var principal: Units
    /// For a day.
    public var rate: Rate
    public var cause: Cause
    public var time: Timestamp

    public init(
        account: AccountID, asset: AssetID, interest: Units, principal: Units, rate: Rate, cause: Cause,
        time: Timestamp
    ) {
        self.account = account
        self.asset = asset
        self.interest = interest
        self.principal = principal
        self.rate = rate
        self.cause = cause
        self.time = time
    }
}

public enum MarginStatus: UInt8, Sendable, Hashable, BitwiseCopyable {
    case normal
    /// The margin level is at or below the margin call level.
    case marginCall
    /// The exchange sells the collateral and buys back the debts; the owner may only look on.
    case liquidating
}

public struct MarginStatusChange: Sendable, Hashable {
    public var account: AccountID
    public var status: MarginStatus
    /// In parts of 10^8, rounded down; nil without debt.
    public var level: Units?

    public init(account: AccountID, status: MarginStatus, level: Units?) {
        self.account = account
        self.status = status
        self.level = level
    }
}

/// One order of a liquidation, after it was carried out. Its own events came before.
public struct ForcedOrder: Sendable, Hashable {
    public var order: OrderID
    public var account: AccountID
    public var market: MarketID
    public var side: Side
    public var price: Ticks
    public var quantity: Steps
    public var executed: Steps
    /// In units of the quote asset.
    public var executedNotional: Units
    /// What insurance received, in units of the quote asset.
    public var fee: Units
    public var time: Timestamp

    public init(
        order: OrderID, account: AccountID, market: MarketID, side: Side, price: Ticks, quantity: Steps,
        executed: Steps, executedNotional: Units, fee: Units, time: Timestamp
    ) {
        self.order = order
        self.account = account
        self.market = market
        self.side = side
        self.price = price
        self.quantity = quantity
        self.executed = executed
        self.executedNotional = executedNotional
        self.fee = fee
        self.time = time
    }
}

/// One asset of a margin wallet.
public struct MarginBalance: Sendable, Hashable {
    public var asset: AssetID
    public var free: Units
    public var held: Units
    public var borrowed: Units
    public var interest: Units

    public init(asset: AssetID, free: Units, held: Units, borrowed: Units, interest: Units) {
        self.asset = asset
        self.free = free
        self.held = held
        self.borrowed = borrowed
        self.interest = interest
    }
}

/// A margin wallet as it stands.
public struct MarginReading: Sendable, Hashable {
    public var status: MarginStatus
    /// Value over debt, in parts of 10^8, rounded down; nil without debt.
    public var level: Units?
    /// Value in BTC, in parts of 10^8, rounded down; zero while BTC has no index price.
    public var totalAssetOfBTC: Units
    /// Debt in BTC, as above.
    public var totalLiabilityOfBTC: Units
    /// Every asset that was ever in it or is owed, by asset.
    public var balances: [MarginBalance]

    public init(
        status: MarginStatus, level: Units?, totalAssetOfBTC: Units, totalLiabilityOfBTC: Units,
        balances: [MarginBalance]
    ) {
        self.status = status
        self.level = level
        self.totalAssetOfBTC = totalAssetOfBTC
        self.totalLiabilityOfBTC = totalLiabilityOfBTC
        self.balances = balances
    }
}
