/// Sixteen bytes that mean another thing for every type of order: the quote amount of an order at market, the shown
/// quantity of one that rests, the stop price of one that waits; and above it the list that it belongs to, or how far
/// it trails.
extension OrderState {
    private static let listMark: UInt64 = 1 << 62

    static func particulars(
        _ type: OrderType, quoteQuantity: Units, stopPrice: Ticks, trailingDelta: UInt16, icebergQuantity: Steps,
        list: OrderID?
    ) -> UInt128 {
        let above = list.map { $0.raw | listMark } ?? UInt64(trailingDelta)
        return switch type {
        case .market: UInt128(truncatingIfNeeded: quoteQuantity.raw)
        case .limit, .limitMaker: UInt128(above) << 64 | UInt128(UInt64(bitPattern: icebergQuantity.raw))
        case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit:
            UInt128(above) << 64 | UInt128(UInt64(bitPattern: stopPrice.raw))
        }
    }

    private var low: UInt64 { UInt64(truncatingIfNeeded: particulars) }
    private var high: UInt64 { type == .market ? 0 : UInt64(truncatingIfNeeded: particulars >> 64) }

    /// Zero unless asked for by quote, in units of the quote asset.
    public var quoteQuantity: Units {
        type == .market ? Units(Int128(truncatingIfNeeded: particulars)) : .zero
    }

    /// How much of it the book shows at a time; zero for all.
    public var icebergQuantity: Steps {
        switch type {
        case .limit, .limitMaker: Steps(Int64(bitPattern: low))
        case .market, .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit: .zero
        }
    }

    /// Where it fires or starts to trail; zero for none.
    public var stopPrice: Ticks { type.isConditional ? Ticks(Int64(bitPattern: low)) : .zero }

    /// In basis points; zero for an order that does not trail.
    public var trailingDelta: UInt16 { high & Self.listMark == 0 ? UInt16(truncatingIfNeeded: high) : 0 }

    /// The list of two that it belongs to, named by the id of its first order; nil for none.
    public var list: OrderID? { high & Self.listMark == 0 ? nil : OrderID(high & ~Self.listMark) }
}
