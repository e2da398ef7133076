import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Market data over the service")
struct MarketServiceTests {
    /// A book of two levels a side and two trades.
    private func withMarket(_ body: (ServiceFixture) async throws -> Void) async throws {
        try await ServiceFixture.with { exchange in
            let maker = try await exchange.trader()
            let taker = try await exchange.trader()
            func place(_ query: String, _ trader: ServiceFixture.Trader) async {
                let answer = await exchange.send("POST", "/v1/trading/order", "symbol=BTC-USDT&" + query, as: trader)
                #expect(answer.status == 200, "\(answer.text)")
            }
            for (side, quantity, price) in [
                ("BUY", "1.25", "30241.50"), ("BUY", "0.75", "30240.10"), ("SELL", "0.85", "30242.10"),
                ("SELL", "1.5", "30243.20"),
            ] {
                await place("side=\(side)&type=LIMIT&timeInForce=GTC&quantity=\(quantity)&price=\(price)", maker)
            }
            await place("side=SELL&type=MARKET&quantity=0.25", taker)
            await place("side=BUY&type=MARKET&quantity=0.05", taker)
            try await body(exchange)
        }
    }

    @Test("ping and time")
    func time() async throws {
        try await ServiceFixture.with { exchange in
            #expect(await exchange.send("GET", "/v1/ping").text == "{}")
            let time = await exchange.send("GET", "/v1/time")
            #expect(time.text == #"{"serverTime":\#(exchange.node.now.milliseconds)}"#)
        }
    }

    @Test("the order book, from best to worst, as deep as asked for")
    func orderBook() async throws {
        try await withMarket { exchange in
            for path in ["/v1/market/orderbook", "/v1/market/depth"] {
                let book = await exchange.send("GET", path, "symbol=BTC-USDT")
                #expect(
                    book.text == #"{"lastUpdateId":6,"bids":[["30241.50","1"],["30240.10","0.75"]],"#
                        + #""asks":[["30242.10","0.8"],["30243.20","1.5"]]}"#)
                let best = await exchange.send("GET", path, "symbol=btcusdt&limit=1")
                #expect(best.text == #"{"lastUpdateId":6,"bids":[["30241.50","1"]],"asks":[["30242.10","0.8"]]}"#)
            }
            let empty = await exchange.send("GET", "/v1/market/orderbook", "symbol=ETH-BTC")
            #expect(empty.text == #"{"lastUpdateId":0,"bids":[],"asks":[]}"#)
        }
    }

    @Test("recent trades newest first, historical ones oldest first from an id")
    func trades() async throws {
        try await withMarket { exchange in
            let time = exchange.node.now.milliseconds
            let first =
                #"{"id":1,"price":"30241.50","qty":"0.25","quoteQty":"7560.375","time":\#(time),"isBuyerMaker":true}"#
            let second =
                #"{"id":2,"price":"30242.10","qty":"0.05","quoteQty":"1512.105","time":\#(time),"isBuyerMaker":false}"#
            let recent = await exchange.send("GET", "/v1/market/trades", "symbol=BTC-USDT")
            #expect(recent.text == "[\(second),\(first)]")
            let newest = await exchange.send("GET", "/v1/market/trades", "symbol=BTC-USDT&limit=1")
            #expect(newest.text == "[\(second)]")
            let path = "/v1/market/historicalTrades"
            #expect(await exchange.send("GET", path, "symbol=BTC-USDT").text == "[\(first),\(second)]")
            #expect(await exchange.send("GET", path, "symbol=BTC-USDT&fromId=2").text == "[\(second)]")
            #expect(await exchange.send("GET", path, "symbol=BTC-USDT&fromId=1&limit=1").text == "[\(first)]")
            #expect(await exchange.send("GET", path, "symbol=BTC-USDT&fromId=3").text == "[]")
            #expect(await exchange.send("GET", path, "symbol=ETH-BTC").text == "[]")
        }
    }

