import SyncronCore

/// The engine and the views that are folded from its events in memory. Whoever applies commands, live or from the
/// journal, does it through this one value, so that there is no second way to a state.
struct Exchange: ~Copyable {
    private(set) var engine: Engine
    private(set) var userEvents: UserEventLog
    /// Nil where nobody looks at it.
    let marketData: MarketDataStore?
    private(set) var directory: DirectoryParts
    /// Whether the directory changed since this was last set to false.
    var directoryHasChanged = true

    /// Before the first command.
    init(limits: Limits, marketData: MarketDataStore?) {
        self.init(Engine(limits: limits), UserEventLog(), marketData)
    }

    init(_ engine: consuming Engine, _ userEvents: UserEventLog, _ marketData: MarketDataStore?) {
        directory = DirectoryParts(of: engine)
        self.engine = engine
        self.userEvents = userEvents
        self.marketData = marketData
    }

    /// Applies commands that follow the last one, all of one time, and folds what happens.
    mutating func apply(
        _ commands: Span<Command>, at time: Timestamp, into draft: inout BatchDraft
    ) throws(ReplayFailure) {
        for index in commands.indices {
            if commands.count >= Self.prefetchBatch { engine.prefetch(commands, at: index) }
            let stamp = Stamp(sequence: engine.sequence.next, time: time)
            try check(commands[index], at: stamp)
            let start = draft.events.count
            engine.apply(commands[index], at: stamp, into: &draft.events)
            let range = start..<draft.events.count
            userEvents.apply(draft.events, range, at: stamp, into: &draft.userEvents)
            marketData?.apply(draft.events, range)
            for place in range {
                let changed = directory.apply(draft.events[place])
                directoryHasChanged = directoryHasChanged || changed
            }
            draft.commands.append(AppliedCommand(stamp: stamp, events: range))
        }
    }

    /// Commands from which on it pays to look ahead.
    private static let prefetchBatch = 8

    /// What a journal may hold and must not be applied.
    private func check(_ command: borrowing Command, at stamp: Stamp) throws(ReplayFailure) {
        switch command {
        case .checkpoint(let digest):
            guard digest == engine.digest else {
                throw .diverged(at: stamp.sequence, journaled: digest, computed: engine.digest)
            }
        case .begin(let genesis):
            guard genesis.rules == Genesis.currentRules else {
                throw .otherRules(genesis.rules, from: stamp.sequence)
            }
        case .placeOrder, .placeOrderWithOptions, .placeOrderList, .amendOrder, .cancelOrder, .cancelAllOrders,
            .setCancelCountdown, .openAccount, .changeAccount, .createAPIKey, .deleteAPIKey, .openListenKey,
            .keepListenKey, .closeListenKey, .recordDeposit, .requestWithdrawal, .cancelWithdrawal, .settleWithdrawal,
            .failWithdrawal, .assignDepositAddress, .transfer, .fundLending, .fundInsurance, .borrow, .repay,
            .setIndexPrices, .placeFuturesOrder, .setLeverage, .setMarginType, .setPositionMode, .adjustPositionMargin,
            .changeAPIKey, .registerLogin,
            .setSecondFactor, .setPassword, .defineAsset, .defineMarket, .setMarketStatus, .tick:
            return
        }
    }
}

/// A batch in the making.
struct BatchDraft {
    var commands: [AppliedCommand] = []
    var events: [Event] = []
    /// Nil where they are only counted.
    var userEvents: [NumberedUserEvent]?

    /// 0 for an empty one.
    var lastSequence: Sequence { commands.last?.stamp.sequence ?? Sequence(0) }

    /// For a batch that someone will look at, or for one of which only the state after it matters.
    init(keepsUserEvents: Bool) { userEvents = keepsUserEvents ? [] : nil }

    /// Forgets the batch and keeps the memory.
    mutating func clear(keepsUserEvents: Bool) {
        commands.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        userEvents = keepsUserEvents ? [] : nil
    }

    /// The batch for others to keep. The draft is empty afterwards.
    mutating func finish() -> AppliedBatch {
        let batch = AppliedBatch(commands: commands, events: events, userEvents: userEvents ?? [])
        // What others keep cannot be written on: room for as much is got afresh.
        commands = Self.room(for: batch.commands.count)
        events = Self.room(for: batch.events.count)
        if userEvents != nil { userEvents = Self.room(for: batch.userEvents.count) }
        return batch
    }

    private static func room<T>(for count: Int) -> [T] {
        var list: [T] = []
        list.reserveCapacity(count)
        return list
    }
}

/// Why commands of the journal cannot be applied again.
enum ReplayFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The state is not what it was when the command was journaled.
    case diverged(at: Sequence, journaled: StateDigest, computed: StateDigest)
    /// The journal from this command on was written under rules of another version.
    case otherRules(UInt32, from: Sequence)

    var description: String {
        switch self {
        case .diverged(let sequence, let journaled, let computed):
            "the state at sequence \(sequence) differs from the journaled one:"
                + " digest \(computed), journaled \(journaled)"
        case .otherRules(let rules, let sequence):
            "the journal from sequence \(sequence) on was written under rules \(rules);"
                + " this program computes by rules \(Genesis.currentRules) and cannot replay it"
        }
    }
}
