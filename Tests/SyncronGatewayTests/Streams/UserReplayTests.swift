import NIOCore
import Testing

@testable import SyncronGateway

@Suite("From missed events to live ones")
struct UserReplayTests {
    private func frame(_ seq: UInt64) -> ByteBuffer { ByteBuffer(string: "\(seq)") }

    private func page(_ range: ClosedRange<UInt64>, first: UInt64 = 1, last: UInt64) -> UserEventFrames {
        UserEventFrames(firstSeq: first, events: range.map { ($0, frame($0)) }, lastSeq: last)
    }

    private func empty(first: UInt64, last: UInt64) -> UserEventFrames {
        UserEventFrames(firstSeq: first, events: [], lastSeq: last)
    }

    private func text(_ items: [UserStreamItem]?) -> [String]? {
        items?.map { item in
            switch item {
            case .event(_, let frame):
                frame.messages.first.map { $0 } ?? String(buffer: frame)
            case .end(let closing): "end \(closing.reason)"
            }
        }
    }

    private func text(_ step: UserReplay.Step) -> String {
        switch step {
        case .write(let frame): String(buffer: frame)
        case .close(let closing): "close \(closing.reason)"
        case .nothing: "-"
        }
    }

    private func state(_ replay: borrowing UserReplay) -> String {
        replay.isReplaying ? "reading from \(replay.next)" : "live"
    }

    @Test("a client that asks for nothing gets what happens, at once")
    func live() {
        var replay = UserReplay(from: nil, bound: 100)
        #expect(state(replay) == "live")
        #expect(text(replay.happened(.event(seq: 7, frame(7)))) == "7")
        #expect(text(replay.happened(.event(seq: 8, frame(8)))) == "8")
        #expect(text(replay.happened(.end(.listenKeyClosed))) == "close listen key closed")
    }

    @Test("pages are sent in order until the newest, then what happened meanwhile, each event once")
    func pages() {
        var replay = UserReplay(from: 3, bound: 100)
        #expect(state(replay) == "reading from 3")
        #expect(text(replay.happened(.event(seq: 6, frame(6)))) == "-")
        #expect(text(replay.read(page(3...4, last: 6))) == ["3", "4"])
        #expect(state(replay) == "reading from 5")
        #expect(text(replay.happened(.event(seq: 7, frame(7)))) == "-")
        #expect(text(replay.happened(.event(seq: 8, frame(8)))) == "-")
        #expect(text(replay.read(page(5...7, last: 7))) == ["5", "6", "7", "8"])
        #expect(state(replay) == "live")
        #expect(text(replay.happened(.event(seq: 8, frame(8)))) == "-", "sent already")
        #expect(text(replay.happened(.event(seq: 9, frame(9)))) == "9")
    }

    @Test("a client that missed nothing goes live with the first page")
    func nothingMissed() {
        var replay = UserReplay(from: 5, bound: 100)
        #expect(text(replay.read(empty(first: 1, last: 4))) == [])
        #expect(state(replay) == "live")
        #expect(text(replay.happened(.event(seq: 5, frame(5)))) == "5")
    }

    @Test("events before the one that was asked for are not sent, live ones neither")
    func ahead() {
        var replay = UserReplay(from: 10, bound: 100)
        #expect(text(replay.read(empty(first: 1, last: 4))) == [])
        #expect(text(replay.happened(.event(seq: 5, frame(5)))) == "-")
        #expect(text(replay.happened(.event(seq: 10, frame(10)))) == "10")
    }

    @Test("when older events are gone, the client is told where they begin, and gets them from there")
    func resync() {
        var replay = UserReplay(from: 2, bound: 100)
        #expect(
            text(replay.read(page(5...6, first: 5, last: 6)))
                == [#"{"e":"resync","firstSeq":5}"#, "5", "6"])
        #expect(state(replay) == "live")
    }

    @Test("when all are gone, the client is told and goes live")
    func resyncToNothing() {
        var replay = UserReplay(from: 2, bound: 100)
        #expect(text(replay.read(empty(first: 7, last: 6))) == [#"{"e":"resync","firstSeq":7}"#])
        #expect(text(replay.happened(.event(seq: 7, frame(7)))) == "7")
    }

    @Test("the end of the listen key comes behind the events before it")
    func end() {
        var replay = UserReplay(from: 1, bound: 100)
        #expect(text(replay.happened(.event(seq: 2, frame(2)))) == "-")
        #expect(text(replay.happened(.end(.listenKeyExpired))) == "-")
        #expect(text(replay.read(page(1...1, last: 1))) == ["1", "2", "end listen key expired"])
    }

    @Test("more events than may be held back end the connection")
    func overflow() {
        var replay = UserReplay(from: 1, bound: 4)
        for seq in 1...4 { #expect(text(replay.happened(.event(seq: UInt64(seq), frame(1)))) == "-") }
        #expect(text(replay.happened(.event(seq: 5, frame(5)))) == "close too many events during the replay")
    }

    @Test("a reading that makes no progress is given up")
    func stuck() {
        var replay = UserReplay(from: 3, bound: 100)
        #expect(text(replay.read(empty(first: 1, last: 6))) == nil)
    }

    @Test("whatever the pages and the order of arrival, every event is sent once and in order")
    func random() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = StreamRandom(seed: seed)
        for _ in 0..<200 {
            let (first, total) = (UInt64.random(in: 1...20, using: &random), UInt64.random(in: 20...60, using: &random))
            var replay = UserReplay(from: first, bound: 1 << 20)
            var (sent, happened) = ([String](), UInt64.random(in: 0...total, using: &random))
            while happened < total || replay.isReplaying {
                if happened < total, Bool.random(using: &random) {
                    happened += 1
                    let step = text(replay.happened(.event(seq: happened, frame(happened))))
                    if step != "-" { sent.append(step) }
                } else if replay.isReplaying {
                    let end = min(happened, replay.next + UInt64.random(in: 0...5, using: &random))
                    let page =
                        replay.next <= end ? page(replay.next...end, last: happened) : empty(first: 1, last: happened)
                    sent += text(replay.read(page)) ?? ["stuck"]
                }
            }
            #expect(sent == (first...total).map(String.init), "seed \(seed)")
        }
    }
}
