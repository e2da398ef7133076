import SyncronCore
import Testing

@Suite("accounts, keys and deposits")
struct RegisterTests {
    private func key(_ account: AccountID, _ name: String, expiresAt: Timestamp? = nil) -> APIKey {
        APIKey(
            key: name, account: account, name: "", permissions: .read, ipRestrictions: [], expiresAt: expiresAt,
            credential: .sealedSecret([1]), createdAt: .zero)
    }

    @Test("a deposit is credited once, however often it is reported")
    func depositOnce() {
        var stage = Stage()
        let account = stage.account("alice")
        func report(_ status: DepositStatus, _ amount: Int128 = 50_000) -> Command {
            .recordDeposit(
                RecordDeposit(
                    account: account, asset: AssetID(0), network: "n", amount: Units(amount), txID: "t", status: status)
            )
        }
        stage.perform(report(.pending))
        #expect(stage.engine.balances(of: account, wallet: .spot).isEmpty)
        stage.perform(report(.success))
        stage.perform(report(.success))
        #expect(stage.engine.balances(of: account, wallet: .spot).map(\.free) == [Units(50_000)])
        #expect(stage.perform(report(.failed)) == [.rejected(.conflict(.status))])
        #expect(stage.perform(report(.success, 60_000)) == [.rejected(.conflict(.amount))])
        #expect(stage.engine.totals[0].external == Units(-50_000))
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    @Test("no asset is ever issued beyond what sums can hold")
    func supply() {
        var stage = Stage()
        let account = stage.account("alice")
        func deposit(_ amount: Units, _ id: String) -> [Event] {
            stage.perform(
                .recordDeposit(
                    RecordDeposit(account: account, asset: AssetID(0), network: "n", amount: amount, txID: id)))
        }
        #expect(deposit(Limits.assetSupply, "1").count == 2)
        #expect(deposit(Units(1), "2") == [.rejected(.risk(.exchangeLimit))])
        #expect(deposit(Units(0), "3") == [.rejected(.invalid(.amount))])
        #expect(deposit(.offGrid, "4") == [.rejected(.invalid(.amount))])
    }

    @Test("a listen key lives for an hour after its last sign of life")
    func listenKeys() {
        var stage = Stage()
        let account = stage.account("alice")
        stage.perform(.openListenKey(OpenListenKey(account: account, key: "a")))
        stage.wait(milliseconds: 1_000)
        stage.perform(.openListenKey(OpenListenKey(account: account, key: "b")))
        stage.wait(milliseconds: 1_000)
        stage.perform(.keepListenKey(KeepListenKey(account: account, key: "a")))
        #expect(stage.engine.nextDue <= Timestamp(milliseconds: 1_000 + 1_000 + 3_600_000))
        stage.wait(milliseconds: 3_600_000 - 1_000)
        #expect(stage.perform(.tick).map { "\($0)".contains("\"b\"") } == [true, false])
        stage.wait(milliseconds: 1_000)
        #expect(stage.perform(.tick).count == 2)
        #expect(stage.engine.nextDue == .never)
        #expect(
            stage.perform(.keepListenKey(KeepListenKey(account: account, key: "a")))
                == [.rejected(.unknownListenKey)])
    }

    @Test("an account has at most as many listen keys and API keys as the limits say")
    func bounds() {
        var stage = Stage()
        let account = stage.account("alice")
        for index in 0..<10 {
            #expect(stage.perform(.openListenKey(OpenListenKey(account: account, key: "\(index)"))).count == 1)
        }
        #expect(
            stage.perform(.openListenKey(OpenListenKey(account: account, key: "more")))
                == [.rejected(.risk(.exchangeLimit))])
        for index in 0..<30 {
            if case .rejected = stage.perform(.createAPIKey(key(account, "k\(index)")))[0] {
                Issue.record("key \(index) was refused")
            }
        }
        #expect(stage.perform(.createAPIKey(key(account, "more"))) == [.rejected(.risk(.exchangeLimit))])
        stage.perform(.deleteAPIKey(DeleteAPIKey(account: account, key: "k7")))
        #expect(stage.engine.apiKeys.count == 29)
        #expect(stage.perform(.deleteAPIKey(DeleteAPIKey(account: account, key: "k7"))) == [.rejected(.unknownAPIKey)])
        #expect(stage.perform(.createAPIKey(key(account, "k8"))) == [.rejected(.conflict(.key))])
        #expect(
            stage.perform(.createAPIKey(key(account, "late", expiresAt: Timestamp(milliseconds: 1))))
                == [.rejected(.invalid(.expiresAt))])
    }

    @Test("nothing happens before the exchange has begun, and it begins once")
    func genesis() {
        var engine = Engine(limits: Stage.limits)
        var events: [Event] = []
        let first = Stamp(sequence: Sequence(1), time: .zero)
        engine.apply(.openAccount(OpenAccount()), at: first, into: &events)
        #expect(events == [.rejected(.outOfPlace)])
        var stage = Stage()
        #expect(stage.perform(.begin(Genesis(hasSandbox: true))) == [.rejected(.outOfPlace)])
    }

    @Test("a market whose tick times step is no whole number of quote units is refused")
    func marketScale() {
        var stage = Stage()
        var market = Stage.market(Stage.openFilters)
        market.symbol = "USDT-BTC"
        (market.base, market.quote) = (market.quote, market.base)
        market.pricePrecision = 3
        market.quantityPrecision = 2
        #expect(stage.perform(.defineMarket(market)) == [.rejected(.invalid(.tickSize))])
        market.quantityPrecision = 5
        #expect(stage.perform(.defineMarket(market)) == [.rejected(.invalid(.stepSize))])
        market.quantityPrecision = 1
        #expect(stage.perform(.defineMarket(market)).count == 1)
        market.tickSize = 10
        #expect(stage.perform(.defineMarket(market)) == [.rejected(.conflict(.tickSize))])
    }

    @Test("an account that may not trade keeps its cancels")
    func tradingDisabled() {
        var stage = Stage()
        stage.deposit("alice", "BTC", 1)
        stage.place("alice", .sell, .limit(price: Ticks(100), quantity: Steps(1), timeInForce: .gtc))
        let account = stage.account("alice")
        stage.perform(.changeAccount(ChangeAccount(account: account, canTrade: false)))
        #expect(
            stage.place("alice", .buy, .limit(price: Ticks(1), quantity: Steps(1), timeInForce: .gtc))
                == [.rejected(.tradingDisabled)])
        let cancel = CancelOrder(account: account, market: MarketID(0), order: .id(OrderID(1)))
        #expect(stage.perform(.cancelOrder(cancel)).count == 3)
    }
}
