import SyncronCore
import SyncronNode
import SyncronWire

/// What a client is told when the exchange refuses: every reason that the core knows, in the API's words.
///
/// There is no default: a new `Rejection` does not compile until it has its answer here.
struct RefusalTable: Sendable {
    let directory: Directory
    /// The parameter by which the client named the order.
    var orderParameter = "orderId"
    /// The parameter that met a bound of risk; nil for the one that the bound speaks of.
    var riskParameter: String?

    /// The outcome of a command that was accepted; a refusal is thrown.
    func accepted(_ outcome: Outcome) throws(APIError) -> Outcome {
        if let rejection = outcome.rejection { throw error(for: rejection) }
        return outcome
    }

    func error(for rejection: Rejection) -> APIError {
        switch rejection {
        case .outOfPlace: .unexpected
        case .unknownAccount: .invalidParameter("accountId", "no such account", status: 404)
        case .tradingDisabled: .forbidden("the account may not trade")
        case .invalid(let parameter): .invalidParameter(parameter.wireName)
        case .conflict(let parameter):
            .invalidParameter(parameter.wireName, "contradicts what is recorded", status: 409)
        case .unknownAsset: .invalidParameter("asset", "no such asset")
        case .unknownMarket: .invalidParameter("symbol", "no such market")
        case .marketClosed(let status): .marketClosed().with("status", status.wireName)
        case .filter(let filter, let parameter): .filterFailure(filter.wireName, parameter: parameter.wireName)
        case .risk(let filter): .riskFilter(filter.wireName, parameter: riskParameter ?? filter.parameter)
        case .duplicateClientOrderID: .invalidParameter("newClientOrderId", "an open order has this id")
        case .insufficientBalance(let asset, let required, let available):
            insufficientBalance(asset, required, available)
        case .unknownOrder: .invalidParameter(orderParameter, "no such open order", status: 404)
        case .unknownAPIKey: .invalidParameter("key", "no such API key", status: 404)
        case .unknownListenKey: .invalidParameter("listenKey", "no such listen key", status: 404)
        case .withdrawalsDisabled: .forbidden("the account may not withdraw")
        case .unknownWithdrawal: .invalidParameter("id", "no such withdrawal", status: 404)
        case .margin(let rule): .margin(rule)
        case .insufficientForTransfer(let asset, let required, let available):
            insufficientBalance(asset, required, available).insufficientForTransfer
        case .insufficientForMarginOrder(let asset, let required, let available):
            insufficientBalance(asset, required, available).insufficientForMarginOrder
        case .noIndexPrice(let asset):
            APIError(status: 409, code: 1009, message: "No index price").with(
                "asset", directory.asset(asset)?.name ?? "")
        case .belowMaintenance: .wouldLiquidate("the fill would leave less than the maintenance margin")
        }
    }

    private func insufficientBalance(_ id: AssetID, _ required: Units, _ available: Units) -> APIError {
        let asset = directory.asset(id)
        let decimals = Int(asset?.decimals ?? 0)
        return .insufficientBalance(
            asset: asset?.name ?? "", required: DecimalText.fixed(required.raw, decimals: decimals),
            available: DecimalText.fixed(available.raw, decimals: decimals))
    }
}

extension APIError {
    /// The exchange took nothing: it is full, stopping, or without space.
    init(_ unavailable: Unavailable) {
        switch unavailable {
        case .inboxFull: self = .disconnected("the exchange is busy")
        case .stopping: self = .disconnected("the exchange is stopping")
        case .noSpace: self = .disconnected("the exchange has no space for new commands")
        case .historyBehind: self = .disconnected("the history is catching up")
        case .notManual:
            self = .invalidParameter("milliseconds", "the exchange follows the system's clock", status: 409)
        }
    }

    /// What a handler threw, without the inside of what was not foreseen.
    init(answering error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as Unavailable: self.init(error)
        default: self = .unexpected
        }
    }
}

extension Rejection.Filter {
    var wireName: String {
        switch self {
        case .priceFilter: "PRICE_FILTER"
        case .lotSize: "LOT_SIZE"
        case .marketLotSize: "MARKET_LOT_SIZE"
        case .notional: "NOTIONAL"
        }
    }
}

