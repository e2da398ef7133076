import SyncronCore
import SyncronWire

extension FilterFigures {
    /// What a market's filters are when nothing is said about them.
    static let standard: FilterFigures = {
        let percent = PercentPrice()
        return [
            FilterField(.notional, "minNotional"): .string("0"),
            FilterField(.percentPrice, "bidMultiplierUp"): .rate(percent.bidUp),
            FilterField(.percentPrice, "bidMultiplierDown"): .rate(percent.bidDown),
            FilterField(.percentPrice, "askMultiplierUp"): .rate(percent.askUp),
            FilterField(.percentPrice, "askMultiplierDown"): .rate(percent.askDown),
            FilterField(.icebergParts, "limit"): .number("100"),
            FilterField(.maxOrders, "maxNumOrders"): .number("200"),
            FilterField(.maxAlgoOrders, "maxNumAlgoOrders"): .number("50"),
        ]
    }()

    /// A market's filters as they are shown.
    init(of format: MarketFormat) {
        self.init()
        let filters = format.market.filters
        func price(_ price: Ticks) -> JSONValue {
            .string(DecimalText.fixed(format.priceUnits(price), decimals: format.priceDecimals))
        }
        func quantity(_ quantity: Steps) -> JSONValue {
            .string(DecimalText.trimmed(format.quantityUnits(quantity), decimals: format.quantityDecimals))
        }
        func amount(_ amount: Units, of asset: Asset) -> JSONValue {
            .string(DecimalText.trimmed(amount.raw, decimals: Int(asset.decimals)))
        }
        self[FilterField(.price, "minPrice")] = price(filters.minPrice)
        self[FilterField(.price, "maxPrice")] = price(filters.maxPrice)
        self[FilterField(.price, "tickSize")] = price(Ticks(1))
        self[FilterField(.lotSize, "minQty")] = quantity(filters.minQuantity)
        self[FilterField(.lotSize, "maxQty")] = quantity(filters.maxQuantity)
        self[FilterField(.lotSize, "stepSize")] = quantity(Steps(1))
        self[FilterField(.marketLotSize, "minQty")] = quantity(filters.minMarketQuantity)
        self[FilterField(.marketLotSize, "maxQty")] = quantity(filters.maxMarketQuantity)
        self[FilterField(.marketLotSize, "stepSize")] = quantity(Steps(1))
        self[FilterField(.notional, "minNotional")] = amount(filters.minNotional, of: format.quote)
        self[FilterField(.notional, "maxNotional")] = filters.maxNotional.map { amount($0, of: format.quote) }
        if let percent = filters.percentPrice {
            self[FilterField(.percentPrice, "bidMultiplierUp")] = .rate(percent.bidUp)
            self[FilterField(.percentPrice, "bidMultiplierDown")] = .rate(percent.bidDown)
            self[FilterField(.percentPrice, "askMultiplierUp")] = .rate(percent.askUp)
            self[FilterField(.percentPrice, "askMultiplierDown")] = .rate(percent.askDown)
            self[FilterField(.percentPrice, "avgPriceMins")] = .number(String(Self.averageMinutes))
        }
        self[FilterField(.icebergParts, "limit")] = .number(String(filters.maxIcebergParts))
        self[FilterField(.maxOrders, "maxNumOrders")] = .number(String(filters.maxOrders))
        self[FilterField(.maxAlgoOrders, "maxNumAlgoOrders")] = .number(String(filters.maxAlgoOrders))
        self[FilterField(.maxPosition, "maxPosition")] = filters.maxPosition.map { amount($0, of: format.base) }
    }

    static let averageMinutes = Limits.averagePriceSpan / 60_000
}

extension JSONValue {
    fileprivate static func rate(_ rate: Rate) -> JSONValue {
        .string(DecimalText.trimmed(rate.raw, decimals: Rate.decimals))
    }
}
