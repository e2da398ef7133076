import SyncronCore
import Testing

@Suite("Withdrawals")
struct WithdrawalTests {
    private static let usdt = AssetID(0)
    private static let alice = AccountID(1)

    /// Alice has 100 USDT of four decimals, and sending some costs 1.
    private func stage(_ limits: Limits = Stage.limits) -> Stage {
        var stage = Stage(limits: limits)
        let network = Network(name: "ETH", withdrawalFee: Units(10_000))
        stage.perform(.defineAsset(Asset(id: Self.usdt, name: "USDT", decimals: 4, networks: [network])))
        stage.deposit("alice", "USDT", 100)
        return stage
    }

    private func request(
        _ amount: Int128 = 50_000, account: AccountID = alice, asset: AssetID = usdt, network: String = "ETH",
        address: String = "0xabc", clientID: String = ""
    ) -> Command {
        .requestWithdrawal(
            RequestWithdrawal(
                account: account, asset: asset, network: network, address: address, amount: Units(amount),
                clientID: clientID))
    }

    private func balance(_ stage: borrowing Stage) -> [Int128] {
        stage.engine.balances(of: Self.alice, wallet: .spot).flatMap { [$0.free.raw, $0.held.raw] }
    }

    private func record(_ events: [Event]) -> WithdrawalRecord? {
        if case .withdrawalRecorded(let record)? = events.first { record } else { nil }
    }

    private func settle(_ id: UInt64 = 1, _ txID: String = "tx") -> Command {
        .settleWithdrawal(SettleWithdrawal(withdrawal: WithdrawalID(id), txID: txID))
    }

    private func fail(_ id: UInt64 = 1, _ reason: String = "why") -> Command {
        .failWithdrawal(FailWithdrawal(withdrawal: WithdrawalID(id), reason: reason))
    }

    private func cancel(_ id: UInt64 = 1, account: AccountID = alice) -> Command {
        .cancelWithdrawal(CancelWithdrawal(account: account, withdrawal: WithdrawalID(id)))
    }

    @Test("amount and fee are held; settled, the amount leaves and the fee is earned")
    func settled() throws {
        var stage = stage()
        let asked = try #require(record(stage.perform(request(clientID: "mine"))))
        #expect(asked.debited == .zero && asked.withdrawal.status == .pending && asked.withdrawal.clientID == "mine")
        #expect(asked.withdrawal.fee == Units(10_000) && asked.withdrawal.completedAt == nil)
        #expect(balance(stage) == [940_000, 60_000])
        stage.wait(milliseconds: 5)
        let settled = try #require(record(stage.perform(settle())))
        #expect(settled.debited == Units(60_000) && settled.withdrawal.status == .success)
        #expect(settled.withdrawal.txID == "tx" && settled.withdrawal.completedAt == Timestamp(milliseconds: 1_005))
        #expect(balance(stage) == [940_000, 0])
        let totals = stage.engine.totals[0]
        #expect(totals.fees == Units(10_000) && totals.external == Units(-950_000) && totals.isBalanced)
    }

    @Test("settled again with the same transaction nothing changes; with another, or failed, it is refused")
    func settledAgain() throws {
        var stage = stage()
        stage.perform(request())
        stage.perform(settle())
        let again = stage.perform(settle())
        #expect(again.count == 1 && record(again)?.debited == .zero && record(again)?.withdrawal.status == .success)
        #expect(balance(stage) == [940_000, 0])
        #expect(stage.perform(settle(1, "other")) == [.rejected(.conflict(.txID))])
        #expect(stage.perform(fail()) == [.rejected(.conflict(.status))])
        #expect(stage.perform(cancel()) == [.rejected(.conflict(.id))])
    }

    @Test("failed, everything comes back, once, and it cannot be settled any more")
    func failed() throws {
        var stage = stage()
        stage.perform(request())
        let failed = try #require(record(stage.perform(fail())))
        #expect(failed.withdrawal.status == .failed && failed.withdrawal.reason == "why" && failed.debited == .zero)
        #expect(balance(stage) == [1_000_000, 0])
        #expect(record(stage.perform(fail(1, "other")))?.withdrawal.reason == "why")
        #expect(balance(stage) == [1_000_000, 0])
        #expect(stage.perform(settle()) == [.rejected(.conflict(.status))])
        #expect(stage.perform(cancel()) == [.rejected(.conflict(.id))])
    }

