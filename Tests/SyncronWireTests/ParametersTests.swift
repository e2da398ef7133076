import NIOCore
import Testing

@testable import SyncronWire

enum Side: String { case buy = "BUY", sell = "SELL" }

@Suite struct ParametersTests {
    static let form = "application/x-www-form-urlencoded"
    static let json = "application/json"

    private func parse(
        _ query: String = "", body: String = "", type: String? = nil, nested: [String] = []
    ) throws(APIError) -> Parameters {
        try Parameters(
            query: ByteBuffer(string: query), body: ByteBuffer(string: body), contentType: type, nested: nested)
    }

    /// The refusal that `body` ends in.
    private func refusal(_ body: () throws(APIError) -> Void) -> APIError? {
        do throws(APIError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    private func expect(
        _ code: Int, naming parameter: String? = nil, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws(APIError) -> Void
    ) {
        let error = refusal(body)
        #expect(error?.code == code, sourceLocation: sourceLocation)
        #expect(error?.status == 400, sourceLocation: sourceLocation)
        let named = error?.details.first { $0.name == "parameter" }?.value
        #expect(named == parameter, sourceLocation: sourceLocation)
    }

    // MARK: Gathering

    @Test("query and form body are one list")
    func gathersForm() throws {
        let parameters = try parse("symbol=BTC-USDT&side=BUY", body: "price=1.5&quantity=2", type: Self.form)
        #expect(parameters.names == ["symbol", "side", "price", "quantity"])
        #expect(parameters.bodyKind == .form)
        #expect(try parameters.text("symbol") == "BTC-USDT")
        #expect(try parameters.text("quantity") == "2")
    }

    @Test("query and JSON body are one list")
    func gathersJSON() throws {
        let body = #"{"side":"BUY","limit":5,"reduceOnly":true,"none":null,"né\u0065":"x y"}"#
        let parameters = try parse("symbol=BTC-USDT", body: body, type: "application/json; charset=utf-8")
        #expect(parameters.bodyKind == .json)
        #expect(try parameters.choice("side", as: Side.self) == .buy)
        #expect(try parameters.integer("limit", in: 1...10) == 5)
        #expect(try parameters.boolean("reduceOnly"))
        #expect(!parameters.has("none"))
        #expect(try parameters.text(ifGiven: "none") == nil)
        #expect(try parameters.text("née") == "x y")
    }

    @Test("nothing sent is an empty list")
    func gathersNothing() throws {
        let parameters = try parse()
        #expect(parameters.names.isEmpty && parameters.bodyKind == .none)
        expect(1006, naming: "symbol") { () throws(APIError) in _ = try parameters.text("symbol") }
    }

    @Test("percent-encoding and plus are resolved, in names too")
    func decodes() throws {
        let parameters = try parse("a=%41%2b+%C3%A9&%62c=1%262=3&x==&&y&z=%00")
        #expect(try parameters.text("a") == "A+ é")
        #expect(try parameters.text("bc") == "1&2=3")
        #expect(try parameters.text("x") == "=")
        #expect(parameters.has("y"))
        expect(1006, naming: "y") { () throws(APIError) in _ = try parameters.text("y") }
        #expect(try parameters.text("z") == "\u{0}")
    }

    @Test(
        "what cannot be decoded is 1005, in the query and in a form body",
        arguments: [
            "a=%", "a=%4", "a=%zz", "a=%4g", "%=1", "a=1&b=%e", "a=%C3", "a=%C3%28", "a=%FF", "%FF=1", "a=%ED%A0%80",
            "=1", "a=1&=2", "a=%C3&%A9=1",
        ])
    func refusesBadEncoding(text: String) {
        expect(1005) { () throws(APIError) in _ = try parse(text) }
        expect(1005) { () throws(APIError) in _ = try parse(body: text, type: Self.form) }
    }

    @Test("raw bytes that are not UTF-8 are 1005")
    func refusesRawBytes() {
        for bytes in [[0x61, 0x3D, 0xFF], [0x61, 0x3D, 0xC3], [0xC3, 0x3D, 0xA9]] as [[UInt8]] {
            expect(1005) { () throws(APIError) in
                _ = try Parameters(query: ByteBuffer(), body: ByteBuffer(bytes: bytes), contentType: Self.form)
            }
        }
    }

    @Test("a parameter given twice is 1006 and named")
    func refusesTwice() {
        expect(1006, naming: "a") { () throws(APIError) in _ = try parse("a=1&b=2&a=1") }
        expect(1006, naming: "a") { () throws(APIError) in _ = try parse("a=1&%61=1") }
        expect(1006, naming: "a") { () throws(APIError) in _ = try parse("a=1", body: "a=2", type: Self.form) }
        expect(1006, naming: "a") { () throws(APIError) in _ = try parse("a=1", body: #"{"a":"1"}"#, type: Self.json) }
        expect(1006, naming: "a") { () throws(APIError) in _ = try parse(body: #"{"a":1,"a":2}"#, type: Self.json) }
        expect(1006, naming: "a") { () throws(APIError) in _ = try parse("a=1", body: #"{"a":null}"#, type: Self.json) }
        expect(1006, naming: "signature") { () throws(APIError) in _ = try parse("signature=1&signature=2") }
        #expect(refusal { () throws(APIError) in _ = try parse("a=1&A=1") } == nil)
    }

    @Test("a very long name is not repeated in full")
    func shortensNames() {
        let name = String(repeating: "x", count: 5000)
        expect(1006, naming: String(name.prefix(64))) { () throws(APIError) in _ = try parse("\(name)=1&\(name)=1") }
    }

    @Test("too many parameters are 1005")
    func refusesCrowds() {
        let many = (0..<65).map { "p\($0)=1" }.joined(separator: "&")
        expect(1005) { () throws(APIError) in _ = try parse(many) }
        #expect(refusal { () throws(APIError) in _ = try parse(String(many.dropLast(6))) } == nil)
    }

    // MARK: Bodies

    @Test(
        "a JSON body that is no flat object is 1005",
        arguments: [
            "[]", "1", "\"a\"", "null", "{", "{\"a\":1", "{\"a\"}", "{\"a\":01}", "{\"a\":1}x", "{\"a\":tru}", "a=1",
        ])
    func refusesOtherJSON(body: String) {
        expect(1005) { () throws(APIError) in _ = try parse(body: body, type: Self.json) }
    }

    @Test("a JSON body of bad UTF-8 is 1005")
    func refusesJSONWithBadUTF8() {
        let bytes = Array(#"{"a":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
        expect(1005) { () throws(APIError) in
            _ = try Parameters(query: ByteBuffer(), body: ByteBuffer(bytes: bytes), contentType: Self.json)
        }
    }

    @Test("nested values are 1006 and named by whoever reads them, and ignored where nobody does")
    func refusesNested() throws {
        for nested in [#"{"b":1,"a":{}}"#, #"{"a":[1],"b":1}"#, #"{"b":1,"a":[{"x":1}]}"#] {
            let parameters = try parse(body: nested, type: Self.json)
            #expect(try parameters.integer("b", in: 0...9) == 1)
            expect(1006, naming: "a") { () throws(APIError) in _ = try parameters.text("a") }
            expect(1006, naming: "a") { () throws(APIError) in _ = try parameters.text(ifGiven: "a") }
            expect(1006, naming: "a") { () throws(APIError) in _ = try parameters.integer(ifGiven: "a", in: 0...9) }
            expect(1006, naming: "a") { () throws(APIError) in _ = try parameters.decimal(ifGiven: "a") }
            expect(1006, naming: "a") { () throws(APIError) in _ = try parameters.boolean(ifGiven: "a") }
            expect(1006, naming: "a") { () throws(APIError) in _ = try parameters.choice("a", as: Side.self) }
            expect(1006, naming: "a") { () throws(APIError) in _ = try parameters.clientOrderID(ifGiven: "a") }
            expect(1006, naming: "a") { () throws(APIError) in _ = try parameters.json("a") }
        }
        let parameters = try parse(body: #"{"orders":[{"a": "1"}, {}]}"#, type: Self.json, nested: ["orders"])
        #expect(try parameters.json("orders").items?.count == 2)
        #expect(try parameters.json("orders")[0]?["a"]?.text == "1")
        expect(1006, naming: "orders") { () throws(APIError) in _ = try parameters.text("orders") }
        expect(1005) { () throws(APIError) in
            _ = try parse(body: #"{"orders":[{"a":1,"a":2}]}"#, type: Self.json, nested: ["orders"])
        }
        expect(1005) { () throws(APIError) in
            let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
            _ = try parse(body: "{\"orders\":\(deep)}", type: Self.json, nested: ["orders"])
        }
    }

    @Test("JSON as text is read as JSON, and bad JSON is 1006")
    func readsJSONText() throws {
        #expect(try parse("orders=%5B%7B%22a%22:%221%22%7D%5D").json("orders")[0]?["a"]?.text == "1")
        expect(1006, naming: "orders") { () throws(APIError) in _ = try parse("orders=%5B").json("orders") }
        expect(1006, naming: "orders") { () throws(APIError) in _ = try parse("a=1").json("orders") }
        #expect(try parse("a=1").json(ifGiven: "orders") == nil)
    }

    @Test("a body without a known type is a form when it looks like one, else 1005")
    func guessesTheBody() throws {
        for type in [nil, "", "text/plain", "application/octet-stream"] {
            #expect(try parse(body: "a=1&b_2=x%20y", type: type).bodyKind == .form)
            for body in ["{\"a\":1}", "a", "a=1&b", "=1", "a b=1", "[1]", "\u{0}=1", "a=1&&b=2", "<a href=1>"] {
                expect(1005) { () throws(APIError) in _ = try parse(body: body, type: type) }
            }
        }
        #expect(try parse(body: "a=1", type: "Application/X-WWW-Form-URLEncoded; charset=UTF-8").bodyKind == .form)
    }

    @Test("an element of a batch is read by the same getters")
    func readsObjects() throws {
        let order = try JSONValue(#"{"symbol":"BTC-USDT","limit":3,"flag":false,"price":1.5,"none":null}"#)
        let parameters = try Parameters(object: order)
        #expect(try parameters.text("symbol") == "BTC-USDT")
        #expect(try parameters.integer("limit", in: 0...3) == 3)
        #expect(try parameters.boolean("flag") == false)
        #expect(!parameters.has("none"))
        expect(1006, naming: "price") { () throws(APIError) in _ = try parameters.decimal("price") }
        let nested = try Parameters(object: try JSONValue(#"{"a":[],"b":"x"}"#))
        expect(1006, naming: "a") { () throws(APIError) in _ = try nested.text(ifGiven: "a") }
        #expect(try nested.text("b") == "x")
        expect(1005) { () throws(APIError) in _ = try Parameters(object: .string("x")) }
    }
}
