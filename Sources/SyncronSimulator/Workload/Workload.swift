import SyncronCore

/// An endless stream of random commands over a small exchange: what clients do, and what they should not do.
///
/// The same seed gives the same stream, as long as `observe` is told the same events.
public struct Workload: Sendable {
    /// What kind of exchange, and how rough a time it has.
    public enum Style: UInt8, Sendable, CaseIterable {
        /// Markets as real ones are, prices around a middle, most commands sensible.
        case realistic
        /// A dozen prices and a handful of accounts: everything collides.
        case tight
        /// Assets of 0 to 18 decimals, odd ticks and steps.
        case awkward
        /// Prices, quantities and funds up to the largest there are.
        case extreme
        /// Loans, falling prices and forced sales: index prices wander off the markets, and hours pass.
        case margin
        /// Perpetuals with thin books, little money and an index that jumps, around a funding.
        case futures

        /// Those in which loans are rare.
        public static let spot: [Style] = [.realistic, .tight, .awkward, .extreme]
    }

    let style: Style
    var random: SeededRandom
    var time: Timestamp
    let scene: Scene
    /// The commands that are still to come before the exchange is ready.
    private var opening: [Command]
    /// The newest withdrawals, as the events told of them.
    private(set) var withdrawals: [Withdrawal] = []
    /// Open orders as the events told of them.
    var open: [OpenOrder] = []

    struct OpenOrder: Sendable {
        var id: OrderID
        var account: AccountID
        var market: MarketID
        var wallet: Wallet
        var price: Ticks
        var quantity: Steps
    }

    /// The last price of each market, around which stops are set.
    var lastPrices: [MarketID: Int64] = [:]
    /// In parts of 10^-8 USDT.
    var indexPrices: [AssetID: Int64] = [:]
    /// Whose wallets are being liquidated.
    var flagged: Set<AccountID> = []
    /// Who holds long and short positions side by side, and the open positions.
    var hedging: Set<AccountID> = []
    var positions: [Position] = []
    /// What margin wallets hold and owe of each asset, as the events told of it.
    var marginWallets: [AccountID: [AssetID: MarginBalance]] = [:]

    /// Beyond this many the oldest orders are forgotten, not cancelled.
    private static let remembered = 4_096

    public init(seed: UInt64, style: Style? = nil) {
        var random = SeededRandom(seed: seed)
        let drawn = random.pick(Style.allCases)
        self.style = style ?? drawn
        time = Timestamp(milliseconds: 1_700_000_000_000 + random.int(in: 0...86_400_000))
        if self.style == .futures {
            // Shortly before a funding.
            time = FundingRate.next(after: time) + -random.int(in: 1_000...90_000)
        }
        scene = Scene(self.style, &random)
        opening = scene.opening(&random).reversed()
        self.random = random
    }

    /// How many commands define the exchange before the first order can come.
    public var openingCount: Int { opening.count }

    public mutating func next() -> TimedCommand {
        if let command = opening.popLast() { return TimedCommand(command, at: time) }
        pass()
        return TimedCommand(command(), at: time)
    }

    /// Tells the stream what came of its commands, so that it can cancel what stands.
    public mutating func observe(_ events: [Event]) {
        for event in events {
            observeMargin(event)
            observeFutures(event)
            switch event {
            case .orderAccepted(let order):
                open.append(
                    OpenOrder(
                        id: order.id, account: order.account, market: order.market, wallet: order.wallet,
                        price: order.price, quantity: order.quantity))
            case .orderAmended(let order):
                for index in open.indices where open[index].id == order.id {
                    (open[index].price, open[index].quantity) = (order.price, order.quantity)
                }
            case .orderFilled(let fill): if !fill.order.isOpen { forget(fill.order.id) }
            case .orderEnded(let end): forget(end.order.id)
            case .traded(let trade): lastPrices[trade.market] = trade.price.raw
            case .withdrawalRecorded(let record):
                withdrawals = withdrawals.filter { $0.id != record.withdrawal.id }.suffix(7) + [record.withdrawal]
            case .rejected, .begun, .orderTriggered, .cancelCountdownSet, .levelChanged, .balanceChanged, .assetDefined,
                .marketDefined,
                .marketStatusChanged, .accountOpened, .accountChanged, .apiKeyCreated, .apiKeyDeleted,
                .listenKeyOpened, .listenKeyKept, .listenKeyClosed, .listenKeyExpired, .depositRecorded,
                .depositAddressAssigned, .transferred, .lendingFunded, .insuranceFunded, .loanTaken, .loanRepaid,
                .interestCharged, .marginOrderPlaced, .marginStatusChanged, .orderForced, .indexPriceChanged,
                .positionChanged, .leverageSet, .marginTypeSet, .positionModeSet, .incomeBooked, .markPriceChanged,
                .fundingSettled, .futuresMarginCalled, .positionDeleveraged,
                .apiKeyChanged, .loginChanged, .timePassed,
                .checkpointed:
                break
            }
        }
        if open.count > Self.remembered { open.removeFirst(open.count - Self.remembered) }
    }

    private mutating func forget(_ id: OrderID) {
        if let index = open.lastIndex(where: { $0.id == id }) { open.remove(at: index) }
    }

    /// Mostly nothing or little, now and then more than the average price looks back.
    private mutating func pass() {
        if style == .futures {
            // Every second is work where there are perpetuals.
            let steps: [(UInt64, Int64)] = [
                (45, 0), (30, random.int(in: 1...400)), (22, random.int(in: 500...3_000)), (2, 20_000), (1, 61_000),
            ]
            let step = random.pick(weighted: steps)
            // Now and then to a whole second, so that commands come between a funding and the next.
            time = time + step
            if random.chance(20) { time = Timestamp(milliseconds: (time.milliseconds + 999) / 1_000 * 1_000) }
            return
        }
        let hours: [(UInt64, Int64)] = [(8, 3_600_000), (2, random.int(in: 0...86_400_000))]
        let steps: [(UInt64, Int64)] = [
            (style == .margin ? 8 : 0, random.pick(weighted: hours)), (40, 0), (40, random.int(in: 1...200)),
            (17, random.int(in: 1_000...60_000)),
            (2, Limits.averagePriceSpan + random.int(in: -1...1)), (1, 86_400_000),
        ]
        let step = random.pick(weighted: steps)
        time = time + step
    }

    private mutating func command() -> Command {
        if style == .futures && random.chance(94) { return futuresCommand() }
        if random.chance(style == .margin ? 55 : 4) { return marginCommand() }
        let kind = random.below(1_000)
        return switch kind {
        case 0..<410: .placeOrder(order())
        case 410..<605: .placeOrderWithOptions(orderWithOptions())
        case 605..<670: .placeOrderList(orderList())
        case 670..<755: style == .futures ? .tick : .amendOrder(amendment())
        case 755..<830: .cancelOrder(cancellation())
        case 830..<838: .cancelAllOrders(cancellationOfAll())
        case 838..<855: .setCancelCountdown(countdown())
        case 855..<885: .recordDeposit(deposit())
        case 885..<925: funds()
        case 925..<960: .tick
        case 960..<980: .changeAccount(accountChange())
        case 980..<993: .setMarketStatus(statusChange())
        case 993..<996: .defineMarket(scene.changed(&random))
        case 996..<998: .openAccount(OpenAccount(level: .gold, commissionTier: UInt8(random.below(7))))
        default: .begin(Genesis(hasSandbox: true))
        }
    }
}
