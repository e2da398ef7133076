import SyncronCore
import Testing

@Suite("Funding in steps")
struct FuturesFundingTests {
    private typealias S = FuturesStage

    /// Seven with positions, two of whom a step settles, on the last second before a funding.
    private func stage() -> FuturesStage {
        var stage = S(sinceFunding: -10_000, fundingStep: 2)
        for _ in 0..<4 { stage.join(wallet: 100_000) }
        for buyer in UInt32(2)...7 { stage.trade(AccountID(buyer), S.alice, 100, at: 60_000_00) }
        while (stage.time + 1_000) % 28_800_000 != 0 { stage.wait(milliseconds: 1_000) }
        return stage
    }

    private func paid(_ events: [Event]) -> [AccountID] {
        events.compactMap { event in
            guard case .incomeBooked(let income) = event, income.kind == .funding else { return nil }
            return income.account
        }
    }

    @Test("each is settled once, at the funding's time, wherever the exchange stops between", arguments: 0...4)
    func steps(restartedAfter: Int) throws {
        var stage = stage()
        var settled: [AccountID] = []
        let instant = Timestamp(milliseconds: stage.time + 1_000)
        for step in 0..<5 {
            // The instant itself; then ticks within its second carry the funding on.
            let events = stage.wait(milliseconds: step == 0 ? 1_000 : 1)
            settled += paid(events)
            #expect(settled.count == min(7, 2 * (step + 1)))
            for case .incomeBooked(let income) in events { #expect(income.time == instant) }
            #expect((stage.engine.nextDue <= Timestamp(milliseconds: stage.time)) == (settled.count < 7))
            #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
            if step == restartedAfter { try stage.restart() }
        }
        #expect(settled == (1...7).map { AccountID($0) })
        // 0.01 % of 0.6 × 60,000 and of 0.1 × 60,000.
        let paid = stage.engine.futuresReading(of: S.bob)
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
        #expect(stage.engine.insuranceFund(of: S.usdt) == S.units(1_000_000))
        #expect(paid.crossWallet == S.units(100_000) - Units(60_000_000) - Units(300_000_000))
    }

    @Test("whoever acts before the turn comes is settled first, and once; who is refused is not")
    func actsBefore() {
        var stage = stage()
        let last = AccountID(7)
        #expect(paid(stage.wait(milliseconds: 1_000)) == [AccountID(1), AccountID(2)])
        let before = stage.engine.futuresReading(of: last)
        #expect(rejection(stage.order(last, .buy, 0, at: 60_000_00)) != nil)
        #expect(stage.engine.futuresReading(of: last) == before)
        // What a reading shows has the funding in it already.
        let events = stage.order(last, .buy, 10, at: 50_000_00)
        #expect(paid(events) == [last])
        #expect(stage.engine.futuresReading(of: last).crossWallet == before.crossWallet)
        var rest: [AccountID] = []
        for _ in 0..<5 { rest += paid(stage.wait(milliseconds: 1)) }
        #expect(rest == (3...6).map { AccountID($0) })
    }

    @Test("one funding ends before the next begins, though no tick came between")
    func absence() {
        var stage = stage()
        let events = stage.wait(milliseconds: 2 * 28_800_000 + 5_000)
        let counts = Dictionary(grouping: paid(events)) { $0 }.mapValues(\.count)
        #expect(counts == Dictionary(uniqueKeysWithValues: (1...7).map { (AccountID($0), 3) }))
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    private func rejection(_ events: [Event]) -> Rejection? {
        if case .rejected(let rejection) = events.first { rejection } else { nil }
    }
}

@Suite("Perpetuals without an index")
struct IdlePerpetualTests {
    @Test("wait for nothing, until there is an index price")
    func idle() {
        var stage = FuturesStage(hasIndex: false)
        #expect(stage.engine.nextDue == .never)
        stage.wait(milliseconds: 86_400_000)
        #expect(stage.engine.nextDue == .never)
        stage.index(60_000_00)
        #expect(stage.engine.nextDue <= Timestamp(milliseconds: stage.time + 1_000))
        stage.wait(milliseconds: 1_000)
        #expect(stage.engine.markPrice(of: FuturesStage.perpetual)?.mark == Ticks(60_000_00))
    }

    @Test("know nothing of the time before, though nobody let it pass")
    func gap() {
        var stage = FuturesStage(hasIndex: false)
        stage.wait(milliseconds: 1_000)
        stage.pause(milliseconds: 3 * 86_400_000)
        let begin = Timestamp(milliseconds: stage.time)
        stage.index(60_000_00)
        let events = stage.wait(milliseconds: 2_000)
        let marks = events.compactMap { if case .markPriceChanged(let mark) = $0 { mark.time } else { nil } }
        #expect(marks.count == 2 && marks.allSatisfy { $0 > begin })
        #expect(!events.contains { if case .fundingSettled = $0 { true } else { false } })
    }
}
