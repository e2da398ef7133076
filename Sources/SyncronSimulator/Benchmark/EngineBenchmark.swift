import CSyncron
import SyncronCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs a recorded stream of commands through the complete engine: ledger, holds, fees and events; no disk.
///
/// The stream is a 64-byte header and records of 32 bytes, little-endian. Header: `OSTRM001`, number of records, how
/// many of them only load the book, number of markets (u32), highest price (u32), highest order id, and the trades,
/// quantity and checksum that the rest comes to. Record: op (0 LIMIT GTC, 1 CANCEL, 2 LIMIT IOC), side (0 buy),
/// market (u16), quantity in steps (u32), order id (u64), price in ticks (i64), 0 (u64).
///
/// Orders are spread over 10,000 funded accounts, with self-trade prevention off and the filters wide open. Orders that
/// wait for a trigger far from any price can stand beside them, to see what they cost the others.
public struct EngineBenchmark: ~Copyable {
    public enum Failure: Error, CustomStringConvertible {
        case unreadable(String)
        case notAStream(String)
        case wrongResult(trades: UInt64, quantity: UInt64, checksum: UInt64)

        public var description: String {
            switch self {
            case .unreadable(let path): "cannot read \(path)"
            case .notAStream(let path): "\(path) is not a command stream"
            case .wrongResult(let trades, let quantity, let checksum):
                "the trades differ from the stream's: \(trades) trades, quantity \(quantity), checksum \(checksum)"
            }
        }
    }

    public struct Result: Sendable {
        public var commands: Int
        public var nanoseconds: UInt64
        public var trades: UInt64
        public var quantity: UInt64
        public var checksum: UInt64
        /// The most memory that the process has had resident, in bytes.
        public var peakBytes: Int
        /// Heap bytes in use after the run minus those after a tenth of it: the warm-up.
        public var heapGrowth: Int
        public var openOrders: Int

        public var commandsPerSecond: Double { Double(commands) * 1e9 / Double(max(nanoseconds, 1)) }
        public var nanosecondsPerCommand: Double { Double(nanoseconds) / Double(max(commands, 1)) }
    }

    private static let accounts: UInt32 = 10_000
    private var engine: Engine
    private var sequence = Sequence(0)
    private var tally = Tally()
    private var chunk: [Command] = []
    /// Commands built before the clock runs, and then applied while it does.
    private static let chunkSize = 128

    /// Reads the stream at `path` and runs it once, with so many orders that wait in its first market. Throws when it
    /// cannot be read or its trades are not those of its header.
    public static func run(path: String, waiting: Int = 0) throws(Failure) -> Result {
        var stream = try CommandStream(path: path)
        stream.idOffset = UInt64(waiting)
        return try EngineBenchmark.run(stream)
    }

    private static func run(_ stream: CommandStream) throws(Failure) -> Result {
        var benchmark = EngineBenchmark(stream)
        benchmark.apply(stream, 0..<stream.preload)
        benchmark.tally = Tally(idOffset: stream.idOffset)
        let warmUp = stream.preload + (stream.count - stream.preload) / 10
        var nanoseconds = benchmark.apply(stream, stream.preload..<warmUp)
        let heap = Int(syncron_heap_in_use())
        nanoseconds += benchmark.apply(stream, warmUp..<stream.count)
        let growth = Int(syncron_heap_in_use()) - heap
        let tally = benchmark.tally
        guard tally.trades == stream.trades, tally.quantity == stream.quantity, tally.checksum == stream.checksum
        else { throw .wrongResult(trades: tally.trades, quantity: tally.quantity, checksum: tally.checksum) }
        return Result(
            commands: stream.count - stream.preload, nanoseconds: nanoseconds, trades: tally.trades,
            quantity: tally.quantity, checksum: tally.checksum, peakBytes: Int(syncron_peak_resident()),
            heapGrowth: growth, openOrders: benchmark.engine.openOrderCount)
    }

    private init(_ stream: CommandStream) {
        var limits = Limits()
        limits.accounts = Int(Self.accounts)
        limits.openOrders = 1 << 21
        engine = Engine(limits: limits)
        for command in stream.setup(accounts: Self.accounts) { apply(command) }
        for command in stream.waiting(accounts: Self.accounts) { apply(command) }
    }

    private mutating func apply(_ command: Command) {
        sequence = sequence.next
        engine.apply(command, at: Stamp(sequence: sequence, time: .zero))
        var cursor = 0
        if case .rejected(let rejection)? = engine.log.next(&cursor) {
            fatalError("\(command) was refused: \(rejection)")
        }
    }

    /// Applies the records in `range`. Returns the nanoseconds that it took, without building the commands.
    @discardableResult
    private mutating func apply(_ stream: CommandStream, _ range: Range<Int>) -> UInt64 {
        var nanoseconds: UInt64 = 0
        var first = range.lowerBound
        while first < range.upperBound {
            let last = min(first + Self.chunkSize, range.upperBound)
            stream.build(first..<last, accounts: Self.accounts, into: &chunk)
            let start = Self.now()
            for index in chunk.indices {
                engine.prefetch(chunk.span, at: index)
                sequence = sequence.next
                engine.apply(chunk.span[index], at: Stamp(sequence: sequence, time: .zero))
                engine.log.forEachTrade { tally.add($0) }
            }
            nanoseconds += Self.now() - start
            first = last
        }
        return nanoseconds
    }

    private struct Tally {
        var trades: UInt64 = 0
        var quantity: UInt64 = 0
        var checksum: UInt64 = 0
        var idOffset: UInt64 = 0

        @inline(__always)
        mutating func add(_ trade: borrowing Trade) {
            let quantity = UInt64(trade.quantity.raw)
            trades += 1
            self.quantity += quantity
            let mixed =
                (trade.makerOrder.raw &- idOffset) &* 0x9E37_79B9_7F4A_7C15
                ^ (trade.takerOrder.raw &- idOffset) &* 0xC2B2_AE3D_27D4_EB4F
            checksum &+= mixed &* (quantity | 1)
        }
    }

    /// Nanoseconds of a clock that never runs backwards.
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
