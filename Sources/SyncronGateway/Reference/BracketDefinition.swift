import SyncronCore
import SyncronWire

/// A range of notionals of a perpetual as an operator writes it, by the names of `leverageBrackets`.
struct BracketDefinition: Sendable, Hashable {
    /// In the quote asset.
    var notionalCap: JSONValue
    /// 1 to 125.
    var initialLeverage: Int64
    /// A fraction.
    var maintMarginRatio: JSONValue

    init(cap: String, leverage: Int64, maintenance: String) {
        notionalCap = .string(cap)
        initialLeverage = leverage
        maintMarginRatio = .string(maintenance)
    }

    /// Reads `[{notionalCap initialLeverage maintMarginRatio}]`; what follows from these is passed over.
    static func list(_ value: JSONValue?, _ reader: inout DefinitionReader) -> [BracketDefinition]? {
        guard let value, value != .null else { return nil }
        guard let items = value.items else {
            reader.add("brackets", "must be a list")
            return nil
        }
        return items.map { item in
            var bracket = BracketDefinition(
                cap: reader.requiredText("notionalCap", item["notionalCap"]), leverage: 1,
                maintenance: reader.requiredText("maintMarginRatio", item["maintMarginRatio"]))
            if item["initialLeverage"] == nil { reader.add("initialLeverage", "is missing") }
            bracket.initialLeverage =
                reader.integer("initialLeverage", item["initialLeverage"], in: leverages) ?? 1
            return bracket
        }
    }

    /// What can be asked for anywhere.
    static let leverages: ClosedRange<Int64> = 1...125

    static let bitcoin = [BracketDefinition(cap: "50000", leverage: 125, maintenance: "0.004")] + ether

    /// Bitcoin's without the first row, whose range joins the second.
    static let ether = [
        BracketDefinition(cap: "600000", leverage: 100, maintenance: "0.005"),
        BracketDefinition(cap: "3000000", leverage: 75, maintenance: "0.0065"),
        BracketDefinition(cap: "12000000", leverage: 50, maintenance: "0.01"),
        BracketDefinition(cap: "70000000", leverage: 25, maintenance: "0.02"),
        BracketDefinition(cap: "100000000", leverage: 20, maintenance: "0.025"),
        BracketDefinition(cap: "230000000", leverage: 10, maintenance: "0.05"),
        BracketDefinition(cap: "480000000", leverage: 5, maintenance: "0.10"),
        BracketDefinition(cap: "600000000", leverage: 4, maintenance: "0.125"),
        BracketDefinition(cap: "800000000", leverage: 3, maintenance: "0.15"),
        BracketDefinition(cap: "1200000000", leverage: 2, maintenance: "0.25"),
        BracketDefinition(cap: "1800000000", leverage: 1, maintenance: "0.50"),
    ]

    static let solana = [
        BracketDefinition(cap: "20000", leverage: 75, maintenance: "0.0065"),
        BracketDefinition(cap: "100000", leverage: 50, maintenance: "0.01"),
        BracketDefinition(cap: "800000", leverage: 25, maintenance: "0.02"),
        BracketDefinition(cap: "4000000", leverage: 20, maintenance: "0.025"),
        BracketDefinition(cap: "8000000", leverage: 10, maintenance: "0.05"),
        BracketDefinition(cap: "40000000", leverage: 5, maintenance: "0.10"),
    ]
}

extension JSONWriter {
    /// The rows of a perpetual's brackets, with what follows from them: where each begins, and what makes its
    /// maintenance begin where that of the row below ends.
    mutating func brackets(_ terms: PerpetualTerms, _ format: MarketFormat) {
        var (floor, cum, rate) = (Units.zero, Units.zero, Rate.zero)
        beginArray()
        for (index, bracket) in terms.brackets.enumerated() {
            cum += Units(floor.raw * Int128(bracket.maintenance.raw - rate.raw) / Int128(Rate.one.raw))
            beginObject()
            field("bracket", index + 1)
            field("initialLeverage", bracket.maxLeverage)
            field("notionalFloor", notional: floor, format)
            field("notionalCap", notional: bracket.cap, format)
            field("maintMarginRatio", rate: bracket.maintenance)
            field("cum", notional: cum, format)
            endObject()
            (floor, rate) = (bracket.cap, bracket.maintenance)
        }
        endArray()
    }
}
