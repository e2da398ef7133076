import Synchronization
import SyncronCore
import SyncronNode
import SyncronWire

/// Several orders with one request.
enum OrderGroupRoutes {
    /// A limit order and a stop order of which one cancels the other.
    @Sendable static func placeList(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let parameters = call.parameters
        let symbol = try parameters.text("symbol")
        let side: Side = try parameters.named("side")
        let quantity = try parameters.decimal("quantity")
        let price = try parameters.decimal("price")
        let stopPrice = try parameters.decimal("stopPrice")
        let stopLimitPrice = try parameters.decimal(ifGiven: "stopLimitPrice")
        let timeInForce: TimeInForce? = try parameters.named(ifGiven: "stopLimitTimeInForce")
        if timeInForce != nil && stopLimitPrice == nil {
            throw .invalidParameter("stopLimitTimeInForce", "only with stopLimitPrice")
        }
        let selfTradePrevention: SelfTradePrevention? = try parameters.named(ifGiven: "selfTradePreventionMode")
        let limitName = try parameters.orderName("limitClientOrderId")
        let stopName = try parameters.orderName("stopClientOrderId")
        let format = try call.directory.format(symbol: symbol).requiring(.spot)
        let list = PlaceOrderList(
            account: account, market: format.market.id, side: side, quantity: format.steps(quantity),
            limitPrice: format.ticks(price), stopPrice: format.ticks(stopPrice),
            stopLimit: stopLimitPrice.map {
                PlaceOrderList.StopLimit(price: format.ticks($0), timeInForce: timeInForce ?? .gtc)
            },
            selfTradePrevention: selfTradePrevention ?? .expireMaker, limitClientOrderID: limitName,
            stopClientOrderID: stopName)
        return CommandCall(command: .placeOrderList(list)) { outcome in
            .json(capacity: 1_536) { json in
                let orders = outcome.events.compactMap { event in
                    if case .orderAccepted(let order) = event { order } else { nil }
                }
                json.beginObject()
                json.field("orderListId", orders.first?.list?.raw ?? 0)
                json.key("orders")
                json.beginArray()
                for order in orders { json.order(order, format) { _ in } }
                json.endArray()
                json.endObject()
            }
        }
    }

    /// At most so many orders in one batch.
    static let mostOrders = 20

    /// Each order with its own result, in order; a refused one is its error.
    @Sendable static func placeOrders(_ call: Call) async throws -> APIResponse {
        let account = try call.account()
        guard let items = try call.parameters.json("orders").items, items.allSatisfy({ $0.members != nil }) else {
            throw APIError.invalidParameter("orders", "must be an array of orders")
        }
        guard (1...mostOrders).contains(items.count) else {
            throw APIError.invalidParameter("orders", "must be 1 to \(mostOrders) orders")
        }
        var results = items.map { attempt($0, call, account) }
        let standing = call.services.gatekeeper.orderStanding(of: account, group: .trading)
        let accepted = results.indices.filter { (try? results[$0].get()) != nil }
        let outcomes = await submit(try accepted.map { try results[$0].get().command }, to: call.node)
        for (index, outcome) in zip(accepted, outcomes) {
            results[index] = result(of: outcome, try results[index].get(), account.id, call.directory)
        }
        var response = APIResponse.json(capacity: 768 * results.count) { json in
            json.beginArray()
            for result in results {
                json.result(result) { json, placement in
                    guard let outcome = placement.outcome else { return APIError.unexpected.write(into: &json) }
                    json.placement(outcome, placement.format, placement.responseType)
                }
            }
            json.endArray()
        }
        response.orderStanding = standing
        return response
    }

    private struct Placement: Sendable {
        var command: Command
        var format: MarketFormat
        var responseType: ResponseType
        var outcome: OrderOutcome?
    }

    private static func attempt(
        _ item: JSONValue, _ call: Call, _ account: Account
    ) -> Result<Placement, APIError> {
        Result { () throws(APIError) in
            if let refusal = call.services.gatekeeper.chargeOrder(to: account, group: .trading) { throw refusal }
            let translation = try OrderTranslation(try Parameters(object: item))
            let format = try call.directory.format(symbol: translation.symbol).requiring(.spot)
            return Placement(
                command: translation.command(of: account.id, in: format), format: format,
                responseType: translation.responseType)
        }
    }

    private static func result(
        of outcome: Result<Outcome, Unavailable>, _ placement: Placement, _ account: AccountID, _ directory: Directory
    ) -> Result<Placement, APIError> {
        switch outcome {
        case .failure(let unavailable): return .failure(APIError(unavailable))
        case .success(let outcome):
            return Result { () throws(APIError) in
                var placement = placement
                let accepted = try RefusalTable(directory: directory).accepted(outcome)
                placement.outcome = OrderOutcome(accepted, account: account)
                return placement
            }
        }
    }

    /// Submits all commands one behind the other, so that they are applied in their order, and waits for all.
    private static func submit(_ commands: [Command], to node: Node) async -> [Result<Outcome, Unavailable>] {
        if commands.isEmpty { return [] }
        return await withCheckedContinuation { continuation in
            let outcomes = Outcomes(count: commands.count)
            for (index, command) in commands.enumerated() {
                node.submit(command) { result in
                    if let all = outcomes.put(result, at: index) { continuation.resume(returning: all) }
                }
            }
        }
    }

    /// Gathers what arrives on the writer's thread.
    private final class Outcomes: Sendable {
        private let results: Mutex<[Result<Outcome, Unavailable>?]>

        init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }

        /// All of them, with the last one.
        func put(_ result: Result<Outcome, Unavailable>, at index: Int) -> [Result<Outcome, Unavailable>]? {
            results.withLock { results in
                results[index] = result
                let arrived = results.compactMap(\.self)
                return arrived.count == results.count ? arrived : nil
            }
        }
    }
}
