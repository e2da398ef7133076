import GRDBSQLite
import SyncronCore
import SyncronMarketData

/// Writes the values of a statement's marks from left to right. Everything is a whole number, text or bytes; nothing is
/// ever a floating-point number.
///
/// Amounts of 128 bits are an INTEGER when they fit its 64 bits, which nearly all do, and otherwise a BLOB of
/// 16 bytes, two's complement, most significant byte first.
struct ValueWriter {
    private let statement: OpaquePointer
    private(set) var count: CInt = 0
    /// The first code that was not SQLITE_OK.
    private(set) var failure = SQLITE_OK

    init(_ statement: OpaquePointer) { self.statement = statement }

    mutating func add(_ value: Int64) { note(sqlite3_bind_int64(statement, count + 1, value)) }

    mutating func addNull() { note(sqlite3_bind_null(statement, count + 1)) }

    mutating func add(text: String) {
        var text = text
        text.withUTF8 { add(text: UnsafeRawBufferPointer($0)) }
    }

    mutating func add(bytes: [UInt8]) { bytes.withUnsafeBytes { add(blob: $0) } }

    /// No limit, id or count reaches 2^63; what a caller asks for beyond it is nothing there is, and stays so.
    mutating func add(_ value: some BinaryInteger) { add(Int64(clamping: value)) }

    mutating func add(_ id: some Identity) { add(Int64(clamping: id.raw)) }
    mutating func add(_ price: Ticks) { add(price.raw) }
    mutating func add(_ quantity: Steps) { add(quantity.raw) }
    mutating func add(_ time: Timestamp) { add(time.milliseconds) }
    mutating func add(_ amount: Units) { add(amount: amount.raw) }
    mutating func add(_ volume: Volume) { add(amount: volume.raw) }

    mutating func add<T: RawRepresentable>(_ word: T) where T.RawValue == UInt8 { add(Int64(word.rawValue)) }

    mutating func add(_ time: Timestamp?) {
        if let time { add(time) } else { addNull() }
    }

    /// NULL for none, so that the index on it holds only those that are.
    mutating func add(_ id: ClientOrderID) {
        if id.isEmpty { addNull() } else { id.withBytes { add(text: $0) } }
    }

    /// To SQLite a negative limit would mean none.
    mutating func add(limit: Int) { add(max(0, limit)) }

    private mutating func add(amount: Int128) {
        if let small = Int64(exactly: amount) { return add(small) }
        withUnsafeBytes(of: amount.bigEndian) { add(blob: $0) }
    }

    private mutating func add(text: UnsafeRawBufferPointer) {
        let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
        note(start.map { sqlite3_bind_text(statement, count + 1, $0, CInt(text.count), copied) } ?? bindEmptyText())
    }

    /// Without an address SQLite takes text for NULL.
    private func bindEmptyText() -> CInt { sqlite3_bind_text(statement, count + 1, "", 0, copied) }

    private mutating func add(blob: UnsafeRawBufferPointer) {
        if let start = blob.baseAddress, blob.count > 0 {
            note(sqlite3_bind_blob(statement, count + 1, start, CInt(blob.count), copied))
        } else {
            note(sqlite3_bind_zeroblob(statement, count + 1, 0))
        }
    }

    private mutating func note(_ code: CInt) {
        count += 1
        if failure == SQLITE_OK { failure = code }
    }

    /// SQLITE_TRANSIENT: SQLite makes its own copy.
    private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
