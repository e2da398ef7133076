/// What a perpetual has beyond a spot market's definition.
public struct PerpetualTerms: Sendable, Hashable {
    /// By notional, the smallest first; an account's position is in the one whose cap it does not exceed.
    public var brackets: [Bracket]

    public init(brackets: [Bracket]) { self.brackets = brackets }

    /// A range of notionals: from the cap of the one before it, or zero, to its own.
    public struct Bracket: Sendable, Hashable, BitwiseCopyable {
        /// In units of the quote asset.
        public var cap: Units
        /// 1 to 125.
        public var maxLeverage: UInt8
        /// Of the notional: what must remain of a position's margin.
        public var maintenance: Rate

        public init(cap: Units, maxLeverage: UInt8, maintenance: Rate) {
            self.cap = cap
            self.maxLeverage = maxLeverage
            self.maintenance = maintenance
        }
    }
}

/// Which position of an account an order is about.
public enum PositionSide: UInt8, Sendable, Hashable, BitwiseCopyable {
    /// The only one, in one-way mode.
    case both
    /// In hedge mode.
    case long, short
}

public enum MarginType: UInt8, Sendable, Hashable, BitwiseCopyable {
    /// The whole wallet stands behind the position.
    case crossed
    /// Only what was set aside for it does.
    case isolated
}

/// Which price fires a trigger.
public enum WorkingType: UInt8, Sendable, Hashable, BitwiseCopyable {
    case contractPrice, markPrice
}

/// What an order of the futures wallet waits for.
public struct FuturesTrigger: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, Hashable {
        case stop, takeProfit, trailing
    }

    public var kind: Kind
    /// Where it fires; of a trailing order, from where on it trails, or zero for at once.
    public var price: Ticks
    /// How far a trailing order's price must turn, in basis points: 10 to 1,000.
    public var callback: UInt16
    public var workingType: WorkingType
    /// Does not fire while mark and last price are more than 5 % apart.
    public var isProtected: Bool

    public init(
        _ kind: Kind, at price: Ticks, callback: UInt16 = 0, workingType: WorkingType = .contractPrice,
        isProtected: Bool = false
    ) {
        self.kind = kind
        self.price = price
        self.callback = callback
        self.workingType = workingType
        self.isProtected = isProtected
    }
}

/// An order of the futures wallet. Its terms are a limit or market by quantity.
public struct PlaceFuturesOrder: Sendable, Hashable {
    public var order: PlaceOrder
    public var positionSide: PositionSide
    public var reduceOnly: Bool
    /// The whole position, whatever its size when it fires. Its quantity is zero.
    public var closePosition: Bool
    public var trigger: FuturesTrigger?
    /// It expires so many milliseconds after its acceptance; nil for never. Only of orders that rest or wait.
    public var lifetime: Int64?

    public init(
        _ order: PlaceOrder, positionSide: PositionSide = .both, reduceOnly: Bool = false,
        closePosition: Bool = false, trigger: FuturesTrigger? = nil, lifetime: Int64? = nil
    ) {
        self.order = order
        self.positionSide = positionSide
        self.reduceOnly = reduceOnly
        self.closePosition = closePosition
        self.trigger = trigger
        self.lifetime = lifetime
    }
}

public struct SetLeverage: Sendable, Hashable {
    public var account: AccountID
    public var market: MarketID
    public var leverage: UInt8

    public init(account: AccountID, market: MarketID, leverage: UInt8) {
        self.account = account
        self.market = market
        self.leverage = leverage
    }
}

public struct SetMarginType: Sendable, Hashable {
    public var account: AccountID
    public var market: MarketID
    public var type: MarginType

    public init(account: AccountID, market: MarketID, type: MarginType) {
        self.account = account
        self.market = market
        self.type = type
    }
}

public struct SetPositionMode: Sendable, Hashable {
    public var account: AccountID
    /// Whether long and short positions are held side by side.
    public var isHedge: Bool

    public init(account: AccountID, isHedge: Bool) {
        self.account = account
        self.isHedge = isHedge
    }
}

/// Moves money between the wallet and an isolated position.
public struct AdjustPositionMargin: Sendable, Hashable {
    public var account: AccountID
    public var market: MarketID
    public var side: PositionSide
    /// Above zero, in units of the quote asset.
    public var amount: Units
    public var isAdded: Bool

    public init(account: AccountID, market: MarketID, side: PositionSide, amount: Units, isAdded: Bool) {
        self.account = account
        self.market = market
        self.side = side
        self.amount = amount
        self.isAdded = isAdded
    }
}

