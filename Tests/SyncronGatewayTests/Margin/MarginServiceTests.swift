import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Margin over the service: the wallet", .timeLimit(.minutes(3)))
struct MarginServiceTests {
    /// Of the contract's worked example: 0.9 BTC at 60,000 and 1,500 USDT, a debt of 20,000 + 1.66666667 USDT that comes
    /// of 12,000 charged sixteen times and 8,000 once.
    private func example(_ exchange: ServiceFixture) async throws -> ServiceFixture.Trader {
        try await exchange.index(#"{"BTC":"60000.00"}"#)
        let trader = try await exchange.marginTrader(["BTC": "0.9"])
        let first = await exchange.margin("POST", "loan", "asset=USDT&amount=12000", as: trader)
        #expect(first.status == 200, "\(first.text)")
        await exchange.advance(15 * 3_600_000)
        let second = await exchange.margin("POST", "loan", "asset=USDT&amount=8000", as: trader)
        #expect(second.status == 200, "\(second.text)")
        let out = await exchange.margin("POST", "transfer", "asset=USDT&amount=18500&type=2", as: trader)
        #expect(out.status == 200, "\(out.text)")
        return trader
    }

    @Test("the worked example, to the last digit, under both prefixes")
    func account() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await example(exchange)
            let expected =
                #"{"borrowEnabled":true,"tradeEnabled":true,"transferEnabled":true,"marginLevel":"2.77476876","#
                + #""totalAssetOfBtc":"0.92500000","totalLiabilityOfBtc":"0.33336111","#
                + #""totalNetAssetOfBtc":"0.59163889","userAssets":[{"asset":"BTC","borrowed":"0.00000000","#
                + #""free":"0.90000000","interest":"0.00000000","locked":"0.00000000","netAsset":"0.90000000","#
                + #""dailyInterestRate":"0.00025"},{"asset":"USDT","borrowed":"20000.00000000","#
                + #""free":"1500.00000000","interest":"1.66666667","locked":"0.00000000","#
                + #""netAsset":"-18501.66666667","dailyInterestRate":"0.0002"}],"status":"NORMAL"}"#
            for prefix in RouteTable.marginPrefixes {
                let account = await exchange.margin("GET", "account", as: trader, prefix: prefix)
                #expect(account.text == expected)
            }
            let usdt = await exchange.marginBalance("USDT", of: trader)
            #expect(expected.contains(usdt))
            #expect(
                await exchange.marginBalance("SOL", of: trader)
                    == #"{"asset":"SOL","borrowed":"0.00000000","free":"0.00000000","interest":"0.00000000","#
                    + #""locked":"0.00000000","netAsset":"0.00000000","dailyInterestRate":"0.0005"}"#)
            let most = await exchange.margin("GET", "maxBorrowable", "asset=usdt", as: trader)
            #expect(most.text == #"{"amount":"45594.99999999"}"#)
            // (52800 - 2 x 20001.66666667) / (1.00 x 1) is more than is there; of BTC (C - 2 D) / (0.95 x 60000).
            let out = await exchange.margin("GET", "maxTransferable", "asset=USDT", as: trader)
            #expect(out.text == #"{"amount":"18500.00000000","outAmount":"1500.00000000"}"#)
            try await exchange.index(#"{"BTC":"27224.63"}"#)
            #expect(await exchange.margin("GET", "account", as: trader)["status"]?.text == "NORMAL")
            try await exchange.index(#"{"BTC":"27224.62"}"#)
            #expect(await exchange.margin("GET", "account", as: trader)["status"]?.text == "MARGIN_CALL")
        }
    }

    @Test("until the first transfer in, all answers -3001 but what needs no wallet")
    func noAccount() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let order = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.1&price=30000.00"
            let calls = [
                ("GET", "account", ""), ("GET", "balance", "asset=BTC"), ("GET", "maxBorrowable", "asset=BTC"),
                ("POST", "loan", "asset=BTC&amount=1"), ("GET", "loan", ""), ("POST", "repay", "asset=BTC&amount=1"),
                ("GET", "repay", ""), ("POST", "order/test", order), ("POST", "order", order),
                ("DELETE", "order", "symbol=BTC-USDT&orderId=1"), ("DELETE", "openOrders", "symbol=BTC-USDT"),
                ("GET", "order", "symbol=BTC-USDT&orderId=1"), ("GET", "openOrders", ""),
                ("GET", "allOrders", "symbol=BTC-USDT"), ("GET", "myTrades", "symbol=BTC-USDT"),
                ("GET", "interestHistory", ""), ("GET", "forceLiquidationRec", ""),
                // Whatever else is wrong with them.
                ("POST", "loan", ""), ("POST", "loan", "asset=XXX&amount=0"), ("GET", "balance", ""),
                ("POST", "order", ""), ("POST", "order/test", "symbol=XXX"), ("DELETE", "openOrders", ""),
                ("GET", "order", ""), ("GET", "loan", "size=101"), ("GET", "openOrders", "symbol=XXX"),
            ]
            for (method, path, query) in calls {
                let answer = await exchange.margin(method, path, query, as: trader)
                #expect(answer.summary == "404 -3001", "\(method) \(path): \(answer.text)")
            }
            #expect(await exchange.margin("POST", "transfer", "asset=BTC&type=1", as: trader).summary == "400 1006")
            let free = [
                ("transfer", #"{"rows":[],"total":0}"#, ""),
                ("maxTransferable", #"{"amount":"10.00000000","outAmount":"0.00000000"}"#, "asset=BTC"),
            ]
            for (path, text, query) in free {
                #expect(await exchange.margin("GET", path, query, as: trader).text == text)
            }
            #expect(await exchange.margin("GET", "interestRate", as: trader).status == 200)
            #expect(await exchange.margin("GET", "collateralRatio", as: trader).status == 200)
            let moved = await exchange.margin("POST", "transfer", "asset=BTC&amount=1&type=1", as: trader)
            #expect(moved.text == #"{"tranId":1}"#)
            #expect(await exchange.margin("GET", "account", as: trader)["marginLevel"]?.text == "999.00000000")
        }
    }

    @Test("what assets count for and what loans cost is the definition's")
    func terms() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader([:])
            #expect(
                await exchange.margin("GET", "collateralRatio", as: trader).text
                    == #"[{"asset":"BTC","collateralRatio":"0.95"},{"asset":"ETH","collateralRatio":"0.9"},"#
                    + #"{"asset":"SOL","collateralRatio":"0.8"},{"asset":"USDT","collateralRatio":"1"}]"#)
            #expect(
                await exchange.margin("GET", "interestRate", "asset=eth", as: trader).text
                    == #"[{"asset":"ETH","dailyInterestRate":"0.00035","yearlyInterestRate":"0.12775","#
                    + #""freeAmount":"1000.00000000"}]"#)
            #expect(await exchange.margin("GET", "interestRate", as: trader).json.items?.count == 4)
            for path in ["interestRate", "maxTransferable", "transfer"] {
                let answer = await exchange.margin("GET", path, "asset=DOGE", as: trader)
                #expect(answer.summary == "400 -3003", "\(path)")
            }
            let changed = await exchange.manage(
                "PUT", "/admin/assets/ETH", #"{"collateralRatio":"0.5","dailyInterestRate":"0.001"}"#)
            #expect(changed.text.contains(#""collateralRatio":"0.5","dailyInterestRate":"0.001"}"#))
            _ = await exchange.manage("PUT", "/admin/assets/ETH", #"{"lendingPool":"7"}"#)
            #expect(
                await exchange.margin("GET", "interestRate", "asset=ETH", as: trader).text.contains(
                    #""freeAmount":"7.00000000""#))
            #expect(
                await exchange.margin("GET", "collateralRatio", as: trader).text.contains(
                    #"{"asset":"ETH","collateralRatio":"0.5"}"#))
        }
    }

    @Test("transfers are told both ways, in pages")
    func transfers() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader(["USDT": "1000", "BTC": "1"])
            let time = exchange.node.now.milliseconds
            for query in ["asset=USDT&amount=100&type=1", "asset=BTC&amount=0.5&type=1", "asset=USDT&amount=30&type=2"]
            {
                #expect(await exchange.margin("POST", "transfer", query, as: trader).status == 200)
            }
            let rows = [
                #"{"asset":"USDT","amount":"30.00000000","type":2,"status":"CONFIRMED","tranId":3,"timestamp":\#(time)}"#,
                #"{"asset":"BTC","amount":"0.50000000","type":1,"status":"CONFIRMED","tranId":2,"timestamp":\#(time)}"#,
                #"{"asset":"USDT","amount":"100.00000000","type":1,"status":"CONFIRMED","tranId":1,"timestamp":\#(time)}"#,
            ]
            func list(_ query: String) async -> String {
                await exchange.margin("GET", "transfer", query, as: trader).text
            }
            #expect(await list("") == #"{"rows":[\#(rows.joined(separator: ","))],"total":3}"#)
            #expect(await list("type=1&asset=USDT") == #"{"rows":[\#(rows[2])],"total":1}"#)
            #expect(await list("size=1&current=2") == #"{"rows":[\#(rows[1])],"total":3}"#)
            #expect(await list("startTime=\(time + 1)") == #"{"rows":[],"total":0}"#)
            for query in ["size=101", "size=0", "current=0", "type=3"] {
                let answer = await exchange.margin("GET", "transfer", query, as: trader)
                #expect(answer.summary == "400 1006", "\(query)")
                #expect(answer.detail("parameter") == String(query.prefix { $0 != "=" }))
            }
            let spot = await exchange.send("GET", "/v1/account/transfers", as: trader)
            #expect(spot.json.items?.first?["from"]?.text == "margin" && spot.json.items?.count == 3)
        }
    }

    @Test("a loan, its interest and its repayment are rows named by their tranId")
    func loans() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.index(#"{"BTC":"30000.00"}"#)
            let trader = try await exchange.marginTrader(["BTC": "1"])
            let time = exchange.node.now.milliseconds
            let loan = await exchange.margin("POST", "loan", "asset=USDT&amount=12000", as: trader)
            #expect(loan.text == #"{"tranId":2}"#)
            let row =
                #"{"asset":"USDT","principal":"12000.00000000","timestamp":\#(time),"status":"CONFIRMED","txId":2}"#
            #expect(
                await exchange.margin("GET", "loan", as: trader).text == #"{"rows":[\#(row)],"total":1}"#)
            #expect(
                await exchange.margin("GET", "loan", "txId=2&asset=USDT", as: trader).text
                    == #"{"rows":[\#(row)],"total":1}"#)
            #expect(
                await exchange.margin("GET", "loan", "txId=1", as: trader).text == #"{"rows":[],"total":0}"#)
            #expect(
                await exchange.margin("GET", "interestHistory", as: trader).text
                    == #"{"rows":[{"asset":"USDT","interest":"0.10000000","principal":"12000.00000000","#
                    + #""interestRate":"0.0002","interestAccuredTime":\#(time),"type":"ON_BORROW"}],"total":1}"#)
            let part = await exchange.margin("POST", "repay", "asset=USDT&amount=100", as: trader)
            #expect(part.text == #"{"tranId":3}"#)
            #expect(
                await exchange.margin("GET", "repay", as: trader).text
                    == #"{"rows":[{"asset":"USDT","amount":"100.00000000","interest":"0.10000000","#
                    + #""principal":"99.90000000","timestamp":\#(time),"status":"CONFIRMED","txId":3}],"total":1}"#)
            #expect(
                await exchange.marginBalance("USDT", of: trader)
                    == #"{"asset":"USDT","borrowed":"11900.10000000","free":"11900.00000000","interest":"0.00000000","#
                    + #""locked":"0.00000000","netAsset":"-0.10000000","dailyInterestRate":"0.0002"}"#)
            await exchange.advance(3_600_000)
            let hour = await exchange.margin("GET", "interestHistory", "size=1", as: trader)
            let charge = hour["rows"]?.items?.first
            #expect(charge?["type"]?.text == "PERIODIC" && hour["total"]?.integer == 2)
            #expect((charge?["interestAccuredTime"]?.integer ?? 1) % 3_600_000 == 0)
            #expect(charge?["interest"]?.text == "0.09916750", "11900.1 x 0.0002 / 24, rounded up")
            let ledger = await exchange.manage("GET", "/admin/ledger")
            #expect(ledger["balanced"] == .bool(true))
            #expect(ledger.text.contains(#""insurance":"1000000.00000000","interest":"0.10000000""#))
        }
    }
}
