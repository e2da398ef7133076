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

    private var entries: [Entry] = []
    private var first = 0
    private var quantity: Int128 = 0
    private var weighted: Int128 = 0

    mutating func add(_ price: Ticks, _ quantity: Steps, at time: Timestamp) {
        let product = Int128(price.raw) * Int128(quantity.raw)
        self.quantity += Int128(quantity.raw)
        weighted += product
        if let last = entries.indices.last, last >= first, entries[last].time == time {
            entries[last].quantity += Int128(quantity.raw)
            entries[last].weighted += product
        } else {
            entries.append(Entry(time: time, quantity: Int128(quantity.raw), weighted: product))
        }
    }

    /// Forgets what is older than the span.
    mutating func advance(to now: Timestamp) {
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
        return quantity > 0 ? (weighted, quantity) : nil
    }
}

extension PriceWindow: Coded {
    func encode(into writer: inout ByteWriter) {
        writer.append(UInt32(entries.count - first))
        for entry in entries[first...] {
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
            entries.append(entry)
            quantity += entry.quantity
            weighted += entry.weighted
        }
    }
}
