import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

/// A request of HTTP/1.1 with the field that all of them need.
func httpRequest(_ line: String, _ fields: String..., body: String = "") -> String {
    let all = ["\(line) HTTP/1.1", "Host: x"] + fields
    return all.joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// The code in an error body.
func errorCode(_ answer: RawClient.Answer) throws -> Int64? { try JSONValue(answer.body)["code"]?.integer }

@Suite(.timeLimit(.minutes(1))) struct HTTPTests {
    @Test("requests on one connection are answered one after the other, each with its fields")
    func keepsAlive() async throws {
        try await withServer { server, _, port in
            let client = try await RawClient.connect(port: port)
            var names: Set<String> = []
            for i in 0..<5 {
                try await client.send(httpRequest("GET /now?\(i)"))
                let answer = try await client.answer()
                #expect(answer.status == 200 && answer.body == "now \(i)")
                #expect(answer["Content-Type"] == "text/plain")
                #expect(answer["Content-Length"] == "5")
                #expect(answer["Date"]?.hasSuffix(" GMT") == true)
                #expect(answer["Connection"] == nil)
                names.insert(answer["X-Request-Id"] ?? "")
            }
            #expect(names.count == 5 && !names.contains(""))
            #expect(server.counters.requests == 5)
            #expect(server.counters.openConnections == 1)
            await client.close()
            #expect(await eventually { server.counters.openConnections == 0 })
        }
    }

    @Test("the service sees method, decoded path, raw query, body, peer and fields")
    func passesOn() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(
                httpRequest(
                    "POST /%65cho?a=%20&b=+&c", "X-Api-Key: k", "Content-Length: 5", "X-Request-Id: mine-1",
                    body: "hello"))
            let answer = try await client.answer()
            let seen = try JSONValue(answer.body)
            #expect(seen["method"]?.text == "POST")
            #expect(seen["path"]?.text == "/echo")
            #expect(seen["query"]?.text == "a=%20&b=+&c")
            #expect(seen["body"]?.text == "hello")
            #expect(seen["peer"]?.text == "127.0.0.1")
            #expect(seen["key"]?.text == "k")
            #expect(seen["id"]?.text == "mine-1")
            #expect(answer["X-Request-Id"] == "mine-1")
            await client.close()
        }
    }

    @Test("a request's name that cannot be repeated safely is replaced", arguments: ["a b", "a\tb", "<x>", ""])
    func replacesRequestIDs(name: String) async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            for bad in [name, String(repeating: "x", count: 65)] {
                try await client.send(httpRequest("GET /now", "X-Request-Id: \(bad)"))
                let id = try await client.answer()["X-Request-Id"]
                #expect(id != bad && id?.isEmpty == false)
            }
            await client.close()
        }
    }

    @Test("pipelined requests are answered in order, whichever way they are answered")
    func pipelines() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            let paths = (0..<300).map { $0 % 3 == 0 ? "/task?\($0)" : "/now?\($0)" }
            try await client.send(paths.map { httpRequest("GET \($0)") }.joined())
            for path in paths {
                let answer = try await client.answer()
                #expect(answer.body == path.dropFirst().replacing("?", with: " "))
            }
            await client.close()
        }
    }

    @Test("a request behind one that takes its time waits for it")
    func waitsForHeld() async throws {
        try await withServer { _, service, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /hold") + httpRequest("GET /now?1"))
            #expect(await eventually { service.heldCount == 1 })
            service.release()
            #expect(try await client.answer().body == "released")
            #expect(try await client.answer().body == "now 1")
            await client.close()
        }
    }

    @Test("a request cut into single bytes is understood")
    func readsSingleBytes() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            for byte in httpRequest("POST /echo", "Content-Length: 3", body: "abc").utf8 {
                try await client.send(bytes: [byte])
            }
            #expect(try JSONValue(await client.answer().body)["body"]?.text == "abc")
            await client.close()
        }
    }

    @Test("HEAD is answered as GET without the body, and the connection goes on")
    func head() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(
                httpRequest("HEAD /now?1") + httpRequest("HEAD /big?100000") + httpRequest("GET /now?2"))
            let first = try await client.answer(toHead: true)
            #expect(first.status == 200 && first["Content-Length"] == "5")
            #expect(try await client.answer(toHead: true)["Content-Length"] == "100000")
            #expect(try await client.answer().body == "now 2")
            await client.close()
        }
    }

    @Test("an answer without content says so by its status")
    func noContent() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /empty") + httpRequest("GET /now"))
            let empty = try await client.answer()
            #expect(empty.status == 204 && empty["Content-Length"] == nil && empty["Content-Type"] == nil)
            #expect(try await client.answer().status == 200)
            await client.close()
        }
    }

    @Test("the target may be a whole URL, as clients of proxies send it")
    func absoluteTargets() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            for (target, path, query) in [
                ("http://x/echo?a=1", "/echo", "a=1"), ("HTTP://x:80/echo", "/echo", ""),
                ("https://x/echo?", "/echo", ""),
            ] {
                try await client.send(httpRequest("GET \(target)"))
                let seen = try JSONValue(await client.answer().body)
                #expect(seen["path"]?.text == path && seen["query"]?.text == query)
            }
            try await client.send(httpRequest("GET http://x"))
            #expect(try await client.answer().status == 404)
            await client.close()
        }
    }

    @Test("a service that fails is a 500 with code 1004, one that refuses is its refusal")
    func failures() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /fail") + httpRequest("GET /refuse"))
            let failed = try await client.answer()
            #expect(failed.status == 500)
            #expect(try errorCode(failed) == 1004)
            let refused = try await client.answer()
            #expect(refused.status == 409)
            #expect(try errorCode(refused) == 1009)
            await client.close()
        }
    }

    @Test("a field of the service cannot end itself and begin another")
    func neutralisesFields() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /injected"))
            let answer = try await client.answer()
            #expect(answer["X-Worse"] == nil && answer["X-Bad"] == "aX-Worse: b")
            await client.close()
        }
    }

    // MARK: Ends of connections

    @Test("a connection is closed after an answer when the client asks for it or speaks HTTP/1.0")
    func closes() async throws {
        try await withServer { _, _, port in
            for text in [httpRequest("GET /now", "Connection: close"), "GET /now HTTP/1.0\r\n\r\n"] {
                let client = try await RawClient.connect(port: port)
                try await client.send(text)
                let answer = try await client.answer()
                #expect(answer.status == 200 && answer["Connection"] == "close")
                #expect(await client.rest() == "")
            }
            let client = try await RawClient.connect(port: port)
            for _ in 0..<2 {
                try await client.send("GET /now HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await client.answer()["Connection"] == "keep-alive")
            }
            await client.close()
        }
    }

    @Test("a client that has ended its sending still gets its answers")
    func answersHalfClosed() async throws {
        try await withServer { server, service, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(httpRequest("GET /hold") + httpRequest("GET /now?1"))
            try await client.endSending()
            #expect(await eventually { service.heldCount == 1 })
            service.release()
            #expect(try await client.answer().body == "released")
            #expect(try await client.answer().body == "now 1")
            #expect(await client.rest() == "")
            await client.close()
            #expect(await eventually { server.counters.openConnections == 0 })
        }
    }

    @Test("a client that goes away while it is served harms nobody")
    func survivesDisappearance() async throws {
        try await withServer { server, service, port in
            for _ in 0..<20 {
                let client = try await RawClient.connect(port: port)
                try await client.send(httpRequest("GET /hold") + httpRequest("GET /now"))
                #expect(await eventually { service.heldCount > 0 })
                await client.close()
                service.release()
            }
            #expect(await eventually { server.counters.openConnections == 0 })
        }
    }

    @Test("a request to leave HTTP for something unknown is answered in HTTP")
    func ignoresUnknownUpgrades() async throws {
        try await withServer { _, _, port in
            let client = try await RawClient.connect(port: port)
            try await client.send(
                httpRequest("POST /echo", "Connection: Upgrade", "Upgrade: h2c", "Content-Length: 2", body: "hi"))
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer["Connection"] == "close")
            #expect(try JSONValue(answer.body)["body"]?.text == "hi")
            #expect(await client.rest() == "")
            await client.close()
        }
    }

    @Test("a port in use is a clear failure")
    func reportsUsedPorts() async throws {
        try await withServer { _, service, port in
            let second = APIServer(
                host: "127.0.0.1", port: port, service: service, logger: .init(label: "test"))
            let error = await #expect(throws: APIServer.Failure.self) { try await second.start() }
            #expect(error?.description.contains("127.0.0.1:\(port)") == true)
            await second.stop()
        }
    }
}
