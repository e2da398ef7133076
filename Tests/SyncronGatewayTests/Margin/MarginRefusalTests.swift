import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Margin over the service: refusals, which leave no trace", .timeLimit(.minutes(3)))
struct MarginRefusalTests {
    private static let limit = "symbol=BTC-USDT&type=LIMIT&timeInForce=GTC"

    private static let dogeMarket = #"""
        {"symbol":"DOGE-USDT","baseAsset":"DOGE","quoteAsset":"USDT","filters":[
        {"filterType":"PRICE_FILTER","tickSize":"0.01","maxPrice":"1000"},
        {"filterType":"LOT_SIZE","stepSize":"1","maxQty":"1000"}]}
        """#

    /// Someone with 1 BTC in the margin wallet at an index of 30,000, and 1 BTC and 1 DOGE in the spot wallet.
    private func stage(
        _ body: (ServiceFixture, _ trader: ServiceFixture.Trader) async throws -> Void
    ) async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.index(#"{"BTC":"30000.00"}"#)
            _ = await exchange.manage("PUT", "/admin/assets/DOGE", #"{"networks":[{"network":"X"}]}"#)
            _ = await exchange.manage("PUT", "/admin/markets/DOGE-USDT", Self.dogeMarket)
            let trader = try await exchange.marginTrader(["BTC": "1"])
            let most = ChangeAccount(account: trader.account, requestsPerMinute: .max, ordersPerSecond: .max)
            _ = try await exchange.node.submit(.changeAccount(most))
            try await exchange.fund(trader.account, "BTC", "1")
            try await exchange.fund(trader.account, "DOGE", "1")
            try await body(exchange, trader)
        }
    }

    /// That the call is refused so, and changes nothing.
    private func expect(
        _ summary: String, _ exchange: ServiceFixture, _ trader: ServiceFixture.Trader, _ method: String,
        _ path: String, _ query: String, at location: SourceLocation = #_sourceLocation
    ) async {
        let before = await exchange.everything(of: trader)
        let answer = await exchange.margin(method, path, query, as: trader)
        #expect(answer.summary == summary, "\(path)?\(query): \(answer.text)", sourceLocation: location)
        #expect(await exchange.everything(of: trader) == before, "\(path)?\(query)", sourceLocation: location)
    }

    @Test("-3002, -3003, -3004 and 1006: amounts of nothing, assets that are none, what is malformed")
    func malformed() async throws {
        try await stage { exchange, trader in
            let calls = [
                ("400 -3002", "loan", "asset=USDT&amount=0"), ("400 -3002", "loan", "asset=DOGE&amount=0"),
                ("400 -3002", "repay", "asset=USDT&amount=0.00"), ("400 -3003", "loan", "asset=XXX&amount=1"),
                ("400 -3003", "loan", "asset=DOGE&amount=1"), ("400 -3003", "repay", "asset=XXX&amount=1"),
                ("400 -3004", "transfer", "asset=USDT&amount=0&type=1"),
                ("400 -3004", "transfer", "asset=USDT&amount=0&type=2"),
                ("400 -3003", "transfer", "asset=XXX&amount=1&type=1"),
                ("400 -3003", "transfer", "asset=DOGE&amount=1&type=1"),
                ("400 1006", "loan", "asset=USDT&amount=-1"), ("400 1006", "loan", "asset=USDT&amount=1e3"),
                ("400 1006", "loan", "asset=USDT&amount=0.000000001"), ("400 1006", "loan", "amount=1"),
                ("400 1006", "loan", "asset=USDT"), ("400 1006", "transfer", "asset=USDT&amount=1&type=3"),
                ("400 1006", "transfer", "asset=USDT&amount=1"), ("400 1006", "repay", "asset=BTC&amount=1"),
            ]
            for (summary, path, query) in calls { await expect(summary, exchange, trader, "POST", path, query) }
            let reads = [
                ("400 -3003", "balance", "asset=DOGE"), ("400 -3003", "maxBorrowable", "asset=XXX"),
                ("400 -3003", "loan", "asset=XXX"), ("400 1006", "balance", ""), ("400 1006", "loan", "size=101"),
                ("400 1006", "repay", "current=0"), ("400 1006", "interestHistory", "startTime=2&endTime=1"),
                ("400 1006", "loan", "txId=x"), ("400 1006", "forceLiquidationRec", "size=0"),
                ("404 1006", "order", "symbol=BTC-USDT&orderId=77"), ("400 1006", "order", "symbol=BTC-USDT"),
                ("400 1006", "openOrders", "symbol=XXX"), ("400 1006", "allOrders", ""),
            ]
            for (summary, path, query) in reads { await expect(summary, exchange, trader, "GET", path, query) }
        }
    }

    @Test("-3005, -3006, -3012, 1009: what a transfer may not take")
    func transfers() async throws {
        try await stage { exchange, trader in
            await expect("409 -3006", exchange, trader, "POST", "transfer", "asset=BTC&amount=1.1&type=2")
            await expect("409 -3006", exchange, trader, "POST", "transfer", "asset=BTC&amount=1.1&type=1")
            _ = await exchange.margin("POST", "loan", "asset=USDT&amount=10000", as: trader)
            await expect("409 -3006", exchange, trader, "POST", "transfer", "asset=BTC&amount=1.1&type=2")
            await expect("409 -3005", exchange, trader, "POST", "transfer", "asset=BTC&amount=0.7&type=2")
            _ = await exchange.send(
                "POST", "/v1/account/transfer", "asset=BTC&amount=0.1&from=spot&to=margin", as: trader)
            let spot = await exchange.send(
                "POST", "/v1/account/transfer", "asset=BTC&amount=1&from=margin&to=spot", as: trader)
            #expect(spot.summary == "409 -3005", "the same by the account's own call")
            try await exchange.fund(trader.account, "ETH", "1")
            _ = await exchange.margin("POST", "transfer", "asset=ETH&amount=1&type=1", as: trader)
            await expect("409 1009", exchange, trader, "POST", "transfer", "asset=ETH&amount=1&type=2")
            _ = await exchange.manage("PUT", "/admin/accounts/\(trader.account)", #"{"canWithdraw":false}"#)
            await expect("409 -3012", exchange, trader, "POST", "transfer", "asset=USDT&amount=1&type=2")
            let inward = await exchange.margin("POST", "transfer", "asset=BTC&amount=0.1&type=1", as: trader)
            #expect(inward.status == 200)
        }
    }

    @Test("-3007, -3008, -3011, 1008, 1009: loans that are not granted, repayments that cannot be paid")
    func loans() async throws {
        try await stage { exchange, trader in
            let most = await exchange.margin("GET", "maxBorrowable", "asset=USDT", as: trader)
            #expect(most["amount"]?.text == "57000.00000000")
            await expect("409 -3007", exchange, trader, "POST", "loan", "asset=USDT&amount=57000.00000001")
            await expect("409 1009", exchange, trader, "POST", "loan", "asset=SOL&amount=1")
            let buy = "\(Self.limit)&side=BUY&quantity=2&price=28501.00&sideEffectType=MARGIN_BUY"
            await expect("409 -3007", exchange, trader, "POST", "order", buy)
            await expect("409 -3007", exchange, trader, "POST", "order/test", buy)
            let granted = await exchange.margin("POST", "loan", "asset=USDT&amount=57000", as: trader)
            #expect(granted.status == 200, "\(granted.text)")
            await expect("409 -3008", exchange, trader, "POST", "loan", "asset=USDT&amount=1")
            await expect("409 1008", exchange, trader, "POST", "repay", "asset=USDT&amount=57001")
            let bare = try await exchange.marginTrader(["SOL": "5"])
            await expect("409 -3011", exchange, bare, "POST", "loan", "asset=USDT&amount=1")
        }
    }

    @Test("-3009, -3010, -3014, -3015: orders that are not placed, and no loan for them either")
    func orders() async throws {
        try await stage { exchange, trader in
            let buy = "\(Self.limit)&side=BUY"
            for path in ["order", "order/test"] {
                await expect("409 -3015", exchange, trader, "POST", path, "\(buy)&quantity=0.1&price=20000.00")
                await expect(
                    "409 -3015", exchange, trader, "POST", path, "\(Self.limit)&side=SELL&quantity=2&price=20000.00")
                await expect(
                    "409 -3010", exchange, trader, "POST", path,
                    "\(buy)&quantity=0.9&price=60000.00&sideEffectType=MARGIN_BUY")
                await expect(
                    "400 -3003", exchange, trader, "POST", path,
                    "symbol=DOGE-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=1.00")
            }
            let sell = "\(Self.limit)&side=SELL&quantity=0.001&price=40000.00"
            for _ in 0..<200 {
                let placed = await exchange.margin("POST", "order", sell, as: trader)
                guard placed.status == 200 else { throw FixtureFailure(placed.text) }
            }
            await expect("409 -3014", exchange, trader, "POST", "order", sell)
            let spot = await exchange.send("POST", "/v1/trading/order", sell, as: trader)
            #expect(spot.status == 200, "spot orders are counted apart: \(spot.text)")
            _ = await exchange.manage("PUT", "/admin/accounts/\(trader.account)", #"{"canTrade":false}"#)
            await expect("409 -3009", exchange, trader, "POST", "order", sell)
            #expect(await exchange.margin("POST", "loan", "asset=USDT&amount=1", as: trader).status == 200)
            let canceled = await exchange.margin("DELETE", "openOrders", "symbol=BTC-USDT", as: trader)
            #expect(canceled.json.items?.count == 200)
        }
    }

    @Test("an order's other refusals are spot's: duplicate ids, filters, a halted market")
    func spot() async throws {
        try await stage { exchange, trader in
            let sell = "\(Self.limit)&side=SELL&quantity=0.1&price=40000.00"
            _ = await exchange.margin("POST", "order", sell + "&newClientOrderId=a", as: trader)
            await expect("400 1006", exchange, trader, "POST", "order", sell + "&newClientOrderId=a")
            await expect(
                "400 1006", exchange, trader, "POST", "order", "\(Self.limit)&side=SELL&quantity=0.1&price=1.001")
            await expect("404 1006", exchange, trader, "DELETE", "order", "symbol=BTC-USDT&orderId=99")
            await expect("400 1006", exchange, trader, "DELETE", "order", "symbol=BTC-USDT")
            let spot = await exchange.send(
                "DELETE", "/v1/trading/order", "symbol=BTC-USDT&origClientOrderId=a", as: trader)
            #expect(spot.summary == "404 1006", "spot does not know it")
            _ = await exchange.manage("POST", "/admin/markets/BTC-USDT/halt")
            await expect("409 1009", exchange, trader, "POST", "order", sell)
            let canceled = await exchange.margin("DELETE", "order", "symbol=BTC-USDT&origClientOrderId=a", as: trader)
            #expect(canceled["status"]?.text == "CANCELED")
        }
    }

    @Test("index prices: what is no price, or no asset, is refused by its name")
    func index() async throws {
        try await ServiceFixture.with { exchange in
            let good = await exchange.manage("POST", "/admin/index-prices", #"{"BTC":"30000.5","eth":"1","SOL":null}"#)
            #expect(good.text == #"{"BTC":"30000.50000000","ETH":"1.00000000","SOL":null}"#)
            let bad = [
                (#"{"BTC":"0"}"#, "BTC"), (#"{"BTC":"-1"}"#, "BTC"), (#"{"BTC":30000}"#, "BTC"), (#"{"X":"1"}"#, "X"),
                (#"{"BTC":"0.000000001"}"#, "BTC"), (#"{"BTC":"1","btc":"2"}"#, "btc"), (#"{"USDT":"2"}"#, "asset"),
            ]
            for (body, parameter) in bad {
                let answer = await exchange.manage("POST", "/admin/index-prices", body)
                #expect(answer.summary == "400 1006" && answer.detail("parameter") == parameter, "\(answer.text)")
            }
            #expect(await exchange.manage("POST", "/admin/index-prices", "{}").status == 400)
            let cleared = await exchange.manage("POST", "/admin/index-prices", #"{"BTC":null}"#)
            #expect(cleared.text == #"{"BTC":null}"#)
            let fund = await exchange.manage("PUT", "/admin/insurance/usdt", #"{"amount":"5"}"#)
            #expect(fund.text == #"{"asset":"USDT","amount":"5.00000000"}"#)
            #expect(await exchange.manage("PUT", "/admin/insurance/X", #"{"amount":"5"}"#).summary == "400 1006")
            #expect(await exchange.manage("PUT", "/admin/insurance/USDT", #"{"amount":"-5"}"#).summary == "400 1006")
            let half = await exchange.manage("PUT", "/admin/assets/NEW", #"{"collateralRatio":"0.5"}"#)
            #expect(half.summary == "400 1006" && half.detail("parameter") == "dailyInterestRate")
            let much = await exchange.manage(
                "PUT", "/admin/assets/NEW", #"{"collateralRatio":"1.5","dailyInterestRate":"0.1"}"#)
            #expect(much.summary == "400 1006" && much.detail("parameter") == "collateralRatio")
        }
    }
}
