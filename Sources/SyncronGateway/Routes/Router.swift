/// Finds the route of a request by one look-up of its path.
struct Router: Sendable {
    private let entries: [String: [Route]]

    /// The routes' paths and methods must be distinct.
    init(_ routes: [Route]) {
        var entries: [String: [Route]] = [:]
        for route in routes {
            precondition(
                entries[route.path]?.contains { $0.method == route.method } != true,
                "two routes for \(route.method.rawValue) \(route.path)")
            entries[route.path, default: []].append(route)
        }
        self.entries = entries
    }

    enum Finding {
        case route(Route)
        /// The path is there, under these methods.
        case otherMethods(allow: String, group: RouteGroup)
        case nothing
    }

    func find(method: String, path: String) -> Finding {
        guard let routes = entries[path] else { return .nothing }
        if let route = routes.first(where: { $0.method.rawValue == method }) { return .route(route) }
        let allowed = routes.map(\.method.rawValue).sorted()
        return .otherMethods(allow: allowed.joined(separator: ", "), group: routes[0].group)
    }
}
