import SyncronCore

/// Every public route, on one page: how it is asked for, whose counters pay, how much, who may, and who answers.
enum RouteTable {
    static let all: [Route] = operations + market + access + account + funds + trading + margin + futures

    private static let operations = [
        Route(.get, "/", .market, .operations, "What runs here", .immediate(DocumentRoutes.front)),
        Route(.get, "/docs", .market, .operations, "All calls, for people", .immediate(DocumentRoutes.docs)),
        Route(
            .get, "/docs/swagger-ui.css", .market, .operations, "A part of the page",
            .immediate(DocumentRoutes.styles)),
        Route(
            .get, "/docs/swagger-ui-bundle.js", .market, .operations, "A part of the page",
            .immediate(DocumentRoutes.script)),
        Route(
            .get, "/openapi.json", .market, .operations, "All calls, for programs",
            .immediate(DocumentRoutes.openAPI)),
        Route(
            .get, "/health/live", .market, .operations, "Whether the process runs", .immediate(OperationsRoutes.live)),
        Route(
            .get, "/health/ready", .market, .operations, "Whether commands are taken",
            .suspending(OperationsRoutes.ready)),
        Route(.get, "/metrics", .market, .operations, "Figures for Prometheus", .immediate(OperationsRoutes.metrics)),
    ]

    private static let market = [
        Route(.get, "/v1/ping", .market, .anyone, "Whether anyone answers", .immediate(MarketRoutes.ping)),
        Route(.get, "/v1/time", .market, .anyone, "The exchange's time", .immediate(MarketRoutes.time)),
        Route(
            .get, "/v1/market/ticker", .market, weight: .bySymbol(one: 1, all: 40), .anyone,
            "24-hour statistics of one market or all", .immediate(MarketRoutes.ticker)),
        Route(
            .get, "/v1/market/ticker/price", .market, weight: .bySymbol(one: 1, all: 2), .anyone,
            "Last price of one market or all", .immediate(MarketRoutes.price)),
        Route(
            .get, "/v1/market/ticker/bookTicker", .market, weight: .bySymbol(one: 1, all: 2), .anyone,
            "Best bid and ask of one market or all", .immediate(MarketRoutes.bookTicker)),
        Route(
            .get, "/v1/market/orderbook", .market, weight: .byDepth, .anyone, "Bids and asks by price",
            .immediate(MarketRoutes.orderBook)),
        Route(
            .get, "/v1/market/depth", .market, weight: .byDepth, .anyone, "The same as orderbook",
            .immediate(MarketRoutes.orderBook)),
        Route(
            .get, "/v1/market/trades", .market, .anyone, "Recent trades, newest first",
            .immediate(MarketRoutes.trades)),
        Route(
            .get, "/v1/market/historicalTrades", .market, weight: 5, .anyone, "Trades from an id on, oldest first",
            .suspending(MarketHistoryRoutes.historicalTrades)),
        Route(
            .get, "/v1/market/klines", .market, .anyone, "Candles, oldest first",
            .suspending(MarketHistoryRoutes.klines)),
        Route(
            .get, "/v1/market/avgPrice", .market, .anyone, "Average price of five minutes",
            .immediate(MarketRoutes.averagePrice)),
        Route(
            .get, "/v1/market/exchangeInfo", .market, .anyone, "Rate limits, and markets with their filters",
            .immediate(MarketRoutes.exchangeInfo)),
        Route(
            .get, "/v1/market/symbol", .market, .anyone, "One market with its filters",
            .immediate(MarketRoutes.symbol)),
    ]

    private static let access = [
        Route(
            .post, "/v1/auth/register", .account, .anyone, "Open an account", .suspending(AuthRoutes.register)),
        Route(.post, "/v1/auth/login", .account, .anyone, "Begin a session", .suspending(AuthRoutes.login)),
        Route(
            .post, "/v1/auth/refresh", .account, .anyone, "Go on with a session", .immediate(AuthRoutes.refresh)),
        Route(.post, "/v1/auth/logout", .account, .anyone, "End a session", .immediate(AuthRoutes.logout)),
        Route(
            .put, "/v1/user/password", .account, .session, "Change the password",
            .suspending(UserRoutes.changePassword)),
        Route(.get, "/v1/user/api-keys", .account, .session, "Own API keys", .suspending(UserRoutes.keys)),
        Route(
            .post, "/v1/user/api-keys", .account, .session, "Make an API key", .suspending(UserRoutes.createKey)),
        Route(
            .put, "/v1/user/api-keys/{keyId}", .account, .session, "Change an API key",
            .suspending(UserRoutes.changeKey)),
        Route(
            .delete, "/v1/user/api-keys/{keyId}", .account, .session, "Take an API key back",
            .suspending(UserRoutes.deleteKey)),
        Route(
            .post, "/v1/user/2fa/enable", .account, .session, "Make a second factor",
            .suspending(UserRoutes.enableSecondFactor)),
        Route(
            .post, "/v1/user/2fa/verify", .account, .session, "Put the second factor in force",
            .suspending(UserRoutes.verifySecondFactor)),
        Route(
            .post, "/v1/user/2fa/disable", .account, .session, "Take the second factor away",
            .suspending(UserRoutes.disableSecondFactor)),
    ]

