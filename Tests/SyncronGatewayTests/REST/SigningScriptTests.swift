import Foundation
import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

private let node = ["/usr/bin/node", "/usr/local/bin/node"].first { FileManager.default.isExecutableFile(atPath: $0) }

/// The page's script, run by the JavaScript engine that is there, against the signature that the exchange checks.
@Suite("The page's signing script", .enabled(if: node != nil, "node is not installed here"))
struct SigningScriptTests {
    /// What the script makes of a request.
    private func signed(_ request: String, key: String = "k", secret: String = "s") throws -> JSONValue {
        let document = String(buffer: OpenAPI.document(of: RouteTable.all))
        let script = """
            \(HTMLPages.signingScript)
            signed(\(request), \(document), "\(key)", "\(secret)", async () => 1700000000000)
              .then(request => console.log(JSON.stringify(request)));
            """
        let file = FileManager.default.temporaryDirectory.appending(path: "sign-\(UUID()).mjs")
        try Data(script.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: node ?? "")
        process.arguments = [file.path]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return try JSONValue(text)
    }

    @Test(
        "its signatures are good",
        arguments: [
            ("GET", "/v1/account/info?timestamp=1&recvWindow=5000", "", Parameters.BodyKind.none),
            ("DELETE", "/v1/trading/order?symbol=BTC-USDT&clientOrderId=a%2Fb:c&timestamp=1&signature=x", "", .none),
            ("POST", "/v1/trading/order?timestamp=1", #"{"symbol":"BTC-USDT","side":"BUY"}"#, .json),
            ("POST", "/v1/trading/order?timestamp=1", "symbol=BTC-USDT&side=BUY", .form),
        ])
    func good(_ method: String, _ path: String, _ body: String, _ kind: Parameters.BodyKind) throws {
        var json = JSONWriter()
        json.beginObject()
        json.field("method", method)
        json.field("url", "https://a.example\(path)")
        if !body.isEmpty { json.field("body", body) }
        json.endObject()
        let answer = try signed(String(buffer: json.buffer))
        #expect(answer["headers"]?["X-API-KEY"]?.text == "k")
        let url = try #require(answer["url"]?.text)
        let query = try #require(url.split(separator: "?").last.map(String.init))
        let payload = SignedPayload(
            query: ByteBuffer(string: query), body: ByteBuffer(string: body), bodyKind: kind)
        #expect(url.contains("timestamp=1700000000000&"), "\(url)")
        #expect(url.hasSuffix("&signature=\(HMACKey(secret: "s").signature(of: payload))"), "\(url)")
        #expect(query.components(separatedBy: "signature=").count == 2, "\(url)")
    }

    @Test("an object is sent as the text that is signed")
    func object() throws {
        let answer = try signed(#"{"method":"POST","url":"https://a.example/v1/trading/order","body":{"side":"BUY"}}"#)
        #expect(answer["body"]?.text == #"{"side":"BUY"}"#)
    }

    @Test("what needs no signature, or has no secret, is left alone")
    func alone() throws {
        let open = #"{"method":"GET","url":"https://a.example/v1/market/ticker?symbol=BTC-USDT"}"#
        #expect(try signed(open) == JSONValue(open))
        let session = #"{"method":"GET","url":"https://a.example/v1/user/api-keys","headers":{"Authorization":"x"}}"#
        #expect(try signed(session) == JSONValue(session))
        let closed = #"{"method":"GET","url":"https://a.example/v1/account/info?timestamp=1"}"#
        #expect(try signed(closed, secret: "") == JSONValue(closed))
    }
}
