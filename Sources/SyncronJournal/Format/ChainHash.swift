import Crypto
import SyncronCore

/// The SHA-256 of a batch. As each batch holds the hash of the one before it, it stands for all of the past.
public struct ChainHash: Hashable, Sendable, CustomStringConvertible {
    public static let size = 32
    /// What stands before the first batch of a journal.
    public static let none = ChainHash(words: (0, 0, 0, 0))

    private var words: (UInt64, UInt64, UInt64, UInt64)

    private init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// The hash of `bytes`.
    public init(of bytes: UnsafeRawBufferPointer) {
        var sha = SHA256()
        sha.update(bufferPointer: bytes)
        self = sha.finalize().withUnsafeBytes { ChainHash(copying: $0) }
    }

    /// The hash that these 32 bytes are.
    public init(copying bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == Self.size)
        func word(_ index: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        self.init(words: (word(0), word(1), word(2), word(3)))
    }

    public static func == (a: ChainHash, b: ChainHash) -> Bool { a.words == b.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }

    /// Sixty-four lowercase hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef")
        var text = ""
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 0, to: 64, by: 8) {
                let byte = Int((word >> UInt64(shift)) & 0xFF)
                text.append(digits[byte >> 4])
                text.append(digits[byte & 15])
            }
        }
        return text
    }
}

extension ChainHash: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.append(words.0)
        writer.append(words.1)
        writer.append(words.2)
        writer.append(words.3)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(copying: try reader.readBytes(Self.size))
    }
}

/// A place in the journal from which it can be followed: the last command of a batch, and that batch.
public struct ChainAnchor: Hashable, Sendable {
    public var sequence: Sequence
    public var time: Timestamp
    /// The hash of the batch that ends with `sequence`.
    public var hash: ChainHash

    public init(sequence: Sequence, time: Timestamp, hash: ChainHash) {
        self.sequence = sequence
        self.time = time
        self.hash = hash
    }

    /// Before the first command.
    public static let start = ChainAnchor(sequence: Sequence(0), time: .zero, hash: .none)
}
