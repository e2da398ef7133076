import SyncronCore
import SyncronHistory
import SyncronNode
import SyncronWire

/// Money that leaves, where money arrives, and money between an account's wallets.
enum FundsRoutes {
    @Sendable static func withdraw(_ call: Call) throws(APIError) -> CommandCall {
        let parameters = call.parameters
        let asset = try call.asset()
        let request = RequestWithdrawal(
            account: try call.account().id, asset: asset.id, network: try parameters.text("network"),
            address: try parameters.text("address"),
            amount: Units(try parameters.units("amount", decimals: Int(asset.decimals))),
            clientID: try parameters.text(ifGiven: "clientWithdrawId") ?? "")
        let directory = call.directory
        return CommandCall(command: .requestWithdrawal(request)) { .withdrawal($0, directory) }
    }

    @Sendable static func cancelWithdrawal(_ call: Call) throws(APIError) -> CommandCall {
        let id = try call.parameters.integer("id", in: 1...Int64.max)
        let order = CancelWithdrawal(account: try call.account().id, withdrawal: WithdrawalID(UInt64(id)))
        let directory = call.directory
        return CommandCall(command: .cancelWithdrawal(order)) { .withdrawal($0, directory) }
    }

    @Sendable static func withdrawals(_ call: Call) async throws -> APIResponse {
        let parameters = call.parameters
        let asset = try call.assetIfGiven()
        let status = try parameters.integer(ifGiven: "status", in: 0...2)
        let span = try parameters.timeSpan()
        let query = WithdrawalQuery(
            account: try call.account().id, asset: asset?.id,
            status: status.flatMap { WithdrawalStatus(rawValue: UInt8($0)) }, startTime: span.start,
            endTime: span.end, limit: Int(try parameters.integer(ifGiven: "limit", in: 1...100) ?? 20))
        let withdrawals = try await call.node.history.read { try $0.withdrawals(query) }
        return .json(capacity: 64 + 320 * withdrawals.count) { json in
            json.beginArray()
            for withdrawal in withdrawals { json.withdrawal(withdrawal, call.directory) }
            json.endArray()
        }
    }

    @Sendable static func depositAddress(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let asset = try call.asset()
        let network = try call.parameters.text("network")
        guard asset.networks.contains(where: { $0.name == network }) else {
            throw APIError.invalidParameter("network", "not a network of \(asset.name)")
        }
        let address = try await call.node.query { engine, _ in
            engine.depositAddress(of: account, asset: asset.id, network: network)
        }
        return .json { json in
            json.beginObject()
            json.field("asset", asset.name)
            json.field("network", network)
            json.field("address", address)
            json.endObject()
        }
    }

    /// An asset or an amount that only the engine may judge is handed on as it is: which code answers depends on
    /// the wallets.
    @Sendable static func transfer(_ call: Call) throws(APIError) -> CommandCall {
        let parameters = call.parameters
        let from: Wallet = try parameters.named("from")
        let to: Wallet = try parameters.named("to")
        let asset = call.directory.asset(named: try parameters.text("asset"))
        let decimals = Int(asset?.decimals ?? UInt8(Limits.assetDecimals))
        let order = TransferFunds(
            account: try call.account().id, asset: asset?.id ?? AssetID(.max),
            amount: Units(try parameters.units("amount", decimals: decimals)), from: from, to: to)
        return CommandCall(command: .transfer(order)) { .transaction($0) }
    }

    @Sendable static func transfers(_ call: Call) async throws -> APIResponse {
        let parameters = call.parameters
        let asset = try call.assetIfGiven()
        let span = try parameters.timeSpan()
        let query = TransferQuery(
            account: try call.account().id, asset: asset?.id, from: try parameters.named(ifGiven: "from"),
            to: try parameters.named(ifGiven: "to"), startTime: span.start, endTime: span.end,
            limit: Int(try parameters.integer(ifGiven: "limit", in: 1...100) ?? 20))
        let transfers = try await call.node.history.read { try $0.transfers(query) }
        return .json(capacity: 64 + 192 * transfers.count) { json in
            json.beginArray()
            for transfer in transfers { json.transfer(transfer, call.directory) }
            json.endArray()
        }
    }
}

extension Call {
    /// The asset that `asset` names.
    fileprivate func asset() throws(APIError) -> Asset {
        guard let asset = try assetIfGiven() else { throw .missingParameter("asset") }
        return asset
    }
}

extension APIResponse {
    /// The withdrawal that a command left.
    static func withdrawal(_ outcome: Outcome, _ directory: Directory) -> APIResponse {
        for case .withdrawalRecorded(let record) in outcome.events {
            return .json { $0.withdrawal(record.withdrawal, directory) }
        }
        return APIResponse(.unexpected)
    }
}
