import SyncronCore

/// A second opinion on what the exchange must do: the same commands give the same events.
///
/// Written from the rules alone, for plainness and not for speed: arrays that are filtered and sorted anew for every
/// order, dictionaries, and holds that are recomputed from the open orders to check what was booked. It shares the
/// engine's messages and nothing else. Where it and `Engine` differ, one of the two is wrong.
///
/// Keys are no part of it, and definitions of assets and markets are taken as they come: give it valid ones.
public struct NaiveExchange {
    /// One of an account's balances.
    struct Holding: Hashable {
        var account: AccountID
        var wallet: Wallet
        var asset: AssetID
    }

    struct Balance: Hashable {
        var free: Int128 = 0
        var held: Int128 = 0
    }

    /// A market and what stands and happened in it.
    struct Book {
        var market: Market
        /// Open orders that stand in the book, in their places in time: who comes to the back is moved to the end.
        var resting: [OrderState] = []
        /// Open orders that wait for their trigger.
        var waiting: [OrderState] = []
        var trades: [PastTrade] = []
    }

    struct PastTrade {
        var time: Timestamp
        var price: Int64
        var quantity: Int64
    }

    let limits: Limits
    var genesis: Genesis?
    var now = Timestamp.zero
    var assets: [Asset] = []
    var books: [Book] = []
    var accounts: [Account] = []
    var balances: [Holding: Balance] = [:]
    var deposits: [Deposit] = []
    var withdrawals: [Withdrawal] = []
    var addresses: [DepositAddress] = []
    /// How many transfers, loans and repayments there were.
    var transactions: UInt64 = 0
    /// What may be lent, by asset.
    var lending: [AssetID: Int128] = [:]
    var insurance: [AssetID: Int128] = [:]
    /// What the exchange earned, and what came from outside and has not gone back, by asset.
    var fees: [AssetID: Int128] = [:]
    var interestEarned: [AssetID: Int128] = [:]
    var brought: [AssetID: Int128] = [:]
    var lastOrderID: UInt64 = 0
    /// What is left of the slice that the book shows of an iceberg.
    var slices: [OrderID: Int64] = [:]
    /// The best price since a trailing order that waits began to track.
    var extremes: [OrderID: Int64] = [:]
    /// When orders end by themselves.
    var deadlines: [OrderID: Timestamp] = [:]
    /// What the stop leg of a list sets aside beyond what its limit leg does.
    var surplus: [OrderID: Int128] = [:]
    var countdowns: [CancelCountdown] = []
    /// Those that something was moved into.
    var marginWallets: [AccountID: MarginWallet] = [:]
    /// In 10^-8 USDT; of USDT itself there is none.
    var indexPrices: [AssetID: Int64] = [:]
    var fixedIndices: Set<AssetID> = []
    var futuresWallets: [AccountID: FuturesWallet] = [:]
    /// Those with futures wallets, in the order in which they were first used.
    var futuresAccounts: [AccountID] = []
    var perpetuals: [MarketID: Perpetual] = [:]
    var pendingFunding: Funding?
    /// What the forced order under way pays.
    var charge: Charge?
    /// Positions that closed or flipped in the order at hand.
    var closures: [Closure] = []
    /// What orders of margin wallets do beside trading.
    var marginTerms: [OrderID: MarginOrderTerms] = [:]
    /// What they had to be able to pay when they were accepted.
    var required: [OrderID: Int128] = [:]
    /// The last second since 1970 of which all that it brings about has happened.
    var handledSecond: Int64 = 0
    /// When the last command came, and whether seconds brought nothing when they last passed.
    var previousTime = Timestamp.zero
    var wasIdle = true
    /// Balances that were other than zero once.
    var everHeld: Set<Holding> = []

    /// What the command at hand has caused so far.
    var events: [Event] = []
    var touched: [Holding] = []
    /// What the touched balances were before.
    var before: [Holding: Balance] = [:]

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// The events of `command`, or nil for commands that are no part of the comparison.
    public mutating func apply(_ command: Command, at time: Timestamp) -> [Event]? {
        previousTime = now
        now = time
        events = []
        touched = []
        before = [:]
        let former = self
        do throws(Rejection) {
            if genesis == nil {
                guard case .begin = command else { throw .outOfPlace }
            }
            guard try perform(command) else { return nil }
        } catch {
            self = former
            return [.rejected(error)]
        }
        checkMargins()
        return events + touched.map { .balanceChanged(balanceChange($0)) }
    }

