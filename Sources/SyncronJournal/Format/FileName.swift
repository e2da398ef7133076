import SyncronCore

/// Names that sort by sequence: twenty digits and what kind of file it is.
enum FileName {
    static let segmentSuffix = ".journal"
    static let snapshotSuffix = ".snapshot"
    /// A zero-filled segment that waits for its first batch.
    static let spareSegment = "spare"
    /// A file in the making. What a crash leaves of it is worth nothing.
    static let unfinished = "unfinished"

    static func segment(first: Sequence) -> String { digits(first) + segmentSuffix }
    static func snapshot(at sequence: Sequence) -> String { digits(sequence) + snapshotSuffix }

    /// Nil when the name is of another kind.
    static func sequence(of name: String, suffix: String) -> Sequence? {
        guard name.utf8.count == 20 + suffix.utf8.count, name.hasSuffix(suffix) else { return nil }
        let digits = name.utf8.prefix(20)
        guard digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return UInt64(Substring(digits)).map { Sequence($0) }
    }

    private static func digits(_ sequence: Sequence) -> String {
        let text = String(sequence.raw)
        return String(repeating: "0", count: 20 - text.utf8.count) + text
    }
}
