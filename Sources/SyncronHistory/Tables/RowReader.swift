import GRDBSQLite
import SyncronCore
import SyncronMarketData

/// Reads the columns of a row from left to right, as `ValueWriter` wrote them. Throws `RowDamage` at what it never wrote.
struct RowReader {
    private let statement: OpaquePointer
    private var next: CInt = 0

    init(_ statement: OpaquePointer) { self.statement = statement }

    mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) throws -> T {
        let stored = try take()
        guard let value = T(exactly: stored) else { throw RowDamage(what: "\(stored) where \(T.self) belongs") }
        return value
    }

    mutating func identity<T: Identity>(_ type: T.Type = T.self) throws -> T { T(try integer()) }

    mutating func optionalIdentity<T: Identity>(_ type: T.Type = T.self) throws -> T? {
        guard sqlite3_column_type(statement, next) != SQLITE_NULL else {
            next += 1
            return nil
        }
        return try identity()
    }

    mutating func ticks() throws -> Ticks { Ticks(try take()) }
    mutating func steps() throws -> Steps { Steps(try take()) }
    mutating func time() throws -> Timestamp { Timestamp(milliseconds: try take()) }
    mutating func units() throws -> Units { Units(try amount()) }
    mutating func volume() throws -> Volume { Volume(try amount()) }

    mutating func word<T: RawRepresentable>(_ type: T.Type = T.self) throws -> T where T.RawValue == UInt8 {
        let code: UInt8 = try integer()
        guard let value = T(rawValue: code) else { throw RowDamage(what: "\(code) where \(T.self) belongs") }
        return value
    }

    mutating func optionalWord<T: RawRepresentable>(_ type: T.Type = T.self) throws -> T? where T.RawValue == UInt8 {
        guard sqlite3_column_type(statement, next) != SQLITE_NULL else {
            next += 1
            return nil
        }
        return try word()
    }

    mutating func optionalTime() throws -> Timestamp? {
        guard sqlite3_column_type(statement, next) != SQLITE_NULL else {
            next += 1
            return nil
        }
        return try time()
    }

    mutating func text() throws -> String {
        String(decoding: try content(of: SQLITE_TEXT, "text"), as: UTF8.self)
    }

    mutating func clientOrderID() throws -> ClientOrderID {
        guard sqlite3_column_type(statement, next) != SQLITE_NULL else {
            next += 1
            return .none
        }
        let bytes = try content(of: SQLITE_TEXT, "a client order id")
        guard let id = ClientOrderID(bytes) else { throw RowDamage(what: "a client order id of \(bytes.count) bytes") }
        return id
    }

    mutating func bytes() throws -> [UInt8] { Array(try content(of: SQLITE_BLOB, "bytes")) }

    private mutating func amount() throws -> Int128 {
        if sqlite3_column_type(statement, next) == SQLITE_INTEGER { return Int128(try take()) }
        let bytes = try content(of: SQLITE_BLOB, "an amount")
        guard bytes.count == MemoryLayout<Int128>.size else {
            throw RowDamage(what: "an amount of \(bytes.count) bytes")
        }
        return Int128(bigEndian: bytes.loadUnaligned(as: Int128.self))
    }

    private mutating func take() throws -> Int64 {
        guard sqlite3_column_type(statement, next) == SQLITE_INTEGER else {
            throw RowDamage(what: "column \(next) is no integer")
        }
        defer { next += 1 }
        return sqlite3_column_int64(statement, next)
    }

    /// The bytes are SQLite's: good until the statement's next step.
    private mutating func content(of type: CInt, _ what: String) throws -> UnsafeRawBufferPointer {
        guard sqlite3_column_type(statement, next) == type else {
            throw RowDamage(what: "column \(next) is not \(what)")
        }
        defer { next += 1 }
        let start = sqlite3_column_blob(statement, next)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, next)))
    }
}
