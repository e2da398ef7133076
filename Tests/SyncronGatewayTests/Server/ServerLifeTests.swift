import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite(.timeLimit(.minutes(1))) struct ServerLifeTests {
    @Test("a server that stops closes idle connections, finishes what it serves, and takes nothing new")
    func drains() async throws {
        try await withServer { server, service, port in
            let idle = try await RawClient.connect(port: port)
            try await idle.send(httpRequest("GET /now"))
            _ = try await idle.answer()
            let silent = try await RawClient.connect(port: port)
            let busy = try await RawClient.connect(port: port)
            try await busy.send(httpRequest("GET /hold") + httpRequest("GET /now"))
            #expect(await eventually { service.heldCount == 1 })
            #expect(await eventually { server.counters.openConnections == 3 })
            async let stopped: Void = server.stop()
            #expect(await idle.rest() == "")
            #expect(await silent.rest() == "")
            await #expect(throws: (any Error).self) { try await RawClient.connect(port: port) }
            service.release()
            let answer = try await busy.answer()
            #expect(answer.body == "released" && answer["Connection"] == "close")
            #expect(await busy.rest() == "")
            await stopped
            #expect(await eventually { server.counters.openConnections == 0 })
            for client in [idle, silent, busy] { await client.close() }
        }
    }

    @Test("what does not end in time is cut when the server stops")
    func cuts() async throws {
        var limits = ServerLimits()
        limits.drain = .milliseconds(200)
        try await withServer(limits: limits) { server, service, port in
            let busy = try await RawClient.connect(port: port)
            try await busy.send(httpRequest("GET /hold"))
            let halfway = try await RawClient.connect(port: port)
            try await halfway.send(httpRequest("POST /echo", "Content-Length: 10", body: "abc"))
            #expect(await eventually { service.heldCount == 1 && server.counters.openConnections == 2 })
            await server.stop()
            #expect(await busy.rest() == "")
            #expect(await halfway.rest() == "")
            await busy.close()
            await halfway.close()
        }
    }

    @Test("a connection beyond the bound is told 503 with code 1001, and there is room again when one goes")
    func boundsConnections() async throws {
        var limits = ServerLimits()
        limits.connections = 2
        try await withServer(limits: limits) { server, _, port in
            let (first, second) = (try await RawClient.connect(port: port), try await RawClient.connect(port: port))
            #expect(await eventually { server.counters.openConnections == 2 })
            let third = try await RawClient.connect(port: port)
            let answer = try await third.answer()
            #expect(answer.status == 503 && answer["Retry-After"] == "1")
            #expect(try errorCode(answer) == 1001)
            try await third.send(httpRequest("GET /now"))
            #expect(await third.rest() == "")
            #expect(server.counters.refusedConnections == 1)
            await second.close()
            #expect(await eventually { server.counters.openConnections == 1 })
            let fourth = try await RawClient.connect(port: port)
            try await fourth.send(httpRequest("GET /now"))
            #expect(try await fourth.answer().status == 200)
            for client in [first, third, fourth] { await client.close() }
        }
    }

    @Test("hundreds of connections are held at once and all answered")
    func manyConnections() async throws {
        try await withServer { server, _, port in
            var clients: [RawClient] = []
            for _ in 0..<400 { clients.append(try await RawClient.connect(port: port)) }
            #expect(await eventually { server.counters.openConnections == 400 })
            for client in clients { try await client.send(httpRequest("GET /task?1")) }
            for client in clients { #expect(try await client.answer().body == "task 1") }
            for client in clients { await client.close() }
            #expect(await eventually { server.counters.openConnections == 0 })
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct CORSTests {
    private static let preflight = httpRequest(
        "OPTIONS /now", "Origin: https://a.example", "Access-Control-Request-Method: POST")

    private func ask(_ text: String, origin: String?) async throws -> RawClient.Answer {
        try await withServer(corsOrigin: origin) { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(text)
            let answer = try await client.answer()
            await client.close()
            return answer
        }
    }

    @Test("a preflight of the allowed origin is answered by the server")
    func preflights() async throws {
        let answer = try await ask(Self.preflight, origin: "https://a.example")
        #expect(answer.status == 204)
        #expect(answer["Access-Control-Allow-Origin"] == "https://a.example")
        #expect(answer["Access-Control-Allow-Methods"]?.contains("DELETE") == true)
        #expect(answer["Access-Control-Allow-Headers"]?.contains("X-API-KEY") == true)
        #expect(answer["Vary"] == "Origin")
        #expect(try await ask(Self.preflight, origin: "*")["Access-Control-Allow-Origin"] == "*")
    }

    @Test("another origin is allowed nothing")
    func refusesOthers() async throws {
        let answer = try await ask(Self.preflight, origin: "https://b.example")
        #expect(answer["Access-Control-Allow-Origin"] == nil && answer["Access-Control-Allow-Methods"] == nil)
        let get = httpRequest("GET /now", "Origin: https://a.example")
        #expect(try await ask(get, origin: "https://b.example")["Access-Control-Allow-Origin"] == nil)
    }

    @Test("answers say who may read them, and errors too")
    func marksAnswers() async throws {
        for path in ["/now", "/none", "/fail"] {
            let text = httpRequest("GET \(path)", "Origin: https://a.example")
            let answer = try await ask(text, origin: "https://a.example")
            #expect(answer["Access-Control-Allow-Origin"] == "https://a.example")
            #expect(answer["Access-Control-Expose-Headers"]?.contains("X-Request-Id") == true)
        }
    }

    @Test("without an origin set nothing is said, and OPTIONS is the service's")
    func isOffByDefault() async throws {
        let answer = try await ask(Self.preflight, origin: nil)
        #expect(answer.body == "now " && answer["Access-Control-Allow-Origin"] == nil && answer["Vary"] == nil)
    }
}

@Suite struct HTTPDateTests {
    @Test(
        "dates are written as HTTP wants them",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(Int, String)])
    func writes(seconds: Int, text: String) { #expect(HTTPDate.text(secondsSince1970: seconds) == text) }
}
