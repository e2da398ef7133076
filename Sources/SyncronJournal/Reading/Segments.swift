import SyncronCore

/// The segments of a journal, by the sequence each begins with, in order.
enum Segments {
    static func list(in storage: any Storage) throws(JournalFailure) -> [Sequence] {
        try storage.names(in: .journal)
            .compactMap { FileName.sequence(of: $0, suffix: FileName.segmentSuffix) }
            .sorted()
    }

    /// The one that holds `sequence`, if the journal goes so far.
    static func holding(_ sequence: Sequence, of segments: [Sequence]) -> Sequence? {
        segments.last { $0 <= sequence }
    }
}
