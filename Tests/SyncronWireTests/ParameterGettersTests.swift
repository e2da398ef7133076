import NIOCore
import Testing

@testable import SyncronWire

@Suite struct ParameterGettersTests {
    /// The refusal that `read` ends in when the parameter `p` has this text.
    private func refusal(
        _ text: String, _ read: (Parameters) throws(APIError) -> Void
    ) throws -> APIError? {
        let parameters = try Parameters(query: ByteBuffer(string: "p=\(text)"))
        do throws(APIError) {
            try read(parameters)
            return nil
        } catch {
            return error
        }
    }

    /// The same with a JSON value.
    private func jsonRefusal(_ json: String, _ read: (Parameters) throws(APIError) -> Void) throws -> APIError? {
        let body = ByteBuffer(string: "{\"p\":\(json)}")
        let parameters = try Parameters(query: ByteBuffer(), body: body, contentType: "application/json")
        do throws(APIError) {
            try read(parameters)
            return nil
        } catch {
            return error
        }
    }

    private func isAboutP(_ error: APIError?) -> Bool {
        error?.code == 1006 && error?.status == 400
            && error?.details.first == APIError.Detail(name: "parameter", value: "p")
    }

    @Test("what is missing is named, and optional where it may be missing")
    func missing() throws {
        let none = try Parameters(query: ByteBuffer())
        #expect(try none.text(ifGiven: "p") == nil)
        #expect(try none.integer(ifGiven: "p", in: 0...1) == nil)
        #expect(try none.boolean(ifGiven: "p") == nil)
        #expect(try none.choice(ifGiven: "p", as: Side.self) == nil)
        #expect(try none.decimal(ifGiven: "p") == nil)
        #expect(try none.units(ifGiven: "p", decimals: 2) == nil)
        #expect(try none.clientOrderID(ifGiven: "p") == nil)
        #expect(throws: APIError.missingParameter("p")) { try none.text("p") }
        #expect(throws: APIError.missingParameter("p")) { try none.integer("p", in: 0...1) }
        #expect(throws: APIError.missingParameter("p")) { try none.boolean("p") }
        #expect(throws: APIError.missingParameter("p")) { try none.choice("p", as: Side.self) }
        #expect(throws: APIError.missingParameter("p")) { try none.decimal("p") }
        #expect(throws: APIError.missingParameter("p")) { try none.units("p", decimals: 2) }
        #expect(throws: APIError.missingParameter("p")) { try none.json("p") }
    }

    @Test("an empty value is refused by every getter")
    func empty() throws {
        #expect(isAboutP(try refusal("") { (p) throws(APIError) in _ = try p.text("p") }))
        #expect(isAboutP(try refusal("") { (p) throws(APIError) in _ = try p.integer("p", in: 0...9) }))
        #expect(isAboutP(try refusal("") { (p) throws(APIError) in _ = try p.boolean("p") }))
        #expect(isAboutP(try refusal("") { (p) throws(APIError) in _ = try p.choice("p", as: Side.self) }))
        #expect(isAboutP(try refusal("") { (p) throws(APIError) in _ = try p.decimal("p") }))
        #expect(isAboutP(try refusal("") { (p) throws(APIError) in _ = try p.clientOrderID(ifGiven: "p") }))
    }

    @Test(
        "integers are digits within their range",
        arguments: [
            ("0", true), ("1000", true), ("0007", true), ("1001", false), ("-1", false), ("-0", false), ("+1", false),
            ("1.0", false), ("1e2", false), ("%201", false), ("1%20", false), ("0x1", false), ("abc", false),
            ("١", false),
            ("9223372036854775808", false), ("99999999999999999999999999", false),
        ] as [(String, Bool)])
    func integers(text: String, isGood: Bool) throws {
        let error = try refusal(text) { (p) throws(APIError) in _ = try p.integer("p", in: 0...1000) }
        #expect(isGood ? error == nil : isAboutP(error))
    }

