import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

extension RawClient {
    struct Frame: Equatable {
        var opcode: UInt8
        var payload: [UInt8]

        static func text(_ text: String) -> Frame { Frame(opcode: 1, payload: Array(text.utf8)) }
        static func close(_ code: UInt16) -> Frame {
            Frame(opcode: 8, payload: [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)])
        }
    }

    static func upgrade(_ path: String, _ fields: String...) -> String {
        ([
            "GET \(path) HTTP/1.1", "Host: x", "Connection: keep-alive, Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    static func webSocket(port: Int, path: String = "/ws/echo", tls: Bool = false) async throws -> RawClient {
        let client = try await connect(port: port, tls: tls)
        try await client.send(upgrade(path))
        let answer = try await client.answer()
        try #require(answer.status == 101)
        return client
    }

    /// A frame's bytes. The first byte and the mask are the test's business.
    static func frame(_ first: UInt8, _ payload: [UInt8], isMasked: Bool = true) -> [UInt8] {
        var bytes = [first]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case 0..<126: bytes.append(mask | UInt8(payload.count))
        case 126..<65536: bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(truncatingIfNeeded: payload.count)]
        default:
            bytes.append(mask | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        guard isMasked else { return bytes + payload }
        let key: [UInt8] = [0x12, 0x9A, 0xE7, 0x05]
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    func nextFrame() async throws -> Frame {
        let head = try await bytes(2)
        var length = Int(head[1] & 0x7F)
        if length > 125 {
            length = try await bytes(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(opcode: head[0] & 15, payload: try await bytes(length))
    }
}

@Suite(.timeLimit(.minutes(1))) struct WebSocketTests {
    private func quickly(_ change: (inout ServerLimits) -> Void = { _ in }) -> ServerLimits {
        var limits = ServerLimits()
        limits.closing = .milliseconds(200)
        change(&limits)
        return limits
    }

    @Test("who reads that the WebSocket is open is listened for already")
    func listensFirst() async throws {
        let flag = TestStreams.Flag()
        try await withServer(streams: TestStreams(slowOneListens: flag)) { _, _, port in
            _ = try await RawClient.webSocket(port: port, path: "/ws/slow")
            #expect(flag.isSet)
        }
    }

    @Test("a WebSocket is opened as the standard says, and messages go both ways")
    func opens() async throws {
        try await withServer { server, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(RawClient.upgrade("/ws/echo"))
            let answer = try await client.answer()
            #expect(answer.status == 101)
            #expect(answer["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(answer["Upgrade"] == "websocket" && answer["Connection"] == "Upgrade")
            #expect(answer["X-Request-Id"] != nil)
            for size in [0, 1, 125, 126, 65_535, 65_536] {
                let payload = [UInt8](repeating: 0x61, count: size)
                try await client.send(bytes: RawClient.frame(0x81, payload))
                #expect(try await client.nextFrame() == .init(opcode: 1, payload: payload))
            }
            #expect(server.counters.openWebSockets == 1)
            await client.close()
            #expect(await eventually { server.counters.openWebSockets == 0 && server.counters.openConnections == 0 })
        }
    }

    @Test("frames sent together with the request for the WebSocket are not lost")
    func keepsEarlyFrames() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            let early = RawClient.frame(0x81, Array("one".utf8)) + RawClient.frame(0x81, Array("two".utf8))
            try await client.send(bytes: Array(RawClient.upgrade("/ws/echo").utf8) + early)
            #expect(try await client.answer().status == 101)
            #expect(try await client.nextFrame() == .text("one"))
            #expect(try await client.nextFrame() == .text("two"))
            await client.close()
        }
    }

    @Test("a WebSocket can follow plain requests on the same connection, pipelined too")
    func opensLater() async throws {
        try await withServer { _, service, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /now?1"))
            #expect(try await client.answer().body == "now 1")
            try await client.send(httpRequest("GET /hold") + RawClient.upgrade("/ws/echo"))
            #expect(await eventually { service.heldCount == 1 })
            service.release()
            #expect(try await client.answer().body == "released")
            #expect(try await client.answer().status == 101)
            try await client.send(bytes: RawClient.frame(0x81, Array("hi".utf8)))
            #expect(try await client.nextFrame() == .text("hi"))
            await client.close()
        }
    }

    @Test("a wrong path is 404 and an unknown listen key 401, before the upgrade")
    func refuses() async throws {
        try await withServer { server, _, port in
            for (path, status, number) in [("/ws/none", 404, 1005), ("/ws/user?listenKey=x", 401, 1002)] {
                let client = try await RawClient.connect(port: port)
                try await client.send(RawClient.upgrade(path))
                let answer = try await client.answer()
                #expect(answer.status == status)
                #expect(try errorCode(answer) == Int64(number))
                #expect(await client.rest() == "")
                await client.close()
            }
            #expect(server.counters.openWebSockets == 0)
        }
    }

    @Test("a request for a WebSocket that is not well made is refused")
    func refusesBadHandshakes() async throws {
        try await withServer { _, _, port in
            let good = RawClient.upgrade("/ws/echo")
            for (text, status) in [
                (good.replacing("Version: 13", with: "Version: 8"), 426),
                (good.replacing("Sec-WebSocket-Version: 13\r\n", with: ""), 426),
                (good.replacing("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", with: ""), 400),
                (good.replacing("dGhlIHNhbXBsZSBub25jZQ==", with: "short"), 400),
                (good.replacing("GET", with: "POST"), 400),
            ] {
                let client = try await RawClient.connect(port: port)
                try await client.send(text)
                let answer = try await client.answer()
                #expect(answer.status == status)
                #expect(try errorCode(answer) == 1005)
                if status == 426 { #expect(answer["Sec-WebSocket-Version"] == "13") }
                await client.close()
            }
        }
    }

    @Test("where there are no streams the request is one like others")
    func servesWithoutStreams() async throws {
        try await withServer(streams: nil) { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(RawClient.upgrade("/ws/echo"))
            #expect(try await client.answer().status == 404)
            #expect(await client.rest() == "")
            await client.close()
        }
    }

    @Test("fragments are put together, with control frames between them")
    func joinsFragments() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.webSocket(port: port)
            // The two bytes of é are in two fragments.
            try await client.send(bytes: RawClient.frame(0x01, Array("caf".utf8) + [0xC3]))
            try await client.send(bytes: RawClient.frame(0x89, Array("ping".utf8)))
            try await client.send(bytes: RawClient.frame(0x00, []))
            try await client.send(bytes: RawClient.frame(0x80, [0xA9]))
            #expect(try await client.nextFrame() == .init(opcode: 10, payload: Array("ping".utf8)))
            #expect(try await client.nextFrame() == .text("café"))
            try await client.send(bytes: RawClient.frame(0x02, [1]) + RawClient.frame(0x80, [2]))
            #expect(try await client.nextFrame() == .init(opcode: 2, payload: [1, 2]))
            try await client.send(bytes: RawClient.frame(0x8A, [9]))
            #expect(try await client.nextFrame() == .init(opcode: 10, payload: [9]))
            await client.close()
        }
    }

    static let violations: [([UInt8], UInt16)] = [
        (RawClient.frame(0x81, [0x61], isMasked: false), 1002),
        (RawClient.frame(0xC1, [0x61]), 1002),
        (RawClient.frame(0xA1, [0x61]), 1002),
        (RawClient.frame(0x91, [0x61]), 1002),
        (RawClient.frame(0x83, [0x61]), 1002),
        (RawClient.frame(0x8B, [0x61]), 1002),
        (RawClient.frame(0x80, [0x61]), 1002),
        (RawClient.frame(0x01, [0x61]) + RawClient.frame(0x81, [0x61]), 1002),
        (RawClient.frame(0x09, [0x61]), 1002),
        (RawClient.frame(0x89, [UInt8](repeating: 0x61, count: 126)), 1002),
        (RawClient.frame(0x81, [0xC3, 0x28]), 1007),
        (RawClient.frame(0x81, [0xED, 0xA0, 0x80]), 1007),
        (RawClient.frame(0x01, [0xC3]) + RawClient.frame(0x80, [0x28]), 1007),
        (RawClient.frame(0x81, [UInt8](repeating: 0x61, count: 65_537)), 1009),
        (
            RawClient.frame(0x01, [UInt8](repeating: 0x61, count: 60_000))
                + RawClient.frame(0x80, [UInt8](repeating: 0x61, count: 6000)), 1009
        ),
        ([0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4], 1009),
        ([0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4], 1009),
        (RawClient.frame(0x88, [0x03]), 1002),
        (RawClient.frame(0x88, [0x03, 0xED]), 1002),
        (RawClient.frame(0x88, [0x00, 0x01]), 1002),
        (RawClient.frame(0x88, [0x03, 0xE8, 0xFF]), 1002),
    ]

    @Test("frames that no client may send end the connection with their code", arguments: violations.indices)
    func refusesFrames(index: Int) async throws {
        let (bytes, code) = Self.violations[index]
        try await withServer(limits: quickly()) { server, _, port in
            let client = try await RawClient.webSocket(port: port)
            try await client.send(bytes: bytes)
            #expect(try await client.nextFrame() == .close(code))
            #expect(await client.rest() == "")
            await client.close()
            #expect(await eventually { server.counters.openConnections == 0 })
        }
    }

    @Test("a client that closes gets its code back and the connection ends")
    func answersCloses() async throws {
        try await withServer { _, _, port in
            for payload in [[], [0x03, 0xE8], [0x0F, 0xA0], [0x03, 0xE9, 0x62, 0x79, 0x65]] as [[UInt8]] {
                let client = try await RawClient.webSocket(port: port)
                try await client.send(bytes: RawClient.frame(0x88, payload))
                #expect(try await client.nextFrame() == .init(opcode: 8, payload: Array(payload.prefix(2))))
                #expect(await client.rest() == "")
                await client.close()
            }
        }
    }

    @Test("after the handler's close frame nothing more is written, and a silent client is cut off")
    func handlerCloses() async throws {
        try await withServer(limits: quickly()) { server, _, port in
            let client = try await RawClient.webSocket(port: port, path: "/ws/close")
            try await client.send(bytes: RawClient.frame(0x81, Array("x".utf8)))
            #expect(try await client.nextFrame() == .close(1003))
            #expect(await client.rest() == "")
            #expect(await eventually { server.counters.openConnections == 0 })
            await client.close()
        }
    }

    @Test("a server that stops closes its WebSockets with 1001")
    func drains() async throws {
        try await withServer(limits: quickly { $0.closing = .minutes(5) }) { server, _, port in
            let client = try await RawClient.webSocket(port: port)
            async let stopped: Void = server.stop()
            #expect(try await client.nextFrame() == .close(1001))
            try await client.send(bytes: RawClient.frame(0x88, [0x03, 0xE9]))
            #expect(await client.rest() == "")
            await stopped
            await client.close()
        }
    }

    @Test("a server that stops does not wait for a client that does not answer", .timeLimit(.minutes(2)))
    func drainsSilentOnes() async throws {
        let limits = quickly {
            $0.closing = .minutes(5)
            $0.drain = .milliseconds(200)
        }
        try await withServer(limits: limits) { server, _, port in
            let client = try await RawClient.webSocket(port: port)
            async let stopped: Void = server.stop()
            #expect(try await client.nextFrame() == .close(1001))
            await stopped
            await client.close()
        }
    }

    @Test("a flood of pings by a client that does not read costs no memory")
    func survivesPingFloods() async throws {
        try await withServer { server, _, port in
            let client = try await RawClient.webSocket(port: port)
            try await client.channel.setOption(.autoRead, value: false).get()
            let pings = Array(
                (0..<2000).map { _ in RawClient.frame(0x89, [UInt8](repeating: 0x61, count: 125)) }.joined())
            let channel = client.channel
            let flood = Task { for _ in 0..<40 { try? await channel.writeAndFlush(ByteBuffer(bytes: pings)) } }
            try await Task.sleep(for: .milliseconds(300))
            #expect(server.counters.openWebSockets == 1)
            flood.cancel()
            await client.close()
            #expect(await eventually { server.counters.openWebSockets == 0 })
        }
    }
}
