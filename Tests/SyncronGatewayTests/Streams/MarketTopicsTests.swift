import SyncronCore
import SyncronMarketData
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("What a market's streams send, and when")
struct MarketTopicsTests {
    private static let everything = StreamBeat.Due(fastDepth: true, candles: true, seconds: true)

    /// A market, its streams, and what they have sent.
    private final class Desk {
        let data = HeldMarketData()
        var topics = MarketTopics(StreamFixture.btcUSDT.id, updateID: 0)
        var messages = MarketMessages()

        init(_ streams: MarketStream...) throws {
            topics.setFormat(try StreamFixture.format())
            for stream in streams { topics.readerCame(to: stream, data) }
        }

        func level(_ side: Side, _ price: Int64, _ quantity: Int64) {
            let change = LevelChange(
                market: StreamFixture.btcUSDT.id, side: side, price: Ticks(price), quantity: Steps(quantity))
            data.apply(.levelChanged(change))
            topics.apply(change)
        }

        func trade(_ id: UInt64, _ price: Int64, at time: Int64) {
            let trade = StreamFixture.trade(id, price: price, quantity: 1, at: Timestamp(milliseconds: time))
            data.apply(.traded(trade), at: time)
            topics.apply(trade)
        }

        func batch(_ body: () -> Void) {
            body()
            topics.finishBatch(data, into: &messages)
        }

        func beat(_ due: StreamBeat.Due = everything, passed: Int64 = 0) {
            topics.push(due, passed: Timestamp(milliseconds: passed), data, into: &messages)
        }
    }

    @Test("trades go out with their batch, in order, and only to readers")
    func trades() throws {
        let desk = try Desk(.trade)
        desk.batch {
            desk.trade(1, 100, at: 5)
            desk.trade(2, 101, at: 5)
        }
        let sent = desk.messages.take(.trade)
        #expect(sent.count == 2)
        #expect(sent[0].contains(#""t":1,"p":"1.00""#) && sent[1].contains(#""t":2,"p":"1.01""#))
        desk.batch {}
        desk.topics.lastReaderLeft(.trade)
        desk.batch { desk.trade(3, 100, at: 6) }
        #expect(desk.messages.items.isEmpty)
    }

    @Test("the best of the book is sent when it changes, not when something behind it does")
    func bookTicker() throws {
        let desk = try Desk(.bookTicker)
        desk.batch { desk.level(.buy, 100, 5) }
        #expect(
            desk.messages.take(.bookTicker) == [#"{"u":1,"s":"BTC-USDT","b":"1.00","B":"0.00005","a":"0.00","A":"0"}"#])
        desk.batch { desk.level(.buy, 99, 5) }
        #expect(desk.messages.items.isEmpty)
        desk.batch {
            desk.level(.buy, 100, 6)
            desk.level(.buy, 100, 5)
        }
        #expect(desk.messages.items.isEmpty, "as it was before")
        desk.batch { desk.level(.sell, 101, 1) }
        #expect(desk.messages.take(.bookTicker).first?.hasPrefix(#"{"u":5,"#) == true)
        desk.beat()
        #expect(desk.messages.items.isEmpty)
    }

    @Test("changes of the book are collected, each level once, and nothing is sent where nothing changed")
    func depth() throws {
        let desk = try Desk(.depth(.fast))
        desk.batch {
            desk.level(.buy, 100, 5)
            desk.level(.buy, 100, 7)
            desk.level(.sell, 102, 1)
            desk.level(.sell, 102, 0)
        }
        #expect(desk.messages.items.isEmpty, "not before the beat")
        desk.beat(StreamBeat.Due(fastDepth: false, candles: true, seconds: true))
        #expect(desk.messages.items.isEmpty, "not with another beat")
        desk.beat()
        let sent = desk.messages.take(.depth(.fast))
        #expect(sent.count == 1)
        #expect(sent[0].hasSuffix(#""U":1,"u":4,"b":[["1.00","0.00007"]],"a":[["1.02","0"]]}"#))
        desk.beat()
        #expect(desk.messages.items.isEmpty)
        desk.batch { desk.level(.buy, 100, 0) }
        desk.beat()
        #expect(desk.messages.take(.depth(.fast)).first?.hasSuffix(#""U":5,"u":5,"b":[["1.00","0"]],"a":[]}"#) == true)
    }

    @Test("a reader who comes in the middle of a window gets it whole, and the ids go on without a gap")
    func windowUnderWay() throws {
        let desk = try Desk(.depth(.fast))
        desk.batch { desk.level(.buy, 100, 5) }
        desk.topics.readerCame(to: .depth(.fast), desk.data)
        desk.batch { desk.level(.buy, 101, 5) }
        desk.beat()
        #expect(desk.messages.take(.depth(.fast)).first?.contains(#""U":1,"u":2,"#) == true)
    }

    @Test("the two paces of the book have windows of their own")
    func paces() throws {
        let desk = try Desk(.depth(.fast), .depth(.slow))
        let fast = StreamBeat.Due(fastDepth: true, candles: false, seconds: false)
        desk.batch { desk.level(.buy, 100, 5) }
        desk.beat(fast)
        desk.batch { desk.level(.buy, 101, 5) }
        desk.beat(fast)
        #expect(desk.messages.take(.depth(.fast)).count == 2)
        desk.beat()
        #expect(desk.messages.items.map(\.key) == [.market(StreamFixture.btcUSDT.id, .depth(.slow))])
        #expect(desk.messages.take(.depth(.slow)).first?.contains(#""U":1,"u":2,"#) == true)
    }

    @Test("the ids are counted while nobody reads")
    func quietCounting() throws {
        let desk = try Desk()
        desk.batch { desk.level(.buy, 100, 5) }
        desk.topics.readerCame(to: .depth(.fast), desk.data)
        desk.batch { desk.level(.buy, 100, 6) }
        desk.beat()
        #expect(desk.messages.take(.depth(.fast)).first?.contains(#""U":2,"u":2,"#) == true)
    }

    @Test("the best levels are sent to a new reader, and then when they change")
    func partialDepth() throws {
        let desk = try Desk()
        for price: Int64 in 1...7 { desk.level(.buy, price, 1) }
        desk.topics.readerCame(to: .partialDepth(levels: 5, .fast), desk.data)
        desk.beat()
        let first = desk.messages.take(.partialDepth(levels: 5, .fast))
        #expect(
            first == [
                #"{"lastUpdateId":7,"bids":[["0.07","0.00001"],["0.06","0.00001"],["0.05","0.00001"],"#
                    + #"["0.04","0.00001"],["0.03","0.00001"]],"asks":[]}"#
            ])
        desk.beat()
        desk.level(.buy, 1, 2)
        desk.beat()
        #expect(desk.messages.items.isEmpty, "a change behind the levels shown")
        desk.level(.buy, 3, 2)
        desk.beat()
        #expect(desk.messages.take(.partialDepth(levels: 5, .fast)).count == 1)
        desk.topics.readerCame(to: .partialDepth(levels: 5, .fast), desk.data)
        desk.beat()
        #expect(desk.messages.items.map(\.toNewcomers) == [true], "for the one who came, and no one else")
        #expect(desk.messages.take(.partialDepth(levels: 5, .fast)).count == 1)
        desk.topics.readerCame(to: .partialDepth(levels: 5, .fast), desk.data)
        desk.level(.buy, 3, 7)
        desk.beat()
        #expect(desk.messages.items.map(\.toNewcomers) == [false], "what changed is for all")
        desk.messages.removeAll()
        desk.beat()
        #expect(desk.messages.items.isEmpty)
    }

