/// Everything that can happen. The outcome of a command is the events that `Engine.apply` appends for it, in the
/// order in which they happened; a refused command has `rejected` and nothing else.
///
/// Order and balance events carry the state after them, so that a reader needs no memory of its own.
public enum Event: Sendable, Hashable {
    case rejected(Rejection)
    case begun(Genesis)
    case orderAccepted(OrderState)
    case orderFilled(OrderFill)
    /// The order left the exchange for another reason than being filled.
    case orderEnded(OrderEnd)
    /// The order's trigger fired: it is placed now, and what comes of it follows.
    indirect case orderTriggered(OrderState)
    /// The price or quantity of the order was changed by its owner.
    indirect case orderAmended(OrderState)
    /// A dead man's switch was set or disarmed.
    case cancelCountdownSet(CancelCountdown)
    /// One trade, after the `orderFilled` of its maker and before that of its taker.
    case traded(Trade)
    /// The quantity that stands at a price changed.
    case levelChanged(LevelChange)
    /// A balance after the command: the last event of it for that account, wallet and asset.
    case balanceChanged(BalanceChange)
    indirect case assetDefined(Asset)
    indirect case marketDefined(Market)
    case marketStatusChanged(SetMarketStatus)
    indirect case accountOpened(Account)
    indirect case accountChanged(Account)
    indirect case apiKeyCreated(APIKey)
    indirect case apiKeyDeleted(APIKey)
    indirect case listenKeyOpened(ListenKey)
    indirect case listenKeyKept(ListenKey)
    indirect case listenKeyClosed(ListenKey)
    indirect case listenKeyExpired(ListenKey)
    /// A deposit is new, or changed its status or confirmations.
    indirect case depositRecorded(DepositRecord)
    /// A withdrawal is new, or changed its status; also the answer to a report or request that changed nothing.
    indirect case withdrawalRecorded(WithdrawalRecord)
    indirect case depositAddressAssigned(DepositAddress)
    indirect case transferred(Transfer)
    /// What may be lent of an asset is now this much.
    indirect case lendingFunded(LendingPool)
    /// The insurance fund of an asset is now this much.
    indirect case insuranceFunded(InsuranceFund)
    indirect case loanTaken(Loan)
    indirect case loanRepaid(Repayment)
    indirect case interestCharged(InterestCharge)
    /// The order of the margin wallet that is accepted next has these beside its terms.
    indirect case marginOrderPlaced(MarginOrderTerms)
    indirect case marginStatusChanged(MarginStatusChange)
    indirect case orderForced(ForcedOrder)
    /// Nil when the asset has no index price any more.
    case indexPriceChanged(IndexQuote)
    /// A position as it is after one step of the command.
    indirect case positionChanged(Position)
    indirect case leverageSet(SetLeverage)
    indirect case marginTypeSet(SetMarginType)
    indirect case positionModeSet(SetPositionMode)
    indirect case incomeBooked(Income)
    indirect case markPriceChanged(MarkPrice)
    /// A funding rate is settled from now on, position by position.
    indirect case fundingSettled(FundingRate)
    /// The margin ratio of an account has come to 0.8 or more.
    indirect case futuresMarginCalled(FuturesMarginCall)
    /// A part of a position was closed against a bankrupt one.
    indirect case positionDeleveraged(Deleveraging)
    indirect case apiKeyChanged(APIKey)
    /// A login is new, or its second factor changed.
    indirect case loginChanged(Login)
    /// Time reached the stamp's time.
    case timePassed
    /// A checkpoint was passed.
    case checkpointed
}

public enum Liquidity: UInt8, Sendable, Hashable, BitwiseCopyable {
    case maker, taker
}

/// One fill of one order. `order` is as it stands after it.
public struct OrderFill: Sendable, Hashable, BitwiseCopyable {
    public var order: OrderState
    public var trade: TradeID
    public var price: Ticks
    public var quantity: Steps
    public var commissionAsset: AssetID
    public var liquidity: Liquidity
    /// price × quantity, in units of the quote asset.
    public var notional: Units
    /// In units of `commissionAsset`, the asset received.
    public var commission: Units

