import SyncronCore

/// The records of a batch. A record is
///
///      0   3  length of the payload in bytes
///      3   1  check: the three bytes of the length and 0xA5, combined by exclusive or
///      4   4  CRC-32C of the payload
///      8      the payload: the command as `Command.encode` writes it
///
/// A command of more than 504 bytes is stored with a byte 0xFF behind each 255 bytes of it, so that no sector is
/// zero by rights; length and checksum are those of the stored bytes.
enum BatchRecords {
    static let headerSize = 8
    /// The most bytes that a command has without guards.
    static let longestPlain = 504
    static let lengthLimit = 1 << 24
    private static let run = 255
    private static let guardByte: UInt8 = 0xFF

    /// What is wrong with a batch: where, counted from its start, and with which of its commands.
    struct Fault {
        var offset: Int
        var index: Int
        var what: String
    }

    /// Appends `command` and returns the length of its payload.
    static func append(_ command: borrowing Command, to writer: inout ByteWriter) -> Int {
        let start = writer.count
        writer.append(UInt64(0))
        command.encode(into: &writer)
        let payload = start + headerSize
        if writer.count - payload > longestPlain { addGuards(from: payload, in: &writer) }
        let length = writer.count - payload
        let checksum = writer.withBytes { crc32c(UnsafeRawBufferPointer(rebasing: $0[payload...])) }
        writer.overwrite(word(forLength: length), at: start)
        writer.overwrite(checksum, at: start + 4)
        return length
    }

    /// Appends what stands behind the last record.
    static func finish(in writer: inout ByteWriter) {
        while writer.count % 8 != 0 { writer.append(UInt8(0)) }
        writer.append(BatchHeader.endMark)
    }

    /// What is wrong with the records, the padding and the end mark of the whole batch `bytes`; nil if nothing is.
    static func fault(in bytes: UnsafeRawBufferPointer, count: Int) -> Fault? {
        let end = bytes.count - BatchHeader.endMarkSize
        var offset = BatchHeader.size
        for index in 0..<count {
            guard let payload = payload(in: bytes, at: offset, end: end) else {
                return Fault(offset: offset, index: index, what: "a record does not match its checksum")
            }
            offset += headerSize + payload.count
        }
        guard end - offset < 8, UnsafeRawBufferPointer(rebasing: bytes[offset..<end]).isZero else {
            return Fault(offset: offset, index: count - 1, what: "the records do not fill their batch")
        }
        guard bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self).littleEndian == BatchHeader.endMark else {
            return Fault(offset: end, index: count - 1, what: "the end mark of the batch is not what it should be")
        }
        return nil
    }

    /// The payloads of the batch `bytes` in order. To be called when `fault` found none.
    @inline(__always)
    static func forEach(
        in bytes: UnsafeRawBufferPointer, count: Int, _ body: (_ index: Int, UnsafeRawBufferPointer) -> Void
    ) {
        var offset = BatchHeader.size
        for index in 0..<count {
            let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            let start = offset + headerSize
            offset = start + Int(word & 0xFF_FFFF)
            body(index, UnsafeRawBufferPointer(rebasing: bytes[start..<offset]))
        }
    }

    /// The command in a payload that `fault` found good.
    static func command(in payload: UnsafeRawBufferPointer) throws(CodingFailure) -> Command {
        try payload.count > longestPlain ? guardedCommand(in: payload) : plainCommand(in: payload)
    }

    private static func plainCommand(in payload: UnsafeRawBufferPointer) throws(CodingFailure) -> Command {
        var reader = ByteReader(payload)
        let command = try Command(from: &reader)
        guard reader.isAtEnd else { throw CodingFailure("a record longer than its command") }
        return command
    }

    /// Finds out how long a batch is, and how many commands it has, from its records alone. Nil unless all of them
    /// and the end mark are good.
    static func measure(_ bytes: UnsafeRawBufferPointer) -> (length: Int, count: Int)? {
        var offset = BatchHeader.size
        var count = 0
        while true {
            let end = (offset + 7) & ~7
            guard end + BatchHeader.endMarkSize <= bytes.count else { return nil }
            if count > 0, UnsafeRawBufferPointer(rebasing: bytes[offset..<end]).isZero,
                bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self).littleEndian == BatchHeader.endMark
            {
                return (end + BatchHeader.endMarkSize, count)
            }
            guard let payload = payload(in: bytes, at: offset, end: bytes.count) else { return nil }
            offset += headerSize + payload.count
            count += 1
        }
    }

    @inline(__always)
    private static func payload(
        in bytes: UnsafeRawBufferPointer, at offset: Int, end: Int
    ) -> UnsafeRawBufferPointer? {
        guard end - offset >= headerSize else { return nil }
        let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        let length = Int(word & 0xFF_FFFF)
        guard length > 0, word == Self.word(forLength: length), end - offset - headerSize >= length else { return nil }
        let start = offset + headerSize
        let payload = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        return crc32c(payload) == checksum ? payload : nil
    }

    @inline(__always)
    private static func word(forLength length: Int) -> UInt32 {
        let low = UInt32(truncatingIfNeeded: length) & 0xFF_FFFF
        return low | ((low ^ (low >> 8) ^ (low >> 16) ^ 0xA5) & 0xFF) << 24
    }

    private static func addGuards(from start: Int, in writer: inout ByteWriter) {
        let plain = writer.withBytes { Array($0[start...]) }
        writer.truncate(to: start)
        for first in stride(from: 0, to: plain.count, by: run) {
            let end = min(first + run, plain.count)
            plain.withUnsafeBytes { writer.append(bytes: UnsafeRawBufferPointer(rebasing: $0[first..<end])) }
            if end - first == run { writer.append(guardByte) }
        }
    }

    private static func guardedCommand(in payload: UnsafeRawBufferPointer) throws(CodingFailure) -> Command {
        var plain: [UInt8] = []
        plain.reserveCapacity(payload.count)
        for (index, byte) in payload.enumerated() {
            if index % (run + 1) < run {
                plain.append(byte)
            } else if byte != guardByte {
                throw CodingFailure("\(byte) in place of a guard")
            }
        }
        return try plain.span.bytes.withUnsafeBytes { (bytes) throws(CodingFailure) in try plainCommand(in: bytes) }
    }
}
