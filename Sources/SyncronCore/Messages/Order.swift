public enum Side: UInt8, Sendable, Hashable, BitwiseCopyable {
    case buy, sell
    @inlinable public var opposite: Side { self == .buy ? .sell : .buy }
}

/// Which of an account's wallets an order draws on.
public enum Wallet: UInt8, Sendable, Hashable, BitwiseCopyable, CaseIterable {
    case spot, margin, futures
}

public enum OrderType: UInt8, Sendable, Hashable, BitwiseCopyable {
    case limit, market, limitMaker
    /// They wait for their trigger, and then are orders at market or at a limit.
    case stopLoss, stopLossLimit, takeProfit, takeProfitLimit
    /// Waits for the price to turn by a distance, and then is an order at market. Only on perpetuals.
    case trailingStop

    /// Whether orders of this type wait for a trigger first.
    @inlinable public var isConditional: Bool { rawValue >= OrderType.stopLoss.rawValue }
    /// Whether what is left of them stands at a price.
    @inlinable public var hasPrice: Bool {
        switch self {
        case .limit, .limitMaker, .stopLossLimit, .takeProfitLimit: true
        case .market, .stopLoss, .takeProfit, .trailingStop: false
        }
    }
}

public enum TimeInForce: UInt8, Sendable, Hashable, BitwiseCopyable {
    /// Good till cancelled: rests.
    case gtc
    /// Immediate or cancel: fills what crosses, the rest expires.
    case ioc
    /// Fill or kill: fills wholly or expires.
    case fok
    /// Good till crossing: rests, or expires if it would trade at once. Only on perpetuals.
    case gtx
}

/// What happens when an order meets one of the same account; the taker's mode decides.
public enum SelfTradePrevention: UInt8, Sendable, Hashable, BitwiseCopyable {
    case none, expireTaker, expireMaker, expireBoth
}

public enum OrderStatus: UInt8, Sendable, Hashable, BitwiseCopyable {
    case new, partiallyFilled, filled, canceled, expired, expiredInMatch
    /// It waits for its trigger, in no book.
    case pendingTrigger
}

/// What an order asks for.
public enum OrderTerms: Sendable, Hashable {
    /// Fills at `price` or better; what is left is up to `timeInForce`.
    case limit(price: Ticks, quantity: Steps, timeInForce: TimeInForce)
    /// Rests at `price`, or is refused if it would trade.
    case limitMaker(price: Ticks, quantity: Steps)
    /// Fills `quantity` at whatever the book offers.
    case market(quantity: Steps)
    /// Spends (buying) or earns (selling) at most `quote`, in units of the quote asset.
    case marketByQuote(quote: Units)

    /// Zero of an order by quote.
    public var quantity: Steps {
        switch self {
        case .limit(_, let quantity, _), .limitMaker(_, let quantity), .market(let quantity): quantity
        case .marketByQuote: .zero
        }
    }
}

/// What an order waits for before it is placed.
public struct Trigger: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, Hashable {
        /// Against the account's position: a sale at or below the stop price, a purchase at or above it.
        case stopLoss
        /// A sale at or above the stop price, a purchase at or below it.
        case takeProfit
    }

    public var kind: Kind
    /// Where it fires; of a trailing order, where tracking starts. Nil only of a trailing order.
    public var stopPrice: Ticks?
    /// How far the price must turn from its extreme, in basis points: 10 to 2,000; nil of an order that does not trail.
    public var trailingDelta: UInt16?

    public init(_ kind: Kind, at stopPrice: Ticks?, trailingDelta: UInt16? = nil) {
        self.kind = kind
        self.stopPrice = stopPrice
        self.trailingDelta = trailingDelta
    }
}

/// What few orders have beyond their terms.
public struct OrderOptions: Sendable, Hashable {
    /// Only of orders at a limit or at market by quantity.
    public var trigger: Trigger?
    /// How much of it the book shows at a time; nil for all. Only of orders that rest.
    public var icebergQuantity: Steps?
    /// It expires so many milliseconds after its acceptance; nil for never. Only of orders that rest or wait.
    public var lifetime: Int64?
    /// Only of orders of the margin wallet.
    public var sideEffect: SideEffect

    public init(
        trigger: Trigger? = nil, icebergQuantity: Steps? = nil, lifetime: Int64? = nil, sideEffect: SideEffect = .none
    ) {
        self.trigger = trigger
        self.icebergQuantity = icebergQuantity
        self.lifetime = lifetime
        self.sideEffect = sideEffect
    }
}

/// An order as it stands after an event.
public struct OrderState: Sendable, Hashable, BitwiseCopyable {
    // The fields stand so that they fill two cache lines without a gap: see OrderStateTests.
    public var id: OrderID
    public var account: AccountID
    public var market: MarketID
    public var wallet: Wallet
    public var side: Side
    /// Zero for market orders.
    public var price: Ticks
    /// As asked for; of a market order by quote, what was executed.
    public var quantity: Steps
    public var executed: Steps
    public var createdAt: Timestamp
    /// What the fills came to, in units of the quote asset.
    public var executedNotional: Units
    /// What only some types have, each in its own way: for those who keep orders. Read by `quoteQuantity`,
    /// `stopPrice`, `trailingDelta`, `icebergQuantity` and `list`.
    public var particulars: UInt128
    public var clientOrderID: ClientOrderID
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var selfTradePrevention: SelfTradePrevention
    public var status: OrderStatus
    public var updatedAt: Timestamp

    public init(
        id: OrderID, account: AccountID, market: MarketID, wallet: Wallet, side: Side, type: OrderType,
        timeInForce: TimeInForce, selfTradePrevention: SelfTradePrevention, status: OrderStatus, price: Ticks,
        quantity: Steps, executed: Steps, executedNotional: Units, quoteQuantity: Units,
        clientOrderID: ClientOrderID, createdAt: Timestamp, updatedAt: Timestamp, stopPrice: Ticks = .zero,
        trailingDelta: UInt16 = 0, icebergQuantity: Steps = .zero, list: OrderID? = nil
    ) {
        self.id = id
        self.account = account
        self.market = market
        self.wallet = wallet
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.selfTradePrevention = selfTradePrevention
        self.status = status
        self.price = price
        self.quantity = quantity
        self.executed = executed
        self.executedNotional = executedNotional
        particulars = Self.particulars(
            type, quoteQuantity: quoteQuantity, stopPrice: stopPrice, trailingDelta: trailingDelta,
            icebergQuantity: icebergQuantity, list: list)
        self.clientOrderID = clientOrderID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// An order that was kept, with the particulars that it had.
    public init(
        id: OrderID, account: AccountID, market: MarketID, wallet: Wallet, side: Side, type: OrderType,
        timeInForce: TimeInForce, selfTradePrevention: SelfTradePrevention, status: OrderStatus, price: Ticks,
        quantity: Steps, executed: Steps, executedNotional: Units, particulars: UInt128,
        clientOrderID: ClientOrderID, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.init(
            id: id, account: account, market: market, wallet: wallet, side: side, type: type,
            timeInForce: timeInForce, selfTradePrevention: selfTradePrevention, status: status, price: price,
            quantity: quantity, executed: executed, executedNotional: executedNotional, quoteQuantity: .zero,
            clientOrderID: clientOrderID, createdAt: createdAt, updatedAt: updatedAt)
        self.particulars = particulars
    }

    /// Whether the order still stands in a book or waits for its trigger.
    @inlinable public var isOpen: Bool {
        switch status {
        case .new, .partiallyFilled, .pendingTrigger: true
        case .filled, .canceled, .expired, .expiredInMatch: false
        }
    }
}
