import ArgumentParser
import Foundation
import SyncronWire

extension AdminCommand {
    struct PutAsset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or change an asset; what is not given stays.")
        @OptionGroup var admin: AdminOptions
        @Argument var asset: String
        @Option(help: "0 to 18; only when it is new.") var decimals: Int?
        @Option(
            help: ArgumentHelp(
                "A network and what a withdrawal over it costs, as in ETH=1.5; may be repeated, and replaces all.",
                valueName: "name=fee"))
        var network: [String] = []
        @Option(help: "What it counts for as collateral, 0 to 1. With the rate, it may be borrowed and lent on margin.")
        var collateralRatio: String?
        @Option(help: "What a loan of it costs for a day, as in 0.0002.") var dailyInterestRate: String?
        func run() async throws {
            let networks = network.map { text in
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return JSONValue.object([
                    .init(name: "network", value: .string(parts[0])),
                    .init(name: "withdrawalFee", value: .string(parts.count > 1 ? parts[1] : "0")),
                ])
            }
            try await admin.call(
                "PUT", "/admin/assets/\(asset)",
                [
                    AdminField("decimals", number: decimals), AdminField("networks", list: networks),
                    AdminField("collateralRatio", collateralRatio),
                    AdminField("dailyInterestRate", dailyInterestRate),
                ])
        }
    }

    struct PutMarket: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or change a market; what is not given stays, or is as it is by default.")
        @OptionGroup var admin: AdminOptions
        @Argument var symbol: String
        @Option(help: "TRADING, HALT, CANCEL_ONLY or BREAK.") var status: String?
        @Option(help: "Decimals of a price; only when it is new.") var pricePrecision: Int?
        @Option(help: "Decimals of a quantity; only when it is new.") var quantityPrecision: Int?
        @Option var tickSize: String?
        @Option var minPrice: String?
        @Option var maxPrice: String?
        @Option var stepSize: String?
        @Option var minQty: String?
        @Option var maxQty: String?
        @Option(help: "Of orders at market.") var marketMinQty: String?
        @Option(help: "Of orders at market.") var marketMaxQty: String?
        @Option var minNotional: String?
        @Option var maxNotional: String?
        @Option(
            help: ArgumentHelp(
                "Rates as in 0.001/0.0015: once for all commission tiers, or five times, from tier 0 on.",
                valueName: "maker/taker"))
        var fee: [String] = []

        func validate() throws {
            guard [0, 1, 5].contains(fee.count) else { throw ValidationError("Give --fee once or five times.") }
        }

        func run() async throws {
            try await admin.call(
                "PUT", "/admin/markets/\(symbol)",
                [
                    AdminField("status", status), AdminField("pricePrecision", number: pricePrecision),
                    AdminField("quantityPrecision", number: quantityPrecision), AdminField("filters", list: filters),
                    AdminField("fees", list: fees),
                ])
        }

        /// The filters of which something is given, as exchangeInfo has them.
        private var filters: [JSONValue] {
            let figures: [(filter: String, fields: [(String, String?)])] = [
                ("PRICE_FILTER", [("tickSize", tickSize), ("minPrice", minPrice), ("maxPrice", maxPrice)]),
                ("LOT_SIZE", [("stepSize", stepSize), ("minQty", minQty), ("maxQty", maxQty)]),
                ("MARKET_LOT_SIZE", [("minQty", marketMinQty), ("maxQty", marketMaxQty)]),
                ("NOTIONAL", [("minNotional", minNotional), ("maxNotional", maxNotional)]),
            ]
            return figures.compactMap { filter, fields in
                let given = fields.compactMap { name, value in
                    value.map { JSONValue.Member(name: name, value: .string($0)) }
                }
                return given.isEmpty ? nil : .object([.init(name: "filterType", value: .string(filter))] + given)
            }
        }

        private var fees: [JSONValue] {
            let rates = fee.map { text in
                let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return JSONValue.object([
                    .init(name: "makerCommission", value: .string(parts[0])),
                    .init(name: "takerCommission", value: .string(parts.count > 1 ? parts[1] : parts[0])),
                ])
            }
            return rates.count == 1 ? Array(repeating: rates[0], count: 5) : rates
        }
    }
}
