import GRDB
import SyncronCore

/// One row of `user_events`.
enum UserEventTable {
    static let insert = "INSERT INTO user_events (account, seq, sequence, time, body) VALUES "
    static let insertColumns = 5

    static let deleteBefore = "DELETE FROM user_events WHERE account = ? AND seq < ?"

    static let timeFrom = "SELECT seq, time FROM user_events WHERE account = ? AND seq >= ? ORDER BY seq LIMIT 1"

    static let selectFrom = """
        SELECT account, seq, sequence, time, body FROM user_events WHERE account = ? AND seq >= ? ORDER BY seq LIMIT ?
        """

    /// The first event from `seq` on.
    static func key(
        of account: AccountID, from seq: UInt64, in database: Database
    ) throws -> (key: UInt64, time: Timestamp)? {
        try database.first(
            timeFrom,
            { values in
                values.add(account)
                values.add(seq)
            }, TimeSearch.key)
    }

    static func write(_ event: StoredUserEvent, to values: inout ValueWriter) {
        values.add(event.account)
        values.add(event.seq)
        values.add(event.stamp.sequence)
        values.add(event.stamp.time)
        values.add(bytes: event.body)
    }

    static func event(from row: inout RowReader) throws -> StoredUserEvent {
        let account: AccountID = try row.identity()
        let seq: UInt64 = try row.integer()
        let stamp = Stamp(sequence: try row.identity(), time: try row.time())
        return StoredUserEvent(account: account, seq: seq, stamp: stamp, body: try row.bytes())
    }
}

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
        UserStream(
            account: try row.identity(), firstSeq: try row.integer(), lastSeq: try row.integer(),
            firstTime: try row.optionalTime())
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

    /// Deletes the events before `seq`. Returns how many there were.
    mutating func drop(before seq: UInt64, in database: Database) throws -> Int {
        guard seq > firstSeq else { return 0 }
        let dropped = try database.run(UserEventTable.deleteBefore) { values in
            values.add(account)
            values.add(seq)
        }
        let next = try UserEventTable.key(of: account, from: seq, in: database)
        firstSeq = next?.key ?? lastSeq + 1
        firstTime = next?.time
        return dropped
    }
}
