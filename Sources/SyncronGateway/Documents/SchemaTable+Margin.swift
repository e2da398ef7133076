import SyncronCore

extension SchemaTable {
    static let margin: KeyValuePairs<String, Schema> = [
        "MarginAccount": .fields([
            "borrowEnabled": .flag, "tradeEnabled": .flag, "transferEnabled": .flag, "marginLevel": .decimal,
            "totalAssetOfBtc": .decimal, "totalLiabilityOfBtc": .decimal, "totalNetAssetOfBtc": .decimal,
            "userAssets": .list(.named("MarginBalance")), "status": .word(["NORMAL", "MARGIN_CALL", "LIQUIDATING"]),
        ]),
        "MarginBalance": .fields([
            "asset": .text, "borrowed": .decimal, "free": .decimal, "interest": .decimal, "locked": .decimal,
            "netAsset": .decimal, "dailyInterestRate": .decimal,
        ]),
        "MaxBorrowable": .fields(["amount": .decimal]),
        "MaxTransferable": .fields(["amount": .decimal, "outAmount": .decimal]),
        "MarginTransfers": page(
            .fields([
                "asset": .text, "amount": .decimal, "type": .integer, "status": .text, "tranId": .integer,
                "timestamp": .time,
            ])),
        "Loans": page(
            .fields([
                "asset": .text, "principal": .decimal, "timestamp": .time, "status": .text, "txId": .integer,
            ])),
        "Repayments": page(
            .fields([
                "asset": .text, "amount": .decimal, "interest": .decimal, "principal": .decimal, "timestamp": .time,
                "status": .text, "txId": .integer,
            ])),
        "InterestCharges": page(
            .fields([
                "asset": .text, "interest": .decimal, "principal": .decimal, "interestRate": .decimal,
                "interestAccuredTime": .time, "type": .word(["ON_BORROW", "PERIODIC"]),
            ])),
        "ForcedOrders": page(
            .fields([
                "avgPrice": .decimal, "executedQty": .decimal, "orderId": .integer, "price": .decimal,
                "qty": .decimal, "side": .word(Side.choices.map(\.wireName)), "symbol": .text, "timeInForce": .text,
                "isIsolated": .flag, "updatedTime": .time,
            ])),
        "InterestRate": .fields([
            "asset": .text, "dailyInterestRate": .decimal, "yearlyInterestRate": .decimal, "freeAmount": .decimal,
        ]),
        "CollateralRatio": .fields(["asset": .text, "collateralRatio": .decimal]),
        "MarginOrder": order.and(effects),
        "MarginOrderWithFills": order.and(effects).and(.fields(["fills": .list(.named("Fill"))])),
        "PlacedMarginOrder": .either([
            .named("MarginOrderWithFills"), .named("MarginOrder"), .named("OrderAcknowledgement"),
        ]),
        "CanceledMarginOrder": order.and(.fields(["origClientOrderId": .text])),
        "MarginTrade": .fields([
            "symbol": .text, "id": .integer, "orderId": .integer, "price": .decimal, "qty": .decimal,
            "quoteQty": .decimal, "commission": .decimal, "commissionAsset": .text, "time": .time, "isBuyer": .flag,
            "isMaker": .flag, "isMarginTrade": .flag,
        ]),
    ]

    private static let effects = Schema.fields([
        "marginBuyBorrowAmount": .decimal, "marginBuyBorrowAsset": .text,
        "sideEffectType": .word(SideEffect.choices.map(\.wireName)),
    ])

    private static func page(_ row: Schema) -> Schema { .fields(["rows": .list(row), "total": .integer]) }
}
