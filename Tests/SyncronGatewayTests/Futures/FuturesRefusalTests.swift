import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Futures over the service: refusals", .timeLimit(.minutes(3)))
struct FuturesRefusalTests {
    private let symbol = "symbol=BTC-USDT-PERP"

    @Test("what is malformed is 1006 with the parameter's name")
    func malformed() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let alice = try await exchange.futuresTrader()
            let limit = "side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.1&price=60000.00"
            let market = "side=BUY&type=MARKET&quantity=0.1"
            let trailing = "side=SELL&type=TRAILING_STOP_MARKET&quantity=0.1"
            let cases: [(String, String)] = [
                ("side=BUY&type=LIMIT&quantity=0.1&price=60000.00", "timeInForce"),
                ("side=BUY&type=LIMIT&timeInForce=GTC&price=60000.00", "quantity"),
                ("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.1", "price"),
                ("type=LIMIT&timeInForce=GTC&quantity=0.1&price=1", "side"),
                ("side=BUY&type=STOP_LOSS&quantity=0.1&stopPrice=1", "type"),
                ("side=BUY&type=STOP_LOSS_LIMIT&quantity=0.1&stopPrice=1&price=1", "type"),
                ("side=BUY&type=LIMIT_MAKER&quantity=0.1&price=1", "type"),
                ("\(limit)&stopPrice=1", "stopPrice"), ("\(limit)&icebergQty=0.1", "icebergQty"),
                ("\(limit)&callbackRate=1", "callbackRate"), ("\(limit)&positionSide=UP", "positionSide"),
                ("\(limit)&positionSide=LONG", "positionSide"), ("\(limit)&reduceOnly=maybe", "reduceOnly"),
                ("\(limit)&closePosition=true", "closePosition"), ("\(market)&price=1", "price"),
                ("\(market)&timeInForce=GTC", "timeInForce"),
                ("side=BUY&type=MARKET&quoteOrderQty=100", "quoteOrderQty"),
                ("side=BUY&type=STOP_MARKET&quantity=0.1", "stopPrice"),
                ("side=BUY&type=STOP_MARKET&quantity=0.1&stopPrice=61000.00&trailingDelta=10", "trailingDelta"),
                ("side=BUY&type=STOP_MARKET&quantity=0.1&stopPrice=61000.00&workingType=LAST", "workingType"),
                ("side=BUY&type=STOP_MARKET&quantity=0.1&stopPrice=61000.00&closePosition=true", "quantity"),
                (trailing, "callbackRate"), ("\(trailing)&callbackRate=0.09", "callbackRate"),
                ("\(trailing)&callbackRate=10.01", "callbackRate"),
                ("\(trailing)&callbackRate=1.001", "callbackRate"),
                ("\(trailing)&callbackRate=1&stopPrice=1", "stopPrice"),
            ]
            for (query, parameter) in cases {
                let answer = await exchange.futures("POST", "order", "\(symbol)&\(query)", as: alice)
                #expect(answer.summary == "400 1006", "\(query): \(answer.text)")
                #expect(answer.detail("parameter") == parameter, "\(query): \(answer.text)")
            }
            let spot = await exchange.futures("POST", "order", "symbol=BTC-USDT&\(limit)", as: alice)
            #expect(spot.summary == "400 1006" && spot.detail("parameter") == "symbol")
            for filter in [("0.0001", "60000.00", "LOT_SIZE"), ("0.1", "60000.05", "PRICE_FILTER")] {
                let answer = await exchange.futuresOrder("BUY", filter.0, at: filter.1, as: alice)
                #expect(answer.summary == "400 1006" && answer.detail("filter") == filter.2, "\(answer.text)")
            }
            #expect(await exchange.futures("GET", "openOrders", as: alice).text == "[]")
        }
    }

    @Test("risk filters are 409 1010 with their names")
    func filters() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader("900000"), try await exchange.futuresTrader("900000"))
            func refused(_ query: String, _ filter: String) async {
                let answer = await exchange.futures("POST", "order", "\(symbol)&\(query)", as: alice)
                #expect(answer.summary == "409 1010" && answer.detail("filter") == filter, "\(answer.text)")
            }
            let limit = "type=LIMIT&timeInForce=GTC"
            await refused("side=SELL&\(limit)&quantity=0.1&price=60000.00&reduceOnly=true", "REDUCE_ONLY")
            _ = await exchange.futures("POST", "leverage", "\(symbol)&leverage=125", as: alice)
            await refused("side=BUY&\(limit)&quantity=0.834&price=60000.00", "MAX_NOTIONAL")
            await refused("side=BUY&\(limit)&quantity=0.01&price=300000.10", "PERCENT_PRICE_BY_SIDE")
            try await exchange.trade("0.1", at: "60000.00", buyer: alice, seller: bob)
            await refused("side=SELL&type=STOP_MARKET&quantity=0.1&stopPrice=60000.00", "TRIGGER")
            await refused(
                "side=SELL&type=STOP_MARKET&quantity=0.1&stopPrice=60000.00&workingType=MARK_PRICE", "TRIGGER")
            let raised = await exchange.futures("POST", "leverage", "\(symbol)&leverage=50", as: bob)
            #expect(raised.status == 200)
            let resting = await exchange.futuresOrder("BUY", "2", at: "55000.00", as: bob)
            #expect(resting.status == 200, "\(resting.text)")
            let capped = await exchange.futures("POST", "leverage", "\(symbol)&leverage=125", as: bob)
            #expect(capped.summary == "409 1010" && capped.detail("filter") == "MAX_NOTIONAL")
            #expect(capped.detail("parameter") == "leverage")
        }
    }

    @Test("too little margin is 1008 with the figures, a fill below maintenance 1007, a closed market 1009")
    func balances() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader("606"), try await exchange.futuresTrader())
            #expect(await exchange.futuresOrder("BUY", "0.1", at: "60000.00", as: alice).status == 200)
            #expect(await exchange.futuresOrder("SELL", "0.1", at: "66000.00", as: alice).status == 200)
            #expect(await exchange.futures("GET", "account", as: alice)["availableBalance"]?.text == "276.00000000")
            let more = await exchange.futuresOrder("BUY", "0.2", at: "60000.00", as: alice)
            #expect(more.summary == "409 1008", "\(more.text)")
            #expect(more.detail("asset") == "USDT" && more.detail("available") == "276.00000000", "\(more.text)")
            _ = await exchange.futures("DELETE", "openOrders", symbol, as: alice)
            try await exchange.trade("0.1", at: "60000.00", buyer: alice, seller: bob)
            // Of 603 the sale would lose 630.
            let reduce = await exchange.futuresOrder("SELL", "0.09", at: "53000.00", as: alice)
            #expect(reduce.summary == "409 1007", "\(reduce.text)")
            #expect(
                await exchange.futuresOrder("SELL", "0.1", at: "61000.00", "reduceOnly=true", as: alice).status == 200)
            _ = await exchange.manage("POST", "/admin/markets/BTC-USDT-PERP/halt")
            let closed = await exchange.futuresOrder("BUY", "0.1", at: "59000.00", as: bob)
            #expect(closed.summary == "409 1009")
            #expect(await exchange.futures("DELETE", "openOrders", symbol, as: alice).status == 200)
        }
    }

    @Test("a name of an open order cannot be given again, and an unknown order is 404")
    func names() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let alice = try await exchange.futuresTrader()
            _ = await exchange.futuresOrder("BUY", "0.01", at: "59000.00", "newClientOrderId=a", as: alice)
            let again = await exchange.futuresOrder("BUY", "0.01", at: "59000.00", "newClientOrderId=a", as: alice)
            #expect(again.summary == "400 1006" && again.detail("parameter") == "newClientOrderId")
            for method in ["GET", "DELETE"] {
                let unknown = await exchange.futures(method, "order", "\(symbol)&orderId=999", as: alice)
                #expect(unknown.summary == "404 1006")
            }
        }
    }
}
