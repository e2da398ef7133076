public import SyncronCore
public import SyncronWire

/// What an exchange trades on its first day: the contents of `exchange.yaml`.
public struct ExchangeDefinition: Sendable, Hashable {
    public var assets: [AssetDefinition]
    public var markets: [MarketDefinition]

    public init(assets: [AssetDefinition], markets: [MarketDefinition]) {
        self.assets = assets
        self.markets = markets
    }

    /// Reads `{assets: […], markets: […]}`. In a file whose scalars have no types (YAML), all of them are text.
    public init(_ value: JSONValue) throws(DefinitionFailure) {
        var reader = DefinitionReader()
        try reader.requireObject("exchange", value)
        for member in value.members ?? [] where member.name != "assets" && member.name != "markets" {
            reader.add(member.name, "is neither assets nor markets")
        }
        assets = Self.list("assets", value, &reader) { item, place throws(DefinitionFailure) in
            try AssetDefinition(item, place: place)
        }
        markets = Self.list("markets", value, &reader) { item, place throws(DefinitionFailure) in
            try MarketDefinition(item, place: place)
        }
        try reader.finish()
    }

    private static func list<T>(
        _ name: String, _ value: JSONValue, _ reader: inout DefinitionReader,
        _ read: (JSONValue, String) throws(DefinitionFailure) -> T
    ) -> [T] {
        guard let value = value[name], value != .null else { return [] }
        guard let items = value.items else {
            reader.add(name, "must be a list")
            return []
        }
        var list: [T] = []
        for (index, item) in items.enumerated() {
            do throws(DefinitionFailure) {
                list.append(try read(item, "\(name)[\(index)]"))
            } catch {
                reader.add(error)
            }
        }
        return list
    }

    /// The commands that make an empty exchange this one: the assets get their ids in order from 0, as the engine
    /// gives them.
    public func commands() throws(DefinitionFailure) -> [Command] {
        var reader = DefinitionReader()
        var assets: [String: Asset] = [:]
        var commands: [Command] = []
        var funds: [Command] = []
        for (index, definition) in self.assets.enumerated() {
            do throws(DefinitionFailure) {
                var asset = try definition.asset(changing: nil, place: "assets[\(index)]")
                asset.id = AssetID(UInt16(clamping: index))
                if assets.updateValue(asset, forKey: asset.name) != nil {
                    reader.add("assets[\(index)].asset", "is defined twice")
                }
                commands.append(.defineAsset(asset))
                funds += try definition.funds(of: asset, place: "assets[\(index)]")
            } catch {
                reader.add(error)
            }
        }
        var symbols: Set<String> = []
        for (index, definition) in markets.enumerated() {
            do throws(DefinitionFailure) {
                let market = try MarketTranslation.market(definition, changing: nil, place: "markets[\(index)]") {
                    assets[$0]
                }
                if !symbols.insert(market.symbol).inserted {
                    reader.add("markets[\(index)].symbol", "is defined twice")
                }
                commands.append(.defineMarket(market))
            } catch {
                reader.add(error)
            }
        }
        try reader.finish()
        return commands + funds
    }
}
