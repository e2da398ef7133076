import SyncronCore
import Testing

@testable import SyncronGateway

@Suite("Names of streams")
struct StreamNameTests {
    private func key(_ text: String) throws -> StreamKey {
        try StreamName(text).key(in: StreamFixture.directory)
    }

    @Test(
        "every stream is found by its name",
        arguments: [
            ("trade", MarketStream.trade), ("bookTicker", .bookTicker), ("ticker", .ticker),
            ("depth", .depth(.fast)), ("depth@100ms", .depth(.fast)), ("depth@1000ms", .depth(.slow)),
            ("depth5", .partialDepth(levels: 5, .fast)), ("depth10@100ms", .partialDepth(levels: 10, .fast)),
            ("depth20@1000ms", .partialDepth(levels: 20, .slow)), ("kline_1m", .kline(.oneMinute)),
            ("kline_1M", .kline(.oneMonth)), ("kline_3d", .kline(.threeDays)),
        ] as [(String, MarketStream)])
    func streams(text: String, stream: MarketStream) throws {
        #expect(try key("btc-usdt@" + text) == .market(StreamFixture.btcUSDT.id, stream))
    }

    @Test(
        "a symbol is taken in any case, and without dashes where that names one market",
        arguments: ["btc-usdt", "BTC-USDT", "Btc-Usdt", "btcusdt", "BTCUSDT", "BtcUsdt"])
    func spellings(symbol: String) throws {
        #expect(try key(symbol + "@trade") == .market(StreamFixture.btcUSDT.id, .trade))
    }

    @Test("a perpetual's symbol names the perpetual")
    func perpetual() throws {
        #expect(try key("btc-usdt-perp@trade") == .market(StreamFixture.perpetual.id, .trade))
        #expect(try key("BTCUSDTPERP@trade") == .market(StreamFixture.perpetual.id, .trade))
    }

    @Test("the tickers of all markets have a name without symbol")
    func allTickers() throws {
        #expect(try key("!ticker@arr") == .allTickers)
    }

    @Test(
        "what is not of the form symbol@stream is malformed",
        arguments: [
            "", "@", "@trade", "btc-usdt", "btc_usdt@trade", "btc usdt@trade", "btc/usdt@trade", "bt\u{E7}@trade",
            "btc-usdt\"@trade", "!ticker", "!miniTicker@arr", " btc-usdt@trade",
            String(repeating: "b", count: 60) + "@trade",
        ])
    func malformed(text: String) {
        #expect(throws: StreamNameFailure.malformed) { try key(text) }
    }

    @Test(
        "a stream that does not exist is refused",
        arguments: [
            "", "Trade", "TRADE", "trades", "trade@100ms", "ticker@1000ms", "bookticker", "depth@", "depth@10ms",
            "depth@100", "depth@100ms@100ms", "depth1", "depth50", "depth5@", "depth5@250ms", "kline", "kline_",
            "kline_2m", "kline_1H", "kline_1m ", "kline_1m@100ms", "aggTrade", "arr", "trade@", "@trade",
        ])
    func unknownStream(text: String) {
        #expect(throws: StreamNameFailure.unknownStream) { try key("btc-usdt@" + text) }
    }

    @Test("a symbol that no market has is refused", arguments: ["doge-usdt", "btc", "-", "btc-usdt-", "--btcusdt"])
    func unknownSymbol(symbol: String) {
        #expect(throws: StreamNameFailure.unknownSymbol) { try key(symbol + "@trade") }
    }

    @Test("a canonical name leads back to its stream")
    func roundTrip() throws {
        for text in ["trade", "depth", "depth@1000ms", "depth5", "depth20@1000ms", "bookTicker", "kline_1M", "ticker"] {
            for market in [StreamFixture.btcUSDT, StreamFixture.ethBTC, StreamFixture.perpetual] {
                let name = market.symbol.lowercased() + "@" + text
                #expect(try key(name).name(in: StreamFixture.directory) == name)
            }
        }
        #expect(try key("BTCUSDT@depth@100ms").name(in: StreamFixture.directory) == "btc-usdt@depth")
        #expect(try key("!ticker@arr").name(in: StreamFixture.directory) == "!ticker@arr")
    }

    @Test("a name keeps the spelling of the client")
    func spelling() throws {
        #expect(try StreamName("BtcUsdt@depth@100ms").text == "BtcUsdt@depth@100ms")
    }
}
