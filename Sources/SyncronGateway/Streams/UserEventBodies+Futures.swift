import SyncronCore
import SyncronNode
import SyncronWire

/// What a user stream tells of the futures wallet.
extension JSONWriter {
    /// What an update of a futures order has beyond an execution report.
    mutating func futuresLetters(_ order: OrderState, _ format: MarketFormat) {
        let isTrailing = order.type == .trailingStop
        field("ps", order.positionSide.wireName)
        field("R", order.reduceOnly)
        field("cp", order.closePosition)
        field("wt", order.workingType.wireName)
        field("pP", order.isPriceProtected)
        field("AP", price: isTrailing ? order.stopPrice : .zero, format)
        field("cr", trimmed: Int128(order.trailingDelta), decimals: 2)
        field("ot", order.typeName)
    }

    /// Balances (`wb` with, `cw` without what is set aside for isolated positions) and positions that changed; a
    /// position of `pa` zero is closed.
    mutating func futuresAccount(
        _ changes: [BalanceChange], _ positions: [Position], at time: Timestamp, _ directory: Directory
    ) {
        head("futuresAccountUpdate", time)
        field("T", time.milliseconds)
        key("a")
        beginObject()
        key("B")
        beginArray()
        for change in changes {
            guard let asset = directory.asset(change.asset) else { continue }
            beginObject()
            field("a", asset.name)
            field("wb", amount: change.free + change.held, of: asset)
            field("cw", amount: change.free, of: asset)
            endObject()
        }
        endArray()
        key("P")
        beginArray()
        for position in positions {
            if let format = directory.format(position.market) { positionLetters(position, format) }
        }
        endArray()
        endObject()
    }

    private mutating func positionLetters(_ position: Position, _ format: MarketFormat) {
        beginObject()
        field("s", format.market.symbol)
        field("pa", quantity: position.quantity, format)
        let size = Steps(abs(position.quantity.raw))
        field("ep", fixed: format.averagePrice(position.cost, size), decimals: format.priceDecimals)
        field("mt", position.marginType.wireName)
        field("iw", amount: position.isolatedWallet, of: format.quote)
        field("ps", position.side.wireName)
        endObject()
    }

    mutating func futuresMarginCall(_ ratio: Units, at time: Timestamp) {
        head("marginCall", time)
        field("product", "futures")
        field("marginRatio", fixed: ratio.raw, decimals: 8)
    }
}
