import Foundation
import SyncronWire
import Testing

@Suite(
    "end to end: a full disk", .serialized,
    .enabled(if: SmallDisk.isPossible, "a tmpfs cannot be mounted here: that takes root"))
struct DiskFullTests {
    /// What clients were told: the orders that are open, and those that are canceled.
    actor Told {
        var open: Set<Int64> = []
        var canceled: [Int64] = []
        var refused: Answer?

        func opened(_ id: Int64) { open.insert(id) }

        func canceled(_ id: Int64) {
            open.remove(id)
            canceled.append(id)
        }

        func refused(_ answer: Answer) { refused = refused ?? answer }
    }

    @Test("commands are refused, all else goes on, trading resumes by itself, and nothing acknowledged is lost")
    func fullDisk() async throws {
        let disk = try SmallDisk(mebibytes: 24)
        let settings = ["--no-sandbox", "--journal-segment", "1"]
        var exchange = try ExchangeProcess(data: disk.path + "/data", settings)
        var trader = try await exchange.trader(["USDT": "100000", "BTC": "1"])
        let seller = try await exchange.trader(["BTC": "1"])
        let trades = try WebSocketClient(port: exchange.port, path: "/v1/ws/btc-usdt@trade")
        let told = Told()

        disk.fill()
        await Self.load(exchange, trader, told)
        let refused = try #require(await told.refused, "the disk took everything")
        #expect(refused.status == 503 && refused.code == 1001, "\(refused.text)")

        // Nothing that is refused holds anything, again and again.
        let before = try await trader.balance("USDT")
        for _ in 0..<20 {
            let answer = try await trader.limit("BUY", "0.001", "10000.00")
            #expect(answer.status == 503 && answer.code == 1001, "\(answer.text)")
        }
        #expect(try await trader.balance("USDT") == before)
        let deposit = try await exchange.admin(
            "POST", "/admin/deposits",
            #"{"accountId": \#(trader.account), "asset": "USDT", "amount": "1", "txId": "second"}"#)
        #expect(deposit.status == 503 && deposit.code == 1001, "\(deposit.text)")

        // Reads, WebSocket and admin stay up.
        try await Self.expectOpenOrders(of: trader, told)
        let newest = try #require(await told.open.union(told.canceled).max())
        let listed = try await trader.send("GET", "/v1/trading/allOrders", "symbol=BTC-USDT&limit=1")
        #expect(listed.json[0]?["orderId"]?.integer == newest, "\(listed.text)")
        #expect(try await trader.send("GET", "/v1/account/trades", "symbol=BTC-USDT").text == "[]")
        let orderBook = try await exchange.get("/v1/market/orderbook?symbol=BTC-USDT")
        #expect(orderBook.json["bids"]?.items?.isEmpty == false, "\(orderBook.text)")
        #expect(try await exchange.admin("GET", "/admin/status").status == 200)
        #expect(try await exchange.admin("GET", "/admin/ledger").text.contains(#""balanced":true"#))
        #expect(try await exchange.get("/health/live").status == 200)
        #expect(try await exchange.get("/health/ready").status == 503)
        trades.send(#"{"method": "LIST_SUBSCRIPTIONS", "id": 7}"#)
        #expect(trades.next { $0["id"]?.integer == 7 } != nil)
        _ = try WebSocketClient(port: exchange.port, path: "/v1/ws/btc-usdt@depth")

        // Trading resumes by itself.
        try disk.free()
        var resumed = try await trader.limit("BUY", "0.002", "20000.00")
        for _ in 0..<100 where resumed.status == 503 {
            try await Task.sleep(for: .milliseconds(100))
            resumed = try await trader.limit("BUY", "0.002", "20000.00")
        }
        #expect(resumed.status == 200, "\(resumed.text)")
        #expect(try await seller.limit("SELL", "0.002", "20000.00").json["status"]?.text == "FILLED")
        #expect(trades.next()?["p"]?.text == "20000.00")
        #expect(try await exchange.get("/health/ready").status == 200)

        // As after a power cut.
        exchange.kill9()
        exchange = try ExchangeProcess(data: disk.path + "/data", settings)
        trader.url = exchange.url
        try await Self.expectOpenOrders(of: trader, told)
        for id in await told.canceled.suffix(20) {
            let order = try await trader.send("GET", "/v1/trading/order", "symbol=BTC-USDT&orderId=\(id)")
            #expect(order.json["status"]?.text == "CANCELED", "\(id): \(order.text)")
        }
        #expect(try await exchange.admin("GET", "/admin/ledger").text.contains(#""balanced":true"#))
        #expect(exchange.stop() == 0)
        let replayed = try runSyncron(["replay", "--data", disk.path + "/data", "--verify"])
        #expect(replayed.status == 0, "\(replayed.output)")
    }

    private static func expectOpenOrders(of trader: Trader, _ told: Told) async throws {
        let orders = try await trader.send("GET", "/v1/trading/openOrders", "symbol=BTC-USDT")
        #expect(Set(orders.json.items?.compactMap { $0["orderId"]?.integer } ?? []) == (await told.open))
    }

    /// Orders and cancels, and keys with long descriptions, which fill the journal sooner, until one is refused.
    private static func load(_ exchange: ExchangeProcess, _ trader: Trader, _ told: Told) async {
        let addresses = (10..<40).map { #""2001:db8:aaaa:bbbb:cccc:dddd:eeee:\#($0)/128""# }.joined(separator: ", ")
        let key = """
            {"name": "\(String(repeating: "n", count: 200))", "permissions": ["read"], "ipRestrictions": [\(addresses)]}
            """
        await withTaskGroup { group in
            for _ in 0..<2 {
                group.addTask {
                    for step in 0... {
                        guard await told.refused == nil,
                            let placed = try? await trader.limit("BUY", "0.001", "10000.00")
                        else { return }
                        guard let id = placed.json["orderId"]?.integer else { return await told.refused(placed) }
                        await told.opened(id)
                        if step % 25 == 0 && step < 500 { continue }
                        let query = "symbol=BTC-USDT&orderId=\(id)"
                        guard let canceled = try? await trader.send("DELETE", "/v1/trading/order", query) else {
                            return
                        }
                        if canceled.status != 200 { return await told.refused(canceled) }
                        await told.canceled(id)
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    let path = "/admin/accounts/\(trader.account)/api-keys"
                    while await told.refused == nil {
                        guard let made = try? await exchange.admin("POST", path, key),
                            let name = made.json["apiKey"]?.text,
                            let gone = try? await exchange.admin("DELETE", "\(path)/\(name)"), gone.status == 200
                        else { return }
                    }
                }
            }
        }
    }
}
