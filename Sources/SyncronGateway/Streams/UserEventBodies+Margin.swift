import SyncronCore
import SyncronNode
import SyncronWire

/// What a user stream tells of the margin wallet beyond orders and balances.
extension JSONWriter {
    /// `positions` belongs to futures.
    mutating func marginCall(_ level: Units?, at time: Timestamp) {
        head("marginCall", time)
        field("product", "margin")
        field("level", marginLevel: level)
        key("positions")
        beginArray()
        endArray()
    }

    /// An order of a liquidation; `f` is what insurance received.
    mutating func forceOrder(_ order: ForcedOrder, _ directory: Directory) {
        head("forceOrder", order.time)
        guard let format = directory.format(order.market) else { return }
        key("o")
        beginObject()
        field("s", format.market.symbol)
        field("S", order.side.wireName)
        field("q", quantity: order.quantity, format)
        field("p", price: order.price, format)
        field(
            "ap", fixed: format.averagePrice(order.executedNotional, order.executed), decimals: format.priceDecimals)
        field("X", order.executed == order.quantity ? "FILLED" : "EXPIRED")
        field("T", order.time.milliseconds)
        field("i", order.order.raw)
        field("z", quantity: order.executed, format)
        field("Z", notional: order.executedNotional, format)
        field("f", notional: order.fee, format)
        endObject()
    }

    /// A debt that grew or shrank: `T` is the transaction, `p` and `i` its principal and interest.
    mutating func liability(
        _ type: String, _ id: TransactionID, _ asset: AssetID, _ principal: Units, _ interest: Units,
        at time: Timestamp, _ directory: Directory
    ) {
        head("userLiabilityChange", time)
        guard let asset = directory.asset(asset) else { return }
        field("a", asset.name)
        field("t", type)
        field("T", id.raw)
        field("p", amount: principal, of: asset)
        field("i", amount: interest, of: asset)
    }
}

extension Repayment.Cause {
    /// Why a debt was repaid.
    var wireName: String {
        switch self {
        case .demand: "REPAY"
        case .autoRepay: "AUTO_REPAY"
        case .unusedLoan: "UNUSED_LOAN"
        case .liquidation: "LIQUIDATION"
        case .insurance: "INSURANCE"
        }
    }
}
