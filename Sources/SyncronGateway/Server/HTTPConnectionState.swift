import NIOCore
import NIOHTTP1
import SyncronWire

/// What one HTTP/1.1 connection is doing: it takes in the parts of requests and says what is to be done, one thing
/// after the other. It holds no channel.
///
/// One request is served at a time. Parts that arrive meanwhile wait here, and nothing further is read from the
/// socket while there are any, so that a connection never holds more than one read's worth of them.
struct HTTPConnectionState: ~Copyable {
    enum Phase {
        /// For a request, of which nothing is here.
        case waiting
        /// Some of a head is here.
        case readingHead
        case readingBody
        /// The service is at work.
        case serving
        /// The answer has been written, the client has not taken it yet.
        case flushing
        /// The last answer has been written.
        case closing
        /// The client has taken the last answer and is given a moment to hang up.
        case lingering
        case closed
    }

    enum Input {
        case part(HTTPServerRequestPart)
        /// The bytes are not HTTP.
        case malformed(APIError)
        /// The client has sent all it will.
        case end
    }

    enum Step {
        case wait
        case sendContinue
        case serve(RequestHead, body: ByteBuffer)
        /// Answer with the error, then close. The head is there when it was understood.
        case refuse(APIError, RequestHead?)
        case close
    }

    private(set) var phase = Phase.waiting
    /// Whether the server is stopping: what is being served is finished, nothing else begun.
    private(set) var isQuiescing = false
    private let bodyLimit: Int
    private var isFirst = true
    /// The phase that the time limit now running belongs to.
    private var timedPhase: Phase?
    private var head: RequestHead?
    private var body: ByteBuffer?
    private var pending = CircularBuffer<Input>(initialCapacity: 4)

    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    /// Whether the socket may be read.
    var wantsInput: Bool {
        switch phase {
        case .waiting, .readingHead, .readingBody, .closing, .lingering: true
        case .serving: pending.isEmpty
        case .flushing, .closed: false
        }
    }

    var isOpen: Bool {
        switch phase {
        case .closing, .lingering, .closed: false
        default: true
        }
    }

    /// Whether a request can be begun without having been received.
    var isReadyForRequest: Bool { phase == .waiting && pending.isEmpty && !isQuiescing }

    /// Begins to serve a request that is complete.
    mutating func begin() {
        isFirst = false
        phase = .serving
    }

    mutating func receive(_ input: Input) {
        guard isOpen else { return }
        pending.append(input)
    }

    /// Bytes came in without any part of a request being complete.
    mutating func receivedFragment() {
        if case .waiting = phase, pending.isEmpty { phase = .readingHead }
    }

    /// What is to be done now. After `serve` comes `answered` before there is a next step.
    mutating func next() -> Step {
        while true {
            switch phase {
            case .serving, .flushing, .closing, .lingering, .closed: return .wait
            case .waiting where isQuiescing, .readingHead where isQuiescing:
                phase = .closing
                return .close
            case .waiting, .readingHead, .readingBody: break
            }
            guard let input = pending.popFirst() else { return .wait }
            if let step = take(input) { return step }
        }
    }

    private mutating func take(_ input: Input) -> Step? {
        switch input {
        case .part(.head(let head)): return begin(head)
        case .part(.body(let bytes)): return append(bytes)
        case .part(.end): return finish()
        case .malformed(let error):
            phase = .closing
            return .refuse(error, head)
        case .end:
            phase = .closing
            return .close
        }
    }

    private mutating func begin(_ head: HTTPRequestHead) -> Step? {
        phase = .readingBody
        isFirst = false
        do throws(APIError) {
            let parsed = try RequestHead(head)
            self.head = parsed
            if let length = parsed.contentLength, length > bodyLimit { throw .bodyTooLarge }
            return parsed.expectsContinue ? .sendContinue : nil
        } catch {
            phase = .closing
            return .refuse(error, self.head)
        }
    }

    private mutating func append(_ bytes: ByteBuffer) -> Step? {
        guard (body?.readableBytes ?? 0) + bytes.readableBytes <= bodyLimit else {
            phase = .closing
            return .refuse(.bodyTooLarge, head)
        }
        if body == nil {
            body = bytes
        } else {
            body?.writeImmutableBuffer(bytes)
        }
        return nil
    }

    private mutating func finish() -> Step? {
        guard let head else { return nil }
        phase = .serving
        let body = self.body ?? ByteBuffer()
        self.head = nil
        self.body = nil
        return .serve(head, body: body)
    }

    /// The answer to what was being served has been written.
    mutating func answered(keepsAlive: Bool, isWritable: Bool) {
        guard case .serving = phase else { return }
        timedPhase = nil
        phase = !keepsAlive ? .closing : isWritable ? .waiting : .flushing
    }

    /// The client has taken what was written.
    mutating func becameWritable() {
        if case .flushing = phase { phase = .waiting }
    }

    /// Nothing is sent any more.
    mutating func linger() {
        if case .closing = phase { phase = .lingering }
    }

    mutating func quiesce() { isQuiescing = true }

    mutating func close() {
        phase = .closed
        pending.removeAll()
        head = nil
        body = nil
    }
}

// MARK: Time

extension HTTPConnectionState {
    enum TimeLimit {
        /// The one that is running goes on.
        case unchanged
        case none
        case within(TimeAmount)
    }

    /// The limit for what the connection has come to do since this was last asked.
    mutating func timeLimit(_ limits: ServerLimits) -> TimeLimit {
        guard !isQuiescing, timedPhase != phase else { return .unchanged }
        timedPhase = phase
        return switch phase {
        case .waiting: isFirst ? .unchanged : .within(limits.idle)
        case .readingHead: isFirst ? .unchanged : .within(limits.header)
        case .readingBody: .within(limits.bodyTime)
        case .serving: .none
        case .flushing, .closing: .within(limits.write)
        case .lingering: .within(limits.closing)
        case .closed: .none
        }
    }

    /// The time is up. An error is due when a request had begun and nothing has been written for it.
    mutating func timedOut() -> Step {
        let late = phase
        phase = .closing
        guard !isQuiescing else { return .close }
        return switch late {
        case .readingHead, .readingBody: .refuse(.invalidFormat("the request took too long", status: 408), head)
        default: .close
        }
    }
}
