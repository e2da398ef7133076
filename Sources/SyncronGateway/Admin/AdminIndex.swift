import SyncronCore
import SyncronNode
import SyncronWire

/// What assets are worth to the margin wallet and to perpetuals.
enum AdminIndex {
    /// An object of prices in USDT by asset; null lets an asset follow its spot market again. Answers the index prices
    /// of these assets as they are then.
    @Sendable static func set(_ call: AdminCall) async throws -> APIResponse {
        var quotes: [(asset: Asset, price: IndexPrice?)] = []
        for member in call.body.members ?? [] {
            guard let asset = call.directory.asset(named: member.name) else {
                throw APIError.invalidParameter(member.name, "no such asset")
            }
            guard !quotes.contains(where: { $0.asset.id == asset.id }) else {
                throw APIError.invalidParameter(member.name, "is given twice")
            }
            quotes.append((asset, try price(member)))
        }
        guard !quotes.isEmpty else { throw APIError.invalidFormat("expected prices by asset") }
        let command = SetIndexPrices(quotes.map { IndexQuote(asset: $0.asset.id, price: $0.price) })
        _ = try await call.submit(.setIndexPrices(command))
        let assets = quotes.map(\.asset)
        let prices = try await call.node.query { engine, _ in assets.map { engine.indexPrice(of: $0.id) } }
        return .json { json in
            json.beginObject()
            for (asset, price) in zip(assets, prices) {
                json.key(text: asset.name)
                if let price { json.fixed(price.raw, decimals: IndexPrice.decimals) } else { json.null() }
            }
            json.endObject()
        }
    }

    private static func price(_ member: JSONValue.Member) throws(APIError) -> IndexPrice? {
        if member.value == .null { return nil }
        guard let text = member.value.text else {
            throw .invalidParameter(member.name, "must be a decimal number as text, or null")
        }
        guard let units = try? DecimalText.units(text, decimals: IndexPrice.decimals, as: Int64.self), units > 0 else {
            throw .invalidParameter(member.name, "must be above 0 and have at most \(IndexPrice.decimals) decimals")
        }
        return IndexPrice(units)
    }
}
