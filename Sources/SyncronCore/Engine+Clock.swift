extension Engine {
    /// When something is next due that only time brings about; `.never` when nothing waits. A `tick` stamped then or
    /// later makes it happen.
    public var nextDue: Timestamp {
        if futures.isFunding { return margin.lastSecond }
        return min(timers.next, nextListenKeyExpiry, isIdle ? .never : margin.lastSecond + 1_000)
    }

    /// Up to when a `tick` should go, so that what it tells the accounts carries its own time: to the next moment known
    /// beforehand at which something happens to them. That is when an order, a key or a countdown ends, and each hour,
    /// at which interest and funding are settled; now, while a funding goes on.
    public var nextAppointment: Timestamp {
        if futures.isFunding { return now }
        let passed = Timestamp(milliseconds: now.milliseconds - now.milliseconds % Self.hour)
        return min(timers.next, nextListenKeyExpiry, isIdle ? .never : passed + Self.hour)
    }

    /// Whether seconds pass without a trace.
    private var isIdle: Bool { margin.accounts.isEmpty && arePerpetualsIdle && !futures.hasDue }

    /// Whether no perpetual has an index or could have one.
    private var arePerpetualsIdle: Bool {
        !futures.isFunding
            && futures.markets.allSatisfy { !hasIndexSource(marketSlots[$0.index].definition.base) }
    }

    private var nextListenKeyExpiry: Timestamp {
        register.firstExpiry < register.expiries.count ? register.expiries[register.firstExpiry].at : .never
    }

    /// Everything due until now happens, each at its own time, in order; what is due at a whole second comes before
    /// what the second itself brings.
    mutating func passTime() {
        let end = now
        // What ended the idleness came with the command before this: no second until then had anything to bring.
        if margin.wasIdle { margin.lastSecond = max(margin.lastSecond, previous.secondBegun) }
        if futures.isFunding && margin.lastSecond + 1_000 > end {
            // A tick within a second is there to carry it on.
            continueFunding()
            checkFutures()
        }
        while true {
            let expiry = nextListenKeyExpiry
            let due = min(timers.next, expiry)
            let second = margin.lastSecond + 1_000
            if due <= end && due <= second {
                now = due
                if timers.next <= expiry { bringAbout(timers.pop()) } else { expireListenKeys() }
                if margin.hasDue { checkMargin() }
            } else if second <= end {
                now = second
                beginSecond(until: min(end, due))
            } else {
                break
            }
        }
        now = end
        margin.wasIdle = margin.accounts.isEmpty && arePerpetualsIdle
        log.append(.timePassed)
    }

    /// What every second brings: prices are looked at, hours are charged, liquidations go on.
    private mutating func beginSecond(until end: Timestamp) {
        let before = log.size
        margin.lastSecond = now
        sampleIndex()
        if now.milliseconds % Self.hour == 0 { chargeHour() }
        if margin.hasDue { checkMargin() }
        retryLiquidations()
        if margin.hasDue { checkMargin() }
        if !futures.markets.isEmpty { beginFuturesSecond() }
        guard log.size == before && margin.liquidating.isEmpty && arePerpetualsIdle && !futures.hasDue else { return }
        // Nothing changes until the next hour or what is due before: the seconds between would find the same.
        let nextHour = now.milliseconds - now.milliseconds % Self.hour + Self.hour
        let last = min(end.milliseconds, nextHour) - 1
        margin.lastSecond = max(now, Timestamp(milliseconds: last).secondBegun)
    }

    private mutating func beginFuturesSecond() {
        if now.milliseconds % FundingRate.interval == 0 { finishFunding() }
        markPerpetuals()
        continueFunding()
        for market in futures.markets { fireMarkTriggers(of: marketSlots + market.index) }
        checkFutures()
        offerFund()
        checkFutures()
        if margin.hasDue { checkMargin() }
    }

    private static let hour: Int64 = 3_600_000

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
        timers.keep(timers.entries.filter { isLive($0) })
    }
}
