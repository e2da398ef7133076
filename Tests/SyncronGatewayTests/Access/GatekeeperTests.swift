import NIOCore
import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Who is let in, and who pays")
struct GatekeeperTests {
    private let fixture: GatekeeperFixture
    private let now = GatekeeperFixture.now.milliseconds

    init() throws { fixture = try GatekeeperFixture() }

    @Test("a good signature is let in and its account pays")
    func admitted() {
        let answer = fixture.knock(fixture.request("reader", query: "symbol=BTC-USDT"), weight: 7)
        #expect(answer.summary == "200")
        #expect(answer.caller?.account.id == GatekeeperFixture.account.id)
        #expect(answer.standing?.limit == 100)
        #expect(answer.remaining == 93)
    }

    @Test("an Ed25519 key's signature is let in")
    func ed25519() {
        #expect(fixture.knock(fixture.request("signer", query: "a=1")).summary == "200")
        let forged = fixture.unsigned("signer", query: "timestamp=\(now)&signature=AAAA")
        #expect(fixture.knock(forged).summary == "401 1002")
        let empty = fixture.unsigned("signer", query: "timestamp=\(now)&signature=")
        #expect(fixture.knock(empty).summary == "401 1002")
    }

    @Test(
        "each key opens what it has a permission for",
        arguments: [
            ("reader", Permissions.read, "200"), ("reader", .trade, "403 1002"), ("reader", .withdraw, "403 1002"),
            ("reader", [.trade, .transfer], "403 1002"), ("trader", .read, "403 1002"), ("trader", .trade, "200"),
            ("trader", [.trade, .transfer], "200"), ("all", .withdraw, "200"), ("all", .transfer, "200"),
        ] as [(String, Permissions, String)])
    func permissions(key: String, needed: Permissions, summary: String) {
        #expect(fixture.knock(fixture.request(key), .key(needed)).summary == summary)
    }

    @Test(
        "a timestamp is accepted from recvWindow before to one second after the exchange's time",
        arguments: [
            (-5_000, nil, "200"), (-5_001, nil, "401 1002"), (1_000, nil, "200"), (1_001, nil, "401 1002"),
            (-60_000, 60_000, "200"), (-60_001, 60_000, "401 1002"), (0, 60_001, "400 1006"), (0, 0, "200"),
            (-1, 0, "401 1002"), (-100, 100, "200"), (-101, 100, "401 1002"),
        ] as [(Int64, Int64?, String)])
    func window(offset: Int64, window: Int64?, summary: String) {
        let query = window.map { "recvWindow=\($0)" } ?? ""
        let answer = fixture.knock(fixture.request("reader", query: query, timestamp: now + offset))
        #expect(answer.summary == summary)
    }

    @Test("a missing timestamp is 1006 and named")
    func missingTimestamp() {
        let answer = fixture.knock(fixture.request("reader", timestamp: nil))
        #expect(answer.summary == "400 1006")
        #expect(answer.error?.details.first?.value == "timestamp")
    }

    @Test("a malformed timestamp is 1006", arguments: ["", "x", "-1", "1e3", "1.5", "99999999999999999999"])
    func malformedTimestamp(text: String) {
        let request = fixture.request("reader", query: "timestamp=\(text)", timestamp: nil)
        #expect(fixture.knock(request).summary == "400 1006")
    }

