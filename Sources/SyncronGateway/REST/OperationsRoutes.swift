import NIOCore
import SyncronNode
import SyncronWire

/// For whoever watches the exchange, not for those who trade on it.
enum OperationsRoutes {
    @Sendable static func live(_ call: Call) throws(APIError) -> APIResponse { status("live") }

    /// 503 while the exchange takes no commands, so that a load balancer sends nothing more.
    @Sendable static func ready(_ call: Call) throws(APIError) -> APIResponse {
        guard call.node.isReady else { throw .disconnected("the exchange is stopping") }
        return status("ready")
    }

    @Sendable static func metrics(_ call: Call) throws(APIError) -> APIResponse {
        APIResponse(
            body: ByteBuffer(string: call.node.metrics.registry.render()),
            contentType: "text/plain; version=0.0.4; charset=utf-8")
    }

    @Sendable static func front(_ call: Call) throws(APIError) -> APIResponse {
        let lines = RouteTable.all.filter { call.services.offers($0) }.map { route in
            let method = route.method.rawValue
            return method + String(repeating: " ", count: 7 - method.count) + route.path + "  " + route.summary
        }
        return APIResponse(
            body: ByteBuffer(string: "Syncron\n\n" + lines.joined(separator: "\n") + "\n"),
            contentType: "text/plain; charset=utf-8")
    }

    private static func status(_ word: String) -> APIResponse {
        .json { json in
            json.beginObject()
            json.field("status", word)
            json.endObject()
        }
    }
}
