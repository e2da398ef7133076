import Foundation
import GRDB
import SyncronCore
import Testing

@testable import SyncronHistory

@Suite("Opening the file")
struct OpeningTests {
    @Test("a file that is no database is refused as damaged and left as it is")
    func noDatabase() throws {
        let temporary = try TemporaryStore()
        let path = temporary.directory.appendingPathComponent("other.sqlite").path
        let text = String(repeating: "not a database. ", count: 400)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let failure = #expect(throws: HistoryFailure.self) { try HistoryStore(path: path) }
        guard case .damaged(path, _) = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
        #expect(failure?.isRetryable == false)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test("a file of a later release is refused")
    func newer() throws {
        let temporary = try TemporaryStore()
        try temporary.store.pool.write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 something new')")
        }
        try temporary.store.close()
        #expect(throws: HistoryFailure.newer(path: temporary.path)) { try HistoryStore(path: temporary.path) }
    }

    @Test("a directory that does not exist is named")
    func noDirectory() throws {
        let failure = #expect(throws: HistoryFailure.self) { try HistoryStore(path: "/nonexistent/history.sqlite") }
        #expect("\(failure.map { "\($0)" } ?? "")".contains("/nonexistent/history.sqlite"))
    }

    @Test("the file is in WAL mode, synced at checkpoints, and can give space back")
    func modes() throws {
        let temporary = try TemporaryStore()
        let modes = try temporary.store.pool.writeWithoutTransaction { database in
            try ["journal_mode", "synchronous", "auto_vacuum"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(modes == ["wal", "1", "2"])
    }

    @Test(
        "a row that this program never wrote is reported as damage, not read",
        arguments: [
            "UPDATE orders SET status = 77", "UPDATE orders SET side = -1", "UPDATE orders SET account = 4294967296",
            "UPDATE orders SET executed_notional = 1.5", "UPDATE orders SET particulars = x'0102'",
            "UPDATE orders SET client_id = '0123456789012345678901234567890123456'",
        ])
    func damagedRow(statement: String) throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply([entry(1, .orderAccepted(order(1)))])
        try temporary.store.pool.write { try $0.execute(sql: statement) }
        let failure = #expect(throws: HistoryFailure.self) { try temporary.store.read { try $0.order(OrderID(1)) } }
        guard case .damaged(temporary.path, _) = failure else {
            return #expect(Bool(false), "\(String(describing: failure))")
        }
    }

    @Test("a history that was closed refuses")
    func closed() throws {
        let temporary = try TemporaryStore()
        try temporary.store.close()
        #expect(throws: HistoryFailure.self) { try temporary.store.apply([entry(1)]) }
        #expect(throws: HistoryFailure.self) { try temporary.store.read { try $0.counts } }
    }

    @Test("a closed history is one file: the log is gone or empty")
    func oneFile() throws {
        let temporary = try TemporaryStore()
        try temporary.store.apply([entry(1, .orderAccepted(order(1)))])
        try temporary.store.close()
        let log = try? FileManager.default.attributesOfItem(atPath: temporary.path + "-wal")[.size] as? Int
        #expect((log ?? 0) == 0)
    }
}
