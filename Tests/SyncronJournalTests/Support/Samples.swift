import SyncronCore

/// At least one value of every case of the language, with fields that differ from each other and from their defaults.
enum Samples {
    static let clientID = ClientOrderID("abcdefghijklmnopqrstuvwxyz0123456789") ?? .none

    static let limit = PlaceOrder(
        account: AccountID(7), market: MarketID(3), wallet: .margin, side: .sell,
        terms: .limit(price: Ticks(6_000_123), quantity: Steps(45_678), timeInForce: .fok),
        selfTradePrevention: .expireBoth, clientOrderID: clientID)

    static let network = Network(name: "Lightning", withdrawalFee: Units(12_345))
    static let asset = Asset(
        id: AssetID(4), name: "BTC", decimals: 8, networks: [network, Network(name: "", withdrawalFee: .zero)])

    static let filters = Filters(
        minPrice: Ticks(1), maxPrice: Ticks(2), minQuantity: Steps(3), maxQuantity: Steps(4),
        minMarketQuantity: Steps(5),
        maxMarketQuantity: Steps(6), minNotional: Units(7), maxNotional: Units(1 << 90),
        percentPrice: PercentPrice(bidUp: Rate(8), bidDown: Rate(9), askUp: Rate(10), askDown: Rate(11)),
        maxIcebergParts: 12, maxOrders: 13, maxAlgoOrders: 14, maxPosition: Units(15))
    static let market = Market(
        id: MarketID(2), symbol: "BTC-USDT", base: AssetID(4), quote: AssetID(5), kind: .perpetual, status: .cancelOnly,
        pricePrecision: 2, quantityPrecision: 5, tickSize: 10, stepSize: 20, filters: filters,
        commissions: CommissionRates.standard(for: .spot))
    static let bareMarket = Market(
        id: MarketID(2), symbol: "Ö-€", base: AssetID(4), quote: AssetID(5), kind: .spot, status: .break,
        pricePrecision: 2, quantityPrecision: 5, tickSize: 10, stepSize: 20,
        filters: Filters(
            minPrice: .offGrid, maxPrice: Ticks(2), minQuantity: .offGrid, maxQuantity: Steps(4),
            minMarketQuantity: Steps(5), maxMarketQuantity: Steps(6), minNotional: .offGrid, maxNotional: nil,
            percentPrice: nil, maxPosition: nil),
        commissions: [])

    static let account = Account(
        id: AccountID(9), email: "ada@example.org", level: .platinum, commissionTier: 3, requestsPerMinute: 100,
        ordersPerSecond: 20, marginLeverage: 5, canTrade: false, canWithdraw: false, isSandbox: true,
        createdAt: Timestamp(milliseconds: 1_700_000_000_123))
    static let apiKey = APIKey(
        key: "k-1", account: AccountID(9), name: "desk", permissions: [.read, .withdraw],
        ipRestrictions: ["10.0.0.0/8", "::1"],
        expiresAt: Timestamp(milliseconds: 5), credential: .ed25519([UInt8](repeating: 0xAB, count: 32)),
        createdAt: Timestamp(milliseconds: 6))
    /// Long, and mostly zero.
    static let sealedKey = APIKey(
        key: "k-2", account: AccountID(9), name: "", permissions: [], ipRestrictions: [], expiresAt: nil,
        credential: .sealedSecret([UInt8](repeating: 0, count: 1_300)), createdAt: .zero)
    static let listenKey = ListenKey(key: "l-1", account: AccountID(8), expiresAt: Timestamp(milliseconds: 77))
    static let deposit = Deposit(
        id: DepositID(3), account: AccountID(9), asset: AssetID(4), network: "Lightning", amount: Units(1 << 80),
        address: "syncron:BTC:9", txID: "0xfeed", status: .failed, confirmations: 6,
        insertedAt: Timestamp(milliseconds: 1),
        completedAt: Timestamp(milliseconds: 2))

    static let order = OrderState(
        id: OrderID(1_234), account: AccountID(7), market: MarketID(3), wallet: .margin, side: .sell, type: .limitMaker,
        timeInForce: .ioc, selfTradePrevention: .none, status: .expiredInMatch, price: Ticks(5), quantity: Steps(6),
        executed: Steps(4), executedNotional: Units(20), quoteQuantity: Units(21), clientOrderID: clientID,
        createdAt: Timestamp(milliseconds: 8), updatedAt: Timestamp(milliseconds: 9))

