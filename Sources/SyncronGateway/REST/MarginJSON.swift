import SyncronCore
import SyncronNode
import SyncronWire

extension JSONWriter {
    /// Value over debt with 8 decimals; 999 without debt.
    mutating func field(_ name: StaticString, marginLevel level: Units?) {
        field(name, fixed: level?.raw ?? 999_00000000, decimals: 8)
    }

    mutating func marginAccount(_ reading: MarginReading, of account: Account, _ directory: Directory) {
        let isOpen = reading.status != .liquidating
        beginObject()
        field("borrowEnabled", isOpen)
        field("tradeEnabled", isOpen && account.canTrade)
        field("transferEnabled", isOpen && account.canWithdraw)
        field("marginLevel", marginLevel: reading.level)
        field("totalAssetOfBtc", fixed: reading.totalAssetOfBTC.raw, decimals: 8)
        field("totalLiabilityOfBtc", fixed: reading.totalLiabilityOfBTC.raw, decimals: 8)
        field("totalNetAssetOfBtc", fixed: (reading.totalAssetOfBTC - reading.totalLiabilityOfBTC).raw, decimals: 8)
        key("userAssets")
        beginArray()
        for balance in reading.balances {
            if let asset = directory.asset(balance.asset) { marginBalance(balance, of: asset) }
        }
        endArray()
        field("status", reading.status.wireName)
        endObject()
    }

    mutating func marginBalance(_ balance: MarginBalance, of asset: Asset) {
        let owned = balance.free + balance.held
        beginObject()
        field("asset", asset.name)
        field("borrowed", amount: balance.borrowed, of: asset)
        field("free", amount: balance.free, of: asset)
        field("interest", amount: balance.interest, of: asset)
        field("locked", amount: balance.held, of: asset)
        field("netAsset", amount: owned - balance.borrowed - balance.interest, of: asset)
        field("dailyInterestRate", rate: asset.margin?.dailyInterest ?? .zero)
        endObject()
    }

    /// Without trailing zeros.
    mutating func field(_ name: StaticString, rate: Rate) { field(name, trimmed: rate.raw, decimals: Rate.decimals) }

    mutating func loan(_ loan: Loan, of asset: Asset) {
        beginObject()
        field("asset", asset.name)
        field("principal", amount: loan.principal, of: asset)
        field("timestamp", loan.time.milliseconds)
        field("status", "CONFIRMED")
        field("txId", loan.id.raw)
        endObject()
    }

    mutating func repayment(_ repayment: Repayment, of asset: Asset) {
        beginObject()
        field("asset", asset.name)
        field("amount", amount: repayment.amount, of: asset)
        field("interest", amount: repayment.interest, of: asset)
        field("principal", amount: repayment.principal, of: asset)
        field("timestamp", repayment.time.milliseconds)
        field("status", "CONFIRMED")
        field("txId", repayment.id.raw)
        endObject()
    }

    mutating func interestCharge(_ charge: InterestCharge, of asset: Asset) {
        beginObject()
        field("asset", asset.name)
        field("interest", amount: charge.interest, of: asset)
        field("principal", amount: charge.principal, of: asset)
        field("interestRate", rate: charge.rate)
        field("interestAccuredTime", charge.time.milliseconds)
        field("type", charge.cause.wireName)
        endObject()
    }

    mutating func marginTransfer(_ transfer: Transfer, of asset: Asset) {
        beginObject()
        field("asset", asset.name)
        field("amount", amount: transfer.amount, of: asset)
        field("type", transfer.to == .margin ? 1 : 2)
        field("status", "CONFIRMED")
        field("tranId", transfer.id.raw)
        field("timestamp", transfer.time.milliseconds)
        endObject()
    }

    mutating func forcedOrder(_ order: ForcedOrder, _ format: MarketFormat) {
        beginObject()
        field(
            "avgPrice", fixed: format.averagePrice(order.executedNotional, order.executed),
            decimals: format.priceDecimals)
        field("executedQty", quantity: order.executed, format)
        field("orderId", order.order.raw)
        field("price", price: order.price, format)
        field("qty", quantity: order.quantity, format)
        field("side", order.side.wireName)
        field("symbol", format.market.symbol)
        field("timeInForce", TimeInForce.ioc.wireName)
        field("isIsolated", false)
        field("updatedTime", order.time.milliseconds)
        endObject()
    }

    /// What a margin order did beside trading.
    mutating func marginFields(_ terms: MarginOrderTerms, _ format: MarketFormat) {
        let asset = format.asset(terms.borrowedAsset)
        field("marginBuyBorrowAmount", amount: terms.borrowed, of: asset)
        field("marginBuyBorrowAsset", asset.name)
        field("sideEffectType", terms.sideEffect.wireName)
    }
}

extension MarginOrderTerms {
    /// Of an order that does nothing beside trading: nothing borrowed of what it pays with.
    static func none(of order: OrderState, _ format: MarketFormat) -> MarginOrderTerms {
        MarginOrderTerms(
            order: order.id, sideEffect: .none, borrowed: .zero,
            borrowedAsset: order.side == .buy ? format.market.quote : format.market.base)
    }
}

extension MarginStatus {
    var wireName: String {
        switch self {
        case .normal: "NORMAL"
        case .marginCall: "MARGIN_CALL"
        case .liquidating: "LIQUIDATING"
        }
    }
}

extension SideEffect: WireNamed {
    var wireName: String {
        switch self {
        case .none: "NO_SIDE_EFFECT"
        case .marginBuy: "MARGIN_BUY"
        case .autoRepay: "AUTO_REPAY"
        }
    }

    static var choices: [SideEffect] { [.none, .marginBuy, .autoRepay] }
}

extension InterestCharge.Cause {
    fileprivate var wireName: String {
        switch self {
        case .borrowing: "ON_BORROW"
        case .hour: "PERIODIC"
        }
    }
}
