/// A price: a whole number of its market's ticks.
public struct Ticks: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int64
    @inlinable public init(_ raw: Int64) { self.raw = raw }
    @inlinable public static func < (a: Ticks, b: Ticks) -> Bool { a.raw < b.raw }
    public static let zero = Ticks(0)
    /// A price that was given but is no whole number of ticks, or does not fit one.
    public static let offGrid = Ticks(.min)
}

/// A quantity: a whole number of its market's steps.
public struct Steps: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int64
    @inlinable public init(_ raw: Int64) { self.raw = raw }
    @inlinable public static func < (a: Steps, b: Steps) -> Bool { a.raw < b.raw }
    @inlinable public static func + (a: Steps, b: Steps) -> Steps { Steps(a.raw + b.raw) }
    @inlinable public static func - (a: Steps, b: Steps) -> Steps { Steps(a.raw - b.raw) }
    @inlinable public static func += (a: inout Steps, b: Steps) { a.raw += b.raw }
    @inlinable public static func -= (a: inout Steps, b: Steps) { a.raw -= b.raw }
    public static let zero = Steps(0)
    /// A quantity that was given but is no whole number of steps, or does not fit one.
    public static let offGrid = Steps(.min)
}

/// Money: a whole number of an asset's smallest unit (10^-8 of the asset by default).
///
/// Sums never overflow, because no asset is ever issued beyond `Limits.assetSupply`.
public struct Units: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int128
    @inlinable public init(_ raw: Int128) { self.raw = raw }
    @inlinable public static func < (a: Units, b: Units) -> Bool { a.raw < b.raw }
    @inlinable public static func + (a: Units, b: Units) -> Units { Units(a.raw + b.raw) }
    @inlinable public static func - (a: Units, b: Units) -> Units { Units(a.raw - b.raw) }
    @inlinable public static func += (a: inout Units, b: Units) { a.raw += b.raw }
    @inlinable public static func -= (a: inout Units, b: Units) { a.raw -= b.raw }
    @inlinable public static prefix func - (a: Units) -> Units { Units(-a.raw) }
    public static let zero = Units(0)
    /// An amount that was given but has more decimals than its asset, or does not fit.
    public static let offGrid = Units(.min)
}

/// A fraction in parts of 10^8: commissions, multipliers, interest.
public struct Rate: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var raw: Int64
    @inlinable public init(_ raw: Int64) { self.raw = raw }
    @inlinable public static func < (a: Rate, b: Rate) -> Bool { a.raw < b.raw }
    public static let zero = Rate(0)
    public static let one = Rate(scale)
    public static let decimals = 8
    @usableFromInline static let scale: Int64 = 100_000_000

    /// `amount` × this rate, rounded up to a whole unit: for what a customer pays.
    /// `amount` is at least 0 and at most `Limits.assetSupply`.
    @inlinable func roundedUp(of amount: Units) -> Units {
        if let small = UInt64(exactly: amount.raw) {
            let (product, overflow) = small.multipliedReportingOverflow(by: UInt64(raw))
            if !overflow && product <= .max - UInt64(Rate.scale) {
                return Units(Int128((product + UInt64(Rate.scale - 1)) / UInt64(Rate.scale)))
            }
        }
        // In two parts, so that no amount that can exist overflows.
        let (whole, rest) = amount.raw.quotientAndRemainder(dividingBy: Int128(Rate.scale))
        return Units(whole * Int128(raw) + (rest * Int128(raw) + Int128(Rate.scale - 1)) / Int128(Rate.scale))
    }
}

/// Milliseconds since 1970-01-01 UTC, as stamped by the journal. Never runs backwards.
public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var milliseconds: Int64
    @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    @inlinable public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
    @inlinable public static func + (a: Timestamp, milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: a.milliseconds + milliseconds)
    }
    /// The whole second at or before it.
    var secondBegun: Timestamp { Timestamp(milliseconds: milliseconds - milliseconds % 1_000) }
    public static let zero = Timestamp(milliseconds: 0)
    public static let never = Timestamp(milliseconds: .max)
}

/// Where and when a command stands in the journal.
public struct Stamp: Hashable, Sendable {
    public var sequence: Sequence
    public var time: Timestamp
    @inlinable public init(sequence: Sequence, time: Timestamp) {
        self.sequence = sequence
        self.time = time
    }
}
