/// A whole number of 256 bits, at least zero: for values of balances, which are compared exactly. What would be more
/// is as large as it can be.
struct Wide: Comparable {
    private var high: UInt128
    private var low: UInt128

    static let zero = Wide(0)
    static let max = Wide(high: .max, low: .max)

    init(_ value: UInt128) { self.init(high: 0, low: value) }

    private init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }

    /// The product of an amount, at least zero, and a factor.
    init(_ amount: Units, times factor: UInt128) {
        let product = UInt128(amount.raw).multipliedFullWidth(by: factor)
        self.init(high: product.high, low: product.low)
    }

    static func < (a: Wide, b: Wide) -> Bool { a.high == b.high ? a.low < b.low : a.high < b.high }

    static func + (a: Wide, b: Wide) -> Wide {
        let (low, carry) = a.low.addingReportingOverflow(b.low)
        let (sum, overflow) = a.high.addingReportingOverflow(b.high)
        let (high, overflowByCarry) = sum.addingReportingOverflow(carry ? 1 : 0)
        return overflow || overflowByCarry ? .max : Wide(high: high, low: low)
    }

    static func += (a: inout Wide, b: Wide) { a = a + b }

    /// Zero when `b` is the greater.
    static func - (a: Wide, b: Wide) -> Wide {
        guard b < a else { return .zero }
        let (low, borrow) = a.low.subtractingReportingOverflow(b.low)
        return Wide(high: a.high - b.high - (borrow ? 1 : 0), low: low)
    }

    static func * (a: Wide, factor: UInt64) -> Wide {
        let product = a.low.multipliedFullWidth(by: UInt128(factor))
        let (upper, overflow) = a.high.multipliedReportingOverflow(by: UInt128(factor))
        let (high, overflowByCarry) = upper.addingReportingOverflow(product.high)
        return overflow || overflowByCarry ? .max : Wide(high: high, low: product.low)
    }

    /// Rounded down. `b` is above zero.
    static func / (a: Wide, b: Wide) -> Wide {
        if a.high == 0 && b.high == 0 { return Wide(a.low / b.low) }
        var (quotient, rest) = (Wide.zero, Wide.zero)
        for bit in stride(from: 255 - a.leadingZeroBitCount, through: 0, by: -1) {
            rest = rest.doubled(adding: a.bit(bit))
            quotient = quotient.doubled(adding: false)
            if rest >= b {
                rest = rest - b
                quotient.low |= 1
            }
        }
        return quotient
    }

    /// As an amount; the most that can exist when it is more.
    var units: Units {
        Units(high == 0 ? min(Int128(clamping: low), Limits.assetSupply.raw) : Limits.assetSupply.raw)
    }

    private var leadingZeroBitCount: Int {
        high == 0 ? 128 + low.leadingZeroBitCount : high.leadingZeroBitCount
    }

    private func bit(_ index: Int) -> Bool {
        (index < 128 ? low >> UInt128(index) : high >> UInt128(index - 128)) & 1 == 1
    }

    /// `rest` stays below a divisor of 255 bits or less, so nothing is lost at the top.
    private func doubled(adding bit: Bool) -> Wide {
        Wide(high: high << 1 | low >> 127, low: low << 1 | (bit ? 1 : 0))
    }
}
