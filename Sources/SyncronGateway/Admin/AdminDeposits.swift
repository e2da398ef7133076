import SyncronCore
import SyncronWire

/// What the custodian has to say about money arriving.
enum AdminDeposits {
    /// The same deposit reported again is updated, and never credited twice.
    @Sendable static func record(_ call: AdminCall) async throws -> APIResponse {
        let parameters = call.parameters
        let account = try parameters.integer("accountId", in: 1...Int64(UInt32.max))
        let name = try parameters.text("asset")
        guard let asset = call.directory.asset(named: name) else {
            throw APIError.invalidParameter("asset", "no such asset")
        }
        let status = try parameters.integer(ifGiven: "status", in: 0...2) ?? 1
        let report = RecordDeposit(
            account: AccountID(UInt32(account)), asset: asset.id, network: try network(of: asset, parameters),
            amount: Units(try parameters.units("amount", decimals: Int(asset.decimals))),
            txID: try parameters.text("txId"), status: DepositStatus(rawValue: UInt8(status)) ?? .success,
            confirmations: UInt32(try parameters.integer(ifGiven: "confirmations", in: 0...Int64(UInt32.max)) ?? 0))
        let outcome = try await call.submit(.recordDeposit(report))
        return .deposit(outcome, call.directory)
    }

    /// The asset's first network, unless one of the others is named.
    private static func network(of asset: Asset, _ parameters: Parameters) throws(APIError) -> String {
        guard let name = try parameters.text(ifGiven: "network") else {
            return asset.networks.first?.name ?? asset.name
        }
        guard asset.networks.isEmpty || asset.networks.contains(where: { $0.name == name }) else {
            throw .invalidParameter("network", "not a network of \(asset.name)")
        }
        return name
    }
}
