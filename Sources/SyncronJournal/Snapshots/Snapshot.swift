import SyncronCore

/// What a snapshot says of itself.
public struct SnapshotInfo: Hashable, Sendable {
    /// The last command that the snapshot contains: the last one of a batch.
    public var sequence: Sequence
    /// The time of that command.
    public var time: Timestamp
    /// The engine's digest of its state there.
    public var digest: StateDigest
    /// The hash of the batch that ends there.
    public var chain: ChainHash
    /// The version of the rules that the state was computed by.
    public var rules: UInt32

    public init(
        sequence: Sequence, time: Timestamp, digest: StateDigest, chain: ChainHash,
        rules: UInt32 = Genesis.currentRules
    ) {
        self.sequence = sequence
        self.time = time
        self.digest = digest
        self.chain = chain
        self.rules = rules
    }

    /// Where the journal goes on after the snapshot.
    public var anchor: ChainAnchor { ChainAnchor(sequence: sequence, time: time, hash: chain) }
}

/// A snapshot in memory, every byte of it verified.
public struct Snapshot: Sendable {
    public let info: SnapshotInfo
    private let bytes: [UInt8]
    private let sections: [(name: String, range: Range<Int>)]

    init(info: SnapshotInfo, bytes: [UInt8], sections: [(name: String, range: Range<Int>)]) {
        self.info = info
        self.bytes = bytes
        self.sections = sections
    }

    public var sectionNames: [String] { sections.map(\.name) }

    /// The bytes of a section, good inside `body` only. Nil when there is no such section.
    public func withSection<R, E: Error>(
        _ name: String, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R? {
        guard let range = sections.first(where: { $0.name == name })?.range else { return nil }
        return try bytes.span.bytes.extracting(range).withUnsafeBytes(body)
    }

    /// A copy of the bytes of a section. Nil when there is no such section.
    public func section(_ name: String) -> [UInt8]? { withSection(name) { Array($0) } }
}

/// The newest snapshot that can be relied on, and the newer ones that cannot.
public struct SnapshotSearch: Sendable {
    public var snapshot: Snapshot?
    public var skipped: [JournalFailure]

    public init(snapshot: Snapshot?, skipped: [JournalFailure]) {
        self.snapshot = snapshot
        self.skipped = skipped
    }
}
