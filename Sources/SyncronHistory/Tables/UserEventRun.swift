import GRDB
import SyncronCore

/// One row of `user_event_runs`: consecutive events of an account. What an account is told comes in bursts, and a row
/// for each event would cost more than all else that an order leaves behind.
struct UserEventRun {
    let account: AccountID
    /// At least one event stands from here to `lastSeq`, both included.
    let firstSeq: UInt64
    private(set) var lastSeq: UInt64
    /// One behind the other, little-endian: sequence (8 bytes), time in milliseconds (8), length (4), body.
    private var bytes: [UInt8] = []

    /// A run that has grown beyond this is followed by another one, so that a page of events is read in small pieces.
    private static let fullSize = 16 * 1_024
    /// Of an event.
    private static let leastSize = 20

    var count: Int { Int(lastSeq - firstSeq) + 1 }

    init(_ event: StoredUserEvent) {
        account = event.account
        firstSeq = event.seq
        lastSeq = event.seq
        write(event)
    }

    /// Whether `event` belongs into this run.
    func continues(with event: StoredUserEvent) -> Bool { event.seq == lastSeq + 1 && bytes.count < Self.fullSize }

    mutating func append(_ event: StoredUserEvent) {
        lastSeq = event.seq
        write(event)
    }

    private mutating func write(_ event: StoredUserEvent) {
        append(event.stamp.sequence.raw)
        append(event.stamp.time.milliseconds)
        append(UInt32(event.body.count))
        bytes.append(contentsOf: event.body)
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// In order.
    func events() throws -> [StoredUserEvent] {
        do {
            return try bytes.withUnsafeBytes { bytes throws(CodingFailure) in
                var reader = ByteReader(bytes)
                var events: [StoredUserEvent] = []
                events.reserveCapacity(count)
                for seq in firstSeq...lastSeq {
                    let sequence = Sequence(try reader.read(UInt64.self))
                    let time = Timestamp(milliseconds: try reader.read(Int64.self))
                    let length = Int(try reader.read(UInt32.self))
                    events.append(
                        StoredUserEvent(
                            account: account, seq: seq, stamp: Stamp(sequence: sequence, time: time),
                            body: Array(try reader.readBytes(length))))
                }
                guard reader.isAtEnd else { throw CodingFailure("more bytes than events") }
                return events
            }
        } catch {
            throw RowDamage(what: "events \(firstSeq) to \(lastSeq) of account \(account): \(error)")
        }
    }
}

extension UserEventRun {
    static let columnCount = 4

    static let insert = "INSERT INTO user_event_runs (account, last_seq, first_seq, events) VALUES "

    static let deleteBefore = "DELETE FROM user_event_runs WHERE account = ? AND last_seq < ?"

    static let selectFrom = """
        SELECT account, last_seq, first_seq, events FROM user_event_runs WHERE account = ? AND last_seq >= ?
        ORDER BY last_seq LIMIT 1
        """

    func write(to values: inout ValueWriter) {
        values.add(account)
        values.add(lastSeq)
        values.add(firstSeq)
        values.add(bytes: bytes)
    }

    init(from row: inout RowReader) throws {
        account = try row.identity()
        lastSeq = try row.integer()
        firstSeq = try row.integer()
        bytes = try row.bytes()
        guard firstSeq <= lastSeq, lastSeq - firstSeq < UInt64(bytes.count / Self.leastSize) else {
            throw RowDamage(what: "events \(firstSeq) to \(lastSeq) in \(bytes.count) bytes")
        }
    }

    /// The events of the account's run that has the first event from `seq` on, without those before `seq`; empty when
    /// there is none.
    static func events(
        of account: AccountID, from seq: UInt64, in database: Database
    ) throws -> ArraySlice<StoredUserEvent> {
        let run = try database.first(
            selectFrom,
            { values in
                values.add(account)
                values.add(seq)
            }, UserEventRun.init(from:))
        return try run?.events().drop { $0.seq < seq } ?? []
    }
}

extension [UserEventRun] {
    /// Adds an event behind the last one.
    mutating func append(_ event: StoredUserEvent) {
        if let last = indices.last, self[last].continues(with: event) {
            self[last].append(event)
        } else {
            append(UserEventRun(event))
        }
    }
}
