import Foundation
import SyncronWire
import Testing

@Suite("end to end: trading", .serialized)
struct TradingTests {
    let directory: TemporaryDirectory
    let exchange: ExchangeProcess

    init() throws {
        directory = try TemporaryDirectory()
        exchange = try ExchangeProcess(data: directory.path)
    }

    @Test("two orders trade, and everything tells of it")
    func trade() async throws {
        let seller = try await exchange.trader(["BTC": "1"])
        let buyer = try await exchange.trader(["USDT": "100000"])
        let resting = try await seller.limit("SELL", "0.5", "30200.00", "&newClientOrderId=my_order_id_123")
        #expect(resting.status == 200)
        #expect(resting.json["status"]?.text == "NEW")
        #expect(resting.json["price"]?.text == "30200.00")
        #expect(resting.json["origQty"]?.text == "0.5")
        #expect(resting.json["executedQty"]?.text == "0")
        #expect(resting.json["clientOrderId"]?.text == "my_order_id_123")
        #expect(try await seller.balance("BTC") == ("0.50000000", "0.50000000"))

        let taken = try await buyer.limit("BUY", "0.2", "30300.00")
        #expect(taken.json["status"]?.text == "FILLED")
        #expect(taken.json["cummulativeQuoteQty"]?.text == "6040")
        let fill = taken.json["fills"]?[0]
        #expect(fill?["price"]?.text == "30200.00")
        #expect(fill?["qty"]?.text == "0.2")
        #expect(fill?["commission"]?.text == "0.00030000")
        #expect(fill?["commissionAsset"]?.text == "BTC")
        #expect(try await buyer.balance("BTC") == ("0.19970000", "0.00000000"))
        #expect(try await buyer.balance("USDT") == ("93960.00000000", "0.00000000"))
        #expect(try await seller.balance("USDT") == ("6033.96000000", "0.00000000"))

        let book = try await exchange.get("/v1/market/orderbook?symbol=BTCUSDT")
        #expect(book.json["asks"]?[0]?[0]?.text == "30200.00")
        #expect(book.json["asks"]?[0]?[1]?.text == "0.3")
        #expect(book.json["bids"]?.items?.isEmpty == true)
        let trades = try await exchange.get("/v1/market/trades?symbol=btc-usdt")
        #expect(trades.json[0]?["price"]?.text == "30200.00")
        #expect(trades.json[0]?["isBuyerMaker"]?.boolean == false)
        let ticker = try await exchange.get("/v1/market/ticker?symbol=BTC-USDT")
        #expect(ticker.json["price"]?.text == "30200.00")
        #expect(ticker.json["volume"]?.text == "0.2")
        let candles = try await exchange.get("/v1/market/klines?symbol=BTC-USDT&interval=1m")
        #expect(candles.json[0]?[4]?.text == "30200.00")
        #expect(candles.json[0]?.items?.count == 12)

        let query = "symbol=BTC-USDT&orderId=\(resting.json["orderId"]?.integer ?? 0)"
        let found = try await seller.send("GET", "/v1/trading/order", query)
        #expect(found.json["status"]?.text == "PARTIALLY_FILLED")
        #expect(found.json["executedQty"]?.text == "0.2")
        let canceled = try await seller.send("DELETE", "/v1/trading/order", query)
        #expect(canceled.json["status"]?.text == "CANCELED")
        #expect(try await seller.balance("BTC") == ("0.80000000", "0.00000000"))
        let ended = try await seller.send(
            "GET", "/v1/trading/order", "symbol=BTC-USDT&origClientOrderId=my_order_id_123")
        #expect(ended.json["status"]?.text == "CANCELED")
        let ledger = try await exchange.admin("GET", "/admin/ledger")
        #expect(ledger.text.contains(#""balanced":true"#))
    }

    @Test("a market order by quote amount spends whole steps and no more")
    func quote() async throws {
        let seller = try await exchange.trader(["BTC": "1"])
        let buyer = try await exchange.trader(["USDT": "1000"])
        _ = try await seller.limit("SELL", "1", "60000.00")
        let order = try await buyer.place("symbol=BTC-USDT&side=BUY&type=MARKET&quoteOrderQty=100")
        #expect(order.json["status"]?.text == "FILLED")
        #expect(order.json["executedQty"]?.text == "0.00166")
        #expect(order.json["origQty"]?.text == "0.00166")
        #expect(order.json["cummulativeQuoteQty"]?.text == "99.6")
        #expect(order.json["price"]?.text == "0.00")
    }

