import SyncronCore

/// Makes the bytes of one batch at a time, in memory that is used again.
struct BatchEncoder: ~Copyable {
    private var writer = ByteWriter(capacity: 1 << 16)

    var length: Int { writer.count }

    func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try writer.withBytes(body)
    }

    /// Encodes as many of `commands` as fit in `limit` bytes and returns how many these are, at least 1.
    mutating func encode(
        _ commands: Span<Command>, first: Sequence, time: Timestamp, previous: ChainHash, rules: UInt32, limit: Int
    ) throws(JournalFailure) -> Int {
        writer.clear()
        BatchHeader.begin(in: &writer, rules: rules, first: first, time: time, previous: previous)
        var count = 0
        while count < commands.count {
            let start = writer.count
            let length = BatchRecords.append(commands[count], to: &writer)
            // Up to 7 bytes of padding come before the end mark.
            if writer.count + 7 + BatchHeader.endMarkSize > limit || length >= BatchRecords.lengthLimit {
                guard count > 0 else {
                    throw .tooLarge(bytes: length, limit: min(limit - BatchHeader.overhead, BatchRecords.lengthLimit))
                }
                writer.truncate(to: start)
                break
            }
            count += 1
        }
        BatchRecords.finish(in: &writer)
        BatchHeader.finish(in: &writer, count: count)
        return count
    }
}
