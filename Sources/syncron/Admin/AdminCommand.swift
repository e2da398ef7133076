import ArgumentParser
import Foundation

struct AdminCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin", abstract: "Operate a running exchange through its admin listener.",
        subcommands: [
            Status.self, Ledger.self, Snapshot.self, AdvanceClock.self, Accounts.self, OpenAccount.self,
            ChangeAccount.self, CreateKey.self, DeleteKey.self, Deposit.self, Halt.self, Resume.self, PutAsset.self,
            PutMarket.self,
        ])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Where the exchange stands.")
        @OptionGroup var admin: AdminOptions
        func run() async throws { try await admin.call("GET", "/admin/status") }
    }

    struct Ledger: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All money, by asset and purpose.")
        @OptionGroup var admin: AdminOptions
        func run() async throws { try await admin.call("GET", "/admin/ledger") }
    }

    struct Snapshot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a snapshot now.")
        @OptionGroup var admin: AdminOptions
        func run() async throws { try await admin.call("POST", "/admin/snapshot") }
    }

    struct AdvanceClock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set a manual clock forward.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "Milliseconds.") var milliseconds: Int64
        func run() async throws {
            try await admin.call("POST", "/admin/clock/advance", [AdminField("milliseconds", number: milliseconds)])
        }
    }

    struct Halt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take no new orders in a market; cancels work.")
        @OptionGroup var admin: AdminOptions
        @Argument var symbol: String
        func run() async throws { try await admin.call("POST", "/admin/markets/\(symbol)/halt") }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take orders in a market again.")
        @OptionGroup var admin: AdminOptions
        @Argument var symbol: String
        func run() async throws { try await admin.call("POST", "/admin/markets/\(symbol)/resume") }
    }

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

    struct PutAsset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create or change an asset.")
        @OptionGroup var admin: AdminOptions
        @Argument var asset: String
        @Option(help: "1 to 18; only when it is new.") var decimals: Int?
        func run() async throws {
            try await admin.call("PUT", "/admin/assets/\(asset)", [AdminField("decimals", number: decimals)])
        }
    }

    struct PutMarket: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or change a market.", discussion: "Filters and fees are changed by the REST call.")
        @OptionGroup var admin: AdminOptions
        @Argument var symbol: String
        @Option var tickSize: String?
        @Option var stepSize: String?
        @Option var minQty: String?
        @Option var maxQty: String?
        @Option var minNotional: String?
        @Option var maxNotional: String?
        func run() async throws {
            try await admin.call(
                "PUT", "/admin/markets/\(symbol)",
                [
                    AdminField("tickSize", tickSize), AdminField("stepSize", stepSize), AdminField("minQty", minQty),
                    AdminField("maxQty", maxQty), AdminField("minNotional", minNotional),
                    AdminField("maxNotional", maxNotional),
                ])
        }
    }
}
