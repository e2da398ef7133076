/// Sixteen bytes that mean another thing for every type of order: the quote amount of an order at market, the shown
/// quantity of one that rests, the stop price of one that waits; and above it the list that it belongs to, or how far
/// it trails.
extension OrderState {
    @usableFromInline static let listMark: UInt64 = 1 << 62

    static func particulars(
        _ type: OrderType, quoteQuantity: Units, stopPrice: Ticks, trailingDelta: UInt16, icebergQuantity: Steps,
        list: OrderID?
    ) -> UInt128 {
        let above = list.map { $0.raw | listMark } ?? UInt64(trailingDelta)
        return switch type {
        case .market: UInt128(truncatingIfNeeded: quoteQuantity.raw)
        case .limit, .limitMaker: UInt128(above) << 64 | UInt128(UInt64(bitPattern: icebergQuantity.raw))
        case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit, .trailingStop:
            UInt128(above) << 64 | UInt128(UInt64(bitPattern: stopPrice.raw))
        }
    }

    /// Of orders of the futures wallet: whatever their type, the upper half holds the flags and the callback.
    private static let (longMark, shortMark, reduceMark): (UInt64, UInt64, UInt64) = (1 << 56, 1 << 57, 1 << 58)
    private static let (closeMark, markMark, protectMark): (UInt64, UInt64, UInt64) = (1 << 59, 1 << 60, 1 << 61)

    private var flags: UInt64 { wallet == .futures ? UInt64(truncatingIfNeeded: particulars >> 64) : 0 }

    static func particulars(of order: PlaceFuturesOrder) -> UInt128 {
        var high: UInt64 = UInt64(order.trigger?.callback ?? 0)
        if order.positionSide == .long { high |= longMark }
        if order.positionSide == .short { high |= shortMark }
        if order.reduceOnly { high |= reduceMark }
        if order.closePosition { high |= closeMark }
        if order.trigger?.workingType == .markPrice { high |= markMark }
        if order.trigger?.isProtected == true { high |= protectMark }
        return UInt128(high) << 64 | UInt128(UInt64(bitPattern: order.trigger?.price.raw ?? 0))
    }

    /// Which position an order of the futures wallet is about.
    public var positionSide: PositionSide {
        flags & Self.longMark != 0 ? .long : flags & Self.shortMark != 0 ? .short : .both
    }

    /// Whether it was asked for to reduce a position only.
    public var reduceOnly: Bool { flags & Self.reduceMark != 0 }

    /// Whether it closes the whole position when it fires.
    public var closePosition: Bool { flags & Self.closeMark != 0 }

    /// Whether it can do nothing but reduce a position: by its owner's word, or by its side in hedge mode.
    public var reduces: Bool {
        reduceOnly || closePosition || (positionSide == .long && side == .sell)
            || (positionSide == .short && side == .buy)
    }

    public var workingType: WorkingType { flags & Self.markMark != 0 ? .markPrice : .contractPrice }
    public var isPriceProtected: Bool { flags & Self.protectMark != 0 }

    private var low: UInt64 { UInt64(truncatingIfNeeded: particulars) }
    private var high: UInt64 {
        type == .market || wallet == .futures ? 0 : UInt64(truncatingIfNeeded: particulars >> 64)
    }

    /// Zero unless asked for by quote, in units of the quote asset.
    @inlinable @inline(__always)
    public var quoteQuantity: Units {
        type == .market && wallet != .futures ? Units(Int128(truncatingIfNeeded: particulars)) : .zero
    }

    /// How much of it the book shows at a time; zero for all.
    public var icebergQuantity: Steps {
        switch type {
        case .limit, .limitMaker: Steps(Int64(bitPattern: low))
        case .market, .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit, .trailingStop: .zero
        }
    }

    /// Where it fires or starts to trail; zero for none.
    public var stopPrice: Ticks { type.isConditional ? Ticks(Int64(bitPattern: low)) : .zero }

    /// In basis points; zero for an order that does not trail.
    public var trailingDelta: UInt16 {
        if wallet == .futures { return UInt16(truncatingIfNeeded: flags) }
        return high & Self.listMark == 0 ? UInt16(truncatingIfNeeded: high) : 0
    }

    /// The list of two that it belongs to, named by the id of its first order; nil for none.
    @inlinable @inline(__always)
    public var list: OrderID? {
        let above = UInt64(truncatingIfNeeded: particulars &>> 64)
        guard above & Self.listMark != 0, type != .market, wallet != .futures else { return nil }
        return OrderID(above & ~Self.listMark)
    }
}
