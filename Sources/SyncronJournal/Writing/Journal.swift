import SyncronCore

/// The commands that were accepted, on the disk. One owner at a time writes it: a batch is appended, then synced,
/// and only then may anything of it be seen.
public struct Journal: ~Copyable {
    /// What opening it found.
    public let recovery: RecoverySummary
    /// The last command that was appended; 0 before the first.
    public private(set) var lastSequence: Sequence
    /// The time of the last batch that was appended.
    public private(set) var lastTime: Timestamp
    /// The hash of the last batch that was synced.
    public private(set) var chain: ChainHash
    /// Prepares and prunes segments, on whatever thread.
    public let keeper: SegmentKeeper

    private let options: JournalOptions
    private let storage: any Storage
    private let lock: any StorageLock
    private var encoder = BatchEncoder()
    /// The segment that is being written; nil before the first one.
    private var current: (any StorageFile)?
    private var position: Int
    private var capacity: Int
    private var isSynced = true
    private var failure: JournalFailure?
    /// Has the hash of the last batch while it is not synced, if the batch is long.
    private var hashThread: HashThread?
    private var isHashing = false
    /// From this length on the hash takes longer than to wake another thread for it.
    private static let longBatch = 1 << 16

    /// Opens the journal of a data directory, or begins it. A torn tail is cut; damage is refused unless it lies at or
    /// before `anchor`, the place of the newest good snapshot.
    public static func open(
        storage: any Storage, options: JournalOptions = JournalOptions(), anchor: ChainAnchor = .start
    ) throws(JournalFailure) -> Journal {
        let lock = try storage.lock()
        let end = try JournalEnd.find(in: storage, anchor: anchor)
        let keeper = SegmentKeeper(storage: storage, segmentBytes: options.segmentBytes)
        try keeper.adoptSpare()
        var journal = Journal(options: options, storage: storage, lock: lock, keeper: keeper, end: end)
        if let current = end.current { try journal.resume(in: current, tornTail: end.tornTail) }
        if !journal.hasRoom { try journal.prepareIfThereIsSpace() }
        return journal
    }

    private init(
        options: JournalOptions, storage: any Storage, lock: any StorageLock, keeper: SegmentKeeper, end: JournalEnd
    ) {
        self.options = options
        self.storage = storage
        self.lock = lock
        self.keeper = keeper
        recovery = RecoverySummary(
            segments: end.segments.count, firstSequence: end.segments.first ?? Sequence(1),
            lastSequence: end.last.sequence, lastTime: end.last.time, rules: end.rules, tornTail: end.tornTail,
            coveredDamage: end.coveredDamage)
        lastSequence = end.last.sequence
        lastTime = end.last.time
        chain = end.last.hash
        position = end.position
        capacity = 0
    }

    /// Whether the next batch has a place for certain. Else new commands should be refused until `prepareNextSegment`
    /// has found space; what is under way may still fit.
    public var hasRoom: Bool { capacity - position >= options.batchBytes || keeper.hasSpare }

    /// Whether `prepareNextSegment` has something to do.
    public var needsSegment: Bool { !keeper.hasSpare }

    /// Makes the next segment unless it is there. Throws `.noSpace` when there is none; it can be tried again.
    public mutating func prepareNextSegment() throws(JournalFailure) { try keeper.prepare() }

    /// Writes one batch, which is durable once `sync` returns, and returns how many of `commands` it took: all, unless
    /// they are too long for one batch. `time` is not before `lastTime`, and there is at least one command.
    ///
    /// A batch that was not synced yet is synced first. Throws `.noSpace` when there is no place for the batch, and
    /// nothing has changed then. Any other failure is final: what became of the batch is unknown.
    public mutating func append(_ commands: Span<Command>, at time: Timestamp) throws(JournalFailure) -> Int {
        precondition(!commands.isEmpty && time >= lastTime)
        try sync()
        let first = lastSequence.next
        let count = try encoder.encode(
            commands, first: first, time: time, previous: chain, rules: options.rules, limit: options.batchBytes)
        let file = try fileWithRoom(for: encoder.length, first: first)
        do throws(JournalFailure) {
            try encoder.withBytes { (bytes) throws(JournalFailure) in try file.write(bytes, at: position) }
        } catch {
            throw undo(error, in: file)
        }
        beginHash()
        position += encoder.length
        lastSequence = Sequence(lastSequence.raw + UInt64(count))
        lastTime = time
        isSynced = false
        return count
    }

