import NIOCore
import SyncronCore
import SyncronMarketData
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Market data to the letter")
struct MarketJSONTests {
    private static let day: Int64 = 86_400_000

    private func trade(_ id: UInt64, _ price: Int64, _ steps: Int64, at time: Int64, _ side: Side = .buy) -> PublicTrade
    {
        PublicTrade(
            id: TradeID(id), price: Ticks(price), quantity: Steps(steps),
            notional: Units(Int128(price) * Int128(steps) * 10), time: Timestamp(milliseconds: time), takerSide: side)
    }

    private func level(_ price: Int64, _ steps: Int64) -> PriceLevel {
        PriceLevel(price: Ticks(price), quantity: Steps(steps))
    }

    @Test("a ticker has the seed's ten fields first, then the others")
    func ticker() throws {
        var ticker = Ticker24h(
            closeTime: Timestamp(milliseconds: 1_626_912_000_000), lastPrice: Ticks(3_024_150),
            lastQuantity: Steps(125_000))
        ticker.openPrice = Ticks(2_989_900)
        ticker.highPrice = Ticks(3_050_000)
        ticker.lowPrice = Ticks(2_985_020)
        ticker.volume = Volume(254_132_000)
        ticker.quoteVolume = Units(7_654_231_245_000_000)
        ticker.tradeCount = 42
        ticker.firstTrade = TradeID(100)
        ticker.lastTrade = TradeID(141)
        let book = BookTicker(updateID: 9, bid: level(3_024_150, 125_000), ask: level(3_024_210, 85_000))
        let text = try StandardExchange.json { $0.ticker(ticker, book, try StandardExchange.format()) }
        #expect(
            text == #"{"symbol":"BTC-USDT","price":"30241.50","priceChange":"342.50","priceChangePercent":"1.15","#
                + #""highPrice":"30500.00","lowPrice":"29850.20","volume":"2541.32","quoteVolume":"76542312.45","#
                + #""openTime":1626825600000,"closeTime":1626912000000,"openPrice":"29899.00","#
                + #""weightedAvgPrice":"30119.12","bidPrice":"30241.50","bidQty":"1.25","askPrice":"30242.10","#
                + #""askQty":"0.85","lastQty":"1.25","count":42,"firstId":100,"lastId":141}"#)
    }

    @Test("a market that never traded prints zeros, and -1 for its trades")
    func emptyTicker() throws {
        let ticker = Ticker24h(closeTime: Timestamp(milliseconds: Self.day), lastPrice: nil, lastQuantity: .zero)
        let book = BookTicker(updateID: 0, bid: nil, ask: nil)
        let text = try StandardExchange.json { $0.ticker(ticker, book, try StandardExchange.format()) }
        #expect(
            text == #"{"symbol":"BTC-USDT","price":"0.00","priceChange":"0.00","priceChangePercent":"0.00","#
                + #""highPrice":"0.00","lowPrice":"0.00","volume":"0","quoteVolume":"0","openTime":0,"#
                + #""closeTime":86400000,"openPrice":"0.00","weightedAvgPrice":"0.00","bidPrice":"0.00","bidQty":"0","#
                + #""askPrice":"0.00","askQty":"0","lastQty":"0","count":0,"firstId":-1,"lastId":-1}"#)
    }

    @Test("a falling price prints its signs")
    func falling() throws {
        var ticker = Ticker24h(closeTime: .zero, lastPrice: Ticks(99), lastQuantity: .zero)
        ticker.openPrice = Ticks(100)
        let text = try StandardExchange.json {
            $0.ticker(ticker, BookTicker(updateID: 0, bid: nil, ask: nil), try StandardExchange.format())
        }
        #expect(text.contains(#""priceChange":"-0.01","priceChangePercent":"-1.00""#))
    }

    @Test("levels are pairs of price and quantity, without trailing zeros in the quantity")
    func levels() throws {
        let levels = [level(3_024_150, 125_000), level(3_023_980, 210_000), level(1, 1)]
        let text = try StandardExchange.json { $0.levels(levels, try StandardExchange.format()) }
        #expect(text == #"[["30241.50","1.25"],["30239.80","2.1"],["0.01","0.00001"]]"#)
    }

    @Test("a trade has six fields")
    func tradeFields() throws {
        let text = try StandardExchange.json {
            $0.trade(trade(7, 3_024_150, 125_000, at: 1_626_912_000_123, .sell), try StandardExchange.format())
        }
        #expect(
            text == #"{"id":7,"price":"30241.50","qty":"1.25","quoteQty":"37801.875","time":1626912000123,"#
                + #""isBuyerMaker":true}"#)
    }

    @Test("a candle is an array of twelve")
    func candle() throws {
        var candle = Candle(openTime: Timestamp(milliseconds: 60_000), first: trade(1, 3_000_000, 100_000, at: 60_001))
        candle.add(trade(2, 2_999_999, 50_000, at: 60_002, .sell))
        let text = try StandardExchange.json { $0.candle(candle, .oneMinute, try StandardExchange.format()) }
        #expect(
            text == #"[60000,"30000.00","30000.00","29999.99","29999.99","1.5",119999,"44999.995",2,"1","30000","0"]"#)
    }

    @Test("a market shows its status, precisions and all its filters")
    func symbol() throws {
        let text = try StandardExchange.json { $0.symbol(try StandardExchange.format()) }
        #expect(
            text == #"{"symbol":"BTC-USDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","#
                + #""pricePrecision":2,"quantityPrecision":5,"orderTypes":["LIMIT","LIMIT_MAKER","MARKET","#
                + #""STOP_LOSS","STOP_LOSS_LIMIT","TAKE_PROFIT","TAKE_PROFIT_LIMIT"],"#
                + #""timeInForce":["GTC","IOC","FOK"],"filters":["#
                + #"{"filterType":"PRICE_FILTER","minPrice":"0.01","maxPrice":"10000000.00","tickSize":"0.01"},"#
                + #"{"filterType":"LOT_SIZE","minQty":"0.00001","maxQty":"1000","stepSize":"0.00001"},"#
                + #"{"filterType":"MARKET_LOT_SIZE","minQty":"0.00001","maxQty":"1000","stepSize":"0.00001"},"#
                + #"{"filterType":"NOTIONAL","minNotional":"5","maxNotional":"9000000"},"#
                + #"{"filterType":"PERCENT_PRICE_BY_SIDE","bidMultiplierUp":"5","bidMultiplierDown":"0.2","#
                + #""askMultiplierUp":"5","askMultiplierDown":"0.2","avgPriceMins":5},"#
                + #"{"filterType":"ICEBERG_PARTS","limit":100},{"filterType":"MAX_NUM_ORDERS","maxNumOrders":200},"#
                + #"{"filterType":"MAX_NUM_ALGO_ORDERS","maxNumAlgoOrders":50}]}"#)
    }

    @Test("times beyond the calendar and spans that end before they start are refused")
    func timeSpan() throws {
        func span(_ query: String) throws -> (start: Timestamp?, end: Timestamp?) {
            try Parameters(query: ByteBuffer(string: query)).timeSpan()
        }
        #expect(try span("startTime=5&endTime=5").start == Timestamp(milliseconds: 5))
        #expect(try span("") == (nil, nil))
        for (query, name) in [
            ("startTime=6&endTime=5", "endTime"), ("startTime=-1", "startTime"), ("endTime=x", "endTime"),
            ("endTime=9223372036854775807", "endTime"),
        ] {
            let error = try #require(throws: APIError.self) { _ = try span(query) }
            #expect(error.details.first?.value == name, "\(query)")
        }
    }
}
