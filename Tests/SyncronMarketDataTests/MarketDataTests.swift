import SyncronCore
import Testing

@testable import SyncronMarketData

/// Events of several markets, as an engine would append them.
private struct EventStream {
    var random: SeededRandom
    var streams: [TradeStream]
    var time: Int64 = 1_709_160_000_000

    init(seed: UInt64, markets: Int) {
        random = SeededRandom(seed: seed)
        streams = (0..<markets).map { TradeStream(seed: seed &+ UInt64($0), pace: .dense) }
    }

    mutating func next() -> [Event] {
        time += random.chance(percent: 5) ? random.number(0...8_000_000) : random.number(0...50)
        var events: [Event] = [.timePassed]
        let index = Int(random.number(0...Int64(streams.count - 1)))
        let market = MarketID(UInt16(index))
        for _ in 0..<random.number(0...2) {
            let side: Side = random.chance(percent: 50) ? .buy : .sell
            events.append(
                .levelChanged(
                    change(side, random.number(1...400), max(0, random.number(-500...1_000)), market: market)))
        }
        if random.chance(percent: 40) {
            streams[index].time = time
            events.append(tradedEvent(streams[index].next(), market: market))
            time = streams[index].time
        }
        return events
    }
}

@Suite("Market data") struct MarketDataTests {
    private let market = Market(
        id: MarketID(1), symbol: "BTC-USDT", base: AssetID(0), quote: AssetID(1), kind: .spot, status: .trading,
        pricePrecision: 2, quantityPrecision: 5, tickSize: 1, stepSize: 1,
        filters: Filters(
            minPrice: Ticks(1), maxPrice: Ticks(100), minQuantity: Steps(1), maxQuantity: Steps(100),
            minMarketQuantity: Steps(1), maxMarketQuantity: Steps(100), minNotional: .zero, maxNotional: nil),
        commissions: CommissionRates.standard(for: .spot))

    @Test("a market has a view from its definition on")
    func defined() {
        var data = MarketData()
        #expect(data[MarketID(1)] == nil)
        #expect(data.withMarket(MarketID(1)) { $0.depth.updateID } == nil)
        data.apply(.marketDefined(market))
        #expect(data.marketCount == 2)
        #expect(data[MarketID(1)] == MarketView())
        #expect(data.withMarket(MarketID(1)) { $0.depth.updateID } == 0)
        #expect(data[MarketID(2)] == nil)
        let before = data
        data.apply(.marketDefined(market))
        #expect(data == before)
    }

    @Test("events reach the views of their own market only, at their own time")
    func routed() {
        var data = MarketData()
        data.apply(.levelChanged(change(.buy, 10, 5, market: MarketID(0))))
        data.apply(tradedEvent(trade(id: 1, price: 12, time: 77), market: MarketID(2)))
        data.withMarket(MarketID(0)) { view in
            #expect(view.bookTicker == BookTicker(updateID: 1, bid: level(10, 5), ask: nil))
            #expect(view.lastPrice == nil)
        }
        #expect(data[MarketID(1)] == MarketView())
        data.withMarket(MarketID(2)) { view in
            #expect(view.depth == DepthView())
            #expect(view.lastPrice == Ticks(12))
            #expect(view.tape.newest == trade(id: 1, price: 12, time: 77))
            #expect(view.ticker(now: ms(80)).tradeCount == 1)
            #expect(view.averagePrice(now: ms(80)).volume == Volume(1))
            #expect(view.candles.candle(.oneMonth, at: ms(77))?.close == Ticks(12))
        }
    }

    @Test("events that are not of the public market change nothing")
    func neutral() {
        var data = MarketData()
        data.apply(.levelChanged(change(.buy, 10, 5)))
        let before = data
        let balance = BalanceChange(
            account: AccountID(1), wallet: .spot, asset: AssetID(0), free: Units(1), held: .zero)
        for event in [
            .timePassed, .checkpointed, .rejected(.unknownOrder), .balanceChanged(balance),
            .accountOpened(Account(id: AccountID(1))), .begun(Genesis(hasSandbox: true)),
            .marketStatusChanged(SetMarketStatus(market: MarketID(0), status: .halt)),
        ] as [Event] {
            data.apply(event)
            #expect(data == before)
        }
    }

    @Test("events one by one and events of a command at once come to the same")
    func batches() {
        var stream = EventStream(seed: 3, markets: 2)
        var single = MarketData()
        var batched = MarketData()
        for _ in 0..<500 {
            let events = stream.next()
            for event in events { single.apply(event) }
            batched.apply(events.span)
        }
        #expect(single == batched)
    }

    @Test("a snapshot restores an equal value with the same future", arguments: 1...5 as ClosedRange<UInt64>)
    func snapshot(seed: UInt64) throws {
        var stream = EventStream(seed: seed, markets: 3)
        var data = MarketData()
        for _ in 0..<3_000 {
            let events = stream.next()
            data.apply(events.span)
        }
        let bytes = encoded(data)
        var restored = try decoded(MarketData.self, from: bytes)
        #expect(restored == data, "seed \(seed)")
        #expect(encoded(restored) == bytes, "seed \(seed)")
        for _ in 0..<3_000 {
            let events = stream.next()
            data.apply(events.span)
            restored.apply(events.span)
        }
        #expect(restored == data, "seed \(seed)")
        #expect(encoded(restored) == encoded(data), "seed \(seed)")
        let now = ms(stream.time + 1_000)
        for id in 0..<3 as Range<UInt16> {
            let views = [data, restored].compactMap { $0[MarketID(id)] }
            #expect(views[0].ticker(now: now) == views[1].ticker(now: now))
            #expect(views[0].depth.levels(.sell, limit: 100) == views[1].depth.levels(.sell, limit: 100))
        }
    }

    @Test("equal events give equal bytes")
    func deterministic() {
        let runs = (0..<2).map { _ in
            var stream = EventStream(seed: 9, markets: 2)
            var data = MarketData()
            for _ in 0..<1_000 {
                let events = stream.next()
                data.apply(events.span)
            }
            return encoded(data)
        }
        #expect(runs[0] == runs[1])
    }

    @Test("bytes that end early, go on or have another form are refused")
    func malformed() throws {
        var stream = EventStream(seed: 4, markets: 1)
        var data = MarketData()
        for _ in 0..<25 {
            let events = stream.next()
            data.apply(events.span)
        }
        let bytes = encoded(data)
        for length in bytes.indices {
            #expect(throws: CodingFailure.self) { try decoded(MarketData.self, from: Array(bytes[..<length])) }
        }
        #expect(throws: CodingFailure.self) { try decoded(MarketData.self, from: bytes + [0]) }
        #expect(throws: CodingFailure.self) { try decoded(MarketData.self, from: [2, 0, 0, 0] + bytes.dropFirst(4)) }
    }
}
