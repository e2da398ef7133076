import SyncronCore

extension RouteDocuments {
    /// Under each of the two prefixes.
    static let margin = RouteTable.marginPrefixes.flatMap { prefix in
        relativeToPrefix.map { entry in
            let words = entry.0.split(separator: " ")
            return ("\(words[0]) \(prefix)\(words[1])", entry.1)
        }
    }

    private static let asset = ParameterDocument.required("asset", .asset, "The asset.")
    private static let oneAsset = ParameterDocument.optional("asset", .asset, "One asset; all without it.")
    private static let amount = ParameterDocument.required("amount", .decimal, "How much.", "1")
    private static let transaction = ParameterDocument.optional(
        "txId", .integer(0...Int64.max), "One of them, by what its POST answered.", "1")
    private static let paging: [ParameterDocument] = [
        .startTime, .endTime,
        .optional("current", .integer(1...Int64(Int32.max)), "The page, from 1; 1.", "1"),
        .optional("size", .integer(1...100), "Rows of a page; 10.", "10"),
    ]
    private static let placingOnMargin =
        RouteDocuments.placing + [
            .optional(
                "sideEffectType", .word(SideEffect.choices.map(\.wireName)),
                "What it does beside trading: MARGIN_BUY borrows what is lacking, AUTO_REPAY repays what it brings.")
        ]

    /// Each needs a margin wallet, which the first transfer into it opens, or is a 404.
    private static let relativeToPrefix: [(String, RouteDocument)] = [
        ("GET /account", RouteDocument(.named("MarginAccount"), refusals: [404])),
        ("GET /balance", RouteDocument(.named("MarginBalance"), asset, refusals: [404])),
        (
            "POST /transfer",
            RouteDocument(
                .named("TransferReceipt"), asset, amount,
                .required("type", .integer(1...2), "1 from the spot to the margin wallet, 2 back.", "1"),
                refusals: [404, 409])
        ),
        (
            "GET /transfer",
            RouteDocument(
                .named("MarginTransfers"),
                [oneAsset, .optional("type", .integer(1...2), "1 into the margin wallet, 2 out of it.", "1")] + paging)
        ),
        ("GET /maxBorrowable", RouteDocument(.named("MaxBorrowable"), asset, refusals: [404])),
        ("GET /maxTransferable", RouteDocument(.named("MaxTransferable"), asset)),
        ("POST /loan", RouteDocument(.named("TransferReceipt"), asset, amount, refusals: [404, 409])),
        ("GET /loan", RouteDocument(.named("Loans"), [oneAsset, transaction] + paging, refusals: [404])),
        ("POST /repay", RouteDocument(.named("TransferReceipt"), asset, amount, refusals: [404, 409])),
        ("GET /repay", RouteDocument(.named("Repayments"), [oneAsset, transaction] + paging, refusals: [404])),
        ("POST /order/test", RouteDocument(.named("Empty"), placingOnMargin, refusals: [404, 409])),
        ("POST /order", RouteDocument(.named("PlacedMarginOrder"), placingOnMargin, refusals: [404, 409])),
        (
            "DELETE /order",
            RouteDocument(
                .named("CanceledMarginOrder"),
                reference + [.optional("newClientOrderId", .clientOrderID, "What the answer calls the order.")],
                refusals: [404, 409])
        ),
        (
            "DELETE /openOrders",
            RouteDocument(.list(.named("CanceledMarginOrder")), .symbol, refusals: [404, 409])
        ),
        ("GET /order", RouteDocument(.named("MarginOrder"), reference, refusals: [404])),
        ("GET /openOrders", RouteDocument(.list(.named("MarginOrder")), .oneSymbol, refusals: [404])),
        (
            "GET /allOrders",
            RouteDocument(
                .list(.named("MarginOrder")), .symbol,
                .optional("orderId", .integer(0...Int64.max), "The earliest order; `limit` counts from it.", "1"),
                .startTime, .endTime,
                .limit(1_000, 500), refusals: [404])
        ),
        (
            "GET /myTrades",
            RouteDocument(
                .list(.named("MarginTrade")), .symbol, .orderID,
                .optional("fromId", .integer(0...Int64.max), "The earliest trade; `limit` counts from it.", "1"),
                .startTime, .endTime,
                .limit(1_000, 500), refusals: [404])
        ),
        ("GET /interestRate", RouteDocument(.list(.named("InterestRate")), oneAsset)),
        (
            "GET /interestHistory",
            RouteDocument(.named("InterestCharges"), [oneAsset] + paging, refusals: [404])
        ),
        ("GET /forceLiquidationRec", RouteDocument(.named("ForcedOrders"), paging, refusals: [404])),
        ("GET /collateralRatio", RouteDocument(.list(.named("CollateralRatio")))),
    ]
}
