import SyncronCore
import SyncronWire

/// Turns a market's definition into the market's own integers, and gathers what is wrong with it.
///
/// Only the form of the values is looked at: whether they make a market is for the engine to say.
struct MarketTranslation {
    private var reader: DefinitionReader
    private let definition: MarketDefinition
    private let known: MarketFormat?
    private let figures: FilterFigures
    /// Those that follow from others: what is wrong with them is said of these.
    private let derived: Set<FilterField>
    private var priceDecimals = 0
    private var quantityDecimals = 0
    private var tickSize: Int64 = 1
    private var stepSize: Int64 = 1

    /// The market as it will be.
    ///
    /// - Parameters:
    ///   - known: the market of that symbol that is there already; the definition changes it.
    ///   - asset: finds an asset by its name.
    ///   - place: what the definition is called in errors.
    static func market(
        _ definition: MarketDefinition, changing known: MarketFormat?, place: String = "", asset: (String) -> Asset?
    ) throws(DefinitionFailure) -> Market {
        var translation = MarketTranslation(definition, known, place: place)
        let market = translation.market(asset)
        try translation.reader.finish()
        return market
    }

    private init(_ definition: MarketDefinition, _ known: MarketFormat?, place: String) {
        self.definition = definition
        self.known = known
        reader = DefinitionReader(place: place)
        let base = known.map { FilterFigures(of: $0) } ?? .standard
        var derived: Set<FilterField> = []
        var figures = base.merging(definition.filters) { $1 }.filter { $0.value != .null }
        if known == nil {
            // Where nothing is said, the least is one tick or step, and orders at market are bounded like the others.
            let defaults = [
                (FilterField(.price, "minPrice"), FilterField(.price, "tickSize")),
                (FilterField(.lotSize, "minQty"), FilterField(.lotSize, "stepSize")),
                (FilterField(.marketLotSize, "minQty"), FilterField(.lotSize, "minQty")),
                (FilterField(.marketLotSize, "maxQty"), FilterField(.lotSize, "maxQty")),
            ]
            for (field, source) in defaults where figures[field] == nil {
                figures[field] = figures[source]
                derived.insert(field)
            }
        }
        self.figures = figures
        self.derived = derived
    }

    private mutating func market(_ asset: (String) -> Asset?) -> Market {
        let symbol = known?.market.symbol ?? definition.symbol.uppercased()
        let parts = symbol.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        let isPerpetual = parts.count == 3 && parts[2] == "PERP"
        let isWellFormed = parts.count == 2 || isPerpetual
        if !isWellFormed { reader.add("symbol", "must be BASE-QUOTE or BASE-QUOTE-PERP") }
        let base = isWellFormed ? find("baseAsset", definition.baseAsset ?? known?.base.name ?? parts[0], asset) : nil
        let quote =
            isWellFormed ? find("quoteAsset", definition.quoteAsset ?? known?.quote.name ?? parts[1], asset) : nil
        readGrid()
        let kind: MarketKind = isPerpetual ? .perpetual : .spot
        return Market(
            id: known?.market.id ?? MarketID(0), symbol: symbol, base: base?.id ?? AssetID(0),
            quote: quote?.id ?? AssetID(0), kind: kind,
            status: known?.market.status ?? definition.status ?? .trading, pricePrecision: UInt8(priceDecimals),
            quantityPrecision: UInt8(quantityDecimals), tickSize: tickSize, stepSize: stepSize,
            filters: filters(base: base, quote: quote), commissions: commissions(kind),
            perpetual: isPerpetual ? perpetual(quote) : nil)
    }

    /// A perpetual of which nothing is said has the brackets of Bitcoin.
    private mutating func perpetual(_ quote: Asset?) -> PerpetualTerms {
        if definition.brackets == nil, let terms = known?.market.perpetual { return terms }
        let decimals = Int(quote?.decimals ?? UInt8(Limits.assetDecimals))
        return PerpetualTerms(
            brackets: (definition.brackets ?? BracketDefinition.bitcoin).map { bracket in
                let cap = reader.units("notionalCap", bracket.notionalCap, decimals: decimals, as: Int128.self)
                let rate = reader.units(
                    "maintMarginRatio", bracket.maintMarginRatio, decimals: Rate.decimals, as: Int64.self)
                return PerpetualTerms.Bracket(
                    cap: Units(cap ?? 0), maxLeverage: UInt8(clamping: bracket.initialLeverage),
                    maintenance: Rate(rate ?? 0))
            })
    }

    private mutating func find(_ field: String, _ name: String, _ asset: (String) -> Asset?) -> Asset? {
        let found = asset(name.uppercased())
        if found == nil { reader.add(field, "no such asset") }
        return found
    }

    /// Precisions, and what prices and quantities are multiples of.
    private mutating func readGrid() {
        let tick = FilterField(.price, "tickSize")
        let step = FilterField(.lotSize, "stepSize")
        priceDecimals = Int(
            definition.pricePrecision ?? known.map { Int64($0.market.pricePrecision) } ?? Self.decimals(figures[tick]))
        quantityDecimals = Int(
            definition.quantityPrecision ?? known.map { Int64($0.market.quantityPrecision) }
                ?? Self.decimals(figures[step]))
        tickSize = positive(tick, decimals: priceDecimals)
        stepSize = positive(step, decimals: quantityDecimals)
        if definition.filters[FilterField(.marketLotSize, "stepSize")] != nil,
            units(FilterField(.marketLotSize, "stepSize"), decimals: quantityDecimals) != stepSize
        {
            reader.add("stepSize", "must be the same in LOT_SIZE and MARKET_LOT_SIZE")
        }
    }

