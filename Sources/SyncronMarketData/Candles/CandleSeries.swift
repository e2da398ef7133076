import SyncronCore

/// The candles of one interval that have trades, folded from the candles of the minutes.
struct CandleSeries: Equatable, Sendable {
    /// Closed candles kept; older ones are in the history.
    static let capacity = 2_000

    let interval: KlineInterval
    private var closed = Ring<Candle>()
    /// The newest candle: later minutes may still belong to it.
    private var open: Candle?
    private var hasDropped = false

    init(interval: KlineInterval) { self.interval = interval }

    /// Takes in the minute that follows all before it.
    mutating func fold(_ minute: Candle) {
        let openTime = interval.bounds(of: minute.openTime).lowerBound
        if open?.openTime == openTime {
            open?.fold(minute)
            return
        }
        if let open { close(open) }
        open = minute
        open?.openTime = openTime
    }

    private mutating func close(_ candle: Candle) {
        if closed.count == Self.capacity {
            closed.removeFirst()
            hasDropped = true
        }
        closed.append(candle)
    }

    /// All candles with trades that open at this time or later are kept. Zero when nothing was dropped.
    var completeFrom: Timestamp { hasDropped ? closed.first?.openTime ?? .never : .zero }

    /// Candles with trades from `first` to `last`, open times both, and the one before them for its close.
    /// `minute` is the newest minute, which was not folded yet.
    func candles(from first: Timestamp, through last: Timestamp, and minute: Candle?) -> [Candle] {
        let start = closed.firstIndex { $0.openTime >= first }
        var list = closed.elements(from: max(0, start - 1))
        if let open { list.append(open) }
        if let minute {
            let openTime = interval.bounds(of: minute.openTime).lowerBound
            if let newest = list.last, newest.openTime == openTime {
                list[list.count - 1].fold(minute)
            } else {
                list.append(minute)
                list[list.count - 1].openTime = openTime
            }
        }
        while let newest = list.last, newest.openTime > last { list.removeLast() }
        return list
    }
}

extension CandleSeries: Coded {
    func encode(into writer: inout ByteWriter) {
        writer.encode(interval)
        writer.encode(closed)
        writer.encode(open)
        writer.encode(hasDropped)
    }

    init(from reader: inout ByteReader) throws(CodingFailure) {
        interval = try reader.decode()
        closed = try reader.decode()
        open = try reader.decode()
        hasDropped = try reader.decode()
        guard closed.count <= Self.capacity else { throw CodingFailure("a series of \(closed.count) candles") }
    }
}
