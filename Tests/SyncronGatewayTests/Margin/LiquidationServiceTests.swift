import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Margin over the service: calls and liquidation", .timeLimit(.minutes(3)))
struct LiquidationServiceTests {
    private static let bid = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC"

    /// Someone with about 1.5 BTC and a debt of 15,000 USDT.
    private func stage(
        _ body: (ServiceFixture, _ trader: ServiceFixture.Trader, _ maker: ServiceFixture.Trader) async throws -> Void
    ) async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.index(#"{"BTC":"30000.00"}"#)
            let trader = try await exchange.marginTrader(["BTC": "1"])
            let maker = try await exchange.trader()
            let ask = "symbol=BTC-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.5&price=30000.00"
            _ = await exchange.send("POST", "/v1/trading/order", ask, as: maker)
            let bought = await exchange.margin(
                "POST", "order", "symbol=BTC-USDT&side=BUY&type=MARKET&quantity=0.5&sideEffectType=MARGIN_BUY",
                as: trader)
            guard bought["status"]?.text == "FILLED" else { throw FixtureFailure(bought.text) }
            try await body(exchange, trader, maker)
        }
    }

    private func status(_ exchange: ServiceFixture, _ trader: ServiceFixture.Trader) async -> String? {
        await exchange.margin("GET", "account", as: trader)["status"]?.text
    }

    @Test("a fallen index calls, and then sells what is needed within 2 % of it")
    func liquid() async throws {
        try await stage { exchange, trader, maker in
            _ = await exchange.send("POST", "/v1/trading/order", "\(Self.bid)&quantity=5&price=10900.00", as: maker)
            try await exchange.index(#"{"BTC":"13000.00"}"#)
            #expect(await status(exchange, trader) == "MARGIN_CALL")
            let resting = await exchange.margin(
                "POST", "order", "symbol=BTC-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.1&price=29000.00",
                as: trader)
            #expect(resting.status == 200, "\(resting.text)")
            try await exchange.index(#"{"BTC":"11000.00"}"#)
            #expect(await status(exchange, trader) == "NORMAL")
            #expect(await exchange.margin("GET", "openOrders", as: trader).text == "[]")
            let records = await exchange.margin("GET", "forceLiquidationRec", as: trader)
            let row = records["rows"]?[0]
            #expect(records["total"]?.integer == 1, "\(records.text)")
            #expect(row?["price"]?.text == "10780.00" && row?["avgPrice"]?.text == "10900.00")
            #expect(row?["side"]?.text == "SELL" && row?["timeInForce"]?.text == "IOC")
            #expect(row?["isIsolated"] == .bool(false) && row?["symbol"]?.text == "BTC-USDT")
            #expect(
                row?["qty"] == row?["executedQty"] && row?["updatedTime"]?.integer == exchange.node.now.milliseconds)
            let order = await exchange.margin(
                "GET", "order", "symbol=BTC-USDT&orderId=\(row?["orderId"]?.integer ?? 0)", as: trader)
            #expect(order["status"]?.text == "FILLED")
            let ledger = await exchange.manage("GET", "/admin/ledger")
            #expect(ledger["balanced"] == .bool(true))
            #expect(!ledger.text.contains(#""insurance":"1000000.00000000""#), "the fund has got its part")
        }
    }

    @Test("in an empty book the flag stays, all but reads is -3013, and each second it is tried again")
    func empty() async throws {
        try await stage { exchange, trader, maker in
            let resting = await exchange.margin(
                "POST", "order", "symbol=BTC-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.1&price=40000.00",
                as: trader)
            try await exchange.index(#"{"BTC":"11000.00"}"#)
            #expect(await status(exchange, trader) == "LIQUIDATING")
            let account = await exchange.margin("GET", "account", as: trader)
            #expect(account["borrowEnabled"] == .bool(false) && account["tradeEnabled"] == .bool(false))
            let before = await exchange.everything(of: trader)
            let order = "symbol=BTC-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.1&price=31000.00"
            let calls = [
                ("POST", "loan", "asset=USDT&amount=1"), ("POST", "repay", "asset=USDT&amount=1"),
                ("POST", "transfer", "asset=USDT&amount=1&type=1"), ("POST", "transfer", "asset=BTC&amount=1&type=2"),
                ("POST", "order", order), ("POST", "order/test", order),
                ("DELETE", "order", "symbol=BTC-USDT&orderId=\(resting["orderId"]?.integer ?? 0)"),
                ("DELETE", "openOrders", "symbol=BTC-USDT"), ("POST", "loan", ""), ("POST", "order", "symbol=XXX"),
            ]
            for (method, path, query) in calls {
                let answer = await exchange.margin(method, path, query, as: trader)
                #expect(answer.summary == "409 -3013", "\(method) \(path): \(answer.text)")
            }
            for path in [
                "balance?asset=BTC", "maxBorrowable?asset=USDT", "allOrders?symbol=BTC-USDT", "interestHistory",
            ] {
                let parts = path.split(separator: "?").map(String.init)
                let answer = await exchange.margin("GET", parts[0], parts.count > 1 ? parts[1] : "", as: trader)
                #expect(answer.status == 200, "\(answer.text)")
            }
            #expect(await exchange.everything(of: trader) == before)
            _ = await exchange.send("POST", "/v1/trading/order", "\(Self.bid)&quantity=5&price=10900.00", as: maker)
            await exchange.advance(1_000)
            #expect(await status(exchange, trader) == "NORMAL")
            let records = await exchange.margin("GET", "forceLiquidationRec", as: trader)
            #expect(records["total"]?.integer == 1, "\(records.text)")
        }
    }

    @Test("what is owed when nothing is left is paid by insurance")
    func insurance() async throws {
        try await stage { exchange, trader, maker in
            _ = await exchange.send("POST", "/v1/trading/order", "\(Self.bid)&quantity=5&price=8900.00", as: maker)
            try await exchange.index(#"{"BTC":"9000.00"}"#)
            let account = await exchange.margin("GET", "account", as: trader)
            #expect(account["status"]?.text == "NORMAL" && account["marginLevel"]?.text == "999.00000000")
            let repaid = await exchange.margin("GET", "repay", "size=100", as: trader)
            let sum = repaid["rows"]?.items?.compactMap { $0["principal"]?.text.flatMap { Double($0) } }.reduce(0, +)
            #expect(abs((sum ?? 0) - 15_000) < 0.001, "\(repaid.text)")
            let ledger = await exchange.manage("GET", "/admin/ledger")
            #expect(ledger["balanced"] == .bool(true))
            let usdt = ledger["assets"]?.items?.first { $0["asset"]?.text == "USDT" }
            #expect(usdt?["lending"]?.text == "5000000.00000000", "all of the loan is back")
            #expect((usdt?["insurance"]?.text.flatMap { Double($0) } ?? 0) < 1_000_000)
        }
    }
}
