import Synchronization

/// What a server has seen, for the metrics. Read while it runs.
public final class ServerCounters: Sendable {
    private let connections = Atomic<Int>(0)
    private let sockets = Atomic<Int>(0)
    private let answered = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let late = Atomic<Int>(0)
    private let malformed = Atomic<Int>(0)

    init() {}

    /// Open now, WebSockets among them.
    public var openConnections: Int { connections.load(ordering: .relaxed) }
    /// Open now.
    public var openWebSockets: Int { sockets.load(ordering: .relaxed) }
    /// Since the start.
    public var requests: Int { answered.load(ordering: .relaxed) }
    /// Connections closed because there were too many.
    public var refusedConnections: Int { refused.load(ordering: .relaxed) }
    /// Connections closed because the client was too slow; idle ones do not count.
    public var timeouts: Int { late.load(ordering: .relaxed) }
    /// Requests that were no acceptable HTTP.
    public var malformedRequests: Int { malformed.load(ordering: .relaxed) }

    /// False when there are `limit` connections already.
    func openConnection(limit: Int) -> Bool {
        if connections.add(1, ordering: .relaxed).newValue <= limit { return true }
        connections.subtract(1, ordering: .relaxed)
        refused.add(1, ordering: .relaxed)
        return false
    }

    func closeConnection() { connections.subtract(1, ordering: .relaxed) }
    func openWebSocket() { sockets.add(1, ordering: .relaxed) }
    func closeWebSocket() { sockets.subtract(1, ordering: .relaxed) }
    func countRequest() { answered.add(1, ordering: .relaxed) }
    func countTimeout() { late.add(1, ordering: .relaxed) }
    func countMalformed() { malformed.add(1, ordering: .relaxed) }
}
