import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Public streams over sockets", .timeLimit(.minutes(3)))
struct PublicStreamTests {
    @Test("a stream named by the path is sent bare, with and without /v1", arguments: ["/v1/ws/", "/ws/"])
    func rawPath(prefix: String) async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.connect(prefix + "BTCUSDT@trade")
            try await exchange.trade(price: 3_000_000)
            let event = try await probe.json()
            #expect(event["e"]?.text == "trade")
            #expect(event["s"]?.text == "BTC-USDT")
            #expect(event["p"]?.text == "30000.00")
            #expect(event["t"]?.integer == 1)
            #expect(event["m"]?.boolean == false)
            try await exchange.trade(price: 3_000_100)
            #expect(try await probe.json()["t"]?.integer == 2)
        }
    }

    @Test("a combined connection gets each event under the name that it gave the stream")
    func combined() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.connect("/v1/stream?streams=BtcUsdt%40trade/btc-usdt@bookTicker")
            try await exchange.order(StreamExchange.maker, .sell, price: 3_000_000)
            let ticker = try await probe.json()
            #expect(ticker["stream"]?.text == "btc-usdt@bookTicker")
            #expect(ticker["data"]?["a"]?.text == "30000.00")
            try await exchange.order(StreamExchange.taker, .buy, price: 3_000_000)
            let trade = try await probe.json()
            #expect(trade["stream"]?.text == "BtcUsdt@trade")
            #expect(trade["data"]?["e"]?.text == "trade")
        }
    }

    @Test("streams are followed and let go of while the connection stands")
    func subscribing() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.follow("btc-usdt@trade", "btcusdt@bookTicker")
            try await exchange.order(StreamExchange.maker, .sell, price: 3_000_000)
            #expect(try await probe.json()["a"]?.text == "30000.00")
            try await probe.send(#"{"method":"UNSUBSCRIBE","params":["btc-usdt@bookTicker"],"id":"u"}"#)
            #expect(try await probe.text() == #"{"result":null,"id":"u"}"#)
            try await exchange.order(StreamExchange.taker, .buy, price: 3_000_000)
            #expect(try await probe.json()["e"]?.text == "trade")
            try await probe.send(#"{"method":"LIST_SUBSCRIPTIONS","id":9}"#)
            #expect(try await probe.text() == #"{"result":["btc-usdt@trade"],"id":9}"#)
        }
    }

    @Test("a wrong request is answered with an error, and the connection stays")
    func wrongRequest() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.connect("/ws")
            try await probe.subscribe("doge-usdt@trade", id: 5)
            let error = try await probe.json()
            #expect(error["error"]?["code"]?.integer == 1006)
            #expect(error["error"]?["message"]?.text?.isEmpty == false)
            #expect(error["id"]?.integer == 5)
            try await probe.send("hello")
            #expect(try await probe.json()["error"]?["code"]?.integer == 1005)
            try await probe.subscribe("btc-usdt@trade")
            #expect(try await probe.text() == #"{"result":null,"id":1}"#)
        }
    }

    @Test("where nothing is to be had, the upgrade is refused with a reason")
    func refusals() async throws {
        let cases: [(path: String, status: Int, code: Int)] = [
            ("/v1", 404, 1005), ("/", 404, 1005), ("/v1/wss", 404, 1005), ("/v2/ws", 404, 1005),
            ("/v1/v1/ws", 404, 1005), ("/ws/btc-usdt@trade/more", 404, 1005), ("/stream/btc-usdt@trade", 404, 1005),
            ("/ws/", 404, 1006), ("/ws/btc-usdt", 404, 1006), ("/ws/doge-usdt@trade", 404, 1006),
            ("/ws/btc-usdt@nothing", 404, 1006), ("/v1/ws/btc-usdt@kline_2m", 404, 1006),
            ("/stream?streams=", 400, 1006), ("/stream?streams=btc-usdt@trade/", 400, 1006),
            ("/stream?streams=btc-usdt@trade/nothing", 400, 1006),
            ("/stream?streams=" + Array(repeating: "btc-usdt@trade", count: 201).joined(separator: "/"), 400, 1006),
            ("/stream?streams=a&streams=b", 400, 1006),
            ("/ws/user", 400, 1006), ("/ws/user?listenKey=", 400, 1006), ("/ws/user?listenKey=nobody", 401, 1002),
            ("/ws/user?listenKey=nobody&fromSeq=x", 400, 1006), ("/ws/user?listenKey=nobody&fromSeq=-1", 400, 1006),
        ]
        try await StreamExchange.run { exchange in
            for (path, status, code) in cases {
                do {
                    _ = try await exchange.connect(path)
                    Issue.record("\(path) was accepted")
                } catch let refusal as WebSocketProbe.Refused {
                    #expect(refusal.status == status && refusal.code == code, "\(path): \(refusal)")
                    #expect(!refusal.message.isEmpty)
                }
            }
        }
    }

    @Test("a combined connection may begin with nothing")
    func combinedFromNothing() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.connect("/v1/stream")
            try await probe.subscribe("btc-usdt@trade")
            #expect(try await probe.text() == #"{"result":null,"id":1}"#)
            try await exchange.trade()
            #expect(try await probe.json()["stream"]?.text == "btc-usdt@trade")
        }
    }

    @Test("all readers of a stream get the same, each once and in order")
    func manyReaders() async throws {
        try await StreamExchange.run { exchange in
            var probes: [WebSocketProbe] = []
            for number in 0..<20 {
                let path = number % 2 == 0 ? "/ws/btc-usdt@trade" : "/stream?streams=btc-usdt@trade"
                probes.append(try await exchange.connect(path))
            }
            for _ in 0..<50 { try await exchange.trade() }
            for probe in probes {
                for id in 1...50 {
                    let event = try await probe.json()
                    #expect((event["data"] ?? event)["t"]?.integer == Int64(id))
                }
            }
        }
    }

    @Test("what happens as soon as a reader is there is told", arguments: 0..<5)
    func atOnce(round: Int) async throws {
        try await StreamExchange.run { exchange in
            try await exchange.trade(price: 3_000_000)
            let path = try await exchange.connect("/v1/ws/btc-usdt@kline_1m")
            try await exchange.node.advanceClock(byMilliseconds: 60_000)
            #expect(try await path.json()["k"]?["x"]?.boolean == true)
            let asked = try await exchange.follow("btc-usdt@kline_5m", "btc-usdt@ticker")
            try await exchange.node.advanceClock(byMilliseconds: 90_000_000)
            var (closes, counts) = (0, [Int64]())
            while closes == 0 || counts.isEmpty {
                let event = try await asked.json()
                if event["e"]?.text == "ticker" { counts.append(event["n"]?.integer ?? -1) }
                if event["k"]?["x"]?.boolean == true { closes += 1 }
            }
            #expect(counts == [0])
        }
    }

    @Test("a candle closes when the clock is set past its end, though nothing is traded")
    func candleClose() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.follow("btc-usdt@kline_1m")
            try await exchange.trade(price: 3_000_000)
            let open = try await probe.json()
            #expect(open["k"]?["x"]?.boolean == false)
            #expect(open["k"]?["c"]?.text == "30000.00")
            try await exchange.node.advanceClock(byMilliseconds: 60_000)
            let closed = try await probe.json()
            #expect(closed["k"]?["x"]?.boolean == true)
            #expect(closed["k"]?["t"] == open["k"]?["t"])
            #expect(closed["k"]?["n"]?.integer == 1)
            try await exchange.node.advanceClock(byMilliseconds: 120_000)
            for _ in 0..<2 {
                let empty = try await probe.json()
                #expect(empty["k"]?["x"]?.boolean == true)
                #expect(empty["k"]?["n"]?.integer == 0)
                #expect(empty["k"]?["c"]?.text == "30000.00")
            }
        }
    }

    @Test("who comes to a snapshot stream is shown how it stands, and nobody else is told again")
    func snapshotForTheNewcomer() async throws {
        try await StreamExchange.run { exchange in
            try await exchange.order(StreamExchange.maker, .sell, price: 3_000_000)
            let first = try await exchange.follow("btc-usdt@depth5")
            #expect(try await first.json()["asks"]?[0]?[0]?.text == "30000.00")
            let alias = try await exchange.follow("BTCUSDT@depth5@100ms")
            #expect(try await alias.json()["asks"]?[0]?[0]?.text == "30000.00")
            let combined = try await exchange.connect("/stream?streams=btcusdt@depth5")
            let wrapped = try await combined.json()
            #expect(wrapped["stream"]?.text == "btcusdt@depth5")
            #expect(wrapped["data"]?["asks"]?[0]?[0]?.text == "30000.00")
            try await exchange.order(StreamExchange.maker, .sell, price: 2_900_000)
            for probe in [first, alias] {
                #expect(try await probe.json()["asks"]?[0]?[0]?.text == "29000.00", "the next thing is the change")
            }
        }
    }

    @Test("tickers are pushed when the market has changed, not because somebody came")
    func quietTickers() async throws {
        try await StreamExchange.run { exchange in
            try await exchange.trade(price: 3_000_000)
            let probe = try await exchange.follow("btc-usdt@ticker", "!ticker@arr")
            try await Task.sleep(for: .milliseconds(1_200))
            #expect(probe.hasNothing)
            try await exchange.trade(price: 3_100_000)
            var (one, all) = (JSONValue.null, JSONValue.null)
            for _ in 0..<2 {
                let event = try await probe.json()
                if event.items == nil { one = event } else { all = event }
            }
            #expect(one["c"]?.text == "31000.00")
            #expect(all[0]?["c"]?.text == "31000.00")
        }
    }

    @Test("book and best levels, kept from the streams, are the exchange's after any orders")
    func books() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = StreamRandom(seed: seed)
        try await StreamExchange.run { exchange in
            let diffs = try await exchange.follow("btc-usdt@depth")
            let partial = try await exchange.follow("btc-usdt@depth5")
            for _ in 0..<300 {
                let side = Bool.random(using: &random) ? Side.buy : .sell
                let account = Bool.random(using: &random) ? StreamExchange.maker : StreamExchange.taker
                _ = try await exchange.node.submit(
                    .placeOrder(
                        PlaceOrder(
                            account: account, market: StreamExchange.market, side: side,
                            terms: .limit(
                                price: Ticks(Int64.random(in: 2_990_000...3_010_000, using: &random)),
                                quantity: Steps(Int64.random(in: 1...100, using: &random)), timeInForce: .gtc))))
            }
            let read = { levels in
                exchange.node.marketData.read(StreamExchange.market) { view, _ in
                    PartialDepth(of: view, levels: levels)
                }
            }
            let final = try #require(read(5_000))
            var (book, next) = ([String: String](), Int64(1))
            while next <= Int64(final.updateID) {
                let event = try await diffs.json()
                try #require(event["U"]?.integer == next, "seed \(seed)")
                next = (event["u"]?.integer ?? 0) + 1
                for name in ["b", "a"] {
                    for level in event[name]?.items ?? [] {
                        let price = try #require(level[0]?.text)
                        book[name + price] = level[1]?.text == "0" ? nil : level[1]?.text
                    }
                }
            }
            let format = try StreamFixture.format()
            var expected: [String: String] = [:]
            for (name, levels) in [("b", final.bids), ("a", final.asks)] {
                for level in levels {
                    let price = DecimalText.fixed(format.priceUnits(level.price), decimals: 2)
                    expected[name + price] = DecimalText.trimmed(format.quantityUnits(level.quantity), decimals: 5)
                }
            }
            #expect(book == expected, "seed \(seed)")
            let best = try #require(read(5))
            let wanted = try JSONValue(StreamFixture.json { $0.partialDepth(best, format) })
            // The newest snapshot shows these levels; it is the last that comes.
            var snapshot = JSONValue.null
            while snapshot["bids"] != wanted["bids"] || snapshot["asks"] != wanted["asks"] {
                snapshot = try await partial.json()
            }
        }
    }
}
