import SyncronCore
import SyncronNode
import SyncronWire

/// Assets and markets, created and changed while the exchange runs.
enum AdminReference {
    @Sendable static func putAsset(_ call: AdminCall) async throws -> APIResponse {
        let name = call.arguments["asset"] ?? ""
        let (definition, wanted) = try translating { () throws(DefinitionFailure) in
            let definition = try AssetDefinition(call.body, asset: name)
            try requireSame("asset", definition.asset, name)
            let asset = try definition.asset(changing: call.directory.asset(named: name))
            // What is wrong with it is told before anything is done.
            _ = try definition.funds(of: asset)
            return (definition, asset)
        }
        for case .assetDefined(let asset) in try await call.submit(.defineAsset(wanted)).events {
            for command in try translating({ () throws(DefinitionFailure) in try definition.funds(of: asset) }) {
                _ = try await call.submit(command)
            }
            return .json { $0.asset(asset) }
        }
        throw APIError.unexpected
    }

    /// A status in the body takes effect whether the market is new or not.
    @Sendable static func putMarket(_ call: AdminCall) async throws -> APIResponse {
        let symbol = call.arguments["symbol"] ?? ""
        let directory = call.directory
        let known = directory.market(spelled: symbol).flatMap { MarketFormat($0, directory) }
        let (market, status) = try translating { () throws(DefinitionFailure) in
            let definition = try MarketDefinition(call.body, symbol: symbol)
            if known == nil || definition.symbol != known?.market.symbol {
                try requireSame("symbol", definition.symbol, symbol)
            }
            let market = try MarketTranslation.market(definition, changing: known) { directory.asset(named: $0) }
            return (market, definition.status)
        }
        for case .marketDefined(let market) in try await call.submit(.defineMarket(market)).events {
            if let status, status != market.status { return try await set(status, of: market.id, call) }
            return try show(market.id, call)
        }
        throw APIError.unexpected
    }

    @Sendable static func halt(_ call: AdminCall) async throws -> APIResponse {
        try await set(.halt, of: try call.market().market.id, call)
    }

    @Sendable static func resume(_ call: AdminCall) async throws -> APIResponse {
        try await set(.trading, of: try call.market().market.id, call)
    }

    private static func set(_ status: MarketStatus, of market: MarketID, _ call: AdminCall) async throws -> APIResponse
    {
        _ = try await call.submit(.setMarketStatus(SetMarketStatus(market: market, status: status)))
        return try show(market, call)
    }

    /// The market as it is now.
    private static func show(_ market: MarketID, _ call: AdminCall) throws(APIError) -> APIResponse {
        guard let format = call.node.directory.format(market) else { throw .unexpected }
        return .json(capacity: 2_048) { $0.marketDefinition(format) }
    }

    /// What the body calls itself must be what the path says.
    private static func requireSame(_ field: String, _ inBody: String, _ inPath: String) throws(DefinitionFailure) {
        guard inBody.uppercased() != inPath.uppercased() else { return }
        var reader = DefinitionReader()
        reader.add(field, "is \(inPath) in the path")
        try reader.finish()
    }

    private static func translating<T>(_ body: () throws(DefinitionFailure) -> T) throws(APIError) -> T {
        do throws(DefinitionFailure) {
            return try body()
        } catch {
            throw error.asAPIError
        }
    }
}
