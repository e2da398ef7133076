import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Margin over the service: orders", .timeLimit(.minutes(3)))
struct MarginOrderServiceTests {
    private static let buy = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&newClientOrderId=mine"

    /// Someone with 1 BTC at an index of 30,000, and a seller and a buyer of spot.
    private func stage(
        _ body: (ServiceFixture, _ trader: ServiceFixture.Trader, _ maker: ServiceFixture.Trader) async throws -> Void
    ) async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.index(#"{"BTC":"30000.00"}"#)
            let trader = try await exchange.marginTrader(["BTC": "1", "USDT": "1000"])
            try await body(exchange, trader, try await exchange.trader())
        }
    }

    @Test("MARGIN_BUY borrows what is lacking, and a cancelled order gives it back")
    func marginBuy() async throws {
        try await stage { exchange, trader, _ in
            let time = exchange.node.now.milliseconds
            let placed = await exchange.margin(
                "POST", "order", "\(Self.buy)&quantity=0.1&price=20000.00&sideEffectType=MARGIN_BUY", as: trader)
            let order =
                #"{"orderId":1,"symbol":"BTC-USDT","status":"NEW","clientOrderId":"mine","price":"20000.00","#
                + #""origQty":"0.1","executedQty":"0","type":"LIMIT","side":"BUY","timeInForce":"GTC","#
                + #""transactTime":\#(time),"cummulativeQuoteQty":"0","avgPrice":"0.00","stopPrice":"0.00","#
                + #""icebergQty":"0","origQuoteOrderQty":"0","time":\#(time),"updateTime":\#(time),"isWorking":true,"#
                + #""selfTradePreventionMode":"EXPIRE_MAKER""#
            let effects =
                #","marginBuyBorrowAmount":"1000.00000000","marginBuyBorrowAsset":"USDT","sideEffectType":"MARGIN_BUY""#
            #expect(placed.text == order + effects + #","fills":[]}"#)
            let shown = await exchange.margin("GET", "order", "symbol=BTC-USDT&orderId=1", as: trader)
            #expect(shown.text == order + effects + "}")
            for path in ["openOrders", "allOrders"] {
                #expect(
                    await exchange.margin("GET", path, "symbol=BTC-USDT", as: trader).text
                        == "[" + order + effects + "}]")
                #expect(await exchange.send("GET", "/v1/trading/\(path)", "symbol=BTC-USDT", as: trader).text == "[]")
            }
            let spot = await exchange.send("GET", "/v1/trading/order", "symbol=BTC-USDT&orderId=1", as: trader)
            #expect(spot.summary == "404 1006")
            let loans = await exchange.margin("GET", "loan", as: trader)
            #expect(loans["rows"]?[0]?["principal"]?.text == "1000.00000000" && loans["total"]?.integer == 1)

            let canceled = await exchange.margin(
                "DELETE", "order", "symbol=BTC-USDT&origClientOrderId=mine&newClientOrderId=gone", as: trader)
            #expect(canceled["status"]?.text == "CANCELED" && canceled["clientOrderId"]?.text == "gone")
            #expect(canceled["origClientOrderId"]?.text == "mine")
            let repaid = await exchange.margin("GET", "repay", as: trader)
            #expect(repaid["rows"]?[0]?["amount"]?.text == "1000.00000000")
            #expect(repaid["rows"]?[0]?["interest"]?.text == "0.00833334", "interest first")
            #expect(await exchange.marginBalance("USDT", of: trader).contains(#""borrowed":"0.00833334","#))
            let ended = await exchange.margin("GET", "order", "symbol=BTC-USDT&orderId=1", as: trader)
            #expect(ended["status"]?.text == "CANCELED" && ended["sideEffectType"]?.text == "MARGIN_BUY")
            #expect(ended["marginBuyBorrowAmount"]?.text == "1000.00000000")
        }
    }

    @Test("an order without a side effect says so, in every kind of answer")
    func plain() async throws {
        try await stage { exchange, trader, maker in
            for (type, isTold) in [("ACK", false), ("RESULT", true), ("FULL", true)] {
                let placed = await exchange.margin(
                    "POST", "order",
                    "symbol=BTC-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.1&price=31000.00"
                        + "&newOrderRespType=\(type)", as: trader)
                #expect(placed.status == 200, "\(placed.text)")
                #expect(
                    placed.text.contains(
                        #""marginBuyBorrowAmount":"0.00000000","marginBuyBorrowAsset":"BTC","#
                            + #""sideEffectType":"NO_SIDE_EFFECT""#) == isTold)
                #expect((placed["fills"] != nil) == (type == "FULL"))
            }
            // They rest in the spot market's book, and are told apart from spot orders of the same account.
            try await exchange.fund(trader.account, "BTC", "1")
            let spot = await exchange.send(
                "POST", "/v1/trading/order",
                "symbol=BTC-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.2&price=31000.00", as: trader)
            #expect(spot["sideEffectType"] == nil)
            let depth = await exchange.send("GET", "/v1/market/depth", "symbol=BTC-USDT")
            #expect(depth["asks"]?[0]?[1]?.text == "0.5")
            let bought = await exchange.send(
                "POST", "/v1/trading/order", "symbol=BTC-USDT&side=BUY&type=MARKET&quantity=0.5", as: maker)
            #expect(bought["status"]?.text == "FILLED")
            let trades = await exchange.margin("GET", "myTrades", "symbol=BTC-USDT", as: trader)
            #expect(trades.json.items?.count == 3)
            #expect(trades.json[0]?["isMarginTrade"] == .bool(true) && trades.json[0]?["isMaker"] == .bool(true))
            let own = await exchange.send("GET", "/v1/account/trades", "symbol=BTC-USDT", as: trader)
            #expect(own.json.items?.count == 1 && own.json[0]?["isMarginTrade"] == nil)
        }
    }

    @Test("AUTO_REPAY repays with what each fill brings, after commission")
    func autoRepay() async throws {
        try await stage { exchange, trader, maker in
            _ = await exchange.margin("POST", "loan", "asset=USDT&amount=12000", as: trader)
            let bid = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=30000.00"
            _ = await exchange.send("POST", "/v1/trading/order", bid, as: maker)
            let sold = await exchange.margin(
                "POST", "order", "symbol=BTC-USDT&side=SELL&type=MARKET&quantity=0.1&sideEffectType=AUTO_REPAY",
                as: trader)
            #expect(sold["status"]?.text == "FILLED" && sold["sideEffectType"]?.text == "AUTO_REPAY", "\(sold.text)")
            #expect(sold["fills"]?[0]?["commission"]?.text == "4.50000000")
            let repaid = await exchange.margin("GET", "repay", as: trader)
            #expect(repaid["rows"]?[0]?["amount"]?.text == "2995.50000000", "\(repaid.text)")
            #expect(await exchange.marginBalance("USDT", of: trader).contains(#""borrowed":"9004.60000000""#))
        }
    }

    @Test("all spot parameters are taken; what spot refuses is refused alike")
    func parameters() async throws {
        try await stage { exchange, trader, _ in
            let base = "symbol=BTC-USDT&side=SELL&quantity=0.1"
            let good = [
                "type=STOP_LOSS&stopPrice=20000.00",
                "type=STOP_LOSS_LIMIT&stopPrice=20000.00&price=19900.00&timeInForce=GTC",
                "type=TAKE_PROFIT&stopPrice=40000.00&trailingDelta=100",
                "type=LIMIT&price=40000.00&timeInForce=GTC&icebergQty=0.05&cancelAfter=60000",
                "type=LIMIT_MAKER&price=40000.00&selfTradePreventionMode=EXPIRE_TAKER",
            ]
            for query in good {
                let test = await exchange.margin("POST", "order/test", "\(base)&\(query)", as: trader)
                #expect(test.text == "{}", "\(query): \(test.text)")
                let placed = await exchange.margin("POST", "order", "\(base)&\(query)", as: trader)
                #expect(placed.status == 200, "\(query): \(placed.text)")
                #expect(placed["isWorking"] == .bool(query.hasPrefix("type=LIMIT")), "\(query)")
            }
            let bad = [
                ("type=LIMIT&price=1.001&timeInForce=GTC", "price"), ("type=MARKET&price=1.00", "price"),
                ("type=LIMIT&price=40000.00&timeInForce=GTC&sideEffectType=BORROW", "sideEffectType"),
                ("type=STOP_LOSS", "stopPrice"),
            ]
            for (query, parameter) in bad {
                for path in ["order/test", "order"] {
                    let answer = await exchange.margin("POST", path, "\(base)&\(query)", as: trader)
                    #expect(answer.summary == "400 1006" && answer.detail("parameter") == parameter, "\(query)")
                }
            }
            let all = await exchange.margin("DELETE", "openOrders", "symbol=BTC-USDT", as: trader)
            #expect(all.json.items?.count == good.count)
            #expect(all.json.items?.allSatisfy { $0["origClientOrderId"] == $0["clientOrderId"] } == true)
            #expect(await exchange.margin("DELETE", "openOrders", "symbol=BTC-USDT", as: trader).text == "[]")
            #expect(await exchange.marginBalance("BTC", of: trader).contains(#""locked":"0.00000000""#))
        }
    }

    @Test("margin has counters of its own, and its orders count in its order rate")
    func rates() async throws {
        try await stage { exchange, trader, _ in
            let order = "symbol=BTC-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01&price=40000.00"
            for _ in 0..<10 {
                #expect(await exchange.margin("POST", "order", order, as: trader).status == 200)
            }
            let eleventh = await exchange.margin("POST", "order", order, as: trader)
            #expect(eleventh.summary == "429 1003")
            #expect(eleventh.header("X-SYNCRON-ORDERLIMIT-REMAINING") == "0")
            let spot = await exchange.send("POST", "/v1/trading/order", order, as: trader)
            #expect(spot.summary == "409 1008", "spot's own counter")
            let before = await exchange.margin("GET", "collateralRatio", as: trader)
            let after = await exchange.margin("GET", "account", as: trader)
            let left = [before, after].compactMap { $0.header("X-SYNCRON-RATELIMIT-REMAINING").flatMap { Int($0) } }
            #expect(left.count == 2 && left[0] - left[1] == 10)
        }
    }

    @Test("keys need the permission of each call")
    func permissions() async throws {
        try await stage { exchange, trader, _ in
            let money = "asset=USDT&amount=1"
            let order = "symbol=BTC-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01&price=40000.00"
            let calls: [(String, String, String, Permissions)] = [
                ("GET", "account", "", .read), ("GET", "loan", "", .read),
                ("POST", "loan", money, [.trade, .transfer]),
                ("POST", "repay", money, [.trade, .transfer]),
                ("POST", "transfer", "\(money)&type=1", [.trade, .transfer]),
                ("POST", "order", order, .trade), ("POST", "order/test", order, .trade),
                ("DELETE", "openOrders", "symbol=BTC-USDT", .trade),
            ]
            for permission in [Permissions.read, .trade, .withdraw, .transfer] {
                let key = try await exchange.key(of: trader.account, permissions: permission)
                for (method, path, query, wanted) in calls {
                    let answer = await exchange.margin(method, path, query, as: key)
                    #expect((answer.summary == "403 1002") == wanted.isDisjoint(with: permission), "\(path): \(answer)")
                }
            }
        }
    }
}
