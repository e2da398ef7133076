import SyncronCore
import SyncronNode
import SyncronWire

/// Test money, where the exchange was begun with it.
enum SandboxRoutes {
    /// The most that one call makes of an asset, in whole pieces of it; of others `otherMost`.
    private static let most: [String: Int128] = ["BTC": 10, "ETH": 100, "SOL": 1_000, "USDT": 100_000]
    private static let otherMost: Int128 = 1_000

    @Sendable static func faucet(_ call: Call) throws(APIError) -> CommandCall {
        guard let asset = try call.assetIfGiven() else { throw .missingParameter("asset") }
        let decimals = Int(asset.decimals)
        let amount = try call.parameters.units("amount", decimals: decimals)
        let most = (Self.most[asset.name] ?? otherMost) * (0..<decimals).reduce(1) { power, _ in power * 10 }
        guard amount > 0, amount <= most else {
            throw .invalidParameter("amount", "must be above 0")
                .with("maximum", DecimalText.trimmed(most, decimals: decimals))
        }
        let report = RecordDeposit(
            account: try call.account().id, asset: asset.id, network: asset.networks.first?.name ?? "SANDBOX",
            amount: Units(amount), txID: "faucet-" + RandomText.letters(22), status: .success, confirmations: 1)
        let directory = call.directory
        return CommandCall(command: .recordDeposit(report)) { .deposit($0, directory) }
    }
}

extension APIResponse {
    /// The deposit that a report of it left.
    static func deposit(_ outcome: Outcome, _ directory: Directory) -> APIResponse {
        for case .depositRecorded(let record) in outcome.events {
            return .json { $0.deposit(record.deposit, directory) }
        }
        return APIResponse(.unexpected)
    }
}
