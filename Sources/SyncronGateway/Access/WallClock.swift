#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The real clock: rate limits follow it also where the exchange's own clock is moved by hand.
enum WallClock {
    /// Milliseconds since 1970-01-01 UTC.
    static let milliseconds: @Sendable () -> Int64 = {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// Nanoseconds on a clock that only goes forward, for measuring.
    static func monotonicNanoseconds() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
