import Foundation
import Synchronization
import SyncronCore

/// Where the exchange's time comes from.
public enum ClockMode: String, Sendable, CaseIterable {
    /// The machine's wall clock, which the journal keeps from running backwards.
    case system
    /// Time stands still until it is advanced.
    case manual
}

/// The exchange's clock. The writer sets it forward; everyone may read it.
final class NodeClock: Sendable {
    let mode: ClockMode
    /// The journal's newest time: no clock shows less.
    private let reached: Atomic<Int64>

    /// `journalTime` is that of the last command, nil for a journal without any. A manual clock begins there, or
    /// at the whole second of the wall clock.
    init(mode: ClockMode, journalTime: Timestamp?) {
        self.mode = mode
        let start = journalTime?.milliseconds ?? (mode == .manual ? Self.wall / 1_000 * 1_000 : 0)
        reached = Atomic(start)
    }

    var now: Timestamp {
        let reached = reached.load(ordering: .relaxed)
        switch mode {
        case .system: return Timestamp(milliseconds: max(Self.wall, reached))
        case .manual: return Timestamp(milliseconds: reached)
        }
    }

    /// Notes that the journal has a command of that time.
    func reach(_ time: Timestamp) {
        reached.max(time.milliseconds, ordering: .relaxed)
    }

    /// Milliseconds since 1970 by the machine.
    private static var wall: Int64 { Int64(readClock(CLOCK_REALTIME) / 1_000_000) }
}
