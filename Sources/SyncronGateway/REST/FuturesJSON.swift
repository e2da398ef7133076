import SyncronCore
import SyncronHistory
import SyncronNode
import SyncronWire

extension JSONWriter {
    /// The futures wallet with its open positions. `asset` is what it is settled in.
    mutating func futuresAccount(
        _ reading: FuturesReading, of account: Account, in asset: Asset, updatedAt: Timestamp, _ directory: Directory
    ) {
        beginObject()
        futuresTotals(reading, asset)
        field("marginRatio", fixed: reading.marginRatio.raw, decimals: 8)
        field("canTrade", account.canTrade)
        field("feeTier", account.commissionTier)
        field("updateTime", updatedAt.milliseconds)
        key("assets")
        beginArray()
        futuresAsset(reading, asset, updatedAt: updatedAt)
        endArray()
        key("positions")
        positions(reading.positions, directory)
        endObject()
    }

    private mutating func futuresTotals(_ reading: FuturesReading, _ asset: Asset) {
        field("totalWalletBalance", amount: reading.wallet, of: asset)
        field("totalUnrealizedProfit", amount: reading.profit, of: asset)
        field("totalMarginBalance", amount: reading.wallet + reading.profit, of: asset)
        field("totalInitialMargin", amount: reading.initialMargin, of: asset)
        field("totalMaintMargin", amount: reading.maintenance, of: asset)
        field("totalPositionInitialMargin", amount: reading.positionInitialMargin, of: asset)
        field("totalOpenOrderInitialMargin", amount: reading.initialMargin - reading.positionInitialMargin, of: asset)
        field("totalCrossWalletBalance", amount: reading.crossWallet, of: asset)
        field("availableBalance", amount: reading.available, of: asset)
        field("maxWithdrawAmount", amount: reading.withdrawable, of: asset)
    }

    private mutating func futuresAsset(_ reading: FuturesReading, _ asset: Asset, updatedAt: Timestamp) {
        beginObject()
        field("asset", asset.name)
        field("walletBalance", amount: reading.wallet, of: asset)
        field("unrealizedProfit", amount: reading.profit, of: asset)
        field("marginBalance", amount: reading.wallet + reading.profit, of: asset)
        field("maintMargin", amount: reading.maintenance, of: asset)
        field("initialMargin", amount: reading.initialMargin, of: asset)
        field("positionInitialMargin", amount: reading.positionInitialMargin, of: asset)
        field("openOrderInitialMargin", amount: reading.initialMargin - reading.positionInitialMargin, of: asset)
        field("crossWalletBalance", amount: reading.crossWallet, of: asset)
        field("crossUnPnl", amount: reading.crossProfit, of: asset)
        field("availableBalance", amount: reading.available, of: asset)
        field("maxWithdrawAmount", amount: reading.withdrawable, of: asset)
        field("updateTime", updatedAt.milliseconds)
        endObject()
    }

    mutating func positions(_ positions: [PositionReading], _ directory: Directory) {
        beginArray()
        for position in positions {
            if let format = directory.format(position.position.market) { self.position(position, format) }
        }
        endArray()
    }

    mutating func position(_ reading: PositionReading, _ format: MarketFormat) {
        let position = reading.position
        beginObject()
        field("symbol", format.market.symbol)
        field("positionSide", position.side.wireName)
        field("positionAmt", quantity: position.quantity, format)
        field("entryPrice", fixed: reading.entryPrice, decimals: 2)
        field("breakEvenPrice", fixed: reading.breakEvenPrice, decimals: 2)
        field("markPrice", price: reading.mark, format)
        field("unrealizedProfit", amount: reading.profit, of: format.quote)
        if reading.liquidationPrice == 0 {
            field("liquidationPrice", "0")
        } else {
            field("liquidationPrice", fixed: reading.liquidationPrice, decimals: 2)
        }
        field("leverage", position.leverage)
        field("marginType", position.marginType.wireName)
        field("isolatedMargin", amount: position.isolatedWallet, of: format.quote)
        field("notional", amount: reading.notional, of: format.quote)
        field("initialMargin", amount: reading.initialMargin, of: format.quote)
        field("maintMargin", amount: reading.maintenance, of: format.quote)
        field("adlQuantile", reading.quantile)
        field("updateTime", position.updatedAt.milliseconds)
        endObject()
    }

