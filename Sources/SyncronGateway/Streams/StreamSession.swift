import NIOCore
import SyncronWire

/// A stream that a connection follows, under the name that its client gave it.
struct StreamSubscription: Sendable, Hashable {
    var name: String
    var key: StreamKey
}

/// One WebSocket connection as a state machine: what comes in goes into a function, and what it returns is to be
/// done. It knows no socket and no clock.
struct StreamSession: ~Copyable {
    enum Action: Sendable, Hashable {
        case nothing
        /// Follow these, then answer `done`.
        case subscribe([StreamSubscription], id: JSONValue)
        /// Let go of these, then answer `done`.
        case unsubscribe([StreamSubscription], id: JSONValue)
        case answer(ControlAnswer, id: JSONValue)
        case ping
        /// Write a close frame, and nothing more after it.
        case close(StreamClosing)
    }

    private let limits: StreamLimits
    private(set) var isOpen = true
    /// In the order in which they were asked for.
    private(set) var subscriptions: [StreamSubscription] = []
    private var allowance: MessageAllowance
    private var lastPing: NIODeadline
    private var lastPong: NIODeadline

    init(limits: StreamLimits, openedAt now: NIODeadline) {
        self.limits = limits
        allowance = MessageAllowance(limits: limits, now: now)
        lastPing = now
        lastPong = now
    }

    /// Streams named by the path or the query: they were checked before the connection was accepted.
    mutating func opened(with initial: [StreamSubscription]) -> [StreamSubscription] {
        let added = news(among: initial)
        precondition(added.count <= limits.streams)
        subscriptions = added
        return added
    }

    /// A whole text message. `key` finds the stream that a name means.
    mutating func received(
        text: ByteBuffer, at now: NIODeadline, key: (StreamName) throws(StreamNameFailure) -> StreamKey
    ) -> Action {
        guard isOpen else { return .nothing }
        guard allowance.take(at: now) else { return close(.tooManyMessages) }
        let request: ControlRequest
        do {
            request = try ControlRequest(text)
        } catch {
            return .answer(.refused(error.error), id: error.id)
        }
        do {
            switch request.method {
            case .listSubscriptions: return .answer(.subscriptions(subscriptions.map(\.name)), id: request.id)
            case .subscribe(let names): return try subscribe(to: Self.resolve(names, key), id: request.id)
            case .unsubscribe(let names): return unsubscribe(from: try Self.resolve(names, key), id: request.id)
            }
        } catch {
            return .answer(.refused(error), id: request.id)
        }
    }

    mutating func receivedBinary() -> Action { close(.binary) }

    mutating func receivedPong(at now: NIODeadline) -> Action {
        guard isOpen else { return .nothing }
        guard allowance.take(at: now) else { return close(.tooManyMessages) }
        lastPong = now
        return .nothing
    }

    /// Called about once a second.
    mutating func timePassed(to now: NIODeadline) -> Action {
        guard isOpen else { return .nothing }
        if now - lastPong >= limits.pongPatience { return close(.noPong) }
        guard now - lastPing >= limits.pingInterval else { return .nothing }
        lastPing = now
        return .ping
    }

    /// So many bytes wait for the reader.
    mutating func backlogGrew(to bytes: Int) -> Action {
        bytes > limits.backlog ? close(.readerTooSlow) : .nothing
    }

    mutating func close(_ closing: StreamClosing) -> Action {
        guard isOpen else { return .nothing }
        isOpen = false
        return .close(closing)
    }

    /// The connection is closing for a reason from elsewhere: nothing is to be written any more.
    mutating func ended() { isOpen = false }
}

extension StreamSession {
    private mutating func subscribe(to wanted: [StreamSubscription], id: JSONValue) throws(APIError) -> Action {
        let added = news(among: wanted)
        guard subscriptions.count + added.count <= limits.streams else {
            throw .invalidParameter("params", "a connection follows at most \(limits.streams) streams")
        }
        subscriptions += added
        return .subscribe(added, id: id)
    }

    private mutating func unsubscribe(from unwanted: [StreamSubscription], id: JSONValue) -> Action {
        let keys = Set(unwanted.map(\.key))
        let removed = subscriptions.filter { keys.contains($0.key) }
        subscriptions.removeAll { keys.contains($0.key) }
        return .unsubscribe(removed, id: id)
    }

    /// Those that are not followed yet, each once.
    private func news(among wanted: [StreamSubscription]) -> [StreamSubscription] {
        var known = Set(subscriptions.map(\.key))
        return wanted.filter { known.insert($0.key).inserted }
    }

    /// All of the names or none: a request with one wrong name changes nothing.
    private static func resolve(
        _ names: [StreamName], _ key: (StreamName) throws(StreamNameFailure) -> StreamKey
    ) throws(APIError) -> [StreamSubscription] {
        var found: [StreamSubscription] = []
        found.reserveCapacity(names.count)
        for name in names {
            do {
                found.append(StreamSubscription(name: name.text, key: try key(name)))
            } catch {
                throw APIError(naming: name.text, error)
            }
        }
        return found
    }
}

/// How many messages a client may still send: a bucket that fills up again with time.
struct MessageAllowance: Sendable {
    private let burst: Int64
    /// Nanoseconds for which one message stands.
    private let cost: Int64
    /// When the bucket is full, in nanoseconds.
    private var fullAt: NIODeadline

    init(limits: StreamLimits, now: NIODeadline) {
        burst = Int64(limits.messageBurst)
        cost = 1_000_000_000 / Int64(limits.messagesPerSecond)
        fullAt = now
    }

    /// False when there is nothing left.
    mutating func take(at now: NIODeadline) -> Bool {
        let full = max(fullAt, now) + .nanoseconds(cost)
        guard full - now <= .nanoseconds(cost * burst) else { return false }
        fullAt = full
        return true
    }
}
