import SyncronCore
import SyncronNode

/// The sandbox's accounts, what they own, and who of them can do what.
struct Roster: Sendable {
    enum Role: String, Sendable, CaseIterable {
        case maker, taker
        /// Trades on margin.
        case borrower
        /// The maker and the taker of the perpetuals.
        case dealer, speculator

        /// How many accounts play it.
        var count: Int {
            switch self {
            case .maker: 4
            case .taker: 3
            case .borrower: 2
            case .dealer, .speculator: 1
            }
        }
    }

    struct Member: Sendable {
        var role: Role
        var account: AccountID
        var free: [AssetID: Units] = [:]
        var total: [AssetID: Units] = [:]
        var orders: [OrderState] = []
    }

    /// What one account is given of each asset, in whole ones. Half as much is given again when it runs out.
    static let grants: [String: Int64] = ["USDT": 2_500_000, "SOL": 12_000, "ETH": 600, "BTC": 30]
    /// Orders of one account in one market are kept this far below the most that the market allows.
    private static let spareOrders = 10

    private(set) var members: [Member]
    private let assets: [Asset]
    /// The minute of each account's and asset's last gift.
    private var gifts: [Gift: Int64] = [:]

    private struct Gift: Hashable {
        var account: AccountID
        var asset: AssetID
    }

    // MARK: - Finding the accounts

    /// Finds the accounts of earlier runs by their emails, and opens and funds those that are missing.
    static func gather(_ door: any ExchangeDoor, _ pause: (Duration) async throws -> Void) async throws -> Roster {
        let (known, assets) = try await door.query { engine, _ in
            (engine.accounts.filter(\.isSandbox), engine.assets)
        }
        var roster = Roster(members: [], assets: assets)
        for role in Role.allCases {
            for number in 1...role.count {
                let email = "\(role.rawValue)-\(number)@sandbox.local"
                if let account = known.first(where: { $0.email == email }) {
                    roster.members.append(Member(role: role, account: account.id))
                } else {
                    roster.members.append(Member(role: role, account: try await open(email, door)))
                    try await pause(.milliseconds(2))
                }
            }
        }
        try await roster.survey(door)
        try await roster.fund(door, pause)
        return roster
    }

    private init(members: [Member], assets: [Asset]) {
        self.members = members
        self.assets = assets
    }

    private static func open(_ email: String, _ door: any ExchangeDoor) async throws -> AccountID {
        let opening = OpenAccount(email: email, level: .vip, commissionTier: 4, isSandbox: true)
        let events = try await door.perform(.openAccount(opening))
        guard case .accountOpened(let account)? = events.first else {
            throw SandboxFailure(what: "open an account", rejection: events.rejection ?? .unknownAccount)
        }
        return account.id
    }

    /// Gives every account its first funds, unless it had them before.
    private mutating func fund(_ door: any ExchangeDoor, _ pause: (Duration) async throws -> Void) async throws {
        for member in members {
            for asset in assets where Self.grants[asset.name] != nil && member.total[asset.id] == nil {
                guard let deposit = deposit(to: member.account, asset, halves: 2, "sandbox-first") else { continue }
                learn(try await door.perform(.recordDeposit(deposit)))
                try await pause(.milliseconds(2))
            }
        }
    }

    private func deposit(to account: AccountID, _ asset: Asset, halves: Int128, _ txID: String) -> RecordDeposit? {
        guard let grant = Self.grants[asset.name], let network = asset.networks.first else { return nil }
        let unit = (0..<asset.decimals).reduce(Int128(1)) { product, _ in product * 10 }
        return RecordDeposit(
            account: account, asset: asset.id, network: network.name,
            amount: Units(max(1, Int128(grant) * unit * halves / 2)), txID: txID)
    }

    // MARK: - Knowing what they own

    /// Reads the accounts' balances and orders anew.
    mutating func survey(_ door: any ExchangeDoor) async throws(Unavailable) {
        let accounts = members.map(\.account)
        let found = try await door.query { engine, _ in
            accounts.map { account in
                (
                    engine.balances(of: account, wallet: .spot),
                    engine.openOrders(of: account, wallet: .spot, market: nil)
                )
            }
        }
        for (index, (balances, orders)) in found.enumerated() {
            members[index].orders = orders
            members[index].free = [:]
            members[index].total = [:]
            for balance in balances { note(balance, at: index) }
        }
    }

    /// Takes the balances over from what came of a command.
    mutating func learn(_ events: [Event]) {
        for case .balanceChanged(let balance) in events where balance.wallet == .spot {
            guard let index = members.firstIndex(where: { $0.account == balance.account }) else { continue }
            note(balance, at: index)
        }
    }

    private mutating func note(_ balance: BalanceChange, at index: Int) {
        members[index].free[balance.asset] = balance.free
        members[index].total[balance.asset] = balance.free + balance.held
    }

    /// Counts an order that was sent, until the next survey.
    mutating func note(_ order: OrderState) {
        guard let index = members.firstIndex(where: { $0.account == order.account }) else { return }
        members[index].orders.append(order)
    }

    func orders(in market: MarketID) -> [OrderState] {
        members.flatMap { member in member.orders.filter { $0.market == market } }
    }

    /// How much more (above 0) or less of `asset` the takers have than they were given at first, in percent of that,
    /// from -100 to 100.
    func surplus(of asset: AssetID) -> Int64 {
        guard
            let grant = assets.first(where: { $0.id == asset })
                .flatMap({ deposit(to: AccountID(0), $0, halves: 2, "") })?.amount
        else { return 0 }
        let takers = members.filter { $0.role == .taker }
        let owned = takers.reduce(Units.zero) { $0 + ($1.total[asset] ?? .zero) }
        let given = grant.raw * Int128(takers.count)
        return min(100, max(-100, Int64(clamping: (owned.raw - given) * 100 / max(1, given))))
    }

    // MARK: - Choosing

    enum Choice: Sendable {
        case account(AccountID)
        /// None has the money.
        case short
        /// None has room for another order.
        case full
    }

    /// The account of that role with the most of `asset` to spend, if it has `amount`.
    func choose(_ role: Role, paying asset: AssetID, _ amount: Units, in market: Market) -> Choice {
        let most = Int(market.filters.maxOrders) - Self.spareOrders
        let free = members.filter { member in
            member.role == role && member.orders.count { $0.market == market.id } < most
        }
        guard let richest = free.max(by: { $0.free[asset] ?? .zero < $1.free[asset] ?? .zero }) else { return .full }
        return richest.free[asset] ?? .zero >= amount ? .account(richest.account) : .short
    }

    /// A deposit for the account of that role that has least of `asset`: at most one a minute, since the minute is
    /// what names it. So a repetition after a restart credits nothing twice.
    mutating func topUp(_ role: Role, _ asset: AssetID, at time: Timestamp) -> RecordDeposit? {
        let minute = time.milliseconds / 60_000
        guard let definition = assets.first(where: { $0.id == asset }),
            let member = members.filter({ $0.role == role })
                .min(by: { $0.total[asset] ?? .zero < $1.total[asset] ?? .zero })
        else { return nil }
        let gift = Gift(account: member.account, asset: asset)
        guard gifts[gift] != minute else { return nil }
        gifts[gift] = minute
        return deposit(to: member.account, definition, halves: 1, "sandbox-\(minute)")
    }
}
