/// A small generator of random numbers: the same seed gives the same numbers on every run and machine.
///
/// SplitMix64: a counter that is scrambled. Its own drawing functions are used instead of the standard library's,
/// whose results may change from one release of Swift to the next.
public struct SeededRandom: Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number in 0 ..< `bound`. `bound` is at least 1.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }

    /// A number in `range`, bounds included.
    public mutating func int(in range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        guard width < .max else { return Int64(bitPattern: next()) }
        return range.lowerBound &+ Int64(bitPattern: below(width + 1))
    }

    /// True `percent` times in a hundred.
    public mutating func chance(_ percent: UInt64) -> Bool { below(100) < percent }

    /// One of `choices`, which is not empty.
    public mutating func pick<T>(_ choices: [T]) -> T { choices[Int(below(UInt64(choices.count)))] }

    /// One of `choices`, as often as its weight says. The weights' sum is at least 1.
    public mutating func pick<T>(weighted choices: [(UInt64, T)]) -> T {
        var mark = below(choices.reduce(0) { $0 + $1.0 })
        for (weight, value) in choices {
            if mark < weight { return value }
            mark -= weight
        }
        return choices[choices.count - 1].1
    }

    /// A number spread evenly over the orders of magnitude from 1 to `limit`, which is at least 1.
    public mutating func magnitude(upTo limit: Int64) -> Int64 {
        let bits = Int64(64 - limit.leadingZeroBitCount)
        let top = Int64(1) << min(62, int(in: 1...bits))
        return min(limit, max(1, int(in: top / 2...top)))
    }

    /// Bell-shaped around 0 with a standard deviation of 1,000: the sum of twelve even draws.
    public mutating func bell() -> Int64 {
        var sum: Int64 = 0
        for _ in 0..<12 { sum += int(in: 0...1_000) }
        return sum - 6_000
    }
}
