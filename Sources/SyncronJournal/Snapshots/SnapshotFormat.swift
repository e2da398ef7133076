import Crypto
import SyncronCore

// A SNAPSHOT ON DISK
//
// `DATA/snapshots/` holds snapshots, named by the last command that they contain in twenty digits:
// `00000000000000010000.snapshot`. `unfinished` is one in the making. All integers are little-endian.
//
//      0   8  "SYNCSNAP"
//      8   4  CRC-32C of bytes 12 to 71
//     12   4  version of the rules
//     16   8  sequence of the last command
//     24   8  its time in milliseconds since 1970
//     32   8  digest of the engine's state
//     40  32  SHA-256 of the journal's batch that ends with that command
//     72      sections, each of
//                  1  length of the name, at least 1
//                     the name, UTF-8
//                  8  length of the contents
//                  4  CRC-32C of the contents
//                     the contents
//             1  zero: no more sections
//            32  SHA-256 of everything before
enum SnapshotFormat {
    static let headerSize = 72
    /// "SYNCSNAP", as it is read from a little-endian machine.
    static let magic: UInt64 = 0x5041_4E53_434E_5953

    static func write(_ info: SnapshotInfo, to writer: inout ByteWriter) {
        precondition(writer.count == 0)
        writer.append(magic)
        writer.append(UInt32(0))
        writer.encode(info.rules)
        writer.encode(info.sequence)
        writer.encode(info.time)
        writer.encode(info.digest)
        writer.encode(info.chain)
        writer.overwrite(writer.withBytes { crc32c(UnsafeRawBufferPointer(rebasing: $0[12...])) }, at: 8)
    }

    /// The info in the first bytes of a file; nil when they are not what was written.
    static func info(in bytes: UnsafeRawBufferPointer) -> SnapshotInfo? {
        guard bytes.count >= headerSize else { return nil }
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<headerSize]))
        do throws(CodingFailure) {
            guard try reader.read(UInt64.self) == magic else { return nil }
            let checksum = try reader.read(UInt32.self)
            guard checksum == crc32c(UnsafeRawBufferPointer(rebasing: bytes[12..<headerSize])) else { return nil }
            let rules = try reader.read(UInt32.self)
            return SnapshotInfo(
                sequence: try reader.decode(), time: try reader.decode(), digest: try reader.decode(),
                chain: try reader.decode(), rules: rules)
        } catch {
            return nil
        }
    }

    static func writeSection(
        _ name: String, _ contents: UnsafeRawBufferPointer, to writer: inout ByteWriter
    ) {
        let text = Array(name.utf8)
        precondition(!text.isEmpty && text.count < 256)
        writer.append(UInt8(text.count))
        writer.append(bytes: text)
        writer.append(UInt64(contents.count))
        writer.append(crc32c(contents))
    }

    /// What is wrong with the bytes of a file, and where.
    struct Fault: Error {
        var offset: Int
        var what: String
    }

    /// The sections of a whole file, verified.
    static func sections(in bytes: UnsafeRawBufferPointer) throws(Fault) -> [(name: String, range: Range<Int>)] {
        let end = bytes.count - ChainHash.size
        guard end > headerSize else { throw Fault(offset: bytes.count, what: "the file ends early") }
        let hash = ChainHash(copying: UnsafeRawBufferPointer(rebasing: bytes[end...]))
        guard ChainHash(of: UnsafeRawBufferPointer(rebasing: bytes[..<end])) == hash else {
            throw firstFault(in: bytes, end: end)
        }
        return try readSections(in: bytes, end: end)
    }

    /// Names the section in which the damage lies, if the checksums can tell.
    private static func firstFault(in bytes: UnsafeRawBufferPointer, end: Int) -> Fault {
        do throws(Fault) {
            _ = try readSections(in: bytes, end: end)
            return Fault(offset: 0, what: "the file does not match its hash")
        } catch {
            return error
        }
    }

    private static func readSections(
        in bytes: UnsafeRawBufferPointer, end: Int
    ) throws(Fault) -> [(name: String, range: Range<Int>)] {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        var sections: [(name: String, range: Range<Int>)] = []
        var offset = headerSize
        do throws(CodingFailure) {
            _ = try reader.readBytes(headerSize)
            while true {
                offset = reader.offset
                let nameLength = Int(try reader.read(UInt8.self))
                if nameLength == 0 { break }
                let name = String(decoding: try reader.readBytes(nameLength), as: UTF8.self)
                let length = Int(clamping: try reader.read(UInt64.self))
                let checksum = try reader.read(UInt32.self)
                let start = reader.offset
                guard crc32c(try reader.readBytes(length)) == checksum else {
                    throw CodingFailure("section \(name) does not match its checksum")
                }
                sections.append((name, start..<start + length))
            }
        } catch {
            throw Fault(offset: offset, what: error.what)
        }
        guard reader.isAtEnd else { throw Fault(offset: reader.offset, what: "bytes behind the last section") }
        return sections
    }
}
