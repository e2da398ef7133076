import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("The operator's interface")
struct AdminServiceTests {
    @Test("every call needs the token")
    func token() async throws {
        try await ServiceFixture.with { exchange in
            for route in AdminRoutes.all {
                let path = route.path.replacing("{id}", with: "1").replacing("{key}", with: "k")
                    .replacing("{asset}", with: "BTC").replacing("{symbol}", with: "BTC-USDT")
                for token in [nil, "", "wrong"] as [String?] {
                    let answer = await exchange.manage(route.method.rawValue, path, "{}", token: token)
                    #expect(answer.summary == "401 1002", "\(route.method.rawValue) \(route.path)")
                }
            }
            #expect(await exchange.manage("GET", "/admin/nope").summary == "404 1005")
            #expect(await exchange.manage("GET", "/v1/ping").summary == "404 1005")
            let method = await exchange.manage("DELETE", "/admin/accounts/1")
            #expect(method.summary == "405 1005")
            #expect(method.header("Allow") == "GET, PUT")
        }
    }

    @Test("accounts are opened, shown, listed and changed")
    func accounts() async throws {
        try await ServiceFixture.with { exchange in
            let time = exchange.node.now.milliseconds
            let opened = await exchange.manage(
                "POST", "/admin/accounts", #"{"email":"a@example.com","level":"Gold","commissionTier":2}"#)
            #expect(
                opened.text == #"{"accountId":1,"email":"a@example.com","level":"Gold","requestsPerMinute":3600,"#
                    + #""ordersPerSecond":20,"commissionTier":2,"marginLeverage":3,"canTrade":true,"#
                    + #""canWithdraw":true,"isSandbox":false,"createTime":\#(time)}"#)
            let plain = await exchange.manage("POST", "/admin/accounts")
            #expect(plain["accountId"]?.integer == 2)
            #expect(plain["level"]?.text == "Standard")
            #expect(plain["email"] == .null)
            let changed = await exchange.manage(
                "PUT", "/admin/accounts/2",
                #"{"level":"VIP","requestsPerMinute":5,"ordersPerSecond":"2","commissionTier":4,"marginLeverage":5,"#
                    + #""canTrade":false,"canWithdraw":false}"#)
            #expect(
                changed.text == #"{"accountId":2,"email":null,"level":"VIP","requestsPerMinute":5,"#
                    + #""ordersPerSecond":2,"commissionTier":4,"marginLeverage":5,"canTrade":false,"#
                    + #""canWithdraw":false,"isSandbox":false,"createTime":\#(time)}"#)
            #expect(await exchange.manage("GET", "/admin/accounts/2").text == changed.text)
            #expect(await exchange.manage("GET", "/admin/accounts").text == "[\(opened.text),\(changed.text)]")
            #expect(await exchange.manage("GET", "/admin/accounts?fromId=2").text == "[\(changed.text)]")
            #expect(await exchange.manage("GET", "/admin/accounts?limit=1").text == "[\(opened.text)]")
            let kept = await exchange.manage("PUT", "/admin/accounts/2", #"{"canTrade":true}"#)
            #expect(kept["level"]?.text == "VIP")
        }
    }

    @Test(
        "a bad setting of an account is named, and nothing changes",
        arguments: [
            (#"{"level":"gold"}"#, "level"), (#"{"level":7}"#, "level"), (#"{"commissionTier":5}"#, "commissionTier"),
            (#"{"commissionTier":-1}"#, "commissionTier"), (#"{"marginLeverage":4}"#, "marginLeverage"),
            (#"{"requestsPerMinute":0}"#, "requestsPerMinute"),
            (#"{"requestsPerMinute":4294967296}"#, "requestsPerMinute"),
            (#"{"ordersPerSecond":"x"}"#, "ordersPerSecond"), (#"{"canTrade":"yes"}"#, "canTrade"),
            (#"{"canWithdraw":1}"#, "canWithdraw"), (#"{"level":"Gold","level":"Gold"}"#, "level"),
            (#"{"level":["Gold"]}"#, "level"),
        ])
    func badSettings(body: String, name: String) async throws {
        try await ServiceFixture.with { exchange in
            let before = await exchange.manage("POST", "/admin/accounts").text
            let answer = await exchange.manage("PUT", "/admin/accounts/1", body)
            #expect(answer.status == 400)
            #expect(answer.code == 1006 || answer.code == 1005)
            if answer.code == 1006 { #expect(answer.detail("parameter") == name) }
            #expect(await exchange.manage("GET", "/admin/accounts/1").text == before)
        }
    }

    @Test("an unknown account is 404", arguments: ["9", "0", "x", "-1", "4294967296"])
    func unknownAccount(id: String) async throws {
        try await ServiceFixture.with { exchange in
            for (method, path, body) in [
                ("GET", "/admin/accounts/\(id)", ""), ("PUT", "/admin/accounts/\(id)", "{}"),
                ("POST", "/admin/accounts/\(id)/api-keys", #"{"name":"a","permissions":["read"]}"#),
                ("DELETE", "/admin/accounts/\(id)/api-keys/k", ""),
            ] {
                #expect(await exchange.manage(method, path, body).summary == "404 1006", "\(method) \(path)")
            }
        }
    }

    @Test("a name given twice is 1006 and named")
    func twice() async throws {
        try await ServiceFixture.with { exchange in
            let answer = await exchange.manage("POST", "/admin/accounts", #"{"level": "Gold", "level": "Silver"}"#)
            #expect(answer.summary == "400 1006" && answer.detail("parameter") == "level", "\(answer.text)")
        }
    }

    @Test("a body that is no JSON object is 1005", arguments: ["{", "[]", "1", "\"a\"", "level=Gold"])
    func malformed(body: String) async throws {
        try await ServiceFixture.with { exchange in
            #expect(await exchange.manage("POST", "/admin/accounts", body).summary == "400 1005")
        }
    }

    @Test("an API key is shown with its secret once, works, and can be taken back")
    func keys() async throws {
        try await ServiceFixture.with { exchange in
            _ = await exchange.manage("POST", "/admin/accounts")
            let path = "/admin/accounts/1/api-keys"
            let made = await exchange.manage(
                "POST", path,
                #"{"name":"bot","permissions":["trade","read"],"ipRestrictions":["127.0.0.1","10.0.0.0/8"]}"#)
            let key = try #require(made["apiKey"]?.text)
            let secret = try #require(made["secret"]?.text)
            #expect(
                made.text == #"{"apiKey":"\#(key)","secret":"\#(secret)","accountId":1,"name":"bot","#
                    + #""permissions":["read","trade"],"ipRestrictions":["127.0.0.1","10.0.0.0/8"],"expiresAt":null}"#)
            let trader = ServiceFixture.Trader(account: AccountID(1), key: key, secret: secret)
            #expect(await exchange.send("GET", "/v1/account/info", as: trader).status == 200)
            #expect(await exchange.manage("DELETE", "/admin/accounts/1/api-keys/\(key)").text == "{}")
            #expect(await exchange.send("GET", "/v1/account/info", as: trader).summary == "401 1002")
            #expect(await exchange.manage("DELETE", "/admin/accounts/1/api-keys/\(key)").summary == "404 1006")
        }
    }

    @Test("a key expires by the exchange's clock")
    func expiry() async throws {
        try await ServiceFixture.with { exchange in
            _ = await exchange.manage("POST", "/admin/accounts")
            let expiry = exchange.node.now.milliseconds + 60_000
            let made = await exchange.manage(
                "POST", "/admin/accounts/1/api-keys", #"{"name":"a","permissions":["read"],"expiresAt":\#(expiry)}"#)
            let trader = ServiceFixture.Trader(
                account: AccountID(1), key: made["apiKey"]?.text ?? "", secret: made["secret"]?.text ?? "")
            #expect(await exchange.send("GET", "/v1/account/info", as: trader).status == 200)
            #expect(await exchange.manage("POST", "/admin/clock/advance", #"{"milliseconds":60000}"#).status == 200)
            #expect(await exchange.send("GET", "/v1/account/info", as: trader).summary == "401 1002")
        }
    }

    @Test("an Ed25519 key has no secret")
    func ed25519() async throws {
        try await ServiceFixture.with { exchange in
            _ = await exchange.manage("POST", "/admin/accounts")
            let text = Base64.text(Ed25519PrivateKey().publicKey.raw)
            let made = await exchange.manage(
                "POST", "/admin/accounts/1/api-keys",
                #"{"name":"a","permissions":["read"],"ed25519PublicKey":"\#(text)"}"#)
            #expect(made.status == 200)
            #expect(made["secret"] == nil)
        }
    }

    @Test(
        "a bad value of a key is named",
        arguments: [
            (#"{"permissions":["read"]}"#, "name"), (#"{"name":"a"}"#, "permissions"),
            (#"{"name":"a","permissions":[]}"#, "permissions"), (#"{"name":"a","permissions":["all"]}"#, "permissions"),
            (#"{"name":"a","permissions":"read"}"#, "permissions"), (#"{"name":"a","permissions":[1]}"#, "permissions"),
            (#"{"name":"a","permissions":["read"],"ipRestrictions":["here"]}"#, "ipRestrictions"),
            (#"{"name":"a","permissions":["read"],"ipRestrictions":["10.0.0.0/99"]}"#, "ipRestrictions"),
            (#"{"name":"a","permissions":["read"],"expiresAt":1}"#, "expiresAt"),
            (#"{"name":"a","permissions":["read"],"expiresAt":"soon"}"#, "expiresAt"),
            (#"{"name":"a","permissions":["read"],"ed25519PublicKey":"AAAA"}"#, "ed25519PublicKey"),
        ])
    func badKeys(body: String, name: String) async throws {
        try await ServiceFixture.with { exchange in
            _ = await exchange.manage("POST", "/admin/accounts")
            let answer = await exchange.manage("POST", "/admin/accounts/1/api-keys", body)
            #expect(answer.summary == "400 1006")
            #expect(answer.detail("parameter") == name)
        }
    }

    @Test("a deposit is credited once, however often it is reported")
    func deposits() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader([:])
            let time = exchange.node.now.milliseconds
            func report(_ more: String) async -> ServiceFixture.Answer {
                await exchange.manage(
                    "POST", "/admin/deposits", #"{"accountId":1,"asset":"btc","txId":"t"\#(more)}"#)
            }
            let pending = await report(#","amount":"1.5","status":0"#)
            #expect(
                pending.text == #"{"id":1,"asset":"BTC","network":"BTC","amount":"1.50000000","#
                    + #""address":"syncron:BTC:1","txId":"t","status":0,"confirmations":0,"insertTime":\#(time),"#
                    + #""completeTime":null}"#)
            let settled = await report(#","amount":"1.50","confirmations":3"#)
            #expect(settled["status"]?.integer == 1)
            #expect(settled["confirmations"]?.integer == 3)
            #expect(settled["completeTime"]?.integer == time)
            #expect(await report(#","amount":"1.5""#)["id"]?.integer == 1)
            let info = await exchange.send("GET", "/v1/account/info", as: trader)
            #expect(info.text.contains(#""free":"1.50000000""#))
            let other = await report(#","amount":"2""#)
            #expect(other.summary == "409 1006")
            #expect(other.detail("parameter") == "amount")
            let undone = await report(#","amount":"1.5","status":2"#)
            #expect(undone.summary == "409 1006")
            #expect(undone.detail("parameter") == "status")
        }
    }

    @Test(
        "a bad value of a deposit is named",
        arguments: [
            (#"{"asset":"BTC","txId":"t","amount":"1"}"#, "400 1006", "accountId"),
            (#"{"accountId":9,"asset":"BTC","txId":"t","amount":"1"}"#, "404 1006", "accountId"),
            (#"{"accountId":1,"txId":"t","amount":"1"}"#, "400 1006", "asset"),
            (#"{"accountId":1,"asset":"DOGE","txId":"t","amount":"1"}"#, "400 1006", "asset"),
            (#"{"accountId":1,"asset":"BTC","amount":"1"}"#, "400 1006", "txId"),
            (#"{"accountId":1,"asset":"BTC","txId":"t"}"#, "400 1006", "amount"),
            (#"{"accountId":1,"asset":"BTC","txId":"t","amount":1}"#, "400 1006", "amount"),
            (#"{"accountId":1,"asset":"BTC","txId":"t","amount":"0"}"#, "400 1006", "amount"),
            (#"{"accountId":1,"asset":"BTC","txId":"t","amount":"0.000000001"}"#, "400 1006", "amount"),
            (#"{"accountId":1,"asset":"BTC","txId":"t","amount":"1","network":"MOON"}"#, "400 1006", "network"),
            (#"{"accountId":1,"asset":"BTC","txId":"t","amount":"1","status":3}"#, "400 1006", "status"),
        ])
    func badDeposits(body: String, summary: String, name: String) async throws {
        try await ServiceFixture.with { exchange in
            _ = await exchange.manage("POST", "/admin/accounts")
            let answer = await exchange.manage("POST", "/admin/deposits", body)
            #expect(answer.summary == summary)
            #expect(answer.detail("parameter") == name)
        }
    }

    @Test("assets and markets are created and changed while the exchange runs")
    func reference() async throws {
        try await ServiceFixture.with { exchange in
            let asset = await exchange.manage("PUT", "/admin/assets/DOGE", #"{"decimals":4}"#)
            #expect(asset.text == #"{"asset":"DOGE","decimals":4,"networks":[]}"#)
            let body =
                #"{"status":"HALT","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.0001","maxPrice":"10"},"#
                + #"{"filterType":"LOT_SIZE","stepSize":"1","maxQty":"1000000"}]}"#
            let market = await exchange.manage("PUT", "/admin/markets/DOGE-USDT", body)
            #expect(market["symbol"]?.text == "DOGE-USDT")
            #expect(market["status"]?.text == "HALT")
            #expect(market["commissions"]?.items?.count == 5)
            let shown = await exchange.send("GET", "/v1/market/symbol", "symbol=DOGEUSDT")
            #expect(shown["status"]?.text == "HALT")
            #expect(shown["quantityPrecision"]?.integer == 0)
            let changed = await exchange.manage(
                "PUT", "/admin/markets/doge-usdt",
                #"{"status":"CANCEL_ONLY","filters":[{"filterType":"MAX_NUM_ORDERS","maxNumOrders":3}]}"#)
            #expect(changed["status"]?.text == "CANCEL_ONLY")
            #expect(changed.text.contains(#""maxNumOrders":3"#))
            #expect(changed.text.contains(#""maxPrice":"10.0000""#))
            let grid = await exchange.manage(
                "PUT", "/admin/markets/DOGE-USDT",
                #"{"filters":[{"filterType":"PRICE_FILTER","tickSize":"0.0002","minPrice":"0.0002"}]}"#)
            #expect(grid.summary == "409 1006")
            #expect(grid.detail("parameter") == "tickSize")
            let decimals = await exchange.manage("PUT", "/admin/assets/DOGE", #"{"decimals":5}"#)
            #expect(decimals.summary == "409 1006")
            let renamed = await exchange.manage("PUT", "/admin/assets/DOGE", #"{"asset":"CATE"}"#)
            #expect(renamed.detail("parameter") == "asset")
            let other = await exchange.manage("PUT", "/admin/markets/DOGE-USDT", #"{"symbol":"BTC-USDT"}"#)
            #expect(other.detail("parameter") == "symbol")
            let bad = await exchange.manage("PUT", "/admin/assets/do-ge", "{}")
            #expect(bad.summary == "400 1006")
            #expect(bad.detail("parameter") == "asset")
        }
    }

    @Test("a halted market takes no orders, and cancels")
    func halt() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader()
            let query = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000"
            _ = await exchange.send("POST", "/v1/trading/order", query, as: trader)
            #expect(await exchange.manage("POST", "/admin/markets/btcusdt/halt")["status"]?.text == "HALT")
            let refused = await exchange.send("POST", "/v1/trading/order", query, as: trader)
            #expect(refused.summary == "409 1009")
            #expect(refused.detail("status") == "HALT")
            let cancel = await exchange.send("DELETE", "/v1/trading/order", "symbol=BTC-USDT&orderId=1", as: trader)
            #expect(cancel.status == 200)
            #expect(await exchange.manage("POST", "/admin/markets/BTC-USDT/resume")["status"]?.text == "TRADING")
            #expect(await exchange.send("POST", "/v1/trading/order", query, as: trader).status == 200)
            #expect(await exchange.manage("POST", "/admin/markets/NOPE/halt").summary == "404 1006")
        }
    }

    @Test("a manual clock is set forward, the system's is not")
    func clock() async throws {
        try await ServiceFixture.with { exchange in
            let before = exchange.node.now.milliseconds
            let answer = await exchange.manage("POST", "/admin/clock/advance", #"{"milliseconds":1500}"#)
            #expect(answer["serverTime"]?.integer == before + 1_500)
            #expect(await exchange.send("GET", "/v1/time")["serverTime"]?.integer == before + 1_500)
            for body in [
                "{}", #"{"milliseconds":0}"#, #"{"milliseconds":-1}"#, #"{"milliseconds":"x"}"#,
                #"{"milliseconds":1.5}"#,
            ] {
                let refused = await exchange.manage("POST", "/admin/clock/advance", body)
                #expect(refused.summary == "400 1006", "\(body)")
                #expect(refused.detail("parameter") == "milliseconds")
            }
        }
        try await ServiceFixture.with(clockMode: .system) { exchange in
            let refused = await exchange.manage("POST", "/admin/clock/advance", #"{"milliseconds":1500}"#)
            #expect(refused.summary == "409 1006")
            #expect(refused.detail("parameter") == "milliseconds")
        }
    }

    @Test("the ledger is balanced and says where the money is")
    func ledger() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader(["USDT": "1000"])
            _ = await exchange.send(
                "POST", "/v1/trading/order",
                "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000", as: trader)
            let ledger = await exchange.manage("GET", "/admin/ledger")
            #expect(ledger["balanced"] == .bool(true))
            #expect(
                ledger.text.contains(
                    #"{"asset":"USDT","accounts":"700.00000000","holds":"300.00000000","fees":"0.00000000","#
                        + #""insurance":"1000000.00000000","interest":"0.00000000","lending":"5000000.00000000","#
                        + #""clearing":"0.00000000","rounding":"0.00000000","external":"-6001000.00000000","#
                        + #""balanced":true}"#))
        }
    }

    @Test("status and snapshot agree on sequence and state hash")
    func status() async throws {
        try await ServiceFixture.with { exchange in
            _ = try await exchange.trader()
            let snapshot = await exchange.manage("POST", "/admin/snapshot")
            #expect(snapshot.status == 200, "\(snapshot.text)")
            let status = await exchange.manage("GET", "/admin/status")
            #expect(status["sequence"] == snapshot["sequence"])
            #expect(status["stateHash"] == snapshot["stateHash"])
            #expect(status["snapshotSequence"] == snapshot["sequence"])
            #expect(status["durableSequence"] == snapshot["sequence"])
            #expect(status["stateHash"]?.text?.count == 16)
            #expect(status["markets"]?.integer == 7)
            #expect(status["accounts"]?.integer == 1)
            #expect(status["openOrders"]?.integer == 0)
            #expect(status["uptime"]?.integer != nil)
        }
    }
}
