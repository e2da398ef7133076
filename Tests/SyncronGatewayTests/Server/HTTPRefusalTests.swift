import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite(.timeLimit(.minutes(1))) struct HTTPRefusalTests {
    /// What a fresh connection that sends `bytes` is told before the server hangs up.
    private func answer(
        to bytes: [UInt8], port: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> RawClient.Answer {
        let client = try await RawClient.connect(port: port)
        try await client.send(bytes: bytes)
        let answer = try await client.answer()
        #expect(answer["Connection"] == "close", sourceLocation: sourceLocation)
        #expect(answer["X-Request-Id"] != nil, sourceLocation: sourceLocation)
        #expect(answer["Content-Type"] == "application/json", sourceLocation: sourceLocation)
        #expect(await client.rest() == "", sourceLocation: sourceLocation)
        await client.close()
        return answer
    }

    private static let malformed: [String] = [
        "GARBAGE\r\n\r\n", "GET\r\n\r\n", "GET /now\r\n\r\n", "get /now HTTP/1.1\r\nHost: x\r\n\r\n",
        "FROB /now HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /now HTTP/x.y\r\nHost: x\r\n\r\n", "GET /now HTTP/1.1\r\nHost x\r\n\r\n",
        "GET /now HTTP/1.1\r\nHost : x\r\n\r\n", "GET /now HTTP/1.1\r\n: x\r\nHost: x\r\n\r\n",
        "GET /now HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", "GET /now HTTP/1.1\r\nHost: x\u{0}\r\n\r\n",
        "GET /now HTTP/1.1\r\n\r\n", "GET /now HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET now HTTP/1.1\r\nHost: x\r\n\r\n", "GET /now#part HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "GET /% HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%C3%28 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /é HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /now?é HTTP/1.1\r\nHost: x\r\n\r\n", "GET ftp://x/now HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
    ]

    @Test("what is not HTTP is a 400 with code 1005, and the end of the connection", arguments: malformed)
    func malformedHTTP(text: String) async throws {
        try await withServer { _, _, port in
            let answer = try await answer(to: Array(text.utf8), port: port)
            #expect(answer.status == 400)
            #expect(try errorCode(answer) == 1005)
        }
    }

    @Test("TLS, other versions and noise are refused as well")
    func noise() async throws {
        try await withServer { server, _, port in
            let hello: [UInt8] =
                [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03] + [UInt8](repeating: 7, count: 100)
            let toTLS = try await answer(to: hello, port: port)
            #expect(toTLS.status == 400)
            for version in ["HTTP/2.0", "HTTP/0.9"] {
                let text = "GET / \(version)\r\nHost: x\r\n\r\n"
                let toVersion = try await answer(to: Array(text.utf8), port: port)
                #expect(toVersion.status == 400)
            }
            let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
            let toPreface = try await answer(to: preface, port: port)
            #expect(toPreface.status == 400)
            #expect(server.counters.malformedRequests >= 4)
        }
    }

    @Test("random bytes never harm the server")
    func randomBytes() async throws {
        let seed = RandomSeed.next()
        try await withServer { server, _, port in
            var random = StreamRandom(seed: seed)
            for _ in 0..<60 {
                let client = try await RawClient.connect(port: port)
                let noise = (0..<Int.random(in: 1...400, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                try await client.send(bytes: noise)
                try? await client.endSending()
                _ = await client.rest()
                await client.close()
            }
            #expect(await eventually { server.counters.openConnections == 0 }, "SYNCRON_SEED=\(seed)")
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /now"))
            #expect(try await client.answer().status == 200, "SYNCRON_SEED=\(seed)")
            await client.close()
        }
    }

    @Test("garbage behind a good request is refused after that is answered")
    func garbageBehind() async throws {
        try await withServer { _, service, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(
                httpRequest("GET /hold") + httpRequest("GET /now?1") + "GARBAGE\r\n\r\n" + httpRequest("GET /now?2"))
            #expect(await eventually { service.heldCount == 1 })
            service.release()
            #expect(try await client.answer().body == "released")
            #expect(try await client.answer().body == "now 1")
            #expect(try await client.answer().status == 400)
            #expect(await client.rest() == "")
            await client.close()
        }
    }

    @Test("a head too large in any of its parts is a 431, and just small enough is none")
    func largeHeads() async throws {
        try await withServer { _, _, port in
            let long = String(repeating: "x", count: 16 * 1024)
            for text in [
                httpRequest("GET /now", "X-Long: \(long)"), httpRequest("GET /now", "\(long): x"),
                httpRequest("GET /\(long)"),
                httpRequest("GET /now?\(long)"), "GET /" + long + long,
                "GET /now HTTP/1.1\r\n" + (0..<101).map { "X-\($0): y\r\n" }.joined() + "Host: x\r\n\r\n",
                "GET /now HTTP/1.1\r\n" + (0..<20).map { "X-\($0): \(long.prefix(1000))\r\n" }.joined()
                    + "Host: x\r\n\r\n",
            ] {
                let answer = try await answer(to: Array(text.utf8), port: port)
                #expect(answer.status == 431)
                #expect(try errorCode(answer) == 1005)
            }
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /now", "X-Long: \(long.prefix(15_000))"))
            #expect(try await client.answer().status == 200)
            await client.close()
        }
    }

    // MARK: Bodies

    @Test("bodies come with a length or in chunks, up to their bound")
    func bodies() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            let most = String(repeating: "b", count: 64 * 1024)
            try await client.send(httpRequest("POST /echo", "Content-Length: \(most.count)", body: most))
            #expect(try JSONValue(await client.answer().body)["length"]?.integer == 64 * 1024)
            let chunked = "3\r\nabc\r\n1;ext=1\r\nd\r\n0\r\nTrailer: x\r\n\r\n"
            try await client.send(httpRequest("POST /echo", "Transfer-Encoding: chunked", body: chunked))
            #expect(try JSONValue(await client.answer().body)["body"]?.text == "abcd")
            try await client.send(httpRequest("POST /echo", "Content-Length: 0"))
            #expect(try JSONValue(await client.answer().body)["length"]?.integer == 0)
            await client.close()
        }
    }

    @Test("a body too large is a 413 with code 1005, announced or not")
    func largeBodies() async throws {
        try await withServer { _, _, port in
            let announced = try await answer(
                to: Array(httpRequest("POST /echo", "Content-Length: 65537").utf8), port: port)
            #expect(announced.status == 413)
            #expect(try errorCode(announced) == 1005)
            let sent = httpRequest("POST /echo", "Content-Length: 65537") + String(repeating: "b", count: 65_537)
            #expect(try await answer(to: Array(sent.utf8), port: port).status == 413)
            let chunk = "1000\r\n" + String(repeating: "b", count: 4096) + "\r\n"
            let chunks = httpRequest("POST /echo", "Transfer-Encoding: chunked") + String(repeating: chunk, count: 17)
            let unannounced = try await answer(to: Array(chunks.utf8), port: port)
            #expect(unannounced.status == 413)
            #expect(try errorCode(unannounced) == 1005)
        }
    }

    @Test("a client that goes on sending a body too large still reads why")
    func largeBodyIsHeard() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            let body = [UInt8](repeating: 0x62, count: 2_000_000)
            try await client.send(httpRequest("POST /echo", "Content-Length: \(body.count)"))
            let channel = client.channel
            async let sending: Void? = try? channel.writeAndFlush(ByteBuffer(bytes: body))
            #expect(try await client.answer().status == 413)
            _ = await sending
            await client.close()
        }
    }

    @Test("who asks before sending a body is told to go on, or not to")
    func expectations() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("POST /echo", "Content-Length: 2", "Expect: 100-continue"))
            #expect(try await client.answer().status == 100)
            try await client.send("ok")
            #expect(try JSONValue(await client.answer().body)["body"]?.text == "ok")
            await client.close()
            let large = httpRequest("POST /echo", "Content-Length: 65537", "Expect: 100-continue")
            #expect(try await answer(to: Array(large.utf8), port: port).status == 413)
            let unknown = httpRequest("POST /echo", "Content-Length: 1", "Expect: the-unexpected")
            #expect(try await answer(to: Array(unknown.utf8), port: port).status == 417)
        }
    }

    @Test("a request cut off by the client's end of sending is a 400")
    func truncated() async throws {
        try await withServer { _, _, port in
            for text in ["GET /now HTT", httpRequest("POST /echo", "Content-Length: 5", body: "abc")] {
                let client = try await RawClient.connect(port: port)
                try await client.send(text)
                try await client.endSending()
                #expect(try await client.answer().status == 400)
                #expect(await client.rest() == "")
                await client.close()
            }
        }
    }
}
