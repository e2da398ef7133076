import SyncronCore
import SyncronMarketData
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Events of public streams as JSON")
struct MarketEventBodyTests {
    private func level(_ price: Int64, _ quantity: Int64) -> PriceLevel {
        PriceLevel(price: Ticks(price), quantity: Steps(quantity))
    }

    /// A market with two trades, one of them a day and a half ago, and a book.
    private func readings() -> HeldMarketData {
        let held = HeldMarketData()
        let day: Int64 = 86_400_000
        held.apply(.traded(StreamFixture.trade(1, price: 2_900_000, quantity: 100_000)), at: 10 * day)
        held.apply(.traded(StreamFixture.trade(2, price: 3_000_000, quantity: 50_000)), at: 11 * day + day / 2)
        held.apply(
            .traded(StreamFixture.trade(3, price: 3_024_150, quantity: 12_340, takerSide: .sell)),
            at: 11 * day + day / 2 + 1_000)
        for (side, price, quantity) in [(Side.buy, 3_024_110, 152_000), (.sell, 3_024_290, 86_000)] {
            held.apply(
                .levelChanged(
                    LevelChange(
                        market: StreamFixture.btcUSDT.id, side: side, price: Ticks(Int64(price)),
                        quantity: Steps(Int64(quantity)))))
        }
        held.now = Timestamp(milliseconds: 11 * day + day / 2 + 30_000)
        return held
    }

