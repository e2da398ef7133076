/// Money moved between two wallets of one account.
public struct Transfer: Sendable, Hashable {
    public var id: TransactionID
    public var account: AccountID
    public var asset: AssetID
    public var amount: Units
    public var from: Wallet
    public var to: Wallet
    public var time: Timestamp

    public init(
        id: TransactionID, account: AccountID, asset: AssetID, amount: Units, from: Wallet, to: Wallet,
        time: Timestamp
    ) {
        self.id = id
        self.account = account
        self.asset = asset
        self.amount = amount
        self.from = from
        self.to = to
        self.time = time
    }
}

public struct TransferFunds: Sendable, Hashable {
    public var account: AccountID
    public var asset: AssetID
    public var amount: Units
    public var from: Wallet
    public var to: Wallet

    public init(account: AccountID, asset: AssetID, amount: Units, from: Wallet, to: Wallet) {
        self.account = account
        self.asset = asset
        self.amount = amount
        self.from = from
        self.to = to
    }
}

/// Where an account's deposits of an asset arrive on a network.
public struct DepositAddress: Sendable, Hashable {
    public var account: AccountID
    public var asset: AssetID
    public var network: String
    public var address: String

    public init(account: AccountID, asset: AssetID, network: String, address: String) {
        self.account = account
        self.asset = asset
        self.network = network
        self.address = address
    }
}

/// What the house has of an asset to pay for bankrupt accounts with.
public struct InsuranceFund: Sendable, Hashable {
    public var asset: AssetID
    public var amount: Units

    public init(asset: AssetID, amount: Units) {
        self.asset = asset
        self.amount = amount
    }
}

/// What the house has of an asset to lend.
public struct LendingPool: Sendable, Hashable {
    public var asset: AssetID
    public var amount: Units

    public init(asset: AssetID, amount: Units) {
        self.asset = asset
        self.amount = amount
    }
}
