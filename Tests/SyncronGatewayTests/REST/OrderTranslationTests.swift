import NIOCore
import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Orders as their parameters describe them")
struct OrderTranslationTests {
    private static let limit = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.5&price=30200.00"
    private static let market = "symbol=BTC-USDT&side=SELL&type=MARKET&quantity=0.5"

    private func order(_ query: String) throws -> PlaceOrder {
        let translation = try OrderTranslation(try Parameters(query: ByteBuffer(string: query)))
        return translation.order(of: AccountID(7), in: try StandardExchange.format(translation.symbol))
    }

    /// The parameter that the refusal names.
    private func refusal(_ query: String) throws -> String {
        let error = try #require(throws: APIError.self) { try order(query) }
        #expect(error.status == 400)
        #expect(error.code == 1006)
        return error.details.first { $0.name == "parameter" }?.value ?? ""
    }

    @Test("a limit order becomes ticks and steps")
    func limit() throws {
        let order = try order(Self.limit)
        #expect(order.account == AccountID(7))
        #expect(order.market == MarketID(0))
        #expect(order.wallet == .spot)
        #expect(order.side == .buy)
        #expect(order.terms == .limit(price: Ticks(3_020_000), quantity: Steps(50_000), timeInForce: .gtc))
        #expect(order.selfTradePrevention == .expireMaker)
    }

    @Test("trailing zeros are no decimals")
    func trailingZeros() throws {
        let order = try order(
            Self.limit.replacing("30200.00", with: "30200.000000").replacing("0.5", with: "0.500000000"))
        #expect(order.terms == .limit(price: Ticks(3_020_000), quantity: Steps(50_000), timeInForce: .gtc))
    }

    @Test("each type has its terms")
    func types() throws {
        #expect(try order(Self.market).terms == .market(quantity: Steps(50_000)))
        let maker = Self.limit.replacing("LIMIT&timeInForce=GTC", with: "LIMIT_MAKER")
        #expect(try order(maker).terms == .limitMaker(price: Ticks(3_020_000), quantity: Steps(50_000)))
        let quote = Self.market.replacing("quantity=0.5", with: "quoteOrderQty=100.5")
        #expect(try order(quote).terms == .marketByQuote(quote: Units(10_050_000_000)))
        for (word, timeInForce) in [("IOC", TimeInForce.ioc), ("FOK", .fok)] {
            let terms = try order(Self.limit.replacing("GTC", with: word)).terms
            #expect(terms == .limit(price: Ticks(3_020_000), quantity: Steps(50_000), timeInForce: timeInForce))
        }
    }

    @Test(
        "each self-trade prevention mode has its word",
        arguments: [
            ("NONE", SelfTradePrevention.none), ("EXPIRE_TAKER", .expireTaker), ("EXPIRE_MAKER", .expireMaker),
            ("EXPIRE_BOTH", .expireBoth),
        ] as [(String, SelfTradePrevention)])
    func selfTradePrevention(word: String, mode: SelfTradePrevention) throws {
        #expect(try order(Self.limit + "&selfTradePreventionMode=\(word)").selfTradePrevention == mode)
    }

    @Test(
        "a number off the market's grid is for the engine to refuse",
        arguments: ["30200.001", "99999999999999999999999", "0.0000000001"])
    func offGridPrice(price: String) throws {
        let order = try order(Self.limit.replacing("30200.00", with: price))
        #expect(order.terms == .limit(price: .offGrid, quantity: Steps(50_000), timeInForce: .gtc))
    }

    @Test("a quantity and a quote amount off the grid are for the engine too")
    func offGridQuantities() throws {
        #expect(try order(Self.market.replacing("0.5", with: "0.000001")).terms == .market(quantity: .offGrid))
        let quote = Self.market.replacing("quantity=0.5", with: "quoteOrderQty=0.000000001")
        #expect(try order(quote).terms == .marketByQuote(quote: .offGrid))
    }

    @Test("zero is passed on")
    func zero() throws {
        let order = try order(Self.limit.replacing("30200.00", with: "0").replacing("0.5", with: "0.00"))
        #expect(order.terms == .limit(price: .zero, quantity: .zero, timeInForce: .gtc))
    }

    @Test(
        "a missing parameter is named",
        arguments: [
            ("symbol=BTC-USDT&", "symbol"), ("side=BUY&", "side"), ("type=LIMIT&", "type"),
            ("timeInForce=GTC&", "timeInForce"), ("quantity=0.5&", "quantity"), ("&price=30200.00", "price"),
        ])
    func missing(part: String, name: String) throws {
        #expect(try refusal(Self.limit.replacing(part, with: "")) == name)
    }

