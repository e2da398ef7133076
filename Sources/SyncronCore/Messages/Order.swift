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
}

public enum TimeInForce: UInt8, Sendable, Hashable, BitwiseCopyable {
    /// Good till cancelled: rests.
    case gtc
    /// Immediate or cancel: fills what crosses, the rest expires.
    case ioc
    /// Fill or kill: fills wholly or expires.
    case fok
}

/// What happens when an order meets one of the same account; the taker's mode decides.
public enum SelfTradePrevention: UInt8, Sendable, Hashable, BitwiseCopyable {
    case none, expireTaker, expireMaker, expireBoth
}

public enum OrderStatus: UInt8, Sendable, Hashable, BitwiseCopyable {
    case new, partiallyFilled, filled, canceled, expired, expiredInMatch
}

/// What an order asks for. Conditional, trailing and listed orders join here as further cases.
public enum OrderTerms: Sendable, Hashable {
    /// Fills at `price` or better; what is left is up to `timeInForce`.
    case limit(price: Ticks, quantity: Steps, timeInForce: TimeInForce)
    /// Rests at `price`, or is refused if it would trade.
    case limitMaker(price: Ticks, quantity: Steps)
    /// Fills `quantity` at whatever the book offers.
    case market(quantity: Steps)
    /// Spends (buying) or earns (selling) at most `quote`, in units of the quote asset.
    case marketByQuote(quote: Units)
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
    /// Zero unless asked for by quote.
    public var quoteQuantity: Units
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
        clientOrderID: ClientOrderID, createdAt: Timestamp, updatedAt: Timestamp
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
        self.quoteQuantity = quoteQuantity
        self.clientOrderID = clientOrderID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Whether the order still stands in a book.
    @inlinable public var isOpen: Bool { status == .new || status == .partiallyFilled }
}