    /// How many decimals a number is written with, at most as many as an asset may have.
    private static func decimals(_ value: JSONValue?) -> Int64 {
        guard let text = value?.text, let point = text.firstIndex(of: ".") else { return 0 }
        return min(Int64(text.distance(from: point, to: text.endIndex)) - 1, Int64(Limits.assetDecimals))
    }

    private mutating func filters(base: Asset?, quote: Asset?) -> Filters {
        let quoteDecimals = Int(quote?.decimals ?? UInt8(Limits.assetDecimals))
        return Filters(
            minPrice: Ticks(multiple(FilterField(.price, "minPrice"), of: tickSize, priceDecimals)),
            maxPrice: Ticks(multiple(FilterField(.price, "maxPrice"), of: tickSize, priceDecimals)),
            minQuantity: Steps(multiple(FilterField(.lotSize, "minQty"), of: stepSize, quantityDecimals)),
            maxQuantity: Steps(multiple(FilterField(.lotSize, "maxQty"), of: stepSize, quantityDecimals)),
            minMarketQuantity: Steps(multiple(FilterField(.marketLotSize, "minQty"), of: stepSize, quantityDecimals)),
            maxMarketQuantity: Steps(multiple(FilterField(.marketLotSize, "maxQty"), of: stepSize, quantityDecimals)),
            minNotional: amount(FilterField(.notional, "minNotional"), quoteDecimals) ?? .zero,
            maxNotional: amount(FilterField(.notional, "maxNotional"), quoteDecimals),
            percentPrice: percentPrice(),
            maxIcebergParts: count(FilterField(.icebergParts, "limit")),
            maxOrders: count(FilterField(.maxOrders, "maxNumOrders")),
            maxAlgoOrders: count(FilterField(.maxAlgoOrders, "maxNumAlgoOrders")),
            maxPosition: amount(
                FilterField(.maxPosition, "maxPosition"), Int(base?.decimals ?? UInt8(Limits.assetDecimals))))
    }

    private mutating func percentPrice() -> PercentPrice? {
        let names = ["bidMultiplierUp", "bidMultiplierDown", "askMultiplierUp", "askMultiplierDown"]
        if let minutes = figures[FilterField(.percentPrice, "avgPriceMins")] {
            _ = reader.integer(
                "avgPriceMins", minutes, in: FilterFigures.averageMinutes...FilterFigures.averageMinutes)
        }
        if names.allSatisfy({ figures[FilterField(.percentPrice, $0)] == nil }) { return nil }
        let rates = names.map { Rate(required(FilterField(.percentPrice, $0), decimals: Rate.decimals)) }
        return PercentPrice(bidUp: rates[0], bidDown: rates[1], askUp: rates[2], askDown: rates[3])
    }

    private func commissions(_ kind: MarketKind) -> [CommissionRates] {
        if let given = definition.commissions { return given.map { CommissionRates(maker: $0.maker, taker: $0.taker) } }
        return known?.market.commissions ?? CommissionRates.standard(for: kind)
    }

    private mutating func units(_ field: FilterField, decimals: Int) -> Int64? {
        reader.units(field.name, figures[field], decimals: decimals)
    }

    /// 0 when it is missing or wrong, and that is remembered.
    private mutating func required(_ field: FilterField, decimals: Int) -> Int64 {
        if figures[field] == nil { reader.add(field.name, "is missing in \(field.type.rawValue)") }
        return units(field, decimals: decimals) ?? 0
    }

    private mutating func positive(_ field: FilterField, decimals: Int) -> Int64 {
        let before = reader.problems.count
        let value = required(field, decimals: decimals)
        if value == 0 && reader.problems.count == before { reader.add(field.name, "must be above zero") }
        return max(value, 1)
    }

    /// As a count of ticks or steps.
    private mutating func multiple(_ field: FilterField, of grid: Int64, _ decimals: Int) -> Int64 {
        if derived.contains(field) {
            var quiet = DefinitionReader()
            return (quiet.units(field.name, figures[field], decimals: decimals) ?? 0) / grid
        }
        let value = required(field, decimals: decimals)
        if value % grid != 0 {
            let name = field.type == .price ? "tickSize" : "stepSize"
            reader.add(field.name, "must be a multiple of \(name)")
        }
        return value / grid
    }

    private mutating func amount(_ field: FilterField, _ decimals: Int) -> Units? {
        reader.units(field.name, figures[field], decimals: decimals, as: Int128.self).map { Units($0) }
    }

    private mutating func count(_ field: FilterField) -> UInt32 {
        if figures[field] == nil { reader.add(field.name, "is missing in \(field.type.rawValue)") }
        return UInt32(reader.integer(field.name, figures[field], in: 1...Int64(UInt32.max)) ?? 1)
    }
}
