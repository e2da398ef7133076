import SyncronCore
import SyncronNode
import SyncronWire

/// What a user stream tells of the futures wallet.
extension JSONWriter {
    /// What an update of a futures order has beyond an execution report.
    mutating func futuresLetters(_ order: OrderState, _ execution: UserEvent.Execution, _ format: MarketFormat) {
        let isTrailing = order.type == .trailingStop
        var realizedProfit = Units.zero
        if case .trade(_, let realized) = execution { realizedProfit = realized }
        field("ps", order.positionSide.wireName)
        field("R", order.reduceOnly)
        field("cp", order.closePosition)
        field("sp", price: isTrailing ? .zero : order.stopPrice, format)
        field("wt", order.workingType.wireName)
        field("rp", amount: realizedProfit, of: format.quote)
        field("pP", order.isPriceProtected)
        field("AP", price: isTrailing ? order.stopPrice : .zero, format)
        field("cr", trimmed: Int128(order.trailingDelta), decimals: 2)
        field("ot", order.typeName)
    }

    /// Balances (`wb` with, `cw` without what is set aside for isolated positions) and positions that changed; a
    /// position of `pa` zero is closed.
    mutating func futuresAccount(
        _ cause: UserEvent.FuturesCause, _ changes: [BalanceChange], _ positions: [Position], at time: Timestamp,
        _ directory: Directory
    ) {
        head("futuresAccountUpdate", time)
        field("T", time.milliseconds)
        key("a")
        beginObject()
        field("m", cause.wireName)
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
        positionLetters(positions, directory)
        endObject()
    }

    private mutating func positionLetters(_ positions: [Position], _ directory: Directory) {
        beginArray()
        for position in positions {
            guard let format = directory.format(position.market) else { continue }
            let size = Steps(abs(position.quantity.raw))
            beginObject()
            field("s", format.market.symbol)
            field("ps", position.side.wireName)
            field("pa", quantity: position.quantity, format)
            field("ep", fixed: format.averagePrice(position.cost, size), decimals: format.priceDecimals)
            field("up", amount: position.profit, of: format.quote)
            field("mt", position.marginType.wireName)
            field("iw", amount: position.isolatedWallet, of: format.quote)
            endObject()
        }
        endArray()
    }

    /// `level` is maintenance over margin balance.
    mutating func futuresMarginCall(
        _ ratio: Units, _ positions: [Position], at time: Timestamp, _ directory: Directory
    ) {
        head("marginCall", time)
        field("product", "futures")
        field("level", fixed: ratio.raw, decimals: 8)
        key("positions")
        positionLetters(positions, directory)
    }
}

extension UserEvent.FuturesCause {
    fileprivate var wireName: String {
        switch self {
        case .marginTransfer: "MARGIN_TRANSFER"
        case .deposit: "DEPOSIT"
        case .withdrawal: "WITHDRAW"
        case .funding: "FUNDING_FEE"
        case .insuranceClear: "INSURANCE_CLEAR"
        case .order: "ORDER"
        }
    }
}
