/// A whole number of any size, with the arithmetic of school: values of balances do not fit into 128 bits.
struct Whole: Comparable, ExpressibleByIntegerLiteral {
    private var isNegative = false
    /// The magnitude in base 2^64, lowest first, without zeros on top.
    private var limbs: [UInt64] = []

    init(_ value: Int128) {
        isNegative = value < 0
        limbs = Self.limbs(value.magnitude)
    }

    init(integerLiteral value: Int64) { self.init(Int128(value)) }

    private init(isNegative: Bool, _ limbs: [UInt64]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
        self.isNegative = isNegative && !self.limbs.isEmpty
    }

    /// 10^exponent, for exponents up to 38.
    static func power(_ exponent: Int) -> Whole {
        Whole((0..<max(0, exponent)).reduce(Int128(1)) { product, _ in product * 10 })
    }

    static func < (a: Whole, b: Whole) -> Bool {
        guard a.isNegative == b.isNegative else { return a.isNegative }
        return a.isNegative ? isLess(b.limbs, a.limbs) : isLess(a.limbs, b.limbs)
    }

    static func + (a: Whole, b: Whole) -> Whole {
        guard a.isNegative != b.isNegative else { return Whole(isNegative: a.isNegative, sum(a.limbs, b.limbs)) }
        return isLess(a.limbs, b.limbs)
            ? Whole(isNegative: b.isNegative, difference(b.limbs, a.limbs))
            : Whole(isNegative: a.isNegative, difference(a.limbs, b.limbs))
    }

    static prefix func - (a: Whole) -> Whole { Whole(isNegative: !a.isNegative, a.limbs) }

    static func - (a: Whole, b: Whole) -> Whole { a + -b }

    static func * (a: Whole, b: Whole) -> Whole {
        var product = [UInt64](repeating: 0, count: a.limbs.count + b.limbs.count)
        for (i, x) in a.limbs.enumerated() {
            var carry: UInt64 = 0
            for (j, y) in b.limbs.enumerated() {
                let (high, low) = x.multipliedFullWidth(by: y)
                let sum = UInt128(low) + UInt128(carry) + UInt128(product[i + j])
                product[i + j] = UInt64(truncatingIfNeeded: sum)
                carry = high + UInt64(sum >> 64)
            }
            product[i + b.limbs.count] = carry
        }
        return Whole(isNegative: a.isNegative != b.isNegative, product)
    }

    static func += (a: inout Whole, b: Whole) { a = a + b }

    /// The quotient rounded down. Neither number is below zero, and `divisor` is not zero.
    func divided(by divisor: Whole) -> Whole { quotientAndRemainder(divisor).quotient }

    /// The quotient rounded up. Neither number is below zero, and `divisor` is not zero.
    func dividedUp(by divisor: Whole) -> Whole {
        let (quotient, remainder) = quotientAndRemainder(divisor)
        return remainder == 0 ? quotient : quotient + 1
    }

    /// The number, or the nearest that fits.
    var clamped: Int128 {
        guard limbs.count < 3, low <= UInt128(Int128.max) else { return isNegative ? .min : .max }
        return isNegative ? -Int128(low) : Int128(low)
    }

    // MARK: - Magnitudes

    private static func limbs(_ value: UInt128) -> [UInt64] {
        Whole(isNegative: false, [UInt64(truncatingIfNeeded: value), UInt64(value >> 64)]).limbs
    }

    private var low: UInt128 {
        UInt128(limbs.first ?? 0) | UInt128(limbs.count > 1 ? limbs[1] : 0) << 64
    }

    private static func isLess(_ a: [UInt64], _ b: [UInt64]) -> Bool {
        guard a.count == b.count else { return a.count < b.count }
        for place in a.indices.reversed() where a[place] != b[place] { return a[place] < b[place] }
        return false
    }

    private static func sum(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var carry: UInt128 = 0
        var sum = (0..<max(a.count, b.count)).map { place in
            carry += UInt128(place < a.count ? a[place] : 0) + UInt128(place < b.count ? b[place] : 0)
            defer { carry >>= 64 }
            return UInt64(truncatingIfNeeded: carry)
        }
        sum.append(UInt64(carry))
        return sum
    }

    /// `b` is not above `a`.
    private static func difference(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var borrow = false
        return a.indices.map { place in
            let (less, first) = a[place].subtractingReportingOverflow(place < b.count ? b[place] : 0)
            let (least, second) = less.subtractingReportingOverflow(borrow ? 1 : 0)
            borrow = first || second
            return least
        }
    }

    private func quotientAndRemainder(_ divisor: Whole) -> (quotient: Whole, remainder: Whole) {
        if limbs.count < 3 && divisor.limbs.count < 3 {
            let (quotient, remainder) = low.quotientAndRemainder(dividingBy: divisor.low)
            return (Whole(isNegative: false, Self.limbs(quotient)), Whole(isNegative: false, Self.limbs(remainder)))
        }
        // Bit by bit: the remainder is doubled, takes the next bit, and gives up the divisor when it can.
        var quotient = [UInt64](repeating: 0, count: limbs.count)
        var remainder: [UInt64] = []
        for place in limbs.indices.reversed() {
            for bit in (0..<64).reversed() {
                var carry = limbs[place] >> UInt64(bit) & 1
                for index in remainder.indices {
                    let top = remainder[index] >> 63
                    remainder[index] = remainder[index] << 1 | carry
                    carry = top
                }
                if carry > 0 { remainder.append(carry) }
                if !Self.isLess(remainder, divisor.limbs) {
                    remainder = Self.difference(remainder, divisor.limbs)
                    while remainder.last == 0 { remainder.removeLast() }
                    quotient[place] |= 1 << UInt64(bit)
                }
            }
        }
        return (Whole(isNegative: false, quotient), Whole(isNegative: false, remainder))
    }
}
