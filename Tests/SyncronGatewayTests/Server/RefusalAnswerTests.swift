import Logging
import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

/// Refusals of the transport and of the streams in front of a whole exchange, over a socket.
@Suite("Refusals before a handler", .timeLimit(.minutes(2)))
struct RefusalAnswerTests {
    private func withExchange(_ body: (ServiceFixture, Int) async throws -> Void) async throws {
        try await ServiceFixture.with { fixture in
            let streams = Streams(node: fixture.node)
            let server = APIServer(
                host: "127.0.0.1", port: 0, service: fixture.service, streams: streams,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let port = try await server.start()
            do {
                try await body(fixture, port)
            } catch {
                await server.stop()
                throw error
            }
            await server.stop()
        }
    }

    private func answer(to request: String, port: Int) async throws -> RawClient.Answer {
        let client = try await RawClient.connect(port: port)
        try await client.send(request)
        let answer = try await client.answer()
        await client.close()
        return answer
    }

    private func expectStanding(_ answer: RawClient.Answer, _ what: String, isOrder: Bool = false) {
        #expect(answer["X-Request-Id"] != nil, "\(what)")
        #expect(answer["X-SYNCRON-RATELIMIT-LIMIT"] == "1200", "\(what)")
        #expect(answer["X-SYNCRON-RATELIMIT-REMAINING"] != nil, "\(what)")
        #expect(answer["X-SYNCRON-RATELIMIT-RESET"] != nil, "\(what)")
        #expect(answer["X-SYNCRON-ORDERLIMIT-LIMIT"] == (isOrder ? "10" : nil), "\(what)")
        #expect(answer["X-SYNCRON-ORDERLIMIT-REMAINING"] == (isOrder ? "10" : nil), "\(what)")
    }

    @Test("a WebSocket that is refused is told in the words of every refusal, with where it stands")
    func webSockets() async throws {
        let cases: [(path: String, status: Int, code: Int64, parameter: String?)] = [
            ("/v1/wss", 404, 1005, nil), ("/v1/ws/btc-usdt@nothing", 404, 1006, "stream"),
            ("/v1/stream?streams=nothing", 400, 1006, "streams"), ("/v1/ws/user", 400, 1006, "listenKey"),
            ("/v1/ws/user?listenKey=nobody", 401, 1002, nil),
        ]
        let sentences: [Int64: String] = [
            1002: "Unauthorized", 1005: "Invalid request format", 1006: "Invalid parameter",
        ]
        try await withExchange { _, port in
            for (path, status, code, parameter) in cases {
                let request = httpRequest(
                    "GET \(path)", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
                let answer = try await answer(to: request, port: port)
                let body = try JSONValue(answer.body)
                #expect(answer.status == status && body["code"]?.integer == code, "\(path): \(answer.body)")
                #expect(body["message"]?.text == sentences[code], "\(path): \(answer.body)")
                #expect(body["details"]?["parameter"]?.text == parameter, "\(path): \(answer.body)")
                #expect(body["details"]?["reason"]?.text?.isEmpty == false, "\(path): \(answer.body)")
                expectStanding(answer, path)
            }
            let old = try await answer(
                to: httpRequest(
                    "GET /v1/ws", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 8"), port: port)
            #expect(old.status == 426)
            expectStanding(old, "an old version")
        }
    }

    @Test("a body too large and what is no HTTP say where their address stands")
    func transport() async throws {
        try await withExchange { _, port in
            let large = try await answer(
                to: httpRequest("POST /v1/trading/order", "Content-Length: 70000"), port: port)
            #expect(large.status == 413)
            expectStanding(large, "413", isOrder: true)
            let garbage = try await answer(to: "GARBAGE\r\n\r\n", port: port)
            #expect(garbage.status == 400)
            expectStanding(garbage, "garbage")
        }
    }

    @Test("what the transport refuses is counted, until there is too much of it")
    func counted() async throws {
        try await ServiceFixture.with { fixture in
            let request = APIRequest(method: "POST", path: "/v1/market/ticker", peer: "10.0.0.9")
            for count in 1...1_200 {
                let response = fixture.service.refuse(request, .bodyTooLarge)
                let remaining = response.headers.first { $0.0 == "X-SYNCRON-RATELIMIT-REMAINING" }?.1
                try #require(response.status == 413 && remaining == "\(1_200 - count)")
            }
            #expect(fixture.service.refuse(request, .bodyTooLarge).status == 429)
        }
    }

    @Test("every answer of an order route says where the account stands, whoever asked how")
    func orderRate() async throws {
        try await ServiceFixture.with { fixture in
            let trader = try await fixture.trader()
            let reader = try await fixture.key(of: trader.account, permissions: .read)
            func expect(_ answer: ServiceFixture.Answer, _ status: Int, _ remaining: String) {
                #expect(answer.status == status, "\(answer.text)")
                #expect(answer.header("X-SYNCRON-ORDERLIMIT-LIMIT") == "10", "\(status)")
                #expect(answer.header("X-SYNCRON-ORDERLIMIT-REMAINING") == remaining, "\(status)")
                #expect(answer.header("X-SYNCRON-RATELIMIT-LIMIT") == "1200", "\(status)")
            }
            let order = "symbol=BTC-USDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=10000.00"
            let path = "/v1/trading/order"
            for count in 1...4 { expect(await fixture.send("POST", path, order, as: trader), 200, "\(10 - count)") }
            expect(await fixture.send("POST", path, order, as: reader), 403, "6")
            let forger = ServiceFixture.Trader(account: trader.account, key: trader.key, secret: "wrong")
            expect(await fixture.send("POST", path, order, as: forger), 401, "6")
            expect(await fixture.send("POST", path, "symbol=NOPE", as: trader), 400, "5")
            for count in 1...5 { expect(await fixture.send("POST", path, order, as: trader), 200, "\(5 - count)") }
            expect(await fixture.send("POST", path, order, as: trader), 429, "0")
            expect(await fixture.send("GET", path, "symbol=BTC-USDT&orderId=99", as: trader), 404, "0")
            expect(await fixture.send("POST", path, order), 401, "10")
        }
    }

    @Test("a nested value under a name that no route knows is ignored, under a known one it is 1006")
    func nested() async throws {
        try await ServiceFixture.with { fixture in
            let trader = try await fixture.trader()
            let order =
                #""symbol":"BTC-USDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":"0.001","price":"#
            let (path, json) = ("/v1/trading/order", "application/json")
            let ignored = await fixture.send(
                "POST", path, body: "{\(order)\"10000.00\",\"meta\":{\"a\":[1]}}", contentType: json, as: trader)
            #expect(ignored.status == 200, "\(ignored.text)")
            let refused = await fixture.send(
                "POST", path, body: "{\(order){\"a\":1}}", contentType: json, as: trader)
            #expect(refused.summary == "400 1006" && refused.detail("parameter") == "price", "\(refused.text)")
        }
    }
}
