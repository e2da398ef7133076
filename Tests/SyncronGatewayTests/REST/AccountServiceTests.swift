import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Accounts, limits and errors over the service")
struct AccountServiceTests {
    @Test("account info has the seed's fields first, then the others")
    func info() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader(["BTC": "0.2", "USDT": "1250"])
            _ = await exchange.send(
                "POST", "/v1/trading/order",
                "symbol=BTC-USDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.05&price=40000", as: trader)
            let answer = await exchange.send("GET", "/v1/account/info", as: trader)
            let time = exchange.node.now.milliseconds
            #expect(
                answer.text == #"{"accountType":"spot","balances":["#
                    + #"{"asset":"BTC","free":"0.15000000","locked":"0.05000000"},"#
                    + #"{"asset":"USDT","free":"1250.00000000","locked":"0.00000000"}],"#
                    + #""permissions":["spot","margin","futures"],"commissionTier":0,"takerCommission":"0.0015","#
                    + #""makerCommission":"0.001","canTrade":true,"canWithdraw":true,"canDeposit":true,"#
                    + #""level":"Standard","accountId":1,"updateTime":\#(time)}"#)
        }
    }

    @Test("commissions follow the account's tier")
    func commission() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader([:])
            _ = await exchange.manage("PUT", "/admin/accounts/1", #"{"commissionTier":2}"#)
            let answer = await exchange.send("GET", "/v1/account/commission", as: trader)
            #expect(
                answer.text.hasPrefix(
                    #"[{"symbol":"BTC-USDT","makerCommission":"0.0008","takerCommission":"0.001"},"#))
            let info = await exchange.send("GET", "/v1/account/info", as: trader)
            #expect(info["takerCommission"]?.text == "0.001")
            #expect(info["makerCommission"]?.text == "0.0008")
        }
    }

    @Test("deposits are found by asset, status, time and limit, newest first")
    func deposits() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader([:])
            for (asset, amount, status) in [("BTC", "1", 1), ("USDT", "5.5", 0), ("BTC", "2", 1)] {
                _ = await exchange.manage(
                    "POST", "/admin/deposits",
                    #"{"accountId":1,"asset":"\#(asset)","amount":"\#(amount)","txId":"tx\#(amount)","status":\#(status)}"#
                )
            }
            let path = "/v1/account/deposits"
            let all = await exchange.send("GET", path, as: trader)
            #expect(all.json.items?.compactMap { $0["txId"]?.text } == ["tx2", "tx5.5", "tx1"])
            let time = exchange.node.now.milliseconds
            let pending = await exchange.send("GET", path, "status=0", as: trader)
            #expect(
                pending.text == #"[{"id":2,"asset":"USDT","network":"ETH","amount":"5.50000000","#
                    + #""address":"syncron:USDT:1","txId":"tx5.5","status":0,"confirmations":0,"#
                    + #""insertTime":\#(time),"completeTime":null}]"#)
            let bitcoins = await exchange.send("GET", path, "asset=btc&limit=1", as: trader)
            #expect(bitcoins.json.items?.compactMap { $0["txId"]?.text } == ["tx2"])
            let later = await exchange.send("GET", path, "startTime=\(time + 1)", as: trader)
            #expect(later.text == "[]")
            for (query, name) in [
                ("limit=0", "limit"), ("limit=101", "limit"), ("status=3", "status"), ("asset=DOGE", "asset"),
                ("startTime=x", "startTime"), ("startTime=2&endTime=1", "endTime"),
            ] {
                let answer = await exchange.send("GET", path, query, as: trader)
                #expect(answer.summary == "400 1006")
                #expect(answer.detail("parameter") == name)
            }
        }
    }

    @Test("a listen key is opened, kept and closed by its owner alone, and there are ten at most")
    func listenKeys() async throws {
        try await ServiceFixture.with { exchange in
            let path = "/v1/userDataStream"
            let owner = try await exchange.trader([:])
            let other = try await exchange.trader([:])
            let opened = await exchange.send("POST", path, as: owner)
            let key = try #require(opened["listenKey"]?.text)
            #expect(key.count == 64)
            #expect(exchange.node.directory.listenKey(key)?.account == owner.account)
            #expect(await exchange.send("PUT", path, "listenKey=\(key)", as: other).summary == "404 1006")
            #expect(await exchange.send("DELETE", path, "listenKey=\(key)", as: other).summary == "404 1006")
            #expect(await exchange.send("PUT", path, "listenKey=\(key)", as: owner).text == "{}")
            #expect(await exchange.send("DELETE", path, "listenKey=\(key)", as: owner).text == "{}")
            #expect(await exchange.send("PUT", path, "listenKey=\(key)", as: owner).summary == "404 1006")
            let missing = await exchange.send("PUT", path, as: owner)
            #expect(missing.summary == "400 1006")
            #expect(missing.detail("parameter") == "listenKey")
            for _ in 0..<10 { #expect(await exchange.send("POST", path, as: owner).status == 200) }
            let eleventh = await exchange.send("POST", path, as: owner)
            #expect(eleventh.summary == "409 1010")
            #expect(eleventh.detail("filter") == "EXCHANGE_LIMIT")
        }
    }

    @Test("limits are in the headers, of answers and of errors, and orders have theirs")
    func headers() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader(level: .gold)
            let info = await exchange.send("GET", "/v1/account/info", as: trader)
            #expect(info.header("X-SYNCRON-RATELIMIT-LIMIT") == "3600")
            #expect(info.header("X-SYNCRON-RATELIMIT-REMAINING") == "3599")
            #expect(info.header("X-SYNCRON-RATELIMIT-RESET") == "1700000100000")
            #expect(info.header("X-SYNCRON-ORDERLIMIT-LIMIT") == nil)
            let refused = await exchange.send("POST", "/v1/trading/order", "symbol=BTC-USDT", as: trader)
            #expect(refused.summary == "400 1006")
            #expect(refused.header("X-SYNCRON-RATELIMIT-REMAINING") == "3599")
            #expect(refused.header("X-SYNCRON-ORDERLIMIT-LIMIT") == "20")
            #expect(refused.header("X-SYNCRON-ORDERLIMIT-REMAINING") == "19")
            let open = await exchange.send("GET", "/v1/trading/openOrders", as: trader)
            #expect(open.header("X-SYNCRON-RATELIMIT-REMAINING") == "3559")
            #expect(open.header("X-SYNCRON-ORDERLIMIT-REMAINING") == "19")
            let unsigned = await exchange.send("GET", "/v1/account/info")
            #expect(unsigned.summary == "401 1002")
            #expect(unsigned.header("X-SYNCRON-RATELIMIT-LIMIT") == "1200")
        }
    }

    @Test("orders beyond the rate are 429 until the next second, and are not placed")
    func orderRate() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let query = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000"
            for _ in 0..<10 {
                #expect(await exchange.send("POST", "/v1/trading/order", query, as: trader).status == 200)
            }
            let refused = await exchange.send("POST", "/v1/trading/order", query, as: trader)
            #expect(refused.summary == "429 1003")
            #expect(refused.header("Retry-After") == "1")
            let cancel = await exchange.send("DELETE", "/v1/trading/order", "symbol=BTC-USDT&orderId=1", as: trader)
            #expect(cancel.status == 200, "cancels count only as requests")
            exchange.clock.advance(1_000)
            let next = await exchange.send("POST", "/v1/trading/order", query, as: trader)
            #expect(next["orderId"]?.integer == 11)
        }
    }

    @Test("every key route refuses who has no key, no signature, or no permission")
    func access() async throws {
        try await ServiceFixture.with(sandbox: true) { exchange in
            let nobody = ServiceFixture.Trader(account: AccountID(1), key: "nobody", secret: "x")
            for route in RouteTable.all {
                let needed: Permissions
                switch route.access {
                case .operations, .anyone, .session: continue
                case .key(let permissions), .sandboxKey(let permissions): needed = permissions
                }
                let trader = try await exchange.trader([:], permissions: Permissions.all.subtracting(needed))
                let (method, name) = (route.method.rawValue, "\(route.method.rawValue) \(route.path)")
                #expect(await exchange.send(method, route.path).summary == "401 1002", "\(name)")
                #expect(await exchange.send(method, route.path, as: nobody).summary == "401 1002", "\(name)")
                let forged = ServiceFixture.Trader(account: trader.account, key: trader.key, secret: "forged")
                #expect(await exchange.send(method, route.path, as: forged).summary == "401 1002", "\(name)")
                #expect(await exchange.send(method, route.path, as: trader).summary == "403 1002", "\(name)")
            }
        }
    }

    @Test("an account that may not trade is 403, and can cancel still")
    func tradingDisabled() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let query = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000"
            _ = await exchange.send("POST", "/v1/trading/order", query, as: trader)
            _ = await exchange.manage("PUT", "/admin/accounts/1", #"{"canTrade":false}"#)
            #expect(await exchange.send("POST", "/v1/trading/order", query, as: trader).summary == "403 1002")
            let cancel = await exchange.send("DELETE", "/v1/trading/order", "symbol=BTC-USDT&orderId=1", as: trader)
            #expect(cancel.status == 200)
        }
    }

    @Test("paths that lead nowhere are 404, other methods 405 with Allow, before any key is looked at")
    func noRoute() async throws {
        try await ServiceFixture.with { exchange in
            let nowhere = await exchange.send("GET", "/v1/trading/nope")
            #expect(nowhere.summary == "404 1005")
            #expect(nowhere.header("X-SYNCRON-RATELIMIT-REMAINING") == "1199")
            let method = await exchange.send("PATCH", "/v1/trading/order")
            #expect(method.summary == "405 1005")
            #expect(method.header("Allow") == "DELETE, GET, POST, PUT")
        }
    }

    @Test("the faucet makes bounded test money, and only in a sandbox")
    func faucet() async throws {
        let path = "/v1/sandbox/faucet"
        try await ServiceFixture.with(sandbox: true) { exchange in
            let trader = try await exchange.trader([:])
            let given = await exchange.send("POST", path, "asset=btc&amount=10", as: trader)
            #expect(given.status == 200)
            #expect(given["amount"]?.text == "10.00000000")
            #expect(given["status"]?.integer == 1)
            let info = await exchange.send("GET", "/v1/account/info", as: trader)
            #expect(info.text.contains(#"{"asset":"BTC","free":"10.00000000","locked":"0.00000000"}"#))
            for (query, name) in [
                ("asset=BTC&amount=10.00000001", "amount"), ("asset=BTC&amount=0", "amount"), ("asset=BTC", "amount"),
                ("asset=BTC&amount=-1", "amount"), ("asset=BTC&amount=0.000000001", "amount"), ("amount=1", "asset"),
                ("asset=DOGE&amount=1", "asset"),
            ] {
                let refused = await exchange.send("POST", path, query, as: trader)
                #expect(refused.summary == "400 1006", "\(query)")
                #expect(refused.detail("parameter") == name, "\(query)")
            }
        }
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader([:])
            let answer = await exchange.send("POST", path, "asset=BTC&amount=1", as: trader)
            #expect(answer.summary == "404 1005")
        }
    }
}
