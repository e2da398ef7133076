import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Trading over the service")
struct TradingServiceTests {
    private static let path = "/v1/trading/order"
    private static let bid = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.5&price=30200.00"

    @Test("an order is placed, found, listed and cancelled")
    func life() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let placed = await exchange.send("POST", Self.path, Self.bid + "&newClientOrderId=mine", as: trader)
            let time = exchange.node.now.milliseconds
            #expect(
                placed.text == #"{"orderId":1,"symbol":"BTC-USDT","status":"NEW","clientOrderId":"mine","#
                    + #""price":"30200.00","origQty":"0.5","executedQty":"0","type":"LIMIT","side":"BUY","#
                    + #""timeInForce":"GTC","transactTime":\#(time),"cummulativeQuoteQty":"0","avgPrice":"0.00","#
                    + #""stopPrice":"0.00","icebergQty":"0","origQuoteOrderQty":"0","time":\#(time),"#
                    + #""updateTime":\#(time),"isWorking":true,"selfTradePreventionMode":"EXPIRE_MAKER","fills":[]}"#)
            let withoutFills = placed.text.replacing(#","fills":[]"#, with: "")
            for name in ["orderId=1", "clientOrderId=mine", "origClientOrderId=mine"] {
                let found = await exchange.send("GET", Self.path, "symbol=btcusdt&\(name)", as: trader)
                #expect(found.text == withoutFills, "\(name)")
            }
            for symbol in ["", "symbol=BTC-USDT"] {
                let open = await exchange.send("GET", "/v1/trading/openOrders", symbol, as: trader)
                #expect(open.text == "[\(withoutFills)]")
            }
            let other = await exchange.send("GET", "/v1/trading/openOrders", "symbol=ETH-USDT", as: trader)
            #expect(other.text == "[]")
            let canceled = await exchange.send("DELETE", Self.path, "symbol=BTC-USDT&clientOrderId=mine", as: trader)
            #expect(canceled.text == withoutFills.replacing(#""NEW""#, with: #""CANCELED""#))
            for name in ["orderId=1", "clientOrderId=mine"] {
                let found = await exchange.send("GET", Self.path, "symbol=BTC-USDT&\(name)", as: trader)
                #expect(found.text == canceled.text, "an ended order is found in the history")
            }
            let all = await exchange.send("GET", "/v1/trading/allOrders", "symbol=BTC-USDT", as: trader)
            #expect(all.text == "[\(canceled.text)]")
        }
    }

    @Test("a cancel's newClientOrderId becomes the answer's clientOrderId")
    func cancelName() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            _ = await exchange.send("POST", Self.path, Self.bid + "&newClientOrderId=mine", as: trader)
            let answer = await exchange.send(
                "DELETE", Self.path, "symbol=BTC-USDT&orderId=1&newClientOrderId=bye", as: trader)
            #expect(answer["clientOrderId"]?.text == "bye")
            #expect(answer["status"]?.text == "CANCELED")
        }
    }

    @Test("a trade's fills are in the answer, FULL with them, RESULT without, ACK with four fields")
    func responseTypes() async throws {
        try await ServiceFixture.with { exchange in
            let maker = try await exchange.trader()
            let taker = try await exchange.trader()
            _ = await exchange.send("POST", Self.path, Self.bid, as: maker)
            let sell = "symbol=BTC-USDT&side=SELL&type=MARKET&quantity=0.1&newClientOrderId=s"
            let full = await exchange.send("POST", Self.path, sell, as: taker)
            #expect(full["status"]?.text == "FILLED")
            #expect(full["price"]?.text == "0.00")
            #expect(full["cummulativeQuoteQty"]?.text == "3020")
            #expect(full["avgPrice"]?.text == "30200.00")
            let fill =
                #"[{"price":"30200.00","qty":"0.1","commission":"4.53000000","commissionAsset":"USDT","tradeId":1}]"#
            #expect(full["fills"] == (try JSONValue(fill)))
            let result = await exchange.send("POST", Self.path, sell + "&newOrderRespType=RESULT", as: taker)
            #expect(result["fills"] == nil)
            #expect(result["executedQty"]?.text == "0.1")
            let ack = await exchange.send("POST", Self.path, sell + "&newOrderRespType=ACK", as: taker)
            let time = exchange.node.now.milliseconds
            #expect(ack.text == #"{"orderId":4,"symbol":"BTC-USDT","clientOrderId":"s","transactTime":\#(time)}"#)
        }
    }

    @Test("an account's trades are its own side of them")
    func accountTrades() async throws {
        try await ServiceFixture.with { exchange in
            let maker = try await exchange.trader()
            let taker = try await exchange.trader()
            _ = await exchange.send("POST", Self.path, Self.bid, as: maker)
            _ = await exchange.send(
                "POST", Self.path, "symbol=BTC-USDT&side=SELL&type=MARKET&quantity=0.1", as: taker)
            let time = exchange.node.now.milliseconds
            let bought = await exchange.send("GET", "/v1/account/trades", "symbol=BTC-USDT", as: maker)
            #expect(
                bought.text == #"[{"symbol":"BTC-USDT","id":1,"orderId":1,"price":"30200.00","qty":"0.1","#
                    + #""quoteQty":"3020","commission":"0.00010000","commissionAsset":"BTC","time":\#(time),"#
                    + #""isBuyer":true,"isMaker":true}]"#)
            let sold = await exchange.send("GET", "/v1/account/trades", "symbol=BTC-USDT&orderId=2", as: taker)
            #expect(
                sold.text == #"[{"symbol":"BTC-USDT","id":1,"orderId":2,"price":"30200.00","qty":"0.1","#
                    + #""quoteQty":"3020","commission":"4.53000000","commissionAsset":"USDT","time":\#(time),"#
                    + #""isBuyer":false,"isMaker":false}]"#)
            let none = await exchange.send("GET", "/v1/account/trades", "symbol=BTC-USDT&fromId=2", as: taker)
            #expect(none.text == "[]")
        }
    }

    @Test("lists show the newest first; one that begins at an id goes on from there")
    func paging() async throws {
        try await ServiceFixture.with { exchange in
            let (maker, taker) = (try await exchange.trader(), try await exchange.trader())
            for _ in 0..<4 {
                _ = await exchange.send("POST", Self.path, Self.bid, as: maker)
                _ = await exchange.send(
                    "POST", Self.path, "symbol=BTC-USDT&side=SELL&type=MARKET&quantity=0.1", as: taker)
            }
            func ids(_ path: String, _ key: String, _ query: String) async -> [Int64?] {
                let list = await exchange.send("GET", path, "symbol=BTC-USDT&" + query, as: maker)
                return (list.json.items ?? []).map { $0[key]?.integer }
            }
            #expect(await ids("/v1/account/trades", "id", "limit=2") == [4, 3])
            #expect(await ids("/v1/account/trades", "id", "fromId=2&limit=2") == [3, 2])
            #expect(await ids("/v1/account/trades", "id", "fromId=2") == [4, 3, 2])
            #expect(await ids("/v1/trading/allOrders", "orderId", "limit=2") == [7, 5])
            #expect(await ids("/v1/trading/allOrders", "orderId", "orderId=2&limit=2") == [5, 3])
            #expect(await ids("/v1/trading/allOrders", "orderId", "orderId=3") == [7, 5, 3])
        }
    }

    @Test(
        "an order is taken from the query, a form body or a JSON body alike",
        arguments: [
            ("application/x-www-form-urlencoded", bid),
            (
                "application/json",
                #"{"symbol":"BTC-USDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":"0.5","price":"30200"}"#
            ),
        ])
    func bodies(contentType: String, body: String) async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let answer = await exchange.send("POST", Self.path, body: body, contentType: contentType, as: trader)
            #expect(answer.summary == "200")
            #expect(answer["price"]?.text == "30200.00")
        }
    }

    @Test("a body that is no JSON is 1005")
    func malformedBody() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            for body in ["{", "[]", "{} {}", "nonsense", #"{"a":1,}"#] {
                let answer = await exchange.send(
                    "POST", Self.path, body: body, contentType: "application/json", as: trader)
                #expect(answer.summary == "400 1005", "\(body)")
            }
        }
    }

    @Test(
        "the exchange's refusals keep their details",
        arguments: [
            ("price=30200.001&quantity=0.5", "400 1006", "PRICE_FILTER", "price"),
            ("price=0&quantity=0.5", "400 1006", "PRICE_FILTER", "price"),
            ("price=30200&quantity=0.000001", "400 1006", "LOT_SIZE", "quantity"),
            ("price=30200&quantity=0", "400 1006", "LOT_SIZE", "quantity"),
            ("price=30200&quantity=1000.1", "400 1006", "LOT_SIZE", "quantity"),
            ("price=1&quantity=0.5", "400 1006", "NOTIONAL", "quantity"),
        ])
    func filters(numbers: String, summary: String, filter: String, parameter: String) async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let query = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&" + numbers
            for path in [Self.path, Self.path + "/test"] {
                let answer = await exchange.send("POST", path, query, as: trader)
                #expect(answer.summary == summary)
                #expect(answer.detail("filter") == filter)
                #expect(answer.detail("parameter") == parameter)
            }
        }
    }

    @Test("refusals leave no trace")
    func refusals() async throws {
        try await ServiceFixture.with { exchange in
            let poor = try await exchange.trader(["USDT": "20"])
            let answer = await exchange.send("POST", Self.path, Self.bid, as: poor)
            #expect(
                answer.text == #"{"code":1008,"message":"Account has insufficient balance","details":"#
                    + #"{"asset":"USDT","required":"15100.00000000","available":"20.00000000"}}"#)
            #expect(answer.status == 409)
            let test = await exchange.send("POST", Self.path + "/test", Self.bid, as: poor)
            #expect(test.text == answer.text)
            let rich = try await exchange.trader()
            #expect(await exchange.send("POST", Self.path + "/test", Self.bid, as: rich).text == "{}")
            #expect(await exchange.send("GET", "/v1/trading/openOrders", as: rich).text == "[]")
            _ = await exchange.send("POST", Self.path, Self.bid + "&newClientOrderId=a", as: rich)
            let doubled = await exchange.send("POST", Self.path, Self.bid + "&newClientOrderId=a", as: rich)
            #expect(doubled.summary == "400 1006")
            #expect(doubled.detail("parameter") == "newClientOrderId")
            let crossing = "symbol=BTC-USDT&side=SELL&type=LIMIT_MAKER&quantity=0.5&price=30200"
            let postOnly = await exchange.send("POST", Self.path, crossing, as: rich)
            #expect(postOnly.summary == "409 1010")
            #expect(postOnly.detail("filter") == "POST_ONLY")
            let next = await exchange.send("POST", Self.path, Self.bid, as: rich)
            #expect(next["orderId"]?.integer == 2, "no order id is spent by a refusal")
        }
    }

    @Test("an order that is not there is 404, named as it was asked for")
    func unknownOrders() async throws {
        try await ServiceFixture.with { exchange in
            let owner = try await exchange.trader()
            let other = try await exchange.trader()
            _ = await exchange.send("POST", Self.path, Self.bid + "&newClientOrderId=mine", as: owner)
            for (name, parameter) in [
                ("orderId=1", "orderId"), ("orderId=99", "orderId"), ("clientOrderId=mine", "clientOrderId"),
                ("origClientOrderId=mine", "origClientOrderId"),
            ] {
                for method in ["GET", "DELETE"] {
                    let answer = await exchange.send(method, Self.path, "symbol=BTC-USDT&\(name)", as: other)
                    #expect(answer.summary == "404 1006", "\(method) \(name)")
                    #expect(answer.detail("parameter") == parameter)
                }
            }
            let elsewhere = await exchange.send("GET", Self.path, "symbol=ETH-USDT&orderId=1", as: owner)
            #expect(elsewhere.summary == "404 1006")
            _ = await exchange.send("DELETE", Self.path, "symbol=BTC-USDT&orderId=1", as: owner)
            let again = await exchange.send("DELETE", Self.path, "symbol=BTC-USDT&orderId=1", as: owner)
            #expect(again.summary == "404 1006")
            let unknown = await exchange.send("DELETE", Self.path, "symbol=NOPE&orderId=1", as: owner)
            #expect(unknown.summary == "400 1006")
            #expect(unknown.detail("parameter") == "symbol")
        }
    }

    @Test("by client id the newest order is found")
    func newest() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            for id in 1...3 {
                _ = await exchange.send("POST", Self.path, Self.bid + "&newClientOrderId=same", as: trader)
                if id < 3 { _ = await exchange.send("DELETE", Self.path, "symbol=BTC-USDT&orderId=\(id)", as: trader) }
                let found = await exchange.send("GET", Self.path, "symbol=BTC-USDT&clientOrderId=same", as: trader)
                #expect(found["orderId"]?.integer == Int64(id))
            }
        }
    }

    @Test("many orders at once are each answered with their own")
    func concurrent() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let limits = ChangeAccount(
                account: trader.account, level: .vip, requestsPerMinute: .max, ordersPerSecond: .max)
            _ = try await exchange.node.submit(.changeAccount(limits))
            await withTaskGroup(of: (Int, String?).self) { group in
                for index in 0..<100 {
                    group.addTask {
                        let query =
                            "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=\(20_000 + index)"
                        let answer = await exchange.send(
                            "POST", Self.path, query + "&newClientOrderId=o\(index)", as: trader)
                        return (index, answer["clientOrderId"]?.text)
                    }
                }
                for await (index, name) in group { #expect(name == "o\(index)") }
            }
            let open = await exchange.send("GET", "/v1/trading/openOrders", as: trader)
            #expect(open.json.items?.count == 100)
        }
    }

    @Test("while the exchange stops, orders are 503 and readiness is gone")
    func draining() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            #expect(await exchange.send("GET", "/health/ready").status == 200)
            await exchange.node.drain()
            let answer = await exchange.send("POST", Self.path, Self.bid, as: trader)
            #expect(answer.summary == "503 1001")
            #expect(answer.header("Retry-After") == "1")
            #expect(await exchange.send("GET", "/health/ready").summary == "503 1001")
            #expect(await exchange.send("GET", "/health/live").status == 200)
        }
    }
}
