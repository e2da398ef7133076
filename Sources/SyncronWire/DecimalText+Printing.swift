extension DecimalText {
    /// A count of 10^-`decimals` with all its decimals: `"0.15000000"`, `"-342.50"`.
    public static func fixed(_ units: some FixedWidthInteger, decimals: Int) -> String {
        let digits = DecimalDigits(units, decimals: decimals, isTrimmed: false)
        return digits.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// A count of 10^-`decimals` without trailing zeros: `"0.5"`, `"0"`.
    public static func trimmed(_ units: some FixedWidthInteger, decimals: Int) -> String {
        let digits = DecimalDigits(units, decimals: decimals, isTrimmed: true)
        return digits.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}

/// A number written from its last digit to its first, in place.
@usableFromInline
struct DecimalDigits {
    /// 39 digits of an `Int128`, or a zero and 38 decimals; a point; a sign.
    private static let capacity = 48
    private var storage = InlineArray<48, UInt8>(repeating: 0)
    private var start = capacity
    private var end = capacity

    @inlinable
    init(_ units: some FixedWidthInteger, decimals: Int, isTrimmed: Bool) {
        if let small = Int64(exactly: units) {
            self.init(small: small, decimals: decimals, isTrimmed: isTrimmed)
        } else {
            self.init(large: Int128(units), decimals: decimals, isTrimmed: isTrimmed)
        }
    }

    @usableFromInline
    init(small units: Int64, decimals: Int, isTrimmed: Bool) {
        precondition((0...DecimalText.maximumDecimals).contains(decimals))
        write(units.magnitude, digits: 1)
        finish(isNegative: units < 0, decimals: decimals, isTrimmed: isTrimmed)
    }

    @usableFromInline
    init(large units: Int128, decimals: Int, isTrimmed: Bool) {
        precondition((0...DecimalText.maximumDecimals).contains(decimals))
        let billion2 = UInt128(PowerOfTen.small[18])
        let (upper, low) = units.magnitude.quotientAndRemainder(dividingBy: billion2)
        let (high, middle) = upper.quotientAndRemainder(dividingBy: billion2)
        write(UInt64(low), digits: 18)
        write(UInt64(middle), digits: high > 0 ? 18 : 1)
        if high > 0 { write(UInt64(high), digits: 1) }
        finish(isNegative: units < 0, decimals: decimals, isTrimmed: isTrimmed)
    }

    var count: Int { end - start }

    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        storage.span.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    }

    private mutating func push(_ byte: UInt8) {
        start -= 1
        storage[start] = byte
    }

    /// At least `digits` digits, filled up with zeros.
    private mutating func write(_ value: UInt64, digits: Int) {
        let least = start - digits
        var rest = value
        while rest > 0 {
            push(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        }
        while start > least { push(UInt8(ascii: "0")) }
    }

    /// Puts the point before the last `decimals` digits, and the sign before all.
    private mutating func finish(isNegative: Bool, decimals: Int, isTrimmed: Bool) {
        while count <= decimals { push(UInt8(ascii: "0")) }
        var kept = decimals
        if isTrimmed {
            while kept > 0 && storage[end - 1] == UInt8(ascii: "0") {
                end -= 1
                kept -= 1
            }
        }
        if kept > 0 {
            start -= 1
            for i in start..<end - kept - 1 { storage[i] = storage[i + 1] }
            storage[end - kept - 1] = UInt8(ascii: ".")
        }
        if isNegative { push(UInt8(ascii: "-")) }
    }
}
