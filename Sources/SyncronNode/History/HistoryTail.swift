import Dispatch
import SyncronCore

/// The applied batches that the history has not stored yet. Between the writer, who puts them in, the history's
/// thread, who stores them and then takes them out, and the readers, who wait for that.
final class HistoryTail: Sendable {
    enum Mode: Sendable {
        /// The batches follow what is stored without a gap. When they are too many, new commands are refused.
        case live
        /// What is stored ends before the oldest batch; what lies between is read from the journal. When the batches
        /// are too many, the oldest are left to the journal as well.
        case catchingUp
    }

    /// A reader who waits until the history has what he wants to see.
    private struct Waiter {
        var sequence: Sequence
        var deadline: MonotonicTime
        var continuation: UnsafeContinuation<Bool, Never>
    }

    private struct State {
        var mode = Mode.live
        /// From `oldest` on; the places before it are empty batches' and soon cut off.
        var batches: [AppliedBatch] = []
        var oldest = 0
        var weight = 0
        /// The weight that the history's thread sleeps for: below it, putting something in wakes nobody.
        var awaited = Int.max
        /// The newest command put in.
        var applied: Sequence
        var stored: Sequence
        /// How far `stored` may lie behind `applied` while catching up.
        var allowedGap: UInt64 = 0
        var waiters: [Waiter] = []
        /// Whether `expireWaiters` will be called.
        var isTimerSet = false
        var isClosed = false
        /// Whether the last attempt to store something failed.
        var isStuck = false

        var waiting: ArraySlice<AppliedBatch> { batches[oldest...] }

        func isFull(_ bound: Int) -> Bool {
            switch mode {
            case .live: weight > bound
            case .catchingUp: applied.raw - stored.raw > allowedGap
            }
        }

        mutating func dropOldest() {
            weight -= batches[oldest].weight
            oldest += 1
            if oldest > 64 && oldest * 2 > batches.count {
                batches.removeFirst(oldest)
                oldest = 0
            }
        }

        mutating func sendWaitersAway() {
            for index in waiters.indices { waiters[index].deadline = MonotonicTime(nanoseconds: 0) }
        }

        /// Lets go of what is stored.
        mutating func dropStored() {
            while let first = waiting.first, first.lastSequence <= stored { dropOldest() }
        }
    }

    private let state: Monitor<State>
    /// Events and commands that may wait in memory.
    let bound: Int

    /// `stored` is the last command that the history has.
    init(bound: Int, stored: Sequence) {
        self.bound = bound
        state = Monitor(State(applied: stored, stored: stored))
    }

    // MARK: The writer's side

    /// Takes a batch that follows the last one. Never refuses: `isFull` is to be asked before.
    func put(_ batch: AppliedBatch) {
        let mustWake = state.withLock { state in
            state.applied = batch.lastSequence
            guard batch.lastSequence > state.stored else { return false }
            state.batches.append(batch)
            state.weight += batch.weight
            while state.mode == .catchingUp && state.weight > bound && state.waiting.count > 1 { state.dropOldest() }
            defer { if state.weight >= state.awaited { state.awaited = .max } }
            return state.weight >= state.awaited
        }
        if mustWake { state.wakeAll() }
    }

    /// Whether no command should be applied for now.
    var isFull: Bool { state.withLock { $0.isFull(bound) } }

    /// Sleeps while no command should be applied. False when `deadline` passes first, or when nothing can be stored.
    func waitForRoom(until deadline: MonotonicTime) -> Bool {
        state.wait(until: deadline) { state -> Bool? in
            if !state.isFull(bound) { return true }
            return state.isStuck || state.isClosed ? false : nil
        } ?? false
    }

    /// Commands were applied up to `applied`, without their batches being put in.
    func begin(applied: Sequence) { state.change { $0.applied = max($0.applied, applied) } }

    // MARK: The history's side

    /// The mode that fits what there is. While catching up, the history may fall behind by as much again as it is
    /// behind now, and by the bound.
    func chooseMode() -> Mode {
        state.change { state in
            state.dropStored()
            let next = state.waiting.first?.firstSequence ?? state.applied.next
            state.mode = next <= state.stored.next ? .live : .catchingUp
            state.allowedGap = state.applied.raw - min(state.stored.raw, state.applied.raw) + UInt64(bound)
            return state.mode
        }
    }

    /// Notes what was stored while catching up. True when the batches in memory follow it without a gap: from then on
    /// the mode is live.
    func meet(stored: Sequence) -> Bool {
        state.change { state in
            state.stored = max(state.stored, stored)
            state.dropStored()
            let next = state.waiting.first?.firstSequence ?? state.applied.next
            if next <= stored.next { state.mode = .live }
            return state.mode == .live
        }
    }

