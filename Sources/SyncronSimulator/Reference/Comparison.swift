import SyncronCore

/// Runs the engine and its naive twin over the same commands and looks for the first difference.
public struct Comparison: Sendable {
    /// Where the two part, in words.
    public struct Difference: Error, Sendable, CustomStringConvertible {
        /// Which command it was, counted from 0.
        public var step: Int
        public var what: String

        public var description: String { "step \(step): \(what)".shortened }
    }

    /// Small, so that bounds are met and many engines fit into memory.
    public static func smallLimits(openOrders: Int) -> Limits {
        var limits = Limits()
        limits.accounts = 16
        limits.openOrders = openOrders
        limits.markets = 8
        limits.assets = 8
        limits.fundingStep = 2
        return limits
    }

    public var limits: Limits

    public init(limits: Limits = Comparison.smallLimits(openOrders: 4_096)) { self.limits = limits }

    /// What a run over a workload gave: its commands up to the first difference, if there was one.
    public struct Run: Sendable {
        public var commands: [TimedCommand]
        public var difference: Difference?
        /// How many trades there were: a run without any has shown little.
        public var trades = 0
        public var refusals = 0
    }

    /// Lets both follow `workload` for `steps` commands.
    public func run(_ workload: Workload, steps: Int) -> Run {
        var workload = workload
        var run = Run(commands: [])
        var pair = Pair(limits: limits)
        for step in 0..<steps {
            let command = workload.next()
            run.commands.append(command)
            let (events, what) = pair.apply(command)
            if let what {
                run.difference = Difference(step: step, what: what)
                return run
            }
            workload.observe(events)
            run.count(events)
        }
        return run
    }

    /// The first difference over `commands`.
    public func difference(over commands: [TimedCommand]) -> Difference? {
        var pair = Pair(limits: limits)
        for (step, command) in commands.enumerated() {
            if let what = pair.apply(command).difference { return Difference(step: step, what: what) }
        }
        return nil
    }

    /// A shorter list that still shows a difference: parts are left out as long as one remains. The first `kept`
    /// commands stay.
    public func shrink(_ commands: [TimedCommand], keeping kept: Int, attempts: Int = 400) -> [TimedCommand] {
        var shortest = commands
        var size = commands.count / 2
        var left = attempts
        while size > 0 && left > 0 {
            var start = kept
            while start < shortest.count && left > 0 {
                var candidate = shortest
                candidate.removeSubrange(start..<min(start + size, shortest.count))
                left -= 1
                if let difference = difference(over: candidate) {
                    shortest = Array(candidate[...difference.step])
                } else {
                    start += size
                }
            }
            size /= 2
        }
        return shortest
    }
}

extension Comparison.Run {
    fileprivate mutating func count(_ events: [Event]) {
        for event in events {
            switch event {
            case .traded: trades += 1
            case .rejected: refusals += 1
            default: break
            }
        }
    }
}

/// An engine and its twin, in step.
private struct Pair: ~Copyable {
    private var engine: Engine
    private var naive: NaiveExchange
    private var events: [Event] = []

    init(limits: Limits) {
        engine = Engine(limits: limits)
        naive = NaiveExchange(limits: limits)
    }

    /// The engine's events, and what is wrong with them or the states after them.
    mutating func apply(_ timed: TimedCommand) -> (events: [Event], difference: String?) {
        events.removeAll(keepingCapacity: true)
        engine.apply(timed.command, at: Stamp(sequence: engine.sequence.next, time: timed.time), into: &events)
        guard let expected = naive.apply(timed.command, at: timed.time) else { return (events, nil) }
        let difference =
            difference(events, expected) ?? naive.brokenInvariant.map { "in the twin: \($0)" }
            ?? stateDifference(timed.command)
        return (events, difference)
    }

    private func difference(_ found: [Event], _ expected: [Event]) -> String? {
        let (events, balances) = parted(found)
        let (expectedEvents, expectedBalances) = parted(expected)
        for (index, event) in events.enumerated() where index >= expectedEvents.count || event != expectedEvents[index]
        {
            let other = index < expectedEvents.count ? "\(expectedEvents[index])" : "nothing"
            return "event \(index) is\n  \(event)\nthe twin has\n  \(other)"
        }
        if events.count < expectedEvents.count {
            return "event \(events.count) is missing, the twin has\n  \(expectedEvents[events.count])"
        }
        if balances != expectedBalances {
            return "balances are\n  \(Self.sorted(balances))\nthe twin has\n  \(Self.sorted(expectedBalances))"
        }
        if let index = found.firstIndex(where: Self.isBalance), !found[index...].allSatisfy(Self.isBalance) {
            return "a balance is reported before event \(index)"
        }
        return nil
    }

    /// The events without balances, and the last of each balance that the command changed.
    private func parted(_ events: [Event]) -> ([Event], Set<BalanceChange>) {
        var last: [NaiveExchange.Holding: BalanceChange] = [:]
        for case .balanceChanged(let change) in events {
            last[NaiveExchange.Holding(account: change.account, wallet: change.wallet, asset: change.asset)] = change
        }
        let changed = last.filter { naive.formerBalance($0.key) != $0.value }
        return (events.filter { !Self.isBalance($0) }, Set(changed.values))
    }

    private static func isBalance(_ event: Event) -> Bool {
        if case .balanceChanged = event { true } else { false }
    }

    private static func sorted(_ balances: Set<BalanceChange>) -> [BalanceChange] {
        balances.sorted { ($0.account, $0.asset.raw) < ($1.account, $1.asset.raw) }
    }

    // MARK: - States