    @Test("a ticker is sent each second while it changes")
    func ticker() throws {
        let desk = try Desk(.ticker)
        desk.beat()
        #expect(desk.messages.items.isEmpty, "coming is no change")
        desk.data.now = Timestamp(milliseconds: 5_000)
        desk.beat()
        #expect(desk.messages.items.isEmpty, "time alone is no change")
        desk.batch { desk.trade(1, 100, at: 5_000) }
        desk.beat(StreamBeat.Due(fastDepth: true, candles: true, seconds: false))
        #expect(desk.messages.items.isEmpty)
        desk.beat()
        #expect(desk.messages.take(.ticker).count == 1)
        desk.batch { desk.level(.buy, 100, 5) }
        desk.beat()
        #expect(desk.messages.take(.ticker).count == 1, "the best bid is part of it")
        desk.data.now = Timestamp(milliseconds: 5_000 + 86_400_000)
        desk.beat()
        #expect(desk.messages.take(.ticker).first?.contains(#""n":0}"#) == true, "the trade has left the window")
    }

    @Test("what memory knows before the streams were told of it is sent as a change")
    func tickerAhead() throws {
        let desk = try Desk()
        let change = LevelChange(market: StreamFixture.btcUSDT.id, side: .buy, price: Ticks(5), quantity: Steps(1))
        desk.data.apply(.levelChanged(change))
        desk.topics.readerCame(to: .ticker, desk.data)
        desk.topics.readerCame(to: .bookTicker, desk.data)
        desk.batch { desk.topics.apply(change) }
        #expect(desk.messages.take(.bookTicker).count == 1)
        desk.beat()
        #expect(desk.messages.take(.ticker).count == 1)
        desk.topics.readerCame(to: .ticker, desk.data)
        desk.beat()
        #expect(desk.messages.items.isEmpty, "a second reader brings nothing for the first")
    }

