/// Calendar months in UTC (Gregorian), counted from January 1970 as month 0. Days are counted from 1970-01-01 as day 0.
enum CivilMonth {
    /// The day on which the month begins.
    static func firstDay(of month: Int64) -> Int64 {
        let year = 1970 + floorDivide(month, 12)
        let monthOfYear = Int(month - floorDivide(month, 12) * 12)
        let leapDay: Int64 = monthOfYear >= 2 && isLeap(year) ? 1 : 0
        return (year - 1970) * 365 + leapYears(before: year) - leapYears(before: 1970)
            + daysBeforeMonth[monthOfYear] + leapDay
    }

    /// The month in which the day lies.
    static func containing(day: Int64) -> Int64 {
        // 400 years are 4,800 months and 146,097 days, so the mean is off by one month at most.
        var month = floorDivide(day * 4_800, 146_097)
        while firstDay(of: month) > day { month -= 1 }
        while firstDay(of: month + 1) <= day { month += 1 }
        return month
    }

    static func isLeap(_ year: Int64) -> Bool { leapYears(before: year + 1) > leapYears(before: year) }

    /// Counted from the year 0, negative before it.
    private static func leapYears(before year: Int64) -> Int64 {
        floorDivide(year - 1, 4) - floorDivide(year - 1, 100) + floorDivide(year - 1, 400)
    }

    private static let daysBeforeMonth: [Int64] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
}

/// The quotient rounded towards minus infinity. `divisor` is above zero.
@inline(__always)
func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}
