import SyncronCore
import SyncronMarketData

/// The parameters and answers of all routes, by method and path. A path that has a route and no entry here does not
/// get past the tests; an entry without a route is shown to nobody.
enum RouteDocuments {
    static let all = Dictionary(
        uniqueKeysWithValues: [operations, market, access, account, trading, margin, futures].joined())

    private typealias Entry = (String, RouteDocument)

    private static func page(_ type: String) -> RouteDocument { RouteDocument(.text, contentType: type) }

    private static let operations: [Entry] = [
        ("GET /", page("text/html; charset=utf-8")),
        ("GET /docs", page("text/html; charset=utf-8")),
        ("GET /docs/swagger-ui.css", RouteDocument(.text, refusals: [404], contentType: "text/css")),
        ("GET /docs/swagger-ui-bundle.js", RouteDocument(.text, refusals: [404], contentType: "text/javascript")),
        ("GET /openapi.json", RouteDocument(.anything)),
        ("GET /health/live", RouteDocument(.named("Status"))),
        ("GET /health/ready", RouteDocument(.named("Status"), refusals: [503])),
        ("GET /metrics", page("text/plain; version=0.0.4; charset=utf-8")),
    ]

    private static func oneOrAll(_ name: String) -> RouteDocument {
        RouteDocument(.either([.named(name), .list(.named(name))]), .oneSymbol)
    }

    private static let depth = RouteDocument(.named("OrderBook"), .symbol, .limit(5_000, 100))

    private static let market: [Entry] = [
        ("GET /v1/ping", RouteDocument(.named("Empty"))),
        ("GET /v1/time", RouteDocument(.fields(["serverTime": .time]))),
        ("GET /v1/market/ticker", oneOrAll("Ticker")),
        ("GET /v1/market/ticker/price", oneOrAll("Price")),
        ("GET /v1/market/ticker/bookTicker", oneOrAll("BookTicker")),
        ("GET /v1/market/orderbook", depth),
        ("GET /v1/market/depth", depth),
        ("GET /v1/market/trades", RouteDocument(.list(.named("Trade")), .symbol, .limit(1_000, 500))),
        (
            "GET /v1/market/historicalTrades",
            RouteDocument(
                .list(.named("Trade")), .symbol, .limit(1_000, 500),
                .optional("fromId", .integer(0...Int64.max), "The first trade; the newest without it.", "1"))
        ),
        (
            "GET /v1/market/klines",
            RouteDocument(
                .list(.named("Kline")), .symbol,
                .required("interval", .word(KlineInterval.allCases.map(\.text)), "How long a candle is."), .startTime,
                .endTime, .limit(1_000, 500))
        ),
        ("GET /v1/market/avgPrice", RouteDocument(.named("AveragePrice"), .symbol)),
        ("GET /v1/market/exchangeInfo", RouteDocument(.named("ExchangeInfo"), .oneSymbol)),
        ("GET /v1/market/symbol", RouteDocument(.named("Symbol"), .symbol)),
    ]

    private static let asset = ParameterDocument.required("asset", .asset, "The asset.")
    private static let network = ParameterDocument.required("network", .text, "The network.", "ETH")
    private static let amount = ParameterDocument.required("amount", .decimal, "How much.", "1")
    private static let wallets = ParameterDocument.Form.word(["spot", "margin", "futures"])
    private static let history: [ParameterDocument] = [
        .optional("asset", .asset, "One asset; all without it."),
        .optional("status", .integer(0...2), "0 pending, 1 success, 2 failed.", "1"), .startTime, .endTime,
        .limit(100, 20),
    ]
    private static let listenKey = ParameterDocument.required("listenKey", .text, "What the POST answered.")

    private static let account: [Entry] = [
        ("GET /v1/account/info", RouteDocument(.named("Account"))),
        ("GET /v1/account/deposits", RouteDocument(.list(.named("Deposit")), history)),
        ("GET /v1/account/withdrawals", RouteDocument(.list(.named("Withdrawal")), history)),
        (
            "POST /v1/account/withdraw",
            RouteDocument(
                .named("Withdrawal"), asset, network, .required("address", .text, "Where to.", "0xabc"), amount,
                .optional("clientWithdrawId", .text, "A name; given again it withdraws nothing more."),
                refusals: [409])
        ),
        (
            "DELETE /v1/account/withdraw",
            RouteDocument(
                .named("Withdrawal"), .required("id", .integer(0...Int64.max), "The withdrawal.", "1"),
                refusals: [404, 409])
        ),
        ("GET /v1/account/depositAddress", RouteDocument(.named("DepositAddress"), asset, network)),
        (
            "POST /v1/account/transfer",
            RouteDocument(
                .named("TransferReceipt"), asset, amount, .required("from", wallets, "The wallet it leaves.", "spot"),
                .required("to", wallets, "The wallet it goes to.", "margin"), refusals: [409])
        ),
        (
            "GET /v1/account/transfers",
            RouteDocument(
                .list(.named("Transfer")), .optional("asset", .asset, "One asset; all without it."),
                .optional("from", wallets, "The wallet it left.", "spot"),
                .optional("to", wallets, "The wallet it went to.", "margin"), .startTime, .endTime, .limit(100, 20))
        ),
        (
            "GET /v1/account/trades",
            RouteDocument(
                .list(.named("AccountTrade")), .symbol, .orderID,
                .optional("fromId", .integer(0...Int64.max), "The earliest trade; `limit` counts from it.", "1"),
                .startTime, .endTime,
                .limit(1_000, 500))
        ),
        ("GET /v1/account/commission", RouteDocument(.list(.named("Commission")))),
        ("POST /v1/userDataStream", RouteDocument(.named("ListenKey"), refusals: [409])),
        ("PUT /v1/userDataStream", RouteDocument(.named("Empty"), listenKey, refusals: [404])),
        ("DELETE /v1/userDataStream", RouteDocument(.named("Empty"), listenKey, refusals: [404])),
        ("POST /v1/sandbox/faucet", RouteDocument(.named("Deposit"), asset, amount, refusals: [409])),
    ]
}
