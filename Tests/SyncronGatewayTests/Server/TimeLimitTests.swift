import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite(.timeLimit(.minutes(1))) struct TimeLimitTests {
    /// Limits that a test can wait for. The others are far away, so that only the one in question can end a connection.
    private func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
        var limits = ServerLimits()
        limits.firstRequest = .minutes(10)
        limits.header = .minutes(10)
        limits.bodyTime = .minutes(10)
        limits.idle = .minutes(10)
        limits.write = .minutes(10)
        limits.closing = .milliseconds(100)
        change(&limits)
        return limits
    }

    @Test("a connection that asks nothing is closed without a word")
    func silent() async throws {
        try await withServer(limits: limits { $0.firstRequest = .milliseconds(100) }) { server, _, port in
            let client = try await RawClient.connect(port: port)
            #expect(await client.rest() == "")
            await client.close()
            #expect(await eventually { server.counters.openConnections == 0 })
            #expect(server.counters.timeouts == 0)
        }
    }

    @Test("a first head that does not come to its end is a 408")
    func slowFirstHead() async throws {
        try await withServer(limits: limits { $0.firstRequest = .milliseconds(200) }) { server, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET /now HTTP/1.1\r\nHo")
            let answer = try await client.answer()
            #expect(answer.status == 408)
            #expect(try errorCode(answer) == 1005)
            #expect(await client.rest() == "")
            await client.close()
            #expect(server.counters.timeouts == 1)
        }
    }

    @Test("a client that sends a byte at a time is cut off all the same, and the server closes a client that stays")
    func drippingHead() async throws {
        try await withServer(limits: limits { $0.header = .milliseconds(300) }) { server, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /now"))
            #expect(try await client.answer().status == 200)
            let dripping = client.channel
            let drip = Task {
                while dripping.isActive {
                    try? await dripping.writeAndFlush(ByteBuffer(string: "G"))
                    try? await Task.sleep(for: .milliseconds(20))
                }
            }
            _ = await client.rest()
            #expect(await eventually { server.counters.openConnections == 0 })
            drip.cancel()
            await client.close()
        }
    }

    @Test("a body that does not come to its end is a 408")
    func slowBody() async throws {
        try await withServer(limits: limits { $0.bodyTime = .milliseconds(200) }) { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("POST /echo", "Content-Length: 10", body: "abc"))
            let answer = try await client.answer()
            #expect(answer.status == 408)
            #expect(try errorCode(answer) == 1005)
            #expect(await client.rest() == "")
            await client.close()
        }
    }

    @Test("an idle connection is closed, one in use is not")
    func idle() async throws {
        try await withServer(limits: limits { $0.idle = .seconds(1) }) { server, _, port in
            let client = try await RawClient.connect(port: port)
            for i in 0..<25 {
                try await client.send(httpRequest("GET /now?\(i)"))
                #expect(try await client.answer().body == "now \(i)")
                try await Task.sleep(for: .milliseconds(60))
            }
            #expect(await client.rest() == "")
            await client.close()
            #expect(await eventually { server.counters.openConnections == 0 })
            #expect(server.counters.timeouts == 0)
        }
    }

    @Test("a service may take longer than any limit for clients")
    func slowService() async throws {
        let limits = limits {
            $0.firstRequest = .milliseconds(100)
            $0.idle = .milliseconds(100)
            $0.bodyTime = .milliseconds(100)
        }
        try await withServer(limits: limits) { _, service, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /hold"))
            #expect(await eventually { service.heldCount == 1 })
            try await Task.sleep(for: .milliseconds(400))
            service.release()
            #expect(try await client.answer().body == "released")
            await client.close()
        }
    }

    @Test("a client that does not take its answer is cut off, and nothing more is prepared for it meanwhile")
    func slowReader() async throws {
        try await withServer(limits: limits { $0.write = .milliseconds(300) }) { server, _, port in
            let client = try await RawClient.connect(port: port, autoRead: false)
            let many = String(repeating: httpRequest("GET /big?8000000"), count: 50)
            try await client.send(many)
            #expect(await eventually { server.counters.timeouts == 1 })
            #expect(await eventually { server.counters.openConnections == 0 })
            #expect((1...2).contains(server.counters.requests))
            await client.close()
        }
    }

    @Test("a client that takes its answers slowly gets them whole")
    func patientReader() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(
                httpRequest("GET /big?6000000") + httpRequest("GET /big?6000000") + httpRequest("GET /now?1"))
            for _ in 0..<2 { #expect(try await client.answer().body.utf8.count == 6_000_000) }
            #expect(try await client.answer().body == "now 1")
            await client.close()
        }
    }
}
