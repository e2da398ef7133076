import SyncronCore

/// What there is of a journal, as `syncron journal` prints it.
public struct JournalReport: Hashable, Sendable {
    public struct Segment: Hashable, Sendable {
        /// Relative to the data directory.
        public var file: String
        /// Length of the file, and how much of it is written, in bytes.
        public var bytes: Int
        public var usedBytes: Int
        public var batches: Int
        public var commands: Int
        public var firstSequence: Sequence
        /// One before the first when there are no commands.
        public var lastSequence: Sequence
        /// Nil when there are no commands.
        public var firstTime: Timestamp?
        public var lastTime: Timestamp?
    }

    public var segments: [Segment]
    /// Nil when the journal ends as it should.
    public var tornTail: RecoverySummary.TornTail?
    /// Everything that is not as it was written, as far as it can be told apart.
    public var damage: [Damage]
    /// Whether the next segment lies ready.
    public var hasSpareSegment: Bool
    /// The hash of the last batch; nil when it was not computed.
    public var chain: ChainHash?

    public var firstSequence: Sequence? { segments.first?.firstSequence }
    public var lastSequence: Sequence? { segments.last?.lastSequence }
    public var commands: Int { segments.reduce(0) { $0 + $1.commands } }
    public var batches: Int { segments.reduce(0) { $0 + $1.batches } }
    public var isGood: Bool { damage.isEmpty }
}
