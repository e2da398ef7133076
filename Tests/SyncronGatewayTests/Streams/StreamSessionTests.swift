import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

/// A session under a clock that the test moves; what it answers is written down as a transcript.
private struct Conversation: ~Copyable {
    var session: StreamSession
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    init(_ limits: StreamLimits = StreamLimits()) {
        session = StreamSession(limits: limits, openedAt: now)
    }

    mutating func say(_ text: String) -> String {
        describe(
            session.received(text: ByteBuffer(string: text), at: now) { name throws(StreamNameFailure) in
                try name.key(in: StreamFixture.directory)
            })
    }

    mutating func subscribe(_ names: String..., id: Int = 1) -> String {
        let list = names.map { "\"\($0)\"" }.joined(separator: ",")
        return say(#"{"method":"SUBSCRIBE","params":[\#(list)],"id":\#(id)}"#)
    }

    mutating func wait(_ seconds: Int64) -> String {
        now = now + .seconds(seconds)
        return describe(session.timePassed(to: now))
    }

    mutating func pong() -> String { describe(session.receivedPong(at: now)) }
    mutating func binary() -> String { describe(session.receivedBinary()) }
    mutating func backlog(_ bytes: Int) -> String { describe(session.backlogGrew(to: bytes)) }

    func describe(_ action: StreamSession.Action) -> String {
        switch action {
        case .nothing: "-"
        case .subscribe(let list, let id): "subscribe \(list.map(\.name)) \(text(.done, id))"
        case .unsubscribe(let list, let id): "unsubscribe \(list.map(\.name)) \(text(.done, id))"
        case .answer(.refused(let error), let id): "refuse \(error.code) \(text(.done, id))"
        case .answer(let answer, let id): "answer \(text(answer, id))"
        case .ping: "ping"
        case .close(let closing): "close \(closing.code) \(closing.reason)"
        }
    }

    private func text(_ answer: ControlAnswer, _ id: JSONValue) -> String {
        StreamFixture.json { answer.write(into: &$0, id: id) }
    }
}

@Suite("The session of a connection")
struct StreamSessionTests {
    private static let done = #"{"result":null,"id":1}"#