    @Test("without key, with an unknown key, without or with a wrong signature it is 401")
    func unauthorized() {
        let timestamp = "timestamp=\(now)"
        #expect(fixture.knock(fixture.request(nil)).summary == "401 1002")
        #expect(fixture.knock(fixture.request("nobody")).summary == "401 1002")
        #expect(fixture.knock(fixture.unsigned("reader", query: timestamp)).summary == "401 1002")
        #expect(fixture.knock(fixture.request("reader", secret: "another")).summary == "401 1002")
        let zeros = String(repeating: "0", count: 64)
        #expect(
            fixture.knock(fixture.unsigned("reader", query: "\(timestamp)&signature=\(zeros)")).summary == "401 1002")
    }

    @Test("a changed query is not what was signed")
    func tampered() {
        var request = fixture.request("reader", query: "limit=1")
        request.query = ByteBuffer(string: String(buffer: request.query).replacing("limit=1", with: "limit=2"))
        #expect(fixture.knock(request).summary == "401 1002")
    }

    @Test("a key may be used until it expires, by the exchange's clock")
    func expiry() {
        #expect(fixture.knock(fixture.request("expired")).summary == "401 1002")
        #expect(fixture.knock(fixture.request("expiring")).summary == "200")
    }

    @Test(
        "a key with addresses opens from these alone",
        arguments: [
            ("10.1.255.255", "200"), ("::ffff:10.1.0.1", "200"), ("2001:db8::7", "200"), ("10.2.0.1", "403 1002"),
            ("2001:db8::8", "403 1002"), ("", "403 1002"),
        ])
    func addresses(peer: String, summary: String) {
        #expect(fixture.knock(fixture.request("at-home", peer: peer)).summary == summary)
    }

    @Test("behind a trusted proxy the forwarded address counts, and not otherwise")
    func forwarded() throws {
        let trusting = try GatekeeperFixture(proxies: ["192.168.0.1"])
        func summary(_ fixture: GatekeeperFixture, peer: String) -> String {
            fixture.knock(fixture.request("at-home", peer: peer, forwardedFor: "10.1.2.3")).summary
        }
        #expect(summary(trusting, peer: "192.168.0.1") == "200")
        #expect(summary(trusting, peer: "192.168.0.2") == "403 1002")
        #expect(summary(fixture, peer: "192.168.0.1") == "403 1002")
    }

    @Test("a flood of bad signatures uses up the address, and never the account")
    func badSignatures() {
        let forged = fixture.request("reader", secret: "another")
        for _ in 0..<1_200 { #expect(fixture.knock(forged).summary == "401 1002") }
        let last = fixture.knock(forged)
        #expect(last.summary == "429 1003")
        #expect(last.error?.retryAfter == 60)
        #expect(last.standing?.limit == 1_200)
        let owner = fixture.knock(fixture.request("reader"))
        #expect(owner.summary == "200")
        #expect(owner.remaining == 99)
    }

    @Test(
        "what proves no identity is charged to the address",
        arguments: ["nobody", "reader without signature", "at-home from elsewhere", "expired", "stale"])
    func unverified(what: String) {
        func request() -> APIRequest {
            switch what {
            case "reader without signature": fixture.unsigned("reader", query: "timestamp=\(now)", peer: "9.9.9.9")
            case "at-home from elsewhere": fixture.request("at-home", peer: "9.9.9.9")
            case "stale": fixture.request("reader", timestamp: now - 10_000, peer: "9.9.9.9")
            default: fixture.request(what, peer: "9.9.9.9")
            }
        }
        #expect(fixture.knock(request()).remaining == 1_199)
        #expect(fixture.knock(request()).remaining == 1_198)
        #expect(fixture.knock(fixture.request("reader")).remaining == 99)
    }

    @Test("a permission that is missing is charged to the account, without an order")
    func missingPermission() {
        let answer = fixture.knock(fixture.request("reader"), .key(.trade), orderRate: .counted)
        #expect(answer.remaining == 99)
        #expect(answer.standing?.orderRemaining == 3)
    }

    @Test("an account over its limit is refused before its signature is looked at, and pays nothing for it")
    func overLimit() {
        #expect(fixture.knock(fixture.request("reader"), weight: 100).summary == "200")
        let forged = fixture.request("reader", secret: "another", peer: "9.9.9.9")
        let answer = fixture.knock(forged)
        #expect(answer.summary == "429 1003")
        #expect(answer.standing?.limit == 100)
        #expect(fixture.knock(fixture.request("nobody", peer: "9.9.9.9")).remaining == 1_199)
    }

    @Test("orders beyond the rate are refused with a second's wait, and other requests go on")
    func orderRate() {
        let request = fixture.request("trader")
        for left in [2, 1, 0] as [UInt32] {
            let answer = fixture.knock(request, .key(.trade), orderRate: .counted)
            #expect(answer.standing?.orderRemaining == left)
        }
        let refused = fixture.knock(request, .key(.trade), orderRate: .counted)
        #expect(refused.summary == "429 1003")
        #expect(refused.error?.retryAfter == 1)
        #expect(refused.remaining == 97)
        #expect(fixture.knock(request, .key(.trade), orderRate: .shown).summary == "200")
    }

    @Test("on public routes a known key pays for its account without a signature, others for their address")
    func publicRoutes() {
        let known = fixture.knock(fixture.unsigned("reader", query: ""), .anyone)
        #expect(known.summary == "200")
        #expect(known.standing?.limit == 100)
        for key in [nil, "nobody", "expired"] as [String?] {
            let answer = fixture.knock(fixture.unsigned(key, query: ""), .anyone)
            #expect(answer.summary == "200")
            #expect(answer.standing?.limit == 1_200, "\(key ?? "no key")")
        }
        let elsewhere = fixture.knock(fixture.unsigned("at-home", query: "", peer: "9.9.9.9"), .anyone)
        #expect(elsewhere.standing?.limit == 1_200)
    }

    @Test("on public routes what cannot be parsed is refused and paid for")
    func publicMalformed() {
        let answer = fixture.knock(fixture.unsigned(nil, query: "symbol=A&symbol=B"), .anyone)
        #expect(answer.summary == "400 1006")
        #expect(answer.remaining == 1_199)
    }

    @Test("operations are not counted")
    func operations() {
        let answer = fixture.knock(fixture.unsigned(nil, query: ""), .operations)
        #expect(answer.summary == "200")
        #expect(answer.standing == nil)
    }

    @Test("a parameter given twice is refused before anything is verified, and the address pays")
    func doubled() {
        let answer = fixture.knock(fixture.request("reader", query: "limit=1&limit=1"))
        #expect(answer.summary == "400 1006")
        #expect(answer.standing?.limit == 1_200)
    }
}
