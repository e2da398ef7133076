import SyncronCore
import SyncronHistory
import SyncronMarketData
import SyncronNode
import SyncronWire

/// Market data that may reach back beyond what lies in memory.
enum MarketHistoryRoutes {
    @Sendable static func historicalTrades(_ call: Call) async throws -> APIResponse {
        let format = try call.market()
        let limit = Int(try call.parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 500)
        guard let from = try call.parameters.integer(ifGiven: "fromId", in: 0...Int64.max) else {
            let newest = try MarketRoutes.read(format, call) { view, _ in view.tape.newest(limit: limit) }
            return .trades(newest.reversed(), format)
        }
        let first = TradeID(UInt64(from))
        if let trades = try MarketRoutes.read(format, call, { view, _ in view.tape.trades(from: first, limit: limit) })
        {
            return .trades(trades, format)
        }
        let market = format.market.id
        let trades = try await call.node.history.read { try $0.trades(of: market, from: first, limit: limit) }
        return .trades(trades, format)
    }

    @Sendable static func klines(_ call: Call) async throws -> APIResponse {
        let format = try call.market()
        let interval = try call.parameters.interval()
        let span = try call.parameters.timeSpan()
        let limit = Int(try call.parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 500)
        let found = try MarketRoutes.read(format, call) { view, now in
            view.candles.range(interval, startTime: span.start, endTime: span.end, limit: limit, now: now)
                .map { ($0, view.candles.read($0)) }
        }
        let candles: [Candle]
        switch found {
        case nil: candles = []
        case (_, .complete(let all))?: candles = all
        case (let range, .partial(let kept, let from))?:
            let older = try await older(than: from, in: range, of: format.market.id, call.node)
            candles = range.filled(older + kept)
        }
        return .json(capacity: 64 + 192 * candles.count) { json in
            json.beginArray()
            for candle in candles { json.candle(candle, interval, format) }
            json.endArray()
        }
    }

    /// What the history adds to the candles in memory, which begin at `from`.
    private static func older(
        than from: Timestamp, in range: CandleRange, of market: MarketID, _ node: Node
    ) async throws -> [Candle] {
        try await node.history.read { view in
            let last = try view.lastCandle(of: market, range.interval, before: range.firstOpenTime)
            let stored = try view.candles(
                of: market, range.interval, startTime: range.firstOpenTime, endTime: from + -1, limit: range.count)
            return (last.map { [$0] } ?? []) + stored
        }
    }
}

extension Parameters {
    func interval() throws(APIError) -> KlineInterval {
        guard let interval = KlineInterval(try text("interval")) else {
            throw .invalidParameter(
                "interval", "one of " + KlineInterval.allCases.map(\.text).joined(separator: ", "))
        }
        return interval
    }

    /// `startTime` and `endTime`, both included; neither need be given.
    func timeSpan() throws(APIError) -> (start: Timestamp?, end: Timestamp?) {
        // Times of 2^62 ms and more are beyond all calendars; nothing lies there.
        let start = try integer(ifGiven: "startTime", in: 0...(1 << 62) - 1)
        let end = try integer(ifGiven: "endTime", in: 0...(1 << 62) - 1)
        if let start, let end, end < start { throw .invalidParameter("endTime", "is before startTime") }
        return (start.map { Timestamp(milliseconds: $0) }, end.map { Timestamp(milliseconds: $0) })
    }
}
