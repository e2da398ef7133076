import ArgumentParser
import Foundation

extension AdminCommand {
    struct Deposit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Report a deposit; the same transaction again updates it.")
        @OptionGroup var admin: AdminOptions
        @Option var account: UInt32
        @Option var asset: String
        @Option var amount: String
        @Option var txId: String
        @Option var network: String?
        @Option(help: "0 pending, 1 success, 2 failed.") var status: Int?
        @Option var confirmations: Int?
        func run() async throws {
            try await admin.call(
                "POST", "/admin/deposits",
                [
                    AdminField("accountId", number: account), AdminField("asset", asset), AdminField("amount", amount),
                    AdminField("txId", txId), AdminField("network", network), AdminField("status", number: status),
                    AdminField("confirmations", number: confirmations),
                ])
        }
    }

    struct DepositAddress: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Assign a deposit address to an account.")
        @OptionGroup var admin: AdminOptions
        @Option var account: UInt32
        @Option var asset: String
        @Option var network: String
        @Option var address: String
        func run() async throws {
            try await admin.call(
                "PUT", "/admin/deposit-addresses",
                [
                    AdminField("accountId", number: account), AdminField("asset", asset),
                    AdminField("network", network), AdminField("address", address),
                ])
        }
    }

    struct Withdrawals: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Withdrawals, newest first.")
        @OptionGroup var admin: AdminOptions
        @Option(help: "0 pending, 1 success, 2 failed.") var status: Int?
        @Option(help: "At most 1000.") var limit: Int?
        func run() async throws {
            let query = [("status", status), ("limit", limit)].compactMap { name, value in
                value.map { "\(name)=\($0)" }
            }
            try await admin.call("GET", "/admin/withdrawals?" + query.joined(separator: "&"))
        }
    }

    struct SettleWithdrawal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Report a withdrawal sent.")
        @OptionGroup var admin: AdminOptions
        @Argument var withdrawal: UInt64
        @Option var txId: String
        func run() async throws {
            try await admin.call("POST", "/admin/withdrawals/\(withdrawal)/settle", [AdminField("txId", txId)])
        }
    }

    struct FailWithdrawal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a withdrawal's money back to its owner.")
        @OptionGroup var admin: AdminOptions
        @Argument var withdrawal: UInt64
        @Option var reason: String?
        func run() async throws {
            try await admin.call("POST", "/admin/withdrawals/\(withdrawal)/fail", [AdminField("reason", reason)])
        }
    }

    struct PutLending: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set how much of an asset may be lent.")
        @OptionGroup var admin: AdminOptions
        @Argument var asset: String
        @Argument var amount: String
        func run() async throws {
            try await admin.call("PUT", "/admin/lending/\(asset)", [AdminField("amount", amount)])
        }
    }

    struct PutInsurance: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set how much of an asset pays for bankrupt accounts.")
        @OptionGroup var admin: AdminOptions
        @Argument var asset: String
        @Argument var amount: String
        func run() async throws {
            try await admin.call("PUT", "/admin/insurance/\(asset)", [AdminField("amount", amount)])
        }
    }

    struct IndexPrices: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fix index prices in USDT, or let them follow the spot markets again.")
        @OptionGroup var admin: AdminOptions
        @Argument(
            help: ArgumentHelp("As in BTC=30000.00; without a price, as in BTC=, it follows.", valueName: "asset=price")
        )
        var price: [String]
        func run() async throws {
            try await admin.call("POST", "/admin/index-prices", try price.map(Self.field))
        }

        private static func field(_ text: String) throws -> AdminField {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw ValidationError("'\(text)' is not ASSET=PRICE.") }
            return parts[1].isEmpty ? AdminField(null: parts[0]) : AdminField(parts[0], parts[1])
        }
    }
}
