import SyncronCore

/// One of everything that is about the margin wallet.
enum MarginSamples {
    private static let account = AccountID(9)
    private static let asset = AssetID(4)

    static let commands: [Command] = [
        .fundInsurance(InsuranceFund(asset: asset, amount: Units(7))),
        .borrow(BorrowFunds(account: account, asset: asset, amount: Units(8))),
        .repay(RepayFunds(account: account, asset: asset, amount: Units(9))),
        .setIndexPrices(
            SetIndexPrices([
                IndexQuote(asset: asset, price: IndexPrice(60_000)), IndexQuote(asset: AssetID(5), price: nil),
            ])),
        .placeOrderWithOptions(OrderWithOptions(Samples.limit, OrderOptions(sideEffect: .marginBuy))),
        .defineAsset(
            Asset(
                id: asset, name: "BTC", decimals: 8, networks: [],
                margin: MarginTerms(collateralRatio: Rate(95_000_000), dailyInterest: Rate(25_000)))),
    ]

    static let events: [Event] = [
        .insuranceFunded(InsuranceFund(asset: asset, amount: Units(7))),
        .loanTaken(
            Loan(
                id: TransactionID(2), account: account, asset: asset, principal: Units(8), order: OrderID(3),
                time: Timestamp(milliseconds: 6))),
        .loanRepaid(
            Repayment(
                id: TransactionID(3), account: account, asset: asset, interest: Units(1), principal: Units(2),
                cause: .unusedLoan, time: Timestamp(milliseconds: 7))),
        .interestCharged(
            InterestCharge(
                account: account, asset: asset, interest: Units(1), principal: Units(8), rate: Rate(25_000),
                cause: .hour, time: Timestamp(milliseconds: 8))),
        .marginOrderPlaced(
            MarginOrderTerms(order: OrderID(3), sideEffect: .autoRepay, borrowed: Units(8), borrowedAsset: asset)),
        .marginStatusChanged(MarginStatusChange(account: account, status: .marginCall, level: Units(130_000_000))),
        .orderForced(
            ForcedOrder(
                order: OrderID(4), account: account, market: MarketID(2), side: .sell, price: Ticks(5),
                quantity: Steps(6), executed: Steps(5), executedNotional: Units(25), fee: Units(1),
                time: Timestamp(milliseconds: 9))),
        .indexPriceChanged(IndexQuote(asset: asset, price: IndexPrice(60_000))),
    ]

    static let rejections: [Rejection] = [
        .insufficientForMarginOrder(asset: asset, required: Units(2), available: Units(1)), .noIndexPrice(asset),
        .margin(.tooManyOrders),
    ]
}
