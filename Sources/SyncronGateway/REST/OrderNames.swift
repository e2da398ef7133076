import SyncronCore

/// Names for orders whose clients gave them none: 22 letters and digits, which rise with time. Such a name lands at the
/// end of the history's index; one drawn at random would touch another page for each order.
///
/// Eight digits of milliseconds, ten of chance that tell one maker of names from all others, four of a count.
struct OrderNames {
    private let mark = UInt64.random(in: 0..<Self.power(10))
    private var count: UInt64 = 0

    /// A name not given before.
    mutating func next(at milliseconds: Int64 = WallClock.milliseconds()) -> ClientOrderID {
        count = (count + 1) % Self.power(4)
        var name: [UInt8] = []
        name.reserveCapacity(22)
        Self.append(UInt64(clamping: milliseconds), digits: 8, to: &name)
        Self.append(mark, digits: 10, to: &name)
        Self.append(count, digits: 4, to: &name)
        return ClientOrderID(name.span.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }) ?? .none
    }

    /// In ASCII's order, so that texts compare as their numbers do.
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private static func append(_ number: UInt64, digits count: Int, to text: inout [UInt8]) {
        var divisor = power(count - 1)
        for _ in 0..<count {
            text.append(digits[Int(number / divisor % 62)])
            divisor /= 62
        }
    }

    private static func power(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power * 62 } }
}