    /// What the engine says of itself when asked, against what the twin knows.
    private func stateDifference(_ command: Command) -> String? {
        for totals in engine.totals {
            if !totals.isBalanced { return "the engine's books do not balance: \(totals)" }
            let house = [totals.fees, totals.interest, totals.insurance, totals.lending]
            let expected = [
                naive.earned(totals.asset), naive.earnedInterest(totals.asset), naive.insuranceFund(of: totals.asset),
                naive.lendingPool(of: totals.asset),
            ]
            if house != expected {
                return "fees, interest, insurance and lending are \(house), the twin has \(expected)"
            }
            let (index, other) = (engine.indexPrice(of: totals.asset), naive.indexPrice(of: totals.asset))
            if index != other {
                return "an index price is \(index, default: "none"), the twin has \(other, default: "none")"
            }
        }
        guard engine.openOrderCount == naive.openOrders.count else {
            return "\(engine.openOrderCount) orders are open, the twin has \(naive.openOrders.count)"
        }
        if let what = command.trader.flatMap({ accountDifference($0) }) { return what }
        for account in changed(by: command) {
            if let what = marginDifference(account) { return what }
        }
        return futuresDifference
    }

    /// Where there are perpetuals, every account's wallet may be another after every command.
    private var futuresDifference: String? {
        let perpetuals = engine.markets.filter { $0.kind == .perpetual }.map(\.id)
        for market in perpetuals {
            let (mark, other) = (engine.markPrice(of: market), naive.markPrice(of: market))
            if mark != other { return "a mark is \(mark, default: "none"), the twin has \(other, default: "none")" }
            let (open, otherOpen) = (engine.openInterest(of: market), naive.openInterest(of: market))
            if open != otherOpen { return "open interest is \(open), the twin has \(otherOpen)" }
        }
        for account in perpetuals.isEmpty ? [] : engine.accounts.map(\.id) {
            let picture = FuturesPicture(engine.futuresReading(of: account))
            let expected = naive.futuresPicture(of: account)
            if picture != expected { return "futures of \(account) are\n  \(picture)\nthe twin has\n  \(expected)" }
            for market in perpetuals {
                let (settings, other) = (engine.futuresSettings(of: account, market), naive.entry(account, market))
                if settings?.leverage != other.leverage || settings?.type != other.type {
                    return "settings of \(account) are \(settings, default: "none"), the twin has \(other)"
                }
            }
        }
        return nil
    }

    /// Whose margin wallets may be another now.
    private func changed(by command: Command) -> Set<AccountID> {
        switch command {
        case .tick, .setIndexPrices, .defineAsset: return Set(engine.accounts.map(\.id))
        case .changeAccount(let change): return [change.account]
        default: return Set(naive.touched.map(\.account)).union(command.trader.map { [$0] } ?? [])
        }
    }

    private func marginDifference(_ account: AccountID) -> String? {
        let reading = engine.marginReading(of: account)?.withoutZeros
        let expected = naive.marginReading(of: account)?.withoutZeros
        if reading != expected {
            return "margin of \(account) is \(reading, default: "none"), the twin has \(expected, default: "none")"
        }
        for asset in engine.assets.map(\.id) {
            let loan = (engine.maxBorrowable(asset, by: account), naive.maxBorrowable(asset, by: account))
            if loan.0 != loan.1 { return "\(account) may borrow \(loan.0) of \(asset), the twin has \(loan.1)" }
            let out = (engine.maxTransferOut(asset, of: account), naive.maxTransferOut(asset, of: account))
            if out.0 != out.1 { return "\(account) may move out \(out.0) of \(asset), the twin has \(out.1)" }
        }
        return nil
    }

    private func accountDifference(_ account: AccountID) -> String? {
        for wallet in Wallet.allCases {
            let orders = engine.openOrders(of: account, wallet: wallet, market: nil)
            let expected = naive.openOrders.filter { $0.account == account && $0.wallet == wallet }
            if orders != expected { return "open orders of \(account) are \(orders), the twin has \(expected)" }
            for balance in engine.balances(of: account, wallet: wallet)
            where balance != naive.balance(of: account, wallet, balance.asset) {
                return "a balance is \(balance), the twin has \(naive.balance(of: account, wallet, balance.asset))"
            }
        }
        return nil
    }
}

extension MarginReading {
    /// Nothing may have been posted to a balance, and whether it then is one is left open.
    fileprivate var withoutZeros: MarginReading {
        var copy = self
        copy.balances.removeAll { ($0.free, $0.held, $0.borrowed, $0.interest) == (.zero, .zero, .zero, .zero) }
        return copy
    }
}

extension Command {
    /// Whose orders the command is about.
    fileprivate var trader: AccountID? {
        switch self {
        case .placeOrder(let order): order.account
        case .placeOrderWithOptions(let placement): placement.order.account
        case .placeOrderList(let list): list.account
        case .amendOrder(let amendment): amendment.account
        case .cancelAllOrders(let orders): orders.account
        case .transfer(let transfer): transfer.account
        case .borrow(let loan): loan.account
        case .repay(let repayment): repayment.account
        case .placeFuturesOrder(let placement): placement.order.account
        case .cancelOrder, .setCancelCountdown, .begin, .openAccount, .changeAccount, .createAPIKey, .deleteAPIKey,
            .openListenKey, .keepListenKey, .closeListenKey, .recordDeposit, .requestWithdrawal, .cancelWithdrawal,
            .settleWithdrawal, .failWithdrawal, .assignDepositAddress, .fundLending, .fundInsurance,
            .setIndexPrices, .setLeverage, .setMarginType, .setPositionMode, .adjustPositionMargin,
            .changeAPIKey, .registerLogin,
            .setSecondFactor, .setPassword, .defineAsset, .defineMarket, .setMarketStatus, .tick, .checkpoint:
            nil
        }
    }
}
