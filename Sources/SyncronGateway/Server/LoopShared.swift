import NIOPosix
import Synchronization
import SyncronCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What all connections of one event loop share, without locks: the next request's and the next order's name, and the
/// `Date` field.
final class LoopShared {
    // Each thread sees only its own value, so nothing is shared between threads.
    nonisolated(unsafe) private static let perThread = ThreadSpecificVariable<LoopShared>()
    private static let count = Atomic<UInt64>(0)
    private static let processMark = UInt64.random(in: 0...0xFFFFF)

    private let prefix: UInt64
    private var issued: UInt64 = 0
    private var orderNames = OrderNames()
    private var dateSecond = 0
    private var date: [UInt8] = []

    private init() {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        prefix = (Self.processMark ^ number) & 0xFFFFF
    }

    /// The calling event loop's.
    static var current: LoopShared {
        if let shared = perThread.currentValue { return shared }
        let shared = LoopShared()
        perThread.currentValue = shared
        return shared
    }

    /// 15 hexadecimal digits, which a `String` holds without an allocation: five that tell processes and event loops
    /// apart, then a count.
    func nextRequestID() -> String {
        issued += 1
        let number = prefix << 40 | issued & 0xFF_FFFF_FFFF
        return String(unsafeUninitializedCapacity: 15) { digits in
            for i in 0..<15 {
                let digit = UInt8(truncatingIfNeeded: number >> UInt64(56 - 4 * i)) & 15
                digits[i] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            }
            return 15
        }
    }

    /// A name for an order whose client gave it none.
    func nextOrderName() -> ClientOrderID { orderNames.next() }

    /// The whole `Date` line, made anew once a second.
    func withDateLine(_ body: (UnsafeRawBufferPointer) -> Void) {
        let now = time(nil)
        if now != dateSecond || date.isEmpty {
            dateSecond = now
            date = Array("Date: \(HTTPDate.text(secondsSince1970: now))\r\n".utf8)
        }
        date.withUnsafeBytes(body)
    }
}

/// Times as HTTP writes them.
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// As in `Sun, 06 Nov 1994 08:49:37 GMT`; from 1970 on.
    static func text(secondsSince1970 seconds: Int) -> String {
        let (day, second) = (seconds / 86400, seconds % 86400)
        let date = civil(day)
        let time = "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
        return "\(days[day % 7]), \(padded(date.day)) \(months[date.month - 1]) \(date.year) \(time) GMT"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The Gregorian date of the day that many days after 1970-01-01.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        var (year, rest) = (1970, days)
        func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
        while rest >= (isLeap(year) ? 366 : 365) {
            rest -= isLeap(year) ? 366 : 365
            year += 1
        }
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var month = 0
        while rest >= lengths[month] {
            rest -= lengths[month]
            month += 1
        }
        return (year, month + 1, rest + 1)
    }
}
