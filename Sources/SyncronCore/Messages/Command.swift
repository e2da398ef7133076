/// Everything that can be asked of the exchange. What is not a command does not happen.
///
/// Commands are stamped and made durable before `Engine.apply` sees them.
public enum Command: Sendable, Hashable {
    /// The first command of every exchange.
    case begin(Genesis)
    case placeOrder(PlaceOrder)
    case cancelOrder(CancelOrder)
    indirect case placeOrderWithOptions(OrderWithOptions)
    indirect case placeOrderList(PlaceOrderList)
    indirect case amendOrder(AmendOrder)
    case cancelAllOrders(CancelAllOrders)
    case setCancelCountdown(SetCancelCountdown)
    indirect case openAccount(OpenAccount)
    case changeAccount(ChangeAccount)
    indirect case createAPIKey(APIKey)
    indirect case deleteAPIKey(DeleteAPIKey)
    indirect case openListenKey(OpenListenKey)
    indirect case keepListenKey(KeepListenKey)
    indirect case closeListenKey(KeepListenKey)
    indirect case recordDeposit(RecordDeposit)
    indirect case requestWithdrawal(RequestWithdrawal)
    case cancelWithdrawal(CancelWithdrawal)
    indirect case settleWithdrawal(SettleWithdrawal)
    indirect case failWithdrawal(FailWithdrawal)
    indirect case assignDepositAddress(DepositAddress)
    indirect case transfer(TransferFunds)
    indirect case fundLending(LendingPool)
    indirect case fundInsurance(InsuranceFund)
    indirect case borrow(BorrowFunds)
    indirect case repay(RepayFunds)
    indirect case setIndexPrices(SetIndexPrices)
    indirect case placeFuturesOrder(PlaceFuturesOrder)
    indirect case setLeverage(SetLeverage)
    indirect case setMarginType(SetMarginType)
    indirect case setPositionMode(SetPositionMode)
    indirect case adjustPositionMargin(AdjustPositionMargin)
    indirect case changeAPIKey(ChangeAPIKey)
    indirect case registerLogin(RegisterLogin)
    indirect case setSecondFactor(SetSecondFactor)
    indirect case setPassword(SetPassword)
    /// Creates the asset, or changes the one of that name. Its `id` is not looked at.
    indirect case defineAsset(Asset)
    /// Creates the market, or changes the one of that symbol. Its `id` is not looked at, and its status only
    /// when it is new.
    indirect case defineMarket(Market)
    case setMarketStatus(SetMarketStatus)
    /// Carries time forward: everything due until the stamp's time happens, in order.
    case tick
    /// What the state's digest was before this command. Changes nothing; a replay that disagrees stops.
    case checkpoint(StateDigest)
}

/// What an exchange is from its first day and cannot become later.
public struct Genesis: Sendable, Hashable {
    /// Whether test money may be made.
    public var hasSandbox: Bool
    /// The version of the rules that the engine computes by.
    public var rules: UInt32

    public init(hasSandbox: Bool, rules: UInt32 = Genesis.currentRules) {
        self.hasSandbox = hasSandbox
        self.rules = rules
    }

    public static let currentRules: UInt32 = 1
}

public struct PlaceOrder: Sendable, Hashable {
    // The terms stand first, so that they and the client id begin on 16 bytes: they are copied as wholes.
    public var terms: OrderTerms
    public var side: Side
    public var selfTradePrevention: SelfTradePrevention
    public var market: MarketID
    public var account: AccountID
    public var wallet: Wallet
    /// Empty for none.
    public var clientOrderID: ClientOrderID

    public init(
        account: AccountID, market: MarketID, wallet: Wallet = .spot, side: Side, terms: OrderTerms,
        selfTradePrevention: SelfTradePrevention = .expireMaker, clientOrderID: ClientOrderID = .none
    ) {
        self.account = account
        self.market = market
        self.wallet = wallet
        self.side = side
        self.terms = terms
        self.selfTradePrevention = selfTradePrevention
        self.clientOrderID = clientOrderID
    }
}

public enum OrderReference: Sendable, Hashable {
    case id(OrderID)
    /// The open order of that client id.
    case clientID(ClientOrderID)
}

public struct CancelOrder: Sendable, Hashable {
    public var account: AccountID
    public var market: MarketID
    public var wallet: Wallet
    public var order: OrderReference

    public init(account: AccountID, market: MarketID, wallet: Wallet = .spot, order: OrderReference) {
        self.account = account
        self.market = market
        self.wallet = wallet
        self.order = order
    }
}

/// An order that waits for a trigger, shows only a part of itself, or ends by itself.
public struct OrderWithOptions: Sendable, Hashable {
    public var order: PlaceOrder
    public var options: OrderOptions

    public init(_ order: PlaceOrder, _ options: OrderOptions) {
        self.order = order
        self.options = options
    }
}

/// Two orders of which one cancels the other: the first rests at a limit and never trades at once, the second waits
/// for its stop price. A sale's limit is above the last price and its stop below, a purchase's the other way round.
public struct PlaceOrderList: Sendable, Hashable {
    public var account: AccountID
    public var market: MarketID
    public var wallet: Wallet
    public var side: Side
    /// Of both.
    public var quantity: Steps
    public var limitPrice: Ticks
    public var stopPrice: Ticks
    /// Where the second rests once triggered; nil when it then trades at market.
    public var stopLimit: StopLimit?
    public var selfTradePrevention: SelfTradePrevention
    /// Empty for none.
    public var limitClientOrderID: ClientOrderID
    public var stopClientOrderID: ClientOrderID

