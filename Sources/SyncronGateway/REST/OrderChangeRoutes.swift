import SyncronCore
import SyncronNode
import SyncronWire

/// Changes of open orders: amending, cancelling many, cancelling and placing anew.
enum OrderChangeRoutes {
    @Sendable static func amendOrder(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let (reference, parameter) = try call.parameters.orderReference()
        let price = try call.parameters.decimal(ifGiven: "price")
        let quantity = try call.parameters.decimal(ifGiven: "quantity")
        let format = try call.tradedMarket()
        let command = AmendOrder(
            account: account, market: format.market.id, order: reference, price: price.map { format.ticks($0) },
            quantity: quantity.map { format.steps($0) })
        return CommandCall(.amendOrder(command), of: account, orderParameter: parameter) { result in
            .json(capacity: 768) { $0.order(result, format) }
        }
    }

    /// The orders that were open, as they ended.
    @Sendable static func cancelOpenOrders(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let format = try call.tradedMarket()
        let command = CancelAllOrders(account: account, market: format.market.id, wallet: call.wallet)
        return CommandCall(command: .cancelAllOrders(command)) { outcome in
            .json(capacity: 1_024) { json in
                json.beginArray()
                for case .orderEnded(let end) in outcome.events { json.canceledOrder(end.order, format) }
                json.endArray()
            }
        }
    }

    /// The dead man's switch: `countdown` milliseconds, 0 to disarm; without `symbol` of all markets.
    @Sendable static func cancelAllAfter(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let countdown = try call.parameters.integer("countdown", in: 0...Limits.longestCountdown)
        let format = try call.marketIfGiven()?.requiring(call.wallet.marketKind)
        let command = SetCancelCountdown(account: account, market: format?.market.id, countdown: countdown)
        return CommandCall(command: .setCancelCountdown(command)) { outcome in
            .json(capacity: 128) { json in
                json.beginObject()
                if let format { json.field("symbol", format.market.symbol) }
                json.field("countdown", countdown)
                for case .cancelCountdownSet(let it) in outcome.events where it.at != .never {
                    json.field("cancelTime", it.at.milliseconds)
                }
                json.endObject()
            }
        }
    }

    /// One order cancelled and another placed, each with its own result: 200 when both succeed, else 409.
    @Sendable static func cancelReplace(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let translation = try OrderTranslation(call.parameters)
        let mode: CancelReplaceMode = try call.parameters.choice(ifGiven: "cancelReplaceMode") ?? .stopOnFailure
        let (reference, parameter) = try call.parameters.orderReference("cancelOrderId", "cancelOrigClientOrderId")
        let format = try call.directory.format(symbol: translation.symbol).requiring(.spot)
        let cancel = CancelOrder(account: account, market: format.market.id, order: reference)
        let table = RefusalTable(directory: call.directory, orderParameter: parameter)
        let canceled = try await attempt(.cancelOrder(cancel), account, call.node, table)
        guard (try? canceled.get()) != nil || mode == .allowFailure else {
            return answer(canceled, nil, format, translation.responseType)
        }
        let placed = try await attempt(translation.command(of: account, in: format), account, call.node, table)
        return answer(canceled, placed, format, translation.responseType)
    }

    private enum CancelReplaceMode: String {
        case stopOnFailure = "STOP_ON_FAILURE"
        case allowFailure = "ALLOW_FAILURE"
    }

    private static func attempt(
        _ command: Command, _ account: AccountID, _ node: Node, _ table: RefusalTable
    ) async throws -> Result<OrderOutcome, APIError> {
        let outcome = try await node.submit(command)
        return Result { () throws(APIError) in
            guard let result = OrderOutcome(try table.accepted(outcome), account: account) else { throw .unexpected }
            return result
        }
    }

    private static func answer(
        _ canceled: Result<OrderOutcome, APIError>, _ placed: Result<OrderOutcome, APIError>?, _ format: MarketFormat,
        _ type: ResponseType
    ) -> APIResponse {
        let succeeded = (try? canceled.get()) != nil && (try? placed?.get()) != nil
        return .json(status: succeeded ? 200 : 409, capacity: 1_536) { json in
            json.beginObject()
            json.field("cancelResult", word(canceled))
            json.field("newOrderResult", word(placed))
            json.key("cancelResponse")
            json.result(canceled) { json, result in json.canceledOrder(result.order, format) }
            json.key("newOrderResponse")
            if let placed {
                json.result(placed) { json, result in json.placement(result, format, type) }
            } else {
                json.null()
            }
            json.endObject()
        }
    }

    private static func word(_ result: Result<OrderOutcome, APIError>?) -> String {
        switch result {
        case .success: "SUCCESS"
        case .failure: "FAILURE"
        case nil: "NOT_ATTEMPTED"
        }
    }
}

extension JSONWriter {
    /// What was answered, or the error in its place.
    mutating func result<Success>(
        _ result: Result<Success, APIError>, _ body: (inout JSONWriter, Success) -> Void
    ) {
        switch result {
        case .success(let success): body(&self, success)
        case .failure(let error): error.write(into: &self)
        }
    }
}
