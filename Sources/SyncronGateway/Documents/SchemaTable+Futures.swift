import SyncronCore
import SyncronHistory

extension SchemaTable {
    static let futures: KeyValuePairs<String, Schema> = [
        "FuturesAccount": .fields([
            "totalWalletBalance": .decimal, "totalUnrealizedProfit": .decimal, "totalMarginBalance": .decimal,
            "totalInitialMargin": .decimal, "totalMaintMargin": .decimal, "totalPositionInitialMargin": .decimal,
            "totalOpenOrderInitialMargin": .decimal, "totalCrossWalletBalance": .decimal,
            "availableBalance": .decimal, "maxWithdrawAmount": .decimal, "marginRatio": .decimal, "canTrade": .flag,
            "feeTier": .integer, "updateTime": .time, "assets": .list(.named("FuturesAsset")),
            "positions": .list(.named("Position")),
        ]),
        "FuturesAsset": .fields([
            "asset": .text, "walletBalance": .decimal, "unrealizedProfit": .decimal, "marginBalance": .decimal,
            "maintMargin": .decimal, "initialMargin": .decimal, "positionInitialMargin": .decimal,
            "openOrderInitialMargin": .decimal, "crossWalletBalance": .decimal, "crossUnPnl": .decimal,
            "availableBalance": .decimal, "maxWithdrawAmount": .decimal, "updateTime": .time,
        ]),
        "Position": .fields([
            "symbol": .text, "positionSide": .word(PositionSide.choices.map(\.wireName)), "positionAmt": .decimal,
            "entryPrice": .decimal, "breakEvenPrice": .decimal, "markPrice": .decimal, "unrealizedProfit": .decimal,
            "liquidationPrice": .decimal, "leverage": .integer,
            "marginType": .word(MarginType.choices.map(\.wireName)), "isolatedMargin": .decimal,
            "notional": .decimal, "initialMargin": .decimal, "maintMargin": .decimal, "adlQuantile": .integer,
            "updateTime": .time,
        ]),
        "PositionMode": .fields(["dualSidePosition": .flag]),
        "FuturesOrder": .fields([
            "orderId": .integer, "symbol": .text, "status": .word(statuses), "clientOrderId": .text,
            "price": .decimal, "origQty": .decimal, "executedQty": .decimal, "type": types,
            "side": .word(Side.choices.map(\.wireName)),
            "timeInForce": .word(TimeInForce.futuresChoices.map(\.wireName)), "transactTime": .time,
            "cummulativeQuoteQty": .decimal, "avgPrice": .decimal, "stopPrice": .decimal,
            "origQuoteOrderQty": .decimal, "time": .time, "updateTime": .time, "isWorking": .flag,
            "selfTradePreventionMode": .word(SelfTradePrevention.choices.map(\.wireName)),
            "positionSide": .word(PositionSide.choices.map(\.wireName)), "reduceOnly": .flag, "closePosition": .flag,
            "workingType": .word(WorkingType.choices.map(\.wireName)), "priceProtect": .flag,
            "activationPrice": .decimal, "callbackRate": .decimal, "origType": types,
        ]),
        "FuturesTrade": .fields([
            "symbol": .text, "id": .integer, "orderId": .integer, "side": .word(Side.choices.map(\.wireName)),
            "positionSide": .word(PositionSide.choices.map(\.wireName)), "price": .decimal, "qty": .decimal,
            "quoteQty": .decimal, "realizedPnl": .decimal, "commission": .decimal, "commissionAsset": .text,
            "time": .time, "isBuyer": .flag, "isMaker": .flag,
        ]),
        "Income": .fields([
            "symbol": .text, "incomeType": .word(IncomeRow.Kind.choices.map(\.wireName)), "income": .decimal,
            "asset": .text, "time": .time, "tranId": .integer,
        ]),
        "PremiumIndex": .fields([
            "symbol": .text, "markPrice": .decimal, "indexPrice": .decimal, "lastFundingRate": .decimal,
            "nextFundingTime": .time, "time": .time,
        ]),
        "FundingRate": .fields([
            "symbol": .text, "fundingRate": .decimal, "fundingTime": .time, "markPrice": .decimal,
        ]),
        "OpenInterest": .fields(["symbol": .text, "openInterest": .decimal, "time": .time]),
        "LeverageBrackets": .fields([
            "symbol": .text,
            "brackets": .list(
                .fields([
                    "bracket": .integer, "initialLeverage": .integer, "notionalFloor": .decimal,
                    "notionalCap": .decimal, "maintMarginRatio": .decimal, "cum": .decimal,
                ])),
        ]),
    ]

    private static let types = Schema.word(FuturesOrderType.allCases.map(\.rawValue))
}