    /// False for commands that are no part of the comparison.
    private mutating func perform(_ command: Command) throws(Rejection) -> Bool {
        switch command {
        case .begin(let genesis): try begin(genesis)
        case .placeOrder(let order): try place(OrderWithOptions(order, OrderOptions()))
        case .placeOrderWithOptions(let order): try place(order)
        case .placeOrderList(let list): try place(list)
        case .amendOrder(let amendment): try amend(amendment)
        case .cancelAllOrders(let orders): try cancelAll(orders)
        case .setCancelCountdown(let countdown): try set(countdown)
        case .cancelOrder(let cancel): try self.cancel(cancel)
        case .openAccount(let account): try open(account)
        case .changeAccount(let change): try self.change(change)
        case .recordDeposit(let deposit): try record(deposit)
        case .requestWithdrawal(let withdrawal): try request(withdrawal)
        case .cancelWithdrawal(let withdrawal): try self.cancel(withdrawal)
        case .settleWithdrawal(let withdrawal): try settle(withdrawal)
        case .failWithdrawal(let withdrawal): try fail(withdrawal)
        case .assignDepositAddress(let address): try assign(address)
        case .transfer(let order): try transfer(order)
        case .fundLending(let pool): try fund(pool)
        case .fundInsurance(let fund): try self.fund(fund)
        case .borrow(let order): try borrow(order)
        case .repay(let order): try repay(order)
        case .setIndexPrices(let prices): try set(prices)
        case .defineAsset(let asset): try define(asset)
        case .placeFuturesOrder(let order): try place(order)
        case .setLeverage(let change): try set(change)
        case .setMarginType(let change): try set(change)
        case .setPositionMode(let change): try set(change)
        case .adjustPositionMargin(let change): try adjust(change)
        case .defineMarket(let market): define(market)
        case .setMarketStatus(let change): try set(change)
        case .tick: passTime()
        case .createAPIKey, .changeAPIKey, .registerLogin, .setSecondFactor, .setPassword, .deleteAPIKey,
            .openListenKey,
            .keepListenKey, .closeListenKey, .checkpoint:
            return false
        }
        return true
    }

    private mutating func begin(_ genesis: Genesis) throws(Rejection) {
        guard self.genesis == nil else { throw .outOfPlace }
        self.genesis = genesis
        handledSecond = now.milliseconds / 1_000
        events.append(.begun(genesis))
    }

    // MARK: - Money

    func balance(_ holding: Holding) -> Balance { balances[holding] ?? Balance() }

    /// Changes a balance and remembers that it did.
    mutating func post(_ holding: Holding, free: Int128 = 0, held: Int128 = 0) {
        if before[holding] == nil {
            before[holding] = balance(holding)
            touched.append(holding)
        }
        if free != 0 || held != 0 { everHeld.insert(holding) }
        balances[holding, default: Balance()].free += free
        balances[holding, default: Balance()].held += held
    }

    func balanceChange(_ holding: Holding) -> BalanceChange { change(of: holding, to: balance(holding)) }

    /// The balance as it was before the command at hand.
    func formerBalance(_ holding: Holding) -> BalanceChange {
        change(of: holding, to: before[holding] ?? balance(holding))
    }

    private func change(of holding: Holding, to balance: Balance) -> BalanceChange {
        BalanceChange(
            account: holding.account, wallet: holding.wallet, asset: holding.asset, free: Units(balance.free),
            held: Units(balance.held))
    }

    // MARK: - Finding

    func account(_ id: AccountID) throws(Rejection) -> Account {
        guard let account = accounts.first(where: { $0.id == id }) else { throw .unknownAccount }
        return account
    }

    func bookIndex(_ id: MarketID) throws(Rejection) -> Int {
        guard let index = books.firstIndex(where: { $0.market.id == id }) else { throw .unknownMarket }
        return index
    }

    /// Where orders of a wallet are traded.
    func bookIndex(_ id: MarketID, _ wallet: Wallet) throws(Rejection) -> Int {
        let index = try bookIndex(id)
        guard (books[index].market.kind == .perpetual) == (wallet == .futures) else { throw .unknownMarket }
        return index
    }

    func decimals(of asset: AssetID) -> Int { Int(assets[Int(asset.raw)].decimals) }
}
