/// Where a withdrawal stands. Each but the first is final.
public enum WithdrawalStatus: UInt8, Sendable, Hashable {
    case pending, success, failed
}

/// Money on its way out.
public struct Withdrawal: Sendable, Hashable {
    public var id: WithdrawalID
    public var account: AccountID
    public var asset: AssetID
    public var network: String
    /// What arrives, in the asset's units.
    public var amount: Units
    /// The network's fee when it was asked for, on top of `amount`.
    public var fee: Units
    public var address: String
    /// Empty until it is sent.
    public var txID: String
    public var status: WithdrawalStatus
    /// The client's own name for it; empty for none.
    public var clientID: String
    /// Why it failed; empty unless it did.
    public var reason: String
    public var appliedAt: Timestamp
    public var completedAt: Timestamp?

    public init(
        id: WithdrawalID, account: AccountID, asset: AssetID, network: String, amount: Units, fee: Units,
        address: String, txID: String, status: WithdrawalStatus, clientID: String, reason: String,
        appliedAt: Timestamp, completedAt: Timestamp?
    ) {
        self.id = id
        self.account = account
        self.asset = asset
        self.network = network
        self.amount = amount
        self.fee = fee
        self.address = address
        self.txID = txID
        self.status = status
        self.clientID = clientID
        self.reason = reason
        self.appliedAt = appliedAt
        self.completedAt = completedAt
    }

    /// What is held for it while it is pending.
    public var total: Units { amount + fee }
}

/// A withdrawal as it stands after a command, and what the command took out of the account.
public struct WithdrawalRecord: Sendable, Hashable {
    public var withdrawal: Withdrawal
    /// Amount and fee when the withdrawal became a success by this command; otherwise zero.
    public var debited: Units

    public init(withdrawal: Withdrawal, debited: Units) {
        self.withdrawal = withdrawal
        self.debited = debited
    }
}

/// Asked for again with the same `clientID` and contents, it answers with the withdrawal as it stands.
public struct RequestWithdrawal: Sendable, Hashable {
    public var account: AccountID
    public var asset: AssetID
    public var network: String
    public var address: String
    public var amount: Units
    /// Empty for none.
    public var clientID: String

    public init(
        account: AccountID, asset: AssetID, network: String, address: String, amount: Units, clientID: String = ""
    ) {
        self.account = account
        self.asset = asset
        self.network = network
        self.address = address
        self.amount = amount
        self.clientID = clientID
    }
}

/// The owner takes back a withdrawal that is still pending.
public struct CancelWithdrawal: Sendable, Hashable {
    public var account: AccountID
    public var withdrawal: WithdrawalID

    public init(account: AccountID, withdrawal: WithdrawalID) {
        self.account = account
        self.withdrawal = withdrawal
    }
}

/// The custodian has sent it. Reported again with the same `txID`, it changes nothing.
public struct SettleWithdrawal: Sendable, Hashable {
    public var withdrawal: WithdrawalID
    public var txID: String

    public init(withdrawal: WithdrawalID, txID: String) {
        self.withdrawal = withdrawal
        self.txID = txID
    }
}

/// The custodian cannot send it. Reported again, it changes nothing.
public struct FailWithdrawal: Sendable, Hashable {
    public var withdrawal: WithdrawalID
    public var reason: String

    public init(withdrawal: WithdrawalID, reason: String) {
        self.withdrawal = withdrawal
        self.reason = reason
    }
}
