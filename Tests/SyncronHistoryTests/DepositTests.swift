import SyncronCore
import Testing

@testable import SyncronHistory

@Suite("Deposits")
struct DepositTests {
    /// Deposits 1 to 12 of account 1, one a second, of assets 0 and 1, with each status in turn.
    private func twelve() throws -> TemporaryStore {
        let temporary = try TemporaryStore()
        let entries = (UInt64(1)...12).map { id in
            let status: DepositStatus = [.pending, .success, .failed][Int(id % 3)]
            let time = start + Int64(id) * 1_000
            return entry(
                id, at: time, recorded(deposit(id, asset: UInt16(id % 2), status: status, at: time)),
                recorded(deposit(id + 100, account: 2, at: time)))
        }
        try temporary.store.apply(entries)
        return temporary
    }

    private func ids(
        _ temporary: TemporaryStore, asset: UInt16? = nil, status: DepositStatus? = nil, startTime: Int64? = nil,
        endTime: Int64? = nil, limit: Int = 100
    ) throws -> [UInt64] {
        try temporary.store.read { (view) throws in
            try view.deposits(
                DepositQuery(
                    account: AccountID(1), asset: asset.map { AssetID($0) }, status: status,
                    startTime: startTime.map { start + $0 }, endTime: endTime.map { start + $0 }, limit: limit))
        }.ids
    }

    @Test("filters join, bounds include their ends, the newest comes first")
    func filters() throws {
        let temporary = try twelve()
        #expect(try ids(temporary) == (1...12).reversed())
        #expect(try ids(temporary, asset: 1) == [11, 9, 7, 5, 3, 1])
        #expect(try ids(temporary, status: .success) == [10, 7, 4, 1])
        #expect(try ids(temporary, asset: 0, status: .failed) == [8, 2])
        #expect(try ids(temporary, asset: 5) == [])
        #expect(try ids(temporary, startTime: 11_000) == [12, 11])
        #expect(try ids(temporary, endTime: 2_999) == [2, 1])
        #expect(try ids(temporary, asset: 1, startTime: 5_000, endTime: 9_000) == [9, 7, 5])
        #expect(try ids(temporary, status: .pending, startTime: 3_000, endTime: 6_000) == [6, 3])
        #expect(try ids(temporary, startTime: 6_000, endTime: 5_000) == [])
        #expect(try ids(temporary, limit: 2) == [12, 11])
        #expect(try ids(temporary, limit: 0) == [])
        #expect(try ids(temporary, limit: -1) == [])
    }

    @Test("deposits of one moment come by id")
    func ties() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply([entry(1, recorded(deposit(1)), recorded(deposit(2)), recorded(deposit(3)))])
        #expect(try ids(temporary) == [3, 2, 1])
        #expect(try ids(temporary, asset: 0, status: .success) == [3, 2, 1])
    }

    @Test("a deposit reported again is one row that changes")
    func updates() throws {
        let temporary = try TemporaryStore()
        var pending = deposit(1, status: .pending, amount: Limits.assetSupply.raw)
        try temporary.store.apply([entry(1, recorded(pending))])
        #expect(try temporary.store.read { try $0.deposit(DepositID(1)) } == pending)
        pending.status = .success
        pending.confirmations = .max
        pending.completedAt = start + 9
        try temporary.store.apply([entry(2, at: start + 9, recorded(pending))])
        #expect(try temporary.store.read { try $0.deposit(DepositID(1)) } == pending)
        #expect(try ids(temporary, status: .pending) == [])
        #expect(try ids(temporary, status: .success) == [1])
        #expect(try temporary.store.read { try $0.counts.deposits } == 1)
        #expect(try temporary.store.read { try $0.deposit(DepositID(2)) } == nil)
    }

    @Test("text comes back as it went in", arguments: ["", "a'b\"c", "\u{0}x", "地址 🏦", "%_"])
    func text(_ text: String) throws {
        let temporary = try TemporaryStore()
        var odd = deposit(1)
        odd.network = text
        odd.address = text
        odd.txID = text
        try temporary.store.apply([entry(1, recorded(odd))])
        try temporary.reopen()
        #expect(try temporary.store.read { try $0.deposit(DepositID(1)) } == odd)
    }
}
