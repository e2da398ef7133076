/// Finds the route of a request by one look-up of its path.
struct Router: Sendable {
    private let entries: [String: [Route]]
    /// Routes whose last component varies, by what stands before it.
    private let families: [String: [Route]]

    /// The routes' paths and methods must be distinct.
    init(_ routes: [Route]) {
        var entries: [String: [Route]] = [:]
        for route in routes {
            precondition(
                entries[route.path]?.contains { $0.method == route.method } != true,
                "two routes for \(route.method.rawValue) \(route.path)")
            entries[route.path, default: []].append(route)
        }
        families = Dictionary(
            grouping: entries.filter { $0.key.hasSuffix("}") }.flatMap(\.value), by: { Self.stem(of: $0.path) })
        self.entries = entries
    }

    enum Finding {
        case route(Route)
        /// The path is there, under these methods.
        case otherMethods(allow: String, group: RouteGroup)
        case nothing
    }

    func find(method: String, path: String) -> Finding {
        guard let routes = entries[path] ?? family(of: path) else { return .nothing }
        if let route = routes.first(where: { $0.method.rawValue == method }) { return .route(route) }
        let allowed = routes.map(\.method.rawValue).sorted()
        return .otherMethods(allow: allowed.joined(separator: ", "), group: routes[0].group)
    }

    private func family(of path: String) -> [Route]? {
        families.isEmpty || path.hasSuffix("/") ? nil : families[Self.stem(of: path)]
    }

    private static func stem(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? path
    }
}
