import SyncronCore

/// Numbers what the accounts are told. A projection: the numbers follow from the events alone, and the counters are
/// part of every snapshot.
struct UserEventLog: Sendable, Hashable {
    /// What is remembered of one account.
    private struct Counter: Sendable, Hashable {
        /// The number of its newest event.
        var last: UInt64 = 0
        var isSandbox = false
        /// Wallets, one bit each, whose balances the command under way has changed.
        var changedWallets: UInt8 = 0
    }

    /// One wallet whose balances the command under way has changed.
    private struct ChangedWallet: Sendable, Hashable {
        var account: AccountID
        var wallet: Wallet
        /// Empty where events are only counted.
        var changes: [BalanceChange]
        /// Of the futures wallet: why it changed, and the positions that did, as they are after it.
        var cause = UserEvent.FuturesCause.marginTransfer
        var positions: [Position] = []

        /// Of a balance that is told again only the last counts.
        mutating func keep(_ change: BalanceChange) {
            if let known = changes.lastIndex(where: { $0.asset == change.asset }) {
                changes[known] = change
            } else {
                changes.append(change)
            }
        }

        mutating func note(_ position: Position) {
            positions.removeAll { $0.market == position.market && $0.side == position.side }
            positions.append(position)
        }
    }

    /// The account of id n stands at n.
    private var counters = [Counter()]
    /// In order of their first change; empty between commands.
    private var changed: [ChangedWallet] = []

    init() {}

    /// The number of the account's newest event; 0 for none.
    func lastSeq(of account: AccountID) -> UInt64 {
        Int(account.raw) < counters.count ? counters[Int(account.raw)].last : 0
    }

    /// Whether the account's events are numbered and no more: nobody will ask for them again.
    func isSandbox(_ account: AccountID) -> Bool {
        Int(account.raw) < counters.count && counters[Int(account.raw)].isSandbox
    }

    /// Numbers what the events of one command tell the accounts. Nil for `told` counts and makes no event.
    mutating func apply(
        _ events: borrowing [Event], _ range: Range<Int>, at stamp: Stamp, into told: inout [NumberedUserEvent]?
    ) {
        for index in range {
            switch events[index] {
            case .orderAccepted(let order):
                tell(order.account, stamp, &told, .order(order, .new))
            case .orderFilled(let fill):
                guard fill.order.wallet == .futures else {
                    tell(fill.order.account, stamp, &told, .order(fill.order, .trade(fill)))
                    continue
                }
                tell(
                    fill.order.account, stamp, &told,
                    .order(
                        fill.order,
                        .trade(fill, realizedProfit: Self.realizedProfit(of: fill, events, index..<range.upperBound))))
            case .orderEnded(let end):
                let execution = end.order.status == .canceled ? UserEvent.Execution.canceled : .expired
                tell(end.order.account, stamp, &told, .order(end.order, execution))
            case .orderTriggered(let order):
                tell(order.account, stamp, &told, .order(order, .triggered))
            case .orderAmended(let order):
                tell(order.account, stamp, &told, .order(order, .replaced))
            case .depositRecorded(let record):
                guard record.credited > .zero else { continue }
                let deposit = record.deposit
                tell(deposit.account, stamp, &told, .balanceUpdate(.spot, deposit.asset, record.credited))
            case .withdrawalRecorded(let record):
                guard record.debited > .zero else { continue }
                let withdrawal = record.withdrawal
                tell(withdrawal.account, stamp, &told, .balanceUpdate(.spot, withdrawal.asset, -record.debited))
            case .transferred(let transfer):
                tell(transfer.account, stamp, &told, .balanceUpdate(transfer.from, transfer.asset, -transfer.amount))
                tell(transfer.account, stamp, &told, .balanceUpdate(transfer.to, transfer.asset, transfer.amount))
                if transfer.from == .futures { give(.withdrawal, transfer.account, told != nil) }
                if transfer.to == .futures { give(.deposit, transfer.account, told != nil) }
            case .loanTaken(let loan):
                tell(loan.account, stamp, &told, .loanTaken(loan))
            case .loanRepaid(let repayment):
                tell(repayment.account, stamp, &told, .loanRepaid(repayment))
            case .marginStatusChanged(let change):
                tell(
                    change.account, stamp, &told,
                    change.status == .marginCall
                        ? .marginCall(level: change.level) : .marginStatus(change.status, level: change.level))
            case .orderForced(let order):
                tell(order.account, stamp, &told, .orderForced(order))
            case .listenKeyExpired(let key):
                tell(key.account, stamp, &told, .listenKeyExpired(key.key))
            case .balanceChanged(let change):
                let place = note(change.account, change.wallet)
                if told != nil { changed[place].keep(change) }
            case .positionChanged(let position):
                let place = note(position.account, .futures)
                if told != nil { changed[place].note(position) }
            case .incomeBooked(let income):
                if let cause = Self.cause(income) { give(cause, income.account, told != nil) }
            case .positionDeleveraged(let it):
                give(.insuranceClear, it.account, told != nil)
            case .futuresMarginCalled(let call):
                tell(call.account, stamp, &told, .futuresMarginCall(ratio: call.ratio, positions: call.positions))
            case .accountOpened(let account):
                counters.append(Counter(isSandbox: account.isSandbox))
            case .rejected, .begun, .traded, .levelChanged, .assetDefined, .marketDefined, .marketStatusChanged,
                .accountChanged, .apiKeyCreated, .apiKeyDeleted, .listenKeyOpened, .listenKeyKept, .listenKeyClosed,
                .depositAddressAssigned, .lendingFunded, .insuranceFunded, .interestCharged, .marginOrderPlaced,
                .indexPriceChanged, .leverageSet, .marginTypeSet, .positionModeSet, .markPriceChanged, .fundingSettled,
                .apiKeyChanged, .loginChanged, .cancelCountdownSet, .timePassed, .checkpointed:
                continue
            }
        }
        if !changed.isEmpty { tellBalances(stamp, &told) }
    }

