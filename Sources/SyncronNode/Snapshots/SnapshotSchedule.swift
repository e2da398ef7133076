import Logging
import SyncronCore
import SyncronHistory
import SyncronJournal

/// Decides when snapshots are made, has them made, and removes what they make superfluous. A thread of its own.
final class SnapshotSchedule: Sendable {
    typealias Answer = Result<(sequence: Sequence, digest: StateDigest), NodeFailure>

    private struct State {
        var waiting: [UnsafeContinuation<Answer, Never>] = []
        /// The one made last in this run.
        var newest: (sequence: Sequence, digest: StateDigest)?
        /// After a failure, when to try again by itself.
        var nextTry = MonotonicTime.now
        var isClosed = false
    }

    private let state = Monitor(State())
    private let commons: Commons
    private let configuration: NodeConfiguration
    private let storage: any Storage
    private let keeper: SegmentKeeper
    private let store: HistoryStore
    private let process = SnapshotProcess()
    private static let look = Duration.seconds(1)
    private static let retry = Duration.seconds(60)
    private static let kept = 2

    init(
        _ configuration: NodeConfiguration, _ commons: Commons, _ storage: any Storage, _ keeper: SegmentKeeper,
        _ store: HistoryStore
    ) {
        self.configuration = configuration
        self.commons = commons
        self.storage = storage
        self.keeper = keeper
        self.store = store
    }

    /// Asks for a snapshot and returns when it is made.
    func request() async throws(NodeFailure) -> (sequence: Sequence, digest: StateDigest) {
        let answer: Answer = await withUnsafeContinuation { continuation in
            let isClosed = state.change { state in
                if !state.isClosed { state.waiting.append(continuation) }
                return state.isClosed
            }
            if isClosed { continuation.resume(returning: .failure(.unavailable(.stopping))) }
        }
        return try answer.get()
    }

    /// Ends the thread and a snapshot in the making.
    func close() {
        state.change { $0.isClosed = true }
        process.cancel()
    }

    /// The body of the thread.
    func run() {
        while true {
            let asked = state.wait(until: .now + Self.look) { state in
                state.isClosed || !state.waiting.isEmpty ? true : nil
            }
            if state.withLock({ $0.isClosed }) { break }
            guard asked == true || isDue else { continue }
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting
            }
            let answer = make()
            for continuation in waiting { continuation.resume(returning: answer) }
        }
        for continuation in state.withLock({ $0.waiting }) {
            continuation.resume(returning: .failure(.unavailable(.stopping)))
        }
    }

    private var isDue: Bool {
        guard configuration.snapshotInterval > 0 else { return false }
        let newest = commons.snapshotSequence
        return commons.appliedSequence.raw >= newest.raw + configuration.snapshotInterval
            && state.withLock { $0.nextTry } <= .now
    }

    private func make() -> Answer {
        do throws(NodeFailure) {
            let point = try livePoint()
            if let newest = state.withLock({ $0.newest }), newest.sequence == point.sequence { return .success(newest) }
            let digest = try digestOfSecondEngine(at: point.sequence)
            guard digest == point.digest else {
                commons.fail(
                    "the state at sequence \(point.sequence) has the digest \(point.digest), but the same commands lead"
                        + " to \(digest) in a second engine")
                throw .diverged(at: point.sequence, journaled: point.digest, computed: digest)
            }
            state.withLock { $0.newest = point }
            commons.snapshotSequence = point.sequence
            commons.metrics.snapshots.add()
            commons.log.info("snapshot", metadata: ["sequence": "\(point.sequence)", "digest": "\(digest)"])
            prune()
            return .success(point)
        } catch {
            state.withLock { $0.nextTry = .now + Self.retry }
            if !state.withLock({ $0.isClosed }) { commons.log.error("no snapshot was made: \(error)") }
            return .failure(error)
        }
    }

    /// Where the live engine is, between two batches.
    private func livePoint() throws(NodeFailure) -> (sequence: Sequence, digest: StateDigest) {
        do throws(Unavailable) {
            return try commons.inbox.inspectBlocking { exchange, _ in
                (sequence: exchange.engine.sequence, digest: exchange.engine.digest)
            }
        } catch {
            throw .unavailable(error)
        }
    }

    private func digestOfSecondEngine(at sequence: Sequence) throws(NodeFailure) -> StateDigest {
        if let program = configuration.snapshotter {
            return try process.run(program, dataDirectory: configuration.dataDirectory, until: sequence)
        }
        let lockPath = configuration.dataDirectory + "/snapshot.lock"
        return try SnapshotWorker.run(
            storage, lockedBy: lockPath, until: sequence, limits: configuration.limits, commons.log
        ).digest
    }

    // MARK: Removing

    private func prune() {
        do {
            guard let oldest = try SnapshotStore(storage: storage).prune(keep: Self.kept) else { return }
            guard let bound = try retentionBound() else { return }
            let needed = min(oldest, try store.makeDurable(), bound)
            let removed = try keeper.prune(upTo: needed)
            if removed > 0 {
                commons.log.info("segments removed", metadata: ["count": "\(removed)", "upTo": "\(needed)"])
            }
        } catch {
            commons.log.warning("what is no longer needed could not be removed: \(error)")
        }
    }

    /// The last command that is past its retention; nil when all are kept.
    private func retentionBound() throws(JournalFailure) -> Sequence? {
        if configuration.sandbox { return Sequence(.max) }
        guard let retention = configuration.journalRetention else { return nil }
        let age = Int64(clamping: retention.nanoseconds / 1_000_000)
        let start = try JournalSegments.newestStart(before: commons.clock.now + -age, in: storage)
        return start.map { Sequence($0.raw - 1) }
    }
}
