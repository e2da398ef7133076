import NIOCore
import Testing

@testable import SyncronWire

@Suite struct JSONReadingTests {
    private func kind(_ text: String) -> JSONFailure.Kind? { kind(Array(text.utf8)) }

    private func kind(_ bytes: [UInt8]) -> JSONFailure.Kind? {
        do throws(JSONFailure) {
            _ = try JSONValue(ByteBuffer(bytes: bytes))
            return nil
        } catch {
            return error.kind
        }
    }

    @Test("a document becomes a tree with its order and its numbers as written")
    func reads() throws {
        let text =
            #" {"b":[1,-2.50,1e400,0],"a":{"x":null,"y":true,"z":false},"s":"é\u00e9\n\"\\\/\ud83d\ude00","e":[],"o":{}} "#
        let value = try JSONValue(text)
        #expect(value.members?.map(\.name) == ["b", "a", "s", "e", "o"])
        #expect(value["b"]?.items == [.number("1"), .number("-2.50"), .number("1e400"), .number("0")])
        #expect(value["a"]?["x"] == .null)
        #expect(value["a"]?["y"]?.boolean == true)
        #expect(value["a"]?["z"]?.boolean == false)
        #expect(value["s"]?.text == "éé\n\"\\/😀")
        #expect(value["e"] == .array([]))
        #expect(value["o"] == .object([]))
        #expect(value["b"]?[0]?.integer == 1)
        #expect(value["b"]?[1]?.integer == nil)
        #expect(value["b"]?[4] == nil)
        #expect(value["none"] == nil)
        #expect(value["a"]?.text == nil)
    }

    @Test("scalars alone are documents", arguments: ["1", "\"x\"", "true", "null", " 0 ", "-0"])
    func readsScalars(text: String) { #expect(kind(text) == nil) }

    @Test(
        "what is not JSON is malformed",
        arguments: [
            "", " ", "{", "}", "[", "]", "{]", "[}", "[1,]", "[,1]", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":}",
            "{a:1}",
            "{'a':1}", "{1:1}", "[1 2]", "1 2", "{} {}", "{}x", "tru", "nul", "True", "NaN", "Infinity", "undefined",
            "01",
            "1.", ".5", "+1", "-", "1e", "1e+", "0x1", "--1", "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"",
            "\"\\u12g4\"",
            "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "\"a\tb\"", "\"\u{1}\"",
            "//x\n1", "/**/1", "[1]]", "\u{FEFF}1", "{\"a\":1 \"b\":2}", "{\"a\" 1}", "1\u{A0}",
        ])
    func refuses(text: String) { #expect(kind(text) == .malformed) }

    @Test("every cut-off beginning of a document is refused")
    func refusesEveryPrefix() {
        let text = Array(#"{"symbol":"BTC-USDT","list":[1.5e3,true,null,"\ud83d\ude00é"],"n":{"x":-1}}"#.utf8)
        for length in 0..<text.count { #expect(kind(Array(text[..<length])) != nil, "\(length) bytes") }
        #expect(kind(text) == nil)
    }

    @Test(
        "bytes that are not UTF-8 are refused wherever they stand",
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xFE],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func refusesBadUTF8(bytes: [UInt8]) {
        #expect(kind(Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)) == .invalidUTF8)
        #expect(kind(Array("{\"".utf8) + bytes + Array("\":1}".utf8)) == .invalidUTF8)
        #expect(kind(Array("{} ".utf8) + bytes) == .invalidUTF8)
    }

    @Test("a name twice in one object is refused, also when it is escaped, and in two objects it is not")
    func refusesDuplicates() {
        #expect(kind(#"{"a":1,"b":2,"a":3}"#) == .duplicateName("a"))
        #expect(kind(#"{"a":1,"\u0061":3}"#) == .duplicateName("a"))
        #expect(kind(#"[{"x":{"a":1,"a":1}}]"#) == .duplicateName("a"))
        #expect(kind(#"{"":1,"":2}"#) == .duplicateName(""))
        #expect(kind(#"[{"a":1},{"a":1}]"#) == nil)
        #expect(kind(#"{"a":{"a":1},"A":1}"#) == nil)
    }

    @Test("nesting is refused beyond its bound, and a hostile depth harms nobody")
    func refusesDepth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(kind(nested(JSONValue.maximumDepth)) == nil)
        #expect(kind(nested(JSONValue.maximumDepth + 1)) == .tooDeep)
        #expect(kind(nested(60_000)) == .tooDeep)
        #expect(kind(String(repeating: "{\"a\":", count: 10_000)) == .tooDeep)
        #expect(kind(String(repeating: "[", count: 100_000)) == .tooDeep)
    }

    @Test("random bytes and damaged documents are refused or read, never worse")
    func survivesNoise() throws {
        var random = SeededRandom(seed: 7)
        let good = Array(#"{"symbol":"BTC-USDT","list":[1.5e3,true,null,"\ud83d\ude00é"],"n":{"x":-1}}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            if kind(bytes) == nil {
                let value = try JSONValue(ByteBuffer(bytes: bytes))
                var json = JSONWriter()
                json.value(value)
                #expect(try JSONValue(json.buffer) == value, "seed \(random.seed): \(bytes)")
            }
        }
    }
}

@Suite struct JSONWritingTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(buffer: json.buffer)
    }