    public init(
        order: OrderState, trade: TradeID, price: Ticks, quantity: Steps, notional: Units, commission: Units,
        commissionAsset: AssetID, liquidity: Liquidity
    ) {
        self.order = order
        self.trade = trade
        self.price = price
        self.quantity = quantity
        self.notional = notional
        self.commission = commission
        self.commissionAsset = commissionAsset
        self.liquidity = liquidity
    }
}

/// When all orders of an account will be cancelled.
public struct CancelCountdown: Sendable, Hashable {
    public var account: AccountID
    /// Nil for all markets.
    public var market: MarketID?
    public var wallet: Wallet
    /// `.never` when disarmed.
    public var at: Timestamp

    public init(account: AccountID, market: MarketID?, wallet: Wallet, at: Timestamp) {
        self.account = account
        self.market = market
        self.wallet = wallet
        self.at = at
    }
}

/// `order.status` says how: canceled, expired or expiredInMatch.
public struct OrderEnd: Sendable, Hashable, BitwiseCopyable {
    public var order: OrderState

    public init(order: OrderState) { self.order = order }
}

public struct Trade: Sendable, Hashable, BitwiseCopyable {
    public var market: MarketID
    public var id: TradeID
    public var price: Ticks
    public var quantity: Steps
    public var notional: Units
    public var takerSide: Side
    public var makerOrder: OrderID
    public var takerOrder: OrderID
    public var makerAccount: AccountID
    public var takerAccount: AccountID
    public var makerWallet: Wallet
    public var takerWallet: Wallet
    /// In units of the asset that the maker received.
    public var makerCommission: Units
    /// In units of the asset that the taker received.
    public var takerCommission: Units
    /// When it happened: a command that carries time over many seconds trades at each of them.
    public var time: Timestamp

    public init(
        market: MarketID, id: TradeID, price: Ticks, quantity: Steps, notional: Units, takerSide: Side,
        makerOrder: OrderID, takerOrder: OrderID, makerAccount: AccountID, takerAccount: AccountID,
        makerWallet: Wallet, takerWallet: Wallet, makerCommission: Units, takerCommission: Units,
        time: Timestamp
    ) {
        self.market = market
        self.id = id
        self.price = price
        self.quantity = quantity
        self.notional = notional
        self.takerSide = takerSide
        self.makerOrder = makerOrder
        self.takerOrder = takerOrder
        self.makerAccount = makerAccount
        self.takerAccount = takerAccount
        self.makerWallet = makerWallet
        self.takerWallet = takerWallet
        self.makerCommission = makerCommission
        self.takerCommission = takerCommission
        self.time = time
    }
}

public struct LevelChange: Sendable, Hashable, BitwiseCopyable {
    public var market: MarketID
    /// The side of the orders that stand there: buy for bids.
    public var side: Side
    public var price: Ticks
    /// What stands there now; zero when the level is gone.
    public var quantity: Steps

    public init(market: MarketID, side: Side, price: Ticks, quantity: Steps) {
        self.market = market
        self.side = side
        self.price = price
        self.quantity = quantity
    }
}

public struct BalanceChange: Sendable, Hashable, BitwiseCopyable {
    public var account: AccountID
    public var wallet: Wallet
    public var asset: AssetID
    public var free: Units
    public var held: Units

    public init(account: AccountID, wallet: Wallet, asset: AssetID, free: Units, held: Units) {
        self.account = account
        self.wallet = wallet
        self.asset = asset
        self.free = free
        self.held = held
    }
}

/// A deposit as it stands, and what this report of it credited.
public struct DepositRecord: Sendable, Hashable {
    public var deposit: Deposit
    /// Zero unless the deposit became a success by this command.
    public var credited: Units

    public init(deposit: Deposit, credited: Units) {
        self.deposit = deposit
        self.credited = credited
    }
}
