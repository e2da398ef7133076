import SyncronCore

/// How a journal is written.
public struct JournalOptions: Sendable {
    /// Length of a segment in bytes. Segments made under another length keep theirs.
    public var segmentBytes: Int
    /// Length of the longest batch in bytes. As much is held in reserve: while there is that much room, or a spare
    /// segment, every batch fits.
    public var batchBytes: Int
    /// The version of the rules that commands are accepted by.
    public var rules: UInt32

    /// `segmentBytes` is at least 4,096, `batchBytes` at least 1,024 and at most a segment.
    public init(
        segmentBytes: Int = 64 << 20, batchBytes: Int = 8 << 20, rules: UInt32 = Genesis.currentRules
    ) {
        precondition(segmentBytes >= 4_096 && segmentBytes <= BatchHeader.lengthLimit)
        precondition(batchBytes >= 1_024)
        self.segmentBytes = segmentBytes
        self.batchBytes = min(batchBytes, segmentBytes)
        self.rules = rules
    }
}
