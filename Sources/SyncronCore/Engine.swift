import Synchronization

/// The whole exchange as one value.
///
/// `apply` is a function of the state, the command and its stamp: it reads no clock, draws no random number, never
/// suspends and never throws. A refusal is an event. Matching knows no money and the ledger no orders; only the engine
/// joins them, family by family, in the files named after it.
public struct Engine: ~Copyable {
    /// A value with an atomic in it stays where it is: without it the compiler passes the engine around by copying.
    private let pin = Atomic<Bool>(false)
    public let limits: Limits
    /// The last command applied.
    public internal(set) var sequence = Sequence(0)
    /// The stamp of the last command applied.
    public internal(set) var now = Timestamp.zero
    /// The stamp of the one before.
    var previous = Timestamp.zero
    /// Nil before the first command.
    public internal(set) var genesis: Genesis?

    var ledger: Ledger
    var pool: OrderPool
    var pages: PagePool
    /// Open orders by id, and by client id.
    var orderIDs: SlotMap
    var clientIDs: SlotMap
    /// Open orders, as a part of the state's digest.
    var orderDigest: UInt64 = 0
    var lastOrderID: UInt64 = 0

    public internal(set) var assets: [Asset] = []
    var marketSlots: UnsafeMutablePointer<MarketSlot>
    /// By market; what the order path needs of the definitions.
    let marketRules: Slab<MarketRules>
    var marketCount = 0

    var register = Register()
    /// What the order path looks at of an account, by id.
    let accountSlots: Slab<AccountSlot>

    /// Open orders that wait for a trigger, in no book.
    var waitingCount = 0
    /// Looks ahead pay from so many orders in books on, or eight times as many accounts.
    var prefetchesFrom = 4_096

    var timers = Timers()
    var margin: MarginBook
    var futures: FuturesBook
    /// Orders whose position the trade under way has closed.
    var expiring: [OrderID] = []
    /// What the exchange's own order under way pays instead of a commission; nil while customers' orders trade.
    var forced: LiquidationCharge?
    /// The market in which the command under way has traded while orders wait there.
    var triggersDue: UnsafeMutablePointer<MarketSlot>?
    /// What matching did for the command under way.
    var matches = Stack<Match>(capacity: 1_024)
    /// What the last command did.
    public internal(set) var log = EventLog()

    public init(limits: Limits = Limits()) {
        self.limits = limits
        ledger = Ledger(accounts: limits.accounts, assets: limits.assets)
        pool = OrderPool(capacity: limits.openOrders)
        pages = PagePool(capacity: max(64, limits.openOrders / 16))
        orderIDs = SlotMap(capacity: limits.openOrders)
        clientIDs = SlotMap(capacity: limits.openOrders)
        marketSlots = .allocate(capacity: limits.markets)
        marketRules = Slab(capacity: limits.markets)
        accountSlots = Slab(capacity: limits.accounts + 1)
        margin = MarginBook(accounts: limits.accounts)
        futures = FuturesBook(accounts: limits.accounts)
    }

    deinit {
        marketSlots.deinitialize(count: marketCount)
        marketSlots.deallocate()
    }

    /// Applies the command that follows the last one. What happens is in `log` afterwards; of a refused command that
    /// is one `rejected`, and nothing has changed but the engine's place in the journal.
    public mutating func apply(_ command: Command, at stamp: Stamp) {
        precondition(stamp.sequence == sequence.next, "commands are applied in order, none left out")
        precondition(stamp.time >= now, "time never runs backwards")
        sequence = stamp.sequence
        previous = now
        now = stamp.time
        log.clear()
        do throws(Rejection) {
            try perform(command)
            if let market = triggersDue { fireTriggers(of: market) }
            if margin.hasDue { checkMargin() }
        } catch {
            precondition(log.isEmpty && ledger.touched.count == 0, "a refusal leaves no trace")
            log.append(.rejected(error))
        }
        reportBalances()
        #if DEBUG
            checkAfterCommand()
        #endif
    }

    /// As `apply(_:at:)`, and appends what happens to `events`.
    public mutating func apply(_ command: Command, at stamp: Stamp, into events: inout [Event]) {
        apply(command, at: stamp)
        var cursor = 0
        while let event = log.next(&cursor) { events.append(event) }
    }

    /// The two that come all the time are looked for first, each on its own, so that they are read as they lie.
    @inline(__always)
    private mutating func perform(_ command: Command) throws(Rejection) {
        if case .placeOrder(let order) = command {
            try place(order)
        } else if case .cancelOrder(let cancel) = command {
            try self.cancel(cancel)
        } else {
            try performAny(command)
        }
    }

    @inline(never)
    private mutating func performAny(_ command: Command) throws(Rejection) {
        switch command {
        case .placeOrder(let order): try place(order)
        case .cancelOrder(let cancel): try self.cancel(cancel)
        case .placeOrderWithOptions(let order): try place(order)
        case .placeOrderList(let list): try place(list)
        case .amendOrder(let amendment): try amend(amendment)
        case .cancelAllOrders(let orders): try cancelAll(orders)
        case .setCancelCountdown(let countdown): try set(countdown)
        case .begin(let genesis): try begin(genesis)
        case .openAccount(let account): try open(account)
        case .changeAccount(let change): try self.change(change)
        case .createAPIKey(let key): try create(key)
        case .deleteAPIKey(let key): try delete(key)
        case .openListenKey(let key): try open(key)
        case .keepListenKey(let key): try keep(key)
        case .closeListenKey(let key): try close(key)
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
        case .placeFuturesOrder(let order): try place(order)
        case .setLeverage(let change): try set(change)
        case .setMarginType(let change): try set(change)
        case .setPositionMode(let change): try set(change)
        case .adjustPositionMargin(let change): try adjust(change)
        case .changeAPIKey(let key): try change(key)
        case .registerLogin(let login): try enroll(login)
        case .setSecondFactor(let change): try set(change)
        case .setPassword(let change): try set(change)
        case .defineAsset(let asset): try define(asset)
        case .defineMarket(let market): try define(market)
        case .setMarketStatus(let change): try set(change)
        case .tick: passTime()
        case .checkpoint: log.append(.checkpointed)
        }
    }

    private mutating func begin(_ genesis: Genesis) throws(Rejection) {
        guard self.genesis == nil else { throw .outOfPlace }
        self.genesis = genesis
        margin.lastSecond = now.secondBegun
        log.append(.begun(genesis))
    }

    /// The balances that the command changed, as they are now.
    @inline(__always)
    private mutating func reportBalances() {
        for index in 0..<ledger.touched.count {
            let touched = ledger.touched.base[index]
            accountSlots[touched.key.account.raw].updatedAt = now
            let event = log.reserve(.balance, BalanceChange.self)
            event.pointee.account = touched.key.account
            event.pointee.wallet = touched.key.wallet
            event.pointee.asset = touched.key.asset
            event.pointee.free = touched.place.pointee.free
            event.pointee.held = touched.place.pointee.held
        }
        ledger.forgetTouched()
    }
}
