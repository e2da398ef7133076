import SyncronCore
import SyncronMarketData

/// What is kept of one market for the streams of it that somebody reads, and the messages it comes to.
struct MarketTopics: Sendable {
    private struct Depth: Sendable {
        var pace: PushPace
        var window: DepthWindow
    }

    private struct Partial: Sendable {
        var levels: Int
        var pace: PushPace
        /// What was sent last; nil before the first.
        var sent: PartialDepth?
        /// Whether a reader has come since.
        var hasNewcomer = false
    }

    let id: MarketID
    /// Of the book, as far as it was followed. Counted also while nobody reads.
    private(set) var updateID: UInt64
    private var format: MarketFormat?
    private var streams: Set<MarketStream> = []
    private var trades = TextFrames()
    private var readsTrades = false
    private var marks: [MarkPrice] = []
    private var forcedOrders = TextFrames()
    private var hasBookChanged = false
    private var readsBookTicker = false
    /// What readers know, sent or not; nil when that is unknown.
    private var bookTicker: BookTicker?
    private var depths: [Depth] = []
    private var partials: [Partial] = []
    /// What readers know, sent or not; nil when that is unknown.
    private var ticker: TickerReading?
    private var candles: [CandleTopic] = []

    /// `updateID`: of the book before the first change to be followed.
    init(_ id: MarketID, updateID: UInt64) {
        self.id = id
        self.updateID = updateID
    }

    var isRead: Bool { !streams.isEmpty }
    /// When the next candle that waits for its close is over.
    var nextCandleEnd: Timestamp? { candles.lazy.compactMap(\.nextEnd).min() }
}

// MARK: Readers

extension MarketTopics {
    mutating func setFormat(_ format: MarketFormat?) { self.format = format }

    mutating func readerCame(to stream: MarketStream, _ data: some MarketReading) {
        let isFirst = streams.insert(stream).inserted
        switch stream {
        case .trade: readsTrades = true
        case .bookTicker:
            readsBookTicker = true
            if isFirst { bookTicker = data.read(id) { view, _ in view.bookTicker }.flatMap { asFollowed($0, $0) } }
        case .ticker:
            guard isFirst else { break }
            ticker = data.read(id) { view, now in TickerReading(of: view, now: now) }
                .flatMap { asFollowed($0, $0.book) }
        case .depth(let pace):
            if isFirst { depths.append(Depth(pace: pace, window: DepthWindow(after: updateID))) }
        case .partialDepth(let levels, let pace):
            if isFirst { partials.append(Partial(levels: levels, pace: pace)) }
            for index in partials.indices where partials[index].levels == levels && partials[index].pace == pace {
                partials[index].hasNewcomer = true
            }
        case .kline(let interval):
            if isFirst { startCandles(interval, data) }
        case .markPrice, .forceOrder: break
        }
    }

    mutating func lastReaderLeft(_ stream: MarketStream) {
        streams.remove(stream)
        switch stream {
        case .trade: readsTrades = false
        case .bookTicker: readsBookTicker = false
        case .ticker: ticker = nil
        case .depth(let pace): depths.removeAll { $0.pace == pace }
        case .partialDepth(let levels, let pace): partials.removeAll { $0.levels == levels && $0.pace == pace }
        case .kline(let interval): candles.removeAll { $0.interval == interval }
        case .markPrice, .forceOrder: break
        }
    }

    /// A reading to compare later ones with. Nil when the book stands elsewhere in memory than as far as it was
    /// followed here: then what the next batch tells may be in it already, and would never be seen as a change.
    private func asFollowed<R>(_ reading: R, _ book: BookTicker) -> R? { book.updateID == updateID ? reading : nil }

    private mutating func startCandles(_ interval: KlineInterval, _ data: some MarketReading) {
        var topic = CandleTopic(interval: interval)
        let candle = data.read(id) { view, now in view.candles.candle(interval, at: now) }
        if let candle = candle.flatMap({ $0 }) { topic.found(candle.openTime) }
        candles.append(topic)
    }
}

// MARK: Events

extension MarketTopics {
    @inline(__always)
    mutating func apply(_ change: LevelChange) {
        updateID += 1
        hasBookChanged = true
        for index in depths.indices { depths[index].window.record(change) }
    }

    @inline(__always)
    mutating func apply(_ trade: Trade) {
        guard isRead else { return }
        if readsTrades, let format { trades.append { $0.trade(trade, format) } }
        for index in candles.indices { candles[index].traded(at: trade.time) }
    }

    mutating func apply(_ mark: MarkPrice) {
        guard streams.contains(.markPrice) else { return }
        marks.append(mark)
    }

