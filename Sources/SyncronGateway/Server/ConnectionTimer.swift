import NIOCore

/// A deadline that may be moved at every request and costs the event loop almost nothing while it moves away: the
/// callback stays where it was scheduled and looks again when it comes.
struct ConnectionTimer {
    private var deadline = NIODeadline.distantFuture
    private var scheduled: (callback: NIOScheduledCallback, at: NIODeadline)?

    mutating func set(_ amount: TimeAmount, on eventLoop: any EventLoop, for handler: some NIOScheduledCallbackHandler)
    {
        deadline = eventLoop.now + amount
        if let scheduled {
            if scheduled.at <= deadline { return }
            scheduled.callback.cancel()
        }
        schedule(on: eventLoop, for: handler)
    }

    /// No deadline until one is set.
    mutating func suspend() { deadline = .distantFuture }

    mutating func cancel() {
        deadline = .distantFuture
        scheduled?.callback.cancel()
        scheduled = nil
    }

    /// Called by the callback: whether the deadline has come. If not, the callback will be called again.
    mutating func isDue(on eventLoop: any EventLoop, for handler: some NIOScheduledCallbackHandler) -> Bool {
        scheduled = nil
        guard deadline < .distantFuture else { return false }
        if eventLoop.now >= deadline {
            deadline = .distantFuture
            return true
        }
        schedule(on: eventLoop, for: handler)
        return false
    }

    private mutating func schedule(on eventLoop: any EventLoop, for handler: some NIOScheduledCallbackHandler) {
        // Refused only by an event loop that is shutting down, and with it go its connections.
        guard let callback = try? eventLoop.assumeIsolated().scheduleCallback(at: deadline, handler: handler)
        else { return }
        scheduled = (callback, deadline)
    }
}
