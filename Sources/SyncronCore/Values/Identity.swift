/// A number that names one kind of thing and nothing else.
public protocol Identity: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    associatedtype Raw: FixedWidthInteger & UnsignedInteger & Sendable & BitwiseCopyable
    var raw: Raw { get }
    init(_ raw: Raw)
}

extension Identity {
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
    public var description: String { String(raw) }
    @inlinable var index: Int { Int(truncatingIfNeeded: raw) }
}

/// An account, counted from 1 in order of opening. 0 names no account.
public struct AccountID: Identity {
    public let raw: UInt32
    @inlinable public init(_ raw: UInt32) { self.raw = raw }
}

/// An asset, counted from 0 in order of definition.
public struct AssetID: Identity {
    public let raw: UInt16
    @inlinable public init(_ raw: UInt16) { self.raw = raw }
}

/// A market, counted from 0 in order of definition.
public struct MarketID: Identity {
    public let raw: UInt16
    @inlinable public init(_ raw: UInt16) { self.raw = raw }
}

/// An order, counted from 1 over all markets in order of acceptance.
public struct OrderID: Identity {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A trade, counted from 1 in its market, without gaps.
public struct TradeID: Identity {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A deposit, counted from 1.
public struct DepositID: Identity {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A withdrawal, counted from 1.
public struct WithdrawalID: Identity {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A movement of money inside the exchange on an account's demand, counted from 1.
public struct TransactionID: Identity {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
}

/// A command's place in the journal, counted from 1. 0 stands before the first command.
public struct Sequence: Identity {
    public let raw: UInt64
    @inlinable public init(_ raw: UInt64) { self.raw = raw }
    @inlinable public var next: Sequence { Sequence(raw + 1) }
}
