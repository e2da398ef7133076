import Logging
import SyncronJournal

/// Makes the journal's next segment while the writer still has room in this one, on a thread of its own.
final class SegmentMaker: Sendable {
    private struct State {
        var isWanted = true
        var isClosed = false
    }

    private let state = Monitor(State())
    private let keeper: SegmentKeeper
    private let log: Logger
    private static let retry = Duration.seconds(1)

    init(_ keeper: SegmentKeeper, _ log: Logger) {
        self.keeper = keeper
        self.log = log
    }

    /// Asks for the next segment. Never waits.
    func request() {
        let isNews = state.withLock { state in
            defer { state.isWanted = true }
            return !state.isWanted
        }
        if isNews { state.wakeAll() }
    }

    func close() { state.change { $0.isClosed = true } }

    /// Makes segments until it is closed: the body of the thread.
    func run() {
        while state.wait(for: { $0.isWanted || $0.isClosed ? !$0.isClosed : nil }) == true {
            do {
                try keeper.prepare()
                state.withLock { $0.isWanted = false }
            } catch {
                if !error.isNoSpace { log.error("the journal's next segment cannot be made: \(error)") }
                _ = state.wait(until: .now + Self.retry) { $0.isClosed ? true : nil }
            }
        }
    }
}
