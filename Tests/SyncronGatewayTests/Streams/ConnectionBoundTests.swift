import NIOCore
import NIOWebSocket
import SyncronCore
import Testing

@testable import SyncronGateway

@Suite("What a connection bears", .timeLimit(.minutes(3)))
struct ConnectionBoundTests {
    private func frame(_ opcode: WebSocketOpcode, _ data: ByteBuffer, isMasked: Bool = true) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: opcode, maskKey: isMasked ? .random() : nil, data: data)
    }

    @Test("what no client may send ends the connection with the code for it")
    func wrongFrames() async throws {
        let cases: [(frame: WebSocketFrame, code: Int)] = [
            (frame(.binary, ByteBuffer(string: "x")), 1003),
            (frame(.text, ByteBuffer(repeating: UInt8(ascii: "x"), count: 65_537)), 1009),
            (frame(.text, ByteBuffer(bytes: [0x22, 0xC3, 0x28, 0x22])), 1007),
            (frame(.text, ByteBuffer(string: "{}"), isMasked: false), 1002),
            (frame(.ping, ByteBuffer(string: "x"), isMasked: false), 1002),
        ]
        try await StreamExchange.run { exchange in
            for (frame, code) in cases {
                let probe = try await exchange.connect("/ws/btc-usdt@trade")
                try await probe.send(frame)
                #expect(try await probe.closing().code == code)
                #expect(try await probe.next() == .end)
            }
            let probe = try await exchange.follow("btc-usdt@trade")
            try await exchange.trade()
            #expect(try await probe.json()["e"]?.text == "trade", "the exchange goes on")
        }
    }

    @Test("a text of 64 KiB is read, and answered as the bad request that it is")
    func longText() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.connect("/ws")
            try await probe.send(String(repeating: "x", count: 65_536))
            #expect(try await probe.json()["error"]?["code"]?.integer == 1005)
        }
    }

    @Test("pings are answered, and a close is answered with a close")
    func courtesy() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.connect("/ws")
            try await probe.send(frame(.ping, ByteBuffer(string: "hello")))
            #expect(try await probe.next() == .pong("hello"))
            var data = ByteBuffer()
            data.write(webSocketErrorCode: .normalClosure)
            try await probe.send(frame(.connectionClose, data))
            #expect(try await probe.closing().code == 1000)
            #expect(try await probe.next() == .end)
        }
    }

    @Test("a flood of messages ends the connection with 1008")
    func flood() async throws {
        var limits = StreamLimits()
        limits.messageBurst = 20
        try await StreamExchange.run(limits: limits) { exchange in
            let probe = try await exchange.connect("/ws")
            for _ in 0..<100 { try? await probe.send(#"{"method":"LIST_SUBSCRIPTIONS"}"#) }
            #expect(try await probe.closing() == (1008, "too many messages"))
        }
    }

    @Test("when the server stops, connections are closed with 1001")
    func drain() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.follow("btc-usdt@trade")
            async let stopped: Void = exchange.stopServer()
            #expect(try await probe.closing().code == 1001)
            await probe.close()
            await stopped
        }
    }

    @Test("connections that go leave nothing behind")
    func leaving() async throws {
        try await StreamExchange.run { exchange in
            for _ in 0..<10 {
                let probe = try await exchange.follow("btc-usdt@trade", "btc-usdt@depth", "!ticker@arr")
                await probe.close()
            }
            let user = try await exchange.connect("/ws/user?listenKey=" + exchange.openListenKey("k"))
            await user.close()
            while exchange.streams.openConnections > 0 || exchange.streams.followedStreams > 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    @Test("a reader who does not read is cut off with 1008, and the others get everything")
    func slowReader() async throws {
        var limits = StreamLimits()
        limits.backlog = 16 << 10
        limits.pongPatience = .minutes(5)
        try await StreamExchange.run(limits: limits) { exchange in
            let reading = try await exchange.follow("btc-usdt@trade")
            let sleeping = try await exchange.connect("/ws/btc-usdt@trade", receiveBuffer: 4_096)
            try await sleeping.setReading(false)
            var trades: Int64 = 0
            while exchange.streams.metrics.cutReaders.value == 0 {
                for _ in 0..<100 { try await exchange.trade() }
                trades += 100
                for id in (trades - 99)...trades { #expect(try await reading.json()["t"]?.integer == id) }
                try #require(trades < 1_000_000)
            }
            // It takes its time, and still finds the close frame behind what was on its way.
            try await Task.sleep(for: .seconds(3))
            try await sleeping.setReading(true)
            let closing = try await sleeping.closing()
            #expect(closing.code == 1008 && closing.reason == "reader too slow")
            #expect(exchange.streams.metrics.cutReaders.value == 1)
        }
    }
}
