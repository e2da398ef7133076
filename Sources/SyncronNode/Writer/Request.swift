import SyncronCore

/// Takes the answers of many commands without a closure for each.
public protocol ReplySink: AnyObject, Sendable {
    /// Called once for each command submitted, on the writer's thread; on the submitting one when the command was not
    /// taken at all. Must be short.
    func complete(_ token: UInt64, _ result: Result<Outcome, Unavailable>)
    /// Called after the last `complete` of a batch: the place to wake up who waits for them.
    func batchEnded()
}

/// Where the answer to a command goes.
enum Reply: Sendable {
    case callback(@Sendable (Result<Outcome, Unavailable>) -> Void)
    case sink(any ReplySink, token: UInt64)

    /// Answers a single command outside of a batch.
    func refuse(_ why: Unavailable) {
        switch self {
        case .callback(let callback): callback(.failure(why))
        case .sink(let sink, let token):
            sink.complete(token, .failure(why))
            sink.batchEnded()
        }
    }
}

/// A question to the writer, or a change of what surrounds the engine: run between batches.
struct Inspection: Sendable {
    var run: @Sendable (borrowing Exchange, _ now: Timestamp) -> Void
    var refuse: @Sendable (Unavailable) -> Void
}

/// What the writer can be asked to do.
enum Request: Sendable {
    case command(Command, Reply, since: MonotonicTime)
    case inspect(Inspection)
    /// Sets a manual clock forward.
    case advance(milliseconds: Int64, Reply)

    var isCommand: Bool {
        switch self {
        case .command, .advance: true
        case .inspect: false
        }
    }

    func refuse(_ why: Unavailable) {
        switch self {
        case .command(_, let reply, _), .advance(_, let reply): reply.refuse(why)
        case .inspect(let inspection): inspection.refuse(why)
        }
    }
}
