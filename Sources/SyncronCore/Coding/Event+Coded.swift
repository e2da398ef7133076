extension Event: Coded {
    /// The first byte of every event. A number once given is never given again, and none is zero.
    private enum Tag: UInt8, Coded {
        case rejected = 1
        case begun = 2
        case orderAccepted = 3
        case orderFilled = 4
        case orderEnded = 5
        case traded = 6
        case levelChanged = 7
        case balanceChanged = 8
        case assetDefined = 9
        case marketDefined = 10
        case marketStatusChanged = 11
        case accountOpened = 12
        case accountChanged = 13
        case apiKeyCreated = 14
        case apiKeyDeleted = 15
        case listenKeyOpened = 16
        case listenKeyKept = 17
        case listenKeyClosed = 18
        case listenKeyExpired = 19
        case depositRecorded = 20
        case timePassed = 21
        case checkpointed = 22
        case orderTriggered = 23
        case orderAmended = 24
        case cancelCountdownSet = 25
        case withdrawalRecorded = 48
        case depositAddressAssigned = 49
        case transferred = 50
        case lendingFunded = 51
        case apiKeyChanged = 52
        case loginChanged = 53
        case insuranceFunded = 64
        case loanTaken = 65
        case loanRepaid = 66
        case interestCharged = 67
        case marginOrderPlaced = 68
        case marginStatusChanged = 69
        case orderForced = 70
        case indexPriceChanged = 71
        case positionChanged = 96
        case leverageSet = 97
        case marginTypeSet = 98
        case positionModeSet = 99
        case incomeBooked = 100
        case markPriceChanged = 101
        case fundingSettled = 102
        case futuresMarginCalled = 103
        case positionDeleveraged = 104
    }

    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .rejected(let it): Self.encode(.rejected, it, into: &writer)
        case .begun(let it): Self.encode(.begun, it, into: &writer)
        case .orderAccepted(let it): Self.encode(.orderAccepted, it, into: &writer)
        case .orderFilled(let it): Self.encode(.orderFilled, it, into: &writer)
        case .orderEnded(let it): Self.encode(.orderEnded, it, into: &writer)
        case .orderTriggered(let it): Self.encode(.orderTriggered, it, into: &writer)
        case .orderAmended(let it): Self.encode(.orderAmended, it, into: &writer)
        case .cancelCountdownSet(let it): Self.encode(.cancelCountdownSet, it, into: &writer)
        case .traded(let it): Self.encode(.traded, it, into: &writer)
        case .levelChanged(let it): Self.encode(.levelChanged, it, into: &writer)
        case .balanceChanged(let it): Self.encode(.balanceChanged, it, into: &writer)
        case .assetDefined(let it): Self.encode(.assetDefined, it, into: &writer)
        case .marketDefined(let it): Self.encode(.marketDefined, it, into: &writer)
        case .marketStatusChanged(let it): Self.encode(.marketStatusChanged, it, into: &writer)
        case .accountOpened(let it): Self.encode(.accountOpened, it, into: &writer)
        case .accountChanged(let it): Self.encode(.accountChanged, it, into: &writer)
        case .apiKeyCreated(let it): Self.encode(.apiKeyCreated, it, into: &writer)
        case .apiKeyDeleted(let it): Self.encode(.apiKeyDeleted, it, into: &writer)
        case .listenKeyOpened(let it): Self.encode(.listenKeyOpened, it, into: &writer)
        case .listenKeyKept(let it): Self.encode(.listenKeyKept, it, into: &writer)
        case .listenKeyClosed(let it): Self.encode(.listenKeyClosed, it, into: &writer)
        case .listenKeyExpired(let it): Self.encode(.listenKeyExpired, it, into: &writer)
        case .depositRecorded(let it): Self.encode(.depositRecorded, it, into: &writer)
        case .withdrawalRecorded(let it): Self.encode(.withdrawalRecorded, it, into: &writer)
        case .depositAddressAssigned(let it): Self.encode(.depositAddressAssigned, it, into: &writer)
        case .transferred(let it): Self.encode(.transferred, it, into: &writer)
        case .lendingFunded(let it): Self.encode(.lendingFunded, it, into: &writer)
        case .insuranceFunded(let it): Self.encode(.insuranceFunded, it, into: &writer)
        case .loanTaken(let it): Self.encode(.loanTaken, it, into: &writer)
        case .loanRepaid(let it): Self.encode(.loanRepaid, it, into: &writer)
        case .interestCharged(let it): Self.encode(.interestCharged, it, into: &writer)
        case .marginOrderPlaced(let it): Self.encode(.marginOrderPlaced, it, into: &writer)
        case .marginStatusChanged(let it): Self.encode(.marginStatusChanged, it, into: &writer)
        case .orderForced(let it): Self.encode(.orderForced, it, into: &writer)
        case .indexPriceChanged(let it): Self.encode(.indexPriceChanged, it, into: &writer)
        case .positionChanged(let it): Self.encode(.positionChanged, it, into: &writer)
        case .leverageSet(let it): Self.encode(.leverageSet, it, into: &writer)
        case .marginTypeSet(let it): Self.encode(.marginTypeSet, it, into: &writer)
        case .positionModeSet(let it): Self.encode(.positionModeSet, it, into: &writer)
        case .incomeBooked(let it): Self.encode(.incomeBooked, it, into: &writer)
        case .markPriceChanged(let it): Self.encode(.markPriceChanged, it, into: &writer)
        case .fundingSettled(let it): Self.encode(.fundingSettled, it, into: &writer)
        case .futuresMarginCalled(let it): Self.encode(.futuresMarginCalled, it, into: &writer)
        case .positionDeleveraged(let it): Self.encode(.positionDeleveraged, it, into: &writer)
        case .apiKeyChanged(let it): Self.encode(.apiKeyChanged, it, into: &writer)
        case .loginChanged(let it): Self.encode(.loginChanged, it, into: &writer)
        case .timePassed: writer.encode(Tag.timePassed)
        case .checkpointed: writer.encode(Tag.checkpointed)
        }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        switch try reader.decode(Tag.self) {
        case .rejected: self = .rejected(try reader.decode())
        case .begun: self = .begun(try reader.decode())
        case .orderAccepted: self = .orderAccepted(try reader.decode())
        case .orderFilled: self = .orderFilled(try reader.decode())
        case .orderEnded: self = .orderEnded(try reader.decode())
        case .orderTriggered: self = .orderTriggered(try reader.decode())
        case .orderAmended: self = .orderAmended(try reader.decode())
        case .cancelCountdownSet: self = .cancelCountdownSet(try reader.decode())
        case .traded: self = .traded(try reader.decode())
        case .levelChanged: self = .levelChanged(try reader.decode())
        case .balanceChanged: self = .balanceChanged(try reader.decode())
        case .assetDefined: self = .assetDefined(try reader.decode())
        case .marketDefined: self = .marketDefined(try reader.decode())
        case .marketStatusChanged: self = .marketStatusChanged(try reader.decode())
        case .accountOpened: self = .accountOpened(try reader.decode())
        case .accountChanged: self = .accountChanged(try reader.decode())
        case .apiKeyCreated: self = .apiKeyCreated(try reader.decode())
        case .apiKeyDeleted: self = .apiKeyDeleted(try reader.decode())
        case .listenKeyOpened: self = .listenKeyOpened(try reader.decode())
        case .listenKeyKept: self = .listenKeyKept(try reader.decode())
        case .listenKeyClosed: self = .listenKeyClosed(try reader.decode())
        case .listenKeyExpired: self = .listenKeyExpired(try reader.decode())
        case .depositRecorded: self = .depositRecorded(try reader.decode())
        case .withdrawalRecorded: self = .withdrawalRecorded(try reader.decode())
        case .depositAddressAssigned: self = .depositAddressAssigned(try reader.decode())
        case .transferred: self = .transferred(try reader.decode())
        case .lendingFunded: self = .lendingFunded(try reader.decode())
        case .insuranceFunded: self = .insuranceFunded(try reader.decode())
        case .loanTaken: self = .loanTaken(try reader.decode())
        case .loanRepaid: self = .loanRepaid(try reader.decode())
        case .interestCharged: self = .interestCharged(try reader.decode())
        case .marginOrderPlaced: self = .marginOrderPlaced(try reader.decode())
        case .marginStatusChanged: self = .marginStatusChanged(try reader.decode())
        case .orderForced: self = .orderForced(try reader.decode())
        case .indexPriceChanged: self = .indexPriceChanged(try reader.decode())
        case .positionChanged: self = .positionChanged(try reader.decode())
        case .leverageSet: self = .leverageSet(try reader.decode())
        case .marginTypeSet: self = .marginTypeSet(try reader.decode())
        case .positionModeSet: self = .positionModeSet(try reader.decode())
        case .incomeBooked: self = .incomeBooked(try reader.decode())
        case .markPriceChanged: self = .markPriceChanged(try reader.decode())
        case .fundingSettled: self = .fundingSettled(try reader.decode())
        case .futuresMarginCalled: self = .futuresMarginCalled(try reader.decode())
        case .positionDeleveraged: self = .positionDeleveraged(try reader.decode())
        case .apiKeyChanged: self = .apiKeyChanged(try reader.decode())
        case .loginChanged: self = .loginChanged(try reader.decode())
        case .timePassed: self = .timePassed
        case .checkpointed: self = .checkpointed
        }
    }

    private static func encode<Payload: Coded>(_ tag: Tag, _ payload: Payload, into writer: inout ByteWriter) {
        writer.encode(tag)
        writer.encode(payload)
    }
}
