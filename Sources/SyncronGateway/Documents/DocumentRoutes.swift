import NIOCore
import SyncronWire

/// The documents that the exchange shows about itself.
enum DocumentRoutes {
    @Sendable static func openAPI(_ call: Call) throws(APIError) -> APIResponse {
        APIResponse(body: call.services.documents.openAPI)
    }

    /// Swagger UI where it was installed, else a plain listing.
    @Sendable static func docs(_ call: Call) throws(APIError) -> APIResponse {
        let documents = call.services.documents
        return .html(documents.hasSwaggerUI ? HTMLPages.swaggerUI : HTMLPages.listing(documents.routes))
    }

    @Sendable static func front(_ call: Call) throws(APIError) -> APIResponse {
        .html(HTMLPages.front(call.services.documents.routes, isSandbox: call.node.isSandbox))
    }

    @Sendable static func styles(_ call: Call) throws(APIError) -> APIResponse {
        try file(call.services.documents.swaggerStyles, "text/css")
    }

    @Sendable static func script(_ call: Call) throws(APIError) -> APIResponse {
        try file(call.services.documents.swaggerScript, "text/javascript")
    }

    private static func file(_ bytes: ByteBuffer?, _ type: String) throws(APIError) -> APIResponse {
        guard let bytes else { throw .invalidFormat("Swagger UI is not installed here", status: 404) }
        return APIResponse(headers: [("Cache-Control", "max-age=3600")], body: bytes, contentType: type)
    }
}

extension APIResponse {
    fileprivate static func html(_ text: String) -> APIResponse {
        APIResponse(body: ByteBuffer(string: text), contentType: "text/html; charset=utf-8")
    }
}