    @Test("commas stand between members and items and nowhere else")
    func separates() {
        let written = text {
            $0.beginObject()
            $0.field("a", 1)
            $0.key("b")
            $0.beginArray()
            $0.value("x")
            $0.beginArray()
            $0.endArray()
            $0.beginObject()
            $0.endObject()
            $0.null()
            $0.value(true)
            $0.fixed(150, decimals: 2)
            $0.trimmed(150, decimals: 2)
            $0.endArray()
            $0.field("c", "y")
            $0.field("d", fixed: Int64(-5), decimals: 1)
            $0.field("e", trimmed: Int128(0), decimals: 8)
            $0.field("f", false)
            $0.key(text: "k\"")
            $0.raw(ByteBuffer(string: "[1]"))
            $0.field("g", UInt64.max)
            $0.endObject()
        }
        #expect(
            written == #"{"a":1,"b":["x",[],{},null,true,"1.50","1.5"],"c":"y","d":"-0.5","e":"0","f":false,"#
                + #""k\"":[1],"g":18446744073709551615}"#)
    }

    @Test("every character of a string survives writing and reading")
    func escapes() throws {
        var all = ""
        for code in 0...0x2FF as ClosedRange<UInt32> { all.unicodeScalars.append(Unicode.Scalar(code)!) }
        all += "\u{2028}\u{FFFD}\u{10FFFF}😀"
        let written = text { $0.value(all) }
        #expect(written.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(try JSONValue(written).text == all)
        #expect(text { $0.value("a\"b\\c\n\r\t\u{1}\u{7F}") } == #""a\"b\\c\n\r\t\u0001\u007f""#)
        #expect(text { $0.value("") } == "\"\"")
    }

    @Test("an error is its code, its message and the details it has")
    func writesErrors() {
        let poor = APIError.insufficientBalance(asset: "USDT", required: "100.00000000", available: "20.00000000")
        #expect(poor.status == 409)
        #expect(
            String(buffer: poor.body) == #"{"code":1008,"message":"Account has insufficient balance","details":"#
                + #"{"asset":"USDT","required":"100.00000000","available":"20.00000000"}}"#)
        #expect(String(buffer: APIError.unknown.body) == #"{"code":1000,"message":"Unknown error"}"#)
        let limited = APIError.tooManyRequests(retryAfter: 7)
        #expect(limited.status == 429 && limited.code == 1003)
        #expect(limited.headers.map(\.0) == ["Retry-After"] && limited.headers.map(\.1) == ["7"])
        #expect(APIError.methodNotAllowed(allow: "GET, POST").headers.map(\.1) == ["GET, POST"])
        #expect(
            String(buffer: APIError.filterFailure("LOT_SIZE", parameter: "quantity").body)
                == #"{"code":1006,"message":"Invalid parameter","details":{"parameter":"quantity","filter":"LOT_SIZE"}}"#
        )
    }

    @Test("each code has its status")
    func codesAndStatuses() {
        let all: [(APIError, Int, Int)] = [
            (.unknown, 1000, 500), (.disconnected(), 1001, 503), (.unauthorized(), 1002, 401),
            (.forbidden(), 1002, 403),
            (.tooManyRequests(retryAfter: 1), 1003, 429), (.unexpected, 1004, 500), (.invalidFormat("x"), 1005, 400),
            (.noSuchRoute, 1005, 404), (.methodNotAllowed(allow: "GET"), 1005, 405), (.bodyTooLarge, 1005, 413),
            (.invalidParameter("p"), 1006, 400), (.missingParameter("p"), 1006, 400), (.wouldLiquidate(), 1007, 409),
            (.marketClosed(), 1009, 409), (.riskFilter("MAX_POSITION"), 1010, 409),
        ]
        for (error, code, status) in all { #expect(error.code == code && error.status == status) }
    }
}
