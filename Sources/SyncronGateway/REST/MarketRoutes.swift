import NIOCore
import SyncronCore
import SyncronMarketData
import SyncronNode
import SyncronWire

/// Market data that lies in memory: everything here answers at once.
enum MarketRoutes {
    @Sendable static func ping(_ call: Call) throws(APIError) -> APIResponse { .emptyObject }

    @Sendable static func time(_ call: Call) throws(APIError) -> APIResponse {
        .json { json in
            json.beginObject()
            json.field("serverTime", call.now.milliseconds)
            json.endObject()
        }
    }

    @Sendable static func ticker(_ call: Call) throws(APIError) -> APIResponse {
        try oneOrAll(call) { json, format, view, now in
            json.ticker(view.ticker(now: now), view.bookTicker, format)
        }
    }

    @Sendable static func price(_ call: Call) throws(APIError) -> APIResponse {
        try oneOrAll(call) { json, format, view, _ in
            json.beginObject()
            json.field("symbol", format.market.symbol)
            json.field("price", price: view.lastPrice ?? .zero, format)
            json.endObject()
        }
    }

    @Sendable static func bookTicker(_ call: Call) throws(APIError) -> APIResponse {
        try oneOrAll(call) { json, format, view, _ in
            json.beginObject()
            json.field("symbol", format.market.symbol)
            json.bestQuotes(view.bookTicker, format)
            json.endObject()
        }
    }

    @Sendable static func orderBook(_ call: Call) throws(APIError) -> APIResponse {
        let format = try call.market()
        let limit = Int(try call.parameters.integer(ifGiven: "limit", in: 1...5_000) ?? 100)
        let depth = try read(format, call) { view, _ in
            Depth(
                updateID: view.depth.updateID, bids: view.depth.levels(.buy, limit: limit),
                asks: view.depth.levels(.sell, limit: limit))
        }
        return .json(capacity: 128 + 32 * (depth.bids.count + depth.asks.count)) { json in
            json.beginObject()
            json.field("lastUpdateId", depth.updateID)
            json.key("bids")
            json.levels(depth.bids, format)
            json.key("asks")
            json.levels(depth.asks, format)
            json.endObject()
        }
    }

    private struct Depth {
        var updateID: UInt64
        var bids: [PriceLevel]
        var asks: [PriceLevel]
    }

    @Sendable static func trades(_ call: Call) throws(APIError) -> APIResponse {
        let format = try call.market()
        let limit = Int(try call.parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 500)
        let trades = try read(format, call) { view, _ in view.tape.newest(limit: limit) }
        return .trades(trades, format)
    }

    @Sendable static func averagePrice(_ call: Call) throws(APIError) -> APIResponse {
        let format = try call.market()
        let average = try read(format, call) { view, now in view.averagePrice(now: now) }
        let price = average.price(
            unitsPerTickStep: format.scale.quoteUnitsPerTickStep, tickSize: format.market.tickSize)
        return .json { json in
            json.beginObject()
            json.field("mins", AveragePrice.minutes)
            json.field("price", fixed: price, decimals: format.priceDecimals)
            json.endObject()
        }
    }

    @Sendable static func exchangeInfo(_ call: Call) throws(APIError) -> APIResponse {
        let one = try call.marketIfGiven()
        let all = one == nil ? call.services.exchangeInfo.symbols(of: call.directory) : ByteBuffer()
        return .json(capacity: 2_560 + all.readableBytes) { json in
            json.beginObject()
            json.field("timezone", "UTC")
            json.field("serverTime", call.now.milliseconds)
            json.key("rateLimits")
            json.rateLimits(.anonymous)
            json.key("symbols")
            if let one {
                json.beginArray()
                json.symbol(one)
                json.endArray()
            } else {
                json.raw(all)
            }
            json.endObject()
        }
    }

    @Sendable static func symbol(_ call: Call) throws(APIError) -> APIResponse {
        let format = try call.market()
        return .json(capacity: 2_048) { $0.symbol(format) }
    }

    /// What stands in memory about a market, copied out of its lock.
    static func read<R>(
        _ format: MarketFormat, _ call: Call, _ body: (borrowing MarketView, Timestamp) -> R
    ) throws(APIError) -> R {
        guard let result = call.node.marketData.read(format.market.id, body) else {
            throw .invalidParameter("symbol", "no such market")
        }
        return result
    }

    /// One object for the market asked for, or an array of all of them.
    private static func oneOrAll(
        _ call: Call, _ write: (inout JSONWriter, MarketFormat, borrowing MarketView, Timestamp) -> Void
    ) throws(APIError) -> APIResponse {
        let one = try call.marketIfGiven()
        let directory = call.directory
        let markets = directory.markets.filter { call.wallet != .futures || $0.kind == .perpetual }
        let formats = one.map { [$0] } ?? markets.compactMap { MarketFormat($0, directory) }
        var json = JSONWriter(capacity: 512 * max(1, formats.count))
        if one == nil { json.beginArray() }
        for format in formats {
            try read(format, call) { view, now in write(&json, format, view, now) }
        }
        if one == nil { json.endArray() }
        return APIResponse(body: json.buffer)
    }
}
