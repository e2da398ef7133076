import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Requests that go past the decoder") struct PlainRequestTests {
    private func read(_ text: String, limits: ServerLimits = ServerLimits()) -> PlainRequest? {
        PlainRequest(ByteBuffer(string: text), limits: limits)
    }

    @Test("a plain request is read as it was meant")
    func reads() throws {
        let plain = try #require(
            read(
                "POST /v1/trading/order?a=%20&b HTTP/1.1\r\nhost: x\r\nX-API-KEY:k\r\nx-request-id: \t mine\r\n"
                    + "Connection: Keep-Alive\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
                    + "Authorization: Bearer b\r\nX-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 10.0.0.2\r\n"
                    + "Origin: http://o\r\n\r\nhello"))
        #expect(plain.request.method == "POST" && plain.request.path == "/v1/trading/order")
        #expect(String(buffer: plain.request.query) == "a=%20&b" && String(buffer: plain.request.body) == "hello")
        #expect(plain.request.headers.apiKey == "k" && plain.request.headers.contentType == "text/plain")
        #expect(plain.request.headers.authorization == "Bearer b")
        #expect(plain.request.headers.forwardedFor == ["10.0.0.1", "10.0.0.2"])
        #expect(plain.request.requestID == "mine" && plain.origin == "http://o")
        let short = try #require(read("DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n"))
        #expect(
            short.request.method == "DELETE" && short.request.query.readableBytes == 0
                && short.request.body.readableBytes == 0)
        #expect(read("POST /x? HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")?.request.path == "/x")
    }

    @Test(
        "whatever is out of the ordinary is left to the decoder",
        arguments: [
            "", "POST", "GET /x HTTP/1.1\r\nHost: x\r\n\r\n", "PUT /x HTTP/1.1\r\nHost: x\r\n\r\n",
            "post /x HTTP/1.1\r\nHost: x\r\n\r\n", "POST  /x HTTP/1.1\r\nHost: x\r\n\r\n",
            "\r\nPOST /x HTTP/1.1\r\nHost: x\r\n\r\n", "POST http://h/x HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST * HTTP/1.1\r\nHost: x\r\n\r\n", "POST /%78 HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /x#y HTTP/1.1\r\nHost: x\r\n\r\n", "POST /x?y#z HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /é HTTP/1.1\r\nHost: x\r\n\r\n", "POST /x\u{7F} HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /x HTTP/1.0\r\nHost: x\r\n\r\n", "POST /x HTTP/2.0\r\nHost: x\r\n\r\n", "POST /x\r\nHost: x\r\n\r\n",
            "POST /x HTTP/1.1\nHost: x\n\n", "POST /x HTTP/1.1\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost : x\r\n\r\n", "POST /x HTTP/1.1\r\n Host: x\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\n\ty: z\r\n\r\n", "POST /x HTTP/1.1\r\nHost: x\r\n: z\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\ny_z: 1\r\n\r\n", "POST /x HTTP/1.1\r\nHost: \u{1}\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: é\r\n\r\n", "POST /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, upgrade\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nTrailer: y\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\na",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0000000001\r\n\r\na",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nab", "POST /x HTTP/1.1\r\nHost: x\r\n\r\nPOST",
            "POST /x HTTP/1.1\r\nHost: x\r\n",
            "POST /x HTTP/1.1\r\nHost: x \r\n\r\n", "POST /x HTTP/1.1\r\nHost: x\t\r\n\r\n",
        ])
    func leaves(text: String) { #expect(read(text) == nil) }

    @Test("what is beyond a limit is left to the decoder, which refuses it")
    func bounds() {
        var limits = ServerLimits()
        (limits.headerBytes, limits.headerCount, limits.body) = (60, 2, 3)
        let fits = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        #expect(read(fits, limits: limits) != nil)
        #expect(read(fits.replacing("3\r\n\r\nabc", with: "4\r\n\r\nabcd"), limits: limits) == nil)
        #expect(read(fits.replacing("Host", with: "A: b\r\nHost"), limits: limits) == nil)
        limits.headerBytes = 48
        #expect(read(fits, limits: limits) != nil)
        limits.headerBytes = 47
        #expect(read(fits, limits: limits) == nil)
    }

    /// Bytes that arrive a byte at a time all go through the decoder.
    @Test("requests are answered alike however they arrive")
    func arrivesAnyway() throws {
        var random = StreamRandom(seed: RandomSeed.next())
        var served = 0
        for round in 0..<400 {
            let requests = (0..<Int.random(in: 1...6, using: &random)).map { _ in request(&random) }
            let bytes = requests.flatMap { $0 }
            let single = try answers(to: bytes.map { [$0] })
            served += single.count { $0 == "HTTP/1.1 200 OK" }
            #expect(try answers(to: requests) == single, "one by one, round \(round)")
            #expect(try answers(to: cut(bytes, &random)) == single, "in pieces, round \(round)")
            #expect(try answers(to: [bytes]) == single, "in one piece, round \(round)")
            #expect(try answers(to: requests, later: true) == single, "before the first answer, round \(round)")
        }
        #expect(served > 100)
    }

    @Test(
        "the rest of a request that looks like one of its own is none",
        arguments: [
            "", httpRequest("GET /x"), httpRequest("PUT /x", "Content-Length: 3", body: "abc"),
            httpRequest("POST /x", "Content-Length: 4", body: "\r\n\r\n"),
            httpRequest("POST /x", "Transfer-Encoding: chunked", body: "3\r\nabc\r\n0\r\n\r\n"),
        ])
    func smuggles(before: String) throws {
        let inner = httpRequest("POST /inner")
        #expect(try answers(to: [Array(inner.utf8)]).contains { $0.hasPrefix("POST|/inner|") })
        let outer = httpRequest("POST /outer", "Content-Length: \(inner.utf8.count)")
        let begun = httpRequest("GET /begun", "A: ").dropLast(4)
        for first in [before + outer, before + begun] {
            let lines = try answers(to: [Array(first.utf8), Array(inner.utf8)])
            #expect(!lines.contains { $0.hasPrefix("POST|/inner|") }, "\(first)")
        }
    }

    private func request(_ random: inout StreamRandom) -> [UInt8] {
        func one<T>(_ of: [T]) -> T { of[Int.random(in: of.indices, using: &random)] }
        let body = one(["", "", "a=1&b=2", "\r\n\r\n", "POST /x HTTP/1.1\r\nHost: x\r\n\r\n"])
        var text = one(["POST", "POST", "POST", "DELETE", "GET", "PUT", "HEAD"])
        text +=
            " " + one(["/x", "/x?a=1", "/%78?%20", "/", "http://h/x", "/x?"])
            + one([" HTTP/1.1\r\n", " HTTP/1.1\r\n", " HTTP/1.0\r\n"])
        var fields = ["Host: x"]
        if !body.isEmpty || one([true, false]) { fields.append("Content-Length: \(body.utf8.count)") }
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            fields.append(
                one([
                    "X-API-KEY: k", "x-request-id: r\(one([1, 2]))", "Connection: keep-alive", "Accept: */*",
                    "Content-Type: application/json", "Connection: close", "Origin: http://o", "Expect: 100-continue",
                    "Authorization:Bearer b", "X-Forwarded-For: 10.0.0.1 ", "A_b: c", "Content-Length: 1", "Host: y",
                ]))
        }
        fields.shuffle(using: &random)
        text += fields.joined(separator: "\r\n") + "\r\n\r\n" + body
        var bytes = Array(text.utf8)
        if Int.random(in: 0..<6, using: &random) == 0 {
            bytes[Int.random(in: bytes.indices, using: &random)] = one([0, 9, 10, 13, 32, 37, 58, 120, 0x7F, 0xFF])
        }
        return bytes
    }

    private func cut(_ bytes: [UInt8], _ random: inout StreamRandom) -> [[UInt8]] {
        var rest = bytes[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...80, using: &random))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }

    /// The lines that a connection writes when the pieces arrive one after the other, without what differs each time.
    /// `later`: nothing is answered before all of them are there.
    private func answers(to pieces: [[UInt8]], later: Bool = false) throws -> [String] {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = ServerContext(
            service: Echo(answersLater: later), streams: nil, limits: ServerLimits(), cors: nil,
            counters: ServerCounters(), logger: logger)
        let channel = EmbeddedChannel()
        try ConnectionSetup.addHandlers(of: server, to: channel.pipeline.syncOperations)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        for piece in pieces where channel.isActive {
            channel.pipeline.fireChannelRead(ByteBuffer(bytes: piece))
            channel.pipeline.fireChannelReadComplete()
            if !later { channel.embeddedEventLoop.run() }
        }
        channel.embeddedEventLoop.run()
        var written = ByteBuffer()
        while var bytes = try channel.readOutbound(as: ByteBuffer.self) { written.writeBuffer(&bytes) }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        let lines = String(buffer: written).split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        return lines.filter { !$0.hasPrefix("Date: ") }.map { line in
            line.hasPrefix("X-Request-Id: ") && !line.hasPrefix("X-Request-Id: r") ? "X-Request-Id: any" : line
        }
    }

    /// Answers with all that it sees of a request.
    private struct Echo: APIService {
        let answersLater: Bool

        func respond(to request: APIRequest) async -> APIResponse { APIResponse(.unexpected) }

        func respond(to request: APIRequest, eventLoop: any EventLoop, answer: @escaping Answer) -> Bool {
            let headers = request.headers
            let seen = [
                request.method, request.path, String(buffer: request.query), String(buffer: request.body),
                headers.apiKey ?? "-", headers.authorization ?? "-", headers.contentType ?? "-",
            ]
            let text = (seen + headers.forwardedFor).joined(separator: "|")
            let response = APIResponse(body: ByteBuffer(string: text.replacing("\r\n", with: "/")))
            if answersLater {
                eventLoop.assumeIsolated().execute { answer(.success(response)) }
            } else {
                answer(.success(response))
            }
            return true
        }
    }
}
