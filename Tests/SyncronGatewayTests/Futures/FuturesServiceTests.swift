import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Futures over the service: the wallet", .timeLimit(.minutes(3)))
struct FuturesServiceTests {
    @Test("account and positions, to the last digit")
    func account() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader(), try await exchange.futuresTrader())
            let empty = await exchange.futures("GET", "account", as: alice)
            #expect(empty["totalWalletBalance"]?.text == "10000.00000000")
            #expect(empty["marginRatio"]?.text == "0.00000000" && empty["positions"]?.items == [])
            try await exchange.trade("0.5", at: "60000.00", buyer: alice, seller: bob)
            let account = await exchange.futures("GET", "account", as: alice)
            let expected = [
                "totalWalletBalance": "9985.00000000", "totalUnrealizedProfit": "0.00000000",
                "totalMarginBalance": "9985.00000000", "totalInitialMargin": "1500.00000000",
                "totalMaintMargin": "120.00000000", "totalPositionInitialMargin": "1500.00000000",
                "totalOpenOrderInitialMargin": "0.00000000", "totalCrossWalletBalance": "9985.00000000",
                "availableBalance": "8485.00000000", "maxWithdrawAmount": "8485.00000000",
                "marginRatio": "0.01201803",
            ]
            for (name, value) in expected { #expect(account[name]?.text == value, "\(name): \(account.text)") }
            #expect(account["canTrade"] == .bool(true) && account["feeTier"]?.integer == 0)
            #expect(account["assets"]?[0]?["asset"]?.text == "USDT")
            let time = exchange.node.now.milliseconds
            let position =
                #"{"symbol":"BTC-USDT-PERP","positionSide":"BOTH","positionAmt":"0.5","entryPrice":"60000.00","#
                + #""breakEvenPrice":"60060.00","markPrice":"60000.00","unrealizedProfit":"0.00000000","#
                + #""liquidationPrice":"40190.76","leverage":20,"marginType":"CROSSED","#
                + #""isolatedMargin":"0.00000000","notional":"30000.00000000","initialMargin":"1500.00000000","#
                + #""maintMargin":"120.00000000","adlQuantile":0,"updateTime":\#(time)}"#
            let positions = await exchange.futures("GET", "positions", as: alice)
            #expect(positions.text == "[\(position)]")
            #expect(account["positions"] == positions.json)
            let short = await exchange.futures("GET", "positions", "symbol=btcusdtperp", as: bob)
            #expect(short.json[0]?["positionAmt"]?.text == "-0.5")
            #expect(short.json[0]?["notional"]?.text == "-30000.00000000")
            #expect(await exchange.futures("GET", "positions", "symbol=ETH-USDT-PERP", as: alice).text == "[]")
        }
    }

    @Test("transfers: alias of the account's, in USDT, out at most what is withdrawable")
    func transfers() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader(), try await exchange.futuresTrader())
            try await exchange.trade("0.5", at: "60000.00", buyer: alice, seller: bob)
            func out(_ amount: String, _ asset: String = "USDT") async -> String {
                await exchange.futures(
                    "POST", "transfer", "asset=\(asset)&amount=\(amount)&from=futures&to=spot", as: alice
                ).summary
            }
            #expect(await out("8485.00000001") == "409 1008")
            #expect(await out("1", "BTC") == "400 1006")
            #expect(await out("8485") == "200")
            let income = await exchange.futures("GET", "income", "incomeType=TRANSFER", as: alice)
            let rows = income.json.items ?? []
            #expect(rows.map { $0["income"]?.text } == ["-8485.00000000", "10000.00000000"])
            #expect(rows.allSatisfy { $0["symbol"]?.text == "" && $0["asset"]?.text == "USDT" })
        }
    }

    @Test("leverage, margin type, position mode and isolated margin")
    func settings() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader(), try await exchange.futuresTrader())
            let symbol = "symbol=BTC-USDT-PERP"
            let leverage = await exchange.futures("POST", "leverage", "\(symbol)&leverage=10", as: alice)
            #expect(leverage.text == #"{"symbol":"BTC-USDT-PERP","leverage":10,"maxNotionalValue":"230000000"}"#)
            for (wrong, expected) in [("0", "400 1006"), ("126", "400 1006"), ("x", "400 1006")] {
                let answer = await exchange.futures("POST", "leverage", "\(symbol)&leverage=\(wrong)", as: alice)
                #expect(answer.summary == expected && answer.detail("parameter") == "leverage", "\(answer.text)")
            }
            let tooHigh = await exchange.futures("POST", "leverage", "symbol=ETH-USDT-PERP&leverage=101", as: alice)
            #expect(tooHigh.summary == "400 1006")
            let type = await exchange.futures("POST", "marginType", "\(symbol)&marginType=ISOLATED", as: alice)
            #expect(type.text == #"{"symbol":"BTC-USDT-PERP","marginType":"ISOLATED"}"#)
            let none = await exchange.futures("POST", "positionMargin", "\(symbol)&amount=1&type=1", as: alice)
            #expect(none.summary == "409 1010", "\(none.text)")
            try await exchange.trade("0.1", at: "60000.00", buyer: alice, seller: bob)
            let added = await exchange.futures("POST", "positionMargin", "\(symbol)&amount=50&type=1", as: alice)
            #expect(added.text == #"{"symbol":"BTC-USDT-PERP","amount":"50.00000000","type":1}"#)
            let position = await exchange.futures("GET", "positions", as: alice).json[0]
            #expect(position?["isolatedMargin"]?.text == "650.00000000")
            let account = await exchange.futures("GET", "account", as: alice)
            #expect(account["totalMaintMargin"]?.text == "24.00000000")
            #expect(account["totalMarginBalance"]?.text == "9997.00000000")
            #expect(account["marginRatio"]?.text == "0.00240073")
            for (amount, kind) in [("100000", 1), ("50.00000001", 2)] {
                let refused = await exchange.futures(
                    "POST", "positionMargin", "\(symbol)&amount=\(amount)&type=\(kind)", as: alice)
                #expect(refused.summary == "409 1008", "\(refused.text)")
            }
            #expect(
                await exchange.futures("POST", "positionMargin", "\(symbol)&amount=50&type=3", as: alice).summary
                    == "400 1006")
            let crossed = await exchange.futures("POST", "marginType", "\(symbol)&marginType=CROSSED", as: alice)
            #expect(crossed.summary == "409 1010")
            let mode = await exchange.futures("POST", "positionMode", "dualSidePosition=true", as: alice)
            #expect(mode.summary == "409 1010" && mode.detail("parameter") == "dualSidePosition")
            let carol = try await exchange.futuresTrader()
            #expect(await exchange.futures("GET", "positionMode", as: carol).text == #"{"dualSidePosition":false}"#)
            #expect(
                await exchange.futures("POST", "positionMode", "dualSidePosition=true", as: carol).text
                    == #"{"dualSidePosition":true}"#)
            #expect(await exchange.futures("GET", "positionMode", as: carol).text == #"{"dualSidePosition":true}"#)
            let both = await exchange.futuresOrder("BUY", "0.1", at: "59000.00", as: carol)
            #expect(both.summary == "400 1006" && both.detail("parameter") == "positionSide")
            let long = await exchange.futuresOrder("BUY", "0.1", at: "59000.00", "positionSide=LONG", as: carol)
            #expect(long["positionSide"]?.text == "LONG", "\(long.text)")
        }
    }

    @Test("every private route wants a key with its permission")
    func permissions() async throws {
        try await ServiceFixture.with { exchange in
            let reader = try await exchange.futuresTrader(permissions: .read)
            for route in RouteTable.futures where route.access != .anyone {
                #expect(await exchange.send(route.method.rawValue, route.path).summary == "401 1002", "\(route.name)")
                if route.method != .get {
                    #expect(
                        await exchange.send(route.method.rawValue, route.path, as: reader).summary == "403 1002",
                        "\(route.name)")
                }
            }
        }
    }
}
