import Foundation

/// A value that threads share, and the way to sleep until it is as one needs it.
final class Monitor<State>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // Waiting must not depend on what is done to the wall clock.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Looks at the value or changes it without waking anybody.
    func withLock<R, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Changes the value and wakes all who wait for it.
    func change<R, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
        let result = try withLock(body)
        pthread_cond_broadcast(changed)
        return result
    }

    func wakeAll() { pthread_cond_broadcast(changed) }

    /// Sleeps until `body` gives something, and gives that; nil when `deadline` passes first.
    /// `body` runs under the lock, at once and after each change.
    func wait<R>(until deadline: MonotonicTime = .distantFuture, for body: (inout State) -> R?) -> R? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var limit = deadline.timespec
        while true {
            if let result = body(&state) { return result }
            if deadline == .distantFuture {
                pthread_cond_wait(changed, mutex)
            } else if pthread_cond_timedwait(changed, mutex, &limit) == ETIMEDOUT {
                return body(&state)
            }
        }
    }
}

/// Nanoseconds of the machine's steady clock: for waiting and measuring, never for the exchange's time.
struct MonotonicTime: Comparable, Sendable {
    var nanoseconds: UInt64

    static let distantFuture = MonotonicTime(nanoseconds: .max)

    static var now: MonotonicTime {
        MonotonicTime(nanoseconds: readClock(CLOCK_MONOTONIC))
    }

    static func < (a: MonotonicTime, b: MonotonicTime) -> Bool { a.nanoseconds < b.nanoseconds }

    static func + (a: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (sum, overflow) = a.nanoseconds.addingReportingOverflow(duration.nanoseconds)
        return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }

    /// Nanoseconds since `earlier`.
    func since(_ earlier: MonotonicTime) -> UInt64 { nanoseconds - min(earlier.nanoseconds, nanoseconds) }

    var timespec: Foundation.timespec {
        Foundation.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

extension Duration {
    /// Rounded down; 0 for negative durations, the largest number for those of more than 584 years.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole &+ UInt64(attoseconds / 1_000_000_000)
    }
}

/// Nanoseconds of one of the system's clocks.
func readClock(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
