/// The volume-weighted price of a market's trades over the last five minutes, exactly.
///
/// Trades of one millisecond are one entry, so there are never more than the span has milliseconds.
struct PriceWindow {
    private struct Entry {
        var time: Timestamp
        var quantity: Int128
        /// Sum of price × quantity, in tick-steps.
        var weighted: Int128
    }

    /// Past milliseconds, oldest first, and what they come to.
    private var entries: [Entry] = []
    private var first = 0
    private var quantity: Int128 = 0
    private var weighted: Int128 = 0
    /// The millisecond of the last trade.
    private var latest = Entry(time: .zero, quantity: 0, weighted: 0)

    @inline(__always)
    mutating func add(_ price: Ticks, _ quantity: Steps, at time: Timestamp) {
        if latest.time != time { turn(to: time) }
        latest.quantity &+= Int128(quantity.raw)
        let (high, low) = price.raw.multipliedFullWidth(by: quantity.raw)
        latest.weighted &+= Int128(high) &<< 64 | Int128(low)
    }

    /// Begins a new millisecond.
    @inline(never)
    private mutating func turn(to time: Timestamp) {
        if latest.quantity > 0 {
            entries.append(latest)
            quantity += latest.quantity
            weighted += latest.weighted
        }
        latest = Entry(time: time, quantity: 0, weighted: 0)
        forget(before: time)
    }

    /// Forgets what is older than the span.
    private mutating func forget(before now: Timestamp) {
        let edge = now + -Limits.averagePriceSpan
        while first < entries.count && entries[first].time <= edge {
            quantity -= entries[first].quantity
            weighted -= entries[first].weighted
            first += 1
        }
        if first > 1_024 && first * 2 > entries.count {
            entries.removeFirst(first)
            first = 0
        }
    }

    /// Sum of price × quantity and sum of quantity over the span that ends at `now`; nil without a trade in it.
    func average(at now: Timestamp) -> (weighted: Int128, quantity: Int128)? {
        let edge = now + -Limits.averagePriceSpan
        var (weighted, quantity) = (weighted, quantity)
        var index = first
        while index < entries.count && entries[index].time <= edge {
            quantity -= entries[index].quantity
            weighted -= entries[index].weighted
            index += 1
        }
        if latest.time > edge {
            quantity += latest.quantity
            weighted += latest.weighted
        }
        return quantity > 0 ? (weighted, quantity) : nil
    }
}

extension PriceWindow: Coded {
    func encode(into writer: inout ByteWriter) {
        let all = entries[first...] + (latest.quantity > 0 ? [latest] : [])
        writer.append(UInt32(all.count))
        for entry in all {
            writer.append(entry.time.milliseconds)
            writer.append(entry.quantity)
            writer.append(entry.weighted)
        }
    }

    init(from reader: inout ByteReader) throws(CodingFailure) {
        for _ in 0..<(try reader.read(UInt32.self)) {
            let entry = Entry(
                time: Timestamp(milliseconds: try reader.read()), quantity: try reader.read(),
                weighted: try reader.read())
            turn(to: entry.time)
            latest = entry
        }
    }
}
