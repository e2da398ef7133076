import SyncronCore

/// One of everything that is about the futures wallet.
enum FuturesSamples {
    private static let account = AccountID(9)
    private static let market = MarketID(2)

    private static let order = PlaceOrder(
        account: account, market: market, wallet: .futures, side: .sell,
        terms: .limit(price: Ticks(60_000), quantity: Steps(7), timeInForce: .gtx),
        selfTradePrevention: .none, clientOrderID: Samples.clientID)
    private static let perpetual: Market = {
        var market = Samples.market
        market.perpetual = PerpetualTerms(brackets: [
            PerpetualTerms.Bracket(cap: Units(1 << 70), maxLeverage: 125, maintenance: Rate(400_000)),
            PerpetualTerms.Bracket(cap: Units(1 << 71), maxLeverage: 100, maintenance: Rate(500_000)),
        ])
        return market
    }()

    private static let position = Position(
        account: account, market: market, side: .short, marginType: .isolated, leverage: 25,
        quantity: Steps(-7), cost: Units(420_000), isolatedWallet: Units(21_000), fees: Units(3), profit: Units(-4),
        updatedAt: Timestamp(milliseconds: 6))

    static let commands: [Command] = [
        .placeFuturesOrder(PlaceFuturesOrder(order, positionSide: .short)),
        .placeFuturesOrder(
            PlaceFuturesOrder(
                order, reduceOnly: true,
                trigger: FuturesTrigger(.takeProfit, at: Ticks(61_000), workingType: .markPrice, isProtected: true),
                lifetime: 60_000)),
        .placeFuturesOrder(
            PlaceFuturesOrder(order, closePosition: true, trigger: FuturesTrigger(.trailing, at: .zero, callback: 150))
        ),
        .setLeverage(SetLeverage(account: account, market: market, leverage: 25)),
        .setMarginType(SetMarginType(account: account, market: market, type: .isolated)),
        .setPositionMode(SetPositionMode(account: account, isHedge: true)),
        .adjustPositionMargin(
            AdjustPositionMargin(account: account, market: market, side: .long, amount: Units(8), isAdded: true)),
        .defineMarket(perpetual),
    ]

    static let events: [Event] = [
        .positionChanged(position),
        .leverageSet(SetLeverage(account: account, market: market, leverage: 25)),
        .marginTypeSet(SetMarginType(account: account, market: market, type: .isolated)),
        .positionModeSet(SetPositionMode(account: account, isHedge: true)),
        .incomeBooked(
            Income(
                id: TransactionID(2), account: account, market: market, kind: .commission, amount: Units(-3),
                fill: FillReference(TradeID(4), .taker), time: Timestamp(milliseconds: 7))),
        .incomeBooked(
            Income(
                id: TransactionID(3), account: account, market: market, kind: .funding, amount: Units(5), fill: nil,
                time: Timestamp(milliseconds: 8))),
        .markPriceChanged(
            MarkPrice(
                market: market, mark: Ticks(60_000), index: IndexPrice(59_999), lastFundingRate: Rate(-10_000),
                nextFunding: Timestamp(milliseconds: 28_800_000), time: Timestamp(milliseconds: 9))),
        .fundingSettled(
            FundingRate(
                market: market, rate: Rate(10_000), mark: Ticks(60_001), time: Timestamp(milliseconds: 28_800_000))),
        .futuresMarginCalled(FuturesMarginCall(account: account, ratio: Units(80_000_001), positions: [position])),
        .positionDeleveraged(
            Deleveraging(
                account: account, market: market, side: .both, price: Ticks(59_000), quantity: Steps(4),
                isBankrupt: true, time: Timestamp(milliseconds: 10))),
    ]

    static let rejections: [Rejection] = [
        .belowMaintenance, .invalid(.positionSide), .risk(.noPosition),
    ]
}
