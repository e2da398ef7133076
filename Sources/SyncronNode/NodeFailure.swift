import SyncronCore
import SyncronHistory
import SyncronJournal

/// Why a node cannot start, or a journal cannot be replayed. Nothing on disk was changed.
public enum NodeFailure: Error, Sendable, CustomStringConvertible {
    case inUse(directory: String)
    case directory(String, what: String)
    case journal(JournalFailure)
    case history(HistoryFailure)
    /// The history holds commands that the journal does not.
    case historyAhead(path: String, history: Sequence, journal: Sequence)
    /// The directory was begun without the sandbox.
    case sandboxRefused(directory: String)
    /// One of the initial commands would be refused.
    case initialCommandRefused(index: Int, Rejection)
    case tooManyInitialCommands(Int)
    /// The journal does not begin with the command that begins an exchange.
    case notBegun(directory: String)
    case diverged(at: Sequence, journaled: StateDigest, computed: StateDigest)
    case otherRules(UInt32, from: Sequence)
    /// What the journal holds before its first segment is needed and gone.
    case pruned(needed: Sequence, first: Sequence)
    case snapshotDamaged(sequence: Sequence, what: String)
    case snapshotFailed(what: String)
    case unavailable(Unavailable)

    public var description: String {
        switch self {
        case .inUse(let directory):
            "\(directory) is in use by another process"
        case .directory(let path, let what):
            "\(path): \(what)"
        case .journal(let failure):
            "\(failure)"
        case .history(let failure):
            "\(failure)"
        case .historyAhead(let path, let history, let journal):
            "\(path) has applied sequence \(history), the journal ends at \(journal): it belongs to another journal,"
                + " or the journal has lost its end; move it away and it is rebuilt"
        case .sandboxRefused(let directory):
            "\(directory) was begun without the sandbox and cannot be opened with it: the sandbox makes money"
        case .initialCommandRefused(let index, let rejection):
            "command \(index + 1) of the exchange's definition is refused: \(rejection)"
        case .tooManyInitialCommands(let count):
            "the exchange's definition has \(count) commands, at most \(Self.initialCommandsBound) fit"
        case .notBegun(let directory):
            "\(directory): the journal does not begin with the command that begins an exchange"
        case .diverged(let sequence, let journaled, let computed):
            "the state at sequence \(sequence) is not the journaled one: digest \(computed), journaled \(journaled)"
        case .otherRules(let rules, let sequence):
            "the journal from sequence \(sequence) on was written under rules \(rules); this program computes by rules"
                + " \(Genesis.currentRules) and cannot replay it"
        case .pruned(let needed, let first):
            "sequence \(needed) is needed, the journal begins at \(first): restore the segments or a snapshot"
        case .snapshotDamaged(let sequence, let what):
            "the snapshot at sequence \(sequence) cannot be used: \(what)"
        case .snapshotFailed(let what):
            "no snapshot was made: \(what)"
        case .unavailable(let why):
            "\(why)"
        }
    }

    /// They are journaled as one batch, so that a crash leaves all of them or none.
    static let initialCommandsBound = 4_000
}
