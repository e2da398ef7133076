import NIOPosix
import SyncronCore
import SyncronNode

/// Measures the streams: many readers of `@trade` on loopback, behind a whole exchange in this process.
///
/// First as fast as it goes: trades are made as soon as the readers have nearly caught up with those before. Then at a
/// steady pace, for the time that a message takes from the moment its trade was published until a reader has it.
public enum StreamsBenchmark {
    public struct Figures: Sendable {
        public var subscribers: Int
        /// Received by all readers together, at full speed.
        public var messages: UInt64
        public var messagesPerSecond: Double
        /// Trades a second of the steady pace; each is a message to every reader.
        public var tradesPerSecond: Int
        /// At the steady pace, over all readers.
        public var p50Nanoseconds: UInt64
        public var p99Nanoseconds: UInt64
    }

    public struct Failure: Error, CustomStringConvertible {
        public var description: String
    }

    /// Trades that may be on their way at full speed.
    private static let tradesUnderWay: UInt64 = 32

    /// Each of the two parts takes about `seconds`. `directory` is where the exchange keeps its journal; what is
    /// written below it stays there.
    public static func run(
        directory: String, subscribers: Int = 1_000, seconds: Double = 5, tradesPerSecond: Int = 20
    ) async throws -> Figures {
        let exchange = try await BenchmarkExchange.start(directory: directory)
        let tally = ReaderTally()
        let readers = try await connect(subscribers, to: exchange.port, tally: tally)
        let speed = try await runFree(exchange, tally, subscribers: subscribers, seconds: seconds)
        let latencies = try await runSteady(
            exchange, tally, subscribers: subscribers, seconds: seconds, tradesPerSecond: tradesPerSecond)
        try await readers.shutdownGracefully()
        await exchange.stop()
        return Figures(
            subscribers: subscribers, messages: speed.messages, messagesPerSecond: speed.perSecond,
            tradesPerSecond: tradesPerSecond, p50Nanoseconds: quantile(0.5, of: latencies),
            p99Nanoseconds: quantile(0.99, of: latencies))
    }

    /// All on one thread, so that what reads takes little from what writes.
    private static func connect(
        _ count: Int, to port: Int, tally: ReaderTally
    ) async throws -> MultiThreadedEventLoopGroup {
        guard OpenFiles.raiseLimit() >= 2 * count + 100 else {
            throw Failure(description: "\(count) subscribers need \(2 * count + 100) open files")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        for _ in 0..<count { try await BenchmarkReader.connect(port: port, tally: tally, group: group) }
        return group
    }

    private static func runFree(
        _ exchange: BenchmarkExchange, _ tally: ReaderTally, subscribers: Int, seconds: Double
    ) async throws -> (messages: UInt64, perSecond: Double) {
        let readers = UInt64(subscribers)
        let start = ContinuousClock.now
        var trades: UInt64 = 0
        while ContinuousClock.now - start < .seconds(seconds) {
            if trades * readers < tally.received + tradesUnderWay * readers {
                try await exchange.trade()
                trades += 1
            } else {
                try await Task.sleep(for: .microseconds(100))
            }
        }
        try await waitForAll(trades * readers, tally)
        let took = (ContinuousClock.now - start) / .seconds(1)
        return (trades * readers, Double(trades * readers) / took)
    }

    private static func runSteady(
        _ exchange: BenchmarkExchange, _ tally: ReaderTally, subscribers: Int, seconds: Double, tradesPerSecond: Int
    ) async throws -> [UInt64] {
        let before = tally.received
        tally.startTiming(exchange.times)
        let start = ContinuousClock.now
        let trades = max(1, Int(seconds * Double(tradesPerSecond)))
        for number in 0..<trades {
            try await Task.sleep(until: start + .seconds(Double(number) / Double(tradesPerSecond)))
            try await exchange.trade()
        }
        try await waitForAll(before + UInt64(trades * subscribers), tally)
        return tally.latencies
    }

    private static func waitForAll(_ messages: UInt64, _ tally: ReaderTally) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while tally.received < messages {
            guard ContinuousClock.now < deadline, tally.lost == 0 else {
                throw Failure(
                    description: "\(tally.received) of \(messages) messages came, \(tally.lost) connections were lost")
            }
            try await Task.sleep(for: .microseconds(200))
        }
    }

    private static func quantile(_ share: Double, of values: [UInt64]) -> UInt64 {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
