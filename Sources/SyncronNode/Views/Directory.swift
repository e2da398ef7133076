import SyncronCore

/// Who and what there is: assets, markets, accounts, keys. A snapshot that never changes; the writer puts a new one
/// in its place before a command that changed it is answered.
public final class Directory: Sendable {
    let parts: DirectoryParts

    init(_ parts: DirectoryParts) { self.parts = parts }

    /// What the exchange is from its first day; nil before its first command.
    public var genesis: Genesis? { parts.genesis }
    /// By id.
    public var assets: [Asset] { parts.assets }
    /// By id.
    public var markets: [Market] { parts.markets }
    public var accountCount: Int { parts.accounts.count }
    public var apiKeyCount: Int { parts.apiKeys.count }

    public func asset(_ id: AssetID) -> Asset? {
        Int(id.raw) < parts.assets.count ? parts.assets[Int(id.raw)] : nil
    }

    /// In upper or lower case.
    public func asset(named name: String) -> Asset? {
        (parts.assetNames[name] ?? parts.assetNames[name.uppercased()]).flatMap(asset)
    }

    public func market(_ id: MarketID) -> Market? {
        Int(id.raw) < parts.markets.count ? parts.markets[Int(id.raw)] : nil
    }

    /// In upper or lower case, and without dashes where that names one market only.
    public func market(spelled symbol: String) -> Market? {
        (parts.symbols[symbol] ?? parts.symbols[symbol.uppercased()]).flatMap { $0 }.flatMap(market)
    }

    public func account(_ id: AccountID) -> Account? {
        id.raw >= 1 && Int(id.raw) <= parts.accounts.count ? parts.accounts[Int(id.raw) - 1] : nil
    }

    func isSandbox(_ id: AccountID) -> Bool { account(id)?.isSandbox == true }

    public func apiKey(_ key: String) -> APIKey? { parts.apiKeys[key] }

    /// In lower case.
    public func login(email: String) -> Login? { parts.logins[email] }

    public func listenKey(_ key: String) -> ListenKey? { parts.listenKeys[key] }
}

/// The directory in the making, folded from events.
struct DirectoryParts: Sendable {
    private(set) var genesis: Genesis?
    private(set) var assets: [Asset] = []
    private(set) var assetNames: [String: AssetID] = [:]
    private(set) var markets: [Market] = []
    /// Accepted spellings of symbols; nil for one that could mean several markets.
    private(set) var symbols: [String: MarketID?] = [:]
    /// The account of id n stands at n - 1.
    private(set) var accounts = Chunked<Account>()
    private(set) var apiKeys = Sharded<APIKey>()
    private(set) var listenKeys = Sharded<ListenKey>()
    /// By email.
    private(set) var logins = Sharded<Login>()

    init() {}

    /// What an engine knows.
    init(of engine: borrowing Engine) {
        genesis = engine.genesis
        for asset in engine.assets { define(asset) }
        for market in engine.markets { define(market) }
        for account in engine.accounts { accounts.append(account) }
        for key in engine.apiKeys { apiKeys[key.key] = key }
        for key in engine.listenKeys { listenKeys[key.key] = key }
        for login in engine.logins { logins[login.email] = login }
    }

    /// Takes over what an event changed; false when it changed nothing here.
    mutating func apply(_ event: Event) -> Bool {
        switch event {
        case .rejected, .orderAccepted, .orderFilled, .orderEnded, .orderTriggered, .orderAmended, .cancelCountdownSet,
            .traded, .levelChanged, .balanceChanged, .depositRecorded, .withdrawalRecorded, .depositAddressAssigned,
            .transferred, .lendingFunded, .insuranceFunded, .loanTaken, .loanRepaid, .interestCharged,
            .marginOrderPlaced, .marginStatusChanged, .orderForced, .indexPriceChanged, .positionChanged, .leverageSet,
            .marginTypeSet, .positionModeSet, .incomeBooked, .markPriceChanged, .fundingSettled, .futuresMarginCalled,
            .positionDeleveraged, .timePassed, .checkpointed:
            return false
        case .begun(let genesis):
            self.genesis = genesis
        case .assetDefined(let asset):
            define(asset)
        case .marketDefined(let market):
            define(market)
        case .marketStatusChanged(let change):
            markets[Int(change.market.raw)].status = change.status
        case .accountOpened(let account):
            accounts.append(account)
        case .accountChanged(let account):
            accounts[Int(account.id.raw) - 1] = account
        case .apiKeyCreated(let key), .apiKeyChanged(let key):
            apiKeys[key.key] = key
        case .apiKeyDeleted(let key):
            apiKeys[key.key] = nil
        case .loginChanged(let login):
            logins[login.email] = login
        case .listenKeyOpened(let key), .listenKeyKept(let key):
            listenKeys[key.key] = key
        case .listenKeyClosed(let key), .listenKeyExpired(let key):
            listenKeys[key.key] = nil
        }
        return true
    }

    private mutating func define(_ asset: Asset) {
        if Int(asset.id.raw) < assets.count {
            assets[Int(asset.id.raw)] = asset
        } else {
            assets.append(asset)
            assetNames[asset.name] = asset.id
        }
    }

    private mutating func define(_ market: Market) {
        if Int(market.id.raw) < markets.count {
            markets[Int(market.id.raw)] = market
        } else {
            markets.append(market)
            spell(market)
        }
    }

    private mutating func spell(_ market: Market) {
        symbols[market.symbol] = market.id
        symbols[market.symbol.lowercased()] = market.id
        let dashless = market.symbol.filter { $0 != "-" }
        for spelling in Set([dashless, dashless.lowercased()]) {
            // Two symbols that differ in their dashes alone can only be told apart with them.
            symbols[spelling] = .some(symbols[spelling] == nil ? market.id : nil)
        }
    }
}
