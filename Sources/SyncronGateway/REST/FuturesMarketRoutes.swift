import SyncronCore
import SyncronHistory
import SyncronMarketData
import SyncronNode
import SyncronWire

/// What is public of perpetuals beyond what all markets have.
enum FuturesMarketRoutes {
    /// One object for the perpetual asked for, or an array of all of them.
    @Sendable static func premiumIndex(_ call: Call) async throws -> APIResponse {
        let one = try call.perpetualIfGiven()
        let formats = one.map { [$0] } ?? call.perpetuals
        let marks = try await call.node.query { engine, now in
            formats.map { engine.markPrice(of: $0.market.id) ?? MarkPrice(unknownOf: $0.market.id, at: now) }
        }
        return .json(capacity: 64 + 256 * marks.count) { json in
            if one == nil { json.beginArray() }
            for (mark, format) in zip(marks, formats) { json.premiumIndex(mark, format) }
            if one == nil { json.endArray() }
        }
    }

    /// Rates that were settled, newest first.
    @Sendable static func fundingRate(_ call: Call) async throws -> APIResponse {
        let one = try call.perpetualIfGiven()
        let span = try call.parameters.timeSpan()
        let limit = Int(try call.parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 100)
        let rates = try await call.node.history.read { view in
            try view.fundingRates(of: one?.market.id, startTime: span.start, endTime: span.end, limit: limit)
        }
        return .json(capacity: 64 + 128 * rates.count) { json in
            json.beginArray()
            for rate in rates {
                guard let format = call.directory.format(rate.market) else { continue }
                json.beginObject()
                json.field("symbol", format.market.symbol)
                json.field("fundingRate", trimmed: Int128(rate.rate.raw), decimals: Rate.decimals)
                json.field("fundingTime", rate.time.milliseconds)
                json.field("markPrice", price: rate.mark, format)
                json.endObject()
            }
            json.endArray()
        }
    }

    @Sendable static func openInterest(_ call: Call) async throws -> APIResponse {
        let format = try call.perpetual()
        let (quantity, now) = try await call.node.query { engine, now in
            (engine.openInterest(of: format.market.id), now)
        }
        return .json { json in
            json.beginObject()
            json.field("symbol", format.market.symbol)
            json.field("openInterest", quantity: quantity, format)
            json.field("time", now.milliseconds)
            json.endObject()
        }
    }

    @Sendable static func leverageBrackets(_ call: Call) throws(APIError) -> APIResponse {
        let formats = try call.perpetualIfGiven().map { [$0] } ?? call.perpetuals
        return .json(capacity: 64 + 2_048 * formats.count) { json in
            json.beginArray()
            for format in formats {
                json.beginObject()
                json.field("symbol", format.market.symbol)
                json.key("brackets")
                json.brackets(format.market.perpetual ?? PerpetualTerms(brackets: []), format)
                json.endObject()
            }
            json.endArray()
        }
    }

    @Sendable static func insuranceFund(_ call: Call) async throws -> APIResponse {
        guard let asset = call.directory.settlementAsset else { throw APIError.unexpected }
        let balance = try await call.node.query { engine, _ in engine.insuranceFund(of: asset.id) }
        return .json { json in
            json.beginObject()
            json.field("asset", asset.name)
            json.field("balance", amount: balance, of: asset)
            json.endObject()
        }
    }

    /// Candles of the mark: as those of trades, without volumes.
    @Sendable static func markPriceKlines(_ call: Call) async throws -> APIResponse {
        let format = try call.perpetual()
        let interval = try call.parameters.interval()
        let span = try call.parameters.timeSpan()
        let limit = Int(try call.parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 500)
        let (market, now) = (format.market.id, call.now)
        let candles = try await call.node.history.read { view -> [Candle] in
            let first = try view.markCandles(of: market, interval, limit: 1).first
            guard let first,
                let range = CandleRange(
                    interval: interval, startTime: span.start, endTime: span.end, limit: limit,
                    firstTradeTime: first.openTime, now: now)
            else { return [] }
            let before = try view.markCandles(
                of: market, interval, endTime: range.firstOpenTime + -1, rowOrder: .newestFirst, limit: 1)
            let within = try view.markCandles(
                of: market, interval, startTime: range.firstOpenTime, endTime: range.lastOpenTime,
                limit: range.count)
            return range.filled(before + within)
        }
        return .json(capacity: 64 + 192 * candles.count) { json in
            json.beginArray()
            for candle in candles { json.candle(candle, interval, format) }
            json.endArray()
        }
    }
}

extension Call {
    /// The perpetual that `symbol` names.
    fileprivate func perpetual() throws(APIError) -> MarketFormat { try market().requiring(.perpetual) }

    fileprivate func perpetualIfGiven() throws(APIError) -> MarketFormat? {
        try marketIfGiven()?.requiring(.perpetual)
    }

    fileprivate var perpetuals: [MarketFormat] {
        directory.markets.filter { $0.kind == .perpetual }.compactMap { MarketFormat($0, directory) }
    }
}

extension MarkPrice {
    /// Before there is an index price.
    fileprivate init(unknownOf market: MarketID, at now: Timestamp) {
        self.init(
            market: market, mark: .zero, index: IndexPrice(0), lastFundingRate: .zero,
            nextFunding: FundingRate.next(after: now), time: now)
    }
}
