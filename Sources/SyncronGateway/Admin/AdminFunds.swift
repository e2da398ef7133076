import SyncronCore
import SyncronHistory
import SyncronNode
import SyncronWire

/// What the custodian has to say about money leaving and where it arrives, and what the house lends.
enum AdminFunds {
    /// Everyone's, newest first.
    @Sendable static func withdrawals(_ call: AdminCall) async throws -> APIResponse {
        let parameters = call.parameters
        let status = try parameters.integer(ifGiven: "status", in: 0...2)
        let account = try parameters.integer(ifGiven: "accountId", in: 1...Int64(UInt32.max))
        let span = try parameters.timeSpan()
        let query = WithdrawalQuery(
            account: account.map { AccountID(UInt32($0)) },
            status: status.flatMap { WithdrawalStatus(rawValue: UInt8($0)) }, startTime: span.start,
            endTime: span.end, limit: Int(try parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 500))
        let withdrawals = try await call.node.history.read { try $0.withdrawals(query) }
        return .json(capacity: 64 + 384 * withdrawals.count) { json in
            json.beginArray()
            for withdrawal in withdrawals { json.withdrawal(withdrawal, call.directory, isForOperator: true) }
            json.endArray()
        }
    }

    /// Settled again with the same transaction, nothing changes.
    @Sendable static func settle(_ call: AdminCall) async throws -> APIResponse {
        let order = SettleWithdrawal(withdrawal: try withdrawal(call), txID: try call.parameters.text("txId"))
        return try answer(await call.submit(.settleWithdrawal(order)), call)
    }

    @Sendable static func fail(_ call: AdminCall) async throws -> APIResponse {
        let reason = try call.parameters.text(ifGiven: "reason") ?? ""
        let order = FailWithdrawal(withdrawal: try withdrawal(call), reason: reason)
        return try answer(await call.submit(.failWithdrawal(order)), call)
    }

    private static func withdrawal(_ call: AdminCall) throws(APIError) -> WithdrawalID {
        guard let id = call.arguments["id"].flatMap({ UInt64($0) }) else {
            throw .invalidParameter("id", "no such withdrawal", status: 404)
        }
        return WithdrawalID(id)
    }

    private static func answer(_ outcome: Outcome, _ call: AdminCall) throws(APIError) -> APIResponse {
        for case .withdrawalRecorded(let record) in outcome.events {
            return .json { $0.withdrawal(record.withdrawal, call.directory, isForOperator: true) }
        }
        throw .unexpected
    }

    @Sendable static func assignAddress(_ call: AdminCall) async throws -> APIResponse {
        let parameters = call.parameters
        let account = try parameters.integer("accountId", in: 1...Int64(UInt32.max))
        let asset = try asset(try parameters.text("asset"), call)
        let address = DepositAddress(
            account: AccountID(UInt32(account)), asset: asset.id, network: try parameters.text("network"),
            address: try parameters.text("address"))
        _ = try await call.submit(.assignDepositAddress(address))
        return .json { json in
            json.beginObject()
            json.field("accountId", address.account.raw)
            json.field("asset", asset.name)
            json.field("network", address.network)
            json.field("address", address.address)
            json.endObject()
        }
    }

    @Sendable static func fundLending(_ call: AdminCall) async throws -> APIResponse {
        try await fund(call) { .fundLending(LendingPool(asset: $0, amount: $1)) }
    }

    @Sendable static func fundInsurance(_ call: AdminCall) async throws -> APIResponse {
        try await fund(call) { .fundInsurance(InsuranceFund(asset: $0, amount: $1)) }
    }

    private static func fund(_ call: AdminCall, _ command: (AssetID, Units) -> Command) async throws -> APIResponse {
        let asset = try asset(call.arguments["asset"] ?? "", call)
        let amount = Units(try call.parameters.units("amount", decimals: Int(asset.decimals)))
        _ = try await call.submit(command(asset.id, amount))
        return .json { json in
            json.beginObject()
            json.field("asset", asset.name)
            json.field("amount", amount: amount, of: asset)
            json.endObject()
        }
    }

    private static func asset(_ name: String, _ call: AdminCall) throws(APIError) -> Asset {
        guard let asset = call.directory.asset(named: name) else {
            throw .invalidParameter("asset", "no such asset")
        }
        return asset
    }
}
