import Foundation
import SyncronWire
import Testing

@Suite("end to end: margin", .serialized, .timeLimit(.minutes(5)))
struct MarginTests {
    private static let path = "/api/v3/margin"
    private static let reads = [
        "account", "openOrders", "loan", "repay", "transfer", "interestHistory", "forceLiquidationRec",
        "allOrders?symbol=BTC-USDT", "myTrades?symbol=BTC-USDT", "interestRate",
    ]

    private func everything(_ trader: Trader) async throws -> [String] {
        var all: [String] = []
        for read in Self.reads {
            let parts = read.split(separator: "?").map(String.init)
            let answer = try await trader.send("GET", "\(Self.path)/\(parts[0])", parts.count > 1 ? parts[1] : "")
            #expect(answer.status == 200, "\(read): \(answer.text)")
            all.append(answer.text)
        }
        return all
    }

    @Test("a wallet with debts, orders and an unfinished liquidation is found again after a crash, and goes on")
    func crash() async throws {
        let directory = try TemporaryDirectory()
        let arguments = ["--no-sandbox", "--clock", "manual"]
        var exchange = try ExchangeProcess(data: directory.path, arguments)
        var (trader, maker) = (
            try await exchange.trader(["BTC": "1"]), try await exchange.trader(["BTC": "1", "USDT": "1000000"])
        )
        let time = try await exchange.get("/v1/time").json["serverTime"]?.integer
        (trader.clock, maker.clock) = (time, time)
        func admin(_ path: String, _ body: String) async throws {
            let answer = try await exchange.admin("POST", path, body)
            #expect(answer.status == 200, "\(answer.text)")
        }
        func margin(_ path: String, _ query: String) async throws {
            let answer = try await trader.send("POST", "\(Self.path)/\(path)", query)
            #expect(answer.status == 200, "\(path): \(answer.text)")
        }
        try await admin("/admin/index-prices", #"{"BTC":"30000"}"#)
        try await margin("transfer", "asset=BTC&amount=1&type=1")
        _ = try await maker.limit("SELL", "0.5", "30000.00")
        let limit = "symbol=BTC-USDT&type=LIMIT&timeInForce=GTC"
        try await margin("order", "\(limit)&side=BUY&quantity=0.5&price=30000.00&sideEffectType=MARGIN_BUY")
        try await margin("order", "\(limit)&side=BUY&quantity=0.01&price=20000.00&sideEffectType=MARGIN_BUY")
        try await margin("loan", "asset=USDT&amount=10")
        try await margin("repay", "asset=USDT&amount=0.05")
        let then = try await exchange.admin("GET", "/admin/status").json["sequence"]?.integer ?? 0
        for isLiquidating in [false, true] {
            if isLiquidating { try await admin("/admin/index-prices", #"{"BTC":"11000"}"#) }
            let before = try await everything(trader)
            #expect(before[0].contains(isLiquidating ? "LIQUIDATING" : "NORMAL"), "\(before[0])")
            exchange.kill9()
            exchange = try ExchangeProcess(data: directory.path, arguments)
            (trader.url, maker.url) = (exchange.url, exchange.url)
            #expect(try await everything(trader) == before)
        }
        _ = try await maker.limit("BUY", "2", "10900.00")
        try await admin("/admin/clock/advance", #"{"milliseconds":1000}"#)
        (trader.clock, maker.clock) = (time.map { $0 + 1_000 }, time.map { $0 + 1_000 })
        let account = try await trader.send("GET", "\(Self.path)/account")
        #expect(account.json["status"]?.text == "NORMAL", "\(account.text)")
        let records = try await trader.send("GET", "\(Self.path)/forceLiquidationRec")
        #expect(records.json["total"]?.integer == 1, "\(records.text)")
        #expect(try await exchange.admin("GET", "/admin/ledger").text.contains(#""balanced":true"#))
        #expect(exchange.stop() == 0)
        let replayed = try runSyncron(["replay", "--data", directory.path, "--verify"])
        #expect(replayed.status == 0, "\(replayed.output)")
        let listed = try runSyncron(["replay", "--data", directory.path, "--until", "\(then)"])
        #expect(listed.output.contains("debt     account"), "\(listed.output)")
    }
}
