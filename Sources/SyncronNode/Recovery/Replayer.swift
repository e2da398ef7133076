import Logging
import SyncronCore
import SyncronJournal

/// Rebuilds an exchange from its journal beside everything else: a data directory is read, and nothing in it changed.
/// Every digest that the journal holds is compared on the way.
public struct Replayer: Sendable {
    public var dataDirectory: String
    public var limits = Limits()
    /// Whether to begin at the newest good snapshot, before `until`, instead of at the first command; of a journal whose
    /// beginning was pruned, instead of at its oldest good one.
    public var usesSnapshots = false
    /// Where to end: any command. Nil for the last one.
    public var until: Sequence?
    /// Whether to compare the state with each snapshot that is passed.
    public var comparesSnapshots = false
    /// Whether to say what everybody holds at the end, and which orders are open.
    public var listsState = false
    public var onProgress: @Sendable (ReplayProgress) -> Void = { _ in }
    public var log = Logger(label: "syncron.replay")

    public init(dataDirectory: String) { self.dataDirectory = dataDirectory }

    /// Replays, and says where that led.
    ///
    /// - Throws: `NodeFailure`: damage, or a state that is not the journaled one.
    public func run() throws(NodeFailure) -> ReplayReport {
        let begin = MonotonicTime.now
        let storage = FileStorage(reading: dataDirectory)
        let newest = usesSnapshots ? until ?? Sequence(.max) : Sequence(0)
        let start = try RecoveryStart.find(in: storage, notAfter: newest, log)
        let anchor = start.anchor
        if let until, until < anchor.sequence { throw .pruned(needed: until, first: anchor.sequence.next) }
        let digests = comparesSnapshots ? try snapshotDigests(in: storage) : [:]
        let last: Sequence
        if let until { last = until } else { last = try journalEnd(in: storage) }
        var exchange = try start.exchange(limits: limits, keepsMarketData: true)
        var report = ReplayReport(firstSequence: anchor.sequence.next)
        var progress = ReplayProgress(sequence: anchor.sequence, last: last, first: anchor.sequence.next)
        _ = try Replay(storage: storage, until: until).run(&exchange, after: anchor) {
            (exchange, draft) throws(NodeFailure) in
            report.count(draft)
            try Self.compare(exchange, digests, &report)
            guard draft.lastSequence.raw - progress.sequence.raw >= Self.progressStep else { return }
            progress.sequence = draft.lastSequence
            onProgress(progress)
        }
        progress.sequence = exchange.engine.sequence
        onProgress(progress)
        report.describe(exchange)
        if listsState { report.listState(of: exchange) }
        report.duration = .nanoseconds(Int64(clamping: MonotonicTime.now.since(begin)))
        return report
    }

    private static let progressStep: UInt64 = 100_000

    private static func compare(
        _ exchange: borrowing Exchange, _ digests: [Sequence: StateDigest], _ report: inout ReplayReport
    ) throws(NodeFailure) {
        guard let digest = digests[exchange.engine.sequence] else { return }
        guard digest == exchange.engine.digest else {
            throw .diverged(at: exchange.engine.sequence, journaled: digest, computed: exchange.engine.digest)
        }
        report.snapshots += 1
    }

    /// What the good snapshots say of the state.
    private func snapshotDigests(in storage: any Storage) throws(NodeFailure) -> [Sequence: StateDigest] {
        let store = SnapshotStore(storage: storage)
        var digests: [Sequence: StateDigest] = [:]
        for sequence in try orNodeFailure({ () throws(JournalFailure) in try store.list() }) {
            do throws(JournalFailure) {
                digests[sequence] = try store.load(sequence).info.digest
            } catch {
                log.warning("a snapshot is passed over: \(error)")
            }
        }
        return digests
    }

    private func journalEnd(in storage: any Storage) throws(NodeFailure) -> Sequence {
        try orNodeFailure { () throws(JournalFailure) in
            try JournalInspector(storage: storage).inspect().lastSequence ?? Sequence(0)
        }
    }
}

/// Where a replay led.
public struct ReplayReport: Sendable {
    /// The first command that was replayed.
    public var firstSequence: Sequence
    /// The last one; the one before the first when there was none.
    public var sequence = Sequence(0)
    public var time = Timestamp.zero
    public var digest = StateDigest(0)
    public var commands: UInt64 = 0
    public var events: UInt64 = 0
    /// Digests of the journal, and of snapshots, that were compared and found equal.
    public var checkpoints = 0
    public var snapshots = 0
    /// The ledger, asset by asset.
    public var totals: [LedgerTotals] = []
    public var openOrders = 0
    /// What each account holds in each wallet, and all open orders by account: when they are asked for.
    public var balances: [BalanceChange] = []
    public var orders: [OrderState] = []
    /// What is owed on margin.
    public var debts: [(account: AccountID, balance: MarginBalance)] = []
    public var positions: [PositionReading] = []
    /// Assets, markets and accounts.
    public var directory = Directory(DirectoryParts())
    public var duration = Duration.zero

    init(firstSequence: Sequence) { self.firstSequence = firstSequence }

    /// Whether the postings of every asset add up to zero.
    public var isBalanced: Bool { totals.allSatisfy(\.isBalanced) }

    mutating func count(_ draft: borrowing BatchDraft) {
        commands += UInt64(draft.commands.count)
        events += UInt64(draft.events.count)
        for event in draft.events {
            if case .checkpointed = event { checkpoints += 1 }
        }
    }

    mutating func listState(of exchange: borrowing Exchange) {
        for account in exchange.engine.accounts {
            for wallet in Wallet.allCases {
                balances += exchange.engine.balances(of: account.id, wallet: wallet)
                orders += exchange.engine.openOrders(of: account.id, wallet: wallet, market: nil)
            }
            for balance in exchange.engine.marginReading(of: account.id)?.balances ?? []
            where balance.borrowed != .zero || balance.interest != .zero {
                debts.append((account.id, balance))
            }
            positions += exchange.engine.futuresReading(of: account.id).positions
        }
    }

    mutating func describe(_ exchange: borrowing Exchange) {
        sequence = exchange.engine.sequence
        time = exchange.engine.now
        digest = exchange.engine.digest
        totals = exchange.engine.totals
        openOrders = exchange.engine.openOrderCount
        directory = Directory(exchange.directory)
    }
}
