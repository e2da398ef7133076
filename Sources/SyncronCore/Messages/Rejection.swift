/// Why a command was refused. A refused command changes nothing.
///
/// The cases stand in order of precedence: of several that apply, the first is the answer.
public enum Rejection: Error, Sendable, Hashable {
    /// The exchange has begun already, or has not yet.
    case outOfPlace
    case unknownAccount
    /// The account may not trade.
    case tradingDisabled
    /// The value is out of its range or of the wrong form.
    case invalid(Parameter)
    /// What is asked for contradicts what is recorded.
    case conflict(Parameter)
    case unknownAsset
    case unknownMarket
    case marketClosed(MarketStatus)
    /// A property of the order alone: its price, quantity or notional is outside the market's bounds.
    case filter(Filter, Parameter)
    /// A bound that depends on the state of the market, the account or the exchange.
    case risk(RiskFilter)
    case duplicateClientOrderID
    case insufficientBalance(asset: AssetID, required: Units, available: Units)
    case unknownOrder
    case unknownAPIKey
    case unknownListenKey
    /// The account may not withdraw.
    case withdrawalsDisabled
    case unknownWithdrawal
    /// A rule of the margin wallet.
    case margin(Margin)
    /// As `insufficientBalance`, of a transfer into or out of the margin wallet.
    case insufficientForTransfer(asset: AssetID, required: Units, available: Units)
    /// As `insufficientBalance`, of an order of the margin wallet.
    case insufficientForMarginOrder(asset: AssetID, required: Units, available: Units)
    /// What the asset is worth is not known.
    case noIndexPrice(AssetID)
    /// The order's fill would leave less than the maintenance margin.
    case belowMaintenance

    /// The parameter of a command that a refusal is about.
    public enum Parameter: UInt8, Sendable, Hashable {
        case price, quantity, quoteOrderQty, clientOrderID
        case email, level, commissionTier, requestsPerMinute, ordersPerSecond, marginLeverage
        case key, name, permissions, ipRestrictions, expiresAt, ed25519PublicKey
        case asset, decimals, networks, network, withdrawalFee
        case symbol, baseAsset, quoteAsset, pricePrecision, quantityPrecision, tickSize, stepSize
        case minPrice, maxPrice, minQty, maxQty, minNotional, maxNotional, multipliers, limit, commissions
        case amount, txID, status
        case type, stopPrice, trailingDelta, icebergQty, cancelAfter, countdown
        case address = 64, clientWithdrawID, reason, id, to, password, secondFactor,
            stopLimitPrice, limitClientOrderID, stopClientOrderID
        case collateralRatio = 96, dailyInterest, sideEffectType, index
        case leverage = 128, timeInForce, marginType, positionSide, reduceOnly, closePosition, callbackRate,
            activationPrice,
            brackets
    }

    /// What margin has codes of its own for.
    public enum Margin: UInt8, Sendable, Hashable {
        case amountNotPositive, assetNotSupported, withdrawalNotPermitted
        /// The account has no margin wallet yet.
        case noAccount
        case loanNotPositive
        /// The collateral level would not be above 2.
        case collateralNeeded
        /// More than `maxBorrowable`.
        case beyondMaxBorrowable
        case belowBorrowThreshold
        case tradingNotPermitted
        /// A full fill would bring the margin level to the liquidation level or below.
        case wouldLiquidate
        case noCollateral
        case liquidating
        case tooManyOrders
    }

    /// The filters whose refusal concerns the request itself.
    public enum Filter: UInt8, Sendable, Hashable {
        case priceFilter, lotSize, marketLotSize, notional
    }

    /// The filters whose refusal concerns the exchange's present state.
    public enum RiskFilter: UInt8, Sendable, Hashable {
        case percentPriceBySide, maxNumOrders, maxPosition, postOnly, exchangeLimit
        case icebergParts, maxNumAlgoOrders, trigger
        case reduceOnly, maxNotional, openPosition, noPosition
        /// Of a list: as `trigger`, and it is the limit price that is on the wrong side.
        case limitOfList
        /// Of a list: as `percentPriceBySide`, of the price at which the stop leg would stand.
        case percentPriceOfStopLimit
    }
}
