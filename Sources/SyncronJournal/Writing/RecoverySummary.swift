import SyncronCore

/// What opening a journal found and did.
public struct RecoverySummary: Hashable, Sendable {
    /// The torn batch at the end of a journal: written when the power went, never acknowledged.
    public struct TornTail: Hashable, Sendable, CustomStringConvertible {
        /// Relative to the data directory.
        public var file: String
        /// What was set to zero again: from the first byte of the batch to the last one written.
        public var offset: Int
        public var bytes: Int
        /// The sequence of the first command that was cut.
        public var sequence: Sequence

        public init(file: String, offset: Int, bytes: Int, sequence: Sequence) {
            self.file = file
            self.offset = offset
            self.bytes = bytes
            self.sequence = sequence
        }

        public var description: String {
            "\(file), offset \(offset), sequence \(sequence): an incomplete batch of \(bytes) bytes"
        }
    }

    public var segments: Int
    /// The first sequence that the journal still has, or would have next.
    public var firstSequence: Sequence
    /// 0 when there are no commands.
    public var lastSequence: Sequence
    public var lastTime: Timestamp
    /// The rules version of the last batch; nil when there is none.
    public var rules: UInt32?
    /// Nil when the journal ended as it should.
    public var tornTail: TornTail?
    /// Damage in the last segment that the snapshot makes up for.
    public var coveredDamage: [Damage]

    public init(
        segments: Int, firstSequence: Sequence, lastSequence: Sequence, lastTime: Timestamp, rules: UInt32?,
        tornTail: TornTail?, coveredDamage: [Damage]
    ) {
        self.segments = segments
        self.firstSequence = firstSequence
        self.lastSequence = lastSequence
        self.lastTime = lastTime
        self.rules = rules
        self.tornTail = tornTail
        self.coveredDamage = coveredDamage
    }
}