    @Test("a trade")
    func trade() throws {
        let format = try StreamFixture.format()
        let time = Timestamp(milliseconds: 1_626_954_321_000)
        let bought = StreamFixture.json {
            $0.trade(StreamFixture.trade(28_457, price: 3_024_150, quantity: 12_340, at: time), format)
        }
        #expect(
            bought
                == #"{"e":"trade","E":1626954321000,"s":"BTC-USDT","t":28457,"p":"30241.50","q":"0.1234","T":1626954321000,"m":false}"#
        )
        let sold = StreamFixture.json {
            $0.trade(StreamFixture.trade(1, price: 100, quantity: 100_000, takerSide: .sell, at: time), format)
        }
        #expect(sold.hasSuffix(#""p":"1.00","q":"1","T":1626954321000,"m":true}"#))
    }

    @Test("prices are whole ticks of the market")
    func ticks() throws {
        let format = try StreamFixture.format(StreamFixture.perpetual)
        let text = StreamFixture.json {
            $0.trade(
                StreamFixture.trade(1, price: 302_415, quantity: 1, market: StreamFixture.perpetual), format)
        }
        #expect(text.contains(#""s":"BTC-USDT-PERP","t":1,"p":"30241.50","q":"0.001""#))
    }

    @Test("the best of the book, and of an empty one")
    func bookTicker() throws {
        let format = try StreamFixture.format()
        let full = BookTicker(updateID: 400_900_217, bid: level(3_024_110, 152_000), ask: level(3_024_290, 86_000))
        #expect(
            StreamFixture.json { $0.bookTicker(full, format) }
                == #"{"u":400900217,"s":"BTC-USDT","b":"30241.10","B":"1.52","a":"30242.90","A":"0.86"}"#)
        let empty = BookTicker(updateID: 0, bid: nil, ask: nil)
        #expect(
            StreamFixture.json { $0.bookTicker(empty, format) }
                == #"{"u":0,"s":"BTC-USDT","b":"0.00","B":"0","a":"0.00","A":"0"}"#)
    }

    @Test("changes of the book")
    func depthUpdate() throws {
        let diff = DepthDiff(
            firstUpdateID: 157, lastUpdateID: 160, bids: [level(3_024_150, 125_000), level(3_024_010, 0)],
            asks: [level(3_024_210, 85_000)])
        let format = try StreamFixture.format()
        #expect(
            StreamFixture.json { $0.depthUpdate(diff, at: Timestamp(milliseconds: 1_626_954_321_000), format) }
                == #"{"e":"depthUpdate","E":1626954321000,"s":"BTC-USDT","U":157,"u":160,"#
                + #""b":[["30241.50","1.25"],["30240.10","0"]],"a":[["30242.10","0.85"]]}"#)
    }

    @Test("the best levels")
    func partialDepth() throws {
        let depth = readings().read(StreamFixture.btcUSDT.id) { view, _ in PartialDepth(of: view, levels: 5) }
        let format = try StreamFixture.format()
        #expect(
            try StreamFixture.json { $0.partialDepth(try #require(depth), format) }
                == #"{"lastUpdateId":2,"bids":[["30241.10","1.52"]],"asks":[["30242.90","0.86"]]}"#)
    }

    @Test("a ticker")
    func ticker() throws {
        let reading = readings().read(StreamFixture.btcUSDT.id) { view, now in TickerReading(of: view, now: now) }
        let format = try StreamFixture.format()
        // Weighted: (30000 × 0.5 + 30241.50 × 0.1234) / 0.6234 = 30047.8037…
        #expect(
            try StreamFixture.json { $0.ticker(try #require(reading), format) }
                == #"{"e":"ticker","E":993630000,"s":"BTC-USDT","p":"241.50","P":"0.81","w":"30047.80","#
                + #""x":"29000.00","c":"30241.50","Q":"0.1234","b":"30241.10","B":"1.52","a":"30242.90","A":"0.86","#
                + #""o":"30000.00","h":"30241.50","l":"30000.00","v":"0.6234","q":"18731.8011","#
                + #""O":907230000,"C":993630000,"F":2,"L":3,"n":2}"#)
    }

    @Test("a ticker of a market that never traded")
    func emptyTicker() throws {
        let reading = HeldMarketData().read(StreamFixture.btcUSDT.id) { view, now in TickerReading(of: view, now: now) }
        let format = try StreamFixture.format()
        #expect(
            try StreamFixture.json { $0.ticker(try #require(reading), format) }
                == #"{"e":"ticker","E":0,"s":"BTC-USDT","p":"0.00","P":"0.00","w":"0.00","x":"0.00","c":"0.00","#
                + #""Q":"0","b":"0.00","B":"0","a":"0.00","A":"0","o":"0.00","h":"0.00","l":"0.00","v":"0","q":"0","#
                + #""O":-86400000,"C":0,"F":-1,"L":-1,"n":0}"#)
    }

    @Test("a falling price has a negative change")
    func fall() throws {
        let held = HeldMarketData()
        held.apply(.traded(StreamFixture.trade(1, price: 3_000_000, quantity: 1)), at: 1_000)
        held.apply(.traded(StreamFixture.trade(2, price: 2_970_000, quantity: 1)), at: 2_000)
        let reading = held.read(StreamFixture.btcUSDT.id) { view, now in TickerReading(of: view, now: now) }
        let format = try StreamFixture.format()
        let text = try StreamFixture.json { $0.ticker(try #require(reading), format) }
        #expect(text.contains(#""p":"-300.00","P":"-1.00""#))
    }

    @Test("a candle")
    func kline() throws {
        let candle = readings().read(StreamFixture.btcUSDT.id) { view, now in view.candles.candle(.oneMinute, at: now) }
        let format = try StreamFixture.format()
        let open = try #require(candle ?? nil)
        #expect(
            StreamFixture.json {
                $0.kline(open, .oneMinute, isClosed: false, at: Timestamp(milliseconds: 993_630_000), format)
            }
                == #"{"e":"kline","E":993630000,"s":"BTC-USDT","k":{"t":993600000,"T":993659999,"s":"BTC-USDT","#
                + #""i":"1m","f":2,"L":3,"o":"30000.00","c":"30241.50","h":"30241.50","l":"30000.00","v":"0.6234","#
                + #""n":2,"x":false,"q":"18731.8011","V":"0.5","Q":"15000"}}"#)
        let flat = Candle(flatAt: Ticks(3_000_000), openTime: .zero)
        let closed = StreamFixture.json { $0.kline(flat, .oneHour, isClosed: true, at: .zero, format) }
        #expect(closed.contains(#""t":0,"T":3599999,"s":"BTC-USDT","i":"1h","f":-1,"L":-1,"o":"30000.00""#))
        #expect(closed.contains(#""v":"0","n":0,"x":true,"q":"0","V":"0","Q":"0""#))
    }
}
