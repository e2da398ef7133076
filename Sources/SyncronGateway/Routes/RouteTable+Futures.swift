import SyncronCore

extension RouteTable {
    static let futures = wallet + settings + futuresOrders + futuresRecords + futuresMarket

    private static let path = "/v1/futures"
    private static let money: Permissions = [.transfer, .trade]

    private static let wallet = [
        Route(
            .get, "\(path)/account", .futures, .key(.read), "The futures wallet and its positions",
            .suspending(FuturesRoutes.account)),
        Route(
            .get, "\(path)/positions", .futures, .key(.read), "Open positions",
            .suspending(FuturesRoutes.positions)),
        Route(
            .post, "\(path)/transfer", .futures, .key(money), "Move money between wallets",
            .command(FundsRoutes.transfer)),
    ]

    private static let settings = [
        Route(
            .post, "\(path)/leverage", .futures, .key(.trade), "Set the leverage on a perpetual",
            .command(FuturesRoutes.leverage)),
        Route(
            .post, "\(path)/marginType", .futures, .key(.trade), "Set crossed or isolated margin on a perpetual",
            .command(FuturesRoutes.marginType)),
        Route(
            .post, "\(path)/positionMargin", .futures, .key(.trade),
            "Add to an isolated position's margin, or reduce it",
            .command(FuturesRoutes.positionMargin)),
        Route(
            .get, "\(path)/positionMode", .futures, .key(.read), "Whether both sides are held at once",
            .suspending(FuturesRoutes.positionMode)),
        Route(
            .post, "\(path)/positionMode", .futures, .key(.trade), "Set one-way or hedge mode",
            .command(FuturesRoutes.setPositionMode)),
    ]

    private static let futuresOrders = [
        Route(
            .post, "\(path)/order", .futures, .key(.trade), orderRate: .counted, "Place a futures order",
            .command(FuturesRoutes.placeOrder)),
        Route(
            .delete, "\(path)/order", .futures, .key(.trade), orderRate: .shown, "Cancel a futures order",
            .command(TradingRoutes.cancelOrder)),
        Route(
            .get, "\(path)/order", .futures, .key(.read), orderRate: .shown, "One futures order",
            .suspending(TradingRoutes.order)),
        Route(
            .get, "\(path)/openOrders", .futures, weight: .bySymbol(one: 1, all: 40), .key(.read), orderRate: .shown,
            "Open futures orders, oldest first", .suspending(TradingRoutes.openOrders)),
        Route(
            .delete, "\(path)/openOrders", .futures, .key(.trade), orderRate: .shown,
            "Cancel all futures orders in a market", .command(OrderChangeRoutes.cancelOpenOrders)),
        Route(
            .get, "\(path)/allOrders", .futures, weight: 5, .key(.read), orderRate: .shown,
            "Futures orders in every status, newest first", .suspending(TradingRoutes.allOrders)),
    ]

    private static let futuresRecords = [
        Route(
            .get, "\(path)/trades", .futures, weight: 5, .key(.read), "Own futures trades, newest first",
            .suspending(FuturesRoutes.trades)),
        Route(
            .get, "\(path)/income", .futures, .key(.read),
            "What came into and left the futures wallet, newest first", .suspending(FuturesRoutes.income)),
    ]

    /// What is public of perpetuals: under its own path, and under the path of all markets.
    private static let futuresMarket =
        onPerpetuals(.futures, "\(path)/market") + onPerpetuals(.market, "/v1/market") + likeSpot("\(path)/market")

    private static func onPerpetuals(_ group: RouteGroup, _ prefix: String) -> [Route] {
        [
            Route(
                .get, "\(prefix)/premiumIndex", group, .anyone, "Mark, index and funding of one perpetual or all",
                .suspending(FuturesMarketRoutes.premiumIndex)),
            Route(
                .get, "\(prefix)/fundingRate", group, .anyone, "Funding rates that were settled, newest first",
                .suspending(FuturesMarketRoutes.fundingRate)),
            Route(
                .get, "\(prefix)/openInterest", group, .anyone, "How much is held long of a perpetual",
                .suspending(FuturesMarketRoutes.openInterest)),
            Route(
                .get, "\(prefix)/leverageBrackets", group, .anyone, "Leverage and maintenance by notional",
                .immediate(FuturesMarketRoutes.leverageBrackets)),
            Route(
                .get, "\(prefix)/insuranceFund", group, .anyone, "What pays for accounts that cannot",
                .suspending(FuturesMarketRoutes.insuranceFund)),
            Route(
                .get, "\(prefix)/markPriceKlines", group, .anyone, "Candles of the mark, oldest first",
                .suspending(FuturesMarketRoutes.markPriceKlines)),
        ]
    }

    private static func likeSpot(_ prefix: String) -> [Route] {
        [
            Route(
                .get, "\(prefix)/ticker", .futures, weight: .bySymbol(one: 1, all: 40), .anyone,
                "24-hour statistics of one perpetual or all", .immediate(MarketRoutes.ticker)),
            Route(
                .get, "\(prefix)/orderbook", .futures, weight: .byDepth, .anyone, "Bids and asks by price",
                .immediate(MarketRoutes.orderBook)),
            Route(
                .get, "\(prefix)/depth", .futures, weight: .byDepth, .anyone, "The same as orderbook",
                .immediate(MarketRoutes.orderBook)),
            Route(
                .get, "\(prefix)/trades", .futures, .anyone, "Recent trades, newest first",
                .immediate(MarketRoutes.trades)),
            Route(
                .get, "\(prefix)/klines", .futures, .anyone, "Candles, oldest first",
                .suspending(MarketHistoryRoutes.klines)),
        ]
    }
}