    mutating func apply(_ order: ForcedOrder) {
        guard let format, streams.contains(.forceOrder) else { return }
        forcedOrders.append { $0.forceOrder(order, format) }
    }

    /// A manual clock may pass hours at once: readers get the last minute of them.
    private static let mostMarks = 60

    private func frames(of marks: ArraySlice<MarkPrice>, _ format: MarketFormat) -> TextFrames {
        var frames = TextFrames()
        for mark in marks { frames.append { $0.markPrice(mark, format) } }
        return frames
    }

    /// What goes out with the batch that was followed.
    mutating func finishBatch(_ data: some MarketReading, into outbox: inout MarketMessages) {
        if !trades.isEmpty {
            outbox.put(.market(id, .trade), trades)
            trades = TextFrames()
        }
        if !marks.isEmpty {
            if let format { outbox.put(.market(id, .markPrice), frames(of: marks.suffix(Self.mostMarks), format)) }
            marks = []
        }
        if !forcedOrders.isEmpty {
            outbox.put(.market(id, .forceOrder), forcedOrders)
            forcedOrders = TextFrames()
        }
        guard hasBookChanged else { return }
        hasBookChanged = false
        guard readsBookTicker, let format, let now = data.read(id, { view, _ in view.bookTicker }) else { return }
        if let sent = bookTicker, now.hasSameQuotes(as: sent) { return }
        bookTicker = now
        outbox.put(.market(id, .bookTicker)) { $0.bookTicker(now, format) }
    }
}

// MARK: Pushes

extension MarketTopics {
    /// What goes out with a beat. No trade comes any more from before `passed`.
    mutating func push(
        _ due: StreamBeat.Due, passed: Timestamp, _ data: some MarketReading, into outbox: inout MarketMessages
    ) {
        guard let format else { return }
        if due.fastDepth { pushBook(.fast, format, data, into: &outbox) }
        if due.seconds {
            pushBook(.slow, format, data, into: &outbox)
            if streams.contains(.ticker) { pushTicker(format, data, into: &outbox) }
        }
        for index in candles.indices {
            for openTime in candles[index].takeClosed(at: passed) {
                pushCandle(index, openTime, isClosed: true, format, data, into: &outbox)
            }
            if due.candles, let openTime = candles[index].takeChanged() {
                pushCandle(index, openTime, isClosed: false, format, data, into: &outbox)
            }
        }
    }

    private mutating func pushBook(
        _ pace: PushPace, _ format: MarketFormat, _ data: some MarketReading, into outbox: inout MarketMessages
    ) {
        for index in depths.indices where depths[index].pace == pace {
            guard let diff = depths[index].window.flush() else { continue }
            let now = data.now
            outbox.put(.market(id, .depth(pace))) { $0.depthUpdate(diff, at: now, format) }
        }
        for index in partials.indices where partials[index].pace == pace {
            let (levels, sent) = (partials[index].levels, partials[index].sent)
            let reading = data.read(id) { view, _ -> PartialDepth? in
                view.depth.updateID == sent?.updateID ? nil : PartialDepth(of: view, levels: levels)
            }
            guard let depth = reading.flatMap({ $0 }) ?? sent else { continue }
            let isSame = sent.map { depth.hasSameLevels(as: $0) } ?? false
            if !isSame || partials[index].hasNewcomer {
                outbox.put(.market(id, .partialDepth(levels: levels, pace)), toNewcomers: isSame) {
                    $0.partialDepth(depth, format)
                }
            }
            partials[index].sent = depth
            partials[index].hasNewcomer = false
        }
    }

    private mutating func pushTicker(
        _ format: MarketFormat, _ data: some MarketReading, into outbox: inout MarketMessages
    ) {
        guard let reading = data.read(id, { view, now in TickerReading(of: view, now: now) }) else { return }
        if let ticker, reading.hasSameFigures(as: ticker) { return }
        ticker = reading
        outbox.put(.market(id, .ticker)) { $0.ticker(reading, format) }
    }

    private func pushCandle(
        _ index: Int, _ openTime: Timestamp, isClosed: Bool, _ format: MarketFormat, _ data: some MarketReading,
        into outbox: inout MarketMessages
    ) {
        let interval = candles[index].interval
        let reading = data.read(id) { view, now in (view.candles.candle(interval, at: openTime), now) }
        guard let (candle, now) = reading, let candle else { return }
        outbox.put(.market(id, .kline(interval))) {
            $0.kline(candle, interval, isClosed: isClosed, at: now, format)
        }
    }
}
