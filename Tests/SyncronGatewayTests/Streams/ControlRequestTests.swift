import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Requests of a WebSocket client")
struct ControlRequestTests {
    private func parse(_ text: String) throws -> ControlRequest { try ControlRequest(ByteBuffer(string: text)) }

    /// The refusal of a wrong request: its code, the parameter that it names and the id it carries.
    private func refusal(_ text: String) throws -> (code: Int, parameter: String?, id: JSONValue) {
        do {
            let request = try parse(text)
            throw FixtureFailure("accepted as \(request)")
        } catch let refusal as ControlRequest.Refusal {
            let parameter = refusal.error.details.first { $0.name == "parameter" }?.value
            return (refusal.error.code, parameter, refusal.id)
        }
    }

    @Test("the three methods are understood")
    func methods() throws {
        let subscribe = try parse(#"{"method": "SUBSCRIBE", "params": ["btc-usdt@trade", "!ticker@arr"], "id": 1}"#)
        #expect(subscribe.method == .subscribe([try StreamName("btc-usdt@trade"), try StreamName("!ticker@arr")]))
        #expect(subscribe.id == .number("1"))
        let unsubscribe = try parse(#"{"id":"a","params":["btc-usdt@depth"],"method":"UNSUBSCRIBE"}"#)
        #expect(unsubscribe.method == .unsubscribe([try StreamName("btc-usdt@depth")]))
        #expect(unsubscribe.id == .string("a"))
        let list = try parse(#"{"method":"LIST_SUBSCRIPTIONS","id":null}"#)
        #expect(list.method == .listSubscriptions)
        #expect(list.id == .null)
    }

    @Test("the id may be missing, and members of other names are no harm")
    func tolerance() throws {
        let request = try parse(#"{"method":"LIST_SUBSCRIPTIONS","more":[{}],"params":null}"#)
        #expect(request.id == .null)
    }

    @Test(
        "what is no JSON object is refused with 1005",
        arguments: [
            "", " ", "SUBSCRIBE", "[]", "1", "null", "\"x\"", "{", "{]", "{}{}", "{\"method\":\"SUBSCRIBE\"",
            "{'method':'LIST_SUBSCRIPTIONS'}", #"{"method":"LIST_SUBSCRIPTIONS","method":"LIST_SUBSCRIPTIONS"}"#,
            #"{"params":[[[[[]]]]],"method":"LIST_SUBSCRIPTIONS"}"#,
        ])
    func noRequest(text: String) throws {
        let refusal = try refusal(text)
        #expect(refusal.code == 1005)
        #expect(refusal.id == .null)
    }

    @Test(
        "a wrong method is refused and named",
        arguments: [
            "{\"id\":7}", #"{"method":null,"id":7}"#, #"{"method":1,"id":7}"#,
            #"{"method":"subscribe","id":7}"#,
        ])
    func wrongMethod(text: String) throws {
        let refusal = try refusal(text)
        #expect(refusal.code == 1006)
        #expect(refusal.parameter == "method")
        #expect(refusal.id == .number("7"))
    }

    @Test(
        "wrong params are refused and named",
        arguments: [
            "", #","params":null"#, #","params":[]"#, #","params":"btc-usdt@trade""#, #","params":{}"#,
            #","params":[1]"#, #","params":[null]"#, #","params":[["btc-usdt@trade"]]"#, #","params":[""]"#,
            #","params":["btc-usdt@trade","btc-usdt@nothing"]"#,
        ])
    func wrongParams(member: String) throws {
        for method in ["SUBSCRIBE", "UNSUBSCRIBE"] {
            let refusal = try refusal(#"{"method":"\#(method)","id":"q"\#(member)}"#)
            #expect(refusal.code == 1006)
            #expect(refusal.parameter == "params")
            #expect(refusal.id == .string("q"))
        }
    }

    @Test(
        "an id is an integer, a short text or null",
        arguments: [
            "1.5", "1e3", "true", "[]", "{}", "99999999999999999999",
            "\"\(String(repeating: "x", count: 65))\"",
        ])
    func wrongID(id: String) throws {
        let refusal = try refusal(#"{"method":"LIST_SUBSCRIPTIONS","id":\#(id)}"#)
        #expect(refusal.code == 1006)
        #expect(refusal.parameter == "id")
        #expect(refusal.id == .null)
    }

    @Test("answers carry the id as it was sent")
    func answers() {
        func text(_ answer: ControlAnswer, _ id: JSONValue) -> String {
            StreamFixture.json { answer.write(into: &$0, id: id) }
        }
        #expect(text(.done, .number("1")) == #"{"result":null,"id":1}"#)
        #expect(text(.done, .null) == #"{"result":null,"id":null}"#)
        #expect(
            text(.subscriptions(["btc-usdt@trade"]), .string("a\"b"))
                == #"{"result":["btc-usdt@trade"],"id":"a\"b"}"#)
        let refused = text(.refused(.missingParameter("params")), .number("-2"))
        #expect(refused.hasPrefix(#"{"error":{"code":1006,"message":"#))
        #expect(refused.hasSuffix(#","id":-2}"#))
    }
}
