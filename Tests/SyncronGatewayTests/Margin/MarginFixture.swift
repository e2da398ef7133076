import SyncronCore
import SyncronWire

@testable import SyncronGateway

extension ServiceFixture {
    /// A call under one of margin's prefixes.
    func margin(
        _ method: String, _ path: String, _ query: String = "", as trader: Trader, prefix: String = "/api/v3/margin"
    ) async -> Answer {
        await send(method, "\(prefix)/\(path)", query, as: trader)
    }

    /// An account with a margin wallet that holds `funds`, and nothing else.
    func marginTrader(_ funds: [String: String], permissions: Permissions = .all) async throws -> Trader {
        let trader = try await trader(funds, permissions: permissions)
        for (asset, amount) in funds.sorted(by: { $0.key < $1.key }) {
            let moved = await margin("POST", "transfer", "asset=\(asset)&amount=\(amount)&type=1", as: trader)
            guard moved.status == 200 else { throw FixtureFailure("no transfer: \(moved.text)") }
        }
        return trader
    }

    func index(_ body: String) async throws {
        let answer = await manage("POST", "/admin/index-prices", body)
        guard answer.status == 200 else { throw FixtureFailure("no index: \(answer.text)") }
    }

    func advance(_ milliseconds: Int64) async {
        _ = await manage("POST", "/admin/clock/advance", "{\"milliseconds\":\(milliseconds)}")
    }

    /// One asset of the margin wallet, as text.
    func marginBalance(_ asset: String, of trader: Trader) async -> String {
        await margin("GET", "balance", "asset=\(asset)", as: trader).text
    }

    /// Everything that a refusal must leave as it was.
    func everything(of trader: Trader) async -> [String] {
        var all = [await manage("GET", "/admin/ledger").text]
        for path in ["account", "openOrders", "loan", "repay", "interestHistory", "transfer"] {
            all.append(await margin("GET", path, as: trader).text)
        }
        all.append(await send("GET", "/v1/account/info", as: trader)["balances"].map { "\($0)" } ?? "")
        return all
    }
}