extension Rejection.RiskFilter {
    var wireName: String {
        switch self {
        case .percentPriceBySide, .percentPriceOfStopLimit: "PERCENT_PRICE_BY_SIDE"
        case .icebergParts: "ICEBERG_PARTS"
        case .maxNumAlgoOrders: "MAX_NUM_ALGO_ORDERS"
        case .trigger, .limitOfList: "TRIGGER"
        case .maxNumOrders: "MAX_NUM_ORDERS"
        case .maxPosition: "MAX_POSITION"
        case .postOnly: "POST_ONLY"
        case .exchangeLimit: "EXCHANGE_LIMIT"
        case .reduceOnly: "REDUCE_ONLY"
        case .maxNotional: "MAX_NOTIONAL"
        case .openPosition: "OPEN_POSITION"
        case .noPosition: "NO_POSITION"
        }
    }

    /// The parameter whose value met the bound, where it is one.
    var parameter: String? {
        switch self {
        case .percentPriceBySide, .postOnly, .limitOfList: "price"
        case .percentPriceOfStopLimit: "stopLimitPrice"
        case .trigger: "stopPrice"
        case .icebergParts: "icebergQty"
        case .maxPosition, .maxNotional: "quantity"
        case .maxNumOrders, .maxNumAlgoOrders, .openPosition, .noPosition: "symbol"
        case .reduceOnly: "reduceOnly"
        case .exchangeLimit: nil
        }
    }
}

extension Rejection.Parameter {
    var wireName: String {
        switch self {
        case .price: "price"
        case .quantity: "quantity"
        case .quoteOrderQty: "quoteOrderQty"
        case .type: "type"
        case .stopPrice: "stopPrice"
        case .trailingDelta: "trailingDelta"
        case .icebergQty: "icebergQty"
        case .cancelAfter: "cancelAfter"
        case .countdown: "countdown"
        case .clientOrderID: "newClientOrderId"
        case .email: "email"
        case .level: "level"
        case .commissionTier: "commissionTier"
        case .requestsPerMinute: "requestsPerMinute"
        case .ordersPerSecond: "ordersPerSecond"
        case .marginLeverage: "marginLeverage"
        case .key: "key"
        case .name: "name"
        case .permissions: "permissions"
        case .ipRestrictions: "ipRestrictions"
        case .expiresAt: "expiresAt"
        case .ed25519PublicKey: "ed25519PublicKey"
        case .asset: "asset"
        case .decimals: "decimals"
        case .networks: "networks"
        case .network: "network"
        case .withdrawalFee: "withdrawalFee"
        case .symbol: "symbol"
        case .baseAsset: "baseAsset"
        case .quoteAsset: "quoteAsset"
        case .pricePrecision: "pricePrecision"
        case .quantityPrecision: "quantityPrecision"
        case .tickSize: "tickSize"
        case .stepSize: "stepSize"
        case .minPrice: "minPrice"
        case .maxPrice: "maxPrice"
        case .minQty: "minQty"
        case .maxQty: "maxQty"
        case .minNotional: "minNotional"
        case .maxNotional: "maxNotional"
        case .multipliers: "multipliers"
        case .limit: "limit"
        case .commissions: "commissions"
        case .amount: "amount"
        case .txID: "txId"
        case .status: "status"
        case .address: "address"
        case .clientWithdrawID: "clientWithdrawId"
        case .reason: "reason"
        case .collateralRatio: "collateralRatio"
        case .dailyInterest: "dailyInterestRate"
        case .sideEffectType: "sideEffectType"
        case .index: "index"
        case .leverage: "leverage"
        case .timeInForce: "timeInForce"
        case .marginType: "marginType"
        case .positionSide: "positionSide"
        case .reduceOnly: "reduceOnly"
        case .closePosition: "closePosition"
        case .callbackRate: "callbackRate"
        case .activationPrice: "activationPrice"
        case .brackets: "brackets"
        case .id: "id"
        case .to: "to"
        case .password: "password"
        case .secondFactor: "twoFactorCode"
        case .stopLimitPrice: "stopLimitPrice"
        case .limitClientOrderID: "limitClientOrderId"
        case .stopClientOrderID: "stopClientOrderId"
        }
    }
}
