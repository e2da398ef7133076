import SyncronCore

/// The forms that have names, in the order in which they are shown.
enum SchemaTable {
    static func schema(_ name: String) -> Schema? { byName[name] }

    private static let byName = Dictionary(all.map { ($0.key, $0.value) }) { $1 }

    static let all = Array(general) + Array(margin) + Array(futures)

    private static let general: KeyValuePairs<String, Schema> = [
        "Error": .fields(["code": .integer, "message": .text, "details?": .anything]),
        "Empty": .fields([:]),
        "Status": .fields(["status": .text]),
        "Ticker": .fields([
            "symbol": .text, "price": .decimal, "priceChange": .decimal, "priceChangePercent": .decimal,
            "highPrice": .decimal, "lowPrice": .decimal, "volume": .decimal, "quoteVolume": .decimal,
            "openTime": .time, "closeTime": .time, "openPrice": .decimal, "weightedAvgPrice": .decimal,
            "bidPrice": .decimal, "bidQty": .decimal, "askPrice": .decimal, "askQty": .decimal, "lastQty": .decimal,
            "count": .integer, "firstId": .integer, "lastId": .integer,
        ]),
        "Price": .fields(["symbol": .text, "price": .decimal]),
        "BookTicker": .fields([
            "symbol": .text, "bidPrice": .decimal, "bidQty": .decimal, "askPrice": .decimal, "askQty": .decimal,
        ]),
        "OrderBook": .fields([
            "lastUpdateId": .integer, "bids": .list(.row([.decimal, .decimal])),
            "asks": .list(.row([.decimal, .decimal])),
        ]),
        "Trade": .fields([
            "id": .integer, "price": .decimal, "qty": .decimal, "quoteQty": .decimal, "time": .time,
            "isBuyerMaker": .flag,
        ]),
        "Kline": .row([
            .time, .decimal, .decimal, .decimal, .decimal, .decimal, .time, .decimal, .integer, .decimal, .decimal,
            .decimal,
        ]),
        "AveragePrice": .fields(["mins": .integer, "price": .decimal]),
        "RateLimit": .fields([
            "rateLimitType": .text, "interval": .text, "intervalNum": .integer, "limit": .integer,
        ]),
        "Filter": .either(FilterType.allCases.map(filter)),
        "Symbol": .fields([
            "symbol": .text, "status": .word(MarketStatus.choices.map(\.wireName)), "baseAsset": .text,
            "quoteAsset": .text, "pricePrecision": .integer, "quantityPrecision": .integer,
            "orderTypes": .list(.text), "timeInForce": .list(.text), "filters": .list(.named("Filter")),
        ]),
        "ExchangeInfo": .fields([
            "timezone": .text, "serverTime": .time, "rateLimits": .list(.named("RateLimit")),
            "symbols": .list(.named("Symbol")),
        ]),
        "Balance": .fields(["asset": .text, "free": .decimal, "locked": .decimal]),
        "Account": .fields([
            "accountType": .text, "balances": .list(.named("Balance")), "permissions": .list(.text),
            "commissionTier": .integer, "takerCommission": .decimal, "makerCommission": .decimal, "canTrade": .flag,
            "canWithdraw": .flag, "canDeposit": .flag, "level": .word(AccountLevel.allCases.map(\.wireName)),
            "accountId": .integer, "updateTime": .time,
        ]),
        "Commission": .fields(["symbol": .text, "makerCommission": .decimal, "takerCommission": .decimal]),
        "Deposit": .fields([
            "id": .integer, "asset": .text, "network": .text, "amount": .decimal, "address": .text, "txId": .text,
            "status": .integer, "confirmations": .integer, "insertTime": .time, "completeTime": .time.orNull,
        ]),
        "Withdrawal": .fields([
            "id": .integer, "asset": .text, "network": .text, "amount": .decimal, "fee": .decimal, "address": .text,
            "txId": .text.orNull, "status": .integer, "applyTime": .time, "completeTime": .time.orNull,
            "clientWithdrawId": .text.orNull,
        ]),
        "DepositAddress": .fields(["asset": .text, "network": .text, "address": .text]),
        "TransferReceipt": .fields(["tranId": .integer]),
        "Transfer": .fields([
            "tranId": .integer, "asset": .text, "amount": .decimal, "from": .text, "to": .text, "status": .text,
            "timestamp": .time,
        ]),
        "AccountTrade": .fields([
            "symbol": .text, "id": .integer, "orderId": .integer, "price": .decimal, "qty": .decimal,
            "quoteQty": .decimal, "commission": .decimal, "commissionAsset": .text, "time": .time, "isBuyer": .flag,
            "isMaker": .flag,
        ]),
        "ListenKey": .fields(["listenKey": .text]),
        "Order": order,
        "Fill": .fields([
            "price": .decimal, "qty": .decimal, "commission": .decimal, "commissionAsset": .text, "tradeId": .integer,
        ]),
        "OrderWithFills": order.and(.fields(["fills": .list(.named("Fill"))])),
        "OrderAcknowledgement": .fields([
            "orderId": .integer, "symbol": .text, "clientOrderId": .text, "transactTime": .time,
        ]),
        "PlacedOrder": .either([.named("OrderWithFills"), .named("Order"), .named("OrderAcknowledgement")]),
        "OrderPair": .fields(["orderListId": .integer, "orders": .list(.named("OrderWithFills"))]),
        "Replacement": .fields([
            "cancelResult": .text, "newOrderResult": .text, "cancelResponse": .anything, "newOrderResponse": .anything,
        ]),
        "Countdown": .fields(["countdown": .integer, "symbol?": .text, "cancelTime?": .time]),
        "Session": .fields(["accessToken": .text, "refreshToken": .text, "expiresIn": .integer]),
        "ApiKey": .fields([
            "apiKey": .text, "secret?": .text, "accountId": .integer, "name": .text, "permissions": .list(.text),
            "ipRestrictions": .list(.text), "expiresAt": .time.orNull,
        ]),
    ]

    static let order = Schema.fields([
        "orderId": .integer, "symbol": .text, "status": .word(statuses), "clientOrderId": .text, "price": .decimal,
        "origQty": .decimal, "executedQty": .decimal, "type": .word(OrderType.choices.map(\.wireName)),
        "side": .word(Side.choices.map(\.wireName)), "timeInForce": .word(TimeInForce.choices.map(\.wireName)),
        "transactTime": .time, "cummulativeQuoteQty": .decimal, "avgPrice": .decimal, "stopPrice": .decimal,
        "icebergQty": .decimal, "origQuoteOrderQty": .decimal, "time": .time, "updateTime": .time, "isWorking": .flag,
        "selfTradePreventionMode": .word(SelfTradePrevention.choices.map(\.wireName)),
    ])

    static let statuses = [
        "NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "PENDING_TRIGGER", "REJECTED", "EXPIRED", "EXPIRED_IN_MATCH",
    ]

    private static func filter(_ type: FilterType) -> Schema {
        let figures = type.fields.map { name in
            Schema.Field(
                name: name, schema: .either([.decimal, .integer, .null]), isOptional: true)
        }
        return .object([Schema.Field(name: "filterType", schema: .word([type.rawValue]))] + figures)
    }
}
