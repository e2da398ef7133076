extension Engine {
    /// When something is next due that only time brings about; `.never` when nothing waits. A `tick` stamped then or
    /// later makes it happen.
    public var nextDue: Timestamp {
        register.firstExpiry < register.expiries.count ? register.expiries[register.firstExpiry].at : .never
    }

    /// Everything due until now happens, each at its own time, in order.
    mutating func passTime() {
        expireListenKeys()
        log.append(.timePassed)
    }
}