    private static let account = [
        Route(
            .get, "/v1/account/info", .account, .key(.read), "Balances and rights", .suspending(AccountRoutes.info)),
        Route(
            .get, "/v1/account/deposits", .account, .key(.read), "Deposits, newest first",
            .suspending(AccountRoutes.deposits)),
        Route(
            .get, "/v1/account/trades", .account, weight: 5, .key(.read), "Own trades, newest first",
            .suspending(AccountRoutes.trades)),
        Route(
            .get, "/v1/account/commission", .account, .key(.read), "Own rates in each market",
            .immediate(AccountRoutes.commission)),
        Route(
            .post, "/v1/userDataStream", .account, .key(.read), "Open a listen key", .command(ListenKeyRoutes.open)),
        Route(
            .put, "/v1/userDataStream", .account, .key(.read), "Keep a listen key alive",
            .command(ListenKeyRoutes.keep)),
        Route(
            .delete, "/v1/userDataStream", .account, .key(.read), "Close a listen key",
            .command(ListenKeyRoutes.close)),
        Route(
            .post, "/v1/sandbox/faucet", .account, .sandboxKey([.trade, .transfer]), "Test money",
            .command(SandboxRoutes.faucet)),
    ]

    private static let funds = [
        Route(
            .get, "/v1/account/withdrawals", .account, .key(.read), "Withdrawals, newest first",
            .suspending(FundsRoutes.withdrawals)),
        Route(
            .post, "/v1/account/withdraw", .account, .key(.withdraw), "Ask for a withdrawal",
            .command(FundsRoutes.withdraw)),
        Route(
            .delete, "/v1/account/withdraw", .account, .key(.withdraw), "Take back a pending withdrawal",
            .command(FundsRoutes.cancelWithdrawal)),
        Route(
            .get, "/v1/account/depositAddress", .account, .key(.read), "Where deposits arrive",
            .suspending(FundsRoutes.depositAddress)),
        Route(
            .post, "/v1/account/transfer", .account, .key([.transfer, .trade]), "Move money between wallets",
            .command(FundsRoutes.transfer)),
        Route(
            .get, "/v1/account/transfers", .account, .key(.read), "Transfers, newest first",
            .suspending(FundsRoutes.transfers)),
    ]

    private static let trading = [
        Route(
            .post, "/v1/trading/order", .trading, .key(.trade), orderRate: .counted, "Place an order",
            .command(TradingRoutes.placeOrder)),
        Route(
            .delete, "/v1/trading/order", .trading, .key(.trade), orderRate: .shown, "Cancel an order",
            .command(TradingRoutes.cancelOrder)),
        Route(
            .get, "/v1/trading/order", .trading, .key(.read), orderRate: .shown, "One order",
            .suspending(TradingRoutes.order)),
        Route(
            .post, "/v1/trading/order/test", .trading, .key(.trade), orderRate: .shown,
            "Try an order without placing it", .suspending(TradingRoutes.testOrder)),
        Route(
            .put, "/v1/trading/order", .trading, .key(.trade), orderRate: .counted, "Change price or quantity",
            .command(OrderChangeRoutes.amendOrder)),
        Route(
            .post, "/v1/trading/order/oco", .trading, .key(.trade), orderRate: .counted,
            "Place two orders of which one cancels the other", .command(OrderGroupRoutes.placeList)),
        Route(
            .post, "/v1/trading/order/cancelReplace", .trading, .key(.trade), orderRate: .counted,
            "Cancel an order and place another", .suspending(OrderChangeRoutes.cancelReplace)),
        Route(
            .post, "/v1/trading/orders", .trading, .key(.trade), orderRate: .shown, "Place several orders",
            .suspending(OrderGroupRoutes.placeOrders)),
        Route(
            .post, "/v1/trading/cancelAllAfter", .trading, .key(.trade), orderRate: .shown,
            "Cancel all orders unless called again in time", .command(OrderChangeRoutes.cancelAllAfter)),
        Route(
            .get, "/v1/trading/openOrders", .trading, weight: .bySymbol(one: 1, all: 40), .key(.read),
            orderRate: .shown, "Open orders, oldest first", .suspending(TradingRoutes.openOrders)),
        Route(
            .delete, "/v1/trading/openOrders", .trading, .key(.trade), orderRate: .shown,
            "Cancel all orders in a market", .command(OrderChangeRoutes.cancelOpenOrders)),
        Route(
            .get, "/v1/trading/allOrders", .trading, weight: 5, .key(.read), orderRate: .shown,
            "Orders in every status, newest first", .suspending(TradingRoutes.allOrders)),
    ]
}