    /// What a futures order has beyond the spot fields.
    mutating func futuresFields(_ order: OrderState, _ format: MarketFormat) {
        let isTrailing = order.type == .trailingStop
        field("positionSide", order.positionSide.wireName)
        field("reduceOnly", order.reduceOnly)
        field("closePosition", order.closePosition)
        field("workingType", order.workingType.wireName)
        field("priceProtect", order.isPriceProtected)
        field("activationPrice", price: isTrailing ? order.stopPrice : .zero, format)
        field("callbackRate", trimmed: Int128(order.trailingDelta), decimals: 2)
        field("origType", FuturesOrderType(order.type).rawValue)
    }

    mutating func futuresTrade(_ row: FuturesTrade, _ format: MarketFormat) {
        let trade = row.trade
        beginObject()
        field("symbol", format.market.symbol)
        field("id", trade.id.raw)
        field("orderId", trade.order.raw)
        field("side", trade.side.wireName)
        field("positionSide", row.positionSide.wireName)
        field("price", price: trade.price, format)
        field("qty", quantity: trade.quantity, format)
        field("quoteQty", notional: trade.notional, format)
        field("realizedPnl", amount: row.realizedProfit, of: format.quote)
        field("commission", amount: trade.commission, of: format.quote)
        field("commissionAsset", format.quote.name)
        field("time", trade.time.milliseconds)
        field("isBuyer", trade.side == .buy)
        field("isMaker", trade.liquidity == .maker)
        endObject()
    }

    /// `symbol` is empty where it belongs to no market.
    mutating func income(_ row: IncomeRow, _ directory: Directory) {
        let market = row.market.flatMap { directory.market($0) }
        guard let asset = (row.asset ?? market?.quote).flatMap({ directory.asset($0) }) else { return }
        beginObject()
        field("symbol", market?.symbol ?? "")
        field("incomeType", row.kind.wireName)
        field("income", amount: row.amount, of: asset)
        field("asset", asset.name)
        field("time", row.time.milliseconds)
        field("tranId", row.id.raw)
        endObject()
    }

    /// With the market's decimals, and more where it is finer.
    mutating func field(_ name: StaticString, index: IndexPrice, _ format: MarketFormat) {
        var (raw, decimals) = (index.raw, IndexPrice.decimals)
        while decimals > format.priceDecimals && raw.isMultiple(of: 10) { (raw, decimals) = (raw / 10, decimals - 1) }
        field(name, fixed: raw, decimals: decimals)
    }

    mutating func premiumIndex(_ mark: MarkPrice, _ format: MarketFormat) {
        beginObject()
        field("symbol", format.market.symbol)
        field("markPrice", price: mark.mark, format)
        field("indexPrice", index: mark.index, format)
        field("lastFundingRate", trimmed: Int128(mark.lastFundingRate.raw), decimals: Rate.decimals)
        field("nextFundingTime", mark.nextFunding.milliseconds)
        field("time", mark.time.milliseconds)
        endObject()
    }
}

extension FuturesReading {
    /// With what is set aside for isolated positions.
    var wallet: Units { crossWallet + isolatedWallet }
    var profit: Units { crossProfit + isolatedProfit }
}

extension IncomeRow.Kind: WireNamed {
    var wireName: String {
        switch self {
        case .transfer: "TRANSFER"
        case .realizedProfit: "REALIZED_PNL"
        case .funding: "FUNDING_FEE"
        case .commission: "COMMISSION"
        case .insuranceClear: "INSURANCE_CLEAR"
        }
    }

    static var choices: [IncomeRow.Kind] { allCases }
}
