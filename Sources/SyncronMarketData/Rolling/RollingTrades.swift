import SyncronCore

/// The trades of the last 24 hours, for the ticker and the average price.
///
/// Nothing is done as time passes: a reader names its time, and the window's begin is found by search, so that any
/// number of readers may look at once.
///
/// Trades of one millisecond are one entry, and windows are exact to the millisecond. Beyond `fineCapacity` entries,
/// the oldest are merged into whole seconds, which count until their last trade leaves the window; the last five
/// minutes are never merged. So a market holds at most 300,001 fine entries or `fineCapacity`, whichever is more, and
/// 86,401 coarse ones, of 64 bytes each besides the extremes.
public struct RollingTrades: Equatable, Sendable {
    /// Milliseconds of the ticker's window.
    public static let daySpan: Int64 = 86_400_000
    /// Milliseconds of the average price's window.
    public static let averageSpan = Limits.averagePriceSpan
    static let defaultFineCapacity = 131_072

    var fineCapacity = defaultFineCapacity
    private var coarse = TradeTier(width: 1_000)
    private var fine = TradeTier(width: 1)
    private var newest: PublicTrade?
    /// The sums over all trades so far. They wrap around.
    private var volume: Int128 = 0
    private var notional: Int128 = 0
    /// The last price among the trades that were forgotten.
    private var forgottenPrice: Ticks?

    public init() {}

    @inline(__always)
    mutating func add(_ trade: PublicTrade) {
        let time = trade.time.milliseconds
        let price = trade.price.raw
        let span = TradeSpan(
            time: time, firstTrade: trade.id.raw, firstPrice: price, lastPrice: price, volumeBefore: volume,
            notionalBefore: notional)
        fine.add(span, high: price, low: price)
        volume &+= Int128(trade.quantity.raw)
        notional &+= trade.notional.raw
        newest = trade
        trim(at: time)
    }

    @inline(__always)
    private mutating func trim(at now: Int64) {
        if fine.count > fineCapacity { mergeOldest(before: now - Self.averageSpan) }
        let begin = now - Self.daySpan
        while let first = coarse.first ?? fine.first, first.time <= begin { forgetOldest() }
    }

    /// Several at a time, so that it is seldom done.
    @inline(never)
    private mutating func mergeOldest(before begin: Int64) {
        for _ in 0..<64 {
            guard let first = fine.first, first.time <= begin, let oldest = fine.removeFirst() else { return }
            coarse.add(oldest.span, high: oldest.high, low: oldest.low)
        }
    }

    @inline(never)
    private mutating func forgetOldest() {
        let oldest = coarse.count > 0 ? coarse.removeFirst() : fine.removeFirst()
        forgottenPrice = oldest.map { Ticks($0.span.lastPrice) }
    }
}

extension RollingTrades {
    public var lastPrice: Ticks? { newest?.price }
    var entryCount: Int { coarse.count + fine.count }

    /// The window (now − 24 h, now]. A `now` before the last trade counts as the time of that trade.
    public func ticker(now: Timestamp) -> Ticker24h {
        let now = max(now, newest?.time ?? .zero)
        let window = window(since: now.milliseconds - Self.daySpan)
        var ticker = Ticker24h(closeTime: now, lastPrice: newest?.price, lastQuantity: newest?.quantity ?? .zero)
        ticker.previousClose = window.priceBefore
        guard let newest, let first = window.first else { return ticker }
        ticker.openPrice = Ticks(first.firstPrice)
        ticker.highPrice = window.high.map { Ticks($0) }
        ticker.lowPrice = window.low.map { Ticks($0) }
        ticker.volume = Volume(volume &- first.volumeBefore)
        ticker.quoteVolume = Units(notional &- first.notionalBefore)
        // Trades of a market are numbered without gaps.
        ticker.tradeCount = newest.id.raw &- first.firstTrade &+ 1
        ticker.firstTrade = TradeID(first.firstTrade)
        ticker.lastTrade = newest.id
        return ticker
    }

    /// The window (now − 5 min, now]. A `now` before the last trade counts as the time of that trade.
    public func averagePrice(now: Timestamp) -> AveragePrice {
        var average = AveragePrice(lastPrice: newest?.price)
        let now = max(now, newest?.time ?? .zero)
        if let first = firstSpan(after: now.milliseconds - Self.averageSpan) {
            average.volume = Volume(volume &- first.volumeBefore)
            average.notional = Units(notional &- first.notionalBefore)
        }
        return average
    }

    private struct Window {
        var first: TradeSpan?
        var high: Int64?
        var low: Int64?
        /// The price of the last trade before the window.
        var priceBefore: Ticks?
    }

    private func firstSpan(after begin: Int64) -> TradeSpan? {
        let index = coarse.firstIndex(after: begin)
        if index < coarse.count { return coarse.spans[index] }
        let fineIndex = fine.firstIndex(after: begin)
        return fineIndex < fine.count ? fine.spans[fineIndex] : nil
    }

    private func window(since begin: Int64) -> Window {
        let index = coarse.firstIndex(after: begin)
        // The fine entries follow the coarse ones: a window that begins among these holds all of them.
        let fineIndex = index < coarse.count ? 0 : fine.firstIndex(after: begin)
        var window = Window()
        window.first =
            index < coarse.count
            ? coarse.spans[index] : (fineIndex < fine.count ? fine.spans[fineIndex] : nil)
        window.high = [coarse.high(from: index), fine.high(from: fineIndex)].compactMap { $0 }.max()
        window.low = [coarse.low(from: index), fine.low(from: fineIndex)].compactMap { $0 }.min()
        if fineIndex > 0 {
            window.priceBefore = Ticks(fine.spans[fineIndex - 1].lastPrice)
        } else if index > 0 {
            window.priceBefore = Ticks(coarse.spans[index - 1].lastPrice)
        } else {
            window.priceBefore = forgottenPrice
        }
        return window
    }
}

extension RollingTrades: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(coarse)
        writer.encode(fine)
        writer.encode(newest)
        writer.append(volume)
        writer.append(notional)
        writer.encode(forgottenPrice)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        coarse = try reader.decode()
        fine = try reader.decode()
        newest = try reader.decode()
        volume = try reader.read()
        notional = try reader.read()
        forgottenPrice = try reader.decode()
    }
}