    /// Notes why a futures wallet changes.
    private mutating func give(_ cause: UserEvent.FuturesCause, _ account: AccountID, _ isTold: Bool) {
        let place = note(account, .futures)
        guard isTold, changed[place].cause.rawValue < cause.rawValue else { return }
        changed[place].cause = cause
    }

    /// Nil of profit that paid for something else.
    private static func cause(_ income: Income) -> UserEvent.FuturesCause? {
        switch income.kind {
        case .realizedProfit: income.fill != nil ? .order : income.amount < .zero ? .insuranceClear : nil
        case .commission: .order
        case .funding: .funding
        case .insuranceClear: .insuranceClear
        }
    }

    /// What a fill realised: it is booked behind the fill, before the next trade.
    private static func realizedProfit(
        of fill: OrderFill, _ events: borrowing [Event], _ range: Range<Int>
    ) -> Units {
        for index in range {
            if case .incomeBooked(let income) = events[index], income.kind == .realizedProfit,
                income.fill == FillReference(fill.trade, fill.liquidity), income.account == fill.order.account
            {
                return income.amount
            }
            if case .traded(let trade) = events[index], trade.id != fill.trade { return .zero }
        }
        return .zero
    }

    /// The place of the wallet among those that the command under way has changed.
    private mutating func note(_ account: AccountID, _ wallet: Wallet) -> Int {
        let bit: UInt8 = 1 << wallet.rawValue
        if counters[Int(account.raw)].changedWallets & bit == 0 {
            counters[Int(account.raw)].changedWallets |= bit
            changed.append(ChangedWallet(account: account, wallet: wallet, changes: []))
            return changed.count - 1
        }
        // The changes of one wallet stand near each other: searched from the end, the wallet is soon found.
        return changed.lastIndex { $0.account == account && $0.wallet == wallet } ?? changed.count - 1
    }

    private mutating func tellBalances(_ stamp: Stamp, _ told: inout [NumberedUserEvent]?) {
        for wallet in changed {
            counters[Int(wallet.account.raw)].changedWallets = 0
            tell(
                wallet.account, stamp, &told,
                wallet.wallet == .futures
                    ? .futuresAccount(wallet.cause, wallet.changes, wallet.positions)
                    : .balances(wallet.wallet, wallet.changes))
        }
        changed.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    private mutating func tell(
        _ account: AccountID, _ stamp: Stamp, _ told: inout [NumberedUserEvent]?, _ event: @autoclosure () -> UserEvent
    ) {
        counters[Int(account.raw)].last += 1
        if told != nil {
            let seq = counters[Int(account.raw)].last
            told?.append(NumberedUserEvent(account: account, seq: seq, stamp: stamp, event: event()))
        }
    }
}

extension UserEventLog: Coded {
    func encode(into writer: inout ByteWriter) {
        writer.append(UInt32(counters.count))
        for counter in counters {
            writer.append(counter.last)
            writer.encode(counter.isSandbox)
        }
    }

    init(from reader: inout ByteReader) throws(CodingFailure) {
        let count = Int(try reader.read(UInt32.self))
        guard count >= 1 && count <= reader.remaining else { throw CodingFailure("\(count) counters of user events") }
        counters = []
        counters.reserveCapacity(count)
        for _ in 0..<count {
            counters.append(Counter(last: try reader.read(), isSandbox: try reader.decode()))
        }
    }
}
