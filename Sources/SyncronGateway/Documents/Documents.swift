import Foundation
import NIOCore

/// The documents of one exchange, made once.
final class Documents: Sendable {
    let routes: [Route]
    let openAPI: ByteBuffer
    let swaggerStyles: ByteBuffer?
    let swaggerScript: ByteBuffer?

    /// `swaggerUI`: the folder with its files, where it is installed.
    init(_ routes: [Route], swaggerUI: String?) {
        self.routes = routes
        openAPI = OpenAPI.document(of: routes)
        func read(_ name: String) -> ByteBuffer? {
            swaggerUI.flatMap { FileManager.default.contents(atPath: "\($0)/\(name)") }.map { ByteBuffer(bytes: $0) }
        }
        swaggerStyles = read("swagger-ui.css")
        swaggerScript = read("swagger-ui-bundle.js")
    }

    var hasSwaggerUI: Bool { swaggerStyles != nil && swaggerScript != nil }
}