    /// Like `append(_:at:)` of a span.
    public mutating func append(_ commands: [Command], at time: Timestamp) throws(JournalFailure) -> Int {
        try append(commands.span, at: time)
    }

    /// Makes durable all that was appended. A failure is final: nothing can be appended any more, and what is on the
    /// disk is known only to the next start.
    public mutating func sync() throws(JournalFailure) {
        if let failure { throw failure }
        guard !isSynced, let current else { return }
        defer { finishHash() }
        do throws(JournalFailure) {
            try current.sync()
        } catch {
            throw fail(error)
        }
        isSynced = true
    }

    deinit {
        // The thread reads the encoder's memory.
        if isHashing { _ = hashThread?.finish() }
    }

    /// Removes all segments whose commands are at or before `sequence`, but never the last two. Returns how many.
    @discardableResult
    public func prune(upTo sequence: Sequence) throws(JournalFailure) -> Int { try keeper.prune(upTo: sequence) }

    private mutating func beginHash() {
        if encoder.length >= Self.longBatch && hashThread == nil { hashThread = HashThread() }
        if encoder.length >= Self.longBatch, let hashThread {
            encoder.withBytes { hashThread.begin($0) }
            isHashing = true
        } else {
            chain = encoder.withBytes { ChainHash(of: $0) }
        }
    }

    private mutating func finishHash() {
        guard isHashing, let hashThread else { return }
        chain = hashThread.finish()
        isHashing = false
    }

    private mutating func fileWithRoom(
        for length: Int, first sequence: Sequence
    ) throws(JournalFailure) -> any StorageFile {
        if let current, capacity - position >= length { return current }
        if !keeper.hasSpare { try keeper.prepare() }
        do throws(JournalFailure) {
            guard let file = try keeper.take(first: sequence) else { throw .noSpace(file: FileName.spareSegment) }
            current = file
            position = 0
            capacity = options.segmentBytes
            return file
        } catch {
            if error.isNoSpace { throw error }
            throw fail(error)
        }
    }

    /// The disk had no space for a write into a segment that was there: what was written of it is taken back.
    private mutating func undo(_ error: JournalFailure, in file: any StorageFile) -> JournalFailure {
        guard error.isNoSpace else { return fail(error) }
        do throws(JournalFailure) {
            try file.writeZeros(at: position, count: encoder.length)
            return error
        } catch {
            return fail(error)
        }
    }

    private mutating func fail(_ error: JournalFailure) -> JournalFailure {
        failure = error
        return error
    }

    /// Makes the last segment ready to be gone on with.
    private mutating func resume(
        in segment: Sequence, tornTail: RecoverySummary.TornTail?
    ) throws(JournalFailure) {
        let file = try storage.openForWriting(FileName.segment(first: segment), in: .journal)
        if let tornTail { try file.writeZeros(at: tornTail.offset, count: tornTail.bytes) }
        // A process that was killed may have left a batch, or a name, that a power cut would still take back.
        try file.sync()
        try storage.syncNames(in: .journal)
        do throws(JournalFailure) {
            try file.fillWithZeros(upTo: options.segmentBytes)
        } catch {
            // A segment that was cut short is gone on with as far as it reaches.
            guard error.isNoSpace else { throw error }
        }
        current = file
        capacity = try file.size()
    }

    private mutating func prepareIfThereIsSpace() throws(JournalFailure) {
        do throws(JournalFailure) {
            try keeper.prepare()
        } catch {
            guard error.isNoSpace else { throw error }
        }
    }
}

/// Nothing in it is tied to a thread; that there is one owner at a time is what `~Copyable` sees to.
extension Journal: @unchecked Sendable {}

extension StorageFile {
    /// Sets bytes back to what they were before the first write.
    func writeZeros(at offset: Int, count: Int) throws(JournalFailure) {
        let zeros = [UInt8](repeating: 0, count: min(count, 1 << 20))
        var done = 0
        while done < count {
            let length = min(zeros.count, count - done)
            try zeros.span.bytes.withUnsafeBytes { (bytes) throws(JournalFailure) in
                try write(UnsafeRawBufferPointer(rebasing: bytes[..<length]), at: offset + done)
            }
            done += length
        }
    }
}
