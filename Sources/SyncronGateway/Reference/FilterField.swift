import SyncronWire

/// The filters of a market, in the order in which they are shown.
enum FilterType: String, Sendable, CaseIterable {
    case price = "PRICE_FILTER"
    case lotSize = "LOT_SIZE"
    case marketLotSize = "MARKET_LOT_SIZE"
    case notional = "NOTIONAL"
    case percentPrice = "PERCENT_PRICE_BY_SIDE"
    case icebergParts = "ICEBERG_PARTS"
    case maxOrders = "MAX_NUM_ORDERS"
    case maxAlgoOrders = "MAX_NUM_ALGO_ORDERS"
    case maxPosition = "MAX_POSITION"

    /// The names of its fields, in the order in which they are shown.
    var fields: [String] {
        switch self {
        case .price: ["minPrice", "maxPrice", "tickSize"]
        case .lotSize, .marketLotSize: ["minQty", "maxQty", "stepSize"]
        case .notional: ["minNotional", "maxNotional"]
        case .percentPrice:
            ["bidMultiplierUp", "bidMultiplierDown", "askMultiplierUp", "askMultiplierDown", "avgPriceMins"]
        case .icebergParts: ["limit"]
        case .maxOrders: ["maxNumOrders"]
        case .maxAlgoOrders: ["maxNumAlgoOrders"]
        case .maxPosition: ["maxPosition"]
        }
    }
}

/// One figure of one filter.
struct FilterField: Hashable, Sendable {
    var type: FilterType
    var name: String

    init(_ type: FilterType, _ name: String) {
        self.type = type
        self.name = name
    }

    /// All there are, in the order in which they are shown.
    static let all = FilterType.allCases.flatMap { type in type.fields.map { FilterField(type, $0) } }
}

/// The figures of a market's filters as they are written: decimals as text, counts as numbers. What is null takes a
/// bound away, what is absent says nothing.
typealias FilterFigures = [FilterField: JSONValue]

extension JSONWriter {
    /// `[{"filterType": …, …}]`, as in exchangeInfo.
    mutating func filters(_ figures: FilterFigures) {
        beginArray()
        for type in FilterType.allCases {
            let fields = type.fields.compactMap { name in
                figures[FilterField(type, name)].map { (name: name, value: $0) }
            }
            if fields.isEmpty { continue }
            beginObject()
            field("filterType", type.rawValue)
            for field in fields {
                key(text: field.name)
                value(field.value)
            }
            endObject()
        }
        endArray()
    }
}