    /// The oldest batches, of weight `most` or a little more, once something is there: at once when a reader waits,
    /// else when there is `enough` or `patience` has passed. They stay in the tail until `markStored`. Nil when the
    /// tail is closed and empty, or when `deadline` passes.
    func next(
        _ enough: Int, atMost most: Int, patience: Duration, until deadline: MonotonicTime
    ) -> [AppliedBatch]? {
        let some = state.wait(until: deadline) { state -> Bool? in
            state.awaited = 1
            return state.waiting.isEmpty && !state.isClosed ? nil : true
        }
        guard some != nil else { return nil }
        _ = state.wait(until: MonotonicTime.now + patience) { state -> Bool? in
            state.awaited = enough
            return state.weight >= enough || !state.waiters.isEmpty || state.isClosed ? true : nil
        }
        let batches = state.withLock { state in
            var sum = 0
            return Array(
                state.waiting.prefix { batch in
                    defer { sum += batch.weight }
                    return sum < most
                })
        }
        return batches.isEmpty ? nil : batches
    }

    /// True when the tail is closed, false when `deadline` passes first.
    func waitUntilClosed(_ deadline: MonotonicTime) -> Bool {
        state.wait(until: deadline) { $0.isClosed ? true : nil } ?? false
    }

    func markStored(_ sequence: Sequence) {
        answerWaiters { state in
            state.stored = max(state.stored, sequence)
            state.isStuck = false
            state.dropStored()
        }
    }

    /// What is there cannot be stored for now: nobody waits for it.
    func markStuck() {
        answerWaiters { state in
            state.isStuck = true
            state.sendWaitersAway()
        }
    }

    /// Nothing more will be put in.
    func close() { state.change { $0.isClosed = true } }

    /// Nothing more will be stored.
    func abandon() {
        answerWaiters { state in
            state.isClosed = true
            state.sendWaitersAway()
        }
    }

    private func answerWaiters(after body: (inout State) -> Void) {
        let answers = state.change { state in
            body(&state)
            let now = MonotonicTime.now
            let answers = state.waiters.compactMap { waiter -> (Waiter, Bool)? in
                let isStored = waiter.sequence <= state.stored
                return isStored || waiter.deadline <= now ? (waiter, isStored) : nil
            }
            if !answers.isEmpty {
                state.waiters.removeAll { $0.sequence <= state.stored || $0.deadline <= now }
            }
            return answers
        }
        for (waiter, isStored) in answers { waiter.continuation.resume(returning: isStored) }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var isStuck: Bool { state.withLock { $0.isStuck } }

    /// Whether all that was put in is stored.
    var isStored: Bool { state.withLock { $0.stored >= $0.applied } }

    // MARK: The readers' side

    var waiterCount: Int { state.withLock { $0.waiters.count } }
    var applied: Sequence { state.withLock { $0.applied } }
    var stored: Sequence { state.withLock { $0.stored } }
    var depth: Int { state.withLock { $0.weight } }

    /// Returns when the history has stored everything that is applied now; false when `deadline` passes first, or when
    /// nothing can be stored for now.
    func storesAll(by deadline: MonotonicTime) async -> Bool {
        await withUnsafeContinuation { continuation in
            let answer = state.change { state -> Bool? in
                if state.stored >= state.applied { return true }
                if state.isClosed || state.isStuck { return false }
                state.waiters.append(
                    Waiter(sequence: state.applied, deadline: deadline, continuation: continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) } else { setTimer() }
        }
    }

    /// Tells readers whose time is over that they have waited in vain, on a thread that waits for nothing else.
    private func setTimer() {
        let delay = state.withLock { state -> UInt64? in
            guard !state.isTimerSet, let next = state.waiters.map(\.deadline).min() else { return nil }
            state.isTimerSet = true
            return next.since(.now)
        }
        guard let delay else { return }
        let nanoseconds = Int(clamping: min(delay, Self.longestTimer))
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { [self] in
            state.withLock { $0.isTimerSet = false }
            answerWaiters { _ in }
            setTimer()
        }
    }

    private static let longestTimer: UInt64 = 1_000_000_000

    /// What waits, oldest first, if together with what is stored it is all that was applied; nil while catching up.
    var pending: [AppliedBatch]? { state.withLock { $0.mode == .live ? Array($0.waiting) : nil } }

    /// What waits, oldest first.
    var batches: [AppliedBatch] { state.withLock { Array($0.waiting) } }
}
