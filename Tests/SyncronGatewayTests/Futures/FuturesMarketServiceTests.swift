import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Futures over the service: public data", .timeLimit(.minutes(3)))
struct FuturesMarketServiceTests {
    private let symbol = "symbol=BTC-USDT-PERP"
    private static let paths = ["/v1/futures/market", "/v1/market"]

    @Test("mark, index and funding under both paths; without symbol of all perpetuals")
    func premiumIndex() async throws {
        try await ServiceFixture.with { exchange in
            let unknown = await exchange.send("GET", "/v1/futures/market/premiumIndex", symbol)
            #expect(unknown["markPrice"]?.text == "0.00", "\(unknown.text)")
            try await exchange.beginPerpetuals()
            let now = exchange.node.now.milliseconds
            let next = now - now % 28_800_000 + 28_800_000
            for path in Self.paths {
                let index = await exchange.send("GET", "\(path)/premiumIndex", symbol)
                #expect(
                    index.text
                        == #"{"symbol":"BTC-USDT-PERP","markPrice":"60000.00","indexPrice":"60000.00","#
                        + #""lastFundingRate":"0","nextFundingTime":\#(next),"time":\#(now)}"#)
                let all = await exchange.send("GET", "\(path)/premiumIndex")
                #expect(all.json.items?.count == 3 && all.json[0] == index.json)
                #expect(await exchange.send("GET", "\(path)/premiumIndex", "symbol=BTC-USDT").summary == "400 1006")
            }
        }
    }

