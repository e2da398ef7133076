import GRDB
import SyncronCore
import SyncronMarketData

/// Writes one batch inside one transaction, and counts what it adds.
struct BatchWriter {
    let database: Database
    var counts: HistoryCounts

    mutating func write(_ batch: Batch) throws {
        try write(batch.accounts)
        try write(batch.orders)
        try write(batch.trades)
        for (market, minutes) in batch.minutes { try write(minutes, of: market) }
        try write(batch.deposits)
        try write(batch.withdrawals)
        try write(batch.transfers)
        counts.loans += try write(batch.loans)
        counts.repayments += try write(batch.repayments)
        counts.interestCharges += try write(batch.interestCharges)
        counts.forcedOrders += try write(batch.forcedOrders)
        counts.marginTerms += try write(batch.marginTerms)
        try write(batch.incomes)
        try write(batch.fundingRates)
        for (market, minutes) in batch.markMinutes { try writeMarks(minutes, of: market) }
        for (account, runs) in batch.userEvents { try write(runs, of: account) }
    }

    private func write(_ accounts: [Account]) throws {
        for account in accounts {
            try database.run("INSERT OR REPLACE INTO accounts (id, is_sandbox) VALUES (?, ?)") { values in
                values.add(account.id)
                values.add(account.isSandbox ? 1 : 0)
            }
        }
    }

    private mutating func write(_ orders: [Batch.Order]) throws {
        guard !orders.isEmpty else { return }
        let update = try PreparedStatement(OrderTable.update, in: database)
        var sandbox = SandboxAccounts(database: database)
        var fresh: [(state: OrderState, expendableSince: Timestamp?)] = []
        fresh.reserveCapacity(orders.count)
        for order in orders {
            let state = order.state
            let isExpendable = !state.isOpen && state.executed == .zero
            let expendableSince = try isExpendable && sandbox.contains(state.account) ? state.updatedAt : nil
            if !order.isNew {
                let changed = try update.run { values in
                    OrderTable.writeUpdate(state, expendableSince: expendableSince, to: &values)
                }
                if changed > 0 { continue }
            }
            fresh.append((state, expendableSince))
        }
        try database.insert(fresh, OrderTable.insert, columns: OrderTable.insertColumns) { order, values in
            OrderTable.writeInsert(order.state, expendableSince: order.expendableSince, to: &values)
        }
        counts.orders += fresh.count
    }

    private mutating func write(_ trades: [Trade]) throws {
        guard !trades.isEmpty else { return }
        try database.insert(trades, TradeTable.insert, columns: TradeTable.insertColumns) { trade, values in
            TradeTable.writeInsert(trade, to: &values)
        }
        counts.trades += trades.count
    }

    private mutating func write(_ minutes: [Candle], of market: MarketID) throws {
        let select = try PreparedStatement(CandleTable.select, in: database)
        let replace = try PreparedStatement(CandleTable.replace, in: database)
        for interval in KlineInterval.allCases {
            for candle in Batch.candles(of: interval, folding: minutes) {
                let earlier = try select.first(
                    { CandleTable.writeKey(of: candle, market, interval, to: &$0) }, CandleTable.candle)
                var whole = candle
                if var earlier {
                    earlier.fold(candle)
                    whole = earlier
                } else {
                    counts.candles += 1
                }
                try replace.run { CandleTable.write(whole, of: market, interval, to: &$0) }
            }
        }
    }

    private func writeMarks(_ minutes: [Candle], of market: MarketID) throws {
        let upsert = try PreparedStatement(MarkCandleTable.upsert, in: database)
        for interval in KlineInterval.allCases {
            for candle in Batch.candles(of: interval, folding: minutes) {
                try upsert.run { MarkCandleTable.write(candle, of: market, interval, to: &$0) }
            }
        }
    }

    private mutating func write(_ incomes: [IncomeRow]) throws {
        try database.insert(incomes, IncomeRow.insert, columns: IncomeRow.columnCount) { row, values in
            row.write(to: &values)
        }
        counts.incomes += incomes.count
    }

    private mutating func write(_ rates: [FundingRate]) throws {
        for rate in rates { try database.run(FundingRateTable.replace) { FundingRateTable.write(rate, to: &$0) } }
        counts.fundingRates += rates.count
    }

    private mutating func write(_ deposits: [Deposit]) throws {
        for deposit in deposits {
            let isKnown = try database.first(DepositTable.exists, { $0.add(deposit.id) }) { _ in true } ?? false
            if !isKnown { counts.deposits += 1 }
            try database.run(DepositTable.replace) { DepositTable.write(deposit, to: &$0) }
        }
    }

    private mutating func write(_ withdrawals: [Withdrawal]) throws {
        for withdrawal in withdrawals {
            let isKnown =
                try database.first(WithdrawalTable.exists, { $0.add(withdrawal.id) }) { _ in true } ?? false
            if !isKnown { counts.withdrawals += 1 }
            try database.run(WithdrawalTable.replace) { WithdrawalTable.write(withdrawal, to: &$0) }
        }
    }

    private mutating func write(_ transfers: [Transfer]) throws {
        for transfer in transfers {
            try database.run(TransferTable.insert) { TransferTable.write(transfer, to: &$0) }
        }
        counts.transfers += transfers.count
    }

    /// Returns how many rows were written.
    private func write<Row: MarginRow>(_ rows: [Row]) throws -> Int {
        try database.insert(rows, Row.insert, columns: Row.columnCount) { row, values in row.write(to: &values) }
        return rows.count
    }

    /// `runs` are in order.
    private mutating func write(_ runs: [UserEventRun], of account: AccountID) throws {
        guard let newest = runs.last?.lastSeq else { return }
        // What so large a batch itself makes obsolete is not written.
        let kept = runs.drop { $0.lastSeq + UInt64(HistoryRetention.userEvents) <= newest }
        guard let first = try kept.first.flatMap({ try $0.events().first }) else { return }
        try database.insert(Array(kept), UserEventRun.insert, columns: UserEventRun.columnCount) { run, values in
            run.write(to: &values)
        }
        let known = try UserStream.of(account, in: database)
        counts.userEvents -= known?.count ?? 0
        var stream = known ?? UserStream(account: account, firstSeq: first.seq, lastSeq: newest, firstTime: nil)
        stream.lastSeq = newest
        if stream.firstTime == nil {
            stream.firstSeq = first.seq
            stream.firstTime = first.stamp.time
        }
        let bound = UInt64(HistoryRetention.userEvents + HistoryRetention.userEventSlack)
        if let known, first.seq > known.lastSeq + 1 {
            try stream.drop(before: first.seq, in: database)
        } else if newest - stream.firstSeq >= bound {
            try stream.drop(before: newest - UInt64(HistoryRetention.userEvents) + 1, in: database)
        }
        try stream.write(to: database)
        counts.userEvents += stream.count
    }
}

/// Which accounts belong to the sandbox, asked once for each in a batch.
private struct SandboxAccounts {
    let database: Database
    private var known: [AccountID: Bool] = [:]

    init(database: Database) { self.database = database }

    mutating func contains(_ account: AccountID) throws -> Bool {
        if let answer = known[account] { return answer }
        let isSandbox = try database.first("SELECT is_sandbox FROM accounts WHERE id = ?", { $0.add(account) }) { row in
            try row.integer(Int.self) != 0
        }
        let answer = isSandbox ?? false
        known[account] = answer
        return answer
    }
}
