/// A client's own name for an order: 0 to 36 ASCII characters, kept in place so that an order costs no allocation.
/// The empty id names no order.
public struct ClientOrderID: Hashable, Sendable, BitwiseCopyable {
    public static let maximumLength = 36
    public static let none = ClientOrderID()

    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var tail: UInt32 = 0
    // Characters are never zero, so the length need not be kept.

    public init() {}

    /// Nil when there are more than 36 bytes, or one is zero.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= Self.maximumLength, !bytes.contains(0) else { return nil }
        withUnsafeMutableBytes(of: &self) { $0.copyMemory(from: bytes) }
    }

    public init?(_ bytes: some Collection<UInt8>) {
        guard let id = Array(bytes).withUnsafeBytes({ ClientOrderID($0) }) else { return nil }
        self = id
    }

    public init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ ClientOrderID(UnsafeRawBufferPointer($0)) }) else { return nil }
        self = id
    }

    public var length: Int {
        if tail != 0 { return 36 - tail.leadingZeroBitCount / 8 }
        if words.3 != 0 { return 32 - words.3.leadingZeroBitCount / 8 }
        if words.2 != 0 { return 24 - words.2.leadingZeroBitCount / 8 }
        return words.1 != 0 ? 16 - words.1.leadingZeroBitCount / 8 : 8 - words.0.leadingZeroBitCount / 8
    }

    public var isEmpty: Bool { words.0 == 0 }

    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        withUnsafeBytes(of: self) { body(UnsafeRawBufferPointer(rebasing: $0.prefix(length))) }
    }

    public var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

    @inlinable public static func == (a: ClientOrderID, b: ClientOrderID) -> Bool { a.isSame(as: b) }

    @usableFromInline func isSame(as other: ClientOrderID) -> Bool {
        words == other.words && tail == other.tail
    }

    public func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: $0) } }

    /// Mixed with whose and which wallet's order it names, the same on every run and machine.
    func digest(of account: AccountID, _ wallet: Wallet) -> UInt64 {
        var h = mix(UInt64(account.raw) << 8 | UInt64(wallet.rawValue), 0x9E37_79B9_7F4A_7C15)
        h = mix(h ^ words.0, 0xC2B2_AE3D_27D4_EB4F ^ words.1)
        h = mix(h ^ words.2, 0x1656_67B1_9E37_79F9 ^ words.3)
        return mix(h ^ UInt64(tail), 0x27D4_EB2F_1656_67C5)
    }

    /// Where a slot map looks for it.
    func tag(of account: AccountID, _ wallet: Wallet) -> UInt32 {
        UInt32(truncatingIfNeeded: digest(of: account, wallet) >> 32)
    }
}
