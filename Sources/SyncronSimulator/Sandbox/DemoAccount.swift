import SyncronCore
import SyncronNode

/// The account that a visitor of the sandbox trades with. An ordinary one: its orders are kept like everyone's.
public enum DemoAccount {
    public static let email = "demo@syncron.local"
    /// What it begins with, in whole ones of each asset.
    public static let funds: [(asset: String, amount: Int64)] = [
        ("BTC", 10), ("ETH", 100), ("SOL", 1_000), ("USDT", 100_000),
    ]

    /// What it begins with in its margin wallet.
    public static let marginFunds: [(asset: String, amount: Int64)] = [("BTC", 1), ("USDT", 20_000)]

    /// What it begins with in its futures wallet.
    public static let futuresFunds: [(asset: String, amount: Int64)] = [("USDT", 20_000)]

    /// Finds the account, or opens it, and sees to it that it has got its first funds, once.
    /// Throws `Unavailable`, or `SandboxFailure` when the exchange refuses.
    public static func ensure(node: Node) async throws -> AccountID { try await ensure(door: node) }

    static func ensure(door: some ExchangeDoor) async throws -> AccountID {
        let account = try await find(door)
        let (spot, margin, futures, assets) = try await door.query { engine, _ in
            (
                Set(engine.balances(of: account, wallet: .spot).map(\.asset)),
                Set(engine.balances(of: account, wallet: .margin).map(\.asset)),
                Set(engine.balances(of: account, wallet: .futures).map(\.asset)), engine.assets
            )
        }
        // An asset that was ever held has been given before, and spent since perhaps.
        for (name, amount) in funds {
            guard let asset = assets.first(where: { $0.name == name }), !spot.contains(asset.id) else { continue }
            try await deposit(amount, of: asset, to: account, "demo-first", door)
        }
        for (name, amount) in marginFunds {
            guard let asset = assets.first(where: { $0.name == name }), asset.margin != nil,
                !margin.contains(asset.id)
            else { continue }
            try await deposit(amount, of: asset, to: account, "demo-margin", door)
            let transfer = TransferFunds(
                account: account, asset: asset.id, amount: units(amount, of: asset), from: .spot, to: .margin)
            try await perform(.transfer(transfer), door)
        }
        for (name, amount) in futuresFunds {
            guard let asset = assets.first(where: { $0.name == name }), !futures.contains(asset.id) else { continue }
            try await deposit(amount, of: asset, to: account, "demo-futures", door)
            let transfer = TransferFunds(
                account: account, asset: asset.id, amount: units(amount, of: asset), from: .spot, to: .futures)
            try await perform(.transfer(transfer), door)
        }
        return account
    }

    private static func units(_ amount: Int64, of asset: Asset) -> Units {
        Units((0..<asset.decimals).reduce(Int128(amount)) { product, _ in product * 10 })
    }

    private static func deposit(
        _ amount: Int64, of asset: Asset, to account: AccountID, _ txID: String, _ door: some ExchangeDoor
    ) async throws {
        guard let network = asset.networks.first else { return }
        let deposit = RecordDeposit(
            account: account, asset: asset.id, network: network.name, amount: units(amount, of: asset), txID: txID)
        try await perform(.recordDeposit(deposit), door)
    }

    private static func perform(_ command: Command, _ door: some ExchangeDoor) async throws {
        if let rejection = try await door.perform(command).rejection {
            throw SandboxFailure(what: "fund the demo account", rejection: rejection)
        }
    }

    private static func find(_ door: some ExchangeDoor) async throws -> AccountID {
        let known = try await door.query { engine, _ in engine.accounts.first { $0.email == email && !$0.isSandbox }?.id
        }
        if let known { return known }
        let events = try await door.perform(.openAccount(OpenAccount(email: email)))
        if let rejection = events.rejection {
            throw SandboxFailure(what: "open the demo account", rejection: rejection)
        }
        guard case .accountOpened(let account)? = events.first else {
            throw SandboxFailure(what: "open the demo account", rejection: .unknownAccount)
        }
        return account.id
    }
}
