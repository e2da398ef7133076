import SyncronCore
import SyncronHistory
import SyncronMarketData

extension RouteDocuments {
    static let futures =
        futuresWallet + futuresOrders + futuresMarket("/v1/futures/market") + futuresMarket("/v1/market") + likeSpot

    private static let perpetual = ParameterDocument.required("symbol", .symbol, "The perpetual.", "BTC-USDT-PERP")
    private static let onePerpetual = ParameterDocument.optional(
        "symbol", .symbol, "One perpetual; all without it.", "BTC-USDT-PERP")
    private static let positionSide = ParameterDocument.optional(
        "positionSide", .word(PositionSide.choices.map(\.wireName)), "LONG or SHORT in hedge mode, else BOTH.", "BOTH")
    private static let asset = ParameterDocument.required("asset", .asset, "The asset: USDT.")
    private static let amount = ParameterDocument.required("amount", .decimal, "How much.", "1")
    private static let wallets = ParameterDocument.Form.word(Wallet.choices.map(\.wireName))

    private static let futuresWallet: [(String, RouteDocument)] = [
        ("GET /v1/futures/account", RouteDocument(.named("FuturesAccount"))),
        ("GET /v1/futures/positions", RouteDocument(.list(.named("Position")), onePerpetual)),
        (
            "POST /v1/futures/transfer",
            RouteDocument(
                .named("TransferReceipt"), asset, amount, .required("from", wallets, "The wallet it leaves.", "spot"),
                .required("to", wallets, "The wallet it goes to.", "futures"), refusals: [409])
        ),
        (
            "POST /v1/futures/leverage",
            RouteDocument(
                .fields(["symbol": .text, "leverage": .integer, "maxNotionalValue": .decimal]), perpetual,
                .required("leverage", .integer(BracketDefinition.leverages), "The leverage.", "20"), refusals: [409])
        ),
        (
            "POST /v1/futures/marginType",
            RouteDocument(
                .fields(["symbol": .text, "marginType": .word(MarginType.choices.map(\.wireName))]), perpetual,
                .required("marginType", .word(MarginType.choices.map(\.wireName)), "What stands behind the position."),
                refusals: [409])
        ),
        (
            "POST /v1/futures/positionMargin",
            RouteDocument(
                .fields(["symbol": .text, "amount": .decimal, "type": .integer]), perpetual, amount,
                .required("type", .integer(1...2), "1 adds, 2 reduces.", "1"), positionSide, refusals: [409])
        ),
        ("GET /v1/futures/positionMode", RouteDocument(.named("PositionMode"))),
        (
            "POST /v1/futures/positionMode",
            RouteDocument(
                .named("PositionMode"),
                .required("dualSidePosition", .flag, "Whether both sides are held at once.", "false"),
                refusals: [409])
        ),
        (
            "GET /v1/futures/trades",
            RouteDocument(
                .list(.named("FuturesTrade")), perpetual, .orderID,
                .optional("fromId", .integer(0...Int64.max), "The earliest trade; `limit` counts from it.", "1"),
                .startTime, .endTime,
                .limit(1_000, 500))
        ),
        (
            "GET /v1/futures/income",
            RouteDocument(
                .list(.named("Income")), onePerpetual,
                .optional("incomeType", .word(IncomeRow.Kind.choices.map(\.wireName)), "One type; all without it."),
                .startTime, .endTime, .limit(1_000, 100))
        ),
    ]

    private static let futuresReference: [ParameterDocument] = [
        perpetual, .orderID, .clientOrderID,
        .optional("origClientOrderId", .clientOrderID, "The same as clientOrderId."),
    ]

