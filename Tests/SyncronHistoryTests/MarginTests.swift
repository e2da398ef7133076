import SyncronCore
import Testing

@testable import SyncronHistory

@Suite("Loans, repayments, interest and forced orders")
struct MarginTests {
    private func loan(_ id: UInt64, account: UInt32 = 1, asset: UInt16 = 0, order: UInt64? = nil) -> Loan {
        Loan(
            id: TransactionID(id), account: AccountID(account), asset: AssetID(asset), principal: Units(1 << 90),
            order: order.map { OrderID($0) }, time: start + Int64(id) * 1_000)
    }

    private func repayment(_ id: UInt64, asset: UInt16 = 0, cause: Repayment.Cause = .demand) -> Repayment {
        Repayment(
            id: TransactionID(id), account: AccountID(1), asset: AssetID(asset), interest: Units(3),
            principal: Units(1 << 80), cause: cause, time: start + Int64(id) * 1_000)
    }

    private func charge(_ number: Int64, asset: UInt16 = 0) -> InterestCharge {
        InterestCharge(
            account: AccountID(1), asset: AssetID(asset), interest: Units(Int128(number)), principal: Units(1 << 70),
            rate: Rate(20_000), cause: number == 1 ? .borrowing : .hour, time: start + number * 3_600_000)
    }

    private func forced(_ id: UInt64) -> ForcedOrder {
        ForcedOrder(
            order: OrderID(id), account: AccountID(1), market: MarketID(2), side: .sell, price: Ticks(5),
            quantity: Steps(10), executed: Steps(4), executedNotional: Units(20), fee: Units(1),
            time: start + Int64(id) * 1_000)
    }

    /// Loans 1 to 25 of account 1, of assets 0 and 1 in turn, and one of account 2.
    private func loans() throws -> (TemporaryStore, [Loan]) {
        let temporary = try TemporaryStore()
        let loans = (UInt64(1)...25).map { loan($0, asset: UInt16($0 % 2), order: $0 == 9 ? 90 : nil) }
        try temporary.store.apply(
            loans.map { entry($0.id.raw, at: $0.time, .loanTaken($0)) } + [entry(99, .loanTaken(loan(99, account: 2)))])
        return (temporary, loans)
    }

    @Test("pages are the newest first and tell how many rows there are in all")
    func pages() throws {
        let (temporary, loans) = try loans()
        func ids(_ query: MarginQuery) throws -> ([UInt64], Int) {
            let page = try temporary.store.read { try $0.loans(query) }
            for row in page.rows { #expect(loans.contains(row)) }
            return (page.rows.map(\.id.raw), page.total)
        }
        let account = AccountID(1)
        #expect(try ids(MarginQuery(account: account)) == ((16...25).reversed(), 25))
        #expect(try ids(MarginQuery(account: account, page: 3)) == ((1...5).reversed(), 25))
        #expect(try ids(MarginQuery(account: account, page: 4)) == ([], 25))
        #expect(try ids(MarginQuery(account: account, asset: AssetID(1), size: 3)) == ([25, 23, 21], 13))
        #expect(try ids(MarginQuery(account: account, transaction: TransactionID(9))) == ([9], 1))
        #expect(try ids(MarginQuery(account: account, transaction: TransactionID(99))) == ([], 0), "another's")
        #expect(
            try ids(MarginQuery(account: account, asset: AssetID(0), transaction: TransactionID(9))) == ([], 0))
        #expect(
            try ids(MarginQuery(account: account, startTime: start + 3_000, endTime: start + 5_000)) == ([5, 4, 3], 3))
    }

    @Test("every kind of row comes back as it was, also after the file is opened again")
    func rows() throws {
        let temporary = try TemporaryStore()
        let causes: [Repayment.Cause] = [.demand, .autoRepay, .unusedLoan, .liquidation, .insurance]
        let repayments = causes.enumerated().map { repayment(UInt64($0 + 1), cause: $1) }
        let charges = (Int64(1)...3).map { charge($0) }
        let terms = MarginOrderTerms(
            order: OrderID(7), sideEffect: .marginBuy, borrowed: Units(1 << 100), borrowedAsset: AssetID(3))
        let events =
            repayments.map { Event.loanRepaid($0) } + charges.map { .interestCharged($0) }
            + [.orderForced(forced(1)), .orderForced(forced(2)), .marginOrderPlaced(terms), .loanTaken(loan(50))]
        try temporary.store.apply([
            HistoryEntry(stamp: Stamp(sequence: Sequence(1), time: start), events: events)
        ])
        try temporary.reopen()
        let query = MarginQuery(account: AccountID(1))
        try temporary.store.read { (view) throws in
            #expect(try view.repayments(query).rows == repayments.reversed())
            #expect(try view.interestCharges(query).rows == charges.reversed())
            #expect(try view.forcedOrders(query) == HistoryPage(rows: [forced(2), forced(1)], total: 2))
            #expect(try view.marginTerms(of: OrderID(7)) == terms)
            #expect(try view.marginTerms(of: OrderID(8)) == nil)
        }
        #expect(try temporary.store.read { try $0.counts } == temporary.countedRows())
        #expect(try temporary.store.read { try $0.counts.repayments } == 5)
    }

    @Test("transfers of the margin wallet are those from and to spot, told apart by direction")
    func transfers() throws {
        let temporary = try TemporaryStore()
        let wallets: [(Wallet, Wallet)] = [
            (.spot, .margin), (.margin, .spot), (.spot, .futures), (.futures, .margin), (.margin, .spot),
        ]
        for (index, (from, to)) in wallets.enumerated() {
            let transfer = Transfer(
                id: TransactionID(UInt64(index) + 1), account: AccountID(1), asset: AssetID(0), amount: Units(1),
                from: from, to: to, time: start)
            try temporary.store.apply([entry(UInt64(index) + 1, .transferred(transfer))])
        }
        func ids(_ intoMargin: Bool?) throws -> [UInt64] {
            let page = try temporary.store.read {
                try $0.marginTransfers(MarginQuery(account: AccountID(1)), intoMargin: intoMargin)
            }
            #expect(page.total == page.rows.count)
            return page.rows.map(\.id.raw)
        }
        #expect(try ids(nil) == [5, 2, 1])
        #expect(try ids(true) == [1])
        #expect(try ids(false) == [5, 2])
    }
}
