/// Who and what is known beside money and orders: accounts, keys and deposits.
///
/// Dictionaries are looked into, never walked through: their order differs from run to run.
struct Register {
    /// By id, from 1.
    var accounts: [Account] = []
    /// Parts of the state's digest that come and go whole.
    var digest: UInt64 = 0

    var apiKeys: [APIKey] = []
    var apiKeyPlaces: [String: Int] = [:]

    var listenKeys: [String: ListenKey] = [:]
    /// Listen keys by expiry, oldest first. An entry whose time is not its key's has been overtaken.
    var expiries: [Expiry] = []
    var firstExpiry = 0
    /// Open listen keys by account.
    var listenKeyCounts: [AccountID: Int] = [:]

    var deposits: [Deposit] = []
    var depositPlaces: [DepositName: Int] = [:]

    /// By id, from 1.
    var withdrawals: [Withdrawal] = []
    /// Those that their clients named.
    var withdrawalPlaces: [WithdrawalName: Int] = [:]

    /// Deposit addresses that the custodian assigned, in order of the first assignment.
    var addresses: [DepositAddress] = []
    var addressPlaces: [AddressName: Int] = [:]

    /// Of transfers, and of whatever else moves money inside the exchange on an account's demand.
    var lastTransactionID: UInt64 = 0

    var logins: [Login] = []
    var loginPlaces: [String: Int] = [:]
    var loginPlacesByAccount: [AccountID: Int] = [:]

    struct WithdrawalName: Hashable {
        var account: AccountID
        var clientID: String
    }

    struct AddressName: Hashable {
        var account: AccountID
        var asset: AssetID
        var network: String

        init(account: AccountID, asset: AssetID, network: String) {
            self.account = account
            self.asset = asset
            self.network = network
        }

        init(_ address: DepositAddress) {
            self.init(account: address.account, asset: address.asset, network: address.network)
        }
    }

    struct Expiry {
        var at: Timestamp
        var key: String
    }

    /// What makes two reports speak of the same deposit.
    struct DepositName: Hashable {
        var account: AccountID
        var asset: AssetID
        var network: String
        var txID: String
    }

    mutating func add(digest part: UInt64) { digest &+= part }
    mutating func remove(digest part: UInt64) { digest &-= part }

    func account(_ id: AccountID) -> Account? {
        id.raw >= 1 && id.raw <= accounts.count ? accounts[id.index - 1] : nil
    }
}

/// What the order path looks at of an account.
struct AccountSlot: BitwiseCopyable {
    var firstOrder: OrderSlot
    var lastOrder: OrderSlot
    var updatedAt: Timestamp
    var commissionTier: UInt8
    var standing: Standing

    enum Standing: UInt8 {
        case absent, active
        /// May cancel but not place orders.
        case tradingDisabled
    }
}
