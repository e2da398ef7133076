import NIOCore
public import SyncronNode
import SyncronWire

/// The operator's interface: a listener of its own, every call behind one token. Every change is a journaled command.
public final class AdminService: APIService {
    private let node: Node
    private let vault: SecretVault
    private let token: AdminToken

    public init(node: Node, vault: SecretVault, token: AdminToken) {
        self.node = node
        self.vault = vault
        self.token = token
    }

    public func respond(to request: APIRequest) async -> APIResponse {
        do {
            return try await answer(request)
        } catch {
            return APIResponse(APIError(answering: error))
        }
    }

    private func answer(_ request: APIRequest) async throws -> APIResponse {
        let found = AdminRoutes.all.compactMap { route in
            route.arguments(of: request.path).map { (route: route, arguments: $0) }
        }
        if found.isEmpty { throw APIError.noSuchRoute }
        guard let (route, arguments) = found.first(where: { $0.route.method.rawValue == request.method }) else {
            throw APIError.methodNotAllowed(allow: found.map(\.route.method.rawValue).sorted().joined(separator: ", "))
        }
        guard token.admits(request.headers.authorization) else { throw APIError.unauthorized("bad admin token") }
        return try await route.handler(AdminCall(request, arguments: arguments, node: node, vault: vault))
    }
}

/// Every admin route, on one page.
enum AdminRoutes {
    static let all = [
        AdminRoute(.post, "/admin/accounts", "Open an account", AdminAccounts.open),
        AdminRoute(.get, "/admin/accounts", "Accounts by id", AdminAccounts.list),
        AdminRoute(.get, "/admin/accounts/{id}", "One account", AdminAccounts.show),
        AdminRoute(.put, "/admin/accounts/{id}", "Change an account's settings", AdminAccounts.change),
        AdminRoute(.post, "/admin/accounts/{id}/api-keys", "Make an API key", AdminKeys.create),
        AdminRoute(.put, "/admin/accounts/{id}/api-keys/{key}", "Change an API key", AdminKeys.change),
        AdminRoute(.delete, "/admin/accounts/{id}/api-keys/{key}", "Take an API key back", AdminKeys.delete),
        AdminRoute(.post, "/admin/master-key/rotate", "Put a fresh master key in force", AdminKeys.rotateMasterKey),
        AdminRoute(.post, "/admin/deposits", "Report a deposit", AdminDeposits.record),
        AdminRoute(.get, "/admin/withdrawals", "Withdrawals, newest first", AdminFunds.withdrawals),
        AdminRoute(.post, "/admin/withdrawals/{id}/settle", "Report a withdrawal sent", AdminFunds.settle),
        AdminRoute(.post, "/admin/withdrawals/{id}/fail", "Give a withdrawal back", AdminFunds.fail),
        AdminRoute(.put, "/admin/deposit-addresses", "Assign a deposit address", AdminFunds.assignAddress),
        AdminRoute(.put, "/admin/lending/{asset}", "Set what may be lent", AdminFunds.fundLending),
        AdminRoute(.put, "/admin/insurance/{asset}", "Set what pays for bankrupt accounts", AdminFunds.fundInsurance),
        AdminRoute(.post, "/admin/index-prices", "Fix index prices, or let them follow the market", AdminIndex.set),
        AdminRoute(.put, "/admin/assets/{asset}", "Create or change an asset", AdminReference.putAsset),
        AdminRoute(.put, "/admin/markets/{symbol}", "Create or change a market", AdminReference.putMarket),
        AdminRoute(.post, "/admin/markets/{symbol}/halt", "Take no new orders", AdminReference.halt),
        AdminRoute(.post, "/admin/markets/{symbol}/resume", "Take orders again", AdminReference.resume),
        AdminRoute(.post, "/admin/clock/advance", "Set a manual clock forward", AdminOperations.advanceClock),
        AdminRoute(.get, "/admin/ledger", "All money, by asset and purpose", AdminOperations.ledger),
        AdminRoute(.get, "/admin/status", "Where the exchange stands", AdminOperations.status),
        AdminRoute(.post, "/admin/snapshot", "Make a snapshot now", AdminOperations.snapshot),
    ]
}
