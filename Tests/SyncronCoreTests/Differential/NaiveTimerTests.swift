import SyncronCore
import SyncronSimulator
import Testing

@Suite("Naive twin: timers")
struct NaiveTimerTests {
    private func countdown(_ account: UInt32, _ milliseconds: Int64, market: UInt16? = nil) -> Command {
        .setCancelCountdown(
            SetCancelCountdown(
                account: AccountID(account), market: market.map { MarketID($0) }, countdown: milliseconds))
    }

    @Test("all of an account's orders are cancelled, oldest first, lists in one go")
    func cancelAll() {
        var stage = NaiveStage()
        stage.trade(at: 100)
        stage.place(1, .sell, .market(1), .stop(90))
        stage.place(2, .sell, .limit(1, at: 120))
        stage.list(1, .sell, 5, at: 120, stop: 90)
        let all = Command.cancelAllOrders(CancelAllOrders(account: AccountID(1), market: nil))
        #expect(
            stage.perform(all) == [
                "ended 3 canceled 0/1 at 1000", "ended 5 canceled 0/5 at 1000", "sell 120: 1",
                "ended 6 canceled 0/5 at 1000",
            ])
        #expect(stage.perform(all) == [])
        #expect(
            stage.perform(.cancelAllOrders(CancelAllOrders(account: AccountID(9), market: nil))) == ["unknownAccount"])
        #expect(
            stage.perform(.cancelAllOrders(CancelAllOrders(account: AccountID(1), market: MarketID(7))))
                == ["unknownMarket"])
    }

    @Test("what is due happens on a tick, each at its own time, orders before countdowns")
    func order() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(1, at: 120), .lasting(500))
        stage.place(1, .sell, .limit(1, at: 121), .lasting(200))
        stage.place(1, .sell, .market(1), OrderOptions(trigger: Trigger(.stopLoss, at: Ticks(90)), lifetime: 500))
        stage.place(2, .sell, .limit(1, at: 122))
        stage.place(1, .sell, .limit(1, at: 123), .lasting(501))
        #expect(stage.perform(countdown(2, 300)) == ["countdown 1300"])
        #expect(stage.perform(countdown(1, 500, market: 0)) == ["countdown 1500"])
        stage.time = 1_400
        // Nothing ends but on a tick.
        #expect(stage.place(3, .buy, .limit(1, at: 120)).contains("filled 1 maker filled 1 @ 120"))
        #expect(
            stage.tick(at: 1_500) == [
                "ended 2 expired 0/1 at 1200", "sell 121: 0", "ended 4 canceled 0/1 at 1300", "sell 122: 0",
                "ended 3 expired 0/1 at 1500", "ended 5 canceled 0/1 at 1500", "sell 123: 0",
            ])
        #expect(stage.tick(at: 9_000) == [])
    }

    @Test("a countdown can be set anew and disarmed")
    func countdowns() {
        var stage = NaiveStage()
        stage.place(1, .sell, .limit(1, at: 120))
        stage.perform(countdown(1, 100))
        stage.perform(countdown(1, 300))
        #expect(stage.tick(at: 1_200) == [])
        #expect(stage.perform(countdown(1, 0)) == ["countdown off"])
        #expect(stage.tick(at: 2_000) == [])
        // That of one market goes with those of all, not the other way round.
        stage.perform(countdown(1, 100, market: 0))
        stage.perform(countdown(2, 100, market: 0))
        #expect(stage.perform(countdown(1, 0)) == ["countdown off"])
        stage.place(2, .sell, .limit(1, at: 130))
        #expect(stage.tick(at: 3_000) == ["ended 2 canceled 0/1 at 2100", "sell 130: 0"])
        stage.perform(countdown(2, 100))
        stage.place(2, .sell, .limit(1, at: 130))
        #expect(stage.perform(countdown(2, 0, market: 0)) == ["countdown off"])
        #expect(stage.tick(at: 4_000) == ["ended 3 canceled 0/1 at 3100", "sell 130: 0"])
        #expect(stage.perform(countdown(1, -1)) == ["invalid countdown"])
        #expect(stage.perform(countdown(1, 86_400_000 * 365 + 1)) == ["invalid countdown"])
        #expect(stage.perform(countdown(1, 5, market: 3)) == ["unknownMarket"])
        #expect(stage.perform(countdown(9, 5)) == ["unknownAccount"])
        #expect(stage.perform(countdown(1, 86_400_000 * 365)).count == 1)
    }

    @Test("lifetimes are of orders that stay")
    func lifetimes() {
        var stage = NaiveStage()
        #expect(stage.place(1, .sell, .limit(1, at: 120), .lasting(0)) == ["invalid cancelAfter"])
        #expect(stage.place(1, .sell, .limit(1, at: 120, .ioc), .lasting(5)) == ["invalid cancelAfter"])
        #expect(stage.place(1, .sell, .market(1), .lasting(5)) == ["invalid cancelAfter"])
        #expect(stage.place(1, .sell, .limit(1, at: 120), .lasting(86_400_000 * 365)).count == 2)
        stage.place(1, .sell, .limit(1, at: 130), .lasting(100))
        stage.amend(1, 2, price: 140)
        #expect(stage.tick(at: 1_100) == ["ended 2 expired 0/1 at 1100", "sell 140: 0"])
    }
}
