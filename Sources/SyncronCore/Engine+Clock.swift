extension Engine {
    /// When something is next due that only time brings about; `.never` when nothing waits. A `tick` stamped then or
    /// later makes it happen.
    public var nextDue: Timestamp { min(timers.next, nextListenKeyExpiry) }

    private var nextListenKeyExpiry: Timestamp {
        register.firstExpiry < register.expiries.count ? register.expiries[register.firstExpiry].at : .never
    }

    /// Everything due until now happens, each at its own time, in order.
    mutating func passTime() {
        let end = now
        while true {
            let expiry = nextListenKeyExpiry
            if timers.next <= end, timers.next <= expiry, let entry = timers.pop(dueBy: end) {
                now = entry.at
                bringAbout(entry)
            } else if expiry <= end {
                now = expiry
                expireListenKeys()
            } else {
                break
            }
        }
        now = end
        log.append(.timePassed)
    }

    private mutating func bringAbout(_ entry: Timers.Entry) {
        guard isLive(entry) else { return }
        switch entry.purpose {
        case .lifetime(let order):
            let slot = openSlot(order)
            withdraw(slot, .expired, marketSlots + pool.states[slot].market.index)
        case .countdown(let it):
            forgetCountdown(it)
            cancelAll(of: it.account, it.wallet, it.market)
        }
    }

    func isLive(_ entry: Timers.Entry) -> Bool {
        switch entry.purpose {
        case .lifetime(let order):
            let slot = openSlot(order)
            return slot != 0 && pool.orders[slot].marks.contains(.lifetime) && pool.extras[slot].expiresAt == entry.at
        case .countdown(let it): return timers.countdowns[it] == entry.at
        }
    }

    mutating func forgetStaleTimers() {
        guard timers.isMostlyStale else { return }
        timers.keep(timers.heap.filter { isLive($0) })
    }
}
