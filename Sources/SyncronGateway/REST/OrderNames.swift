import SyncronCore

/// Names for orders whose clients gave them none: 22 letters and digits, which rise with time. Such a name lands at the
/// end of the history's index; one drawn at random would touch another page for each order.
///
/// Eight digits of milliseconds, ten of chance that tell one maker of names from all others, four of a count.
struct OrderNames {
    private let mark = (0..<10).map { _ in Self.digits[Int.random(in: 0..<62)] }
    private var count: UInt64 = 0
    /// 62^4: what four digits can say.
    private static let limit: UInt64 = 14_776_336

    /// A name not given before.
    mutating func next(at milliseconds: Int64 = WallClock.milliseconds()) -> ClientOrderID {
        count = (count + 1) % Self.limit
        return withUnsafeTemporaryAllocation(byteCount: 22, alignment: 1) { name in
            Self.write(UInt64(clamping: milliseconds), to: UnsafeMutableRawBufferPointer(rebasing: name[..<8]))
            UnsafeMutableRawBufferPointer(rebasing: name[8..<18]).copyBytes(from: mark)
            Self.write(count, to: UnsafeMutableRawBufferPointer(rebasing: name[18...]))
            return ClientOrderID(UnsafeRawBufferPointer(name)) ?? .none
        }
    }

    /// In ASCII's order, so that texts compare as their numbers do.
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private static func write(_ number: UInt64, to text: UnsafeMutableRawBufferPointer) {
        var (place, rest) = (text.count, number)
        while place > 0 {
            place -= 1
            text[place] = digits[Int(rest % 62)]
            rest /= 62
        }
    }
}
