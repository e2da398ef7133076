import SyncronCore
import SyncronWire

/// The codes that margin has for itself.
extension APIError {
    static func margin(_ rule: Rejection.Margin) -> APIError {
        switch rule {
        case .assetNotSupported:
            APIError(status: 400, code: -3003, message: "Asset not supported").with("parameter", "asset")
        case .amountNotPositive:
            APIError(status: 400, code: -3004, message: "Transfer amount must be positive").with("parameter", "amount")
        case .withdrawalNotPermitted:
            APIError(status: 409, code: -3012, message: "Withdrawal not permitted")
        }
    }

    /// The same figures under margin's own code.
    var insufficientForTransfer: APIError {
        var error = self
        (error.code, error.message) = (-3006, "Insufficient balance for transfer")
        return error
    }
}