    @Test("streams are followed, listed in order and let go of")
    func subscriptions() {
        var talk = Conversation()
        #expect(
            talk.subscribe("btcusdt@trade", "BTC-USDT@depth") == #"subscribe ["btcusdt@trade", "BTC-USDT@depth"] "#
                + Self.done)
        #expect(talk.subscribe("!ticker@arr", id: 2) == #"subscribe ["!ticker@arr"] {"result":null,"id":2}"#)
        #expect(
            talk.say(#"{"method":"LIST_SUBSCRIPTIONS","id":3}"#)
                == #"answer {"result":["btcusdt@trade","BTC-USDT@depth","!ticker@arr"],"id":3}"#)
        #expect(
            talk.say(#"{"method":"UNSUBSCRIBE","params":["btc-usdt@trade"],"id":4}"#)
                == #"unsubscribe ["btcusdt@trade"] {"result":null,"id":4}"#)
        #expect(
            talk.say(#"{"method":"LIST_SUBSCRIPTIONS","id":5}"#)
                == #"answer {"result":["BTC-USDT@depth","!ticker@arr"],"id":5}"#)
    }

    @Test("a stream is followed once, however often and however spelled it is asked for")
    func repeated() {
        var talk = Conversation()
        #expect(
            talk.subscribe("btc-usdt@depth", "BTCUSDT@depth@100ms", "btc-usdt@depth")
                == #"subscribe ["btc-usdt@depth"] "# + Self.done)
        #expect(talk.subscribe("BTC-USDT@depth") == "subscribe [] " + Self.done)
    }

    @Test("letting go of what is not followed is no error")
    func unsubscribeNothing() {
        var talk = Conversation()
        #expect(
            talk.say(#"{"method":"UNSUBSCRIBE","params":["btc-usdt@trade"],"id":1}"#) == "unsubscribe [] " + Self.done)
    }

    @Test("one wrong name refuses the whole request, and the connection stays")
    func allOrNothing() {
        var talk = Conversation()
        #expect(talk.subscribe("btc-usdt@trade", "doge-usdt@trade") == "refuse 1006 " + Self.done)
        #expect(talk.subscribe("btc-usdt@trade", "btc-usdt@trad") == "refuse 1006 " + Self.done)
        #expect(talk.say("{") == #"refuse 1005 {"result":null,"id":null}"#)
        #expect(
            talk.say(#"{"method":"LIST_SUBSCRIPTIONS","id":1}"#) == #"answer {"result":[],"id":1}"#)
        #expect(talk.subscribe("btc-usdt@trade") == #"subscribe ["btc-usdt@trade"] "# + Self.done)
    }

    @Test("the streams of a connection are bounded, and a request beyond the bound changes nothing")
    func bound() {
        var limits = StreamLimits()
        limits.streams = 3
        var talk = Conversation(limits)
        #expect(talk.subscribe("btc-usdt@trade", "btc-usdt@ticker").hasPrefix("subscribe"))
        #expect(talk.subscribe("btc-usdt@depth", "btc-usdt@depth5") == "refuse 1006 " + Self.done)
        #expect(talk.subscribe("btc-usdt@depth", "btc-usdt@trade").hasPrefix("subscribe [\"btc-usdt@depth\"]"))
        #expect(talk.subscribe("btc-usdt@depth5") == "refuse 1006 " + Self.done)
        _ = talk.say(#"{"method":"UNSUBSCRIBE","params":["btc-usdt@trade"],"id":1}"#)
        #expect(talk.subscribe("btc-usdt@depth5").hasPrefix("subscribe"))
    }

    @Test("two hundred streams are followed, and no more")
    func usualBound() {
        #expect(StreamLimits().streams == 200)
    }

    @Test("a ping goes out every 20 seconds, and pongs keep the connection")
    func pings() {
        var talk = Conversation()
        #expect(talk.wait(19) == "-")
        #expect(talk.wait(1) == "ping")
        #expect(talk.wait(1) == "-")
        for _ in 0..<10 {
            #expect(talk.pong() == "-")
            #expect(talk.wait(20) == "ping")
        }
    }

    @Test("a connection without a pong for 60 seconds is closed")
    func noPong() {
        var talk = Conversation()
        #expect(talk.wait(20) == "ping")
        #expect(talk.pong() == "-")
        #expect(talk.wait(20) == "ping")
        #expect(talk.wait(20) == "ping")
        #expect(talk.wait(19) == "-")
        #expect(talk.wait(1) == "close 1008 no pong")
        #expect(talk.wait(100) == "-")
    }

    @Test("messages other than a pong do not stand for one")
    func messagesAreNoPongs() {
        var talk = Conversation()
        _ = talk.wait(59)
        #expect(talk.subscribe("btc-usdt@trade").hasPrefix("subscribe"))
        #expect(talk.wait(1) == "close 1008 no pong")
    }

    @Test("binary messages close with 1003, and nothing is answered afterwards")
    func binary() {
        var talk = Conversation()
        #expect(talk.binary() == "close 1003 text messages only")
        #expect(talk.binary() == "-")
        #expect(talk.subscribe("btc-usdt@trade") == "-")
        #expect(talk.pong() == "-")
        #expect(talk.backlog(.max) == "-")
    }

    @Test("a backlog up to the bound is borne, one beyond it closes with 1008")
    func backlog() {
        var talk = Conversation()
        #expect(talk.backlog(4 << 20) == "-")
        #expect(talk.backlog((4 << 20) + 1) == "close 1008 reader too slow")
    }

    @Test("a flood of messages closes with 1008; the allowance comes back with time")
    func flood() {
        var limits = StreamLimits()
        limits.messageBurst = 5
        limits.messagesPerSecond = 10
        var talk = Conversation(limits)
        for _ in 0..<5 { #expect(talk.say("{}") != "-") }
        _ = talk.wait(1)
        for _ in 0..<5 { #expect(talk.say("{}").hasPrefix("refuse")) }
        #expect(talk.say("{}") == "close 1008 too many messages")
    }

    @Test("a steady pace within the allowance goes on for ever")
    func steady() {
        var limits = StreamLimits()
        limits.messageBurst = 10
        var talk = Conversation(limits)
        for _ in 0..<50 {
            for _ in 0..<10 { #expect(talk.pong() == "-") }
            _ = talk.wait(1)
        }
    }

    @Test("a flood of pongs closes as well")
    func pongFlood() {
        var talk = Conversation()
        var last = "-"
        for _ in 0...StreamLimits().messageBurst { last = talk.pong() }
        #expect(last == "close 1008 too many messages")
    }
}
