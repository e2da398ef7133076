import Synchronization
import SyncronCore
import SyncronMarketData

/// The public views of all markets, for many threads: one lock for each market.
public final class MarketDataStore: Sendable {
    /// One market behind its lock.
    private final class Cell: Sendable {
        let view: Mutex<MarketView>
        init(_ view: MarketView) { self.view = Mutex(view) }
    }

    /// By market; grows and never shrinks.
    private let cells = Mutex<[Cell]>([])
    private let clock = Mutex<NodeClock?>(nil)

    init() {}

    /// What `now` means to readers.
    func follow(_ clock: NodeClock) { self.clock.withLock { $0 = clock } }

    /// Reads one market as the last applied command left it; nil for a market that was never defined.
    ///
    /// `body` gets the exchange's time beside the view. It runs under the market's lock and the writer waits for it:
    /// it should copy out what it needs and leave rendering for later.
    public func read<R, E: Error>(
        _ market: MarketID, _ body: (borrowing MarketView, _ now: Timestamp) throws(E) -> R
    ) throws(E) -> R? {
        guard let cell = cell(market) else { return nil }
        let now = clock.withLock { $0?.now } ?? .zero
        return try cell.view.withLock { view throws(E) in try body(view, now) }
    }

    public var marketCount: Int { cells.withLock { $0.count } }

    /// Takes in the events of one command. Called by one thread only; a reader sees all of them or none of a market.
    func apply(_ events: borrowing [Event], _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            if case .marketDefined(let market) = events[index] { addCells(through: market.id) }
            guard let market = events[index].publicMarket, let cell = cell(market) else {
                index += 1
                continue
            }
            index = cell.view.withLock { Self.fold(events, index..<range.upperBound, of: market, into: &$0) }
        }
    }

    /// Takes in events until one of another market comes, and returns its place.
    private static func fold(
        _ events: borrowing [Event], _ range: Range<Int>, of market: MarketID, into view: inout MarketView
    ) -> Int {
        for index in range {
            switch events[index] {
            case .levelChanged(let change):
                guard change.market == market else { return index }
                view.apply(change)
            case .traded(let trade):
                guard trade.market == market else { return index }
                view.apply(PublicTrade(trade))
            case .marketDefined:
                return index
            case .rejected, .begun, .orderAccepted, .orderFilled, .orderEnded, .orderTriggered, .orderAmended,
                .cancelCountdownSet, .balanceChanged, .assetDefined,
                .marketStatusChanged, .accountOpened, .accountChanged, .apiKeyCreated, .apiKeyDeleted,
                .listenKeyOpened, .listenKeyKept, .listenKeyClosed, .listenKeyExpired, .depositRecorded,
                .withdrawalRecorded, .depositAddressAssigned, .transferred, .lendingFunded, .insuranceFunded,
                .loanTaken, .loanRepaid, .interestCharged, .marginOrderPlaced, .marginStatusChanged, .orderForced,
                .indexPriceChanged, .positionChanged, .leverageSet, .marginTypeSet, .positionModeSet, .incomeBooked,
                .markPriceChanged, .fundingSettled, .futuresMarginCalled, .positionDeleveraged, .apiKeyChanged,
                .loginChanged, .timePassed,
                .checkpointed:
                continue
            }
        }
        return range.upperBound
    }

    private func cell(_ market: MarketID) -> Cell? {
        cells.withLock { Int(market.raw) < $0.count ? $0[Int(market.raw)] : nil }
    }

    private func addCells(through market: MarketID) {
        cells.withLock { cells in
            while cells.count <= Int(market.raw) { cells.append(Cell(MarketView())) }
        }
    }

    func encode(into writer: inout ByteWriter) {
        let cells = cells.withLock { $0 }
        writer.append(UInt32(cells.count))
        for cell in cells { writer.encode(cell.view.withLock { $0 }) }
    }

    init(from reader: inout ByteReader) throws(CodingFailure) {
        for view in try reader.decode([MarketView].self) {
            cells.withLock { $0.append(Cell(view)) }
        }
    }
}

extension Event {
    /// The market whose public view the event changes.
    fileprivate var publicMarket: MarketID? {
        switch self {
        case .levelChanged(let change): change.market
        case .traded(let trade): trade.market
        case .rejected, .begun, .orderAccepted, .orderFilled, .orderEnded, .orderTriggered, .orderAmended,
            .cancelCountdownSet, .balanceChanged, .assetDefined,
            .marketDefined, .marketStatusChanged, .accountOpened, .accountChanged, .apiKeyCreated, .apiKeyDeleted,
            .listenKeyOpened, .listenKeyKept, .listenKeyClosed, .listenKeyExpired, .depositRecorded,
            .withdrawalRecorded, .depositAddressAssigned, .transferred, .lendingFunded, .insuranceFunded, .loanTaken,
            .loanRepaid, .interestCharged, .marginOrderPlaced, .marginStatusChanged, .orderForced, .indexPriceChanged,
            .positionChanged, .leverageSet, .marginTypeSet, .positionModeSet, .incomeBooked, .markPriceChanged,
            .fundingSettled, .futuresMarginCalled, .positionDeleveraged,
            .apiKeyChanged, .loginChanged,
            .timePassed,
            .checkpointed:
            nil
        }
    }
}
