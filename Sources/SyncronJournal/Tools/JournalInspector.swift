import SyncronCore

/// Looks at a journal without opening it for writing. Only `repair` changes anything.
public struct JournalInspector: Sendable {
    private let storage: any Storage

    private enum Depth {
        case headers, everything
    }

    public init(storage: any Storage) { self.storage = storage }

    /// Segments, sequences and times by the headers of the batches alone: records and chain are not verified.
    public func inspect() throws(JournalFailure) -> JournalReport { try report(.headers) }

    /// Reads everything: checksums, sequences, times and the chain. Goes on behind damage where it can.
    public func verify() throws(JournalFailure) -> JournalReport { try report(.everything) }

    /// Cuts a torn tail, as the next start would. Damage is refused unless it lies at or before `anchor`, and nothing
    /// else is ever cut. Returns what was; nil when there was nothing to repair.
    public func repair(
        anchor: ChainAnchor = .start
    ) throws(JournalFailure) -> RecoverySummary.TornTail? {
        let lock = try storage.lock()
        defer { withExtendedLifetime(lock) {} }
        let end = try JournalEnd.find(in: storage, anchor: anchor)
        guard let segment = end.current, let tornTail = end.tornTail else { return nil }
        let file = try storage.openForWriting(FileName.segment(first: segment), in: .journal)
        try file.writeZeros(at: tornTail.offset, count: tornTail.bytes)
        try file.sync()
        return tornTail
    }

    private func report(_ depth: Depth) throws(JournalFailure) -> JournalReport {
        let segments = try Segments.list(in: storage)
        let hasSpare = try storage.names(in: .journal).contains(FileName.spareSegment)
        var report = JournalReport(segments: [], tornTail: nil, damage: [], hasSpareSegment: hasSpare, chain: nil)
        var chain: ChainHash?
        var time = Timestamp.zero
        for (index, first) in segments.enumerated() {
            var scanner = try SegmentScanner(first: first, in: storage, chain: chain, time: time, anchor: nil)
            let following = index + 1 < segments.count ? segments[index + 1] : nil
            try read(&scanner, before: following, depth, into: &report)
            chain = scanner.chain
            time = scanner.time
        }
        report.chain = chain
        return report
    }

    /// Reads one segment to its end, over everything that is damaged.
    private func read(
        _ scanner: inout SegmentScanner, before following: Sequence?, _ depth: Depth, into report: inout JournalReport
    ) throws(JournalFailure) {
        var segment = JournalReport.Segment(
            file: scanner.bytes.name, bytes: try scanner.bytes.size(), usedBytes: 0, batches: 0, commands: 0,
            firstSequence: scanner.next, lastSequence: Sequence(scanner.next.raw - 1), firstTime: nil, lastTime: nil)
        reading: while true {
            switch try look(&scanner, depth) {
            case .batch(let header):
                if depth == .headers { scanner.passUnread(header) } else { _ = try scanner.pass(header) }
                segment.count(header)
            case .damaged(let damage):
                report.damage.append(damage)
                if try !skip(&scanner, counting: &segment) { break reading }
            case .blank, .torn:
                guard try goOn(&scanner, before: following, into: &report, counting: &segment) else { break reading }
            }
        }
        segment.usedBytes = scanner.position
        segment.lastSequence = Sequence(scanner.next.raw - 1)
        report.segments.append(segment)
    }

    private func look(_ scanner: inout SegmentScanner, _ depth: Depth) throws(JournalFailure) -> SegmentScanner.Finding
    {
        if depth == .headers, let header = try scanner.lookAtHeader(),
            scanner.position + header.length <= (try scanner.bytes.size())
        {
            return .batch(header)
        }
        return try scanner.look()
    }

    /// At the end of the whole batches. False when the segment ends here.
    private func goOn(
        _ scanner: inout SegmentScanner, before following: Sequence?, into report: inout JournalReport,
        counting segment: inout JournalReport.Segment
    ) throws(JournalFailure) -> Bool {
        if let behind = try scanner.nextWholeBatch() {
            report.damage.append(
                scanner.damage(missingBatch(before: behind.offset)))
            return try skip(&scanner, counting: &segment)
        }
        if let following, following != scanner.next {
            report.damage.append(
                scanner.damage("a batch is missing: the next segment begins at sequence \(following)"))
        } else if following == nil, let written = try scanner.lastWritten() {
            report.tornTail = RecoverySummary.TornTail(
                file: scanner.bytes.name, offset: scanner.position, bytes: written + 1 - scanner.position,
                sequence: scanner.next)
        }
        return false
    }

    private func skip(
        _ scanner: inout SegmentScanner, counting segment: inout JournalReport.Segment
    ) throws(JournalFailure) -> Bool {
        let before = scanner.next
        guard try scanner.skipDamage(upTo: Sequence(.max - 1)) else { return false }
        segment.commands += Int(scanner.next.raw - before.raw)
        segment.batches += 1
        return true
    }
}

extension JournalReport.Segment {
    fileprivate mutating func count(_ header: BatchHeader) {
        batches += 1
        commands += header.count
        firstTime = firstTime ?? header.time
        lastTime = header.time
    }
}
