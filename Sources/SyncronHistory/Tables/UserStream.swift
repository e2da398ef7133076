import GRDB
import SyncronCore

/// One row of `user_streams`: which of an account's events there are.
struct UserStream {
    var account: AccountID
    /// The oldest event that is kept; `lastSeq` + 1 when none is.
    var firstSeq: UInt64
    var lastSeq: UInt64
    /// When the oldest event that is kept happened; nil when none is.
    var firstTime: Timestamp?

    static let columns = "account, first_seq, last_seq, first_time"

    static let select = "SELECT \(columns) FROM user_streams WHERE account = ?"

    static let replace = "INSERT OR REPLACE INTO user_streams (\(columns)) VALUES (?, ?, ?, ?)"

    static let oldest = """
        SELECT \(columns) FROM user_streams WHERE first_time IS NOT NULL AND first_time < ? ORDER BY first_time LIMIT 1
        """

    static func stream(from row: inout RowReader) throws -> UserStream {
        let stream = UserStream(
            account: try row.identity(), firstSeq: try row.integer(), lastSeq: try row.integer(),
            firstTime: try row.optionalTime())
        guard stream.firstSeq <= stream.lastSeq + 1 else {
            throw RowDamage(what: "a stream of events from \(stream.firstSeq) to \(stream.lastSeq)")
        }
        return stream
    }

    static func of(_ account: AccountID, in database: Database) throws -> UserStream? {
        try database.first(select, { $0.add(account) }, stream)
    }

    func write(to database: Database) throws {
        try database.run(Self.replace) { values in
            values.add(account)
            values.add(firstSeq)
            values.add(lastSeq)
            values.add(firstTime)
        }
    }

    /// How many events are kept.
    var count: Int { Int(lastSeq + 1 - firstSeq) }

    /// Lets go of the events before `seq`. A run that has others too stays until it has none.
    mutating func drop(before seq: UInt64, in database: Database) throws {
        guard seq > firstSeq else { return }
        try database.run(UserEventRun.deleteBefore) { values in
            values.add(account)
            values.add(seq)
        }
        let next = try UserEventRun.events(of: account, from: seq, in: database).first
        firstSeq = next?.seq ?? lastSeq + 1
        firstTime = next?.stamp.time
    }
}
