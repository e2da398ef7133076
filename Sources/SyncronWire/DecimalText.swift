/// An unsigned decimal number as it was written: `mantissa` × 10^-`scale`, exact, without trailing zeros in the
/// fraction.
///
/// The accepted form is digits, or digits, a point and digits: no sign, no exponent, no blank, no bare point.
public struct DecimalText: Sendable, Hashable {
    public enum Failure: Error, Sendable {
        /// Not of the accepted form.
        case malformed
        /// More decimals than asked for, not counting trailing zeros.
        case tooManyDecimals
        /// Beyond what the result can hold.
        case tooLarge
    }

    /// At least 0.
    public let mantissa: Int128
    /// 0 to `maximumDecimals`.
    public let scale: Int

    /// The greatest number of decimals that any of these functions takes.
    public static let maximumDecimals = 38

    public init(_ text: String) throws(Failure) { try self.init(text.utf8.span) }

    public init(_ bytes: some Collection<UInt8>) throws(Failure) { try self.init(Array(bytes).span) }

    public init(_ bytes: Span<UInt8>) throws(Failure) {
        let form = try Form(bytes)
        if form.scale > Self.maximumDecimals { throw .tooManyDecimals }
        var digits = Accumulator()
        for i in 0..<form.pointAt { digits.append(bytes[i]) }
        for i in form.pointAt + 1..<max(form.end, form.pointAt + 1) { digits.append(bytes[i]) }
        guard let value = digits.value else { throw .tooLarge }
        mantissa = value
        scale = form.scale
    }

    /// This number as a count of 10^-`decimals`, exactly.
    @inlinable
    public func units<I: FixedWidthInteger>(decimals: Int, as: I.Type = I.self) throws(Failure) -> I {
        guard let result = I(exactly: try wideUnits(decimals)) else { throw .tooLarge }
        return result
    }

    @usableFromInline
    func wideUnits(_ decimals: Int) throws(Failure) -> Int128 {
        precondition((0...Self.maximumDecimals).contains(decimals))
        if mantissa == 0 { return 0 }
        if scale > decimals { throw .tooManyDecimals }
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: PowerOfTen.value(decimals - scale))
        if overflow { throw .tooLarge }
        return product
    }

    /// `text` as a count of 10^-`decimals`, exactly.
    public static func units<I: FixedWidthInteger>(
        _ text: String, decimals: Int, as: I.Type = I.self
    ) throws(Failure) -> I {
        try DecimalText(text).units(decimals: decimals)
    }
}

extension DecimalText {
    /// Where the parts of a well-formed number stand.
    private struct Form {
        /// Index of the point, or the count of bytes without one.
        var pointAt: Int
        /// Where the fraction ends when its trailing zeros are left out.
        var end: Int

        var scale: Int { max(end - pointAt - 1, 0) }

        init(_ bytes: Span<UInt8>) throws(Failure) {
            let count = bytes.count
            var point = count
            for i in 0..<count where bytes[i] &- UInt8(ascii: "0") > 9 {
                guard bytes[i] == UInt8(ascii: "."), point == count else { throw .malformed }
                point = i
            }
            guard point > 0, point != count - 1 else { throw .malformed }
            var last = count
            while last > point + 1 && bytes[last - 1] == UInt8(ascii: "0") { last -= 1 }
            pointAt = point
            end = last
        }
    }

    /// Adds digit after digit, in one word as long as they fit it.
    private struct Accumulator {
        private var small: UInt64 = 0
        private var large: Int128 = 0
        private var isLarge = false
        private var hasOverflown = false

        var value: Int128? { hasOverflown ? nil : isLarge ? large : Int128(small) }

        mutating func append(_ byte: UInt8) {
            let digit = byte &- UInt8(ascii: "0")
            if !isLarge {
                if small < UInt64.max / 10 {
                    small = small &* 10 &+ UInt64(digit)
                    return
                }
                large = Int128(small)
                isLarge = true
            }
            let (product, first) = large.multipliedReportingOverflow(by: 10)
            let (sum, second) = product.addingReportingOverflow(Int128(digit))
            large = sum
            hasOverflown = hasOverflown || first || second
        }
    }
}

enum PowerOfTen {
    /// 10^0 to 10^19: those that fit one word.
    static let small: [UInt64] = (0..<20).map { exponent in (0..<exponent).reduce(1) { power, _ in power * 10 } }

    /// 10^`exponent`, at most 38.
    static func value(_ exponent: Int) -> Int128 {
        exponent < 19 ? Int128(small[exponent]) : Int128(small[18]) * value(exponent - 18)
    }
}
