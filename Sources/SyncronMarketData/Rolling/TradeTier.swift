import SyncronCore

/// Spans of one width, oldest first, with the extremes of every stretch that reaches to the newest.
struct TradeTier: Equatable, Sendable {
    /// Milliseconds: trades of the same multiple of it share a span.
    private let width: Int64
    private(set) var spans = Ring<TradeSpan>()
    private var highs = ExtremeQueue()
    /// Of negated prices.
    private var lows = ExtremeQueue()

    init(width: Int64) { self.width = width }

    var count: Int { spans.count }
    var first: TradeSpan? { spans.first }

    /// Whether a trade at `time` belongs to the newest span.
    @inline(__always)
    private func newestTakes(_ time: Int64) -> Bool {
        guard let newest = spans.last else { return false }
        return newest.time == time || newest.time / width == time / width
    }

    /// Adds a span that follows all before it. An extreme that is nil is surpassed by a trade that comes later and
    /// stays at least as long.
    @inline(__always)
    mutating func add(_ span: TradeSpan, high: Int64?, low: Int64?) {
        if newestTakes(span.time) {
            let newest = spans.count - 1
            let old = spans[newest].time
            spans[newest].time = span.time
            spans[newest].lastPrice = span.lastPrice
            if old != span.time {
                highs.retimeLast(from: old, to: span.time)
                lows.retimeLast(from: old, to: span.time)
            }
        } else {
            spans.append(span)
        }
        if let high { highs.push(high, at: span.time) }
        if let low { lows.push(-low, at: span.time) }
    }

    /// Removes the oldest span. Its extremes are nil where a later span of this tier surpasses them.
    mutating func removeFirst() -> (span: TradeSpan, high: Int64?, low: Int64?)? {
        guard let span = spans.first else { return nil }
        spans.removeFirst()
        return (span, highs.removeFirst(through: span.time), lows.removeFirst(through: span.time).map { -$0 })
    }

    /// The index of the first span that ends after `time`; `count` when none does.
    func firstIndex(after time: Int64) -> Int { spans.firstIndex { $0.time > time } }

    func high(from index: Int) -> Int64? { index < count ? highs.highest(from: spans[index].time) : nil }
    func low(from index: Int) -> Int64? {
        index < count ? lows.highest(from: spans[index].time).map { -$0 } : nil
    }
}

extension TradeTier: Coded {
    func encode(into writer: inout ByteWriter) {
        writer.append(width)
        writer.encode(spans)
        writer.encode(highs)
        writer.encode(lows)
    }

    init(from reader: inout ByteReader) throws(CodingFailure) {
        width = try reader.read()
        spans = try reader.decode()
        highs = try reader.decode()
        lows = try reader.decode()
        guard width > 0 else { throw CodingFailure("spans of \(width) ms") }
    }
}
