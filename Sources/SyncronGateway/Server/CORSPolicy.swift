extension APIServer {
    /// Whether `text` can be told to a browser as the origin of pages: `*`, or scheme, host and perhaps a port, as in
    /// `https://app.example.com:8443`, with nothing behind.
    public static func isOrigin(_ text: String) -> Bool {
        if text == "*" { return true }
        return text.wholeMatch(of: /https?:\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?/) != nil
    }
}

/// Which pages of other origins may read answers.
struct CORSPolicy: Sendable {
    /// One origin, or `*` for every one.
    let origin: String

    init?(_ origin: String?) {
        guard let origin, !origin.isEmpty else { return nil }
        self.origin = origin
    }

    private func admits(_ asker: String) -> Bool { origin == "*" || origin == asker }

    private static let exposed =
        "X-Request-Id, Retry-After, X-SYNCRON-RATELIMIT-LIMIT, X-SYNCRON-RATELIMIT-REMAINING, "
        + "X-SYNCRON-RATELIMIT-RESET, X-SYNCRON-ORDERLIMIT-LIMIT, X-SYNCRON-ORDERLIMIT-REMAINING"

    /// The fields of an answer to a page of the origin `asker`; nil: not a page's request.
    func headers(for asker: String?) -> [(String, String)] {
        guard let asker, admits(asker) else { return origin == "*" ? [] : [("Vary", "Origin")] }
        var headers = [("Access-Control-Allow-Origin", origin), ("Access-Control-Expose-Headers", Self.exposed)]
        if origin != "*" { headers.append(("Vary", "Origin")) }
        return headers
    }

    /// What the answer to a preflight has besides.
    func preflightHeaders(for asker: String?) -> [(String, String)] {
        guard let asker, admits(asker) else { return [] }
        return [
            ("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE"),
            ("Access-Control-Allow-Headers", "Authorization, Content-Type, X-API-KEY, X-Request-Id"),
            ("Access-Control-Max-Age", "600"),
        ]
    }
}
