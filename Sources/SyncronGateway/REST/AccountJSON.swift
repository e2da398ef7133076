import SyncronCore
import SyncronHistory
import SyncronNode
import SyncronWire

extension JSONWriter {
    mutating func balances(_ balances: [BalanceChange], _ directory: Directory) {
        beginArray()
        for balance in balances {
            guard let asset = directory.asset(balance.asset) else { continue }
            beginObject()
            field("asset", asset.name)
            field("free", amount: balance.free, of: asset)
            field("locked", amount: balance.held, of: asset)
            endObject()
        }
        endArray()
    }

    mutating func deposit(_ deposit: Deposit, _ directory: Directory) {
        let asset = directory.asset(deposit.asset)
        beginObject()
        field("id", deposit.id.raw)
        field("asset", asset?.name ?? "")
        field("network", deposit.network)
        field("amount", fixed: deposit.amount.raw, decimals: Int(asset?.decimals ?? 0))
        field("address", deposit.address)
        field("txId", deposit.txID)
        field("status", deposit.status.rawValue)
        field("confirmations", deposit.confirmations)
        field("insertTime", deposit.insertedAt.milliseconds)
        key("completeTime")
        if let time = deposit.completedAt { value(time.milliseconds) } else { null() }
        endObject()
    }

    mutating func accountTrade(_ trade: AccountTrade, _ format: MarketFormat, isMarginTrade: Bool = false) {
        let isBuyer = trade.side == .buy
        let asset = isBuyer ? format.base : format.quote
        beginObject()
        field("symbol", format.market.symbol)
        field("id", trade.id.raw)
        field("orderId", trade.order.raw)
        field("price", price: trade.price, format)
        field("qty", quantity: trade.quantity, format)
        field("quoteQty", notional: trade.notional, format)
        field("commission", amount: trade.commission, of: asset)
        field("commissionAsset", asset.name)
        field("time", trade.time.milliseconds)
        field("isBuyer", isBuyer)
        field("isMaker", trade.liquidity == .maker)
        if isMarginTrade { field("isMarginTrade", true) }
        endObject()
    }
}