    @Test(
        "what is refused says why and changes nothing",
        arguments: [
            ("type=LIMIT&timeInForce=GTC&quantity=1&price=60000.001", 400, 1006, "price"),
            ("type=LIMIT&timeInForce=GTC&quantity=0.000001&price=60000", 400, 1006, "quantity"),
            ("type=LIMIT&timeInForce=GTC&quantity=1", 400, 1006, "price"),
            ("type=LIMIT&quantity=1&price=60000", 400, 1006, "timeInForce"),
            ("type=LIMIT&timeInForce=GTC&quantity=1e3&price=60000", 400, 1006, "quantity"),
            ("type=LIMIT&timeInForce=GTC&quantity=-1&price=60000", 400, 1006, "quantity"),
            ("type=LIMIT&timeInForce=XYZ&quantity=1&price=60000", 400, 1006, "timeInForce"),
            ("type=MARKET&quantity=1&price=60000", 400, 1006, "price"),
            ("type=MARKET&quantity=1&timeInForce=GTC", 400, 1006, "timeInForce"),
            ("type=LIMIT_MAKER&quantity=1&price=60000&timeInForce=GTC", 400, 1006, "timeInForce"),
            ("type=LIMIT&timeInForce=GTC&quantity=0.00001&price=60000", 400, 1006, "quantity"),
            ("type=LIMIT&timeInForce=GTC&quantity=1&price=60000&price=60000", 400, 1006, "price"),
            ("type=LIMIT&timeInForce=GTC&quantity=1&price=60000&newClientOrderId=a%20b", 400, 1006, "newClientOrderId"),
        ])
    func refused(_ parameters: String, _ status: Int, _ code: Int64, _ parameter: String) async throws {
        let trader = try await exchange.trader(["USDT": "100000"])
        let answer = try await trader.place("symbol=BTC-USDT&side=BUY&\(parameters)")
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.code == code, "\(answer.text)")
        #expect(answer.parameter == parameter, "\(answer.text)")
        #expect(try await trader.balance("USDT") == ("100000.00000000", "0.00000000"))
    }

    @Test("too little money is 1008 with the figures")
    func insufficient() async throws {
        let trader = try await exchange.trader(["USDT": "20"])
        let answer = try await trader.limit("BUY", "0.01", "10000.00")
        #expect(answer.status == 409)
        #expect(answer.code == 1008)
        #expect(answer.json["details"]?["asset"]?.text == "USDT")
        #expect(answer.json["details"]?["required"]?.text == "100.00000000")
        #expect(answer.json["details"]?["available"]?.text == "20.00000000")
    }

    @Test("a halted market takes no orders and lets go of those it has")
    func halt() async throws {
        let trader = try await exchange.trader(["USDT": "1000"])
        let order = try await trader.limit("BUY", "0.01", "10000.00")
        #expect(try await exchange.admin("POST", "/admin/markets/BTC-USDT/halt").status == 200)
        let refused = try await trader.limit("BUY", "0.01", "10000.00")
        #expect(refused.status == 409)
        #expect(refused.code == 1009)
        let query = "symbol=BTC-USDT&orderId=\(order.json["orderId"]?.integer ?? 0)"
        #expect(try await trader.send("DELETE", "/v1/trading/order", query).status == 200)
        #expect(try await exchange.admin("POST", "/admin/markets/BTC-USDT/resume").status == 200)
        #expect(try await trader.limit("BUY", "0.01", "10000.00").status == 200)
    }

    @Test("an order that is asked for right after it was acknowledged is found")
    func readYourWrites() async throws {
        let trader = try await exchange.trader(["USDT": "100000"])
        for index in 0..<50 {
            let placed = try await trader.limit("BUY", "0.001", "10000.00", "&newClientOrderId=r\(index)")
            let query = "symbol=BTC-USDT&clientOrderId=r\(index)"
            #expect(try await trader.send("GET", "/v1/trading/order", query).json["orderId"] == placed.json["orderId"])
            _ = try await trader.send("DELETE", "/v1/trading/order", query)
            #expect(try await trader.send("GET", "/v1/trading/order", query).json["status"]?.text == "CANCELED")
        }
    }
}
