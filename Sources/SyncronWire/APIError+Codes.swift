/// The contract's codes. Messages are its sentences; what exactly was wrong stands in `details`.
extension APIError {
    public static var unknown: APIError { APIError(status: 500, code: 1000, message: "Unknown error") }

    /// The engine is stopping, full or not reachable: nothing was accepted.
    public static func disconnected(_ reason: String? = nil, retryAfter: Int? = 1) -> APIError {
        APIError(status: 503, code: 1001, message: "Disconnected", retryAfter: retryAfter).with("reason", reason)
    }

    /// Who asks is not established.
    public static func unauthorized(_ reason: String? = nil) -> APIError {
        APIError(status: 401, code: 1002, message: "Unauthorized").with("reason", reason)
    }

    /// Who asks is known but may not do this.
    public static func forbidden(_ reason: String? = nil) -> APIError {
        APIError(status: 403, code: 1002, message: "Unauthorized").with("reason", reason)
    }

    public static func tooManyRequests(retryAfter: Int?, _ reason: String? = nil) -> APIError {
        APIError(status: 429, code: 1003, message: "Too many requests", retryAfter: retryAfter).with("reason", reason)
    }

    public static var unexpected: APIError { APIError(status: 500, code: 1004, message: "Unexpected server error") }

    /// What was sent cannot be parsed.
    public static func invalidFormat(_ reason: String, status: Int = 400) -> APIError {
        APIError(status: status, code: 1005, message: "Invalid request format").with("reason", reason)
    }

    public static var noSuchRoute: APIError { invalidFormat("no such route", status: 404) }

    /// `allow` lists the route's methods, separated by commas.
    public static func methodNotAllowed(allow: String) -> APIError {
        var error = invalidFormat("method not allowed", status: 405)
        error.allow = allow
        return error
    }

    public static var bodyTooLarge: APIError { invalidFormat("body too large", status: 413) }

    public static func invalidParameter(_ name: String, _ reason: String? = nil, status: Int = 400) -> APIError {
        APIError(status: status, code: 1006, message: "Invalid parameter")
            .with("parameter", String(name.prefix(longestName))).with("reason", reason)
    }

    public static func missingParameter(_ name: String) -> APIError { invalidParameter(name, "missing") }

    /// A filter that concerns the request itself.
    public static func filterFailure(_ filter: String, parameter: String, _ reason: String? = nil) -> APIError {
        APIError(status: 400, code: 1006, message: "Invalid parameter")
            .with("parameter", parameter).with("filter", filter).with("reason", reason)
    }

    public static func wouldLiquidate(_ reason: String? = nil) -> APIError {
        APIError(status: 409, code: 1007, message: "Order would trigger immediate liquidation").with("reason", reason)
    }

    /// `required` and `available` are decimal text at the asset's precision.
    public static func insufficientBalance(asset: String, required: String, available: String) -> APIError {
        APIError(
            status: 409, code: 1008, message: "Account has insufficient balance",
            details: ["asset": asset, "required": required, "available": available])
    }

    public static func marketClosed(_ reason: String? = nil) -> APIError {
        APIError(status: 409, code: 1009, message: "Market is closed").with("reason", reason)
    }

    /// A filter that concerns the exchange's present state.
    public static func riskFilter(_ filter: String, parameter: String? = nil) -> APIError {
        APIError(status: 409, code: 1010, message: "Order would trigger risk management filter")
            .with("parameter", parameter).with("filter", filter)
    }

    /// In characters: a client's own nonsense is not repeated to it at length.
    private static let longestName = 64
}
