import Synchronization
import SyncronCore
import SyncronHistory

/// The readers' door to the history.
public final class HistoryReader: Sendable {
    private let store: HistoryStore
    private let tail: HistoryTail
    private let patience: Duration
    private let directory: @Sendable () -> Directory
    /// Readers of what waits in memory, who take turns.
    private let readersAhead = Mutex(0)

    /// So many take turns at most: what waits in memory is gone through for each of them.
    static let mostReadersAhead = 8

    init(
        store: HistoryStore, tail: HistoryTail, patience: Duration, directory: @escaping @Sendable () -> Directory
    ) {
        self.store = store
        self.tail = tail
        self.patience = patience
        self.directory = directory
    }

    /// Waits until the history holds everything that is applied now, so that whoever was answered finds what he did;
    /// then runs `body` on a thread of the history's. While nothing can be stored, as on a full disk, `body` sees what
    /// waits in memory as if it were.
    ///
    /// - Throws: `Unavailable.historyBehind` when that takes longer than the configured patience, or when nothing can be
    ///   stored and `mostReadersAhead` are asking already; `HistoryFailure`.
    public func read<R: Sendable>(_ body: @escaping @Sendable (HistoryView) throws -> R) async throws -> R {
        if await tail.storesAll(by: .now + patience) { return try await store.read(body) }
        guard tail.isStuck, takeTurn() else { throw Unavailable.historyBehind }
        defer { readersAhead.withLock { $0 -= 1 } }
        guard let waiting = tail.pending else { throw Unavailable.historyBehind }
        return try await store.read(ahead: HistoryEntry.entries(of: waiting, directory()), body)
    }

    var aheadCount: Int { readersAhead.withLock { $0 } }

    private func takeTurn() -> Bool {
        readersAhead.withLock { count in
            guard count < Self.mostReadersAhead else { return false }
            count += 1
            return true
        }
    }

    /// An order as it stands in the part that the history has not stored yet; nil when it is not there. Waits for
    /// nothing.
    public func pendingOrder(
        of account: AccountID, wallet: Wallet = .spot, market: MarketID, _ reference: OrderReference
    ) -> OrderState? {
        for batch in tail.batches.reversed() {
            for event in batch.events.reversed() {
                guard let order = event.order, order.account == account, order.wallet == wallet,
                    order.market == market, order.answers(to: reference)
                else { continue }
                return order
            }
        }
        return nil
    }

    /// Gives the file back. A reader that is still at it keeps it open until it is done.
    func close() { try? store.close() }

    /// The last command that the history holds.
    public var storedSequence: Sequence { tail.stored }
}

extension Event {
    /// The order that the event is about.
    fileprivate var order: OrderState? {
        switch self {
        case .orderAccepted(let order): order
        case .orderFilled(let fill): fill.order
        case .orderEnded(let end): end.order
        case .orderTriggered(let order), .orderAmended(let order): order
        case .rejected, .begun, .traded, .levelChanged, .balanceChanged, .assetDefined, .marketDefined,
            .marketStatusChanged, .accountOpened, .accountChanged, .apiKeyCreated, .apiKeyDeleted, .listenKeyOpened,
            .listenKeyKept, .listenKeyClosed, .listenKeyExpired, .depositRecorded, .withdrawalRecorded,
            .depositAddressAssigned, .transferred, .lendingFunded, .insuranceFunded, .loanTaken, .loanRepaid,
            .interestCharged, .marginOrderPlaced, .marginStatusChanged, .orderForced, .indexPriceChanged,
            .positionChanged, .leverageSet, .marginTypeSet, .positionModeSet, .incomeBooked, .markPriceChanged,
            .fundingSettled, .futuresMarginCalled, .positionDeleveraged,
            .apiKeyChanged, .loginChanged, .cancelCountdownSet,
            .timePassed,
            .checkpointed:
            nil
        }
    }
}

extension OrderState {
    fileprivate func answers(to reference: OrderReference) -> Bool {
        switch reference {
        case .id(let id): self.id == id
        case .clientID(let clientID): clientOrderID == clientID
        }
    }
}
