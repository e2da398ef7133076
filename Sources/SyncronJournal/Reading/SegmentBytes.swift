import SyncronCore

/// A segment file as it is read: through a window that moves over it. Behind the end of the file all is zero.
struct SegmentBytes: ~Copyable {
    let first: Sequence
    /// Relative to the data directory.
    let name: String
    private let file: any StorageFile
    private var window: UnsafeMutableRawBufferPointer
    /// What part of the file the window shows.
    private var start = 0
    private var count = 0
    private static let leastWindow = 1 << 20

    init(first: Sequence, in storage: any Storage) throws(JournalFailure) {
        let name = FileName.segment(first: first)
        let file = try storage.openForReading(name, in: .journal)
        let size = try file.size()
        self.first = first
        self.name = "\(StorageFolder.journal.rawValue)/\(name)"
        self.file = file
        window = .allocate(byteCount: min(Self.leastWindow, max(size, 4_096)), alignment: 16)
    }

    deinit { window.deallocate() }

    func size() throws(JournalFailure) -> Int { try file.size() }

    /// `length` bytes from `offset` on. They are good until the next call of anything here.
    @inline(__always)
    mutating func bytes(at offset: Int, count length: Int) throws(JournalFailure) -> UnsafeRawBufferPointer {
        if offset < start || offset + length > start + count { try show(offset, length) }
        return UnsafeRawBufferPointer(rebasing: window[offset - start..<offset - start + length])
    }

    /// Makes the next look go to the disk.
    mutating func forget() { count = 0 }

    /// The last byte that is not zero, from `offset` on. Nil when nothing was written there.
    mutating func lastNonZero(from offset: Int) throws(JournalFailure) -> Int? {
        var end = try file.size()
        while end > offset {
            let begin = max(offset, end - Self.leastWindow)
            if let last = try bytes(at: begin, count: end - begin).lastNonZero { return begin + last }
            end = begin
        }
        return nil
    }

    private mutating func show(_ offset: Int, _ length: Int) throws(JournalFailure) {
        if length > window.count {
            window.deallocate()
            window = .allocate(byteCount: length, alignment: 16)
        }
        start = offset
        count = 0
        let there = try file.read(into: window, at: offset)
        if there < length {
            UnsafeMutableRawBufferPointer(rebasing: window[there..<length]).initializeMemory(
                as: UInt8.self, repeating: 0)
        }
        count = max(there, length)
    }
}
