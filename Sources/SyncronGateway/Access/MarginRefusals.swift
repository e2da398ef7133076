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
        case .noAccount: APIError(status: 404, code: -3001, message: "Margin account not found")
        case .loanNotPositive:
            APIError(status: 400, code: -3002, message: "Loan amount must be positive").with("parameter", "amount")
        case .collateralNeeded:
            APIError(status: 409, code: -3005, message: "Risk ratio too high").with("parameter", "amount")
        case .beyondMaxBorrowable: APIError(status: 409, code: -3007, message: "Maximum loan exceeded")
        case .belowBorrowThreshold: APIError(status: 409, code: -3008, message: "Margin level too low")
        case .tradingNotPermitted: APIError(status: 409, code: -3009, message: "Trading not allowed")
        case .wouldLiquidate: APIError(status: 409, code: -3010, message: "Order would fall below maintenance")
        case .noCollateral: APIError(status: 409, code: -3011, message: "Insufficient collateral")
        case .liquidating: APIError(status: 409, code: -3013, message: "Account is in liquidation")
        case .tooManyOrders:
            APIError(status: 409, code: -3014, message: "Too many open margin orders").with("parameter", "symbol")
        }
    }

    /// The same figures under margin's own code.
    var insufficientForTransfer: APIError {
        var error = self
        (error.code, error.message) = (-3006, "Insufficient balance for transfer")
        return error
    }

    var insufficientForMarginOrder: APIError {
        var error = self
        (error.code, error.message) = (-3015, "Order exceeds available balance")
        return error
    }
}
