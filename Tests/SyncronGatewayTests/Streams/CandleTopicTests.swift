import SyncronCore
import SyncronMarketData
import Testing

@testable import SyncronGateway

@Suite("Which candles are sent")
struct CandleTopicTests {
    private func at(_ minutes: Int64, _ seconds: Int64 = 0) -> Timestamp {
        Timestamp(milliseconds: minutes * 60_000 + seconds * 1_000)
    }

    @Test("a candle that changed is named once until it changes again")
    func changes() {
        var topic = CandleTopic(interval: .oneMinute)
        #expect(topic.takeChanged() == nil)
        topic.traded(at: at(5, 10))
        topic.traded(at: at(5, 20))
        #expect(topic.takeChanged() == at(5))
        #expect(topic.takeChanged() == nil)
        topic.traded(at: at(5, 30))
        #expect(topic.takeChanged() == at(5))
    }

    @Test("a candle is closed once, when time has passed its end")
    func close() {
        var topic = CandleTopic(interval: .oneMinute)
        topic.traded(at: at(5, 59))
        #expect(topic.nextEnd == at(6))
        #expect(topic.takeClosed(at: at(5, 59)) == [])
        #expect(topic.takeClosed(at: Timestamp(milliseconds: at(6).milliseconds - 1)) == [])
        #expect(topic.takeClosed(at: at(6)) == [at(5)])
        #expect(topic.takeClosed(at: at(6)) == [])
        #expect(topic.takeChanged() == nil, "a closed candle does not change")
        #expect(topic.nextEnd == at(7))
    }

    @Test("candles that ended between two looks are all closed, in order, with trades or without")
    func several() {
        var topic = CandleTopic(interval: .oneMinute)
        for minute: Int64 in [5, 6, 9] { topic.traded(at: at(minute)) }
        #expect(topic.takeChanged() == nil, "closes go first")
        #expect(topic.takeClosed(at: at(9, 30)) == [at(5), at(6), at(7), at(8)])
        #expect(topic.takeChanged() == at(9))
        #expect(topic.takeClosed(at: at(10)) == [at(9)])
    }

    @Test("a clock set far forward is followed in steps, and what is too long ago to matter is passed over")
    func farForward() {
        var topic = CandleTopic(interval: .oneMinute)
        topic.traded(at: at(5))
        let end: Int64 = 1_000_000
        var closed: [Timestamp] = []
        while case let step = topic.takeClosed(at: at(end)), !step.isEmpty {
            #expect(step.count <= CandleTopic.closesAtOnce)
            closed += step
        }
        #expect(closed.first == at(5), "the one with trades is not passed over")
        #expect(closed.dropFirst().first == at(end - CandleTopic.closesWaiting))
        #expect(closed.last == at(end - 1))
        #expect(closed.count == Int(CandleTopic.closesWaiting) + 1)
        topic.traded(at: at(end, 5))
        #expect(topic.takeChanged() == at(end))
    }

    @Test("a candle that had trades before anyone looked is closed too")
    func found() {
        var topic = CandleTopic(interval: .oneHour)
        topic.found(at(60))
        #expect(topic.takeChanged() == nil)
        topic.traded(at: at(61))
        #expect(topic.takeClosed(at: at(120)) == [at(60)])
    }

    @Test("a month ends with the calendar's")
    func month() {
        var topic = CandleTopic(interval: .oneMonth)
        topic.traded(at: Timestamp(milliseconds: 1_706_745_599_999))  // 2024-01-31T23:59:59.999Z
        topic.traded(at: Timestamp(milliseconds: 1_706_745_600_000))  // 2024-02-01
        #expect(
            topic.takeClosed(at: Timestamp(milliseconds: 1_706_745_600_000)).map(\.milliseconds) == [1_704_067_200_000])
        #expect(topic.nextEnd?.milliseconds == 1_709_251_200_000)  // 2024-03-01
    }
}