    @Test("negative integers are taken where the range has them")
    func negativeIntegers() throws {
        let parameters = try Parameters(query: ByteBuffer(string: "a=-5&b=-9223372036854775808&c=--1&d=-"))
        #expect(try parameters.integer("a", in: -5...5) == -5)
        #expect(try parameters.integer("b", in: .min ... .max) == .min)
        #expect(throws: APIError.self) { try parameters.integer("a", in: -4...5) }
        #expect(throws: APIError.self) { try parameters.integer("c", in: -9...9) }
        #expect(throws: APIError.self) { try parameters.integer("d", in: -9...9) }
        #expect(throws: APIError.invalidParameter("a", "must be at least 0")) {
            try parameters.integer("a", in: 0 ... .max)
        }
    }

    @Test("integers may be JSON numbers, but no other JSON value")
    func jsonIntegers() throws {
        let read: (Parameters) throws(APIError) -> Void = { (p) throws(APIError) in _ = try p.integer("p", in: 0...9) }
        #expect(try jsonRefusal("5", read) == nil)
        #expect(try jsonRefusal("\"5\"", read) == nil)
        for json in ["5.0", "5e0", "-5", "10", "true", "\"\"", "\"x\""] {
            #expect(isAboutP(try jsonRefusal(json, read)))
        }
    }

    @Test("booleans are true and false")
    func booleans() throws {
        let read: (Parameters) throws(APIError) -> Void = { (p) throws(APIError) in _ = try p.boolean("p") }
        for text in ["true", "false"] { #expect(try refusal(text, read) == nil) }
        for text in ["TRUE", "1", "0", "yes", "%20true", "null"] { #expect(isAboutP(try refusal(text, read))) }
        for json in ["true", "false", "\"true\""] { #expect(try jsonRefusal(json, read) == nil) }
        for json in ["1", "0", "\"1\""] { #expect(isAboutP(try jsonRefusal(json, read))) }
    }

    @Test("choices are spelled exactly")
    func choices() throws {
        let read: (Parameters) throws(APIError) -> Void = { (p) throws(APIError) in
            _ = try p.choice("p", as: Side.self)
        }
        for text in ["BUY", "SELL", "%42UY"] { #expect(try refusal(text, read) == nil) }
        for text in ["buy", "Buy", "BUY%20", "HOLD", "BUYSELL"] { #expect(isAboutP(try refusal(text, read))) }
        for json in ["1", "true"] { #expect(isAboutP(try jsonRefusal(json, read))) }
    }

    @Test("money is exact text: no number, sign, exponent, blank, or decimal too many")
    func money() throws {
        let read: (Parameters) throws(APIError) -> Void = { (p) throws(APIError) in _ = try p.units("p", decimals: 2) }
        for text in ["0", "1", "1.5", "1.50", "1.500000", "00.10", "99999999999999999999"] {
            #expect(try refusal(text, read) == nil, "\(text)")
        }
        for text in [
            "-1", "%2B1", "+1", "1e3", "1E3", "%201", "1%20", "1.", ".5", "1.2.3", "1,5", "1.501", "NaN", "Infinity",
            "0x1",
            "%D9%A1", "1%00", String(repeating: "9", count: 38), String(repeating: "9", count: 60),
        ] {
            #expect(isAboutP(try refusal(text, read)), "\(text)")
        }
        #expect(try jsonRefusal("\"1.5\"", read) == nil)
        for json in ["1", "1.5", "1e2", "true", "\"\"", "\" 1\""] { #expect(isAboutP(try jsonRefusal(json, read))) }
        #expect(try Parameters(query: ByteBuffer(string: "p=1.50")).units("p", decimals: 4) == 15000)
        #expect(try Parameters(query: ByteBuffer(string: "p=1.50")).decimal("p") == DecimalText("1.5"))
    }

    @Test("a refused amount says what was wrong with it")
    func reasons() throws {
        func reason(_ text: String) throws -> String? {
            try refusal(text) { (p) throws(APIError) in _ = try p.units("p", decimals: 2) }?
                .details.first { $0.name == "reason" }?.value
        }
        #expect(try reason("1.234") == "more than 2 decimals")
        #expect(try reason(String(repeating: "9", count: 38)) == "too large")
        #expect(try reason("1e5") == "must be a decimal number without sign, exponent or blank")
    }

    @Test("client order ids are 1 to 36 of their characters")
    func clientOrderIDs() throws {
        let read: (Parameters) throws(APIError) -> Void = { (p) throws(APIError) in
            _ = try p.clientOrderID(ifGiven: "p")
        }
        for text in ["a", "my_order_id_123", "A.b_c:d/e-9", String(repeating: "x", count: 36)] {
            #expect(try refusal(text, read) == nil)
        }
        for text in [String(repeating: "x", count: 37), "a%20b", "a+b", "a%2Bb", "a%C3%A9", "a%00", "a,b", "a%0A", "é"]
        {
            #expect(isAboutP(try refusal(text, read)))
        }
        #expect(isAboutP(try jsonRefusal("123", read)))
    }
}
