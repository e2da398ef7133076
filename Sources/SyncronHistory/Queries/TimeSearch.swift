import SyncronCore

/// Finds a time among rows whose times never fall while their keys rise.
enum TimeSearch {
    /// The key and the time that a row consists of.
    static func key(from row: inout RowReader) throws -> (key: UInt64, time: Timestamp) {
        (key: try row.integer(), time: try row.time())
    }

    /// The smallest key from `first` on such that all rows from it on are at `time` or later; `last` + 1 when none is.
    /// Keys may be missing. Asks for a number of rows that is logarithmic in the keys.
    ///
    /// - Parameter row: The first row whose key is at least the given one; nil when there is none.
    static func firstKey(
        at time: Timestamp, first: UInt64, last: UInt64, row: (UInt64) throws -> (key: UInt64, time: Timestamp)?
    ) rethrows -> UInt64 {
        var low = first
        var high = last + 1
        while low < high {
            let middle = low + (high - low) / 2
            if let found = try row(middle), found.time < time {
                low = found.key + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

/// The keys that bounds on key and time leave, both ends included.
struct KeyBounds {
    private var first: UInt64
    private var last = KeyBounds.largest

    /// No key is larger, so that every key is an INTEGER.
    static let largest = UInt64(Int64.max) - 1

    init(first: UInt64?) { self.first = first ?? 0 }

    /// Nil when no key is left.
    var range: ClosedRange<UInt64>? { first <= last ? first...last : nil }

    /// Leaves the rows from `startTime` to `endTime`, both included. `last` is the largest key there is.
    mutating func narrow(
        from startTime: Timestamp?, through endTime: Timestamp?, last: UInt64,
        row: (UInt64) throws -> (key: UInt64, time: Timestamp)?
    ) rethrows {
        if let startTime {
            first = max(first, try TimeSearch.firstKey(at: startTime, first: 0, last: last, row: row))
        }
        if let endTime, endTime < .never {
            let after = try TimeSearch.firstKey(at: endTime + 1, first: 0, last: last, row: row)
            if after == 0 {
                first = .max
            } else {
                self.last = min(self.last, after - 1)
            }
        }
    }
}
