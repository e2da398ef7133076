import SyncronCore
import SyncronSimulator
import Testing

@Suite("The naive twin's perpetuals")
struct NaiveFuturesTests {
    private let alice = AccountID(1)
    private let bob = AccountID(2)
    private let carol = AccountID(3)

    @Test("the contract's liquidation prices")
    func liquidationPrices() {
        var stage = NaiveFuturesStage(wallet: 10_000)
        for account in [alice, bob] { stage.isolate(account) }
        stage.trade(alice, bob, 1_000, at: 60_000_00)
        #expect(stage.liquidationPrice(of: alice) == 57_236_18)
        #expect(stage.liquidationPrice(of: bob) == 62_736_32)

        stage = NaiveFuturesStage(wallet: 10_000)
        stage.trade(alice, bob, 500, at: 60_000_00)
        // The fee of 15 is put back: the example has a wallet of 10,000.
        stage.transfer(alice, Units(10_000 * 100_000_000) - stage.cross(of: alice), .spot, .futures)
        #expect(stage.liquidationPrice(of: alice) == 40_160_64)
    }

    @Test("an order covers the increase of the initial margin: 30, not 330")
    func increase() {
        var stage = NaiveFuturesStage(wallet: 606)
        stage.order(alice, .buy, 100, at: 60_000_00)
        #expect(stage.available(to: alice) == units("306"))
        stage.order(alice, .sell, 100, at: 66_000_00)
        #expect(stage.available(to: alice) == units("276"))
        // 600 for what is bid instead of 330 for what is asked, and a fee of 3.
        let second = stage.order(alice, .buy, 100, at: 60_000_00)
        #expect(stage.refusal(second) == nil)
        #expect(stage.available(to: alice) == units("6"))
        let more = stage.order(alice, .buy, 100, at: 60_000_00)
        #expect(
            stage.refusal(more)
                == .insufficientBalance(asset: AssetID(1), required: units("303"), available: units("6")))
    }

    @Test("a reduceOnly order neither opens nor flips, whatever else its owner's orders do in the same sweep")
    func reduceOnly() {
        var stage = NaiveFuturesStage()
        let early = stage.order(alice, .sell, 100, at: 61_000_00, reduceOnly: true)
        #expect(stage.refusal(early) == .risk(.reduceOnly))
        stage.trade(alice, bob, 100, at: 60_000_00)
        stage.order(alice, .sell, 60, at: 61_000_00)
        stage.order(alice, .sell, 80, at: 61_000_00, reduceOnly: true)
        let events = stage.order(carol, .buy, 500, at: 61_000_00)
        #expect(stage.position(of: alice) == nil)
        #expect(stage.ends(events) == ["expired 40/80"])
    }

    @Test("funding of 0.01 % is paid by the long and received by the short")
    func funding() {
        var stage = NaiveFuturesStage()
        stage.trade(alice, bob, 1_000, at: 60_000_00)
        let before = [alice, bob].map { stage.cross(of: $0) }
        stage.wait(untilFunding: true)
        #expect(before[0] - stage.cross(of: alice) == units("6"))
        #expect(stage.cross(of: bob) - before[1] == units("6"))
    }

    @Test("a long whose margin is gone is sold to who bids above its bankruptcy price, with a fee to insurance")
    func liquidation() {
        var stage = NaiveFuturesStage(wallet: 3_100)
        for account in [bob, carol] { stage.transfer(account, units("1000000"), .spot, .futures) }
        stage.trade(alice, bob, 1_000, at: 60_000_00)
        stage.order(carol, .buy, 5_000, at: 57_100_00)
        stage.index(57_100_00)
        stage.trade(carol, bob, 1, at: 57_100_00)
        let events = stage.wait()
        #expect(events.contains { if case .orderForced(let it) = $0 { it.account == alice } else { false } })
        #expect(stage.naive.insuranceFund(of: AssetID(1)) > units("1000000"))
        #expect(stage.naive.brokenInvariant == nil)
    }

    @Test("without bids the fund takes over; when it could not stand that, winners are deleveraged")
    func bankruptcy() {
        for fund in ["1000000", "0"] {
            var stage = NaiveFuturesStage(wallet: 3_100)
            stage.perform(.fundInsurance(InsuranceFund(asset: AssetID(1), amount: units(fund))))
            stage.transfer(bob, units("1000000"), .spot, .futures)
            stage.trade(alice, bob, 1_000, at: 60_000_00)
            stage.index(50_000_00)
            stage.trade(carol, bob, 1, at: 50_000_00)
            let events = stage.wait()
            #expect(stage.position(of: alice) == nil)
            #expect(stage.cross(of: alice) == .zero)
            let isDeleveraged = events.contains { if case .positionDeleveraged = $0 { true } else { false } }
            #expect(isDeleveraged == (fund == "0"))
            #expect(stage.naive.brokenInvariant == nil)
        }
    }
}