/// A position as it stands. Of quantity zero when it is closed.
public struct Position: Sendable, Hashable, BitwiseCopyable {
    public var account: AccountID
    public var market: MarketID
    public var side: PositionSide
    public var marginType: MarginType
    public var leverage: UInt8
    /// Above zero of a long position, below of a short one.
    public var quantity: Steps
    /// Σ price × quantity of what is open, at least zero, in units of the quote asset.
    public var cost: Units
    /// What is set aside for it, when it is isolated.
    public var isolatedWallet: Units
    /// Commissions paid on what is open.
    public var fees: Units
    /// What it would bring if it were closed at mark.
    public var profit: Units
    public var updatedAt: Timestamp

    public init(
        account: AccountID, market: MarketID, side: PositionSide, marginType: MarginType, leverage: UInt8,
        quantity: Steps = .zero, cost: Units = .zero, isolatedWallet: Units = .zero, fees: Units = .zero,
        profit: Units = .zero, updatedAt: Timestamp = .zero
    ) {
        self.account = account
        self.market = market
        self.side = side
        self.marginType = marginType
        self.leverage = leverage
        self.quantity = quantity
        self.cost = cost
        self.isolatedWallet = isolatedWallet
        self.fees = fees
        self.profit = profit
        self.updatedAt = updatedAt
    }
}

/// One side of a trade: an account may have been on both.
public struct FillReference: Sendable, Hashable, BitwiseCopyable {
    public var trade: TradeID
    public var liquidity: Liquidity

    public init(_ trade: TradeID, _ liquidity: Liquidity) {
        self.trade = trade
        self.liquidity = liquidity
    }
}

/// Money that came into or left a futures wallet, other than by a transfer.
public struct Income: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, Hashable {
        case realizedProfit, funding, commission, insuranceClear
    }

    public var id: TransactionID
    public var account: AccountID
    public var market: MarketID
    public var kind: Kind
    /// Below zero when it left.
    public var amount: Units
    /// What it came of; nil of what no trade brought.
    public var fill: FillReference?
    public var time: Timestamp

    public init(
        id: TransactionID, account: AccountID, market: MarketID, kind: Kind, amount: Units, fill: FillReference?,
        time: Timestamp
    ) {
        self.id = id
        self.account = account
        self.market = market
        self.kind = kind
        self.amount = amount
        self.fill = fill
        self.time = time
    }
}

/// The mark of a perpetual, and what it came of.
public struct MarkPrice: Sendable, Hashable {
    public var market: MarketID
    public var mark: Ticks
    public var index: IndexPrice
    public var lastFundingRate: Rate
    public var nextFunding: Timestamp
    public var time: Timestamp

    public init(
        market: MarketID, mark: Ticks, index: IndexPrice, lastFundingRate: Rate, nextFunding: Timestamp,
        time: Timestamp
    ) {
        self.market = market
        self.mark = mark
        self.index = index
        self.lastFundingRate = lastFundingRate
        self.nextFunding = nextFunding
        self.time = time
    }
}

/// A funding rate that was settled.
public struct FundingRate: Sendable, Hashable {
    public var market: MarketID
    /// Of the notional at mark; longs pay when it is above zero.
    public var rate: Rate
    public var mark: Ticks
    public var time: Timestamp

    /// Milliseconds from one funding to the next: they are at its multiples.
    public static let interval: Int64 = 28_800_000

    /// When the next funding is due after a time.
    public static func next(after time: Timestamp) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds - time.milliseconds % interval + interval)
    }

    public init(market: MarketID, rate: Rate, mark: Ticks, time: Timestamp) {
        self.market = market
        self.rate = rate
        self.mark = mark
        self.time = time
    }
}

public struct FuturesMarginCall: Sendable, Hashable {
    public var account: AccountID
    /// Maintenance over margin balance, in parts of 10^8, rounded up.
    public var ratio: Units
    /// The crossed ones.
    public var positions: [Position]

    public init(account: AccountID, ratio: Units, positions: [Position]) {
        self.account = account
        self.ratio = ratio
        self.positions = positions
    }
}

/// A part of a position was closed at the bankruptcy price of another account, without fee.
public struct Deleveraging: Sendable, Hashable {
    public var account: AccountID
    public var market: MarketID
    public var side: PositionSide
    public var price: Ticks
    public var quantity: Steps
    /// Whether it was the bankrupt one's own.
    public var isBankrupt: Bool
    public var time: Timestamp

    public init(
        account: AccountID, market: MarketID, side: PositionSide, price: Ticks, quantity: Steps, isBankrupt: Bool,
        time: Timestamp
    ) {
        self.account = account
        self.market = market
        self.side = side
        self.price = price
        self.quantity = quantity
        self.isBankrupt = isBankrupt
        self.time = time
    }
}
