import SyncronCore
import Testing

@testable import SyncronMarketData

@Suite("Trade tape") struct TradeTapeTests {
    private func tape(_ count: UInt64) -> TradeTape {
        var tape = TradeTape()
        for id in 1...count { tape.append(trade(id: id, price: Int64(id), time: Int64(id))) }
        return tape
    }

    @Test("the newest trades come first")
    func newest() {
        let tape = tape(5)
        #expect(tape.newest(limit: 3).map(\.id.raw) == [5, 4, 3])
        #expect(tape.newest(limit: 100).map(\.id.raw) == [5, 4, 3, 2, 1])
        #expect(tape.newest(limit: 0).isEmpty)
        #expect(TradeTape().newest(limit: 10).isEmpty)
    }

    @Test("the tape keeps the last 1,000 trades")
    func bounded() {
        let tape = tape(2_345)
        #expect(tape.count == 1_000)
        #expect(tape.newest?.id == TradeID(2_345) && tape.oldest?.id == TradeID(1_346))
        #expect(tape.newest(limit: 1_000).map(\.id.raw) == Array((1_346...2_345).reversed()))
    }

    @Test("trades from an id on come oldest first")
    func fromID() {
        let tape = tape(1_200)
        #expect(tape.trades(from: TradeID(1_199), limit: 10)?.map(\.id.raw) == [1_199, 1_200])
        #expect(tape.trades(from: TradeID(300), limit: 2)?.map(\.id.raw) == [300, 301])
        #expect(tape.trades(from: TradeID(201), limit: 1)?.map(\.id.raw) == [201])
        #expect(tape.trades(from: TradeID(1_201), limit: 10) == [])
    }

    @Test("a tape that does not reach back to an id says so")
    func tooOld() {
        #expect(tape(1_200).trades(from: TradeID(200), limit: 10) == nil)
        #expect(tape(10).trades(from: TradeID(0), limit: 1)?.map(\.id.raw) == [1])
        #expect(TradeTape().trades(from: TradeID(1), limit: 1) == [])
    }

    @Test("the maker is the buyer when the taker sells")
    func makerSide() {
        #expect(trade(id: 1, price: 1, time: 1, takerSide: .sell).isBuyerMaker)
        #expect(!trade(id: 1, price: 1, time: 1, takerSide: .buy).isBuyerMaker)
    }
}
