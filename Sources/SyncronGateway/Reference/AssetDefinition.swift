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
    /// What the asset counts for as collateral: 0 to 1. With `dailyInterestRate` it makes the asset one of the margin
    /// wallet.
    public var collateralRatio: String?
    /// What a loan of it costs for a day: 0 to below 1.
    public var dailyInterestRate: String?
    /// What may be lent of it.
    public var lendingPool: String?
    /// What pays for accounts that cannot.
    public var insuranceFund: String?

    static let defaultDecimals: Int64 = 8

    public init(
        asset: String, decimals: Int64? = nil, networks: [NetworkDefinition]? = nil, collateralRatio: String? = nil,
        dailyInterestRate: String? = nil, lendingPool: String? = nil, insuranceFund: String? = nil
    ) {
        self.asset = asset
        self.decimals = decimals
        self.networks = networks
        self.collateralRatio = collateralRatio
        self.dailyInterestRate = dailyInterestRate
        self.lendingPool = lendingPool
        self.insuranceFund = insuranceFund
    }

    /// Reads `{asset decimals networks[{network withdrawalFee}] collateralRatio dailyInterestRate lendingPool
    /// insuranceFund}`. Names that mean nothing are passed over.
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
        let figures = ["collateralRatio", "dailyInterestRate", "lendingPool", "insuranceFund"].map { name in
            reader.text(name, value[name])
        }
        try reader.finish()
        self.init(
            asset: name, decimals: decimals, networks: networks, collateralRatio: figures[0],
            dailyInterestRate: figures[1], lendingPool: figures[2], insuranceFund: figures[3])
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
            networks: known?.networks ?? [], margin: marginTerms(changing: known?.margin, &reader))
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

    /// An asset needs both figures to be one of the margin wallet.
    private func marginTerms(changing known: MarginTerms?, _ reader: inout DefinitionReader) -> MarginTerms? {
        func rate(_ name: String, _ text: String?, _ known: Rate?) -> Rate? {
            guard let text else { return known }
            return reader.units(name, .string(text), decimals: Rate.decimals, as: Int64.self).map { Rate($0) }
        }
        guard known != nil || collateralRatio != nil || dailyInterestRate != nil else { return nil }
        let ratio = rate("collateralRatio", collateralRatio, known?.collateralRatio)
        let interest = rate("dailyInterestRate", dailyInterestRate, known?.dailyInterest)
        if collateralRatio == nil && ratio == nil { reader.add("collateralRatio", "is missing") }
        if dailyInterestRate == nil && interest == nil { reader.add("dailyInterestRate", "is missing") }
        guard let ratio, let interest else { return nil }
        return MarginTerms(collateralRatio: ratio, dailyInterest: interest)
    }

    /// The commands that set what the house has of the asset, where the definition says so.
    func funds(of asset: Asset, place: String = "") throws(DefinitionFailure) -> [Command] {
        var reader = DefinitionReader(place: place)
        func amount(_ name: String, _ text: String?) -> Units? {
            reader.units(name, text.map { .string($0) }, decimals: Int(asset.decimals), as: Int128.self)
                .map { Units($0) }
        }
        let pool = amount("lendingPool", lendingPool)
        let insurance = amount("insuranceFund", insuranceFund)
        try reader.finish()
        var commands: [Command] = []
        if let pool { commands.append(.fundLending(LendingPool(asset: asset.id, amount: pool))) }
        if let insurance { commands.append(.fundInsurance(InsuranceFund(asset: asset.id, amount: insurance))) }
        return commands
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
        if let margin = asset.margin {
            field("collateralRatio", rate: margin.collateralRatio)
            field("dailyInterestRate", rate: margin.dailyInterest)
        }
        endObject()
    }
}