    static let commands: [Command] = [
        .begin(Genesis(hasSandbox: true, rules: 7)),
        .placeOrder(limit),
        .placeOrder(
            PlaceOrder(
                account: AccountID(1), market: MarketID(0), side: .buy,
                terms: .limitMaker(price: Ticks(1), quantity: Steps(2)))),
        .placeOrder(
            PlaceOrder(account: AccountID(1), market: MarketID(0), side: .buy, terms: .market(quantity: Steps(.max)))),
        .placeOrder(
            PlaceOrder(
                account: AccountID(1), market: MarketID(0), side: .sell, terms: .marketByQuote(quote: Units(-1)),
                selfTradePrevention: .none, clientOrderID: ClientOrderID("x") ?? .none)),
        .cancelOrder(
            CancelOrder(account: AccountID(1), market: MarketID(2), wallet: .futures, order: .id(OrderID(.max)))),
        .cancelOrder(CancelOrder(account: AccountID(1), market: MarketID(2), order: .clientID(clientID))),
        .openAccount(OpenAccount(email: "a@b.c", level: .gold, commissionTier: 2, isSandbox: true)),
        .openAccount(OpenAccount()),
        .changeAccount(
            ChangeAccount(
                account: AccountID(5), level: .vip, requestsPerMinute: 1, ordersPerSecond: 2, commissionTier: 3,
                marginLeverage: 5, canTrade: true, canWithdraw: false)),
        .changeAccount(ChangeAccount(account: AccountID(5))),
        .createAPIKey(apiKey),
        .createAPIKey(sealedKey),
        .deleteAPIKey(DeleteAPIKey(account: AccountID(5), key: "k-1")),
        .openListenKey(OpenListenKey(account: AccountID(5), key: "l-1")),
        .keepListenKey(KeepListenKey(account: AccountID(6), key: "l-2")),
        .closeListenKey(KeepListenKey(account: AccountID(7), key: "l-3")),
        .recordDeposit(
            RecordDeposit(
                account: AccountID(5), asset: AssetID(1), network: "ERC20", amount: Units(1 << 100), txID: "t",
                status: .pending,
                confirmations: 3)),
        .defineAsset(asset),
        .defineMarket(market),
        .defineMarket(bareMarket),
        .setMarketStatus(SetMarketStatus(market: MarketID(1), status: .halt)),
        .placeOrderWithOptions(
            OrderWithOptions(
                limit,
                OrderOptions(
                    trigger: Trigger(.takeProfit, at: Ticks(9), trailingDelta: 50), icebergQuantity: Steps(2),
                    lifetime: 60_000))),
        .placeOrderWithOptions(
            OrderWithOptions(limit, OrderOptions(trigger: Trigger(.stopLoss, at: nil, trailingDelta: 10)))),
        .placeOrderList(
            PlaceOrderList(
                account: AccountID(1), market: MarketID(2), side: .sell, quantity: Steps(3), limitPrice: Ticks(9),
                stopPrice: Ticks(4), stopLimit: PlaceOrderList.StopLimit(price: Ticks(3), timeInForce: .ioc),
                selfTradePrevention: .none, limitClientOrderID: clientID)),
        .placeOrderList(
            PlaceOrderList(
                account: AccountID(1), market: MarketID(2), side: .buy, quantity: Steps(3), limitPrice: Ticks(4),
                stopPrice: Ticks(9), stopClientOrderID: clientID)),
        .amendOrder(
            AmendOrder(
                account: AccountID(1), market: MarketID(2), order: .id(OrderID(7)), price: Ticks(8),
                quantity: Steps(9))),
        .amendOrder(AmendOrder(account: AccountID(1), market: MarketID(2), order: .clientID(clientID))),
        .cancelAllOrders(CancelAllOrders(account: AccountID(1), market: MarketID(2), wallet: .margin)),
        .cancelAllOrders(CancelAllOrders(account: AccountID(1), market: nil)),
        .setCancelCountdown(SetCancelCountdown(account: AccountID(1), market: nil, countdown: 5_000)),
        .tick,
        .checkpoint(StateDigest(0xDEAD_BEEF_0123_4567)),
    ]

    static let rejections: [Rejection] = [
        .outOfPlace, .unknownAccount, .tradingDisabled, .invalid(.ed25519PublicKey), .conflict(.txID), .unknownAsset,
        .unknownMarket, .marketClosed(.break), .filter(.notional, .quoteOrderQty), .risk(.exchangeLimit),
        .duplicateClientOrderID, .insufficientBalance(asset: AssetID(3), required: Units(4), available: Units(-5)),
        .unknownOrder, .unknownAPIKey, .unknownListenKey,
    ]

