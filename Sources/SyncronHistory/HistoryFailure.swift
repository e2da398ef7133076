import GRDB
import SyncronCore

/// Why the history could not do what it was asked. Whatever it was, it left nothing half done.
public enum HistoryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The disk is full or does not answer, or another process holds the file: what failed may work later.
    /// `code` is SQLite's extended result code.
    case unavailable(path: String, code: Int32, what: String)
    /// The file is no database, or holds what this program never wrote.
    case damaged(path: String, what: String)
    /// A later release has changed the tables.
    case newer(path: String)
    /// The entries do not stand in the journal's order.
    case outOfOrder(Sequence, after: Sequence)
    /// The task that asked was cancelled.
    case cancelled
    /// What SQLite refuses for another reason, which no repetition will change.
    case refused(path: String, code: Int32, what: String)

    /// Whether the same call may succeed later without anything being repaired.
    public var isRetryable: Bool {
        switch self {
        case .unavailable: true
        case .damaged, .newer, .outOfOrder, .cancelled, .refused: false
        }
    }

    /// Whether there was no space to write on. The file that connections share in memory cannot be made long enough then.
    public var isOfFullDisk: Bool {
        guard case .unavailable(_, let code, _) = self else { return false }
        return code & 0xFF == ResultCode.SQLITE_FULL.rawValue || code == ResultCode.SQLITE_IOERR_SHMSIZE.rawValue
    }

    public var description: String {
        switch self {
        case .unavailable(let path, let code, let what): "history \(path) is unavailable: \(what) (SQLite \(code))"
        case .damaged(let path, let what): "history \(path) is damaged: \(what)"
        case .newer(let path): "history \(path) was written by a later release"
        case .outOfOrder(let sequence, let last): "history was given sequence \(sequence) after \(last)"
        case .cancelled: "history was asked by a task that was cancelled"
        case .refused(let path, let code, let what): "history \(path) failed: \(what) (SQLite \(code))"
        }
    }
}

extension HistoryFailure {
    /// What `error`, thrown by SQLite or by a reader of rows, means for the history at `path`.
    init(_ error: any Error, path: String) {
        switch error {
        case let failure as HistoryFailure: self = failure
        case let failure as DatabaseError: self = HistoryFailure(failure, path: path)
        case let damage as RowDamage: self = .damaged(path: path, what: damage.what)
        case is CancellationError: self = .cancelled
        default: self = .refused(path: path, code: 0, what: "\(error)")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let code = error.extendedResultCode.rawValue
        let what = error.message ?? "no message"
        switch error.resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_NOMEM, .SQLITE_CANTOPEN,
            .SQLITE_PROTOCOL:
            self = .unavailable(path: path, code: code, what: what)
        case .SQLITE_INTERRUPT:
            self = .cancelled
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = .damaged(path: path, what: "\(what) (SQLite \(code))")
        default:
            self = .refused(path: path, code: code, what: what)
        }
    }
}

/// A stored value that none of ours has.
struct RowDamage: Error {
    var what: String
}