    /// The examples make a limit order that rests.
    private static let futuresPlacing: [ParameterDocument] = [
        perpetual, .required("side", .word(Side.choices.map(\.wireName)), "Which side."),
        .required("type", .word(FuturesOrderType.allCases.map(\.rawValue)), "Which type.", "LIMIT"), positionSide,
        .optional(
            "timeInForce", .word(TimeInForce.futuresChoices.map(\.wireName)), "For limit orders: how long."),
        .optional("quantity", .decimal, "How much of the base asset.", "0.5"),
        .optional("price", .decimal, "LIMIT, STOP and TAKE_PROFIT: the limit.", "30200.00"),
        .optional("reduceOnly", .flag, "In one-way mode: it never opens a position.", "false"),
        .optional("closePosition", .flag, "STOP_MARKET and TAKE_PROFIT_MARKET: the whole position.", "false"),
        .optional("stopPrice", .decimal, "STOP and TAKE_PROFIT types: the trigger.", "30100.00"),
        .optional("activationPrice", .decimal, "TRAILING_STOP_MARKET: from where it trails.", "30300.00"),
        .optional("callbackRate", .percentage, "TRAILING_STOP_MARKET: how far, in percent, 0.1 to 10.", "1"),
        .optional("workingType", .word(WorkingType.choices.map(\.wireName)), "Which price fires the trigger."),
        .optional(
            "priceProtect", .flag, "Not triggered while mark and last price are more than 5 % apart.", "true"),
        .optional("newClientOrderId", .clientOrderID, "A name of 1 to 36 of A-Z a-z 0-9 . _ : / -"),
        .optional(
            "selfTradePreventionMode", .word(SelfTradePrevention.choices.map(\.wireName)),
            "What happens when own orders meet.", "EXPIRE_MAKER"),
        .optional("newOrderRespType", .word(["ACK", "RESULT", "FULL"]), "How much to answer.", "FULL"),
    ]

    private static let futuresOrders: [(String, RouteDocument)] = [
        (
            "POST /v1/futures/order",
            RouteDocument(
                .either([.named("FuturesOrder"), .named("OrderAcknowledgement")]), futuresPlacing, refusals: [409])
        ),
        (
            "DELETE /v1/futures/order",
            RouteDocument(
                .named("FuturesOrder"),
                futuresReference + [
                    .optional("newClientOrderId", .clientOrderID, "What the answer calls the order.")
                ], refusals: [404, 409])
        ),
        ("GET /v1/futures/order", RouteDocument(.named("FuturesOrder"), futuresReference, refusals: [404])),
        ("GET /v1/futures/openOrders", RouteDocument(.list(.named("FuturesOrder")), onePerpetual)),
        ("DELETE /v1/futures/openOrders", RouteDocument(.list(.named("FuturesOrder")), perpetual, refusals: [409])),
        (
            "GET /v1/futures/allOrders",
            RouteDocument(
                .list(.named("FuturesOrder")), perpetual,
                .optional("orderId", .integer(0...Int64.max), "The earliest order; `limit` counts from it.", "1"),
                .startTime, .endTime,
                .limit(1_000, 500))
        ),
    ]

    private static let interval = ParameterDocument.required(
        "interval", .word(KlineInterval.allCases.map(\.text)), "How long a candle is.")

    private static func futuresMarket(_ prefix: String) -> [(String, RouteDocument)] {
        let index = Schema.named("PremiumIndex")
        return [
            ("GET \(prefix)/premiumIndex", RouteDocument(.either([index, .list(index)]), onePerpetual)),
            (
                "GET \(prefix)/fundingRate",
                RouteDocument(
                    .list(.named("FundingRate")), onePerpetual, .startTime, .endTime, .limit(1_000, 100))
            ),
            ("GET \(prefix)/openInterest", RouteDocument(.named("OpenInterest"), perpetual)),
            ("GET \(prefix)/leverageBrackets", RouteDocument(.list(.named("LeverageBrackets")), onePerpetual)),
            ("GET \(prefix)/insuranceFund", RouteDocument(.fields(["asset": .text, "balance": .decimal]))),
            (
                "GET \(prefix)/markPriceKlines",
                RouteDocument(
                    .list(.named("Kline")), perpetual, interval, .startTime, .endTime, .limit(1_000, 500))
            ),
        ]
    }

    private static let likeSpot: [(String, RouteDocument)] = [
        (
            "GET /v1/futures/market/ticker",
            RouteDocument(.either([.named("Ticker"), .list(.named("Ticker"))]), onePerpetual)
        ),
        ("GET /v1/futures/market/orderbook", RouteDocument(.named("OrderBook"), perpetual, .limit(5_000, 100))),
        ("GET /v1/futures/market/depth", RouteDocument(.named("OrderBook"), perpetual, .limit(5_000, 100))),
        ("GET /v1/futures/market/trades", RouteDocument(.list(.named("Trade")), perpetual, .limit(1_000, 500))),
        (
            "GET /v1/futures/market/klines",
            RouteDocument(.list(.named("Kline")), perpetual, interval, .startTime, .endTime, .limit(1_000, 500))
        ),
    ]
}
