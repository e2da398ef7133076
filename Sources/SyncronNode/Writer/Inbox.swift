import Foundation
import SyncronCore

/// What waits for the one writer: many put in, one takes out. The writer sleeps only when nothing waits.
final class Inbox: Sendable {
    private struct State {
        var waiting: [Request] = []
        /// Why nothing more is taken in; nil while the door is open.
        var closed: Unavailable?
        /// Whether questions are taken in and commands not.
        var isClosedToCommands = false
        var writerSleeps = false
    }

    private let state = Monitor(State())
    /// Requests that may wait, beside those that the writer is busy with.
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// Nil when `request` was taken in, else why it was not.
    func put(_ request: Request) -> Unavailable? {
        let (refusal, mustWake) = state.withLock { state -> (Unavailable?, Bool) in
            if let closed = state.closed { return (closed, false) }
            if state.isClosedToCommands && request.isCommand { return (.stopping, false) }
            guard state.waiting.count < capacity else { return (.inboxFull, false) }
            state.waiting.append(request)
            defer { state.writerSleeps = false }
            return (nil, state.writerSleeps)
        }
        if mustWake { state.wakeAll() }
        return refusal
    }

    /// Moves all that waits, in the order in which it came, to the empty `taken`. Sleeps until there is something,
    /// `deadline` passes or the inbox is closed; false when it is closed and empty.
    ///
    /// - Parameter gathers: lets whoever is about to put something in do so first. Costs nothing while a processor is
    ///   free: then nobody waits for one.
    func take(into taken: inout [Request], until deadline: MonotonicTime, gathers: Bool = false) -> Bool {
        let isOpen =
            state.wait(until: deadline) { state -> Bool? in
                if state.waiting.isEmpty {
                    state.writerSleeps = true
                    return state.closed == nil ? nil : false
                }
                state.writerSleeps = false
                if !gathers { swap(&taken, &state.waiting) }
                return true
            } ?? true
        if gathers {
            sched_yield()
            state.withLock { swap(&taken, &$0.waiting) }
        }
        return isOpen
    }

    /// Takes in nothing more and says why. What waits is still handed out.
    func close(_ why: Unavailable) {
        state.change { state in
            if state.closed == nil { state.closed = why }
        }
    }

    /// Takes in no more commands. Those that wait are still handed out.
    func closeToCommands() { state.withLock { $0.isClosedToCommands = true } }

    var isClosedToCommands: Bool { state.withLock { $0.isClosedToCommands || $0.closed != nil } }

    /// Has the writer run `body` between two batches.
    func inspect<R: Sendable>(
        _ body: @escaping @Sendable (borrowing Exchange, _ now: Timestamp) -> R
    ) async throws(Unavailable) -> R {
        let result: Result<R, Unavailable> = await withUnsafeContinuation { continuation in
            let inspection = Inspection { exchange, now in
                continuation.resume(returning: .success(body(exchange, now)))
            } refuse: {
                continuation.resume(returning: .failure($0))
            }
            if let refusal = put(.inspect(inspection)) { inspection.refuse(refusal) }
        }
        return try result.get()
    }

    /// As `inspect`, for threads that may wait.
    func inspectBlocking<R: Sendable>(
        _ body: @escaping @Sendable (borrowing Exchange, _ now: Timestamp) -> R
    ) throws(Unavailable) -> R {
        let answer = Monitor<Result<R, Unavailable>?>(nil)
        let inspection = Inspection { exchange, now in
            let result = body(exchange, now)
            answer.change { $0 = .success(result) }
        } refuse: { why in
            answer.change { $0 = .failure(why) }
        }
        if let refusal = put(.inspect(inspection)) { throw refusal }
        guard let result = answer.wait(for: { $0 }) else { throw .stopping }
        return try result.get()
    }

    var count: Int { state.withLock { $0.waiting.count } }
}
