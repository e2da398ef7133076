import Synchronization

/// Keeps whoever guesses passwords or codes from guessing on. In memory: a restart forgives.
final class LockOut: Sendable {
    private struct Record {
        var failures = 0
        /// Milliseconds since 1970.
        var lockedUntil: Int64 = 0
        var lastAt: Int64 = 0
    }

    private let records = Mutex<[String: Record]>([:])
    private let clock: @Sendable () -> Int64

    /// Failures in a row after which nothing more is tried.
    static let failures = 5
    /// How long then, and how long a failure is remembered, in milliseconds.
    static let span: Int64 = 900_000
    /// Names remembered at one time.
    static let capacity = 65_536

    init(clock: @escaping @Sendable () -> Int64 = WallClock.milliseconds) { self.clock = clock }

    /// Counts an attempt as failed until `succeeded` says otherwise, so that attempts at one time count too. What it
    /// answers is how many seconds the name is locked for; nil when the attempt may be made.
    func attempt(_ name: String) -> Int? {
        let now = clock()
        return records.withLock { records in
            var record = records[name] ?? Record()
            if record.lockedUntil > now { return Int((record.lockedUntil - now + 999) / 1_000) }
            if record.lastAt + Self.span <= now || record.lockedUntil > 0 { record = Record() }
            record.failures += 1
            record.lastAt = now
            if record.failures >= Self.failures { record.lockedUntil = now + Self.span }
            if records.count >= Self.capacity {
                records = records.filter { max($0.value.lockedUntil, $0.value.lastAt + Self.span) > now }
                if records.count >= Self.capacity { records = records.filter { $0.value.lockedUntil > now } }
                if records.count >= Self.capacity { records.removeAll() }
            }
            records[name] = record
            return nil
        }
    }

    func succeeded(_ name: String) { records.withLock { $0[name] = nil } }
}
