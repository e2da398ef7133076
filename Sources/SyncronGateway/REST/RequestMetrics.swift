import SyncronNode
import SyncronWire

/// What the gateway counts: latencies by group, the order route's apart, and refusals by code.
final class RequestMetrics: Sendable {
    private let byGroup: [Histogram]
    private let orderAcknowledgement: Histogram
    private let refusals: [Int: Counter]
    private let otherRefusals: Counter

    private static let knownCodes = 1_000...1_010

    init(_ registry: MetricRegistry) {
        byGroup = RouteGroup.allCases.map { group in
            registry.histogram(
                "syncron_request_seconds", help: "Time from a complete request to its answer.",
                labels: [("group", "\(group)")])
        }
        orderAcknowledgement = registry.histogram(
            "syncron_order_ack_seconds", help: "Time from a complete order request to its durable acknowledgement.")
        func refusal(_ code: String) -> Counter {
            registry.counter("syncron_refusals_total", help: "Refused requests by code.", labels: [("code", code)])
        }
        refusals = Dictionary(uniqueKeysWithValues: Self.knownCodes.map { ($0, refusal(String($0))) })
        otherRefusals = refusal("other")
    }

    /// `group` is nil for a request that found no route.
    func record(nanoseconds: UInt64, group: RouteGroup?, isOrder: Bool, refusal code: Int?) {
        if let group { byGroup[Int(group.rawValue)].record(nanoseconds) }
        if let code {
            (refusals[code] ?? otherRefusals).add()
        } else if isOrder {
            orderAcknowledgement.record(nanoseconds)
        }
    }
}

/// One request on its way to its answer.
struct Answering: Sendable {
    /// Nanoseconds of the monotonic clock.
    let startedAt: UInt64
    let metrics: RequestMetrics

    /// The answer as it is sent: with the caller's standing in its headers, and counted.
    func finish(
        _ result: Result<APIResponse, any Error>, _ route: Route?, _ standing: RateStanding?
    ) -> APIResponse {
        var response: APIResponse
        var refusal: Int?
        switch result {
        case .success(let answer): response = answer
        case .failure(let error):
            let error = APIError(answering: error)
            refusal = error.code
            response = APIResponse(error)
        }
        if var standing {
            if let orders = response.orderStanding { standing.showOrders(of: orders) }
            response.add(standing, isOrderRoute: route.map { $0.orderRate != .none } ?? false)
        }
        metrics.record(
            nanoseconds: WallClock.monotonicNanoseconds() - startedAt, group: route?.group,
            isOrder: route?.orderRate == .counted, refusal: refusal)
        return response
    }
}

extension APIResponse {
    fileprivate mutating func add(_ standing: RateStanding, isOrderRoute: Bool) {
        headers.reserveCapacity(headers.count + (isOrderRoute ? 5 : 3))
        headers.append(("X-SYNCRON-RATELIMIT-LIMIT", String(standing.limit)))
        headers.append(("X-SYNCRON-RATELIMIT-REMAINING", String(standing.remaining)))
        headers.append(("X-SYNCRON-RATELIMIT-RESET", String(standing.reset)))
        guard isOrderRoute else { return }
        headers.append(("X-SYNCRON-ORDERLIMIT-LIMIT", String(standing.orderLimit)))
        headers.append(("X-SYNCRON-ORDERLIMIT-REMAINING", String(standing.orderRemaining)))
    }
}
