import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Withdrawals, addresses and transfers over the service")
struct FundsServiceTests {
    private static let path = "/v1/account/withdraw"
    private static let query = "asset=USDT&network=ETH&address=0xabc&amount=100&clientWithdrawId=w1"

    private func locked(_ exchange: ServiceFixture, _ trader: ServiceFixture.Trader) async -> [String?] {
        let info = await exchange.send("GET", "/v1/account/info", as: trader)
        let usdt = info["balances"]?.items?.first { $0["asset"]?.text == "USDT" }
        return [usdt?["free"]?.text, usdt?["locked"]?.text]
    }

    @Test("a withdrawal is a row from its request to its settlement, and holds amount and fee until then")
    func withdraw() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader(["USDT": "1000"])
            let time = exchange.node.now.milliseconds
            let row =
                #"{"id":1,"asset":"USDT","network":"ETH","amount":"100.00000000","fee":"1.00000000","#
                + #""address":"0xabc","txId":null,"status":0,"applyTime":\#(time),"completeTime":null,"#
                + #""clientWithdrawId":"w1"}"#
            #expect(await exchange.send("POST", Self.path, Self.query, as: trader).text == row)
            #expect(await exchange.send("POST", Self.path, Self.query, as: trader).text == row, "it is the same one")
            #expect(await locked(exchange, trader) == ["899.00000000", "101.00000000"])
            #expect(await exchange.send("GET", "/v1/account/withdrawals", as: trader).text == "[\(row)]")
            _ = await exchange.manage("POST", "/admin/clock/advance", #"{"milliseconds":1000}"#)
            let pending = await exchange.manage("GET", "/admin/withdrawals?status=0")
            #expect(pending.text == "[\(row.dropLast()),\"accountId\":1,\"reason\":\"\"}]")
            let settled = await exchange.manage("POST", "/admin/withdrawals/1/settle", #"{"txId":"0xfeed"}"#)
            #expect(settled["status"]?.integer == 1 && settled["txId"]?.text == "0xfeed")
            #expect(settled["completeTime"]?.integer == time + 1_000)
            let again = await exchange.manage("POST", "/admin/withdrawals/1/settle", #"{"txId":"0xfeed"}"#)
            #expect(again.text == settled.text)
            let other = await exchange.manage("POST", "/admin/withdrawals/1/settle", #"{"txId":"0xbeef"}"#)
            #expect(other.summary == "409 1006" && other.detail("parameter") == "txId")
            let failed = await exchange.manage("POST", "/admin/withdrawals/1/fail", #"{"reason":"late"}"#)
            #expect(failed.summary == "409 1006" && failed.detail("parameter") == "status")
            #expect(await locked(exchange, trader) == ["899.00000000", "0.00000000"])
            let ledger = await exchange.manage("GET", "/admin/ledger")
            #expect(ledger["balanced"] == .bool(true) && ledger.text.contains(#""fees":"1.00000000""#))
            #expect(await exchange.manage("GET", "/admin/withdrawals?status=0").text == "[]")
            let late = await exchange.send("DELETE", Self.path, "id=1", as: trader)
            #expect(late.summary == "409 1006")
        }
    }

    @Test("a failed or canceled withdrawal gives everything back")
    func giveBack() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader(["USDT": "1000"])
            let other = try await exchange.trader([:])
            for id in 1...2 {
                let query = "asset=usdt&network=ETH&address=0xabc&amount=\(id)"
                #expect(await exchange.send("POST", Self.path, query, as: trader)["id"]?.integer == Int64(id))
            }
            #expect(await exchange.send("DELETE", Self.path, "id=1", as: other).summary == "404 1006")
            let canceled = await exchange.send("DELETE", Self.path, "id=1", as: trader)
            #expect(canceled["status"]?.integer == 2 && canceled["clientWithdrawId"] == .null)
            let failed = await exchange.manage("POST", "/admin/withdrawals/2/fail", #"{"reason":"bad address"}"#)
            #expect(failed["status"]?.integer == 2 && failed["reason"]?.text == "bad address")
            #expect(await locked(exchange, trader) == ["1000.00000000", "0.00000000"])
            let list = await exchange.send("GET", "/v1/account/withdrawals", "status=2&asset=usdt", as: trader)
            #expect(list.json.items?.compactMap { $0["id"]?.integer } == [2, 1])
            #expect(await exchange.manage("POST", "/admin/withdrawals/9/fail", "{}").summary == "404 1006")
            #expect(await exchange.manage("POST", "/admin/withdrawals/x/settle", #"{"txId":"t"}"#).status == 404)
            let missing = await exchange.manage("POST", "/admin/withdrawals/2/settle", "{}")
            #expect(missing.summary == "400 1006" && missing.detail("parameter") == "txId")
        }
    }

    @Test("a refused withdrawal names what is wrong")
    func refusals() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader(["USDT": "50"])
            let base = "asset=USDT&network=ETH&address=0xabc&amount=10"
            let cases = [
                ("network=ETH&address=a&amount=1", "asset"), ("asset=DOGE&network=ETH&address=a&amount=1", "asset"),
                ("asset=USDT&address=a&amount=1", "network"), ("asset=USDT&network=BTC&address=a&amount=1", "network"),
                ("asset=USDT&network=ETH&amount=1", "address"),
                ("asset=USDT&network=ETH&address=a%20b&amount=1", "address"),
                ("asset=USDT&network=ETH&address=a", "amount"),
                ("asset=USDT&network=ETH&address=a&amount=0", "amount"),
                ("asset=USDT&network=ETH&address=a&amount=-1", "amount"),
                ("asset=USDT&network=ETH&address=a&amount=0.000000001", "amount"),
                ("asset=USDT&network=ETH&address=a&amount=1e3", "amount"),
                (base + "&clientWithdrawId=", "clientWithdrawId"),
            ]
            for (query, name) in cases {
                let answer = await exchange.send("POST", Self.path, query, as: trader)
                #expect(answer.summary == "400 1006" && answer.detail("parameter") == name, "\(query)")
            }
            let poor = await exchange.send(
                "POST", Self.path, "asset=USDT&network=ETH&address=a&amount=49.5", as: trader)
            #expect(poor.summary == "409 1008")
            #expect(poor.detail("required") == "50.50000000" && poor.detail("available") == "50.00000000")
            _ = await exchange.send("POST", Self.path, base + "&clientWithdrawId=w", as: trader)
            let conflict = await exchange.send(
                "POST", Self.path, "asset=USDT&network=ETH&address=0xabc&amount=11&clientWithdrawId=w", as: trader)
            #expect(conflict.summary == "409 1006" && conflict.detail("parameter") == "clientWithdrawId")
            for query in ["", "id=0", "id=x"] {
                let answer = await exchange.send("DELETE", Self.path, query, as: trader)
                #expect(answer.summary == "400 1006" && answer.detail("parameter") == "id")
            }
            #expect(await exchange.send("DELETE", Self.path, "id=2", as: trader).summary == "404 1006")
            _ = await exchange.manage("PUT", "/admin/accounts/1", #"{"canWithdraw":false}"#)
            #expect(await exchange.send("POST", Self.path, base, as: trader).summary == "403 1002")
            #expect(await exchange.send("DELETE", Self.path, "id=1", as: trader).status == 200)
        }
    }

    @Test("deposits have an address before and after the custodian assigns one")
    func addresses() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader([:])
            let path = "/v1/account/depositAddress"
            let first = await exchange.send("GET", path, "asset=btc&network=BTC", as: trader)
            #expect(first.text == #"{"asset":"BTC","network":"BTC","address":"syncron:BTC:1"}"#)
            let body = #"{"accountId":1,"asset":"BTC","network":"BTC","address":"bc1q"}"#
            #expect(await exchange.manage("PUT", "/admin/deposit-addresses", body).text == body)
            let second = await exchange.send("GET", path, "asset=BTC&network=BTC", as: trader)
            #expect(second["address"]?.text == "bc1q")
            for (query, name) in [
                ("network=BTC", "asset"), ("asset=BTC", "network"), ("asset=BTC&network=ETH", "network"),
            ] {
                let answer = await exchange.send("GET", path, query, as: trader)
                #expect(answer.summary == "400 1006" && answer.detail("parameter") == name)
            }
            let nobody = await exchange.manage(
                "PUT", "/admin/deposit-addresses",
                #"{"accountId":7,"asset":"BTC","network":"BTC","address":"bc1q"}"#)
            #expect(nobody.summary == "404 1006" && nobody.detail("parameter") == "accountId")
        }
    }

