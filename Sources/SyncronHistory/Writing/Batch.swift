import SyncronCore
import SyncronMarketData

/// What a run of entries comes to, folded in memory: of an order only its last state, of a candle only its sum.
struct Batch {
    struct Order {
        var state: OrderState
        /// Whether the order was accepted in this batch, so that it has no row yet.
        var isNew: Bool
    }

    private(set) var orders: [Order] = []
    private(set) var trades: [Trade] = []
    private(set) var accounts: [Account] = []
    private(set) var deposits: [Deposit] = []
    private(set) var withdrawals: [Withdrawal] = []
    private(set) var transfers: [Transfer] = []
    private(set) var loans: [Loan] = []
    private(set) var repayments: [Repayment] = []
    private(set) var interestCharges: [InterestCharge] = []
    private(set) var forcedOrders: [ForcedOrder] = []
    private(set) var marginTerms: [MarginOrderTerms] = []
    private(set) var incomes: [IncomeRow] = []
    private(set) var fundingRates: [FundingRate] = []
    /// What the mark did in each minute of each perpetual, oldest first.
    private(set) var markMinutes: [MarketID: [Candle]] = [:]
    private(set) var userEvents: [AccountID: [UserEventRun]] = [:]
    /// The minutes with trades of each market, oldest first.
    private(set) var minutes: [MarketID: [Candle]] = [:]
    private var places: [OrderID: Int] = [:]

    mutating func add(_ entry: HistoryEntry) {
        for event in entry.events { add(event) }
        for event in entry.userEvents { userEvents[event.account, default: []].append(event) }
    }

    private mutating func add(_ event: Event) {
        switch event {
        case .orderAccepted(let order): add(order, isNew: true)
        case .orderFilled(let fill): add(fill.order, isNew: false)
        case .orderEnded(let end): add(end.order, isNew: false)
        case .orderTriggered(let order), .orderAmended(let order): add(order, isNew: false)
        case .traded(let trade): add(trade)
        case .accountOpened(let account), .accountChanged(let account): accounts.append(account)
        case .depositRecorded(let record): deposits.append(record.deposit)
        case .withdrawalRecorded(let record): withdrawals.append(record.withdrawal)
        case .transferred(let transfer):
            transfers.append(transfer)
            if let income = IncomeRow(transfer) { incomes.append(income) }
        case .loanTaken(let loan): loans.append(loan)
        case .loanRepaid(let repayment): repayments.append(repayment)
        case .interestCharged(let charge): interestCharges.append(charge)
        case .orderForced(let order): add(order)
        case .marginOrderPlaced(let terms): marginTerms.append(terms)
        case .incomeBooked(let income): incomes.append(IncomeRow(income))
        case .fundingSettled(let rate): fundingRates.append(rate)
        case .markPriceChanged(let mark): add(mark)
        case .rejected, .begun, .levelChanged, .balanceChanged, .assetDefined, .marketDefined, .marketStatusChanged,
            .apiKeyCreated, .apiKeyDeleted, .listenKeyOpened, .listenKeyKept, .listenKeyClosed, .listenKeyExpired,
            .depositAddressAssigned, .lendingFunded, .insuranceFunded, .marginStatusChanged, .indexPriceChanged,
            .positionChanged, .leverageSet, .marginTypeSet, .positionModeSet, .futuresMarginCalled,
            .positionDeleveraged,
            .apiKeyChanged, .loginChanged, .cancelCountdownSet, .timePassed, .checkpointed:
            break
        }
    }

    private mutating func add(_ order: OrderState, isNew: Bool) {
        if let place = places[order.id] {
            orders[place].state = order
        } else {
            places[order.id] = orders.count
            orders.append(Order(state: order, isNew: isNew))
        }
    }

    /// Those of the margin wallet are listed on their own; the order itself was accepted by the same command.
    private mutating func add(_ forced: ForcedOrder) {
        let wallet = places[forced.order].map { orders[$0].state.wallet }
        if wallet != .futures { forcedOrders.append(forced) }
    }

    private mutating func add(_ mark: MarkPrice) {
        let openTime = KlineInterval.oneMinute.bounds(of: mark.time).lowerBound
        let point = Candle(flatAt: mark.mark, openTime: openTime)
        var list = markMinutes[mark.market].take() ?? []
        if list.last?.openTime == openTime {
            list[list.count - 1].fold(point)
        } else {
            list.append(point)
        }
        markMinutes[mark.market] = list
    }

    private mutating func add(_ trade: Trade) {
        trades.append(trade)
        let openTime = KlineInterval.oneMinute.bounds(of: trade.time).lowerBound
        let print = PublicTrade(trade)
        var list = minutes[trade.market].take() ?? []
        if list.last?.openTime == openTime {
            list[list.count - 1].add(print)
        } else {
            list.append(Candle(openTime: openTime, first: print))
        }
        minutes[trade.market] = list
    }

    /// The candles of one interval that `minutes`, oldest first, fold into.
    static func candles(of interval: KlineInterval, folding minutes: [Candle]) -> [Candle] {
        var list: [Candle] = []
        var end = Timestamp.zero
        for minute in minutes {
            if minute.openTime <= end, !list.isEmpty {
                list[list.count - 1].fold(minute)
            } else {
                let bounds = interval.bounds(of: minute.openTime)
                end = bounds.upperBound
                list.append(minute)
                list[list.count - 1].openTime = bounds.lowerBound
            }
        }
        return list
    }
}