    @Test("a funding that was settled is listed, and paid as income")
    func funding() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader(), try await exchange.futuresTrader())
            try await exchange.trade("0.1", at: "60000.00", buyer: alice, seller: bob)
            let now = exchange.node.now.milliseconds
            let next = now - now % 28_800_000 + 28_800_000
            await exchange.advance(next - now + 2_000)
            for path in Self.paths {
                let rates = await exchange.send("GET", "\(path)/fundingRate", symbol)
                #expect(
                    rates.text
                        == #"[{"symbol":"BTC-USDT-PERP","fundingRate":"0.0001","fundingTime":\#(next),"#
                        + #""markPrice":"60000.00"}]"#)
            }
            #expect(
                await exchange.send("GET", "/v1/futures/market/fundingRate", "\(symbol)&endTime=\(next - 1)").text
                    == "[]")
            let paid = await exchange.futures("GET", "income", "incomeType=FUNDING_FEE", as: alice)
            #expect(paid.json[0]?["income"]?.text == "-0.60000000", "\(paid.text)")
            let received = await exchange.futures("GET", "income", "incomeType=FUNDING_FEE", as: bob)
            #expect(received.json[0]?["income"]?.text == "0.60000000", "\(received.text)")
        }
    }

    @Test("open interest, brackets and the insurance fund")
    func figures() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader(), try await exchange.futuresTrader())
            try await exchange.trade("0.1", at: "60000.00", buyer: alice, seller: bob)
            let now = exchange.node.now.milliseconds
            for path in Self.paths {
                let interest = await exchange.send("GET", "\(path)/openInterest", symbol)
                #expect(interest.text == #"{"symbol":"BTC-USDT-PERP","openInterest":"0.1","time":\#(now)}"#)
                let fund = await exchange.send("GET", "\(path)/insuranceFund")
                #expect(fund.text == #"{"asset":"USDT","balance":"1000000.00000000"}"#)
                let brackets = await exchange.send("GET", "\(path)/leverageBrackets", symbol)
                let rows = brackets.json[0]?["brackets"]?.items ?? []
                let cums = [
                    "0", "50", "950", "11450", "131450", "481450", "2981450", "14481450", "26481450", "41481450",
                    "121481450", "421481450",
                ]
                #expect(rows.map { $0["cum"]?.text } == cums)
                let first = try JSONValue(
                    #"{"bracket":1,"initialLeverage":125,"notionalFloor":"0","notionalCap":"50000","#
                        + #""maintMarginRatio":"0.004","cum":"0"}"#)
                #expect(rows.first == first)
                let all = await exchange.send("GET", "\(path)/leverageBrackets").json.items ?? []
                #expect(all.map { $0["brackets"]?.items?.count } == [12, 11, 6])
                #expect(all.map { $0["brackets"]?[0]?["initialLeverage"]?.integer } == [125, 100, 75])
            }
        }
    }

    @Test("ticker, book, trades and candles as on spot, of perpetuals alone")
    func likeSpot() async throws {
        try await ServiceFixture.with { exchange in
            try await exchange.beginPerpetuals()
            let (alice, bob) = (try await exchange.futuresTrader(), try await exchange.futuresTrader())
            try await exchange.trade("0.1", at: "60000.00", buyer: alice, seller: bob)
            for (name, query) in [
                ("ticker", symbol), ("orderbook", symbol), ("trades", symbol), ("klines", "\(symbol)&interval=1m"),
            ] {
                let own = await exchange.send("GET", "/v1/futures/market/\(name)", query)
                let general = await exchange.send("GET", "/v1/market/\(name)", query)
                #expect(own.status == 200 && own.text == general.text, "\(own.text)")
                let spot = query.replacing("-PERP", with: "")
                #expect(await exchange.send("GET", "/v1/futures/market/\(name)", spot).summary == "400 1006")
            }
            let tickers = await exchange.send("GET", "/v1/futures/market/ticker").json.items ?? []
            #expect(
                tickers.map { $0["symbol"]?.text } == ["BTC-USDT-PERP", "ETH-USDT-PERP", "SOL-USDT-PERP"])
            let marks = await exchange.send("GET", "/v1/futures/market/markPriceKlines", "\(symbol)&interval=1m")
            let candle = marks.json[0]
            #expect(candle?.items?.count == 12 && candle?[1]?.text == "60000.00", "\(marks.text)")
            #expect(candle?[5]?.text == "0")
            try await exchange.index(#"{"BTC":"61000.00"}"#)
            await exchange.advance(120_000)
            let later = await exchange.send("GET", "/v1/market/markPriceKlines", "\(symbol)&interval=1h")
            // The last trade is one of the three that the mark is the median of.
            #expect(later.json.items?.last?[2]?.text == "61000.00", "\(later.text)")
            #expect(
                await exchange.send("GET", "/v1/market/markPriceKlines", "\(symbol)&interval=7m").summary == "400 1006")
        }
    }

    @Test("exchangeInfo lists perpetuals with their own types")
    func exchangeInfo() async throws {
        try await ServiceFixture.with { exchange in
            let market = await exchange.send("GET", "/v1/market/symbol", "symbol=BTC-USDT-PERP")
            #expect(
                market["orderTypes"]?.items?.compactMap(\.text) == FuturesOrderType.allCases.map(\.rawValue))
            #expect(market["timeInForce"]?.items?.compactMap(\.text) == ["GTC", "IOC", "FOK", "GTX"])
            let notional = market["filters"]?.items?.first { $0["filterType"]?.text == "NOTIONAL" }
            #expect(notional?["minNotional"]?.text == "5" && notional?["maxNotional"] == nil)
            let info = await exchange.send("GET", "/v1/market/exchangeInfo")
            #expect(info["symbols"]?.items?.count == 7)
        }
    }

    @Test("an operator changes brackets, and what is wrong with them is said by its name")
    func brackets() async throws {
        try await ServiceFixture.with { exchange in
            func put(_ rows: String) async -> ServiceFixture.Answer {
                await exchange.manage("PUT", "/admin/markets/SOL-USDT-PERP", #"{"brackets":\#(rows)}"#)
            }
            let row = #"{"notionalCap":"1000","initialLeverage":10,"maintMarginRatio":"0.05"}"#
            let changed = await put("[\(row)]")
            #expect(changed["brackets"]?.items?.count == 1, "\(changed.text)")
            let shown = await exchange.send("GET", "/v1/market/leverageBrackets", "symbol=SOL-USDT-PERP")
            #expect(shown.json[0]?["brackets"]?[0]?["notionalCap"]?.text == "1000")
            for (rows, name) in [
                ("1", "brackets"), ("[]", "brackets"), ("[\(row),\(row)]", "brackets"),
                (#"[{"initialLeverage":10,"maintMarginRatio":"0.05"}]"#, "notionalCap"),
                (#"[{"notionalCap":"1","initialLeverage":126,"maintMarginRatio":"0.05"}]"#, "initialLeverage"),
            ] {
                let refused = await put(rows)
                #expect(refused.summary == "400 1006" && refused.detail("parameter") == name, "\(refused.text)")
            }
        }
    }
}