    @Test("transfers are rows with the id that was answered, newest first")
    func transfers() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader(["USDT": "1000"])
            let path = "/v1/account/transfer"
            let out = await exchange.send("POST", path, "asset=usdt&amount=400&from=spot&to=margin", as: trader)
            #expect(out.text == #"{"tranId":1}"#)
            let back = await exchange.send("POST", path, "asset=USDT&amount=150.5&from=margin&to=futures", as: trader)
            #expect(back.text == #"{"tranId":2}"#)
            let time = exchange.node.now.milliseconds
            let rows = await exchange.send("GET", "/v1/account/transfers", as: trader)
            #expect(
                rows.text == #"[{"tranId":2,"asset":"USDT","amount":"150.50000000","from":"margin","to":"futures","#
                    + #""status":"CONFIRMED","timestamp":\#(time)},{"tranId":1,"asset":"USDT","#
                    + #""amount":"400.00000000","from":"spot","to":"margin","status":"CONFIRMED","timestamp":\#(time)}]"#
            )
            let some = await exchange.send("GET", "/v1/account/transfers", "from=spot&limit=5", as: trader)
            #expect(some.json.items?.count == 1)
            #expect(await locked(exchange, trader) == ["600.00000000", "0.00000000"])
        }
    }

    @Test("a refused transfer has margin's codes where margin takes part")
    func refusedTransfers() async throws {
        try await ServiceFixture.with { exchange in
            let trader = try await exchange.trader(["USDT": "10", "BTC": "1"])
            let cases = [
                ("amount=1&from=spot&to=margin", "400 1006", "asset"),
                ("asset=USDT&from=spot&to=margin", "400 1006", "amount"),
                ("asset=USDT&amount=1&to=margin", "400 1006", "from"),
                ("asset=USDT&amount=1&from=spot", "400 1006", "to"),
                ("asset=USDT&amount=1&from=spot&to=SPOT", "400 1006", "to"),
                ("asset=USDT&amount=1&from=spot&to=spot", "400 1006", "to"),
                ("asset=USDT&amount=1x&from=spot&to=margin", "400 1006", "amount"),
                ("asset=USDT&amount=0&from=spot&to=margin", "400 -3004", "amount"),
                ("asset=USDT&amount=0&from=spot&to=futures", "400 1006", "amount"),
                ("asset=DOGE&amount=1&from=spot&to=margin", "400 -3003", "asset"),
                ("asset=DOGE&amount=0&from=spot&to=margin", "400 -3004", "amount"),
                ("asset=DOGE&amount=1&from=spot&to=futures", "400 1006", "asset"),
                ("asset=BTC&amount=1&from=spot&to=futures", "400 1006", "asset"),
            ]
            for (query, summary, name) in cases {
                let answer = await exchange.send("POST", "/v1/account/transfer", query, as: trader)
                #expect(answer.summary == summary && answer.detail("parameter") == name, "\(query): \(answer.text)")
            }
            let margin = await exchange.send(
                "POST", "/v1/account/transfer", "asset=USDT&amount=11&from=spot&to=margin", as: trader)
            #expect(margin.summary == "409 -3006" && margin.detail("available") == "10.00000000")
            let futures = await exchange.send(
                "POST", "/v1/account/transfer", "asset=USDT&amount=11&from=spot&to=futures", as: trader)
            #expect(futures.summary == "409 1008")
            _ = await exchange.send(
                "POST", "/v1/account/transfer", "asset=USDT&amount=5&from=spot&to=margin", as: trader)
            _ = await exchange.manage("PUT", "/admin/accounts/1", #"{"canWithdraw":false}"#)
            let out = await exchange.send(
                "POST", "/v1/account/transfer", "asset=USDT&amount=5&from=margin&to=spot", as: trader)
            #expect(out.summary == "409 -3012")
        }
    }

    @Test("transfers need the permission transfer or trade, withdrawals withdraw")
    func permissions() async throws {
        try await ServiceFixture.with { exchange in
            let owner = try await exchange.trader(["USDT": "10"])
            for permission in [Permissions.transfer, .trade] {
                let key = try await exchange.key(of: owner.account, permissions: permission)
                let answer = await exchange.send(
                    "POST", "/v1/account/transfer", "asset=USDT&amount=1&from=spot&to=futures", as: key)
                #expect(answer.status == 200)
                #expect(await exchange.send("POST", Self.path, Self.query, as: key).summary == "403 1002")
            }
        }
    }

    @Test("a lending pool is set, and stands in the ledger")
    func lending() async throws {
        try await ServiceFixture.with { exchange in
            let answer = await exchange.manage("PUT", "/admin/lending/btc", #"{"amount":"100"}"#)
            #expect(answer.text == #"{"asset":"BTC","amount":"100.00000000"}"#)
            let ledger = await exchange.manage("GET", "/admin/ledger")
            #expect(ledger.text.contains(#""lending":"100.00000000""#) && ledger["balanced"] == .bool(true))
            for (path, body, name) in [
                ("btc", "{}", "amount"), ("btc", #"{"amount":"-1"}"#, "amount"), ("btc", #"{"amount":5}"#, "amount"),
                ("doge", #"{"amount":"1"}"#, "asset"),
            ] {
                let refused = await exchange.manage("PUT", "/admin/lending/\(path)", body)
                #expect(refused.summary == "400 1006" && refused.detail("parameter") == name)
            }
        }
    }

    @Test("a market's fees may be given under either name, for each tier or one for all")
    func fees() async throws {
        try await ServiceFixture.with { exchange in
            let rate = #"{"makerCommission":"0.0001","takerCommission":"0.0002"}"#
            let five = "[" + Array(repeating: rate, count: 5).joined(separator: ",") + "]"
            for body in [#"{"fees":\#(rate)}"#, #"{"fees":\#(five)}"#, #"{"commissions":\#(five)}"#] {
                let answer = await exchange.manage("PUT", "/admin/markets/BTC-USDT", body)
                #expect(answer.text.contains(#""commissions":\#(five)"#), "\(answer.text)")
                _ = await exchange.manage(
                    "PUT", "/admin/markets/BTC-USDT", #"{"fees":\#(five.replacing("1", with: "3"))}"#)
            }
            for body in [
                #"{"fees":[\#(rate)]}"#, #"{"fees":1}"#, #"{"fees":\#(five),"commissions":\#(five)}"#,
            ] {
                let refused = await exchange.manage("PUT", "/admin/markets/BTC-USDT", body)
                #expect(refused.summary == "400 1006" && refused.detail("parameter") == "fees", "\(refused.text)")
            }
        }
    }
}
