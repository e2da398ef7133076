import Synchronization

/// Upper bounds of a histogram's buckets, and what they are shown in.
public struct HistogramBuckets: Sendable {
    /// Ascending; a value equal to a bound belongs to it.
    let bounds: [UInt64]
    /// What one shown unit is made of: 10^9 where nanoseconds are recorded and seconds shown.
    let unit: Double

    /// Nanoseconds, shown in seconds: 5 microseconds to 10 seconds.
    public static let latency = HistogramBuckets(
        bounds: [
            5_000, 10_000, 25_000, 50_000, 75_000, 100_000, 150_000, 200_000, 300_000, 500_000, 750_000, 1_000_000,
            2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000,
            1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
        ], unit: 1e9)

    /// Numbers of things: powers of two up to 4,096.
    public static let sizes = HistogramBuckets(bounds: (0...12).map { 1 << $0 }, unit: 1)
}

/// How often values of which magnitude were seen.
public final class Histogram: Metric, @unchecked Sendable {
    private let buckets: HistogramBuckets
    /// One for each bound and one for what lies above all; never reallocated.
    private let counts: UnsafeMutablePointer<Atomic<UInt64>>
    private let total = Atomic<UInt64>(0)

    init(_ buckets: HistogramBuckets) {
        self.buckets = buckets
        counts = .allocate(capacity: buckets.bounds.count + 1)
        for index in 0...buckets.bounds.count { (counts + index).initialize(to: Atomic(0)) }
    }

    deinit {
        counts.deinitialize(count: buckets.bounds.count + 1)
        counts.deallocate()
    }

    /// Nanoseconds for `.latency`, a count for `.sizes`.
    public func record(_ value: UInt64) {
        counts[index(of: value)].wrappingAdd(1, ordering: .relaxed)
        total.wrappingAdd(value, ordering: .relaxed)
    }

    public var count: UInt64 {
        (0...buckets.bounds.count).reduce(0) { $0 + counts[$1].load(ordering: .relaxed) }
    }

    /// The least bound that `share` of all values do not exceed, as recorded; nil without values or beyond all bounds.
    public func quantile(_ share: Double) -> UInt64? {
        let wanted = Double(count) * share
        var seen: UInt64 = 0
        for (index, bound) in buckets.bounds.enumerated() {
            seen += counts[index].load(ordering: .relaxed)
            if seen > 0 && Double(seen) >= wanted { return bound }
        }
        return nil
    }

    /// The first bucket whose bound is not below `value`.
    private func index(of value: UInt64) -> Int {
        var low = 0
        var high = buckets.bounds.count
        while low < high {
            let middle = (low + high) / 2
            if buckets.bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func render(_ name: String, _ labels: String, into text: inout String) {
        let prefix = labels.isEmpty ? "" : labels + ","
        var seen: UInt64 = 0
        for (index, bound) in buckets.bounds.enumerated() {
            seen += counts[index].load(ordering: .relaxed)
            text += metricLine(name + "_bucket", prefix + "le=\"\(Double(bound) / buckets.unit)\"", String(seen))
        }
        seen += counts[buckets.bounds.count].load(ordering: .relaxed)
        text += metricLine(name + "_bucket", prefix + "le=\"+Inf\"", String(seen))
        text += metricLine(name + "_sum", labels, String(Double(total.load(ordering: .relaxed)) / buckets.unit))
        text += metricLine(name + "_count", labels, String(seen))
    }
}
