/// How a person gets in: an email and a password of which only a hash is known here, and a second factor.
public struct Login: Sendable, Hashable {
    public var account: AccountID
    /// In lower case; no two logins have the same.
    public var email: String
    /// As the gateway made it, with its salt and its cost.
    public var passwordHash: String
    /// The secret of one-time codes, encrypted: the core cannot read it. Nil while there is no second factor.
    public var secondFactor: [UInt8]?

    public init(account: AccountID, email: String, passwordHash: String, secondFactor: [UInt8]?) {
        self.account = account
        self.email = email
        self.passwordHash = passwordHash
        self.secondFactor = secondFactor
    }
}

/// Opens an account for someone who logs in with an email and a password.
public struct RegisterLogin: Sendable, Hashable {
    public var email: String
    public var passwordHash: String

    public init(email: String, passwordHash: String) {
        self.email = email
        self.passwordHash = passwordHash
    }
}

/// Nil takes the second factor away.
public struct SetSecondFactor: Sendable, Hashable {
    public var account: AccountID
    public var secret: [UInt8]?

    public init(account: AccountID, secret: [UInt8]?) {
        self.account = account
        self.secret = secret
    }
}

/// Another password for a login that there is.
public struct SetPassword: Sendable, Hashable {
    public var account: AccountID
    public var passwordHash: String

    public init(account: AccountID, passwordHash: String) {
        self.account = account
        self.passwordHash = passwordHash
    }
}

/// What is nil stays as it is.
public struct ChangeAPIKey: Sendable, Hashable {
    public var account: AccountID
    public var key: String
    public var name: String?
    public var permissions: Permissions?
    public var ipRestrictions: [String]?
    /// `.zero` takes the expiry off.
    public var expiresAt: Timestamp?
    /// The same secret, sealed anew.
    public var credential: Credential?

    public init(
        account: AccountID, key: String, name: String? = nil, permissions: Permissions? = nil,
        ipRestrictions: [String]? = nil, expiresAt: Timestamp? = nil, credential: Credential? = nil
    ) {
        self.account = account
        self.key = key
        self.name = name
        self.permissions = permissions
        self.ipRestrictions = ipRestrictions
        self.expiresAt = expiresAt
        self.credential = credential
    }
}
