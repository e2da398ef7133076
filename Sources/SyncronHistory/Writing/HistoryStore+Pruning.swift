import GRDB
import SyncronCore

extension HistoryStore {
    /// Deletes what is past its time at `now`, and shortens the file when much of it is unused. Meant to be called about
    /// once a minute: one call deletes at most some thousands of rows, and leaves what is beyond to the next.
    @discardableResult
    public func prune(now: Timestamp) throws(HistoryFailure) -> PruneSummary {
        let most = HistoryRetention.rowsPerRound
        var summary = PruneSummary()
        summary.orders = try pruneSandboxOrders(
            olderThan: now + -HistoryRetention.unfilledSandboxOrderAge, atMost: most)
        summary.userEvents = try pruneUserEvents(olderThan: now + -HistoryRetention.userEventAge, atMost: most)
        summary.pages = try reclaimSpace(atMost: HistoryRetention.pagesPerRound)
        return summary
    }

    /// Deletes orders of sandbox accounts that ended before `time` without a fill, the oldest first. Returns how many.
    @discardableResult
    public func pruneSandboxOrders(
        olderThan time: Timestamp, atMost most: Int = .max
    ) throws(HistoryFailure) -> Int {
        try inSteps(of: HistoryRetention.rowsPerStep, atMost: most) { database, step in
            let statement = """
                DELETE FROM orders WHERE id IN (
                    SELECT id FROM orders WHERE expendable_since < ? ORDER BY expendable_since LIMIT ?)
                """
            let deleted = try database.run(statement) { values in
                values.add(time)
                values.add(limit: step)
            }
            try note(database) { $0.orders -= deleted }
            return deleted
        }
    }

    /// Deletes events of accounts that happened before `time`. Returns how many.
    @discardableResult
    public func pruneUserEvents(
        olderThan time: Timestamp, atMost most: Int = .max
    ) throws(HistoryFailure) -> Int {
        try inSteps(of: HistoryRetention.rowsPerStep, atMost: most) { database, step in
            guard var stream = try database.first(UserStream.oldest, { $0.add(time) }, UserStream.stream) else {
                return 0
            }
            let firstKept = try HistoryView(database: database).firstEvent(of: stream, at: time)
            let count = stream.count
            try stream.drop(before: min(firstKept, stream.firstSeq + UInt64(step)), in: database)
            try stream.write(to: database)
            let deleted = count - stream.count
            try note(database) { $0.userEvents -= deleted }
            return deleted
        }
    }

    /// Shortens the file by what it does not use, but for a reserve. Returns the pages given back.
    func reclaimSpace(atMost most: Int) throws(HistoryFailure) -> Int {
        try inSteps(of: HistoryRetention.pagesPerStep, atMost: most) { database, step in
            func number(_ name: String) throws -> Int { try Int.fetchOne(database, sql: "PRAGMA \(name)") ?? 0 }
            let pages = try number("page_count")
            let spare = max(HistoryRetention.sparePages, pages / HistoryRetention.spareShare)
            let surplus = try number("freelist_count") - spare
            guard surplus > 0 else { return 0 }
            try database.execute(sql: "PRAGMA incremental_vacuum(\(min(step, surplus)))")
            return try pages - number("page_count")
        }
    }

    private func note(_ database: Database, _ change: (inout HistoryCounts) -> Void) throws {
        var progress = try Progress.read(from: database)
        change(&progress.counts)
        try progress.write(to: database)
    }

    /// Repeats a transaction that takes away at most `size` until there is nothing to take or `most` is reached.
    /// Between two of them others have their turn. Returns the sum.
    private func inSteps(
        of size: Int, atMost most: Int, _ step: (Database, Int) throws -> Int
    ) throws(HistoryFailure) -> Int {
        do {
            var sum = 0
            while sum < most {
                let taken = try pool.write { try step($0, min(size, most - sum)) }
                if taken == 0 { break }
                sum += taken
            }
            return sum
        } catch {
            throw HistoryFailure(error, path: path)
        }
    }
}