    @Test("the ticker family, for one market as an object and for all as an array")
    func tickers() async throws {
        try await withMarket { exchange in
            let one = await exchange.send("GET", "/v1/market/ticker", "symbol=BTC-USDT")
            #expect(one["price"]?.text == "30242.10")
            #expect(one["priceChange"]?.text == "0.60")
            #expect(one["volume"]?.text == "0.3")
            #expect(one["bidQty"]?.text == "1")
            #expect(one["firstId"]?.integer == 1)
            let all = await exchange.send("GET", "/v1/market/ticker")
            #expect(
                all.json.items?.compactMap { $0["symbol"]?.text } == [
                    "BTC-USDT", "ETH-USDT", "SOL-USDT", "ETH-BTC", "BTC-USDT-PERP", "ETH-USDT-PERP", "SOL-USDT-PERP",
                ])
            #expect(all.json[0] == one.json)
            let price = await exchange.send("GET", "/v1/market/ticker/price", "symbol=BTC-USDT")
            #expect(price.text == #"{"symbol":"BTC-USDT","price":"30242.10"}"#)
            let prices = await exchange.send("GET", "/v1/market/ticker/price")
            #expect(prices.text.contains(#"{"symbol":"ETH-BTC","price":"0.00000"},"#))
            #expect(prices.text.hasSuffix(#"{"symbol":"SOL-USDT-PERP","price":"0.00"}]"#))
            let quotes = await exchange.send("GET", "/v1/market/ticker/bookTicker", "symbol=BTC-USDT")
            #expect(
                quotes.text == #"{"symbol":"BTC-USDT","bidPrice":"30241.50","bidQty":"1","askPrice":"30242.10","#
                    + #""askQty":"0.8"}"#)
            let average = await exchange.send("GET", "/v1/market/avgPrice", "symbol=BTC-USDT")
            #expect(average.text == #"{"mins":5,"price":"30241.60"}"#)
        }
    }

    @Test("candles, with the empty ones after the last trade")
    func klines() async throws {
        try await withMarket { exchange in
            let open = exchange.node.now.milliseconds / 60_000 * 60_000
            _ = try await exchange.node.advanceClock(byMilliseconds: 120_000)
            let path = "/v1/market/klines"
            let answer = await exchange.send("GET", path, "symbol=BTC-USDT&interval=1m")
            let traded =
                #"[\#(open),"30241.50","30242.10","30241.50","30242.10","0.3",\#(open + 59_999),"9072.48",2,"#
                + #""0.05","1512.105","0"]"#
            func empty(_ open: Int64) -> String {
                #"[\#(open),"30242.10","30242.10","30242.10","30242.10","0",\#(open + 59_999),"0",0,"0","0","0"]"#
            }
            #expect(answer.text == "[\(traded),\(empty(open + 60_000)),\(empty(open + 120_000))]")
            let first = await exchange.send(
                "GET", path, "symbol=BTC-USDT&interval=1m&startTime=\(open)&endTime=\(open)")
            #expect(first.text == "[\(traded)]")
            #expect(await exchange.send("GET", path, "symbol=ETH-BTC&interval=1M").text == "[]")
        }
    }

    @Test(
        "bad parameters of market data are named",
        arguments: [
            ("orderbook", "", "symbol"), ("orderbook", "symbol=NOPE", "symbol"), ("orderbook", "symbol=", "symbol"),
            ("orderbook", "symbol=BTC-USDT&limit=0", "limit"), ("orderbook", "symbol=BTC-USDT&limit=5001", "limit"),
            ("orderbook", "symbol=BTC-USDT&limit=ten", "limit"), ("orderbook", "symbol=BTC-USDT&symbol=A", "symbol"),
            ("trades", "", "symbol"), ("trades", "symbol=BTC-USDT&limit=1001", "limit"),
            ("historicalTrades", "symbol=BTC-USDT&fromId=-1", "fromId"), ("klines", "interval=1m", "symbol"),
            ("klines", "symbol=BTC-USDT", "interval"), ("klines", "symbol=BTC-USDT&interval=2m", "interval"),
            ("klines", "symbol=BTC-USDT&interval=1m&limit=1001", "limit"),
            ("klines", "symbol=BTC-USDT&interval=1m&startTime=x", "startTime"),
            ("klines", "symbol=BTC-USDT&interval=1m&startTime=2&endTime=1", "endTime"), ("avgPrice", "", "symbol"),
            ("symbol", "", "symbol"), ("exchangeInfo", "symbol=BTC", "symbol"), ("ticker", "symbol=BTC", "symbol"),
        ])
    func badParameters(route: String, query: String, name: String) async throws {
        try await ServiceFixture.with { exchange in
            let answer = await exchange.send("GET", "/v1/market/" + route, query)
            #expect(answer.summary == "400 1006")
            #expect(answer.detail("parameter") == name)
        }
    }

    @Test("exchangeInfo lists limits and markets, and one market alone when asked")
    func exchangeInfo() async throws {
        try await ServiceFixture.with { exchange in
            let info = await exchange.send("GET", "/v1/market/exchangeInfo")
            #expect(
                info.text.hasPrefix(
                    #"{"timezone":"UTC","serverTime":\#(exchange.node.now.milliseconds),"rateLimits":["#
                        + #"{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":1200},"#
                        + #"{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":1,"limit":10}],"symbols":["#))
            #expect(info["symbols"]?.items?.count == 7)
            let one = await exchange.send("GET", "/v1/market/exchangeInfo", "symbol=ETH-BTC")
            #expect(one["symbols"]?.items?.count == 1)
            let symbol = await exchange.send("GET", "/v1/market/symbol", "symbol=ETH-BTC")
            #expect(one["symbols"]?[0] == symbol.json)
            #expect(symbol["pricePrecision"]?.integer == 5)
        }
    }

    @Test("exchangeInfo shows a change of a market at once, and of nothing else it is the same bytes")
    func exchangeInfoChanges() async throws {
        try await ServiceFixture.with { exchange in
            func info() async -> ServiceFixture.Answer { await exchange.send("GET", "/v1/market/exchangeInfo") }
            let before = await info()
            _ = try await exchange.trader()
            #expect(await info().text == before.text, "an account is no market")
            _ = await exchange.manage("POST", "/admin/markets/ETH-USDT/halt")
            let halted = await info()
            #expect(halted["symbols"]?[1]?["status"]?.text == "HALT")
            #expect(halted["symbols"]?[0] == before["symbols"]?[0])
            _ = await exchange.manage(
                "PUT", "/admin/markets/BTC-USDT", #"{"filters":[{"filterType":"MAX_NUM_ORDERS","maxNumOrders":3}]}"#)
            #expect(await info().text.contains(#""maxNumOrders":3}"#))
            _ = await exchange.manage("POST", "/admin/markets/ETH-USDT/resume")
            #expect(await info()["symbols"]?[1] == before["symbols"]?[1])
        }
    }

    @Test("candles of every interval open and close where the calendar says, with none left out")
    func intervals() async throws {
        try await withMarket { exchange in
            _ = try await exchange.node.advanceClock(byMilliseconds: 70 * 86_400_000)
            let now = exchange.node.now.milliseconds
            for text in ["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"] {
                let answer = await exchange.send(
                    "GET", "/v1/market/klines", "symbol=BTC-USDT&interval=\(text)&limit=1000")
                let candles = try #require(answer.json.items)
                #expect(candles.count >= 2, "\(text)")
                for (one, next) in zip(candles, candles.dropFirst()) {
                    #expect(next[0]?.integer == one[6]?.integer.map { $0 + 1 }, "\(text)")
                    #expect(next[1]?.text == one[4]?.text, "\(text): an empty candle carries the close")
                }
                let last = try #require(candles.last)
                let (open, close) = (last[0]?.integer ?? 0, last[6]?.integer ?? 0)
                #expect(open <= now && now <= close, "\(text)")
                #expect(last[8]?.integer == 0 && last[5]?.text == "0", "\(text)")
            }
        }
    }

    @Test("figures for Prometheus count refusals by code and time requests by group")
    func metrics() async throws {
        try await ServiceFixture.with { exchange in
            _ = await exchange.send("GET", "/v1/ping")
            _ = await exchange.send("GET", "/v1/market/ticker", "symbol=NOPE")
            let text = await exchange.send("GET", "/metrics").text
            #expect(text.contains(#"syncron_refusals_total{code="1006"} 1"#))
            #expect(text.contains(#"syncron_request_seconds_count{group="market"} "#))
            #expect(text.contains("syncron_order_ack_seconds_count 0"))
        }
    }
}
