import SyncronCore
import Testing

@Suite("Transfers, deposit addresses and lending pools")
struct TransferTests {
    private static let usdt = AssetID(0)
    private static let btc = AssetID(1)
    private static let alice = AccountID(1)

    /// Alice has 100 USDT and 1 BTC of four decimals.
    private func stage() -> Stage {
        var stage = Stage()
        let network = Network(name: "ETH", withdrawalFee: Units(10_000))
        let terms = MarginTerms(collateralRatio: .one, dailyInterest: .zero)
        stage.perform(
            .defineAsset(Asset(id: Self.usdt, name: "USDT", decimals: 4, networks: [network], margin: terms)))
        stage.deposit("alice", "USDT", 100)
        stage.deposit("alice", "BTC", 1)
        return stage
    }

    private func transfer(
        _ amount: Int128, _ from: Wallet, _ to: Wallet, asset: AssetID = usdt, account: AccountID = alice
    ) -> Command {
        .transfer(TransferFunds(account: account, asset: asset, amount: Units(amount), from: from, to: to))
    }

    private func free(_ stage: borrowing Stage, _ wallet: Wallet) -> Int128 {
        stage.engine.balances(of: Self.alice, wallet: wallet).first { $0.asset == Self.usdt }?.free.raw ?? 0
    }

    @Test("money moves between any two wallets under one count of ids")
    func moves() {
        var stage = stage()
        let moves: [(Wallet, Wallet, Int128, [Int128])] = [
            (.spot, .margin, 400_000, [600_000, 400_000, 0]),
            (.margin, .futures, 100_000, [600_000, 300_000, 100_000]),
            (.futures, .spot, 100_000, [700_000, 300_000, 0]), (.margin, .spot, 300_000, [1_000_000, 0, 0]),
        ]
        for (index, (from, to, amount, after)) in moves.enumerated() {
            let events = stage.perform(transfer(amount, from, to))
            let told = Transfer(
                id: TransactionID(UInt64(index + 1)), account: Self.alice, asset: Self.usdt, amount: Units(amount),
                from: from, to: to, time: Timestamp(milliseconds: 1_000))
            #expect(events.count == 3 && events.first == .transferred(told))
            #expect(Wallet.allCases.map { free(stage, $0) } == after)
        }
        #expect(stage.engine.totals.allSatisfy { $0.isBalanced })
    }

    @Test("margin's own codes answer where margin is source or target, and the plain ones elsewhere")
    func refusals() {
        var stage = stage()
        let cases: [(Command, Rejection)] = [
            (transfer(1, .spot, .margin, account: AccountID(9)), .unknownAccount),
            (transfer(1, .spot, .spot), .invalid(.to)),
            (transfer(-1, .spot, .margin), .invalid(.amount)), (transfer(.min, .spot, .futures), .invalid(.amount)),
            (transfer(0, .spot, .margin), .margin(.amountNotPositive)),
            (transfer(0, .spot, .futures), .invalid(.amount)),
            (transfer(0, .margin, .spot, asset: AssetID(9)), .margin(.amountNotPositive)),
            (transfer(1, .margin, .spot, asset: AssetID(9)), .margin(.assetNotSupported)),
            (transfer(1, .spot, .futures, asset: AssetID(9)), .unknownAsset),
            (transfer(1, .spot, .futures, asset: Self.btc), .invalid(.asset)),
            (
                transfer(1_000_001, .spot, .margin),
                .insufficientForTransfer(asset: Self.usdt, required: Units(1_000_001), available: Units(1_000_000))
            ),
            (
                transfer(1_000_001, .spot, .futures),
                .insufficientBalance(asset: Self.usdt, required: Units(1_000_001), available: Units(1_000_000))
            ),
        ]
        let before = stage.engine.totals
        for (command, rejection) in cases { #expect(stage.perform(command) == [.rejected(rejection)]) }
        #expect(stage.engine.totals == before && free(stage, .spot) == 1_000_000)
    }

    @Test("what an open order holds cannot be moved")
    func held() {
        var stage = stage()
        stage.place("alice", .buy, .limit(price: Ticks(60), quantity: Steps(1), timeInForce: .gtc))
        #expect(
            stage.perform(transfer(400_001, .spot, .futures)) == [
                .rejected(
                    .insufficientBalance(asset: Self.usdt, required: Units(400_001), available: Units(400_000)))
            ])
        #expect(stage.perform(transfer(400_000, .spot, .futures)).count == 3)
    }

    @Test("who may not withdraw takes nothing out of the margin wallet, and may put in")
    func disabled() {
        var stage = stage()
        stage.perform(.changeAccount(ChangeAccount(account: Self.alice, canWithdraw: false)))
        #expect(stage.perform(transfer(5, .spot, .margin)).count == 3)
        #expect(stage.perform(transfer(5, .margin, .spot)) == [.rejected(.margin(.withdrawalNotPermitted))])
    }

    @Test("deposits arrive at an address of the exchange's own until the custodian assigns one")
    func addresses() {
        var stage = stage()
        func assign(_ address: String, asset: AssetID = Self.usdt, network: String = "ETH") -> [Event] {
            stage.perform(
                .assignDepositAddress(
                    DepositAddress(account: Self.alice, asset: asset, network: network, address: address)))
        }
        func address() -> String { stage.engine.depositAddress(of: Self.alice, asset: Self.usdt, network: "ETH") }
        #expect(address() == "syncron:USDT:1")
        #expect(assign("0x1").count == 1)
        #expect(address() == "0x1")
        #expect(assign("0x2").count == 1)
        #expect(address() == "0x2")
        #expect(assign("") == [.rejected(.invalid(.address))])
        #expect(assign("0x3", network: "BTC") == [.rejected(.invalid(.network))])
        #expect(assign("0x3", asset: AssetID(9)) == [.rejected(.unknownAsset)])
        #expect(address() == "0x2")
        let report = RecordDeposit(
            account: Self.alice, asset: Self.usdt, network: "ETH", amount: Units(1), txID: "new")
        guard case .depositRecorded(let record)? = stage.perform(.recordDeposit(report)).first else {
            Issue.record("no deposit")
            return
        }
        #expect(record.deposit.address == "0x2")
    }

    @Test("a lending pool is set to an amount, and the difference comes from outside")
    func lending() {
        var stage = stage()
        for amount in [500, 200, 0, 700] as [Int128] {
            let pool = LendingPool(asset: Self.btc, amount: Units(amount))
            #expect(stage.perform(.fundLending(pool)) == [.lendingFunded(pool)])
            let totals = stage.engine.totals[1]
            #expect(totals.lending == Units(amount) && totals.external == Units(-10_000 - amount))
            #expect(totals.isBalanced)
        }
        func fund(_ amount: Units, _ asset: AssetID = Self.btc) -> [Event] {
            stage.perform(.fundLending(LendingPool(asset: asset, amount: amount)))
        }
        #expect(fund(Units(-1)) == [.rejected(.invalid(.amount))])
        #expect(fund(Limits.assetSupply) == [.rejected(.risk(.exchangeLimit))])
        #expect(fund(Units(1), AssetID(9)) == [.rejected(.unknownAsset)])
    }
}
