import Glibc
import SyncronCore

/// Measures the journal beside the least that a durable write can cost: a loop of pwrite and fdatasync of the same
/// bytes into a file written before, in turns in one run.
public enum JournalBenchmark {
    public struct Figures: Sendable {
        public var commandsPerSecond: Double
        /// Of one batch, written and synced.
        public var p50Nanoseconds: Int
        public var p99Nanoseconds: Int
    }

    public struct Row: Sendable {
        public var commandsPerBatch: Int
        public var bytesPerBatch: Int
        public var batches: Int
        public var journal: Figures
        public var bare: Figures
        /// The journal's commands per second over those of the bare loop.
        public var ratio: Double { journal.commandsPerSecond / bare.commandsPerSecond }
        /// What the ratio must not fall below.
        public var leastRatio: Double { commandsPerBatch >= 4_096 ? 0.4 : 0.8 }
    }

    public static let batchSizes = [1, 16, 256, 4_096]

    /// Runs each batch size for about `seconds`, in a new directory below `directory`, which is made where it is missing.
    /// The new directory is removed at the end. It takes some 300 MB.
    public static func run(
        directory: String, seconds: Double, batchSizes: [Int] = batchSizes
    ) throws(JournalFailure) -> [Row] {
        let path = "\(directory)/journal-benchmark-\(getpid())"
        let storage = try FileStorage(directory: path)
        defer { remove(storage) }
        var journal = try Journal.open(storage: storage)
        var rows: [Row] = []
        for size in batchSizes {
            rows.append(try measure(size, seconds: seconds, storage: storage, journal: &journal))
        }
        return rows
    }

    /// What cannot be removed stays: it does no harm.
    private static func remove(_ storage: FileStorage) {
        for folder in StorageFolder.allCases {
            for name in (try? storage.names(in: folder)) ?? [] { try? storage.remove(name, in: folder) }
            rmdir("\(storage.directory)/\(folder.rawValue)")
        }
        unlink("\(storage.directory)/lock")
        rmdir(storage.directory)
    }

    private static let fileLength = 64 << 20

    private static func measure(
        _ size: Int, seconds: Double, storage: FileStorage, journal: inout Journal
    ) throws(JournalFailure) -> Row {
        let commands = orders(size)
        var encoder = BatchEncoder()
        _ = try encoder.encode(
            commands.span, first: Sequence(1), time: .zero, previous: .none, rules: 1, limit: fileLength)
        let bareFile = try storage.create("bare", in: .journal)
        try bareFile.fillWithZeros(upTo: fileLength)
        // A turn takes some 10 ms, or a quarter of a segment.
        let turn = max(1, min(64, fileLength / 4 / encoder.length))
        var journalTimes: [Int] = []
        var bareTimes: [Int] = []
        var position = 0
        let end = nanoseconds() + Int(seconds * 1e9)
        repeat {
            // What a thread of its own does while the exchange runs.
            try journal.prepareNextSegment()
            for _ in 0..<turn {
                let start = nanoseconds()
                guard try journal.append(commands, at: journal.lastTime) == size else {
                    throw .tooLarge(bytes: encoder.length, limit: encoder.length)
                }
                try journal.sync()
                journalTimes.append(nanoseconds() - start)
            }
            for _ in 0..<turn {
                if position + encoder.length > fileLength { position = 0 }
                let start = nanoseconds()
                try encoder.withBytes { (bytes) throws(JournalFailure) in try bareFile.write(bytes, at: position) }
                try bareFile.sync()
                bareTimes.append(nanoseconds() - start)
                position += encoder.length
            }
            try journal.prune(upTo: journal.lastSequence)
        } while nanoseconds() < end
        try storage.remove("bare", in: .journal)
        return Row(
            commandsPerBatch: size, bytesPerBatch: encoder.length, batches: journalTimes.count,
            journal: figures(&journalTimes, size), bare: figures(&bareTimes, size))
    }

    /// Orders with a client id of full length: 73 bytes a record.
    private static func orders(_ count: Int) -> [Command] {
        (0..<count).map { index in
            let terms = OrderTerms.limit(
                price: Ticks(6_000_000 + Int64(index % 97)), quantity: Steps(1_000 + Int64(index)), timeInForce: .gtc)
            let order = PlaceOrder(
                account: AccountID(UInt32(index % 1_000 + 1)), market: MarketID(0),
                side: index % 2 == 0 ? .buy : .sell, terms: terms,
                clientOrderID: ClientOrderID("bench-00000000000000000000-\(100_000_000 + index)") ?? .none)
            return .placeOrder(order)
        }
    }

    private static func figures(_ times: inout [Int], _ commands: Int) -> Figures {
        times.sort()
        let total = times.reduce(0, +)
        return Figures(
            commandsPerSecond: Double(times.count * commands) / (Double(max(total, 1)) / 1e9),
            p50Nanoseconds: times[times.count / 2], p99Nanoseconds: times[times.count * 99 / 100])
    }

    private static func nanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
