/// Decides rate limits, and nothing else.
public enum AccountLevel: UInt8, Sendable, Hashable, CaseIterable {
    case standard, silver, gold, platinum, vip
}

/// Whose money and orders they are, and what its owner may do.
public struct Account: Sendable, Hashable {
    public var id: AccountID
    public var email: String?
    public var level: AccountLevel
    /// 0 to 4; decides commissions, and nothing else.
    public var commissionTier: UInt8
    /// Nil for the level's figure.
    public var requestsPerMinute: UInt32?
    /// Nil for the level's figure.
    public var ordersPerSecond: UInt32?
    /// 3 or 5.
    public var marginLeverage: UInt8
    public var canTrade: Bool
    public var canWithdraw: Bool
    /// Whether the account belongs to the sandbox: its unfilled orders are not kept.
    public var isSandbox: Bool
    public var createdAt: Timestamp

    public init(
        id: AccountID, email: String? = nil, level: AccountLevel = .standard, commissionTier: UInt8 = 0,
        requestsPerMinute: UInt32? = nil, ordersPerSecond: UInt32? = nil, marginLeverage: UInt8 = 3,
        canTrade: Bool = true, canWithdraw: Bool = true, isSandbox: Bool = false, createdAt: Timestamp = .zero
    ) {
        self.id = id
        self.email = email
        self.level = level
        self.commissionTier = commissionTier
        self.requestsPerMinute = requestsPerMinute
        self.ordersPerSecond = ordersPerSecond
        self.marginLeverage = marginLeverage
        self.canTrade = canTrade
        self.canWithdraw = canWithdraw
        self.isSandbox = isSandbox
        self.createdAt = createdAt
    }
}

/// What a key may be used for.
public struct Permissions: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let read = Permissions(rawValue: 1)
    public static let trade = Permissions(rawValue: 2)
    public static let withdraw = Permissions(rawValue: 4)
    public static let transfer = Permissions(rawValue: 8)
    public static let all: Permissions = [.read, .trade, .withdraw, .transfer]
}

/// How a key's signatures are checked.
public enum Credential: Sendable, Hashable {
    /// An HMAC secret, encrypted: the core cannot read it.
    case sealedSecret([UInt8])
    /// A raw public key of 32 bytes.
    case ed25519([UInt8])
}

/// A program's way in.
public struct APIKey: Sendable, Hashable {
    /// The public name of the key, as sent in `X-API-KEY`.
    public var key: String
    public var account: AccountID
    public var name: String
    public var permissions: Permissions
    /// Addresses or networks the key may be used from; empty for everywhere.
    public var ipRestrictions: [String]
    public var expiresAt: Timestamp?
    public var credential: Credential
    public var createdAt: Timestamp

    public init(
        key: String, account: AccountID, name: String, permissions: Permissions, ipRestrictions: [String],
        expiresAt: Timestamp?, credential: Credential, createdAt: Timestamp
    ) {
        self.key = key
        self.account = account
        self.name = name
        self.permissions = permissions
        self.ipRestrictions = ipRestrictions
        self.expiresAt = expiresAt
        self.credential = credential
        self.createdAt = createdAt
    }
}

/// A capability to read an account's user stream.
public struct ListenKey: Sendable, Hashable {
    public var key: String
    public var account: AccountID
    public var expiresAt: Timestamp

    public init(key: String, account: AccountID, expiresAt: Timestamp) {
        self.key = key
        self.account = account
        self.expiresAt = expiresAt
    }
}

public enum DepositStatus: UInt8, Sendable, Hashable {
    case pending, success, failed
}

/// Money seen arriving, as the custodian reports it.
public struct Deposit: Sendable, Hashable {
    public var id: DepositID
    public var account: AccountID
    public var asset: AssetID
    public var network: String
    public var amount: Units
    public var address: String
    public var txID: String
    public var status: DepositStatus
    public var confirmations: UInt32
    public var insertedAt: Timestamp
    public var completedAt: Timestamp?

    public init(
        id: DepositID, account: AccountID, asset: AssetID, network: String, amount: Units, address: String,
        txID: String, status: DepositStatus, confirmations: UInt32, insertedAt: Timestamp, completedAt: Timestamp?
    ) {
        self.id = id
        self.account = account
        self.asset = asset
        self.network = network
        self.amount = amount
        self.address = address
        self.txID = txID
        self.status = status
        self.confirmations = confirmations
        self.insertedAt = insertedAt
        self.completedAt = completedAt
    }
}
