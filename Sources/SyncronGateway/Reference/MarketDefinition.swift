import SyncronCore
public import SyncronWire

/// A market as an operator writes it, by the names of exchangeInfo. What is nil or absent stays as it is, or as it
/// is by default.
public struct MarketDefinition: Sendable, Hashable {
    public var symbol: String
    /// Only looked at when the market is new, or by whoever sets it apart.
    public var status: MarketStatus?
    public var baseAsset: String?
    public var quoteAsset: String?
    public var pricePrecision: Int64?
    public var quantityPrecision: Int64?
    var filters: FilterFigures
    /// By commission tier.
    var commissions: [Commission]?
    /// Of a perpetual, by notional, the smallest first.
    var brackets: [BracketDefinition]?

    struct Commission: Sendable, Hashable {
        var maker: Rate
        var taker: Rate
    }

    init(symbol: String, filters: FilterFigures = [:]) {
        self.symbol = symbol
        self.filters = filters
    }

    /// Reads `{symbol status baseAsset quoteAsset pricePrecision quantityPrecision filters[{filterType …}]
    /// fees[{makerCommission takerCommission}] brackets[{notionalCap initialLeverage maintMarginRatio}]}`. Other
    /// names are passed over; `fees`, of which one may stand for all tiers, may be called `commissions` as well, and
    /// `brackets` may stand in a `perpetual`.
    ///
    /// - Parameters:
    ///   - symbol: the name when the object need not carry it.
    ///   - place: what the object is called in errors.
    public init(_ value: JSONValue, symbol: String? = nil, place: String = "") throws(DefinitionFailure) {
        var reader = DefinitionReader(place: place)
        try reader.requireObject("symbol", value)
        self.init(symbol: reader.requiredText("symbol", value["symbol"] ?? symbol.map { .string($0) }))
        if let word = reader.text("status", value["status"]) {
            status = MarketStatus.choices.first { $0.wireName == word }
            if status == nil { reader.add("status", "is not a status") }
        }
        baseAsset = reader.text("baseAsset", value["baseAsset"])
        quoteAsset = reader.text("quoteAsset", value["quoteAsset"])
        let decimals = 0...Int64(Limits.assetDecimals)
        pricePrecision = reader.integer("pricePrecision", value["pricePrecision"], in: decimals)
        quantityPrecision = reader.integer("quantityPrecision", value["quantityPrecision"], in: decimals)
        readFilters(value["filters"], &reader)
        let fees = ["fees", "commissions"].filter { value[$0] != nil && value[$0] != .null }
        if fees.count > 1 { reader.add("fees", "is given as commissions too") }
        for name in fees { readCommissions(name, value[name], &reader) }
        brackets = BracketDefinition.list(value["brackets"] ?? value["perpetual"]?["brackets"], &reader)
        try reader.finish()
    }

    private mutating func readFilters(_ value: JSONValue?, _ reader: inout DefinitionReader) {
        guard let value, value != .null else { return }
        guard let items = value.items else { return reader.add("filters", "must be a list") }
        for item in items {
            guard let word = item["filterType"]?.text, let type = FilterType(rawValue: word) else {
                reader.add("filterType", "is not a filter")
                continue
            }
            for member in item.members ?? [] where member.name != "filterType" {
                let field = FilterField(type, member.name)
                if !type.fields.contains(member.name) {
                    reader.add(member.name, "is no part of \(word)")
                } else if filters.updateValue(member.value, forKey: field) != nil {
                    reader.add(member.name, "is given twice in \(word)")
                }
            }
        }
    }

    private mutating func readCommissions(_ list: String, _ value: JSONValue?, _ reader: inout DefinitionReader) {
        let one = value?.members == nil ? nil : value
        let tiers = one.map { Array(repeating: $0, count: CommissionRates.tiers) }
        guard let items = tiers ?? value?.items, items.count == CommissionRates.tiers else {
            return reader.add(list, "must be one object, or a list of \(CommissionRates.tiers)")
        }
        commissions = items.map { item in
            func rate(_ name: String) -> Rate {
                if item[name] == nil { reader.add(name, "is missing") }
                return Rate(reader.units(name, item[name], decimals: Rate.decimals) ?? 0)
            }
            return Commission(maker: rate("makerCommission"), taker: rate("takerCommission"))
        }
    }
}

extension JSONWriter {
    /// A market as exchangeInfo shows it.
    mutating func symbol(_ format: MarketFormat) {
        beginObject()
        symbolFields(format)
        endObject()
    }

    /// A market with what only operators see.
    mutating func marketDefinition(_ format: MarketFormat) {
        beginObject()
        symbolFields(format)
        key("commissions")
        beginArray()
        for rates in format.market.commissions {
            beginObject()
            field("makerCommission", trimmed: rates.maker.raw, decimals: Rate.decimals)
            field("takerCommission", trimmed: rates.taker.raw, decimals: Rate.decimals)
            endObject()
        }
        endArray()
        if let terms = format.market.perpetual {
            key("brackets")
            brackets(terms, format)
        }
        endObject()
    }

    private mutating func symbolFields(_ format: MarketFormat) {
        let market = format.market
        field("symbol", market.symbol)
        field("status", market.status.wireName)
        field("baseAsset", format.base.name)
        field("quoteAsset", format.quote.name)
        field("pricePrecision", market.pricePrecision)
        field("quantityPrecision", market.quantityPrecision)
        key("orderTypes")
        let isPerpetual = market.kind == .perpetual
        words(isPerpetual ? FuturesOrderType.allCases.map(\.rawValue) : OrderType.choices.map(\.wireName))
        key("timeInForce")
        words((isPerpetual ? TimeInForce.futuresChoices : TimeInForce.choices).map(\.wireName))
        key("filters")
        filters(FilterFigures(of: format))
    }

    private mutating func words(_ words: [String]) {
        beginArray()
        for word in words { value(word) }
        endArray()
    }
}
