import NIOCore
import NIOPosix
import Synchronization

/// What all readers have received.
final class ReaderTally: Sendable {
    private struct Timing {
        var times: TradeTimes?
        var latencies: [UInt64] = []
    }

    private let count = Atomic<UInt64>(0)
    private let lostReaders = Atomic<Int>(0)
    private let timing = Mutex(Timing())
    private let isTiming = Atomic(false)

    var received: UInt64 { count.load(ordering: .acquiring) }
    /// Connections that ended before their time.
    var lost: Int { lostReaders.load(ordering: .relaxed) }
    var latencies: [UInt64] { timing.withLock { $0.latencies } }

    /// From now on the time of each message is taken.
    func startTiming(_ times: TradeTimes) {
        timing.withLock { $0.times = times }
        isTiming.store(true, ordering: .releasing)
    }

    /// The trades of messages that came together.
    func add(_ trades: [UInt64]) {
        count.wrappingAdd(UInt64(trades.count), ordering: .acquiringAndReleasing)
        guard isTiming.load(ordering: .acquiring) else { return }
        let now = WallClock.monotonicNanoseconds()
        timing.withLock { timing in
            for trade in trades {
                if let time = timing.times?[trade], time <= now { timing.latencies.append(now - time) }
            }
        }
    }

    func lose() { lostReaders.wrappingAdd(1, ordering: .relaxed) }
}

/// A reader of `@trade` that does as little as it can: it finds the trade's id in each message and drops the rest.
final class BenchmarkReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let tally: ReaderTally
    private let upgraded: EventLoopPromise<Void>
    private var bytes = ByteBuffer()
    private var isUpgraded = false

    private init(tally: ReaderTally, upgraded: EventLoopPromise<Void>) {
        self.tally = tally
        self.upgraded = upgraded
    }

    static func connect(port: Int, tally: ReaderTally, group: any EventLoopGroup) async throws {
        let upgraded = group.any().makePromise(of: Void.self)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let reader = BenchmarkReader(tally: tally, upgraded: upgraded)
                    try channel.pipeline.syncOperations.addHandler(reader)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let request = """
            GET /v1/ws/base-quote@trade HTTP/1.1\r
            Host: bench\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
            \r

            """
        try await channel.writeAndFlush(ByteBuffer(string: request)).get()
        try await upgraded.futureResult.get()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.writeImmutableBuffer(unwrapInboundIn(data))
        if !isUpgraded { readAnswer() }
        guard isUpgraded else { return }
        var trades: [UInt64] = []
        while let trade = readMessage() { if trade > 0 { trades.append(trade) } }
        if !trades.isEmpty { tally.add(trades) }
        if bytes.readableBytes == 0 { bytes.clear() } else { bytes.discardReadBytes() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        tally.lose()
        upgraded.fail(ChannelError.eof)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func readAnswer() {
        let view = bytes.readableBytesView
        let end = Array("\r\n\r\n".utf8)
        guard let start = view.indices.first(where: { view[$0...].starts(with: end) }) else { return }
        guard view.starts(with: "HTTP/1.1 101 ".utf8) else {
            upgraded.fail(StreamsBenchmark.Failure(description: "the upgrade was refused"))
            return
        }
        bytes.moveReaderIndex(to: start + end.count)
        isUpgraded = true
        upgraded.succeed()
    }

    /// Passes one frame; returns the id of its trade, 0 for another frame, nil when none is complete.
    private func readMessage() -> UInt64? {
        var rest = bytes
        guard let (first, second) = rest.readMultipleIntegers(as: (UInt8, UInt8).self) else { return nil }
        var length = Int(second)
        if second == 126 {
            guard let wide = rest.readInteger(as: UInt16.self) else { return nil }
            length = Int(wide)
        }
        guard second < 127, let payload = rest.readSlice(length: length) else { return nil }
        bytes = rest
        return first == 0x81 ? payload.withUnsafeReadableBytes(Self.tradeID) : 0
    }

    /// The number behind `"t":`.
    private static func tradeID(_ message: UnsafeRawBufferPointer) -> UInt64 {
        var index = 0
        while index + 4 < message.count {
            if message[index] == UInt8(ascii: "\""), message[index + 1] == UInt8(ascii: "t"),
                message[index + 2] == UInt8(ascii: "\""), message[index + 3] == UInt8(ascii: ":")
            {
                index += 4
                var id: UInt64 = 0
                while index < message.count, message[index] &- UInt8(ascii: "0") <= 9 {
                    id = id &* 10 &+ UInt64(message[index] &- UInt8(ascii: "0"))
                    index += 1
                }
                return id
            }
            index += 1
        }
        return 0
    }
}
