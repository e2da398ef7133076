import SyncronCore

/// Where a journal ends, found by reading its last segment. Nothing is changed.
struct JournalEnd {
    var segments: [Sequence]
    /// The segment that the next batch goes to if it fits; nil when there are no segments.
    var current: Sequence?
    /// Where in it the next batch goes.
    var position = 0
    var last: ChainAnchor
    var rules: UInt32?
    var tornTail: RecoverySummary.TornTail?
    var coveredDamage: [Damage] = []

    /// Throws what stands in the way of going on after it. What lies at or before `anchor` need not be good.
    static func find(in storage: any Storage, anchor: ChainAnchor) throws(JournalFailure) -> JournalEnd {
        let segments = try Segments.list(in: storage)
        var end = JournalEnd(segments: segments, last: .start)
        if let first = segments.first, first > anchor.sequence.next {
            throw .missing(wanted: anchor.sequence.next, first: first)
        }
        if let newest = segments.last {
            end.current = newest
            if try !end.read(newest, in: storage, anchor: anchor) {
                try end.readBefore(newest, in: storage, anchor: anchor)
            }
        }
        guard end.last.sequence >= anchor.sequence else {
            throw .endsBeforeSnapshot(last: end.last.sequence, snapshot: anchor.sequence)
        }
        return end
    }

    /// Reads a segment to its end. False when there is no batch in it.
    private mutating func read(
        _ segment: Sequence, in storage: any Storage, anchor: ChainAnchor
    ) throws(JournalFailure) -> Bool {
        let known = anchor.sequence.raw > 0 ? anchor : nil
        var scanner = try SegmentScanner(first: segment, in: storage, anchor: known)
        while true {
            switch try scanner.look() {
            case .batch(let header):
                if let damage = try scanner.pass(header) { coveredDamage.append(damage) }
            case .damaged(let damage):
                try skip(damage, in: &scanner, anchor)
            case .blank, .torn:
                guard let written = try scanner.lastWritten() else { return note(scanner) }
                if let damage = try damageInsteadOfTornTail(&scanner, anchor) {
                    try skip(damage, in: &scanner, anchor)
                } else {
                    tornTail = RecoverySummary.TornTail(
                        file: scanner.bytes.name, offset: scanner.position,
                        bytes: written + 1 - scanner.position, sequence: scanner.next)
                    return note(scanner)
                }
            }
        }
    }

    /// Reads the segment before an empty one: it must end where the empty one begins.
    private mutating func readBefore(
        _ empty: Sequence, in storage: any Storage, anchor: ChainAnchor
    ) throws(JournalFailure) {
        guard let segment = segments.last(where: { $0 < empty }) else {
            if empty == anchor.sequence.next { last = anchor }
            guard last.sequence.next == empty else { throw .missing(wanted: last.sequence.next, first: empty) }
            return
        }
        let tail = (position, tornTail)
        let isWritten = try read(segment, in: storage, anchor: anchor)
        guard isWritten && last.sequence.next == empty else {
            let sequence = isWritten ? last.sequence.next : segment
            let file = "\(StorageFolder.journal.rawValue)/\(FileName.segment(first: segment))"
            let what = "a batch is missing: the next segment begins at sequence \(empty)"
            throw .damaged(Damage(file: file, offset: position, sequence: sequence, what: what))
        }
        (position, tornTail) = tail
    }

    /// Something was written behind the last whole batch. Nil if it is a torn tail.
    private func damageInsteadOfTornTail(
        _ scanner: inout SegmentScanner, _ anchor: ChainAnchor
    ) throws(JournalFailure) -> Damage? {
        if let behind = try scanner.nextWholeBatch() {
            return scanner.damage(missingBatch(before: behind.offset))
        }
        // What a snapshot has was durable.
        return scanner.next <= anchor.sequence ? scanner.damage("a batch that a snapshot has is incomplete") : nil
    }

    private mutating func skip(
        _ damage: Damage, in scanner: inout SegmentScanner, _ anchor: ChainAnchor
    ) throws(JournalFailure) {
        guard try scanner.skipDamage(upTo: anchor.sequence) else { throw .damaged(damage) }
        coveredDamage.append(damage)
    }

    /// Whether there was a batch before the place where `scanner` stands.
    private mutating func note(_ scanner: borrowing SegmentScanner) -> Bool {
        position = scanner.position
        guard scanner.next > scanner.bytes.first, let place = scanner.place else { return false }
        last = place
        rules = scanner.rules
        return true
    }
}
