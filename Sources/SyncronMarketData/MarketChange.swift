import SyncronCore

/// What an event means to the public views: nothing, mostly.
///
/// It is taken out of the event before a view changes, because then the compiler looks at the event where it lies; a
/// switch whose cases change state copies each event whole, which costs more than most events cost here.
enum MarketChange {
    case none
    case level(LevelChange)
    case trade(PublicTrade, MarketID)
    case market(MarketID)

    @inline(__always)
    init(_ event: borrowing Event) {
        switch event {
        case .levelChanged(let change): self = .level(change)
        case .traded(let trade): self = .trade(PublicTrade(trade), trade.market)
        case .marketDefined(let market): self = .market(market.id)
        case .rejected, .begun, .orderAccepted, .orderFilled, .orderEnded, .orderTriggered, .orderAmended,
            .cancelCountdownSet, .balanceChanged, .assetDefined,
            .marketStatusChanged, .accountOpened, .accountChanged, .apiKeyCreated, .apiKeyDeleted, .listenKeyOpened,
            .listenKeyKept, .listenKeyClosed, .listenKeyExpired, .depositRecorded, .withdrawalRecorded,
            .depositAddressAssigned, .transferred, .lendingFunded, .insuranceFunded, .loanTaken, .loanRepaid,
            .interestCharged, .marginOrderPlaced, .marginStatusChanged, .orderForced, .indexPriceChanged,
            .positionChanged, .leverageSet, .marginTypeSet, .positionModeSet, .incomeBooked, .markPriceChanged,
            .fundingSettled, .futuresMarginCalled, .positionDeleveraged,
            .apiKeyChanged, .loginChanged, .timePassed,
            .checkpointed:
            self = .none
        }
    }
}
