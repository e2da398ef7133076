import SyncronCore
import SyncronWire

/// Accounts and their settings.
enum AdminAccounts {
    @Sendable static func open(_ call: AdminCall) async throws -> APIResponse {
        let command = OpenAccount(
            email: try call.parameters.text(ifGiven: "email"),
            level: try call.parameters.named(ifGiven: "level") ?? .standard,
            commissionTier: UInt8(try call.parameters.integer(ifGiven: "commissionTier", in: 0...highestTier) ?? 0))
        return try account(after: try await call.submit(.openAccount(command)).events)
    }

    /// By id, from `fromId` on.
    @Sendable static func list(_ call: AdminCall) async throws -> APIResponse {
        let first = try call.parameters.integer(ifGiven: "fromId", in: 1...Int64(UInt32.max)) ?? 1
        let limit = try call.parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 500
        return .json { json in
            json.beginArray()
            for id in first..<first + limit {
                guard let id = UInt32(exactly: id), let account = call.directory.account(AccountID(id)) else { break }
                json.account(account)
            }
            json.endArray()
        }
    }

    @Sendable static func show(_ call: AdminCall) async throws -> APIResponse {
        let account = try call.account()
        return .json { $0.account(account) }
    }

    @Sendable static func change(_ call: AdminCall) async throws -> APIResponse {
        let parameters = call.parameters
        let figures = 1...Int64(UInt32.max)
        let command = ChangeAccount(
            account: try call.account().id,
            level: try parameters.named(ifGiven: "level"),
            requestsPerMinute: try parameters.integer(ifGiven: "requestsPerMinute", in: figures).map { UInt32($0) },
            ordersPerSecond: try parameters.integer(ifGiven: "ordersPerSecond", in: figures).map { UInt32($0) },
            commissionTier: try parameters.integer(ifGiven: "commissionTier", in: 0...highestTier).map { UInt8($0) },
            marginLeverage: try parameters.integer(ifGiven: "marginLeverage", in: 0...255).map { UInt8($0) },
            canTrade: try parameters.boolean(ifGiven: "canTrade"),
            canWithdraw: try parameters.boolean(ifGiven: "canWithdraw"))
        return try account(after: try await call.submit(.changeAccount(command)).events)
    }

    private static let highestTier = Int64(CommissionRates.tiers - 1)

    private static func account(after events: ArraySlice<Event>) throws(APIError) -> APIResponse {
        for event in events {
            if case .accountOpened(let account) = event { return .json { $0.account(account) } }
            if case .accountChanged(let account) = event { return .json { $0.account(account) } }
        }
        throw .unexpected
    }
}

extension JSONWriter {
    /// An account with the limits that it really has.
    fileprivate mutating func account(_ account: Account) {
        let limits = RateLimits(of: account)
        beginObject()
        field("accountId", account.id.raw)
        key("email")
        if let email = account.email { value(email) } else { null() }
        field("level", account.level.wireName)
        field("requestsPerMinute", limits.requestsPerMinute)
        field("ordersPerSecond", limits.ordersPerSecond)
        field("commissionTier", account.commissionTier)
        field("marginLeverage", account.marginLeverage)
        field("canTrade", account.canTrade)
        field("canWithdraw", account.canWithdraw)
        field("isSandbox", account.isSandbox)
        field("createTime", account.createdAt.milliseconds)
        endObject()
    }
}
