import SyncronCore

extension RouteDocuments {
    /// The parameters of a new order. The examples make a limit order that rests.
    static let placing: [ParameterDocument] = [
        .symbol, .required("side", .word(Side.choices.map(\.wireName)), "Which side."),
        .required("type", .word(OrderType.choices.map(\.wireName)), "Which type.", "LIMIT"),
        .optional("timeInForce", .word(TimeInForce.choices.map(\.wireName)), "For limit orders: how long."),
        .optional("quantity", .decimal, "How much of the base asset.", "0.5"),
        .optional("quoteOrderQty", .decimal, "MARKET: how much of the quote asset instead.", "100"),
        .optional("price", .decimal, "The limit.", "30200.00"),
        .optional("stopPrice", .decimal, "STOP_LOSS and TAKE_PROFIT types: the trigger.", "30100.00"),
        .optional(
            "trailingDelta", .integer(10...2_000), "The same types: how far to trail, in basis points.", "100"),
        .optional("icebergQty", .decimal, "LIMIT and LIMIT_MAKER: the part to be shown.", "0.1"),
        .optional(
            "cancelAfter", .integer(1...Limits.longestCountdown), "The order expires so many milliseconds later.",
            "60000"),
        .optional("newClientOrderId", .clientOrderID, "A name of 1 to 36 of A-Z a-z 0-9 . _ : / -"),
        .optional(
            "selfTradePreventionMode", .word(SelfTradePrevention.choices.map(\.wireName)),
            "What happens when own orders meet.", "EXPIRE_MAKER"),
        .optional("newOrderRespType", .word(["ACK", "RESULT", "FULL"]), "How much to answer.", "FULL"),
    ]

    static let reference: [ParameterDocument] = [
        .symbol, .orderID, .clientOrderID,
        .optional("origClientOrderId", .clientOrderID, "The same as clientOrderId."),
    ]

    static let trading: [(String, RouteDocument)] = [
        ("POST /v1/trading/order", RouteDocument(.named("PlacedOrder"), placing, refusals: [409])),
        ("POST /v1/trading/order/test", RouteDocument(.named("Empty"), placing, refusals: [409])),
        ("GET /v1/trading/order", RouteDocument(.named("Order"), reference, refusals: [404])),
        (
            "DELETE /v1/trading/order",
            RouteDocument(
                .named("Order"),
                reference + [.optional("newClientOrderId", .clientOrderID, "What the answer calls the order.")],
                refusals: [404, 409])
        ),
        (
            "PUT /v1/trading/order",
            RouteDocument(
                .named("PlacedOrder"),
                reference + [
                    .optional("quantity", .decimal, "The new total.", "0.4"),
                    .optional("price", .decimal, "The new limit.", "30100.00"),
                ], refusals: [404, 409])
        ),
        ("GET /v1/trading/openOrders", RouteDocument(.list(.named("Order")), .oneSymbol)),
        ("DELETE /v1/trading/openOrders", RouteDocument(.list(.named("Order")), .symbol, refusals: [409])),
        (
            "GET /v1/trading/allOrders",
            RouteDocument(
                .list(.named("Order")), .symbol,
                .optional("orderId", .integer(0...Int64.max), "The earliest order; `limit` counts from it.", "1"),
                .startTime, .endTime,
                .limit(1_000, 500))
        ),
        (
            "POST /v1/trading/order/cancelReplace",
            RouteDocument(
                .named("Replacement"),
                placing + [
                    .optional("cancelOrderId", .integer(0...Int64.max), "The order to cancel.", "1"),
                    .optional("cancelOrigClientOrderId", .clientOrderID, "The same by its name."),
                    .optional(
                        "cancelReplaceMode", .word(["STOP_ON_FAILURE", "ALLOW_FAILURE"]),
                        "Whether to place it when there was nothing to cancel."),
                ], refusals: [404, 409])
        ),
        (
            "POST /v1/trading/orders",
            RouteDocument(
                .list(.either([.named("PlacedOrder"), .named("Error")])),
                .required("orders", .list(.anything), "At most 20 orders, each as for POST order."))
        ),
        (
            "POST /v1/trading/order/oco",
            RouteDocument(
                .named("OrderPair"), .symbol, .required("side", .word(Side.choices.map(\.wireName)), "Which side."),
                .required("quantity", .decimal, "How much of the base asset.", "0.5"),
                .required("price", .decimal, "The limit order's price.", "30200.00"),
                .required("stopPrice", .decimal, "The stop's trigger.", "31000.00"),
                .optional("stopLimitPrice", .decimal, "The stop's limit; none without it.", "31100.00"),
                .optional("stopLimitTimeInForce", .word(TimeInForce.choices.map(\.wireName)), "With stopLimitPrice."),
                .optional(
                    "selfTradePreventionMode", .word(SelfTradePrevention.choices.map(\.wireName)),
                    "What happens when own orders meet.", "EXPIRE_MAKER"),
                .optional("limitClientOrderId", .clientOrderID, "A name for the limit order."),
                .optional("stopClientOrderId", .clientOrderID, "A name for the stop.", "my_stop"), refusals: [409])
        ),
        (
            "POST /v1/trading/cancelAllAfter",
            RouteDocument(
                .named("Countdown"),
                .required(
                    "countdown", .integer(0...Limits.longestCountdown), "Milliseconds; 0 takes it back.", "60000"),
                .optional("symbol", .symbol, "One market; all without it."))
        ),
    ]
}
