import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Futures over the service: orders", .timeLimit(.minutes(3)))
struct FuturesOrderServiceTests {
    private let symbol = "symbol=BTC-USDT-PERP"

    @Test("an order's life: placed, found by id and name, listed, cancelled")
    func life() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let alice = try await exchange.futuresTrader()
            let placed = await exchange.futuresOrder("BUY", "0.010", at: "59000.00", "newClientOrderId=a", as: alice)
            let time = exchange.node.now.milliseconds
            let id = placed["orderId"]?.integer ?? 0
            func order(_ status: String) -> String {
                #"{"orderId":\#(id),"symbol":"BTC-USDT-PERP","status":"\#(status)","clientOrderId":"a","#
                    + #""price":"59000.00","origQty":"0.01","executedQty":"0","type":"LIMIT","side":"BUY","#
                    + #""timeInForce":"GTC","transactTime":\#(time),"cummulativeQuoteQty":"0","avgPrice":"0.00","#
                    + #""stopPrice":"0.00","origQuoteOrderQty":"0","time":\#(time),"updateTime":\#(time),"#
                    + #""isWorking":true,"selfTradePreventionMode":"EXPIRE_MAKER","positionSide":"BOTH","#
                    + #""reduceOnly":false,"closePosition":false,"workingType":"CONTRACT_PRICE","#
                    + #""priceProtect":false,"activationPrice":"0.00","callbackRate":"0","origType":"LIMIT"}"#
            }
            #expect(placed.text == order("NEW"))
            for reference in ["orderId=\(id)", "clientOrderId=a", "origClientOrderId=a"] {
                let found = await exchange.futures("GET", "order", "\(symbol)&\(reference)", as: alice)
                #expect(found.text == order("NEW"))
            }
            for query in ["", symbol] {
                let open = await exchange.futures("GET", "openOrders", query, as: alice)
                #expect(open.text == "[\(order("NEW"))]")
            }
            // A spot order's routes do not know it, nor the other way round.
            #expect(await exchange.send("GET", "/v1/trading/openOrders", as: alice).text == "[]")
            let spot = await exchange.send("GET", "/v1/trading/order", "\(symbol)&orderId=\(id)", as: alice)
            #expect(spot.summary == "400 1006")
            #expect(
                await exchange.futures("GET", "order", "symbol=BTC-USDT&orderId=\(id)", as: alice).summary
                    == "400 1006")
            let canceled = await exchange.futures("DELETE", "order", "\(symbol)&orderId=\(id)", as: alice)
            #expect(canceled.text == order("CANCELED"))
            let again = await exchange.futures("DELETE", "order", "\(symbol)&orderId=\(id)", as: alice)
            #expect(again.summary == "404 1006")
            #expect(await exchange.futures("GET", "openOrders", as: alice).text == "[]")
            #expect(await exchange.futures("GET", "allOrders", symbol, as: alice).text == "[\(order("CANCELED"))]")
            _ = await exchange.futuresOrder("BUY", "0.01", at: "58000.00", as: alice)
            _ = await exchange.futuresOrder("SELL", "0.01", at: "62000.00", as: alice)
            let all = await exchange.futures("DELETE", "openOrders", symbol, as: alice)
            #expect(all.json.items?.map { $0["status"]?.text } == ["CANCELED", "CANCELED"])
            #expect(await exchange.futures("DELETE", "openOrders", symbol, as: alice).text == "[]")
        }
    }

    @Test("each conditional type waits, and is shown with its own parameters")
    func conditional() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader(), try await exchange.futuresTrader())
            try await exchange.trade("0.1", at: "60000.00", buyer: alice, seller: bob)
            let cases: [(String, [String: String])] = [
                (
                    "type=STOP&timeInForce=GTC&quantity=0.1&price=57900.00&stopPrice=58000.00&workingType=MARK_PRICE",
                    ["type": "STOP", "stopPrice": "58000.00", "price": "57900.00", "workingType": "MARK_PRICE"]
                ),
                (
                    "type=STOP_MARKET&closePosition=true&stopPrice=58000.00",
                    ["type": "STOP_MARKET", "origQty": "0", "price": "0.00", "workingType": "CONTRACT_PRICE"]
                ),
                (
                    "type=TAKE_PROFIT&timeInForce=GTC&quantity=0.1&price=63000.00&stopPrice=62500.00",
                    ["type": "TAKE_PROFIT", "stopPrice": "62500.00"]
                ),
                (
                    "type=TAKE_PROFIT_MARKET&quantity=0.1&stopPrice=62500.00&reduceOnly=true&priceProtect=true",
                    ["type": "TAKE_PROFIT_MARKET", "stopPrice": "62500.00"]
                ),
                (
                    "type=TRAILING_STOP_MARKET&quantity=0.1&activationPrice=61000.00&callbackRate=1.5",
                    [
                        "type": "TRAILING_STOP_MARKET", "stopPrice": "0.00", "activationPrice": "61000.00",
                        "callbackRate": "1.5", "origType": "TRAILING_STOP_MARKET",
                    ]
                ),
            ]
            for (query, expected) in cases {
                let placed = await exchange.futures("POST", "order", "\(symbol)&side=SELL&\(query)", as: alice)
                #expect(placed["status"]?.text == "PENDING_TRIGGER", "\(placed.text)")
                #expect(placed["isWorking"] == .bool(false))
                for (name, value) in expected { #expect(placed[name]?.text == value, "\(name): \(placed.text)") }
            }
            // A percentage is no money: a JSON number will do.
            let body =
                #"{"symbol":"BTC-USDT-PERP","side":"SELL","type":"TRAILING_STOP_MARKET","quantity":"0.1","callbackRate":1}"#
            let number = await exchange.send(
                "POST", "/v1/futures/order", body: body, contentType: "application/json", as: alice)
            #expect(number["callbackRate"]?.text == "1", "\(number.text)")
            let quantity = body.replacing(#""0.1""#, with: "0.1")
            let refused = await exchange.send(
                "POST", "/v1/futures/order", body: quantity, contentType: "application/json", as: alice)
            #expect(refused.summary == "400 1006" && refused.detail("parameter") == "quantity")
            let open = await exchange.futures("GET", "openOrders", as: alice).json.items ?? []
            #expect(open.map { $0["closePosition"] == .bool(true) } == [false, true, false, false, false, false])
            #expect(open.map { $0["reduceOnly"] == .bool(true) } == [false, false, false, true, false, false])
            #expect(open.map { $0["priceProtect"] == .bool(true) } == [false, false, false, true, false, false])
        }
    }

    @Test("trades and income tell what was realised and paid")
    func records() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader(), try await exchange.futuresTrader())
            try await exchange.trade("0.1", at: "60000.00", buyer: alice, seller: bob)
            try await exchange.trade("0.1", at: "61000.00", buyer: bob, seller: alice)
            let trades = await exchange.futures("GET", "trades", symbol, as: alice)
            let time = exchange.node.now.milliseconds
            #expect(
                trades.text
                    == #"[{"symbol":"BTC-USDT-PERP","id":2,"orderId":3,"side":"SELL","positionSide":"BOTH","#
                    + #""price":"61000.00","qty":"0.1","quoteQty":"6100","realizedPnl":"100.00000000","#
                    + #""commission":"1.22000000","commissionAsset":"USDT","time":\#(time),"isBuyer":false,"#
                    + #""isMaker":true},{"symbol":"BTC-USDT-PERP","id":1,"orderId":2,"side":"BUY","#
                    + #""positionSide":"BOTH","price":"60000.00","qty":"0.1","quoteQty":"6000","#
                    + #""realizedPnl":"0.00000000","commission":"3.00000000","commissionAsset":"USDT","#
                    + #""time":\#(time),"isBuyer":true,"isMaker":false}]"#)
            #expect(await exchange.send("GET", "/v1/account/trades", symbol, as: alice).summary == "400 1006")
            let income = await exchange.futures("GET", "income", symbol, as: alice).json.items ?? []
            #expect(
                income.map { "\($0["incomeType"]?.text ?? "") \($0["income"]?.text ?? "")" } == [
                    "COMMISSION -1.22000000", "REALIZED_PNL 100.00000000", "COMMISSION -3.00000000",
                ])
            #expect(income.allSatisfy { $0["time"]?.integer == time && $0["tranId"]?.integer != nil })
            let loss = await exchange.futures("GET", "income", "incomeType=REALIZED_PNL&limit=1", as: bob)
            #expect(loss.json[0]?["income"]?.text == "-100.00000000")
            for wrong in ["incomeType=NOPE", "limit=0", "limit=1001", "endTime=x", "symbol=BTC-USDT"] {
                #expect(await exchange.futures("GET", "income", wrong, as: alice).summary == "400 1006", "\(wrong)")
            }
        }
    }

    @Test("at market: fills at once, and what it has not filled expires")
    func market() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader(), try await exchange.futuresTrader())
            _ = await exchange.futuresOrder("SELL", "0.1", at: "60000.00", as: bob)
            let bought = await exchange.futures(
                "POST", "order", "\(symbol)&side=BUY&type=MARKET&quantity=0.2", as: alice)
            #expect(bought["status"]?.text == "EXPIRED" && bought["executedQty"]?.text == "0.1", "\(bought.text)")
            #expect(bought["avgPrice"]?.text == "60000.00" && bought["price"]?.text == "0.00")
            #expect(bought["fills"] == nil && bought["icebergQty"] == nil)
            let short = await exchange.futures(
                "POST", "order",
                "\(symbol)&side=SELL&type=LIMIT&timeInForce=IOC&quantity=0.1&price=60000.00"
                    + "&newOrderRespType=ACK", as: alice)
            #expect(short.json.members?.map(\.name) == ["orderId", "symbol", "clientOrderId", "transactTime"])
        }
    }
}
