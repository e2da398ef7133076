import GRDB
import GRDBSQLite

/// A statement prepared once for its connection and reused.
///
/// GRDB keeps it; it is bound, stepped and read by SQLite's own functions, because an array of boxed arguments for each
/// row costs more than the row's insertion.
struct PreparedStatement {
    private let statement: Statement
    private let database: Database

    init(_ sql: String, in database: Database) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql)
    }

    /// Runs a statement that answers no rows. Returns how many rows it changed.
    @discardableResult
    func run(_ bind: (inout ValueWriter) -> Void) throws -> Int {
        try start(bind)
        defer { sqlite3_reset(statement.sqliteStatement) }
        guard try !step() else { throw RowDamage(what: "it answers rows to \(statement.sql)") }
        return database.changesCount
    }

    /// What `read` makes of the first row; nil when there is none.
    func first<T>(_ bind: (inout ValueWriter) -> Void, _ read: (inout RowReader) throws -> T) throws -> T? {
        try start(bind)
        defer { sqlite3_reset(statement.sqliteStatement) }
        guard try step() else { return nil }
        var row = RowReader(statement.sqliteStatement)
        return try read(&row)
    }

    /// What `read` makes of each row, in order.
    func all<T>(_ bind: (inout ValueWriter) -> Void, _ read: (inout RowReader) throws -> T) throws -> [T] {
        try start(bind)
        defer { sqlite3_reset(statement.sqliteStatement) }
        var list: [T] = []
        while try step() {
            var row = RowReader(statement.sqliteStatement)
            list.append(try read(&row))
        }
        return list
    }

    /// All marks are bound anew each time: every statement's values are written by one function.
    private func start(_ bind: (inout ValueWriter) -> Void) throws {
        var values = ValueWriter(statement.sqliteStatement)
        bind(&values)
        assert(values.count == sqlite3_bind_parameter_count(statement.sqliteStatement), "values for \(statement.sql)")
        guard values.failure == SQLITE_OK else { throw error(values.failure) }
    }

    /// Whether there is a row.
    private func step() throws -> Bool {
        switch sqlite3_step(statement.sqliteStatement) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        case let code: throw error(code)
        }
    }

    private func error(_ code: CInt) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage, sql: statement.sql)
    }
}

extension Database {
    /// Inserts all `rows`, many with one statement: to open and close a table with its indexes costs as much as a row.
    /// `head` is the statement up to VALUES, which `write` writes for one row in `columns` columns.
    func insert<Row>(
        _ rows: [Row], _ head: String, columns: Int, _ write: (Row, inout ValueWriter) -> Void
    ) throws {
        let most = 16
        let marks = "(" + [String](repeating: "?", count: columns).joined(separator: ", ") + ")"
        let many = [String](repeating: marks, count: most).joined(separator: ", ")
        let inserts = (
            one: try PreparedStatement(head + marks, in: self), many: try PreparedStatement(head + many, in: self)
        )
        var next = 0
        while next < rows.count {
            let count = rows.count - next < most ? 1 : most
            try (count == 1 ? inserts.one : inserts.many).run { values in
                for row in rows[next..<next + count] { write(row, &values) }
            }
            next += count
        }
    }

    @discardableResult
    func run(_ sql: String, _ bind: (inout ValueWriter) -> Void = { _ in }) throws -> Int {
        try PreparedStatement(sql, in: self).run(bind)
    }

    func first<T>(
        _ sql: String, _ bind: (inout ValueWriter) -> Void = { _ in }, _ read: (inout RowReader) throws -> T
    ) throws -> T? {
        try PreparedStatement(sql, in: self).first(bind, read)
    }

    func all<T>(
        _ sql: String, _ bind: (inout ValueWriter) -> Void = { _ in }, _ read: (inout RowReader) throws -> T
    ) throws -> [T] {
        try PreparedStatement(sql, in: self).all(bind, read)
    }
}