    public struct StopLimit: Sendable, Hashable {
        public var price: Ticks
        public var timeInForce: TimeInForce

        public init(price: Ticks, timeInForce: TimeInForce) {
            self.price = price
            self.timeInForce = timeInForce
        }
    }

    public init(
        account: AccountID, market: MarketID, wallet: Wallet = .spot, side: Side, quantity: Steps,
        limitPrice: Ticks, stopPrice: Ticks, stopLimit: StopLimit? = nil,
        selfTradePrevention: SelfTradePrevention = .expireMaker, limitClientOrderID: ClientOrderID = .none,
        stopClientOrderID: ClientOrderID = .none
    ) {
        self.account = account
        self.market = market
        self.wallet = wallet
        self.side = side
        self.quantity = quantity
        self.limitPrice = limitPrice
        self.stopPrice = stopPrice
        self.stopLimit = stopLimit
        self.selfTradePrevention = selfTradePrevention
        self.limitClientOrderID = limitClientOrderID
        self.stopClientOrderID = stopClientOrderID
    }
}

/// Changes an order at a limit that stands in a book. What is nil stays as it is.
public struct AmendOrder: Sendable, Hashable {
    public var account: AccountID
    public var market: MarketID
    public var wallet: Wallet
    public var order: OrderReference
    public var price: Ticks?
    /// The new total, what is executed already included.
    public var quantity: Steps?

    public init(
        account: AccountID, market: MarketID, wallet: Wallet = .spot, order: OrderReference, price: Ticks? = nil,
        quantity: Steps? = nil
    ) {
        self.account = account
        self.market = market
        self.wallet = wallet
        self.order = order
        self.price = price
        self.quantity = quantity
    }
}

/// Cancels an account's open orders, the oldest first.
public struct CancelAllOrders: Sendable, Hashable {
    public var account: AccountID
    /// Nil for all markets.
    public var market: MarketID?
    public var wallet: Wallet

    public init(account: AccountID, market: MarketID?, wallet: Wallet = .spot) {
        self.account = account
        self.market = market
        self.wallet = wallet
    }
}

/// A dead man's switch: all orders of the account are cancelled when it is not set again in time.
public struct SetCancelCountdown: Sendable, Hashable {
    public var account: AccountID
    /// Nil for all markets: a switch of its own.
    public var market: MarketID?
    public var wallet: Wallet
    /// In milliseconds from now; 0 disarms.
    public var countdown: Int64

    public init(account: AccountID, market: MarketID?, wallet: Wallet = .spot, countdown: Int64) {
        self.account = account
        self.market = market
        self.wallet = wallet
        self.countdown = countdown
    }
}

public struct OpenAccount: Sendable, Hashable {
    public var email: String?
    public var level: AccountLevel
    public var commissionTier: UInt8
    public var isSandbox: Bool

    public init(
        email: String? = nil, level: AccountLevel = .standard, commissionTier: UInt8 = 0, isSandbox: Bool = false
    ) {
        self.email = email
        self.level = level
        self.commissionTier = commissionTier
        self.isSandbox = isSandbox
    }
}

/// What is nil stays as it is.
public struct ChangeAccount: Sendable, Hashable {
    public var account: AccountID
    public var level: AccountLevel?
    public var requestsPerMinute: UInt32?
    public var ordersPerSecond: UInt32?
    public var commissionTier: UInt8?
    public var marginLeverage: UInt8?
    public var canTrade: Bool?
    public var canWithdraw: Bool?

    public init(
        account: AccountID, level: AccountLevel? = nil, requestsPerMinute: UInt32? = nil,
        ordersPerSecond: UInt32? = nil, commissionTier: UInt8? = nil, marginLeverage: UInt8? = nil,
        canTrade: Bool? = nil, canWithdraw: Bool? = nil
    ) {
        self.account = account
        self.level = level
        self.requestsPerMinute = requestsPerMinute
        self.ordersPerSecond = ordersPerSecond
        self.commissionTier = commissionTier
        self.marginLeverage = marginLeverage
        self.canTrade = canTrade
        self.canWithdraw = canWithdraw
    }
}

public struct DeleteAPIKey: Sendable, Hashable {
    public var account: AccountID
    public var key: String

    public init(account: AccountID, key: String) {
        self.account = account
        self.key = key
    }
}

public struct OpenListenKey: Sendable, Hashable {
    public var account: AccountID
    /// Drawn at random outside the core.
    public var key: String

    public init(account: AccountID, key: String) {
        self.account = account
        self.key = key
    }
}

public struct KeepListenKey: Sendable, Hashable {
    public var account: AccountID
    public var key: String

    public init(account: AccountID, key: String) {
        self.account = account
        self.key = key
    }
}

/// Reported again with the same account, asset, network and txID, it updates the deposit and never credits twice.
public struct RecordDeposit: Sendable, Hashable {
    public var account: AccountID
    public var asset: AssetID
    public var network: String
    public var amount: Units
    public var txID: String
    public var status: DepositStatus
    public var confirmations: UInt32

    public init(
        account: AccountID, asset: AssetID, network: String, amount: Units, txID: String,
        status: DepositStatus = .success, confirmations: UInt32 = 0
    ) {
        self.account = account
        self.asset = asset
        self.network = network
        self.amount = amount
        self.txID = txID
        self.status = status
        self.confirmations = confirmations
    }
}

public struct SetMarketStatus: Sendable, Hashable {
    public var market: MarketID
    public var status: MarketStatus

    public init(market: MarketID, status: MarketStatus) {
        self.market = market
        self.status = status
    }
}
