import NIOCore
import SyncronNode
import SyncronWire

/// For whoever watches the exchange, not for those who trade on it.
enum OperationsRoutes {
    @Sendable static func live(_ call: Call) throws(APIError) -> APIResponse { status("live") }

    /// 503 while the exchange takes no commands, so that a load balancer sends nothing more.
    @Sendable static func ready(_ call: Call) async throws -> APIResponse {
        if let refusal = await call.node.refusal() { throw APIError(refusal) }
        return status("ready")
    }

    @Sendable static func metrics(_ call: Call) throws(APIError) -> APIResponse {
        APIResponse(
            body: ByteBuffer(string: call.node.metrics.registry.render()),
            contentType: "text/plain; version=0.0.4; charset=utf-8")
    }

    private static func status(_ word: String) -> APIResponse {
        .json { json in
            json.beginObject()
            json.field("status", word)
            json.endObject()
        }
    }
}
