import SyncronWire

extension ExchangeDefinition {
    /// What a first start creates when it is told nothing else.
    public static let standard = ExchangeDefinition(
        assets: [
            asset("BTC", fee: "0.0002", ratio: "0.95", interest: "0.00025", pool: "100"),
            asset("ETH", fee: "0.002", ratio: "0.90", interest: "0.00035", pool: "1000"),
            asset("SOL", fee: "0.01", ratio: "0.80", interest: "0.0005", pool: "10000"),
            asset(
                "USDT", network: "ETH", fee: "1", ratio: "1.00", interest: "0.0002", pool: "5000000",
                insurance: "1000000"),
        ],
        markets: [
            market("BTC-USDT", tick: "0.01", step: "0.00001", maxQty: "1000", notional: ("5", "9000000")),
            market("ETH-USDT", tick: "0.01", step: "0.0001", maxQty: "10000", notional: ("5", "9000000")),
            market("SOL-USDT", tick: "0.01", step: "0.001", maxQty: "100000", notional: ("5", "9000000")),
            market(
                "ETH-BTC", tick: "0.00001", step: "0.001", maxPrice: "1000", maxQty: "10000",
                notional: ("0.0001", "100")),
            perpetual("BTC-USDT-PERP", tick: "0.10", step: "0.001", maxQty: "1000", BracketDefinition.bitcoin),
            perpetual("ETH-USDT-PERP", tick: "0.01", step: "0.001", maxQty: "10000", BracketDefinition.ether),
            perpetual("SOL-USDT-PERP", tick: "0.01", step: "0.1", maxQty: "100000", BracketDefinition.solana),
        ])

    private static func asset(
        _ name: String, network: String? = nil, fee: String, ratio: String, interest: String, pool: String,
        insurance: String? = nil
    ) -> AssetDefinition {
        AssetDefinition(
            asset: name, decimals: 8,
            networks: [AssetDefinition.NetworkDefinition(network: network ?? name, withdrawalFee: fee)],
            collateralRatio: ratio, dailyInterestRate: interest, lendingPool: pool, insuranceFund: insurance)
    }

    /// Without a most notional: what an account may hold follows from the brackets.
    private static func perpetual(
        _ symbol: String, tick: String, step: String, maxQty: String, _ brackets: [BracketDefinition]
    ) -> MarketDefinition {
        var definition = market(symbol, tick: tick, step: step, maxQty: maxQty, notional: ("5", nil))
        definition.brackets = brackets
        return definition
    }

    /// The least price is one tick, the least quantity one step.
    private static func market(
        _ symbol: String, tick: String, step: String, maxPrice: String = "10000000", maxQty: String,
        notional: (least: String, most: String?)
    ) -> MarketDefinition {
        MarketDefinition(
            symbol: symbol,
            filters: [
                FilterField(.price, "tickSize"): .string(tick),
                FilterField(.price, "maxPrice"): .string(maxPrice),
                FilterField(.lotSize, "stepSize"): .string(step),
                FilterField(.lotSize, "maxQty"): .string(maxQty),
                FilterField(.notional, "minNotional"): .string(notional.least),
                FilterField(.notional, "maxNotional"): notional.most.map { .string($0) } ?? .null,
            ])
    }
}
