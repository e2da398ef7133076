import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Conditional orders, lists and changes over the service")
struct OrderChangeServiceTests {
    private static let order = "/v1/trading/order"

    private func limit(_ side: String, _ quantity: String, _ price: String) -> String {
        "symbol=BTC-USDT&side=\(side)&type=LIMIT&timeInForce=GTC&quantity=\(quantity)&price=\(price)"
    }

    /// One trade at the price, between two people of no further use.
    private func trade(at price: String, _ exchange: ServiceFixture) async throws {
        let (seller, buyer) = (try await exchange.trader(), try await exchange.trader())
        _ = await exchange.send("POST", Self.order, limit("SELL", "0.001", price), as: seller)
        let bought = await exchange.send("POST", Self.order, limit("BUY", "0.001", price), as: buyer)
        #expect(bought["status"]?.text == "FILLED")
    }

    @Test("a stop waits, is refused where it would fire at once, and fires on a trade of others")
    func stop() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            try await trade(at: "30000.00", exchange)
            let stop = "symbol=BTC-USDT&side=SELL&type=STOP_LOSS_LIMIT&timeInForce=GTC&quantity=1&price=28000.00"
            let refused = await exchange.send("POST", Self.order, stop + "&stopPrice=30000.00", as: trader)
            #expect(refused.summary == "409 1010" && refused.detail("filter") == "TRIGGER")
            let waiting = await exchange.send("POST", Self.order, stop + "&stopPrice=29000.00", as: trader)
            #expect(waiting["status"]?.text == "PENDING_TRIGGER" && waiting["isWorking"]?.boolean == false)
            #expect(waiting["stopPrice"]?.text == "29000.00")
            try await trade(at: "29000.00", exchange)
            let id = try #require(waiting["orderId"]?.integer)
            let fired = await exchange.send("GET", Self.order, "symbol=BTC-USDT&orderId=\(id)", as: trader)
            #expect(fired["status"]?.text == "NEW" && fired["isWorking"]?.boolean == true)
            let book = await exchange.send("GET", "/v1/market/orderbook", "symbol=BTC-USDT")
            #expect(book["asks"]?[0]?[0]?.text == "28000.00")
        }
    }

    @Test("a list is two orders; cancelling one cancels both, and what was held is free again")
    func list() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            try await trade(at: "30000.00", exchange)
            let list = "symbol=BTC-USDT&side=SELL&quantity=1&price=31000.00&stopPrice=29000.00"
            let wrong = list.replacing("31000.00", with: "29500.00")
            let refused = await exchange.send("POST", Self.order + "/oco", wrong, as: trader)
            #expect(refused.summary == "409 1010" && refused.detail("filter") == "TRIGGER")
            #expect(refused.detail("parameter") == "price")
            for (parameter, value, filter) in [
                ("stopPrice", "30500.00", "TRIGGER"), ("stopLimitPrice", "5000.00", "PERCENT_PRICE_BY_SIDE"),
            ] {
                let wrong =
                    (parameter == "stopPrice" ? list.replacing("29000.00", with: value) : list)
                    + "&stopLimitPrice=\(parameter == "stopPrice" ? "28000.00" : value)&stopLimitTimeInForce=GTC"
                let refused = await exchange.send("POST", Self.order + "/oco", wrong, as: trader)
                #expect(refused.detail("filter") == filter && refused.detail("parameter") == parameter, "\(refused)")
            }
            let placed = await exchange.send("POST", Self.order + "/oco", list, as: trader)
            let orders = try #require(placed["orders"]?.items)
            #expect(orders.map { $0["type"]?.text } == ["LIMIT_MAKER", "STOP_LOSS"])
            #expect(orders.map { $0["status"]?.text } == ["NEW", "PENDING_TRIGGER"])
            #expect(orders.allSatisfy { $0["fills"] == .array([]) })
            let held = await exchange.send("GET", "/v1/account/info", as: trader)
            #expect(held.text.contains(#"{"asset":"BTC","free":"9.00000000","locked":"1.00000000"}"#), "\(held.text)")
            let id = try #require(orders[1]["orderId"]?.integer)
            let canceled = await exchange.send("DELETE", Self.order, "symbol=BTC-USDT&orderId=\(id)", as: trader)
            #expect(canceled["orderId"]?.integer == id && canceled["status"]?.text == "CANCELED")
            let open = await exchange.send("GET", "/v1/trading/openOrders", "symbol=BTC-USDT", as: trader)
            #expect(open.text == "[]")
            let free = await exchange.send("GET", "/v1/account/info", as: trader)
            #expect(free.text.contains(#"{"asset":"BTC","free":"10.00000000","locked":"0.00000000"}"#))
        }
    }

    @Test("what is wrong with a list or an iceberg is named as the client named it")
    func namedAsGiven() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            try await trade(at: "30000.00", exchange)
            _ = await exchange.send(
                "POST", Self.order, limit("BUY", "1", "29000.00") + "&newClientOrderId=open", as: trader)
            let list = "symbol=BTC-USDT&side=SELL&quantity=1&price=31000.00&stopPrice=29000.00"
            let cases = [
                ("stopLimitPrice=28000.001&stopLimitTimeInForce=GTC", "stopLimitPrice"),
                ("limitClientOrderId=open", "limitClientOrderId"), ("stopClientOrderId=open", "stopClientOrderId"),
                ("limitClientOrderId=a&stopClientOrderId=a", "stopClientOrderId"),
            ]
            for (extra, parameter) in cases {
                let refused = await exchange.send("POST", Self.order + "/oco", "\(list)&\(extra)", as: trader)
                #expect(refused.summary == "400 1006" && refused.detail("parameter") == parameter, "\(refused.text)")
            }
            let iceberg = limit("BUY", "1", "29000.00") + "&icebergQty=0"
            let nothing = await exchange.send("POST", Self.order, iceberg, as: trader)
            #expect(nothing.summary == "400 1006" && nothing.detail("parameter") == "icebergQty")
            #expect(nothing.detail("filter") == "LOT_SIZE")
        }
    }

    @Test("an order is amended down in its place, up at the back, and not below what is executed")
    func amend() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let placed = await exchange.send("POST", Self.order, limit("BUY", "1", "30000.00"), as: trader)
            let name = "symbol=BTC-USDT&orderId=\(placed["orderId"]?.integer ?? 0)"
            let less = await exchange.send("PUT", Self.order, name + "&quantity=0.5", as: trader)
            #expect(less["origQty"]?.text == "0.5" && less["orderId"] == placed["orderId"])
            let other = await exchange.send("PUT", Self.order, name + "&price=29000.00", as: trader)
            #expect(other["price"]?.text == "29000.00" && other["fills"]?.items?.isEmpty == true)
            #expect(await exchange.send("PUT", Self.order, name, as: trader).status == 200)
            let none = await exchange.send("PUT", Self.order, name + "&quantity=0", as: trader)
            #expect(none.summary == "400 1006" && none.detail("parameter") == "quantity")
            let unknown = await exchange.send("PUT", Self.order, "symbol=BTC-USDT&orderId=999&quantity=1", as: trader)
            #expect(unknown.summary == "404 1006" && unknown.detail("parameter") == "orderId")
            let free = await exchange.send("GET", "/v1/account/info", as: trader)
            #expect(free.text.contains(#""free":"985500.00000000","locked":"14500.00000000""#), "\(free.text)")
        }
    }

    @Test("cancelReplace tells of both halves, 200 only when both succeed")
    func cancelReplace() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let placed = await exchange.send("POST", Self.order, limit("BUY", "1", "30000.00"), as: trader)
            let path = Self.order + "/cancelReplace"
            let ask = limit("BUY", "2", "29000.00") + "&cancelOrderId=\(placed["orderId"]?.integer ?? 0)"
            let both = await exchange.send("POST", path, ask, as: trader)
            #expect(both.status == 200 && both["newOrderResult"]?.text == "SUCCESS")
            #expect(both["cancelResponse"]?["status"]?.text == "CANCELED")
            let gone = await exchange.send("POST", path, ask, as: trader)
            #expect(gone.status == 409 && gone["cancelResult"]?.text == "FAILURE")
            #expect(gone["newOrderResult"]?.text == "NOT_ATTEMPTED" && gone["newOrderResponse"] == .null)
            #expect(gone["cancelResponse"]?["details"]?["parameter"]?.text == "cancelOrderId")
            let anyway = await exchange.send("POST", path, ask + "&cancelReplaceMode=ALLOW_FAILURE", as: trader)
            #expect(anyway.status == 409 && anyway["newOrderResult"]?.text == "SUCCESS")
        }
    }

    @Test("a batch answers each order in its place; those beyond the rate get 1003 there")
    func batch() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let good = #"{"symbol":"BTC-USDT","side":"BUY","type":"LIMIT_MAKER","quantity":"0.01","price":"30000.00"}"#
            let bad = #"{"symbol":"BTC-USDT","side":"BUY","type":"LIMIT_MAKER","quantity":0.01,"price":"1"}"#
            let orders = "[" + ([good, bad] + Array(repeating: good, count: 9)).joined(separator: ",") + "]"
            let answer = await exchange.send(
                "POST", "/v1/trading/orders", body: #"{"orders":\#(orders)}"#, contentType: "application/json",
                as: trader)
            let results = try #require(answer.json.items)
            #expect(answer.status == 200 && results.count == 11)
            #expect(results[0]["status"]?.text == "NEW" && results[1]["code"]?.integer == 1006)
            #expect(results[9]["status"]?.text == "NEW" && results[10]["code"]?.integer == 1003)
            #expect(answer.header("X-SYNCRON-ORDERLIMIT-LIMIT") == "10")
            #expect(answer.header("X-SYNCRON-ORDERLIMIT-REMAINING") == "0")
            let many = "[" + Array(repeating: good, count: 21).joined(separator: ",") + "]"
            let refused = await exchange.send("POST", "/v1/trading/orders", "orders=\(many)", as: trader)
            #expect(refused.summary == "400 1006" && refused.detail("parameter") == "orders")
            // What holds something else than orders is no batch: nothing of it is placed.
            for other in ["null", "7", "\"order\"", "[]"] {
                let mixed = await exchange.send(
                    "POST", "/v1/trading/orders", body: #"{"orders":[\#(good),\#(other)]}"#,
                    contentType: "application/json", as: trader)
                #expect(mixed.summary == "400 1006" && mixed.detail("parameter") == "orders")
            }
            let open = await exchange.send("GET", "/v1/trading/openOrders", "symbol=BTC-USDT", as: trader)
            #expect(open.json.items?.count == 9)
        }
    }

    @Test("the dead man's switch cancels what is open when its time has come")
    func countdown() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            _ = await exchange.send("POST", Self.order, limit("BUY", "1", "30000.00"), as: trader)
            let armed = await exchange.send("POST", "/v1/trading/cancelAllAfter", "countdown=5000", as: trader)
            #expect(armed.status == 200 && armed["countdown"]?.integer == 5_000)
            _ = try await exchange.node.advanceClock(byMilliseconds: 4_999)
            let before = await exchange.send("GET", "/v1/trading/openOrders", "symbol=BTC-USDT", as: trader)
            #expect(before.json.items?.count == 1)
            _ = try await exchange.node.advanceClock(byMilliseconds: 1)
            let after = await exchange.send("GET", "/v1/trading/openOrders", "symbol=BTC-USDT", as: trader)
            #expect(after.text == "[]")
        }
    }
}
