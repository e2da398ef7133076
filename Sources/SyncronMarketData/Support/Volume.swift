import SyncronCore

/// A sum of quantities, in steps of its market: wider than `Steps`, because a sum of many orders exceeds 64 bits.
///
/// Sums of volumes and of notionals wrap around at 2^127 and never trap: a view must not stop the exchange.
/// Neither is ever reached by assets that keep within `Limits.assetSupply`.
public struct Volume: Hashable, Comparable, Sendable {
    public var raw: Int128
    public init(_ raw: Int128) { self.raw = raw }
    public init(_ quantity: Steps) { raw = Int128(quantity.raw) }
    public static func < (a: Volume, b: Volume) -> Bool { a.raw < b.raw }
    public static let zero = Volume(0)

    @inline(__always)
    mutating func add(_ other: Volume) { raw &+= other.raw }
}

extension Volume: Coded {
    public func encode(into writer: inout ByteWriter) { writer.append(raw) }
    public init(from reader: inout ByteReader) throws(CodingFailure) { raw = try reader.read(Int128.self) }
}

extension Units {
    @inline(__always)
    mutating func addWrapping(_ other: Units) { raw &+= other.raw }
}