    @Test("a candle is sent when it changed, and once at its close, also when nothing more is traded")
    func kline() throws {
        let desk = try Desk(.kline(.oneMinute))
        desk.batch { desk.trade(1, 100, at: 61_000) }
        desk.beat(StreamBeat.Due(fastDepth: true, candles: false, seconds: true), passed: 61_000)
        #expect(desk.messages.items.isEmpty)
        desk.beat(passed: 61_000)
        let open = desk.messages.take(.kline(.oneMinute))
        #expect(open.count == 1 && open[0].contains(#""t":60000,"T":119999,"#) && open[0].contains(#""x":false"#))
        desk.beat(passed: 119_999)
        #expect(desk.messages.items.isEmpty)
        desk.beat(StreamBeat.Due(fastDepth: false, candles: false, seconds: false), passed: 120_000)
        let closed = desk.messages.take(.kline(.oneMinute))
        #expect(closed.count == 1 && closed[0].contains(#""t":60000,"#) && closed[0].contains(#""x":true"#))
        desk.beat(StreamBeat.Due(fastDepth: false, candles: false, seconds: false), passed: 240_000)
        let empty = desk.messages.take(.kline(.oneMinute))
        #expect(empty.count == 2 && empty.allSatisfy { $0.contains(#""x":true"#) && $0.contains(#""n":0,"#) })
        #expect(empty[0].contains(#""t":120000,"#) && empty[1].contains(#""t":180000,"#))
        #expect(empty[1].contains(#""f":-1,"L":-1,"o":"1.00","c":"1.00","h":"1.00","l":"1.00","v":"0""#))
    }

    @Test("a close goes out before the candle that follows, with all trades of its own")
    func closeFirst() throws {
        let desk = try Desk(.kline(.oneMinute))
        desk.batch {
            desk.trade(1, 100, at: 61_000)
            desk.trade(2, 130, at: 119_999)
            desk.trade(3, 120, at: 120_000)
        }
        desk.beat(passed: 120_000)
        let sent = desk.messages.take(.kline(.oneMinute))
        #expect(sent.count == 2)
        #expect(sent[0].contains(#""f":1,"L":2,"#) && sent[0].contains(#""x":true"#))
        #expect(sent[1].contains(#""f":3,"L":3,"#) && sent[1].contains(#""x":false"#))
    }

    @Test("a candle that was open when the first reader came is closed too, with trades or without")
    func closeOfOldTrades() throws {
        let desk = try Desk()
        desk.batch { desk.trade(1, 100, at: 61_000) }
        desk.topics.readerCame(to: .kline(.oneMinute), desk.data)
        desk.beat(passed: 90_000)
        #expect(desk.messages.items.isEmpty, "it has not changed")
        desk.beat(passed: 120_000)
        #expect(desk.messages.take(.kline(.oneMinute)).first?.contains(#""x":true"#) == true)
        desk.data.now = Timestamp(milliseconds: 130_000)
        desk.topics.lastReaderLeft(.kline(.oneMinute))
        desk.topics.readerCame(to: .kline(.oneMinute), desk.data)
        desk.beat(passed: 179_999)
        #expect(desk.messages.items.isEmpty)
        desk.beat(passed: 180_000)
        #expect(desk.messages.take(.kline(.oneMinute)).first?.contains(#""t":120000,"#) == true)
    }

    @Test("a market that never traded has no candles to close")
    func neverTraded() throws {
        let desk = try Desk(.kline(.oneMinute))
        desk.beat(passed: 600_000)
        #expect(desk.messages.items.isEmpty)
    }

    @Test("beats come due as their streams' rhythms say")
    func rhythms() {
        var beats = StreamBeat()
        var counts = (depth: 0, candles: 0, seconds: 0)
        for _ in 0..<(10_000 / Int(StreamBeat.milliseconds)) {
            let due = beats.next()
            counts.depth += due.fastDepth ? 1 : 0
            counts.candles += due.candles ? 1 : 0
            counts.seconds += due.seconds ? 1 : 0
        }
        #expect(counts == (depth: 100, candles: 40, seconds: 10))
    }

    @Test("the tickers of all markets: those that changed since a reader came")
    func allTickers() throws {
        let data = HeldMarketData([StreamFixture.btcUSDT, StreamFixture.ethBTC, StreamFixture.perpetual])
        var (topic, messages) = (AllTickersTopic(), MarketMessages())
        let markets = StreamFixture.directory.markets.map { MarketTopics($0.id, updateID: 0) }
        func symbols() throws -> [String] {
            topic.push(StreamFixture.directory, data, into: &messages)
            guard let message = messages.items.first?.frames.messages.first else { return [] }
            messages.removeAll()
            return try #require(try JSONValue(message).items).compactMap { $0["s"]?.text }
        }
        topic.readersCame(markets, data)
        #expect(try symbols() == [])
        data.apply(.traded(StreamFixture.trade(1, price: 1, quantity: 1, market: StreamFixture.ethBTC)), at: 1)
        #expect(try symbols() == ["ETH-BTC"])
        #expect(try symbols() == [])
        let ahead = LevelChange(market: StreamFixture.btcUSDT.id, side: .buy, price: Ticks(5), quantity: Steps(1))
        data.apply(.levelChanged(ahead))
        topic.readersCame(markets, data)
        #expect(try symbols() == ["BTC-USDT"], "memory is ahead of what was followed")
    }
}