    static let events: [Event] =
        rejections.map { .rejected($0) } + [
            .begun(Genesis(hasSandbox: false, rules: 2)),
            .orderAccepted(order),
            .orderFilled(
                OrderFill(
                    order: order, trade: TradeID(1), price: Ticks(2), quantity: Steps(3), notional: Units(4),
                    commission: Units(5),
                    commissionAsset: AssetID(6), liquidity: .taker)),
            .orderEnded(OrderEnd(order: order)),
            .traded(
                Trade(
                    market: MarketID(1), id: TradeID(2), price: Ticks(3), quantity: Steps(4), notional: Units(5),
                    takerSide: .sell, makerOrder: OrderID(6), takerOrder: OrderID(7), makerAccount: AccountID(8),
                    takerAccount: AccountID(9), makerWallet: .spot, takerWallet: .margin, makerCommission: Units(10),
                    takerCommission: Units(11), time: Timestamp(milliseconds: 12))),
            .levelChanged(LevelChange(market: MarketID(1), side: .sell, price: Ticks(2), quantity: Steps(3))),
            .balanceChanged(
                BalanceChange(
                    account: AccountID(1), wallet: .futures, asset: AssetID(2), free: Units(3), held: Units(4))),
            .assetDefined(asset), .marketDefined(market), .marketDefined(bareMarket),
            .marketStatusChanged(SetMarketStatus(market: MarketID(1), status: .trading)),
            .accountOpened(account), .accountChanged(Account(id: AccountID(1))), .apiKeyCreated(apiKey),
            .apiKeyDeleted(sealedKey), .listenKeyOpened(listenKey), .listenKeyKept(listenKey),
            .listenKeyClosed(listenKey), .listenKeyExpired(listenKey),
            .depositRecorded(DepositRecord(deposit: deposit, credited: Units(8))),
            .timePassed, .checkpointed,
            .orderTriggered(order), .orderAmended(order),
            .cancelCountdownSet(
                CancelCountdown(account: AccountID(1), market: MarketID(2), wallet: .spot, at: .never)),
        ]
}

/// The number of a case among those of its type. A new case does not compile until it has a number here, and the test
/// that counts them fails until it has a sample.
func caseNumber(_ command: Command) -> Int {
    switch command {
    case .begin: 0
    case .placeOrder: 1
    case .cancelOrder: 2
    case .openAccount: 3
    case .changeAccount: 4
    case .createAPIKey: 5
    case .deleteAPIKey: 6
    case .openListenKey: 7
    case .keepListenKey: 8
    case .closeListenKey: 9
    case .recordDeposit: 10
    case .defineAsset: 11
    case .defineMarket: 12
    case .setMarketStatus: 13
    case .tick: 14
    case .checkpoint: 15
    case .placeOrderWithOptions: 16
    case .placeOrderList: 17
    case .amendOrder: 18
    case .cancelAllOrders: 19
    case .setCancelCountdown: 20
    case .requestWithdrawal: 100
    case .cancelWithdrawal: 101
    case .settleWithdrawal: 102
    case .failWithdrawal: 103
    case .assignDepositAddress: 104
    case .transfer: 105
    case .fundLending: 106
    case .changeAPIKey: 107
    case .registerLogin: 108
    case .setSecondFactor: 109
    case .setPassword: 110
    case .fundInsurance: 200
    case .borrow: 201
    case .repay: 202
    case .setIndexPrices: 203
    case .placeFuturesOrder: 300
    case .setLeverage: 301
    case .setMarginType: 302
    case .setPositionMode: 303
    case .adjustPositionMargin: 304
    }
}

func caseNumber(_ event: Event) -> Int {
    switch event {
    case .rejected: 0
    case .begun: 1
    case .orderAccepted: 2
    case .orderFilled: 3
    case .orderEnded: 4
    case .traded: 5
    case .levelChanged: 6
    case .balanceChanged: 7
    case .assetDefined: 8
    case .marketDefined: 9
    case .marketStatusChanged: 10
    case .accountOpened: 11
    case .accountChanged: 12
    case .apiKeyCreated: 13
    case .apiKeyDeleted: 14
    case .listenKeyOpened: 15
    case .listenKeyKept: 16
    case .listenKeyClosed: 17
    case .listenKeyExpired: 18
    case .depositRecorded: 19
    case .timePassed: 20
    case .checkpointed: 21
    case .orderTriggered: 22
    case .orderAmended: 23
    case .cancelCountdownSet: 24
    case .withdrawalRecorded: 100
    case .depositAddressAssigned: 101
    case .transferred: 102
    case .lendingFunded: 103
    case .apiKeyChanged: 104
    case .loginChanged: 105
    case .insuranceFunded: 200
    case .loanTaken: 201
    case .loanRepaid: 202
    case .interestCharged: 203
    case .marginOrderPlaced: 204
    case .marginStatusChanged: 205
    case .orderForced: 206
    case .indexPriceChanged: 207
    case .positionChanged: 300
    case .leverageSet: 301
    case .marginTypeSet: 302
    case .positionModeSet: 303
    case .incomeBooked: 304
    case .markPriceChanged: 305
    case .fundingSettled: 306
    case .futuresMarginCalled: 307
    case .positionDeleveraged: 308
    }
}

func caseNumber(_ rejection: Rejection) -> Int {
    switch rejection {
    case .outOfPlace: 0
    case .unknownAccount: 1
    case .tradingDisabled: 2
    case .invalid: 3
    case .conflict: 4
    case .unknownAsset: 5
    case .unknownMarket: 6
    case .marketClosed: 7
    case .filter: 8
    case .risk: 9
    case .duplicateClientOrderID: 10
    case .insufficientBalance: 11
    case .unknownOrder: 12
    case .unknownAPIKey: 13
    case .unknownListenKey: 14
    case .withdrawalsDisabled: 100
    case .unknownWithdrawal: 101
    case .margin: 102
    case .insufficientForTransfer: 103
    case .insufficientForMarginOrder: 200
    case .noIndexPrice: 201
    case .belowMaintenance: 300
    }
}
