import CSyncron
import SyncronCore

// THE JOURNAL ON DISK
//
// `DATA/journal/` holds segments. A segment is a file filled with zeros in advance (64 MiB by default) and named by
// the sequence of its first command in twenty digits, so that names sort as their commands do:
// `00000000000000000001.journal`. From its first byte on it holds batches, one behind the other; behind the last
// one it is zero. A batch never spans two segments. The file `spare` is the next segment, zero-filled already;
// `unfinished` is one in the making.
//
// A batch is what was made durable by one sync. All integers are little-endian.
//
//      0   8  "SYNCRON1"
//      8   4  CRC-32C of bytes 12 to 71
//     12   4  length of the batch in bytes, header and end mark included: a multiple of 8
//     16   4  number of commands, at least 1
//     20   4  version of the rules that the commands were accepted by
//     24   8  sequence of the first command; the others follow without gaps
//     32   8  time of the commands in milliseconds since 1970; never before that of the previous batch
//     40  32  SHA-256 of the whole previous batch, zero for the first batch of all: the chain
//     72      the records, one for each command (see `BatchRecords`)
//             0 to 7 zero bytes, up to a multiple of 8
//     -8   8  "BATCHEND": the end mark
//
// Which damage is which
//
// A power cut while a batch is written leaves some of its sectors (512 bytes) as they were: zero. So a batch is
// TORN if the part of it in some sector is all zero, or if its end mark is missing, that is if its last byte is
// zero. Nobody was told of its commands, and it can be cut. Only the last batch can be torn, because a batch is
// written only once the one before it is synced; and only behind it can there be nothing. Everything else that
// does not match is DAMAGE: a checksum, a sequence, the chain, or a torn batch with a whole one behind it.
//
// For that to hold no batch may contain a part of a sector that is zero by rights. Batches start and end at
// multiples of 8, and the eight bytes at either end have no zero byte. In between, 512 bytes in a row always
// contain the first byte of a record's payload, which is a command's tag and never zero, or one of the 0xFF bytes
// that `BatchRecords` puts into long records.
//
// A single flipped bit is always found. In the header and in payloads the CRC finds it; a record's length carries a
// check byte; the magic, the padding and the end mark are compared. It cannot make a batch look torn either: every
// part of a sector has at least two bits set, and so has the last byte.

/// The first 72 bytes of a batch.
struct BatchHeader: Hashable, Sendable {
    static let size = 72
    /// Bytes of a batch that are not records or padding.
    static let overhead = size + endMarkSize
    static let endMarkSize = 8
    /// "SYNCRON1" and "BATCHEND", as they are read from a little-endian machine.
    static let magic: UInt64 = 0x314E_4F52_434E_5953
    static let endMark: UInt64 = 0x444E_4548_4354_4142
    /// No length field can honestly say more.
    static let lengthLimit = 1 << 30

    var length: Int
    var count: Int
    var rules: UInt32
    var first: Sequence
    var time: Timestamp
    var previous: ChainHash

    var last: Sequence { Sequence(first.raw + UInt64(count) - 1) }

    enum Reading {
        /// Nothing was written here.
        case blank
        case good(BatchHeader)
        case broken
    }

    /// What the 72 bytes at the place of a header are.
    static func read(_ bytes: UnsafeRawBufferPointer) -> Reading {
        precondition(bytes.count == size)
        let magic = bytes.load(UInt64.self, at: 0)
        if magic == 0 && bytes.isZero { return .blank }
        guard magic == Self.magic,
            bytes.load(UInt32.self, at: 8) == crc32c(UnsafeRawBufferPointer(rebasing: bytes[12...]))
        else { return .broken }
        let header = BatchHeader(
            length: Int(bytes.load(UInt32.self, at: 12)), count: Int(bytes.load(UInt32.self, at: 16)),
            rules: bytes.load(UInt32.self, at: 20), first: Sequence(bytes.load(UInt64.self, at: 24)),
            time: Timestamp(milliseconds: bytes.load(Int64.self, at: 32)),
            previous: ChainHash(copying: UnsafeRawBufferPointer(rebasing: bytes[40...])))
        return header.isPlausible ? .good(header) : .broken
    }

    /// Writes a header whose checksum, length and count are still zero.
    static func begin(
        in writer: inout ByteWriter, rules: UInt32, first: Sequence, time: Timestamp, previous: ChainHash
    ) {
        writer.append(magic)
        writer.append(UInt32(0))
        writer.append(UInt64(0))
        writer.encode(rules)
        writer.encode(first)
        writer.encode(time)
        writer.encode(previous)
    }

    /// Fills in what is known only at the end of the batch, which is all that `writer` holds.
    static func finish(in writer: inout ByteWriter, count: Int) {
        writer.overwrite(UInt32(writer.count), at: 12)
        writer.overwrite(UInt32(count), at: 16)
        let checksum = writer.withBytes { crc32c(UnsafeRawBufferPointer(rebasing: $0[12..<size])) }
        writer.overwrite(checksum, at: 8)
    }

    private var isPlausible: Bool {
        let leastLength = Self.overhead + count * (BatchRecords.headerSize + 1)
        return count > 0 && length >= leastLength && length <= Self.lengthLimit && length % 8 == 0
            && first.raw > 0 && first.raw <= UInt64.max - UInt64(count)
    }
}

/// The CRC-32C of `bytes`.
@inline(__always)
func crc32c(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let start = bytes.baseAddress else { return 0 }
    return syncron_crc32c(0, start, bytes.count)
}

extension UnsafeRawBufferPointer {
    /// The little-endian integer at `offset`.
    @inline(__always)
    func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T {
        T(littleEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}
