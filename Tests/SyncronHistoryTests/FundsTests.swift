import SyncronCore
import Testing

@testable import SyncronHistory

@Suite("Withdrawals and transfers")
struct FundsTests {
    private func withdrawal(
        _ id: UInt64, account: UInt32 = 1, asset: UInt16 = 0, status: WithdrawalStatus = .pending,
        at time: Timestamp = start
    ) -> Withdrawal {
        Withdrawal(
            id: WithdrawalID(id), account: AccountID(account), asset: AssetID(asset), network: "ETH",
            amount: Units(1 << 90), fee: Units(3), address: "0xabc", txID: "", status: status, clientID: "c\(id)",
            reason: "", appliedAt: time, completedAt: nil)
    }

    private func recorded(_ withdrawal: Withdrawal) -> Event {
        .withdrawalRecorded(WithdrawalRecord(withdrawal: withdrawal, debited: .zero))
    }

    /// Withdrawals 1 to 12 of account 1, one a second, of assets 0 and 1, with each status in turn; as many of
    /// account 2.
    private func twelve() throws -> TemporaryStore {
        let temporary = try TemporaryStore()
        let entries = (UInt64(1)...12).map { id in
            let status: WithdrawalStatus = [.pending, .success, .failed][Int(id % 3)]
            let time = start + Int64(id) * 1_000
            return entry(
                id, at: time, recorded(withdrawal(id, asset: UInt16(id % 2), status: status, at: time)),
                recorded(withdrawal(id + 100, account: 2, at: time)))
        }
        try temporary.store.apply(entries)
        return temporary
    }

    private func ids(
        _ temporary: TemporaryStore, account: UInt32? = 1, asset: UInt16? = nil, status: WithdrawalStatus? = nil,
        startTime: Int64? = nil, endTime: Int64? = nil, limit: Int = 100
    ) throws -> [UInt64] {
        try temporary.store.read { (view) throws in
            try view.withdrawals(
                WithdrawalQuery(
                    account: account.map { AccountID($0) }, asset: asset.map { AssetID($0) }, status: status,
                    startTime: startTime.map { start + $0 }, endTime: endTime.map { start + $0 }, limit: limit))
        }.map(\.id.raw)
    }

    @Test("filters join, bounds include their ends, the newest comes first")
    func filters() throws {
        let temporary = try twelve()
        #expect(try ids(temporary) == (1...12).reversed())
        #expect(try ids(temporary, asset: 1) == [11, 9, 7, 5, 3, 1])
        #expect(try ids(temporary, status: .success) == [10, 7, 4, 1])
        #expect(try ids(temporary, asset: 0, status: .failed) == [8, 2])
        #expect(try ids(temporary, startTime: 5_000, endTime: 7_000) == [7, 6, 5])
        #expect(try ids(temporary, limit: 2) == [12, 11])
        #expect(try ids(temporary, account: nil, status: .pending, limit: 3) == [112, 12, 111])
        #expect(try ids(temporary, account: nil, limit: 3) == [112, 12, 111])
    }

    @Test("a withdrawal that changes stays one row, and is counted once")
    func updates() throws {
        let temporary = try TemporaryStore()
        var changing = withdrawal(1)
        try temporary.store.apply([entry(1, recorded(changing))])
        changing.status = .success
        changing.txID = "0xfeed"
        changing.reason = "地址"
        changing.completedAt = start + 9
        try temporary.store.apply([entry(2, recorded(changing))])
        let found = try temporary.store.read { try $0.withdrawals(WithdrawalQuery(account: nil, limit: 5)) }
        #expect(found == [changing])
        #expect(try temporary.store.read { try $0.counts } == temporary.countedRows())
        #expect(try temporary.store.read { try $0.counts.withdrawals } == 1)
    }

    @Test("transfers are found by asset, wallets, time and limit, newest first")
    func transfers() throws {
        let temporary = try TemporaryStore()
        let wallets: [(Wallet, Wallet)] = [(.spot, .margin), (.margin, .spot), (.spot, .futures)]
        let all = (UInt16(0)..<9).map { (index: UInt16) -> Transfer in
            let (from, to) = wallets[Int(index % 3)]
            return Transfer(
                id: TransactionID(UInt64(index) + 1), account: AccountID(index == 8 ? 2 : 1),
                asset: AssetID(index % 2), amount: Units(Int128(index) << 70), from: from, to: to,
                time: start + Int64(index) * 1_000)
        }
        try temporary.store.apply(
            all.map { entry($0.id.raw, at: $0.time, .transferred($0)) })
        func ids(
            asset: UInt16? = nil, from: Wallet? = nil, to: Wallet? = nil, startTime: Int64? = nil, limit: Int = 100
        ) throws -> [UInt64] {
            let query = TransferQuery(
                account: AccountID(1), asset: asset.map { AssetID($0) }, from: from, to: to,
                startTime: startTime.map { start + $0 }, limit: limit)
            let found = try temporary.store.read { try $0.transfers(query) }
            for transfer in found { #expect(all.contains(transfer)) }
            return found.map(\.id.raw)
        }
        #expect(try ids() == [8, 7, 6, 5, 4, 3, 2, 1])
        #expect(try ids(asset: 1) == [8, 6, 4, 2])
        #expect(try ids(from: .spot, to: .margin) == [7, 4, 1])
        #expect(try ids(to: .spot) == [8, 5, 2])
        #expect(try ids(startTime: 6_000) == [8, 7])
        #expect(try ids(limit: 1) == [8])
        #expect(try temporary.store.read { try $0.counts.transfers } == 9)
    }
}
