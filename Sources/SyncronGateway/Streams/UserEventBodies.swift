import SyncronCore
import SyncronNode
import SyncronWire

/// The events of user streams as JSON, each with `seq`, its place among the account's events.
extension JSONWriter {
    mutating func userEvent(_ numbered: NumberedUserEvent, _ directory: Directory) {
        beginObject()
        switch numbered.event {
        case .order(let order, let execution):
            orderEvent(order, execution, directory)
        case .balances(let wallet, let changes):
            accountPosition(wallet, changes, at: numbered.stamp.time, directory)
        case .balanceUpdate(let wallet, let asset, let delta):
            balanceUpdate(wallet, asset, delta, at: numbered.stamp.time, directory)
        case .marginCall(let level):
            marginCall(level, at: numbered.stamp.time)
        case .marginStatus(let status, let level):
            head("marginStatus", numbered.stamp.time)
            field("status", status.wireName)
            field("level", marginLevel: level)
        case .orderForced(let order):
            forceOrder(order, directory)
        case .loanTaken(let loan):
            liability("BORROW", loan.id, loan.asset, loan.principal, .zero, at: loan.time, directory)
        case .loanRepaid(let repayment):
            liability(
                "REPAY", repayment.id, repayment.asset, repayment.principal, repayment.interest, at: repayment.time,
                directory)
            field("r", repayment.cause.wireName)
        case .futuresAccount(let cause, let changes, let positions):
            futuresAccount(cause, changes, positions, at: numbered.stamp.time, directory)
        case .futuresMarginCall(let ratio, let positions):
            futuresMarginCall(ratio, positions, at: numbered.stamp.time, directory)
        case .listenKeyExpired(let key):
            head("listenKeyExpired", numbered.stamp.time)
            field("listenKey", key)
        }
        field("seq", numbered.seq)
        endObject()
    }

    /// Tells the reader that events before `firstSeq` are not kept any more.
    mutating func resync(firstSeq: UInt64) {
        beginObject()
        field("e", "resync")
        field("firstSeq", firstSeq)
        endObject()
    }
}

extension JSONWriter {
    mutating func head(_ type: String, _ time: Timestamp) {
        field("e", type)
        field("E", time.milliseconds)
    }

    /// At the time of what happened: a command that carries time over many seconds does much at each of them.
    private mutating func orderEvent(
        _ order: OrderState, _ execution: UserEvent.Execution, _ directory: Directory
    ) {
        let time = execution == .new ? order.createdAt : order.updatedAt
        guard let format = directory.format(order.market) else { return }
        guard order.wallet == .futures else {
            head("executionReport", time)
            return orderLetters(order, execution, at: time, format)
        }
        head("futuresOrderUpdate", time)
        field("T", time.milliseconds)
        key("o")
        beginObject()
        orderLetters(order, execution, at: time, format)
        futuresLetters(order, execution, format)
        endObject()
    }

    private mutating func orderLetters(
        _ order: OrderState, _ execution: UserEvent.Execution, at time: Timestamp, _ format: MarketFormat
    ) {
        field("s", format.market.symbol)
        field("c", order.clientOrderID.text)
        field("S", order.side.wireName)
        field("o", order.typeName)
        field("f", order.timeInForce.wireName)
        field("q", quantity: order.quantity, format)
        field("p", price: order.price, format)
        field("P", price: order.type == .trailingStop ? .zero : order.stopPrice, format)
        // The list that the order belongs to, or -1.
        field("g", order.list.map { Int64($0.raw) } ?? -1)
        field("C", execution == .canceled ? order.clientOrderID.text : "")
        field("x", execution.wireName)
        field("X", order.status.wireName)
        field("r", "NONE")
        field("i", order.id.raw)
        fill(execution, format)
        field("z", quantity: order.executed, format)
        field("T", time.milliseconds)
        field("w", order.isOpen && order.status != .pendingTrigger)
        field("Z", notional: order.executedNotional, format)
        field("Q", notional: order.quoteQuantity, format)
        field("wallet", order.wallet.spelling)
    }

    /// The letters that speak of the last fill.
    private mutating func fill(_ execution: UserEvent.Execution, _ format: MarketFormat) {
        switch execution {
        case .trade(let fill, _):
            let asset = format.asset(fill.commissionAsset)
            field("l", quantity: fill.quantity, format)
            field("L", price: fill.price, format)
            field("n", amount: fill.commission, of: asset)
            field("N", asset.name)
            field("t", fill.trade.raw)
            field("m", fill.liquidity == .maker)
            field("Y", notional: fill.notional, format)
        case .new, .canceled, .expired, .triggered, .replaced:
            field("l", quantity: .zero, format)
            field("L", price: .zero, format)
            field("n", "0")
            key("N")
            null()
            field("t", -1)
            field("m", false)
            field("Y", notional: .zero, format)
        }
    }

    private mutating func accountPosition(
        _ wallet: Wallet, _ changes: [BalanceChange], at time: Timestamp, _ directory: Directory
    ) {
        head("outboundAccountPosition", time)
        field("u", time.milliseconds)
        key("B")
        beginArray()
        for change in changes {
            guard let asset = directory.asset(change.asset) else { continue }
            beginObject()
            field("a", asset.name)
            field("f", amount: change.free, of: asset)
            field("l", amount: change.held, of: asset)
            endObject()
        }
        endArray()
        field("wallet", wallet.spelling)
    }

    private mutating func balanceUpdate(
        _ wallet: Wallet, _ asset: AssetID, _ delta: Units, at time: Timestamp, _ directory: Directory
    ) {
        head("balanceUpdate", time)
        guard let asset = directory.asset(asset) else { return }
        field("a", asset.name)
        field("d", amount: delta, of: asset)
        field("T", time.milliseconds)
        field("wallet", wallet.spelling)
    }
}

extension UserEvent.Execution {
    fileprivate var wireName: String {
        switch self {
        case .new: "NEW"
        case .trade: "TRADE"
        case .canceled: "CANCELED"
        case .expired: "EXPIRED"
        case .triggered: "TRIGGERED"
        case .replaced: "REPLACED"
        }
    }
}

extension Wallet {
    fileprivate var spelling: String {
        switch self {
        case .spot: "spot"
        case .margin: "margin"
        case .futures: "futures"
        }
    }
}
