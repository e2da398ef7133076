import SyncronCore
import Testing

@testable import SyncronMarketData

/// Milliseconds of a UTC date, counted day by day: slow, and nothing like the arithmetic under test.
private func date(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Int64 {
    var days = 0
    for past in 1970..<year { days += isLeap(past) ? 366 : 365 }
    for past in 1..<month { days += daysIn(past, of: year) }
    return Int64(((days + day - 1) * 24 + hour) * 60 + minute) * 60_000
}

private func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

private func daysIn(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

@Suite("Kline intervals") struct KlineIntervalTests {
    @Test("the fifteen intervals have the API's spellings")
    func spellings() {
        let texts = ["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"]
        #expect(KlineInterval.allCases.map(\.text) == texts)
        for interval in KlineInterval.allCases { #expect(KlineInterval(interval.text) == interval) }
    }

    @Test(
        "what is no interval is refused",
        arguments: ["", "1", "m", "1H", "1D", "1W", "2m", "1m ", " 1m", "60m", "1y"])
    func unknown(text: String) { #expect(KlineInterval(text) == nil) }

    @Test(
        "minute, hour and day intervals begin at multiples of their length",
        arguments: [
            ("1m", 60), ("3m", 180), ("5m", 300), ("15m", 900), ("30m", 1_800), ("1h", 3_600), ("2h", 7_200),
            ("4h", 14_400), ("6h", 21_600), ("8h", 28_800), ("12h", 43_200), ("1d", 86_400), ("3d", 259_200),
        ] as [(String, Int64)])
    func multiples(text: String, seconds: Int64) throws {
        let interval = try #require(KlineInterval(text))
        let length = seconds * 1_000
        for time in [0, 1, length - 1, length, length + 1, date(2024, 2, 29, 23, 59) + 59_999, date(2038, 1, 19)] {
            let open = time / length * length
            #expect(interval.bounds(of: ms(time)) == ms(open)...ms(open + length - 1))
            #expect(interval.next(after: ms(open)) == ms(open + length))
            #expect(interval.closeTime(opening: ms(open)) == ms(open + length - 1))
        }
    }

    @Test("three days are counted from the epoch, across months and leap days")
    func threeDays() {
        // Day 19,782 is 2024-02-29 and a multiple of three.
        #expect(
            KlineInterval.threeDays.bounds(of: ms(date(2024, 3, 1, 12)))
                == ms(date(2024, 2, 29))...ms(date(2024, 3, 3) - 1))
    }

    @Test("weeks begin on Monday at midnight")
    func weeks() {
        let week = KlineInterval.oneWeek
        let monday = date(2024, 7, 1)
        #expect(week.bounds(of: ms(monday)) == ms(monday)...ms(date(2024, 7, 8) - 1))
        #expect(week.bounds(of: ms(monday - 1)) == ms(date(2024, 6, 24))...ms(monday - 1))
        #expect(week.bounds(of: ms(date(2024, 7, 7, 23, 59))).lowerBound == ms(monday))
        #expect(week.bounds(of: ms(date(1970, 1, 5))).lowerBound == ms(date(1970, 1, 5)))
        // The epoch was a Thursday: its week began before it.
        #expect(week.bounds(of: ms(0)) == ms(-3 * 86_400_000)...ms(date(1970, 1, 5) - 1))
    }

    @Test("every month from 1970 to 2412 begins on its first and ends on its last day")
    func months() {
        let month = KlineInterval.oneMonth
        var open: Int64 = 0
        for year in 1970...2412 {
            for number in 1...12 {
                let next = open + Int64(daysIn(number, of: year)) * 86_400_000
                let bounds = ms(open)...ms(next - 1)
                for time in [open, open + 1, (open + next) / 2, next - 1] {
                    #expect(month.bounds(of: ms(time)) == bounds, "\(year)-\(number)")
                }
                #expect(month.next(after: ms(open)) == ms(next))
                open = next
            }
        }
    }

    @Test(
        "February has 29 days in leap years only",
        arguments: [(2023, 28), (2024, 29), (2000, 29), (2100, 28), (2400, 29)])
    func leapYears(year: Int, days: Int64) {
        let bounds = KlineInterval.oneMonth.bounds(of: ms(date(year, 2, 10)))
        #expect(bounds.lowerBound == ms(date(year, 2, 1)))
        #expect(bounds.upperBound.milliseconds - bounds.lowerBound.milliseconds == days * 86_400_000 - 1)
    }

    @Test("periods follow each other without gap or overlap", arguments: KlineInterval.allCases)
    func contiguous(interval: KlineInterval) {
        var random = SeededRandom(seed: 5)
        for _ in 0..<300 {
            let time = random.number(0...date(2200, 1, 1))
            let bounds = interval.bounds(of: ms(time))
            #expect(bounds.contains(ms(time)))
            #expect(interval.bounds(of: bounds.lowerBound) == bounds)
            #expect(interval.bounds(of: bounds.upperBound) == bounds)
            let next = bounds.upperBound + 1
            #expect(interval.next(after: bounds.lowerBound) == next)
            #expect(interval.bounds(of: next).lowerBound == next)
        }
    }

    @Test("every period of a longer interval is made of whole minutes", arguments: KlineInterval.allCases)
    func wholeMinutes(interval: KlineInterval) {
        let bounds = interval.bounds(of: ms(date(2025, 5, 17, 13, 37)))
        #expect(bounds.lowerBound.milliseconds % 60_000 == 0 && (bounds.upperBound.milliseconds + 1) % 60_000 == 0)
    }
}