    @Test("a market order without any quantity misses quantity, with both it has one too many")
    func marketQuantities() throws {
        #expect(try refusal(Self.market.replacing("&quantity=0.5", with: "")) == "quantity")
        #expect(try refusal(Self.market + "&quoteOrderQty=100") == "quoteOrderQty")
    }

    @Test(
        "a number that is not written as one is refused",
        arguments: ["", "abc", "-1", "+1", "1e3", "1E3", " 1", "1 ", "%201", ".", "0x10", "1,000", "NaN", "1.2.3", "١"])
    func malformedNumbers(text: String) throws {
        #expect(try refusal(Self.limit.replacing("30200.00", with: text)) == "price")
        #expect(try refusal(Self.limit.replacing("0.5", with: text)) == "quantity")
        #expect(try refusal(Self.market.replacing("quantity=0.5", with: "quoteOrderQty=\(text)")) == "quoteOrderQty")
    }

    @Test(
        "an unknown word is refused, as is a known one in another case",
        arguments: [
            ("side=BUY", "side=buy", "side"), ("side=BUY", "side=HOLD", "side"), ("side=BUY", "side=", "side"),
            ("type=LIMIT", "type=limit", "type"), ("type=LIMIT", "type=ICEBERG", "type"),
            ("timeInForce=GTC", "timeInForce=GTX", "timeInForce"),
            ("timeInForce=GTC", "timeInForce=GTC&selfTradePreventionMode=SOMETIMES", "selfTradePreventionMode"),
            ("timeInForce=GTC", "timeInForce=GTC&newOrderRespType=SHORT", "newOrderRespType"),
        ])
    func unknownWords(part: String, replacement: String, name: String) throws {
        #expect(try refusal(Self.limit.replacing(part, with: replacement)) == name)
    }

    private func options(_ query: String) throws -> OrderOptions? {
        let translation = try OrderTranslation(try Parameters(query: ByteBuffer(string: query)))
        return translation.options(in: try StandardExchange.format(translation.symbol))
    }

    @Test(
        "a conditional order has its trigger beside its terms",
        arguments: [
            ("STOP_LOSS", Trigger.Kind.stopLoss, OrderTerms.market(quantity: Steps(50_000))),
            ("TAKE_PROFIT", .takeProfit, .market(quantity: Steps(50_000))),
            (
                "STOP_LOSS_LIMIT", .stopLoss,
                .limit(price: Ticks(3_020_000), quantity: Steps(50_000), timeInForce: .ioc)
            ),
            (
                "TAKE_PROFIT_LIMIT", .takeProfit,
                .limit(price: Ticks(3_020_000), quantity: Steps(50_000), timeInForce: .ioc)
            ),
        ])
    func triggers(type: String, kind: Trigger.Kind, terms: OrderTerms) throws {
        let more = type.hasSuffix("LIMIT") ? "&timeInForce=IOC&price=30200.00" : ""
        let base = "symbol=BTC-USDT&side=SELL&type=\(type)&quantity=0.5" + more
        #expect(try order(base + "&stopPrice=30100.00").terms == terms)
        #expect(try options(base + "&stopPrice=30100.00")?.trigger == Trigger(kind, at: Ticks(3_010_000)))
        #expect(try options(base + "&trailingDelta=10")?.trigger == Trigger(kind, at: nil, trailingDelta: 10))
        #expect(try refusal(base) == "stopPrice")
        for delta in ["9", "2001", "x"] { #expect(try refusal(base + "&trailingDelta=\(delta)") == "trailingDelta") }
    }

    @Test("a purchase at market that trails needs the stop price that its hold is of")
    func trailingPurchase() throws {
        let base = "symbol=BTC-USDT&side=BUY&type=STOP_LOSS&quantity=0.5&trailingDelta=100"
        #expect(try refusal(base) == "stopPrice")
        #expect(try options(base + "&stopPrice=30100.00")?.trigger?.stopPrice == Ticks(3_010_000))
    }

    @Test("an iceberg and an order with a lifetime are of orders that rest")
    func resting() throws {
        #expect(try options(Self.limit) == nil)
        #expect(try options(Self.limit + "&icebergQty=0.1")?.icebergQuantity == Steps(10_000))
        #expect(try options(Self.limit + "&cancelAfter=1000")?.lifetime == 1_000)
        for extra in ["icebergQty=0.1", "cancelAfter=1000"] {
            let immediate = Self.limit.replacing("GTC", with: "IOC") + "&" + extra
            #expect(try refusal(immediate) == extra.split(separator: "=")[0])
        }
        #expect(try refusal(Self.limit + "&cancelAfter=0") == "cancelAfter")
    }

    @Test(
        "what a type does not take is refused by name",
        arguments: [
            ("MARKET", "price=1"), ("MARKET", "timeInForce=GTC"), ("MARKET", "stopPrice=1"),
            ("MARKET", "trailingDelta=10"), ("MARKET", "icebergQty=1"), ("MARKET", "cancelAfter=1000"),
            ("LIMIT", "quoteOrderQty=1"), ("LIMIT", "stopPrice=1"), ("LIMIT", "trailingDelta=10"),
            ("LIMIT_MAKER", "timeInForce=GTC"), ("LIMIT_MAKER", "quoteOrderQty=1"), ("LIMIT_MAKER", "stopPrice=1"),
        ])
    func notTaken(type: String, extra: String) throws {
        let base =
            switch type {
            case "MARKET": Self.market
            case "LIMIT_MAKER": Self.limit.replacing("LIMIT&timeInForce=GTC", with: "LIMIT_MAKER")
            default: Self.limit
            }
        #expect(try refusal(base + "&" + extra) == extra.split(separator: "=")[0])
    }

    @Test("a client id is kept as it is")
    func clientID() throws {
        #expect(try order(Self.limit + "&newClientOrderId=my.id_1:2/3-4").clientOrderID.text == "my.id_1:2/3-4")
    }

    @Test("a client id of other characters, or longer than 36, is refused")
    func malformedClientID() throws {
        for text in ["", "a%20b", "a%2Bb", "\u{E9}", String(repeating: "a", count: 37), "a%22", "a;b"] {
            #expect(try refusal(Self.limit + "&newClientOrderId=\(text)") == "newClientOrderId", "\(text)")
        }
        #expect(
            try order(Self.limit + "&newClientOrderId=" + String(repeating: "a", count: 36)).clientOrderID.length == 36)
    }

