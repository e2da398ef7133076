import Foundation
import SyncronWire
import Testing

@Suite("end to end: futures", .serialized, .timeLimit(.minutes(5)))
struct FuturesTests {
    private static let symbol = "symbol=BTC-USDT-PERP"
    private static let reads = [
        "account", "positions", "openOrders", "income", "positionMode", "trades?\(symbol)", "allOrders?\(symbol)",
        "market/premiumIndex?\(symbol)", "market/fundingRate?\(symbol)", "market/openInterest?\(symbol)",
        "market/insuranceFund",
    ]

    /// An exchange that is killed and started again, with those who trade on it.
    private struct Stage {
        let directory: TemporaryDirectory
        var exchange: ExchangeProcess
        var traders: [Trader] = []
        private static let arguments = ["--no-sandbox", "--clock", "manual"]

        init() throws {
            directory = try TemporaryDirectory()
            exchange = try ExchangeProcess(data: directory.path, Self.arguments)
        }

        mutating func join(_ amount: String) async throws {
            var trader = try await exchange.trader(["USDT": amount])
            trader.clock = try await now
            traders.append(trader)
            try await post(traders.count - 1, "transfer", "asset=USDT&amount=\(amount)&from=spot&to=futures")
        }

        var now: Int64? { get async throws { try await exchange.get("/v1/time").json["serverTime"]?.integer } }

        mutating func crash() throws {
            exchange.kill9()
            exchange = try ExchangeProcess(data: directory.path, Self.arguments)
            for index in traders.indices { traders[index].url = exchange.url }
        }

        mutating func advance(_ milliseconds: Int64) async throws {
            let answer = try await exchange.admin("POST", "/admin/clock/advance", #"{"milliseconds":\#(milliseconds)}"#)
            #expect(answer.status == 200, "\(answer.text)")
            let time = try await now
            for index in traders.indices { traders[index].clock = time }
        }

        func index(_ price: String) async throws {
            let answer = try await exchange.admin("POST", "/admin/index-prices", #"{"BTC":"\#(price)"}"#)
            #expect(answer.status == 200, "\(answer.text)")
        }

        func post(_ trader: Int, _ path: String, _ query: String) async throws {
            let answer = try await traders[trader].send("POST", "/v1/futures/\(path)", query)
            #expect(answer.status == 200, "\(path)?\(query): \(answer.text)")
        }

        func limit(_ trader: Int, _ side: String, _ quantity: String, _ price: String) async throws {
            try await post(
                trader, "order",
                "\(FuturesTests.symbol)&type=LIMIT&timeInForce=GTC&side=\(side)&quantity=\(quantity)&price=\(price)")
        }

        /// All that anyone can read, without the times of the reading itself.
        func everything() async throws -> [String] {
            var all: [String] = []
            for trader in traders {
                for read in FuturesTests.reads {
                    let parts = read.split(separator: "?").map(String.init)
                    let answer = try await trader.send(
                        "GET", "/v1/futures/\(parts[0])", parts.count > 1 ? parts[1] : "")
                    #expect(answer.status == 200, "\(read): \(answer.text)")
                    all.append(answer.text)
                }
            }
            return all + [try await exchange.admin("GET", "/admin/ledger").text]
        }

        func incomes(_ trader: Int, _ type: String) async throws -> [String] {
            let answer = try await traders[trader].send("GET", "/v1/futures/income", "incomeType=\(type)")
            return (answer.json.items ?? []).compactMap { $0["income"]?.text }
        }
    }

    @Test("funding, liquidation and deleveraging are found again after a crash at any of them, and nobody pays twice")
    func crashes() async throws {
        var stage = try Stage()
        try await stage.index("60000.00")
        try await stage.advance(1_000)
        // A long of little margin, a short of much, and one who makes prices.
        for amount in ["3100", "1000000", "1000000"] { try await stage.join(amount) }
        try await stage.limit(1, "SELL", "1", "60000.00")
        try await stage.limit(0, "BUY", "1", "60000.00")
        try await stage.post(
            1, "order",
            "\(Self.symbol)&type=STOP_MARKET&side=BUY&quantity=0.1&stopPrice=70000.00&workingType=MARK_PRICE")
        func crash() async throws {
            let before = try await stage.everything()
            #expect(before.last?.contains(#""balanced":true"#) == true)
            try stage.crash()
            #expect(try await stage.everything() == before)
        }
        try await crash()
        let then = try await stage.exchange.admin("GET", "/admin/status").json["sequence"]?.integer ?? 0

        let interval: Int64 = 28_800_000
        let now = try #require(try await stage.now)
        try await stage.advance(interval - now % interval)
        try await crash()
        for _ in 0..<2 { try await stage.advance(1_000) }
        #expect(try await stage.incomes(0, "FUNDING_FEE") == ["-6.00000000"])
        #expect(try await stage.incomes(1, "FUNDING_FEE") == ["6.00000000"])
        try await crash()

        // 0.5 is sold to the bid; the rest falls to the fund at the bankruptcy price.
        try await stage.limit(2, "BUY", "0.5", "57100.00")
        try await stage.index("57100.00")
        try await stage.advance(1_000)
        try await crash()
        #expect(try await stage.incomes(0, "INSURANCE_CLEAR").isEmpty == false)
        let positions = try await stage.traders[0].send("GET", "/v1/futures/positions")
        try await stage.advance(5_000)
        try await crash()
        #expect(positions.text == "[]", "\(positions.text)")
        #expect(try await stage.incomes(0, "FUNDING_FEE").count == 1)
        #expect(stage.exchange.stop() == 0)
        let replayed = try runSyncron(["replay", "--data", stage.directory.path, "--verify"])
        #expect(replayed.status == 0, "\(replayed.output)")
        let listed = try runSyncron(["replay", "--data", stage.directory.path, "--until", "\(then)"])
        #expect(listed.output.contains("position account 1"), "\(listed.output)")
        #expect(listed.output.contains(#""symbol":"BTC-USDT-PERP""#), "\(listed.output)")
    }
}
