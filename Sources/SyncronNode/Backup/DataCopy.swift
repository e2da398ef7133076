import Foundation
import SyncronCore
import SyncronHistory
import SyncronJournal

/// Copies a data directory, also while an exchange runs on it: a backup, and the way back.
///
/// History first, then snapshots, then the journal up to a batch that is whole: so the journal reaches at least as far
/// as everything derived from it. Whatever came later is not in the copy, and nothing in it is half. The copy is read
/// and verified before it gets its name.
public struct DataCopy: Sendable {
    /// Why there is no copy. Nothing is left of it.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public struct Report: Sendable {
        /// The last command in the copy.
        public var sequence = Sequence(0)
        public var segments = 0
        public var snapshots = 0
        /// As the files take room, without the zeros behind the journal's end.
        public var bytes = 0
    }

    public var source: String
    public var target: String
    /// The keys of the exchange: without `master.key` the secrets of API keys cannot be opened any more.
    public var includesKeys = true

    static let keys = ["master.key", "admin.token", "demo.key"]
    private static let history = "history.sqlite"
    private static let attempts = 3
    private static let patience = Duration.seconds(5)

    public init(from source: String, to target: String) {
        self.source = source
        self.target = target
    }

    /// - Throws: `Failure`.
    public func run() throws(Failure) -> Report {
        try checkPlaces()
        var attempt = 1
        while true {
            do {
                return try copy()
            } catch {
                try? FileManager.default.removeItem(atPath: unfinished)
                // Files may be removed while they are listed, where passed segments are not kept.
                if attempt == Self.attempts { throw Failure(description: "\(source) cannot be copied: \(error)") }
                attempt += 1
            }
        }
    }

    private var unfinished: String { target + ".unfinished" }

    private func checkPlaces() throws(Failure) {
        let files = FileManager.default
        guard files.fileExists(atPath: "\(source)/journal") else {
            throw Failure(description: "there is no journal in \(source)")
        }
        let isEmptyFolder = (try? files.contentsOfDirectory(atPath: target))?.isEmpty == true
        guard isEmptyFolder || !files.fileExists(atPath: target) else {
            throw Failure(description: "\(target) exists already and is not an empty folder")
        }
        guard !files.fileExists(atPath: unfinished) else {
            throw Failure(description: "\(unfinished) is in the way: another copy is being made, or was broken off")
        }
    }

    private func copy() throws -> Report {
        let files = FileManager.default
        for folder in ["journal", "snapshots"] {
            try files.createDirectory(
                atPath: "\(unfinished)/\(folder)", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        var report = Report()
        var history = Sequence(0)
        if files.fileExists(atPath: "\(source)/\(Self.history)") {
            history = try HistoryStore.copy("\(source)/\(Self.history)", to: "\(unfinished)/\(Self.history)")
        }
        for name in (try? files.contentsOfDirectory(atPath: "\(source)/snapshots")) ?? []
        where name.hasSuffix(".snapshot") {
            report.bytes += try copy("snapshots/\(name)", bytes: nil)
            report.snapshots += 1
        }
        try copyJournal(&report, history)
        if includesKeys {
            for name in Self.keys where files.fileExists(atPath: "\(source)/\(name)") {
                report.bytes += try copy(name, bytes: nil)
            }
        }
        let verified = try JournalInspector(storage: FileStorage(reading: unfinished)).verify()
        guard verified.isGood, verified.lastSequence == report.sequence else {
            throw Failure(description: "the copy of the journal is damaged: \(verified.damage.map { "\($0)" })")
        }
        if files.fileExists(atPath: target) { try files.removeItem(atPath: target) }
        try files.moveItem(atPath: unfinished, toPath: target)
        return report
    }

    private func copyJournal(_ report: inout Report, _ history: Sequence) throws {
        guard let newest = try segments().last else { throw Failure(description: "the journal has no segment") }
        var reader = JournalReader(storage: FileStorage(reading: source), from: newest.first, mode: .growing)
        report.sequence = Sequence(newest.first.raw - 1)
        // Up to the last whole batch; of a journal that grows faster than it is read, what it was a while later.
        let deadline = MonotonicTime.now + Self.patience
        while let batch = try reader.nextVerified() {
            report.sequence = Sequence(batch.firstSequence.raw + UInt64(batch.count) - 1)
            if deadline <= .now { break }
        }
        // A segment that was just begun holds nothing yet.
        let (last, bytes) = reader.reached ?? (newest.file, 0)
        let copied = try segments().filter { $0.file <= last }
        guard let first = copied.first?.first, first <= history.next else {
            throw Failure(description: "the history has \(history), and what follows it was just removed")
        }
        for segment in copied {
            let size = try FileManager.default.attributesOfItem(atPath: "\(source)/\(segment.file)")[.size] as? Int
            report.bytes += try copy(segment.file, bytes: segment.file == last ? bytes : nil)
            // Behind its end a segment is zeros, as the next start expects them. They take no room.
            guard let size, truncate("\(unfinished)/\(segment.file)", size) == 0 else {
                throw Failure(description: "\(segment.file): \(String(cString: strerror(errno)))")
            }
            report.segments += 1
        }
    }

    /// Those of the journal, in order.
    private func segments() throws -> [(file: String, first: Sequence)] {
        try FileManager.default.contentsOfDirectory(atPath: "\(source)/journal").sorted().compactMap { name in
            guard name.hasSuffix(".journal"), let first = UInt64(name.dropLast(8)) else { return nil }
            return (file: "journal/\(name)", first: Sequence(first))
        }
    }

    /// Copies the first `bytes` of a file, or all of it, and syncs the copy. Returns how many there were.
    private func copy(_ name: String, bytes: Int?) throws -> Int {
        let from = try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(source)/\(name)"))
        defer { try? from.close() }
        let path = "\(unfinished)/\(name)"
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw Failure(description: "\(path) cannot be written")
        }
        let to = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? to.close() }
        var left = bytes ?? .max
        var count = 0
        while left > 0, let part = try from.read(upToCount: min(left, 1 << 20)), !part.isEmpty {
            try to.write(contentsOf: part)
            left -= part.count
            count += part.count
        }
        try to.synchronize()
        if let bytes, count < bytes { throw Failure(description: "\(name) ends after \(count) bytes") }
        return count
    }
}
