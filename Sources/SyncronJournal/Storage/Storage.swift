/// The two parts of a data directory that this module keeps.
public enum StorageFolder: String, Sendable, CaseIterable {
    case journal, snapshots
}

/// The seam between the journal and the disk: named files of bytes in two folders. A simulated disk stands in for
/// the real one in tests; a replicated log can too.
///
/// What a call reports as done is in the hands of the operating system; what was synced survives a power cut. Names
/// survive once `syncNames` has returned.
public protocol Storage: Sendable {
    /// The names of the files in `folder`, sorted. Empty when there is no such folder.
    func names(in folder: StorageFolder) throws(JournalFailure) -> [String]

    /// Opens a file that is there, for reading only.
    func openForReading(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile

    /// Opens a file that is there, for reading and writing.
    func openForWriting(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile

    /// Makes an empty file, in place of one of that name.
    func create(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile

    /// Gives a file another name, in place of a file of that name. An open file stays open.
    func rename(_ name: String, to other: String, in folder: StorageFolder) throws(JournalFailure)

    func remove(_ name: String, in folder: StorageFolder) throws(JournalFailure)

    /// Makes durable which names `folder` has.
    func syncNames(in folder: StorageFolder) throws(JournalFailure)

    /// Claims the directory for one writer, until the lock is let go. Throws `.locked` when it is taken.
    func lock() throws(JournalFailure) -> any StorageLock
}

/// The right to write a data directory, held as long as the object lives.
public protocol StorageLock: AnyObject, Sendable {}

/// An open file. Not to be written by two at a time.
public protocol StorageFile: AnyObject, Sendable {
    /// In bytes, at this moment.
    func size() throws(JournalFailure) -> Int

    /// Fills `buffer` from `offset` on and returns how many bytes there were: fewer only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(JournalFailure) -> Int

    /// Writes all of `bytes` at `offset`. After a failure some of them may have been written.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(JournalFailure)

    /// Makes the file `length` bytes long, all zero, with its space on the disk taken.
    /// Throws `.noSpace` when there is not enough.
    func fillWithZeros(upTo length: Int) throws(JournalFailure)

    /// Returns once everything written is durable. After a failure nothing is known of it, nor will be by trying
    /// again.
    func sync() throws(JournalFailure)
}
