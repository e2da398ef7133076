import SyncronCore

/// The period of a candle. Bounds are in UTC.
public enum KlineInterval: UInt8, Sendable, Hashable, CaseIterable {
    case oneMinute, threeMinutes, fiveMinutes, fifteenMinutes, thirtyMinutes
    case oneHour, twoHours, fourHours, sixHours, eightHours, twelveHours
    case oneDay, threeDays, oneWeek, oneMonth

    /// Nil for what is no interval of the API. `1m` is a minute, `1M` a month.
    public init?(_ text: String) {
        guard let index = Self.spellings.firstIndex(of: text) else { return nil }
        self = Self.allCases[index]
    }

    /// As the API writes it.
    public var text: String { Self.spellings[Int(rawValue)] }

    /// The first and the last millisecond of the period in which `time` lies.
    /// `time` is at least 0 and below 2^62 ms.
    public func bounds(of time: Timestamp) -> ClosedRange<Timestamp> {
        let period = period(of: time)
        return openTime(ofPeriod: period)...openTime(ofPeriod: period + 1) + -1
    }

    /// The last millisecond of the period that opens at `openTime`.
    public func closeTime(opening openTime: Timestamp) -> Timestamp { next(after: openTime) + -1 }

    /// When the period after the one that opens at `openTime` opens.
    public func next(after openTime: Timestamp) -> Timestamp {
        self.openTime(ofPeriod: period(of: openTime) + 1)
    }

    /// How many periods later than that of `first` that of `last` is.
    public func periods(from first: Timestamp, to last: Timestamp) -> Int64 { period(of: last) - period(of: first) }

    /// When the period opens that lies `count` before that of `time`.
    public func openTime(_ count: Int64, before time: Timestamp) -> Timestamp {
        openTime(ofPeriod: period(of: time) - count)
    }
}

/// Periods of one interval are numbered without gaps; the one of the epoch (of a week, its first Monday) is 0.
extension KlineInterval {
    func period(of time: Timestamp) -> Int64 {
        if self == .oneMonth { return CivilMonth.containing(day: floorDivide(time.milliseconds, Self.day)) }
        return floorDivide(time.milliseconds - offset, length)
    }

    func openTime(ofPeriod period: Int64) -> Timestamp {
        if self == .oneMonth { return Timestamp(milliseconds: CivilMonth.firstDay(of: period) * Self.day) }
        return Timestamp(milliseconds: period * length + offset)
    }

    /// The first period that opens at `time` or after it.
    func firstPeriod(openingFrom time: Timestamp) -> Int64 {
        let period = period(of: time)
        return openTime(ofPeriod: period) == time ? period : period + 1
    }

    /// Milliseconds; not of a month.
    private var length: Int64 { Self.lengths[Int(rawValue)] }

    /// The epoch was a Thursday; weeks begin on Monday.
    private var offset: Int64 { self == .oneWeek ? 4 * Self.day : 0 }

    private static let minute: Int64 = 60_000
    private static let hour: Int64 = 60 * minute
    private static let day: Int64 = 24 * hour

    private static let lengths: [Int64] = [
        minute, 3 * minute, 5 * minute, 15 * minute, 30 * minute,
        hour, 2 * hour, 4 * hour, 6 * hour, 8 * hour, 12 * hour,
        day, 3 * day, 7 * day,
    ]

    private static let spellings = [
        "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M",
    ]
}

extension KlineInterval: Coded {}
