import SyncronCore

/// Goes through one segment batch by batch, knowing what must come next.
struct SegmentScanner: ~Copyable {
    enum Finding {
        /// A batch that is whole and follows from the one before.
        case batch(BatchHeader)
        /// No header here: the end of what was written, as far as this place shows.
        case blank
        /// What a power cut leaves of a batch.
        case torn
        case damaged(Damage)
    }

    private(set) var bytes: SegmentBytes
    /// Where the next batch starts.
    private(set) var position = 0
    /// The sequence that the next batch starts with.
    private(set) var next: Sequence
    /// The hash of the batch before; nil when it is not known.
    private(set) var chain: ChainHash?
    /// The time of the batch before.
    private(set) var time: Timestamp
    /// The rules of the batch before; zero when there is none.
    private(set) var rules: UInt32 = 0
    /// Where a snapshot stands, which knows the hash there.
    private let anchor: ChainAnchor?

    /// `chain` and `time` are those of the batch before the segment, as far as they are known.
    init(
        first: Sequence, in storage: any Storage, chain: ChainHash? = nil, time: Timestamp = .zero,
        anchor: ChainAnchor?
    ) throws(JournalFailure) {
        bytes = try SegmentBytes(first: first, in: storage)
        next = first
        self.anchor = anchor
        self.time = time
        self.chain = first.raw == 1 ? ChainHash.none : chain
        if let anchor, first == anchor.sequence.next { self.chain = anchor.hash }
    }

    /// What stands at `position`.
    mutating func look() throws(JournalFailure) -> Finding {
        switch BatchHeader.read(try bytes.bytes(at: position, count: BatchHeader.size)) {
        case .blank: return .blank
        case .broken: return try lookAtBrokenHeader()
        case .good(let header):
            if let what = contradiction(in: header) { return .damaged(damage(what)) }
            let extent = try bytes.bytes(at: position, count: header.length)
            guard let fault = BatchRecords.fault(in: extent, count: header.count) else {
                return .batch(header)
            }
            if Sector.isTorn(extent, at: position) { return .torn }
            return .damaged(
                Damage(
                    file: bytes.name, offset: position + fault.offset,
                    sequence: Sequence(header.first.raw + UInt64(fault.index)), what: fault.what))
        }
    }

    /// The header at `position`, if it follows from what was before. Its records are not looked at.
    mutating func lookAtHeader() throws(JournalFailure) -> BatchHeader? {
        guard case .good(let header) = BatchHeader.read(try bytes.bytes(at: position, count: BatchHeader.size)),
            header.first == next
        else { return nil }
        return header
    }

    /// The bytes of the batch at `position`, good until the next look.
    mutating func extent(of header: BatchHeader) throws(JournalFailure) -> UnsafeRawBufferPointer {
        try bytes.bytes(at: position, count: header.length)
    }

    /// Goes behind a batch that was found good. Returns what is wrong if a snapshot knows the batch by another
    /// hash.
    mutating func pass(_ header: BatchHeader) throws(JournalFailure) -> Damage? {
        let hash = ChainHash(of: try extent(of: header))
        defer { moveOn(behind: header, hash: hash) }
        guard let anchor, header.last == anchor.sequence, hash != anchor.hash else { return nil }
        return damage("not the batch that the snapshot at sequence \(anchor.sequence) followed")
    }

    /// Goes behind a batch whose bytes do not matter.
    mutating func passUnread(_ header: BatchHeader) { moveOn(behind: header, hash: nil) }

    /// Goes behind what is damaged at `position`, if it can be shown to hold nothing after `covered`.
    mutating func skipDamage(upTo covered: Sequence) throws(JournalFailure) -> Bool {
        guard next <= covered else { return false }
        if let header = try lookAtHeader(), header.last <= covered {
            passUnread(header)
            return true
        }
        let rest = max(BatchHeader.size, try bytes.size() - position)
        if let (length, count) = BatchRecords.measure(try bytes.bytes(at: position, count: rest)),
            next.raw + UInt64(count) <= covered.raw + 1
        {
            move(to: position + length, next: Sequence(next.raw + UInt64(count)), hash: nil)
            return true
        }
        if let found = try nextWholeBatch(), found.header.first <= covered.next {
            move(to: found.offset, next: found.header.first, hash: nil)
            return true
        }
        return false
    }

    /// The first whole batch behind `position`.
    mutating func nextWholeBatch() throws(JournalFailure) -> (offset: Int, header: BatchHeader)? {
        guard let last = try lastWritten() else { return nil }
        let size = last + 1
        var offset = position + 8
        while offset + BatchHeader.overhead <= size {
            let part = try bytes.bytes(at: offset, count: min(1 << 16, (size - offset) & ~7))
            guard let found = Self.offsetOfMagic(in: part) else {
                offset += part.count
                continue
            }
            offset += found
            if case .good(let header) = BatchHeader.read(try bytes.bytes(at: offset, count: BatchHeader.size)),
                header.first >= next, offset + header.length <= size,
                BatchRecords.fault(in: try bytes.bytes(at: offset, count: header.length), count: header.count) == nil
            {
                return (offset, header)
            }
            offset += 8
        }
        return nil
    }

    /// The last byte behind `position` that was written. Nil when all is zero there.
    mutating func lastWritten() throws(JournalFailure) -> Int? { try bytes.lastNonZero(from: position) }

    /// Makes the next look go to the disk.
    mutating func forget() { bytes.forget() }

    /// Behind the last batch; nil when its hash is not known.
    var place: ChainAnchor? {
        chain.map { ChainAnchor(sequence: Sequence(next.raw - 1), time: time, hash: $0) }
    }

    func damage(_ what: String) -> Damage {
        Damage(file: bytes.name, offset: position, sequence: next, what: what)
    }

    private func contradiction(in header: BatchHeader) -> String? {
        if header.first != next { return "a batch of sequence \(header.first) where \(next) must follow" }
        if let chain, header.previous != chain { return "a break in the chain: the batch follows another one" }
        if header.time < time { return "the time runs backwards" }
        return nil
    }

    /// Torn if one of the sectors that the header lies in was not written, or nothing behind the header was.
    private mutating func lookAtBrokenHeader() throws(JournalFailure) -> Finding {
        let sectors = (position + BatchHeader.size + Sector.size - 1) / Sector.size * Sector.size
        if Sector.hasBlankPart(try bytes.bytes(at: position, count: sectors - position), at: position) { return .torn }
        if try bytes.lastNonZero(from: position + BatchHeader.size) == nil { return .torn }
        return .damaged(damage("the header of a batch does not match its checksum"))
    }

    private mutating func moveOn(behind header: BatchHeader, hash: ChainHash?) {
        time = header.time
        rules = header.rules
        move(to: position + header.length, next: header.last.next, hash: hash)
    }

    private mutating func move(to offset: Int, next sequence: Sequence, hash: ChainHash?) {
        position = offset
        next = sequence
        chain = hash
        if let anchor, sequence == anchor.sequence.next { chain = anchor.hash }
    }

    private static func offsetOfMagic(in bytes: UnsafeRawBufferPointer) -> Int? {
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            if word == BatchHeader.magic { return offset }
            offset += 8
        }
        return nil
    }
}

/// What is said of a place where there is no whole batch, but behind which there is one.
func missingBatch(before offset: Int) -> String {
    "a batch is missing or incomplete, and a whole one follows at offset \(offset)"
}
