import SyncronCore
import SyncronHistory
import SyncronNode
import SyncronWire

/// What happened in the margin wallet, in pages.
enum MarginHistoryRoutes {
    @Sendable static func transfers(_ call: Call) async throws -> APIResponse {
        let query = try query(call)
        let type = try call.parameters.integer(ifGiven: "type", in: 1...2)
        let page = try await call.node.history.read { try $0.marginTransfers(query, intoMargin: type.map { $0 == 1 }) }
        return answer(page, call) { json, transfer, asset in json.marginTransfer(transfer, of: asset) }
    }

    @Sendable static func loans(_ call: Call) async throws -> APIResponse {
        try await call.requireWallet()
        let query = try query(call, hasTransaction: true)
        let page = try await call.node.history.read { try $0.loans(query) }
        return answer(page, call) { json, loan, asset in json.loan(loan, of: asset) }
    }

    @Sendable static func repayments(_ call: Call) async throws -> APIResponse {
        try await call.requireWallet()
        let query = try query(call, hasTransaction: true)
        let page = try await call.node.history.read { try $0.repayments(query) }
        return answer(page, call) { json, repayment, asset in json.repayment(repayment, of: asset) }
    }

    @Sendable static func interest(_ call: Call) async throws -> APIResponse {
        try await call.requireWallet()
        let query = try query(call)
        let page = try await call.node.history.read { try $0.interestCharges(query) }
        return answer(page, call) { json, charge, asset in json.interestCharge(charge, of: asset) }
    }

    @Sendable static func forcedOrders(_ call: Call) async throws -> APIResponse {
        try await call.requireWallet()
        let query = try query(call, hasAsset: false)
        let page = try await call.node.history.read { try $0.forcedOrders(query) }
        return .page(page) { json, order in
            if let format = call.directory.format(order.market) { json.forcedOrder(order, format) }
        }
    }

    private static func query(
        _ call: Call, hasAsset: Bool = true, hasTransaction: Bool = false
    ) throws(APIError) -> MarginQuery {
        let parameters = call.parameters
        let name = hasAsset ? try parameters.text(ifGiven: "asset") : nil
        let transaction = hasTransaction ? try parameters.integer(ifGiven: "txId", in: 0...Int64.max) : nil
        let span = try parameters.timeSpan()
        let page = try parameters.integer(ifGiven: "current", in: 1...Int64(Int32.max)) ?? 1
        let size = try parameters.integer(ifGiven: "size", in: 1...100) ?? 10
        return MarginQuery(
            account: try call.account().id,
            asset: try name.map { name throws(APIError) in try call.directory.marginAsset(name).id },
            transaction: transaction.map { TransactionID(UInt64($0)) }, startTime: span.start, endTime: span.end,
            page: Int(page), size: Int(size))
    }

    private static func answer<Row: InOneAsset>(
        _ page: HistoryPage<Row>, _ call: Call, _ write: (inout JSONWriter, Row, Asset) -> Void
    ) -> APIResponse {
        .page(page) { json, row in
            if let asset = call.directory.asset(row.asset) { write(&json, row, asset) }
        }
    }
}

/// What is counted in units of one asset.
private protocol InOneAsset: Sendable, Hashable {
    var asset: AssetID { get }
}

extension Transfer: InOneAsset {}
extension Loan: InOneAsset {}
extension Repayment: InOneAsset {}
extension InterestCharge: InOneAsset {}

extension APIResponse {
    fileprivate static func page<Row>(
        _ page: HistoryPage<Row>, _ write: (inout JSONWriter, Row) -> Void
    ) -> APIResponse {
        .json(capacity: 64 + 256 * page.rows.count) { json in
            json.beginObject()
            json.key("rows")
            json.beginArray()
            for row in page.rows { write(&json, row) }
            json.endArray()
            json.field("total", page.total)
            json.endObject()
        }
    }
}