    @Test("an order without a client id is given one of 22 characters, never the same")
    func generatedClientID() throws {
        let ids = try (0..<100).map { _ in try order(Self.limit).clientOrderID.text }
        #expect(ids.allSatisfy { $0.utf8.count == 22 })
        #expect(Set(ids).count == ids.count)
    }

    @Test("form is looked at before the market: a malformed price goes before an unknown symbol")
    func precedence() throws {
        #expect(try refusal("symbol=NOPE&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=x") == "price")
        #expect(try refusal("symbol=NOPE&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=1") == "symbol")
    }

    @Test("money in a JSON body must be text")
    func jsonNumbers() throws {
        func parameters(_ json: String) throws -> Parameters {
            try Parameters(query: ByteBuffer(), body: ByteBuffer(string: json), contentType: "application/json")
        }
        let good = #"{"symbol":"BTC-USDT","side":"BUY","type":"MARKET","quantity":"0.5"}"#
        _ = try OrderTranslation(try parameters(good))
        let error = try #require(throws: APIError.self) {
            try OrderTranslation(try parameters(good.replacing(#""0.5""#, with: "0.5")))
        }
        #expect(error.code == 1006)
        #expect(error.details.first?.value == "quantity")
    }
}

@Suite("How an order is named")
struct OrderReferenceTests {
    private func reference(_ query: String) throws -> (OrderReference, parameter: String) {
        try Parameters(query: ByteBuffer(string: query)).orderReference()
    }

    private func refusal(_ query: String) throws -> String {
        let error = try #require(throws: APIError.self) { _ = try reference(query) }
        #expect(error.code == 1006)
        return error.details.first?.value ?? ""
    }

    @Test("by id, by client id, or by its alias")
    func names() throws {
        #expect(try reference("orderId=7") == (.id(OrderID(7)), "orderId"))
        let client = OrderReference.clientID(try #require(ClientOrderID("mine")))
        #expect(try reference("clientOrderId=mine") == (client, "clientOrderId"))
        #expect(try reference("origClientOrderId=mine") == (client, "origClientOrderId"))
    }

    @Test("none and two names are refused")
    func wrong() throws {
        #expect(try refusal("symbol=BTC-USDT") == "orderId")
        #expect(try refusal("orderId=7&clientOrderId=mine") == "clientOrderId")
        #expect(try refusal("orderId=7&origClientOrderId=mine") == "origClientOrderId")
        #expect(try refusal("clientOrderId=a&origClientOrderId=a") == "origClientOrderId")
    }

    @Test("a malformed id is refused", arguments: ["", "x", "-1", "1.0", "9223372036854775808"])
    func malformed(text: String) throws { #expect(try refusal("orderId=\(text)") == "orderId") }
}
