import SyncronCore
public import SyncronWire

/// An asset as an operator writes it. What is nil stays as it is, or as it is by default.
public struct AssetDefinition: Sendable, Hashable {
    public struct NetworkDefinition: Sendable, Hashable {
        public var network: String
        /// In the asset; nil for 0.
        public var withdrawalFee: String?

        public init(network: String, withdrawalFee: String? = nil) {
            self.network = network
            self.withdrawalFee = withdrawalFee
        }
    }

    public var asset: String
    public var decimals: Int64?
    public var networks: [NetworkDefinition]?

    static let defaultDecimals: Int64 = 8

    public init(asset: String, decimals: Int64? = nil, networks: [NetworkDefinition]? = nil) {
        self.asset = asset
        self.decimals = decimals
        self.networks = networks
    }

    /// Reads `{asset decimals networks[{network withdrawalFee}]}`. Names that mean nothing are passed over.
    ///
    /// - Parameters:
    ///   - asset: the name when the object need not carry it.
    ///   - place: what the object is called in errors.
    public init(_ value: JSONValue, asset: String? = nil, place: String = "") throws(DefinitionFailure) {
        var reader = DefinitionReader(place: place)
        try reader.requireObject("asset", value)
        let name = reader.requiredText("asset", value["asset"] ?? asset.map { .string($0) })
        let decimals = reader.integer("decimals", value["decimals"], in: 0...Int64(Limits.assetDecimals))
        let networks = Self.networks(value["networks"], &reader)
        try reader.finish()
        self.init(asset: name, decimals: decimals, networks: networks)
    }

    private static func networks(_ value: JSONValue?, _ reader: inout DefinitionReader) -> [NetworkDefinition]? {
        guard let value, value != .null else { return nil }
        guard let items = value.items else {
            reader.add("networks", "must be a list")
            return nil
        }
        return items.map { item in
            let name = reader.requiredText("network", item["network"])
            return NetworkDefinition(
                network: name, withdrawalFee: reader.text("withdrawalFee", item["withdrawalFee"]))
        }
    }

    /// The asset as it will be. `known` is the one of that name that is there already.
    /// `place` is what the definition is called in errors.
    func asset(changing known: Asset?, place: String = "") throws(DefinitionFailure) -> Asset {
        var reader = DefinitionReader(place: place)
        let decimals = decimals ?? known.map { Int64($0.decimals) } ?? Self.defaultDecimals
        var asset = Asset(
            id: known?.id ?? AssetID(0), name: self.asset.uppercased(), decimals: UInt8(decimals),
            networks: known?.networks ?? [])
        if let networks {
            asset.networks = networks.map { network in
                let fee = network.withdrawalFee.map { JSONValue.string($0) }
                let units = reader.units("withdrawalFee", fee, decimals: Int(decimals), as: Int128.self)
                return Network(name: network.network, withdrawalFee: Units(units ?? 0))
            }
        }
        try reader.finish()
        return asset
    }
}

extension JSONWriter {
    mutating func asset(_ asset: Asset) {
        beginObject()
        field("asset", asset.name)
        field("decimals", asset.decimals)
        key("networks")
        beginArray()
        for network in asset.networks {
            beginObject()
            field("network", network.name)
            field("withdrawalFee", trimmed: network.withdrawalFee.raw, decimals: Int(asset.decimals))
            endObject()
        }
        endArray()
        endObject()
    }
}
