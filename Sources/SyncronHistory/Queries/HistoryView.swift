import GRDB
import SyncronCore

/// One state of the history, as a read sees it. It does not change while it is read, and must not leave the read.
///
/// Every list is found by an index and costs as much as the rows it answers with, however long the history is.
public struct HistoryView {
    let database: Database

    /// The last command that this state holds.
    public var appliedSequence: Sequence {
        get throws { try Progress.read(from: database).sequence }
    }

    /// Counted as they come and go.
    public var counts: HistoryCounts {
        get throws { try Progress.read(from: database).counts }
    }
}

/// The order of an answer's rows; a limit keeps the first of them.
public enum RowOrder: Sendable, Hashable, CaseIterable {
    case oldestFirst, newestFirst

    var keyword: String {
        switch self {
        case .oldestFirst: "ASC"
        case .newestFirst: "DESC"
        }
    }
}
