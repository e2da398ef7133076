import SyncronCore
import SyncronNode

/// The account that a visitor of the sandbox trades with. An ordinary one: its orders are kept like everyone's.
public enum DemoAccount {
    public static let email = "demo@syncron.local"
    /// What it begins with, in whole ones of each asset.
    public static let funds: [(asset: String, amount: Int64)] = [
        ("BTC", 10), ("ETH", 100), ("SOL", 1_000), ("USDT", 100_000),
    ]

    /// Finds the account, or opens it, and sees to it that it has got its first funds, once.
    /// Throws `Unavailable`, or `SandboxFailure` when the exchange refuses.
    public static func ensure(node: Node) async throws -> AccountID { try await ensure(door: node) }

    static func ensure(door: some ExchangeDoor) async throws -> AccountID {
        let account = try await find(door)
        let (held, assets) = try await door.query { engine, _ in
            (Set(engine.balances(of: account, wallet: .spot).map(\.asset)), engine.assets)
        }
        for (name, amount) in funds {
            // An asset that was ever held has been given before, and spent since perhaps.
            guard let asset = assets.first(where: { $0.name == name }), !held.contains(asset.id),
                let network = asset.networks.first
            else { continue }
            let unit = (0..<asset.decimals).reduce(Int128(1)) { product, _ in product * 10 }
            let deposit = RecordDeposit(
                account: account, asset: asset.id, network: network.name, amount: Units(Int128(amount) * unit),
                txID: "demo-first")
            let events = try await door.perform(.recordDeposit(deposit))
            if let rejection = events.rejection {
                throw SandboxFailure(what: "fund the demo account", rejection: rejection)
            }
        }
        return account
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
