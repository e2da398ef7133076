import SyncronCore

/// Bytes that were written once and are no longer what was written.
public struct Damage: Hashable, Sendable, CustomStringConvertible {
    /// The file, relative to the data directory.
    public var file: String
    /// The first byte in doubt, counted from the start of the file.
    public var offset: Int
    /// The first command in doubt.
    public var sequence: Sequence
    public var what: String

    public init(file: String, offset: Int, sequence: Sequence, what: String) {
        self.file = file
        self.offset = offset
        self.sequence = sequence
        self.what = what
    }

    public var description: String { "\(file), offset \(offset), sequence \(sequence): \(what)" }
}

/// Why the journal or the snapshots cannot do what was asked.
public enum JournalFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What lies on the disk is not what was written, and no snapshot covers it.
    case damaged(Damage)
    /// The disk is full. Nothing was written, and what is there stays readable.
    case noSpace(file: String)
    /// The operating system refused; `code` is its `errno`.
    case io(operation: String, file: String, code: Int32)
    /// Another process writes this data directory.
    case locked(file: String)
    /// The commands from `wanted` on are not kept any more, or never were: the journal begins at `first`.
    case missing(wanted: Sequence, first: Sequence)
    /// Synced commands are gone: a snapshot goes further than the journal.
    case endsBeforeSnapshot(last: Sequence, snapshot: Sequence)
    /// One command takes more bytes than a batch may have.
    case tooLarge(bytes: Int, limit: Int)

    public var isNoSpace: Bool {
        if case .noSpace = self { true } else { false }
    }

    public var description: String {
        switch self {
        case .damaged(let damage): "damaged: \(damage)"
        case .noSpace(let file): "no space on the disk for \(file)"
        case .io(let operation, let file, let code): "\(operation) of \(file) failed: \(errorText(code))"
        case .locked(let file): "another process holds \(file)"
        case .missing(let wanted, let first):
            "sequence \(wanted) is not in the journal, which begins at sequence \(first)"
        case .endsBeforeSnapshot(let last, let snapshot):
            "the journal ends at sequence \(last), before the newest snapshot at sequence \(snapshot)"
        case .tooLarge(let bytes, let limit): "a command of \(bytes) bytes, where \(limit) is the most"
        }
    }
}