    @Test("its owner, and nobody else, takes back what is pending")
    func canceled() {
        var stage = stage()
        let bob = stage.account("bob")
        stage.perform(request())
        #expect(stage.perform(cancel(account: bob)) == [.rejected(.unknownWithdrawal)])
        #expect(stage.perform(cancel(2)) == [.rejected(.unknownWithdrawal)])
        #expect(stage.perform(cancel(0)) == [.rejected(.unknownWithdrawal)])
        #expect(record(stage.perform(cancel()))?.withdrawal.status == .failed)
        #expect(balance(stage) == [1_000_000, 0])
    }

    @Test("asked for again under the same name it is the same one; with other contents it is refused")
    func idempotent() {
        var stage = stage()
        stage.perform(request(clientID: "w"))
        #expect(record(stage.perform(request(clientID: "w")))?.withdrawal.id == WithdrawalID(1))
        #expect(balance(stage) == [940_000, 60_000])
        #expect(stage.perform(request(50_001, clientID: "w")) == [.rejected(.conflict(.clientWithdrawID))])
        #expect(stage.perform(request(address: "0xabd", clientID: "w")) == [.rejected(.conflict(.clientWithdrawID))])
        #expect(record(stage.perform(request()))?.withdrawal.id == WithdrawalID(2))
        stage.deposit("bob", "USDT", 100)
        let others = stage.perform(request(account: AccountID(2), clientID: "w"))
        #expect(record(others)?.withdrawal.id == WithdrawalID(3))
        stage.perform(settle())
        #expect(record(stage.perform(request(clientID: "w")))?.withdrawal.status == .success)
    }

    @Test("a refusal names what is wrong and leaves no trace")
    func refusals() {
        var limits = Stage.limits
        limits.withdrawals = 1
        var stage = stage(limits)
        let digest = stage.engine.totals
        let long = String(repeating: "x", count: Limits.textLength + 1)
        let refused: [(Command, Rejection)] = [
            (request(account: AccountID(9)), .unknownAccount), (request(asset: AssetID(9)), .unknownAsset),
            (request(network: "BTC"), .invalid(.network)), (request(address: ""), .invalid(.address)),
            (request(address: "a b"), .invalid(.address)), (request(address: "ä"), .invalid(.address)),
            (request(address: long), .invalid(.address)), (request(0), .invalid(.amount)),
            (request(-1), .invalid(.amount)), (request(.min), .invalid(.amount)),
            (request(clientID: long), .invalid(.clientWithdrawID)),
            (
                request(990_001),
                .insufficientBalance(asset: Self.usdt, required: Units(1_000_001), available: Units(1_000_000))
            ),
            (settle(1), .unknownWithdrawal), (fail(1), .unknownWithdrawal),
        ]
        for (command, rejection) in refused { #expect(stage.perform(command) == [.rejected(rejection)]) }
        #expect(stage.engine.totals == digest)
        #expect(record(stage.perform(request(980_000)))?.withdrawal.id == WithdrawalID(1))
        #expect(stage.perform(request(1_000))[0] != .rejected(.risk(.exchangeLimit)))
        stage.deposit("alice", "USDT", 100)
        #expect(stage.perform(request(1_000)) == [.rejected(.risk(.exchangeLimit))])
        #expect(stage.perform(settle(1, "")) == [.rejected(.invalid(.txID))])
        #expect(stage.perform(fail(1, long)) == [.rejected(.invalid(.reason))])
    }

    @Test("an account that may not withdraw is refused, and takes back what is pending")
    func disabled() {
        var stage = stage()
        stage.perform(request(clientID: "w"))
        stage.perform(.changeAccount(ChangeAccount(account: Self.alice, canWithdraw: false)))
        #expect(stage.perform(request()) == [.rejected(.withdrawalsDisabled)])
        #expect(record(stage.perform(cancel()))?.withdrawal.status == .failed)
    }

    @Test("the fee is the one of the day it was asked for")
    func feeIsFixed() {
        var stage = stage()
        stage.perform(request())
        let network = Network(name: "ETH", withdrawalFee: Units(20_000))
        stage.perform(.defineAsset(Asset(id: Self.usdt, name: "USDT", decimals: 4, networks: [network])))
        #expect(record(stage.perform(settle()))?.debited == Units(60_000))
    }
}
